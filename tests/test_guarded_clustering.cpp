// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Clustering, its sweep, segments and histograms read nothing but the pixels of a view, and write none.

#if defined(__linux__)

#include <cstdint>
#include <span>

#include <doctest/doctest.h>

#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "guarded_memory.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::image;

/// Calls body(width, height) for sizes below, at and above what vectors hold, and for rows longer than a page.
template <class Body>
void for_sizes(const Body& body) {
    for (const std::ptrdiff_t width : {1, 15, 33, 64})
        for (const std::ptrdiff_t height : {1, 5}) body(width, height);
    body(2100, 2);
}

/// Clusters with the weights and the initial centers between fences, too.
template <class T, std::size_t C>
void check_kmeans(const image<T, C>& picture) {
    image<double, 1> weights(picture.size(), 1);
    for (std::ptrdiff_t i = 0; i < weights.size(); ++i) weights(i, 0)[0] = static_cast<double>(1 + i % 3);
    const auto centers = lloyd::kmeans(picture, 1, {.max_iterations = 1}).centers;
    for (const auto& w : fenced<const double>(weights))
        for (const auto& start : fenced<const double>(centers))
            lloyd::kmeans(picture, 1, {.max_iterations = 1, .weights = w.view.row(0), .initial_centers = start.view});
    const int k = static_cast<int>((std::min)(picture.size(), std::ptrdiff_t{5}));
    check_between_fences(picture, [&](const auto& view) {
        const auto result = lloyd::kmeans(view, k, {.max_iterations = 2, .threads = 2});
        CHECK(same_pixels(lloyd::assign(view, result.centers), result.labels));
        return image<std::int32_t, 1>(result.labels);
    });
}

template <class T, std::size_t C>
image<T, C> numbers(dice& random, std::ptrdiff_t width, std::ptrdiff_t height) {
    image<T, C> result(width, height);
    for (auto& element : result.elements()) element = static_cast<T>(random.below(250));
    return result;
}

TEST_CASE("kmeans and assign read nothing but points, weights and centers, and write none of them") {
    dice random;
    CAPTURE(random.seed);
    for_sizes([&](std::ptrdiff_t width, std::ptrdiff_t height) {
        check_kmeans(numbers<u8, 1>(random, width, height));
        check_kmeans(numbers<u8, 3>(random, width, height));
        check_kmeans(numbers<u8, 4>(random, width, height));
        check_kmeans(numbers<u16, 3>(random, width, height));
        check_kmeans(numbers<float, 3>(random, width, height));
        check_kmeans(numbers<double, 2>(random, width, height));
    });
}

TEST_CASE("histograms, sweeps, segments, recolor and mask read nothing but the pixels of a view, and write none") {
    dice random;
    CAPTURE(random.seed);
    for_sizes([&](std::ptrdiff_t width, std::ptrdiff_t height) {
        const auto photo = random_image<3>(random, width, height);
        const int k = static_cast<int>((std::min)(photo.size(), std::ptrdiff_t{5}));
        check_between_fences(photo, [](const auto& view) {
            const lloyd::color_histogram colors(view);
            return image<u8, 3>(colors.colors());
        });
        auto weights = random_image<1>(random, width, height);
        const auto colors_of = [](const auto& pixels, const auto& of) {
            const lloyd::color_histogram colors(pixels, of);
            return image<u8, 3>(colors.colors());
        };
        const auto count_by_weights = [&] {
            check_between_fences(photo, [&](const auto& view) { return colors_of(view, weights); });
            check_between_fences(weights, [&](const auto& view) { return colors_of(photo, view); });
        };
        count_by_weights();
        for (u8& weight : weights.elements()) weight = weight % 2;
        count_by_weights();
        check_between_fences(photo, [&](const auto& view) {
            return lloyd::elbow_sweep(view, {.k_max = k, .kmeans = {.max_iterations = 2}}).centers.back();
        });
        for (const auto space : {lloyd::color_space::rgb, lloyd::color_space::hsv, lloyd::color_space::hsv_cone,
                                 lloyd::color_space::lab, lloyd::color_space::oklab})
            check_between_fences(photo, [&](const auto& view) {
                return lloyd::segment(view, k, {.space = space, .kmeans = {.max_iterations = 2}}).labels;
            });
        const auto labels = lloyd::segment(photo, k).labels;
        const auto palette = random_image<3>(random, k, 1);
        check_between_fences(labels, [&](const auto& view) { return lloyd::recolor(view, palette); });
        check_between_fences(labels, [&](const auto& view) { return lloyd::mask(view, 1); });
        check_between_fences(palette, [&](const auto& view) { return lloyd::recolor(labels, view); });
    });
}

}  // namespace

#endif
