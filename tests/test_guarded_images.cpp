// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Images, colours and edges read nothing but the pixels of a view, and write nothing but their own.

#if defined(__linux__)

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/canny.hpp>
#include <lloyd/color.hpp>
#include <lloyd/dither.hpp>
#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>

#include "guarded_memory.hpp"
#include "sample_images.hpp"

namespace {

using namespace samples;
using lloyd::gradient_norm;
using lloyd::image;

/// Calls body(width, height) for sizes below, at and above what vectors hold, and for rows longer than a page.
template <class Body>
void for_sizes(const Body& body) {
    for (const std::ptrdiff_t width : {1, 2, 15, 33, 64, 127})
        for (const std::ptrdiff_t height : {1, 2, 5}) body(width, height);
    body(5000, 2);
}

TEST_CASE("copies read nothing but the pixels of a view") {
    dice random;
    CAPTURE(random.seed);
    for_sizes([&](std::ptrdiff_t width, std::ptrdiff_t height) {
        const auto photo = random_image<3>(random, width, height);
        check_between_fences(photo, [](const auto& view) { return image<u8, 3>(view); });
        check_between_fences(photo, [](const auto& view) { return lloyd::select_channels<2, 0>(view); });
    });
}

template <class T>
image<T, 3> unit_colors(dice& random, std::ptrdiff_t width, std::ptrdiff_t height) {
    image<T, 3> result(width, height);
    for (auto& element : result.elements()) element = static_cast<T>(random.below(256)) / 255;
    return result;
}

template <class T>
void check_hsv(const image<T, 3>& photo) {
    check_between_fences(photo, [](const auto& view) { return lloyd::rgb_to_hsv(view); });
    check_between_fences(photo, [](const auto& view) { return lloyd::hsv_to_rgb(view); });
    for (const auto& from : fenced<const T>(photo))
        for (const auto& to : fenced<T>(photo)) {
            lloyd::rgb_to_hsv(from.view, to.view);
            REQUIRE(same_pixels(to.view, lloyd::rgb_to_hsv(photo)));
            lloyd::hsv_to_rgb(to.view, to.view);
        }
}

template <class T>
void check_lab(const image<T, 3>& photo) {
    check_between_fences(photo, [](const auto& view) { return lloyd::rgb_to_lab(view); });
    const auto lab = lloyd::rgb_to_oklab(photo);
    check_between_fences(lab, [](const auto& view) { return lloyd::lab_to_rgb<u8>(view); });
    using real = lloyd::value_type_of<decltype(lab)>;
    for (const auto& from : fenced<const T>(photo))
        for (const auto& to : fenced<real>(lab)) {
            lloyd::rgb_to_oklab(from.view, to.view);
            REQUIRE(same_pixels(to.view, lab));
            lloyd::oklab_to_rgb(to.view, to.view);
        }
}

TEST_CASE("colour conversions read nothing but the pixels of a view, and write nothing but those of out") {
    dice random;
    CAPTURE(random.seed);
    for_sizes([&](std::ptrdiff_t width, std::ptrdiff_t height) {
        const auto photo = random_image<3>(random, width, height);
        check_hsv(photo);
        check_hsv(unit_colors<float>(random, width, height));
        check_hsv(unit_colors<double>(random, width, height));
        check_lab(photo);
        check_lab(unit_colors<float>(random, width, height));
        check_lab(unit_colors<double>(random, width, height));
        check_between_fences(photo, [](const auto& view) { return lloyd::rgb_to_gray(view); });
        for (const auto& to : fenced<u8>(lloyd::rgb_to_gray(photo))) lloyd::rgb_to_gray(photo, to.view);
    });
}

TEST_CASE("dither reads nothing but the pixels of photo and palette") {
    dice random;
    CAPTURE(random.seed);
    for_sizes([&](std::ptrdiff_t width, std::ptrdiff_t height) {
        const auto photo = random_image<3>(random, width, height);
        for (const std::ptrdiff_t k : {1, 9, 16, 21, 256}) {
            const auto palette = random_image<3>(random, k, 1);
            check_between_fences(photo, [&](const auto& view) { return lloyd::dither(view, palette); });
            check_between_fences(palette, [&](const auto& view) { return lloyd::dither(photo, view); });
        }
    });
}

template <std::size_t C>
void check_edges(const image<u8, C>& photo) {
    for (const int size : {3, 5, 9})
        check_between_fences(photo, [&](const auto& view) { return lloyd::gaussian_blur(view, size, 0); });
    for (const int aperture : {3, 5, 7})
        for (const auto norm : {gradient_norm::l1, gradient_norm::l2}) {
            check_between_fences(photo, [&](const auto& view) { return lloyd::sobel(view, aperture, norm).magnitude; });
            for (const double sigma : {0.0, 1.4})
                check_between_fences(photo, [&](const auto& view) {
                    return lloyd::canny(view, 100, 200, {.sigma = sigma, .aperture = aperture, .norm = norm});
                });
        }
}

TEST_CASE("blur, gradient and edges read nothing but the pixels of a view") {
    dice random;
    CAPTURE(random.seed);
    for_sizes([&](std::ptrdiff_t width, std::ptrdiff_t height) {
        check_edges(random_image<1>(random, width, height));
        check_edges(random_image<3>(random, width, height));
        auto strength = random_image<1>(random, width, height, 3);
        for (auto& value : strength.elements()) value = static_cast<u8>(value / 127);
        check_between_fences(strength, [](const auto& view) { return lloyd::hysteresis(view); });
        check_between_fences(strength, [](const auto& view) {
            image<double, 1> high(1, 1);
            high(0, 0)[0] = lloyd::thresholds_from_median(view).high;
            return high;
        });
    });
}

/// What outlines there are, as an image.
template <class View>
image<std::int32_t, 1> corners_of(const View& labels) {
    std::vector<std::int32_t> numbers;
    for (const auto& border : lloyd::find_borders(labels))
        for (const auto& corner : border.corners) numbers.insert(numbers.end(), {border.left, corner.x, corner.y});
    image<std::int32_t, 1> result(std::ssize(numbers), 1);
    std::ranges::copy(numbers, result.data());
    return result;
}

template <class Label>
void check_labels(const image<Label, 1>& labels, const image<u8, 1>& alpha) {
    for (const auto connected : {lloyd::connectivity::four, lloyd::connectivity::eight}) {
        check_between_fences(labels, [&](const auto& view) { return lloyd::find_regions(view, connected).ids; });
        check_between_fences(labels, [&](const auto& view) { return lloyd::merge_small_regions(view, 5, connected); });
    }
    check_between_fences(labels, [&](const auto& view) { return lloyd::cut(view, alpha); });
    check_between_fences(alpha, [&](const auto& view) { return lloyd::cut(labels, view); });
    check_between_fences(labels, [](const auto& view) { return corners_of(view); });
}

TEST_CASE("regions and borders read nothing but the pixels of a view") {
    dice random;
    CAPTURE(random.seed);
    for_sizes([&](std::ptrdiff_t width, std::ptrdiff_t height) {
        const auto labels = random_image<1>(random, width, height, 2), alpha = random_image<1>(random, width, height);
        image<std::int32_t, 1> wide(width, height);
        std::ranges::copy(labels.elements(), wide.data());
        check_labels(labels, alpha);
        check_labels(wide, alpha);
    });
}

}  // namespace

#endif
