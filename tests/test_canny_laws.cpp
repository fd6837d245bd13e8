// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Canny as a whole: beside its five stages, beside the textbook's loops, and turned every way.

#include <lloyd/canny.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "reference_edges.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::canny;
using lloyd::canny_options;
using lloyd::gradient_norm;
using lloyd::image;
using picture = image<u8>;

struct limits {
    double low, high;
};

/// Every aperture and norm, with and without a blur.
std::vector<canny_options> all_options() {
    std::vector<canny_options> all;
    for (const double sigma : {0.0, 1.4})
        for (const int aperture : {3, 5, 7})
            for (const auto norm : {gradient_norm::l1, gradient_norm::l2})
                all.push_back({.sigma = sigma, .aperture = aperture, .norm = norm});
    return all;
}

/// What suits a kernel: magnitudes of aperture 5 are 12 times those of 3, of 7 160 times.
limits scaled(limits of_three, int aperture) {
    const double factor = aperture == 7 ? 160 : aperture == 5 ? 12 : 1;
    return {of_three.low * factor, of_three.high * factor};
}

image<u8, 1> five_calls(const picture& photo, limits at, const canny_options& o) {
    const auto smooth = o.sigma == 0 ? photo : lloyd::gaussian_blur(photo, o.blur_size, o.sigma);
    const auto gradient = lloyd::sobel(smooth, o.aperture, o.norm);
    const auto ridges = lloyd::suppress_non_maxima(gradient);
    const auto strength = lloyd::double_threshold(ridges, at.low, at.high);
    return lloyd::hysteresis(strength);
}

/// A photo-like picture, or noise, of 1 or 3 channels.
picture sample(dice& random, std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels, bool noise) {
    if (channels == 1)
        return picture(noise ? random_image<1>(random, width, height) : photo_like<1>(random, width, height));
    return picture(noise ? random_image<3>(random, width, height) : photo_like<3>(random, width, height));
}

/// Parts of 64 columns and 8 rows, a pixel off the words and bands that are measured at once: in `noisy` percent of them
/// every byte is anything, in the others one of two, `range` apart.
picture patches(dice& random, std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels, int range,
                std::ptrdiff_t noisy) {
    picture result(width, height, channels);
    std::vector<bool> is_noisy(static_cast<std::size_t>(width / 64 + 2));
    for (std::ptrdiff_t y = 0; y < height; ++y) {
        if (y % 8 == 1)
            for (auto part = is_noisy.begin(); part != is_noisy.end(); ++part) *part = random.below(100) < noisy;
        for (std::ptrdiff_t x = 0; x < width; ++x)
            for (u8& byte : result(x, y))
                byte =
                    static_cast<u8>(is_noisy[static_cast<std::size_t>((x + 63) / 64)] ? random.below(256)
                                                                                      : 100 + range * random.below(2));
    }
    return result;
}

void check_all_ways(const picture& photo, limits of_three) {
    CAPTURE(photo.width());
    CAPTURE(photo.height());
    CAPTURE(photo.channels());
    CAPTURE(of_three.low);
    for (auto o : all_options()) {
        CAPTURE(o.sigma);
        CAPTURE(o.aperture);
        CAPTURE(static_cast<int>(o.norm));
        const auto at = scaled(of_three, o.aperture);
        const auto edges = canny(photo, at.low, at.high, o);
        REQUIRE(same_pixels(edges, reference::canny(photo, at.low, at.high, o)));
        REQUIRE(same_pixels(edges, five_calls(photo, at, o)));
        o.threads = 3;
        REQUIRE(same_pixels(edges, canny(photo, at.low, at.high, o)));
    }
}

TEST_CASE("equals the five calls and the textbook at every size to 17x17, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (std::ptrdiff_t height = 1; height <= 17; ++height)
            for (std::ptrdiff_t width = 1; width <= 17; ++width)
                check_all_ways(sample(random, width, height, random.below(2) * 2 + 1, random.below(2) == 0),
                               random.below(3) == 0 ? limits{0, 0} : limits{60.5, 150});
    }
}

TEST_CASE("equals the five calls and the textbook where rows end with a vector, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (std::ptrdiff_t width = 32; width <= 256; width += 32)
            for (const std::ptrdiff_t channels : {1, 3})
                check_all_ways(sample(random, width, 9, channels, true), {60.5, 150});
    }
}

