// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Lab and OKLab: near to the definition in long double, the same at every CPU level, and back to the same bytes.

#include <lloyd/color.hpp>
#include <lloyd/detail/color/perceptual_steps.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include "reference_color.hpp"
#include "sample_perceptual.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;

template <class T>
constexpr T nan = std::numeric_limits<T>::quiet_NaN();
template <class T>
constexpr T infinity = std::numeric_limits<T>::infinity();

/// The largest difference of two colours in a channel; NaN is not near anything.
template <class A, class B>
double distance(const A& a, const B& b) {
    double most = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        const auto apart =
            static_cast<double>(std::abs(static_cast<long double>(a[c]) - static_cast<long double>(b[c])));
        most = apart <= most ? most : apart;
    }
    return most;
}

template <class T>
bool same_bits(const image<T, 3>& a, const image<T, 3>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.elements().size_bytes()) == 0;
}

/// Colours of 8 bits in rows of 65536: one of 17, or of LLOYD_TEST_STRIDE (an odd number; 1 takes minutes where sanitizers
/// run).
template <class Check>
void for_all_colors(const Check& check) {
    const char* text = std::getenv("LLOYD_TEST_STRIDE");
    const auto stride = text == nullptr ? 17U : static_cast<unsigned>(std::atoi(text));
    image<u8, 3> row(65536, 1);
    for (unsigned first = 0; first < 1U << 24; first += stride * 65536) {
        for (unsigned i = 0; i < 65536; ++i) {
            const unsigned color = first + i * stride;
            for (unsigned c = 0; c < 3; ++c) row.data()[3 * i + c] = static_cast<u8>(color >> (8 * c));
        }
        check(row);
    }
}

const std::array<long double, 256>& light_of_bytes() {
    static const auto table = [] {
        std::array<long double, 256> result{};
        for (std::size_t i = 0; i < 256; ++i) result[i] = reference::linear(static_cast<long double>(i) / 255);
        return result;
    }();
    return table;
}

// Worked by hand

TEST_CASE_TEMPLATE("Lab of white is 100, of black 0, of red and a dark gray what the formulae give", T, float, double) {
    const double near = std::is_same_v<T, float> ? 2e-4 : 1e-6;
    CHECK(distance(from_rgb<lab, T>({1, 1, 1}), pixel<double>{100, 0, 0}) <= lab::bound<T>);
    CHECK(from_rgb<lab, T>({0, 0, 0}) == pixel<T>{0, 0, 0});
    CHECK(distance(from_rgb<lab, T>({1, 0, 0}), pixel<double>{53.240588, 80.094167, 67.201537}) <= near);
    CHECK(distance(from_rgb<lab, T>({T(0.001), T(0.001), T(0.001)}), pixel<double>{0.0699146, 0, 0}) <= 1e-6);
    CHECK(distance(to_rgb<lab, T>({100, 0, 0}), pixel<double>{1, 1, 1}) <= 1e-6);
    CHECK(to_rgb<lab, T>({0, 0, 0}) == pixel<T>{0, 0, 0});
}

TEST_CASE_TEMPLATE("OKLab of white is 1, of black 0, of the primaries what its author says", T, float, double) {
    CHECK(distance(from_rgb<oklab, T>({1, 1, 1}), pixel<double>{1, 0, 0}) <= 1e-7);
    CHECK(from_rgb<oklab, T>({0, 0, 0}) == pixel<T>{0, 0, 0});
    CHECK(distance(from_rgb<oklab, T>({1, 0, 0}), pixel<double>{0.62796, 0.22486, 0.12585}) <= 1e-5);
    CHECK(distance(from_rgb<oklab, T>({0, 1, 0}), pixel<double>{0.86644, -0.23389, 0.17950}) <= 1e-5);
    CHECK(distance(from_rgb<oklab, T>({0, 0, 1}), pixel<double>{0.45201, -0.03246, -0.31153}) <= 1e-5);
    CHECK(to_rgb<oklab, T>({0, 0, 0}) == pixel<T>{0, 0, 0});
}

