// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Stages 3 to 5, thresholds, and what canny refuses. (As a whole: test_canny_laws.cpp.)

#include <lloyd/canny.hpp>
#include <lloyd/detail/canny/thin_kernels.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "reference_edges.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::canny;
using lloyd::gradient_norm;
using lloyd::image;
using strength_map = image<u8, 1>;

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Rows of digits, one for each pixel.
strength_map drawn(const std::vector<std::string_view>& rows) {
    strength_map result(std::ssize(rows[0]), std::ssize(rows));
    for (std::ptrdiff_t y = 0; y < result.height(); ++y)
        for (std::ptrdiff_t x = 0; x < result.width(); ++x)
            result(x, y)[0] = static_cast<u8>(rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] - '0');
    return result;
}

/// The edges as such rows: 1 for 255.
std::vector<std::string> shown(const strength_map& edges) {
    std::vector<std::string> rows(static_cast<std::size_t>(edges.height()));
    for (std::ptrdiff_t y = 0; y < edges.height(); ++y)
        for (std::ptrdiff_t x = 0; x < edges.width(); ++x)
            rows[static_cast<std::size_t>(y)] += edges(x, y)[0] == 255 ? '1' : edges(x, y)[0] == 0 ? '0' : '?';
    return rows;
}

/// A gradient of one direction whose magnitudes are given, three to a row.
lloyd::sobel_gradient block(std::int16_t dx, std::int16_t dy, const std::vector<std::int32_t>& magnitudes) {
    lloyd::sobel_gradient gradient{.dx{3, 3}, .dy{3, 3}, .magnitude{3, 3}};
    std::ranges::fill(gradient.dx.elements(), dx);
    std::ranges::fill(gradient.dy.elements(), dy);
    std::ranges::copy(magnitudes, gradient.magnitude.data());
    return gradient;
}

bool middle_is_kept(const lloyd::sobel_gradient& gradient) {
    return lloyd::suppress_non_maxima(gradient).magnitude(1, 1)[0] != 0;
}

// Worked by hand

TEST_CASE("compares a pixel with its neighbours across the edge, of which two may be its equals") {
    CHECK(middle_is_kept(block(9, 0, {9, 9, 9, 4, 5, 5, 9, 9, 9})));
    CHECK_FALSE(middle_is_kept(block(9, 0, {0, 0, 0, 5, 5, 4, 0, 0, 0})));
    CHECK(middle_is_kept(block(0, -9, {9, 4, 9, 9, 5, 9, 9, 5, 9})));
    CHECK_FALSE(middle_is_kept(block(0, -9, {0, 5, 0, 0, 5, 0, 0, 4, 0})));
    CHECK(middle_is_kept(block(-9, -9, {4, 9, 9, 9, 5, 9, 9, 9, 4})));  // down to the right, and so up to the left
    CHECK_FALSE(middle_is_kept(block(9, 9, {4, 0, 0, 0, 5, 0, 0, 0, 5})));
    CHECK_FALSE(middle_is_kept(block(9, 9, {5, 0, 0, 0, 5, 0, 0, 0, 4})));
    CHECK(middle_is_kept(block(9, -9, {9, 9, 4, 9, 5, 9, 4, 9, 9})));
    CHECK_FALSE(middle_is_kept(block(9, -9, {0, 0, 5, 0, 5, 0, 4, 0, 0})));
    CHECK_FALSE(middle_is_kept(block(-9, 9, {0, 0, 4, 0, 5, 0, 5, 0, 0})));
}

TEST_CASE("parts the four directions at 22.5 and 67.5 degrees") {
    const std::vector<std::int32_t> along_row = {9, 9, 9, 1, 5, 1, 9, 9, 9}, along_column = {9, 1, 9, 9, 5, 9, 9, 1, 9};
    CHECK(middle_is_kept(block(1000, 414, along_row)));  // tan 22.5° = 0.41421
    CHECK_FALSE(middle_is_kept(block(1000, 415, along_row)));
    CHECK(middle_is_kept(block(1000, 2415, along_column)));
    CHECK_FALSE(middle_is_kept(block(1000, 2414, along_column)));
}