/// A dark or bright line beside a step: the gradient is largest at the far side of the step, in a word that is flat but
/// for the line before it; or after it, where the picture is mirrored.
picture line_and_step(std::ptrdiff_t edge, std::ptrdiff_t channels, bool is_bright, bool is_mirrored) {
    picture photo(1280, 20, channels);
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x) {
            const int level = x < edge - 1 ? 100 : x < edge ? 0 : 200;
            for (u8& byte : photo(is_mirrored ? photo.width() - 1 - x : x, y))
                byte = static_cast<u8>(is_bright ? 200 - level : level);
        }
    return photo;
}

TEST_CASE("equals the five calls and the textbook where an edge lies between two words, at every CPU level") {
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t channels : {1, 3})
            for (const std::ptrdiff_t edge : {63, 64, 65, 640})
                for (const bool is_bright : {false, true})
                    for (const bool is_mirrored : {false, true}) {
                        CAPTURE(edge);
                        check_all_ways(line_and_step(edge, channels, is_bright, is_mirrored), {60.5, 150});
                    }
    }
}

/// Gray above row `edge` − 1, that row black, and white below: rows, where line_and_step has columns.
picture flat_above(std::ptrdiff_t edge, std::ptrdiff_t channels, bool is_upside_down) {
    picture photo(200, 24, channels);
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        std::ranges::fill(photo.row(is_upside_down ? photo.height() - 1 - y : y), static_cast<u8>(y < edge - 1 ? 100
                                                                                                  : y < edge   ? 0
                                                                                                               : 200));
    return photo;
}

TEST_CASE("equals the five calls and the textbook where an edge lies between two bands of rows, at every CPU level") {
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t channels : {1, 3})
            for (std::ptrdiff_t edge = 6; edge < 14; ++edge)
                for (const bool is_upside_down : {false, true}) {
                    CAPTURE(edge);
                    check_all_ways(flat_above(edge, channels, is_upside_down), {20, 150});
                }
    }
}

TEST_CASE("equals the five calls and the textbook at sizes that no vector divides") {
    dice random;
    CAPTURE(random.seed);
    const std::pair<std::ptrdiff_t, std::ptrdiff_t> sizes[] = {{63, 40},  {64, 9},    {65, 70},  {127, 11},
                                                               {128, 10}, {129, 200}, {191, 33}, {192, 31},
                                                               {1, 300},  {300, 1},   {257, 3},  {2, 140}};
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const auto& [width, height] : sizes)
            for (const std::ptrdiff_t channels : {1, 3})
                check_all_ways(sample(random, width, height, channels, false), {30, 90});
    }
}

TEST_CASE("equals the five calls and the textbook where rows are taken in several tiles") {
    dice random;
    CAPTURE(random.seed);
    check_all_ways(sample(random, 24577, 4, 1, true), {200, 600});
    check_all_ways(sample(random, 8200, 4, 3, true), {200, 600});
    const auto wide = sample(random, 49201, 3, 1, true);
    for (const int size : {31, 255}) {
        canny_options o{.sigma = 0.3 * size, .blur_size = size};
        CHECK(same_pixels(canny(wide, 1, 3, o), reference::canny(wide, 1, 3, o)));
        o.aperture = 5;
        o.norm = gradient_norm::l2;
        CHECK(same_pixels(canny(wide, 30, 90, o), reference::canny(wide, 30, 90, o)));
    }
}

TEST_CASE("equals the five calls for blurs of any size, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const auto& [width, height] : {std::pair{1, 40}, {20, 2}, {67, 7}, {130, 1}, {101, 200}})
            for (const std::ptrdiff_t channels : {1, 3})
                for (const int size : {1, 3, 5, 7, 9, 15}) {
                    const auto photo = sample(random, width, height, channels, true);
                    const canny_options o{.sigma = 0.25 * size, .blur_size = size, .threads = 2};
                    CAPTURE(photo.width());
                    CAPTURE(channels);
                    CAPTURE(size);
                    CHECK(same_pixels(canny(photo, 30, 90, o), five_calls(photo, {30, 90}, o)));
                }
    }
}

