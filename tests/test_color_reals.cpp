// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Colours of float and double: RGB to HSV and back, near to the definition, exact where that is possible, the same at
// every CPU level.

#include <lloyd/color.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "reference_color.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::image;

template <class T>
using pixel = std::array<T, 3>;

template <class T>
constexpr T nan = std::numeric_limits<T>::quiet_NaN();

template <class T>
image<T, 3> row_of(const std::vector<pixel<T>>& pixels) {
    image<T, 3> result(static_cast<std::ptrdiff_t>(pixels.size()), 1);
    for (std::ptrdiff_t x = 0; const auto& p : pixels) std::ranges::copy(p, result(x++, 0).begin());
    return result;
}

template <class T>
pixel<T> to_hsv(const pixel<T>& rgb) {
    const auto hsv = lloyd::rgb_to_hsv(row_of<T>({rgb}));
    return {hsv(0, 0)[0], hsv(0, 0)[1], hsv(0, 0)[2]};
}

template <class T>
pixel<T> to_rgb(const pixel<T>& hsv) {
    const auto rgb = lloyd::hsv_to_rgb(row_of<T>({hsv}));
    return {rgb(0, 0)[0], rgb(0, 0)[1], rgb(0, 0)[2]};
}

/// NaN equals NaN, 0 is not −0.
template <class Image>
bool same_bits(const Image& a, const Image& b) {
    const auto as = a.elements(), bs = b.elements();
    return std::ranges::equal(as, bs, [](auto x, auto y) {
        return (std::isnan(x) && std::isnan(y)) || (x == y && std::signbit(x) == std::signbit(y));
    });
}

template <class T>
bool is_hue(T hue) {
    return hue >= 0 && hue < 360 && !std::signbit(hue);
}

// Worked by hand

TEST_CASE_TEMPLATE("hue is in degrees, saturation of 1, value on the scale of the input", T, float, double) {
    CHECK(to_hsv<T>({1, 0, 0}) == pixel<T>{0, 1, 1});
    CHECK(to_hsv<T>({1, 1, 0}) == pixel<T>{60, 1, 1});
    CHECK(to_hsv<T>({0, 1, 0}) == pixel<T>{120, 1, 1});
    CHECK(to_hsv<T>({0, 1, 1}) == pixel<T>{180, 1, 1});
    CHECK(to_hsv<T>({0, 0, 1}) == pixel<T>{240, 1, 1});
    CHECK(to_hsv<T>({1, 0, 1}) == pixel<T>{300, 1, 1});
    CHECK(to_hsv<T>({255, 127.5, 0}) == pixel<T>{30, 1, 255});
    CHECK(to_hsv<T>({0.5, 0.25, 0.25}) == pixel<T>{0, 0.5, 0.5});
    CHECK(to_hsv<T>({10, 20, 30}) == pixel<T>{210, T(20) / 30, 30});
    CHECK(to_rgb<T>({210, 0.5, 32}) == pixel<T>{16, 24, 32});
    CHECK(to_rgb<T>({345, 1, 1}) == pixel<T>{1, 0, 0.25});
}

TEST_CASE_TEMPLATE("gray, black and minus zero have hue 0 and saturation 0", T, float, double) {
    for (const T level : {T(0), T(0.1), T(1), T(255), std::numeric_limits<T>::denorm_min()}) {
        CAPTURE(level);
        const auto hsv = to_hsv<T>({level, level, level});
        CHECK(hsv == pixel<T>{0, 0, level});
        CHECK(is_hue(hsv[0]));
        CHECK(to_rgb<T>({77, 0, level}) == pixel<T>{level, level, level});
    }
    for (const auto& signs : {pixel<T>{1, -0.0, 0}, {1, 0, -0.0}, {-0.0, 0, 0}, {0, -0.0, -0.0}, {-0.0, -0.0, -0.0}})
        CHECK(is_hue(to_hsv<T>(signs)[0]));
}

TEST_CASE_TEMPLATE("a hue that rounds to 360 is 0", T, float, double) {
    constexpr T tiny = std::numeric_limits<T>::epsilon() / 16;
    CHECK(to_hsv<T>({1, 0, tiny}) == pixel<T>{0, 1, 1});
    CHECK(is_hue(to_hsv<T>({1, 0, tiny})[0]));
    for (T blue = 1; blue > 0; blue /= 2) REQUIRE(is_hue(to_hsv<T>({1, 0, blue})[0]));
}

TEST_CASE_TEMPLATE("pure hues are exact at every scale, to the least number above 0", T, float, double) {
    for (T v = std::numeric_limits<T>::max() / 2; v > 0; v /= 8) {
        CAPTURE(v);
        const struct {
            pixel<T> rgb;
            T hue;
        } pure[] = {{{v, 0, 0}, 0},   {{v, v, 0}, 60},  {{0, v, 0}, 120},
                    {{0, v, v}, 180}, {{0, 0, v}, 240}, {{v, 0, v}, 300}};
        for (const auto& p : pure) {
            REQUIRE(to_hsv<T>(p.rgb) == pixel<T>{p.hue, 1, v});
            REQUIRE(to_rgb<T>({p.hue, 1, v}) == p.rgb);
        }
    }
}