TEST_CASE("strong is above high, weak above low, and equal is not above") {
    lloyd::edge_ridges ridges{.magnitude{6, 1}};
    std::ranges::copy(std::vector{0, 100, 101, 200, 201, 2040}, ridges.magnitude.data());
    CHECK(elements_of(lloyd::double_threshold(ridges, 100, 200)) == std::vector<u8>{0, 0, 1, 1, 2, 2});
    CHECK(elements_of(lloyd::double_threshold(ridges, 100.9, 200.9)) == std::vector<u8>{0, 0, 1, 1, 2, 2});
    CHECK(elements_of(lloyd::double_threshold(ridges, 0, 0)) == std::vector<u8>{0, 2, 2, 2, 2, 2});
    CHECK(elements_of(lloyd::double_threshold(ridges, 0, 1e300)) == std::vector<u8>{0, 1, 1, 1, 1, 1});
    ridges.norm = gradient_norm::l2;  // squares: 10 · 10 = 100
    CHECK(elements_of(lloyd::double_threshold(ridges, 10, 14.17)) == std::vector<u8>{0, 0, 1, 1, 2, 2});
    ridges.norm = gradient_norm::l1;
    ridges.aperture = 7;  // sixteenths
    CHECK(elements_of(lloyd::double_threshold(ridges, 1600, 3200)) == std::vector<u8>{0, 0, 1, 1, 2, 2});
}

TEST_CASE("a threshold of l2 is at most 32767, whose square is the highest that 32 bits need") {
    lloyd::edge_ridges ridges{.magnitude{3, 1}, .norm = gradient_norm::l2};
    std::ranges::copy(std::vector{32766 * 32766 + 1, 32767 * 32767, 32767 * 32767 + 1}, ridges.magnitude.data());
    CHECK(elements_of(lloyd::double_threshold(ridges, 32767, 32767)) == std::vector<u8>{0, 0, 2});
    CHECK(elements_of(lloyd::double_threshold(ridges, 32767, 1e300)) == std::vector<u8>{0, 0, 2});
}

TEST_CASE("weak pixels are edges where they are connected to a strong one, over corners too") {
    CHECK(shown(lloyd::hysteresis(drawn({"20000111",                                             //
                                         "01001000",                                             //
                                         "00110000",                                             //
                                         "00000010"}))) == std::vector<std::string>{"10000111",  //
                                                                                    "01001000",  //
                                                                                    "00110000",  //
                                                                                    "00000000"});
    CHECK(shown(lloyd::hysteresis(drawn({"1"}))) == std::vector<std::string>{"0"});
    CHECK(shown(lloyd::hysteresis(drawn({"2"}))) == std::vector<std::string>{"1"});
}

TEST_CASE("a bright square has an outline") {
    image<u8, 1> photo(8, 8);
    for (std::ptrdiff_t y = 2; y < 6; ++y)
        for (std::ptrdiff_t x = 2; x < 6; ++x) photo(x, y)[0] = 200;
    const auto edges = canny(photo, 150, 200, {.sigma = 0});
    CHECK(edges(1, 3)[0] == 255);
    CHECK(edges(3, 1)[0] == 255);
    CHECK(edges(4, 4)[0] == 0);
    CHECK(edges(0, 0)[0] == 0);
}

TEST_CASE("five calls are the one") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 90, 60);
    // What docs/canny.md begins with.
    const auto smooth = lloyd::gaussian_blur(photo, 5, 1.4);
    const auto gradient = lloyd::sobel(smooth, 3, lloyd::gradient_norm::l1);
    const auto ridges = lloyd::suppress_non_maxima(gradient);
    const auto strength = lloyd::double_threshold(ridges, 150, 200);
    const auto edges = lloyd::hysteresis(strength);
    CHECK(same_pixels(edges, canny(photo, 150, 200)));
    CHECK(std::ranges::count(edges.elements(), 255) > 20);
}

TEST_CASE("takes two thirds and four thirds of the median, in the middle of two") {
    image<u8, 1> gray(4, 1);
    std::ranges::copy(std::vector<u8>{10, 200, 101, 100}, gray.data());
    const auto even = lloyd::thresholds_from_median(gray);
    CHECK(even.low == doctest::Approx(0.67 * 100.5));
    CHECK(even.high == doctest::Approx(1.33 * 100.5));
    CHECK(lloyd::thresholds_from_median(gray.crop(0, 0, 3, 1)).low == doctest::Approx(0.67 * 101));
    CHECK(lloyd::thresholds_from_median(image<u8>(5, 5, 1)).high == 0);
}