TEST_CASE("equals the five calls and the textbook where most words are nearly flat, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const std::ptrdiff_t channels : {1, 3})
            for (const int range : {1, 20})
                for (const std::ptrdiff_t noisy : {20, 60}) {
                    CAPTURE(noisy);
                    const auto photo = patches(random, channels == 1 ? 1100 : 190, 29, channels, range, noisy);
                    for (const double low : {4.4 * range, 6.0 * range - 1, 6.0 * range})
                        check_all_ways(photo, {low, low});
                }
    }
}

/// The pixels that count for dx + dy at (x, y) after a blur of radius 2 are `range` above the others: no other picture of
/// this range has a larger gradient there.
picture steepest(std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t channels, int range) {
    const auto weight = [](std::ptrdiff_t dx, std::ptrdiff_t dy) {
        const auto outside = std::abs(dx) > 2 || std::abs(dy) > 2;
        return outside ? 0.0 : std::exp(-static_cast<double>(dx * dx + dy * dy) / (2 * 1.4 * 1.4));
    };
    picture photo(1280, 24, channels);
    std::ranges::fill(photo.elements(), u8{50});
    for (std::ptrdiff_t v = -3; v <= 3; ++v)
        for (std::ptrdiff_t u = -3; u <= 3; ++u)
            if (weight(u - 1, v) + weight(u, v - 1) + weight(u - 1, v - 1) >
                weight(u + 1, v) + weight(u, v + 1) + weight(u + 1, v + 1))
                photo(x + u, y + v)[static_cast<std::size_t>(channels - 1)] = static_cast<u8>(50 + range);
    return photo;
}

TEST_CASE("equals the five calls where one gradient is as large as the range of bytes allows, at every CPU level") {
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t channels : {1, 3})
            for (const auto norm : {gradient_norm::l1, gradient_norm::l2})
                for (const std::ptrdiff_t x : {100, 126, 127, 128, 1024})
                    for (std::ptrdiff_t y = 8; y < 12; ++y)
                        for (const int range : {30, 200}) {
                            const auto photo = steepest(x, y, channels, range);
                            const auto gradient = lloyd::sobel(lloyd::gaussian_blur(photo, 5, 1.4), 3, norm);
                            const double largest = *std::ranges::max_element(gradient.magnitude.elements());
                            const double low = (norm == gradient_norm::l1 ? largest : std::sqrt(largest)) - 1;
                            const canny_options o{.norm = norm};
                            const auto edges = canny(photo, low, low, o);
                            CAPTURE(x);
                            CAPTURE(y);
                            CHECK(std::ranges::count(edges.elements(), 255) > 0);
                            CHECK(same_pixels(edges, five_calls(photo, {low, low}, o)));
                        }
    }
}

TEST_CASE("a constant picture has no edges, even above 0") {
    for (const int level : {0, 128, 255})
        for (const auto& o : all_options()) {
            image<u8, 1> flat(70, 9);
            std::ranges::fill(flat.elements(), static_cast<u8>(level));
            CHECK(std::ranges::count(canny(flat, 0, 0, o).elements(), 0) == flat.size());
        }
}

TEST_CASE("nothing has no edges") {
    CHECK(canny(picture(0, 5, 3), 1, 2).height() == 5);
    CHECK(canny(image<u8, 1>(), 1, 2).empty());
}

TEST_CASE("layouts do not matter") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 71, 50);
    const auto gray = photo_like<1>(random, 71, 50);
    for (const auto& place : layouts(photo, u8{99}))
        CHECK(same_pixels(canny(place.view, 40, 90), canny(photo, 40, 90)));
    for (const auto& place : layouts(gray, u8{99})) CHECK(same_pixels(canny(place.view, 40, 90), canny(gray, 40, 90)));
}

template <std::size_t C>
image<u8, C> transposed(const image<u8, C>& photo) {
    image<u8, C> result(photo.height(), photo.width());
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x) std::ranges::copy(photo(x, y), result(y, x).begin());
    return result;
}

TEST_CASE("edges of the transposed picture are the transposed edges") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t levels : {2, 5, 256})
        for (const auto& o : all_options()) {
            const auto photo = random_image<1>(random, 90, 41, levels);
            const auto at = scaled({100, 300}, o.aperture);
            CHECK(same_pixels(canny(transposed(photo), at.low, at.high, o),
                              transposed(canny(photo, at.low, at.high, o))));
        }
}

}  // namespace