TEST_CASE("bytes are rounded half up and limited to 0..255") {
    CHECK(to_bytes<lab, float>({100, 0, 0}) == pixel<u8>{255, 255, 255});
    CHECK(to_bytes<lab, double>({140, 0, 0}) == pixel<u8>{255, 255, 255});
    CHECK(to_bytes<lab, double>({-20, 0, 0}) == pixel<u8>{0, 0, 0});
    CHECK(to_bytes<oklab, float>({0.6F, 0.4F, 0.1F})[1] == 0);  // beyond sRGB
    CHECK(to_rgb<oklab, double>({0.6, 0.4, 0.1})[1] < 0);
    CHECK(to_rgb<oklab, double>({0.6, 0.4, 0.1})[0] > 1);
    for (const double level : {100.49, 100.51}) {
        const auto gray = from_rgb<lab, double>({level / 255, level / 255, level / 255});
        CHECK(to_bytes<lab>(gray)[1] == (level < 100.5 ? 100 : 101));
    }
}

// Laws

TEST_CASE_TEMPLATE("bytes become what long double says, within the bound, at every CPU level, and return", Space, lab,
                   oklab) {
    const auto& light = light_of_bytes();
    double worst = 0;
    std::ptrdiff_t other_bits = 0, changed = 0, colored_grays = 0;
    for_all_colors([&](const image<u8, 3>& row) {
        const cpu_limit keep(lloyd::active_cpu_level());
        const auto ours = Space::from_rgb(row);
        for (std::ptrdiff_t i = 0; i < row.size(); ++i) {
            const u8* c = row.data() + 3 * i;
            const auto found = ours(i, 0);
            worst = (std::max)(worst, distance(found, Space::exact({light[c[0]], light[c[1]], light[c[2]]})));
            colored_grays += c[0] == c[1] && c[1] == c[2] && (found[1] != 0 || found[2] != 0);
        }
        for (const auto level : cpu_levels()) {
            const cpu_limit limit(level);
            other_bits += !same_bits(Space::from_rgb(row), ours);
        }
        changed += !same_pixels(Space::to_bytes(ours), row);
    });
    CAPTURE(worst);
    CHECK(worst <= Space::template bound<float>);
    CHECK(other_bits == 0);
    CHECK(changed == 0);
    CHECK(colored_grays == 0);
}

TEST_CASE_TEMPLATE("steps are those of long double, at every CPU level", Space, lab, oklab) {
    const auto& light = light_of_bytes();
    std::ptrdiff_t wrong = 0, other = 0;
    std::vector<std::int32_t> steps(3 * 65536), again(steps.size());
    for_all_colors([&](const image<u8, 3>& row) {
        const cpu_limit keep(lloyd::active_cpu_level());
        lloyd::detail::perceptual_steps(row, Space::is_oklab, steps.data());
        for (std::size_t i = 0; i < steps.size(); i += 3) {
            const u8* c = row.data() + i;
            const auto exact = Space::exact({light[c[0]], light[c[1]], light[c[2]]});
            for (std::size_t k = 0; k < 3; ++k)
                wrong +=
                    static_cast<long double>(steps[i + k]) != std::floor(exact[k] * (Space::to_units * 256) + 0.5L);
        }
        for (const auto level : cpu_levels()) {
            const cpu_limit limit(level);
            lloyd::detail::perceptual_steps(row, Space::is_oklab, again.data());
            other += again != steps;
        }
    });
    CHECK(wrong == 0);
    CHECK(other == 0);
}