TEST_CASE_TEMPLATE("any finite hue wraps", T, float, double) {
    const T far = std::ldexp(T(1), std::numeric_limits<T>::max_exponent - 1);
    for (const T hue : {T(360), T(719.5), T(720), T(-0.0), T(-60), T(-359), T(-360), T(-361), T(1e6), T(-1e6), T(3e9),
                        far, -far, std::numeric_limits<T>::max(), std::numeric_limits<T>::lowest()}) {
        CAPTURE(hue);
        T wrapped = std::fmod(hue, T(360));
        if (wrapped < 0) wrapped += 360;
        CHECK(to_rgb<T>({hue, 0.75, 2}) == to_rgb<T>({wrapped, 0.75, 2}));
    }
    CHECK(to_rgb<T>({-60, 1, 1}) == pixel<T>{1, 0, 1});
    CHECK(to_rgb<T>({-std::numeric_limits<T>::denorm_min(), 1, 1}) == pixel<T>{1, 0, 0});
}

TEST_CASE_TEMPLATE("a pixel that is not finite becomes NaN, its neighbours do not", T, float, double) {
    for (const T bad : {nan<T>, -nan<T>, std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity()})
        for (std::size_t c = 0; c < 3; ++c)
            for (std::ptrdiff_t at = 0; at < 70; ++at) {
                image<T, 3> row(70, 1);
                std::ranges::fill(row.elements(), T(0.5));
                row(at, 0)[c] = bad;
                const auto hsv = lloyd::rgb_to_hsv(row), rgb = lloyd::hsv_to_rgb(row);
                for (std::ptrdiff_t x = 0; x < 70; ++x)
                    for (std::size_t i = 0; i < 3; ++i) {
                        REQUIRE(std::isnan(hsv(x, 0)[i]) == (x == at));
                        REQUIRE(std::isnan(rgb(x, 0)[i]) == (x == at));
                    }
            }
}

// Laws

TEST_CASE("all colours of 8 bits survive RGB to HSV to RGB in float, at every CPU level") {
    image<float, 3> colors(65536, 1), work(65536, 1);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const float scale : {1.0F, 255.0F})
            for (int blue = 0; blue < 256; ++blue) {
                float* color = colors.data();
                for (int i = 0; i < 65536; ++i, color += 3) {
                    color[0] = static_cast<float>(i & 255) / scale;
                    color[1] = static_cast<float>(i >> 8) / scale;
                    color[2] = static_cast<float>(blue) / scale;
                }
                lloyd::rgb_to_hsv(colors, work);
                int wrong_hues = 0;
                for (std::ptrdiff_t i = 0; i < 65536; ++i) wrong_hues += !is_hue(work.data()[3 * i]);
                lloyd::hsv_to_rgb(work, work);
                int changed = 0;
                for (std::ptrdiff_t i = 0; i < 3 * 65536; ++i)
                    changed += static_cast<int>(work.data()[i] * scale + 0.5F) !=
                               static_cast<int>(colors.data()[i] * scale + 0.5F);
                REQUIRE(wrong_hues == 0);
                REQUIRE(changed == 0);
            }
    }
}

/// How many steps of T lie between two numbers, about.
template <class T>
long double steps_between(T ours, long double theirs) {
    const auto step = std::nextafter(std::abs(static_cast<T>(theirs)), std::numeric_limits<T>::infinity()) -
                      std::abs(static_cast<T>(theirs));
    return std::abs(static_cast<long double>(ours) - theirs) / static_cast<long double>(step);
}

/// Channels of about the same size, or far apart.
template <class T>
image<T, 3> random_colors(dice& random, std::ptrdiff_t width) {
    image<T, 3> result(width, 1);
    for (std::ptrdiff_t x = 0; x < width; ++x)
        for (T& channel : result(x, 0))
            channel = static_cast<T>(std::ldexp(static_cast<double>(random.below(1 << 20)),
                                                static_cast<int>(-random.below(x % 3 * 20 + 1))));
    return result;
}

TEST_CASE_TEMPLATE("is within 5 steps of the definition", T, float, double) {
    dice random;
    CAPTURE(random.seed);
    const auto rgb = random_colors<T>(random, 20000);
    const auto hsv = lloyd::rgb_to_hsv(rgb), back = lloyd::hsv_to_rgb(hsv);
    for (std::ptrdiff_t x = 0; x < rgb.width(); ++x) {
        const auto c = rgb(x, 0), ours = hsv(x, 0);
        const auto exact = reference::hsv(reference::to_real(c));
        CAPTURE(x);
        REQUIRE(is_hue(ours[0]));
        REQUIRE(ours[2] == std::max({c[0], c[1], c[2]}));
        REQUIRE(steps_between(ours[1], exact[1]) <= 2);
        if (static_cast<T>(exact[0]) < 360) REQUIRE(steps_between(ours[0], exact[0]) <= 5);
        const auto exact_back = reference::rgb(reference::to_real(ours));
        for (std::size_t i = 0; i < 3; ++i)
            REQUIRE(std::abs(static_cast<long double>(back(x, 0)[i]) - exact_back[i]) <=
                    4 * static_cast<long double>(std::numeric_limits<T>::epsilon() * ours[2]));
    }
}