TEST_CASE("parts two groups of magnitudes at the end of the lower one") {
    lloyd::sobel_gradient gradient{.dx{6, 1}, .dy{6, 1}, .magnitude{6, 1}};
    std::ranges::copy(std::vector{1, 2, 3, 101, 102, 103}, gradient.magnitude.data());
    CHECK(lloyd::thresholds_from_otsu(gradient).high == 3);
    CHECK(lloyd::thresholds_from_otsu(gradient).low == 1.5);
    gradient.aperture = 7;
    CHECK(lloyd::thresholds_from_otsu(gradient).high == 48);
    gradient.aperture = 3;
    gradient.norm = gradient_norm::l2;
    std::ranges::copy(std::vector{1, 4, 9, 10000, 10404, 10609}, gradient.magnitude.data());
    CHECK(lloyd::thresholds_from_otsu(gradient).high == 3);
    std::ranges::fill(gradient.magnitude.elements(), 49);
    CHECK(lloyd::thresholds_from_otsu(gradient).high == 7);
    std::ranges::copy(std::vector{-5, std::numeric_limits<int>::max(), 0, 0, 0, 0}, gradient.magnitude.data());
    CHECK(lloyd::thresholds_from_otsu(gradient).high == 0);
}

TEST_CASE("parts at the lowest of magnitudes that part equally well") {
    lloyd::sobel_gradient gradient{.dx{3, 1}, .dy{3, 1}, .magnitude{3, 1}};
    std::ranges::copy(std::vector{1, 3, 5}, gradient.magnitude.data());
    CHECK(lloyd::thresholds_from_otsu(gradient).high == 1);
}

// Laws

/// x tan 22.5° of x = 0, 1, 2 …, in lanes of 16 bits.
struct slopes_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::int16_t* numbers, std::ptrdiff_t count, std::int16_t* slopes) {
        for (std::ptrdiff_t i = 0; i < count; i += Bytes / 2) {
            lloyd::detail::simd<std::int16_t, Bytes> x, slope;
            lloyd::detail::load(x, numbers + i);
            lloyd::detail::compute_slope(slope, x);
            lloyd::detail::store(slopes + i, slope);
        }
    }
};

TEST_CASE("slopes in 16 bits are exact as far as derivatives reach") {
    constexpr std::ptrdiff_t count = 12288;  // those of aperture 5 end at 12240
    std::vector<std::int16_t> numbers, slopes(count);
    while (std::ssize(numbers) < count) numbers.push_back(static_cast<std::int16_t>(numbers.size()));
    const auto* from = static_cast<const std::int16_t*>(numbers.data());
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        lloyd::detail::run_kernel<slopes_kernel>(from, count, slopes.data());
        for (std::size_t x = 0; x < numbers.size(); ++x) REQUIRE(slopes[x] == (13573 * static_cast<int>(x)) >> 15);
    }
}

TEST_CASE("suppresses as the textbook does whatever the numbers, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t width : {1, 2, 15, 16, 17, 40, 65})
            for (const int range : {3, 1000, 32767}) {
                CAPTURE(width);
                lloyd::sobel_gradient gradient{.dx{width, 9}, .dy{width, 9}, .magnitude{width, 9}};
                for (auto& d : gradient.dx.elements()) d = static_cast<std::int16_t>(random.below(2 * range) - range);
                for (auto& d : gradient.dy.elements()) d = static_cast<std::int16_t>(random.below(2 * range) - range);
                for (auto& m : gradient.magnitude.elements()) m = static_cast<std::int32_t>(1 + random.below(4));
                for (std::size_t i = 0; i < gradient.dx.elements().size(); ++i)  // a magnitude has a direction
                    if (gradient.dx.elements()[i] == 0 && gradient.dy.elements()[i] == 0) gradient.dx.elements()[i] = 1;
                REQUIRE(same_pixels(lloyd::suppress_non_maxima(gradient).magnitude,
                                    reference::suppress(gradient).magnitude));
            }
    }
}

TEST_CASE("traces as the textbook does through random weak pixels, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t width : {1, 7, 63, 64, 65, 200})
            for (const std::ptrdiff_t weak : {30, 45, 60, 90})
                for (int round = 0; round < 4; ++round) {
                    CAPTURE(width);
                    CAPTURE(weak);
                    strength_map strength(width, 1 + random.below(150));
                    for (auto& s : strength.elements())
                        s = static_cast<u8>(random.below(500) == 0 ? 2 : random.below(100) < weak);
                    const auto edges = lloyd::hysteresis(strength);
                    REQUIRE(same_pixels(edges, reference::trace(strength)));
                    for (const auto& place : layouts(strength, u8{9}))
                        REQUIRE(same_pixels(lloyd::hysteresis(place.view), edges));
                }
    }
}