TEST_CASE_TEMPLATE("grays are exactly gray in Lab, and in OKLab of floats", T, float, double) {
    for (int i = 0; i <= 1000; ++i) {
        const T level = static_cast<T>(i) / 1000;
        const auto in_lab = from_rgb<lab, T>({level, level, level});
        const auto in_oklab = from_rgb<oklab, T>({level, level, level});
        REQUIRE((in_lab[1] == 0 && in_lab[2] == 0));
        const auto back = to_rgb<lab>(in_lab);
        REQUIRE((back[0] == back[1] && back[1] == back[2]));
        if constexpr (std::is_same_v<T, float>)
            REQUIRE((in_oklab[1] == 0 && in_oklab[2] == 0));
        else
            REQUIRE(distance(in_oklab, pixel<double>{in_oklab[0], 0, in_oklab[0] * 3.73e-8}) <= 1e-10);
    }
}

template <class Space, class T>
void check_reals() {
    dice random;
    CAPTURE(random.seed);
    const cpu_limit keep(lloyd::active_cpu_level());
    constexpr double back_bound = std::is_same_v<T, double> ? 1e-12 : 1e-6;
    image<T, 3> rgb(20000, 1);
    for (std::ptrdiff_t x = 0; x < rgb.size(); ++x)
        for (T& channel : rgb(x, 0))
            channel = static_cast<T>(std::ldexp(static_cast<double>(random.below(1 << 20)),
                                                -20 - static_cast<int>(x % 3 * random.below(8))));
    const auto ours = Space::from_rgb(rgb), back = Space::to_rgb(ours);
    double worst = 0, worst_back = 0, worst_there = 0;
    for (std::ptrdiff_t x = 0; x < rgb.size(); ++x) {
        worst = (std::max)(worst, distance(ours(x, 0), Space::exact(light_of(rgb(x, 0)))));
        worst_back = (std::max)(worst_back, distance(back(x, 0), rgb(x, 0)));
        worst_there = (std::max)(worst_there, distance(Space::exact(light_of(back(x, 0))), ours(x, 0)));
    }
    CAPTURE(worst);
    CAPTURE(worst_back);
    CAPTURE(worst_there);
    CHECK(worst <= Space::template bound<T>);
    CHECK(worst_there <= 2 * Space::template bound<T>);
    CHECK(worst_back <= 20 * back_bound);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        CHECK(same_bits(Space::from_rgb(rgb), ours));
        CHECK(same_bits(Space::to_rgb(ours), back));
    }
}

TEST_CASE_TEMPLATE("floats and doubles become what long double says, and return", T, float, double) {
    check_reals<lab, T>();
    check_reals<oklab, T>();
}

TEST_CASE_TEMPLATE("colours beyond sRGB return, too", Space, lab, oklab) {
    dice random;
    CAPTURE(random.seed);
    for (int i = 0; i < 2000; ++i) {
        pixel<double> rgb;
        for (double& channel : rgb) channel = random.normal();
        REQUIRE(distance(to_rgb<Space>(from_rgb<Space>(rgb)), rgb) <= 1e-8);
    }
}

TEST_CASE_TEMPLATE("a pixel that is not finite becomes NaN, or bytes without a NaN; its neighbours do not", T, float,
                   double) {
    const auto check = [](auto space, T bad, std::size_t c) {
        using Space = decltype(space);
        image<T, 3> row(3, 1);
        std::ranges::fill(row.elements(), T(0.5));
        row(1, 0)[c] = bad;
        const auto there = Space::from_rgb(row), back = Space::to_rgb(row);
        for (std::ptrdiff_t x = 0; x < 3; ++x)
            for (std::size_t i = 0; i < 3; ++i) {
                REQUIRE(std::isnan(there(x, 0)[i]) == (x == 1));
                REQUIRE(std::isfinite(back(x, 0)[i]) == (x != 1));
                if (std::isnan(bad)) REQUIRE(std::isnan(back(x, 0)[i]) == (x == 1));
                if (std::isnan(bad) && x == 1) REQUIRE(Space::to_bytes(row)(x, 0)[i] == 0);
            }
    };
    for (const T bad : {nan<T>, -nan<T>, infinity<T>, -infinity<T>})
        for (std::size_t c = 0; c < 3; ++c) {
            check(lab(), bad, c);
            check(oklab(), bad, c);
        }
}

}  // namespace
