// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Canny as a whole: beside its five stages, beside the textbook's loops, and turned every way.

#include <lloyd/canny.hpp>

#include <cstddef>
#include <cstdint>
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

TEST_CASE("equals the five calls and the textbook at sizes that no vector divides") {
    dice random;
    CAPTURE(random.seed);
    const std::pair<std::ptrdiff_t, std::ptrdiff_t> sizes[] = {{63, 40},  {64, 9},  {65, 70}, {127, 11}, {129, 200},
                                                               {191, 33}, {1, 300}, {300, 1}, {257, 3},  {2, 140}};
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const auto& [width, height] : sizes)
            for (const std::ptrdiff_t channels : {1, 3})
                check_all_ways(sample(random, width, height, channels, false), {30, 90});
    }
}

}  // namespace