/// Channels of any size and sign: those of a pixel about as large as each other, or not.
template <class T>
image<T, 3> colors_of_any_size(dice& random, std::ptrdiff_t width) {
    using limits = std::numeric_limits<T>;
    image<T, 3> result(width, 1);
    for (std::ptrdiff_t x = 0; x < width; ++x) {
        const auto top = x % 4 == 0 ? limits::max_exponent
                                    : limits::max_exponent - random.below(limits::max_exponent - limits::min_exponent);
        for (T& channel : result(x, 0)) {
            const auto magnitude =
                std::ldexp(1 + T(random.below(1 << 20)) / (1 << 20),
                           static_cast<int>(top - 1 - random.below(x % 3 == 0 ? 2 : limits::digits)));
            channel = random.below(3) == 0 ? -magnitude : magnitude;
        }
    }
    return result;
}

TEST_CASE_TEMPLATE("is within 5 steps for channels of any size and sign; hue is NaN where d overflows", T, float,
                   double) {
    dice random;
    CAPTURE(random.seed);
    constexpr auto most = static_cast<long double>((std::numeric_limits<T>::max)());
    constexpr auto least_step = static_cast<long double>(std::numeric_limits<T>::denorm_min());
    const auto rgb = colors_of_any_size<T>(random, 20000);
    const auto hsv = lloyd::rgb_to_hsv(rgb), back = lloyd::hsv_to_rgb(hsv);
    int overflows = 0;
    for (std::ptrdiff_t x = 0; x < rgb.width(); ++x) {
        const auto c = reference::to_real(rgb(x, 0));
        const auto exact = reference::hsv(c);
        const auto ours = hsv(x, 0);
        CAPTURE(x);
        REQUIRE(ours[2] == exact[2]);
        if (std::abs(exact[1]) > most)
            REQUIRE(std::isinf(ours[1]));
        else if (exact[2] - std::min({c[0], c[1], c[2]}) <= most)
            REQUIRE(steps_between(ours[1], exact[1]) <= 2);
        if (exact[2] - std::min({c[0], c[1], c[2]}) > most) {
            ++overflows;
            REQUIRE(std::isnan(ours[0]));
            REQUIRE(std::isinf(ours[1]));
            for (const T channel : back(x, 0)) REQUIRE(std::isnan(channel));
            continue;
        }
        REQUIRE(is_hue(ours[0]));
        if (static_cast<T>(exact[0]) == 360) continue;
        const bool close = steps_between(ours[0], exact[0]) <= 5;
        REQUIRE((close || std::abs(static_cast<long double>(ours[0]) - exact[0]) <= 60 * least_step));
    }
    CHECK(overflows > 500);
}

TEST_CASE_TEMPLATE("a difference that overflows gives no hue that looks right", T, float, double) {
    const T large = std::ldexp(T(1), std::numeric_limits<T>::max_exponent - 1);
    const auto hsv = to_hsv<T>({large, large / 4, -large * T(1.25)});
    CHECK(std::isnan(hsv[0]));
    CHECK(hsv[1] == std::numeric_limits<T>::infinity());
    CHECK(hsv[2] == large);
    CHECK(to_hsv<T>({large, large / 4, -large / 2}) == pixel<T>{30, 1.5, large});
}

TEST_CASE_TEMPLATE("gives the same bits at every CPU level, for every width and in place", T, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (std::ptrdiff_t width = 1; width <= 70; ++width) {
        CAPTURE(width);
        auto row = random_colors<T>(random, width);
        if (width % 3 == 0) row(width / 2, 0)[0] = T(1e8);  // as a hue it is far
        if (width % 5 == 0) row(width / 3, 0)[1] = nan<T>;
        if (width % 7 == 0) row(0, 0)[0] = -(row(0, 0)[2] = (std::numeric_limits<T>::max)());
        const cpu_limit keep(lloyd::active_cpu_level());
        const auto hsv = lloyd::rgb_to_hsv(row), rgb = lloyd::hsv_to_rgb(row);
        for (std::ptrdiff_t x = 0; x < width; ++x) {
            const pixel<T> alone{row(x, 0)[0], row(x, 0)[1], row(x, 0)[2]};
            REQUIRE(same_bits(row_of<T>({to_hsv<T>(alone)}), image<T, 3>(hsv.crop(x, 0, 1, 1))));
            REQUIRE(same_bits(row_of<T>({to_rgb<T>(alone)}), image<T, 3>(rgb.crop(x, 0, 1, 1))));
        }
        for (const auto level : cpu_levels()) {
            CAPTURE(static_cast<int>(level));
            const cpu_limit limit(level);
            auto in_place = row;
            lloyd::rgb_to_hsv(in_place, in_place);
            REQUIRE(same_bits(in_place, hsv));
            in_place = row;
            lloyd::hsv_to_rgb(in_place, in_place);
            REQUIRE(same_bits(in_place, rgb));
        }
    }
}

}  // namespace
