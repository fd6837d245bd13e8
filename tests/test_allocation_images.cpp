// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Images, colours and edges when memory runs out, at every place where they ask for some.

#include <algorithm>
#include <cstdint>

#include <doctest/doctest.h>

#include <lloyd/canny.hpp>
#include <lloyd/color.hpp>
#include <lloyd/dither.hpp>
#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>

#include "failing_memory.hpp"
#include "sample_images.hpp"

namespace {

using namespace samples;
using lloyd::gradient_norm;
using lloyd::image;

/// How many requests a function makes whose result is an image.
template <class Work>
long requests_of(const Work& work) {
    return run_short_of_memory(work, [](const auto& a, const auto& b) { return same_pixels(a, b); });
}

TEST_CASE("images pass on bad_alloc, and one that cannot be assigned to stays as it was") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 31, 17), other = random_image<3>(random, 5, 4);
    CHECK(requests_of([] { return image<u8, 3>(31, 17); }) == 1);
    CHECK(requests_of([] { return image<float>(31, 17, 2); }) == 1);
    CHECK(requests_of([&] { return image<u8>(photo.crop(1, 2, 20, 10)); }) == 1);
    CHECK(requests_of([&] { return lloyd::select_channels<2, 1, 0>(photo); }) == 1);
    auto assigned = image<u8, 3>(photo);
    const auto assign = [&] {
        const no_memory none;
        assigned = other;
    };
    CHECK_THROWS_AS(assign(), std::bad_alloc);
    CHECK(same_pixels(assigned, photo));
}

TEST_CASE("colour conversions pass on bad_alloc, and ask for nothing when they are given where to write") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 31, 17);
    const auto hsv = lloyd::rgb_to_hsv(photo);
    image<float, 3> reals(31, 17);
    for (auto& element : reals.elements()) element = static_cast<float>(random.below(1000)) / 999;
    CHECK(requests_of([&] { return lloyd::rgb_to_hsv(photo); }) == 1);
    CHECK(requests_of([&] { return lloyd::rgb_to_hsv(reals); }) == 1);
    CHECK(requests_of([&] { return lloyd::hsv_to_rgb(hsv); }) == 1);
    CHECK(requests_of([&] { return lloyd::hsv_to_rgb(reals); }) == 1);
    CHECK(requests_of([&] { return lloyd::rgb_to_gray(photo); }) == 1);
    CHECK(requests_of([&] { return lloyd::rgb_to_lab(photo); }) == 1);
    CHECK(requests_of([&] { return lloyd::rgb_to_oklab(reals); }) == 1);
    CHECK(requests_of([&] { return lloyd::lab_to_rgb<u8>(reals); }) == 1);
    CHECK(requests_of([&] { return lloyd::oklab_to_rgb(reals); }) == 1);

    image<u8, 3> out(31, 17), rows(40, 17);
    image<u8, 1> gray(31, 17);
    image<float, 3> lab(31, 17);
    const auto convert = [&] {
        const no_memory none;
        lloyd::rgb_to_hsv(photo, out);
        lloyd::rgb_to_hsv(photo, rows.crop(3, 0, 31, 17));
        lloyd::hsv_to_rgb(out, out);
        lloyd::rgb_to_gray(photo, gray);
        lloyd::rgb_to_hsv(reals, reals);
        lloyd::hsv_to_rgb(reals, reals);
        lloyd::rgb_to_lab(photo, lab);
        lloyd::lab_to_rgb(lab, out);
        lloyd::rgb_to_oklab(lab, lab);
        lloyd::oklab_to_rgb(lab, lab);
    };
    CHECK_NOTHROW(convert());
    CHECK(same_pixels(rows.crop(3, 0, 31, 17), hsv));
}

TEST_CASE("dither passes on bad_alloc, gives back what it took, and is right when it returns") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 31, 17), palette = random_image<3>(random, 20, 1);
    CHECK(requests_of([&] { return lloyd::dither(photo, palette); }) == 3);
}