TEST_CASE("traces as the textbook does where all words of a row grow at once") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t width : {448, 449, 512, 1023, 1100, 2100, 2300})
            for (const std::ptrdiff_t weak : {15, 38, 42, 55, 90}) {
                CAPTURE(width);
                CAPTURE(weak);
                strength_map strength(width, 2 + random.below(30));
                for (std::ptrdiff_t y = 0; y < strength.height(); ++y)
                    for (std::ptrdiff_t x = 0; x < width; ++x)  // between 1080 and 2200 groups of words are empty
                        if (x < 1080 || x > 2200 || y == 5)
                            strength(x, y)[0] =
                                static_cast<u8>(random.below(700) == 0 ? 2 : y == 5 || random.below(100) < weak);
                REQUIRE(same_pixels(lloyd::hysteresis(strength), reference::trace(strength)));
            }
    }
}

// Refusals

TEST_CASE("refuses thresholds that cannot be meant") {
    const image<u8, 1> photo(4, 4);
    const lloyd::edge_ridges ridges{.magnitude{4, 4}};
    const struct {
        double low, high;
        std::string message;
    } wrong[] = {{3, 2, "high is 2, but must be finite and at least low, which is 3"},
                 {-1, 2, "low is -1"},
                 {nan_value, 2, "low is "},
                 {infinity, infinity, "low is inf"},
                 {1, nan_value, "high is "},
                 {1, infinity, "high is inf"},
                 {1, -infinity, "high is -inf"}};
    for (const auto& call : wrong) {
        CHECK(refusal([&] { canny(photo, call.low, call.high); }) == says{"canny: " + call.message});
        CHECK(refusal([&] { lloyd::double_threshold(ridges, call.low, call.high); }) ==
              says{"double_threshold: " + call.message});
    }
}

TEST_CASE("refuses options out of range") {
    const image<u8, 1> photo(4, 4);
    for (const double sigma : {-1.0, nan_value, infinity, 171.0})
        CHECK(refusal([&] { canny(photo, 1, 2, {.sigma = sigma}); }) == says{"canny: sigma is", "0 to 170"});
    for (const int size : {-1, 2, 1025})
        CHECK(refusal([&] { canny(photo, 1, 2, {.blur_size = size}); }) ==
              says{"canny: blur_size is " + std::to_string(size)});
    CHECK(canny(photo, 1, 2, {.sigma = 0, .blur_size = 4}).size() == 16);  // there is no blur then
    CHECK(canny(photo, 1, 2, {.sigma = 3, .blur_size = 0}).size() == 16);
    CHECK(refusal([&] { canny(photo, 1, 2, {.aperture = 4}); }) == says{"canny: aperture is 4"});
    CHECK(refusal([&] { canny(photo, 1, 2, {.norm = static_cast<gradient_norm>(-1)}); }) == says{"canny: norm is -1"});
    CHECK(refusal([&] { canny(photo, 1, 2, {.threads = -1}); }) == says{"canny: threads is -1"});
    for (const std::ptrdiff_t channels : {2, 4})
        CHECK(refusal([&] { canny(image<u8>(4, 4, channels), 1, 2); }) ==
              says{"canny", std::to_string(channels) + " channels", "1 or 3"});
}

TEST_CASE("refuses stages that do not fit together") {
    const lloyd::sobel_gradient flat{.dx{4, 4}, .dy{4, 3}, .magnitude{4, 4}};
    const lloyd::sobel_gradient narrow{.dx{3, 4}, .dy{4, 4}, .magnitude{4, 4}};
    for (const auto* gradient : {&flat, &narrow})
        CHECK(refusal([&] { lloyd::suppress_non_maxima(*gradient); }) == says{"suppress_non_maxima", "differ in size"});
    strength_map strength(70, 2);
    strength(69, 1)[0] = 3;
    CHECK(refusal([&] { lloyd::hysteresis(strength); }) == says{"hysteresis: strength holds 3", "0, 1 or 2"});
    strength(69, 1)[0] = 0;
    strength(3, 0)[0] = 255;
    CHECK(refusal([&] { lloyd::hysteresis(strength); }) == says{"hysteresis: strength holds 255"});
    CHECK(refusal([] { lloyd::hysteresis(image<u8, 3>(1, 1)); }) == says{"hysteresis", "3 channels"});
    CHECK(refusal([] { lloyd::thresholds_from_median(image<u8, 1>()); }) == says{"thresholds_from_median", "empty"});
    CHECK(refusal([] { lloyd::thresholds_from_median(image<u8, 3>(1, 1)); }) == says{"3 channels", "1"});
    CHECK(refusal([] { lloyd::thresholds_from_otsu({}); }) == says{"thresholds_from_otsu", "empty"});
}

}  // namespace