template <std::size_t C>
void check_edges(const image<u8, C>& photo, gradient_norm norm, int aperture) {
    CAPTURE(aperture);
    const auto same_gradients = [](const auto& a, const auto& b) {
        return same_pixels(a.dx, b.dx) && same_pixels(a.dy, b.dy) && same_pixels(a.magnitude, b.magnitude);
    };
    const auto same_ridges = [](const auto& a, const auto& b) { return same_pixels(a.magnitude, b.magnitude); };
    const auto same_thresholds = [](auto a, auto b) { return a.low == b.low && a.high == b.high; };

    const auto gradient = lloyd::sobel(photo, aperture, norm);
    const auto ridges = lloyd::suppress_non_maxima(gradient);
    const auto strength = lloyd::double_threshold(ridges, 20, 90);
    CHECK(requests_of([&] { return lloyd::gaussian_blur(photo, 2 * aperture - 1, 0); }) > 2);
    CHECK(run_short_of_memory([&] { return lloyd::sobel(photo, aperture, norm); }, same_gradients) > 3);
    CHECK(run_short_of_memory([&] { return lloyd::suppress_non_maxima(gradient); }, same_ridges) > 1);
    CHECK(requests_of([&] { return lloyd::double_threshold(ridges, 20, 90); }) == 1);
    CHECK(requests_of([&] { return lloyd::hysteresis(strength); }) > 1);
    CHECK(run_short_of_memory([&] { return lloyd::thresholds_from_otsu(gradient); }, same_thresholds) > 0);
    for (const int threads : {1, 3})
        for (const double sigma : {0.0, 1.4})
            CHECK(requests_of([&] {
                      return lloyd::canny(photo, 20, 90,
                                          {.sigma = sigma, .aperture = aperture, .norm = norm, .threads = threads});
                  }) > 5);
}

TEST_CASE("canny and its five stages pass on bad_alloc, give back what they took, and are right when they return") {
    dice random;
    CAPTURE(random.seed);
    const auto gray = photo_like<1>(random, 130, 200);
    for (const int aperture : {3, 5, 7}) check_edges(gray, gradient_norm::l1, aperture);
    check_edges(gray, gradient_norm::l2, 3);
    check_edges(photo_like<3>(random, 70, 130), gradient_norm::l1, 3);
    run_short_of_memory([&] { return lloyd::thresholds_from_median(gray); },
                        [](auto a, auto b) { return a.low == b.low && a.high == b.high; });
}

TEST_CASE("regions, borders and outlines pass on bad_alloc, give back what they took, and are right when they return") {
    dice random;
    CAPTURE(random.seed);
    const auto labels = random_image<1>(random, 60, 40, 3);
    const auto same_regions = [](const auto& a, const auto& b) { return same_pixels(a.ids, b.ids); };
    for (const auto connected : {lloyd::connectivity::four, lloyd::connectivity::eight}) {
        CHECK(run_short_of_memory([&] { return lloyd::find_regions(labels, connected); }, same_regions) > 3);
        CHECK(requests_of([&] { return lloyd::merge_small_regions(labels, 9, connected); }) > 5);
    }
    CHECK(requests_of([&] { return lloyd::cut(labels, labels); }) == 1);

    const auto few = random_image<1>(random, 9, 6, 2);
    const auto borders = lloyd::find_borders(few);
    const auto same_borders = [](const auto& a, const auto& b) {
        return std::ranges::equal(a, b, {}, &lloyd::border::corners, &lloyd::border::corners);
    };
    const auto same_shapes = [](const auto& a, const auto& b) {
        return std::ranges::equal(a, b, {}, &lloyd::outline::rings, &lloyd::outline::rings);
    };
    CHECK(run_short_of_memory([&] { return lloyd::find_borders(few); }, same_borders) > 3);
    CHECK(run_short_of_memory([&] { return lloyd::simplify(borders, 1); }, same_borders) > 3);
    CHECK(run_short_of_memory([&] { return lloyd::outlines(borders); }, same_shapes) > 3);
}

}  // namespace
