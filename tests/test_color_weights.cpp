// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Histograms of pixels with weights: how often each counts.

#include <lloyd/color_histogram.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include "sample_images.hpp"
#include "sample_weights.hpp"

namespace {

using namespace samples;
using lloyd::color_histogram;
using lloyd::image;
using lloyd::image_view;
using bytes = std::vector<u8>;
using numbers = std::vector<double>;

// Worked by hand

TEST_CASE("a pixel counts as often as its weight says, and not at all with 0") {
    const bytes data{9, 5, 9, 7, 5, 3}, numbers_of{1, 200, 2, 0, 100, 255};
    const image_view<const u8, 1> gray(data.data(), 3, 2), weights(numbers_of.data(), 3, 2);
    const color_histogram colors(gray, weights);
    static_assert(std::is_same_v<decltype(colors), const color_histogram<1>>);
    CHECK(elements_of(colors.colors()) == bytes{3, 5, 9});
    CHECK(counts_of(colors) == numbers{255, 300, 3});
    color_histogram<1> sum(gray);
    sum.add(gray, image_view<const u8>(weights));
    CHECK(elements_of(sum.colors()) == bytes{3, 5, 7, 9});
    CHECK(counts_of(sum) == numbers{256, 302, 1, 5});
}

TEST_CASE("weights that are all 0 add nothing, nor do empty ones") {
    color_histogram<3> colors(image<u8, 3>(70, 3), image<u8, 1>(70, 3));
    CHECK(colors.empty());
    colors.add(image<u8, 3>(), image<u8, 1>());
    colors.add(image<u8, 3>(0, 5), image<u8, 1>(0, 5));
    colors.add(image_view<const u8>(), image_view<const u8>());
    CHECK(colors.empty());
    colors.add(image<u8, 3>(70, 3), all_of(70, 3, 2));
    const auto before = colors;
    colors.add(image<u8, 3>(70, 3), image<u8>(70, 3, 1));
    CHECK(same(colors, before));
    CHECK(counts_of(colors) == numbers{420});
}

TEST_CASE("sums of weights are exact for millions of pixels of one colour") {
    const image<u8, 3> photo(2000, 1100);
    for (const int weight : {1, 127, 254, 255}) {
        auto weights = all_of(2000, 1100, static_cast<u8>(weight));
        CHECK(counts_of(color_histogram(photo, weights)) == numbers{2.2e6 * weight});
        weights(7, 3)[0] = 3;  // no longer all alike
        CHECK(counts_of(color_histogram(photo, weights)) == numbers{2.2e6 * weight - weight + 3});
    }
    dice random;
    CAPTURE(random.seed);
    const auto weights = random_image<1>(random, 2000, 1100);
    double sum = 0;
    for (const auto weight : weights.elements()) sum += weight;
    CHECK(counts_of(color_histogram(photo, weights)) == numbers{sum});
}

// Laws

TEST_CASE_TEMPLATE("a mask counts the pixels that it keeps", Channels, std::integral_constant<std::size_t, 1>,
                   std::integral_constant<std::size_t, 2>, std::integral_constant<std::size_t, 3>) {
    constexpr auto C = Channels::value;
    dice random;
    CAPTURE(random.seed);
    for (const auto& which : kinds_of_weights) {
        CAPTURE(which.name);
        const auto photo = photo_like<C>(random, 300, 40);
        auto mask = weights_of(which, random, 300, 40);
        for (u8& weight : mask.elements()) weight = weight == 0 ? 0 : 1;
        CHECK(same(color_histogram(photo, mask), color_histogram(kept_pixels(photo, mask))));
    }
}

TEST_CASE("a weight of w is w copies") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 60, 30);
    for (const auto& which : kinds_of_weights) {
        CAPTURE(which.name);
        const auto weights = weights_of(which, random, 60, 30);
        color_histogram<3> copies;
        for (int copy = 0; copy < 255; ++copy) {
            auto left = weights;
            for (u8& weight : left.elements()) weight = weight > copy ? 1 : 0;
            copies.merge(color_histogram(kept_pixels(photo, left)));
        }
        CHECK(same(color_histogram(photo, weights), copies));
    }
}

TEST_CASE("a histogram with weights does not depend on how pixels and weights lie in memory") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 83, 17, 6);
    for (const auto& which : kinds_of_weights) {
        CAPTURE(which.name);
        const auto weights = weights_of(which, random, 83, 17);
        const color_histogram expected(photo, weights);
        for (const auto& place : layouts(photo, u8{77}))
            for (const auto& other : layouts(weights, u8{99})) {
                CAPTURE(place.name);
                CAPTURE(other.name);
                REQUIRE(same(color_histogram(place.view, other.view), expected));
            }
    }
    const auto row = random_image<1>(random, 83, 1);
    const image_view<const u8, 1> repeated(row.data(), 83, 17, 0);
    CHECK(equals(color_histogram(photo, repeated), naive_sums<3>(photo, repeated)));
}

// Oracle

TEST_CASE_TEMPLATE("agrees with a map that adds up one weight after another", Channels,
                   std::integral_constant<std::size_t, 1>, std::integral_constant<std::size_t, 2>,
                   std::integral_constant<std::size_t, 3>) {
    constexpr auto C = Channels::value;
    dice random;
    CAPTURE(random.seed);
    for (const auto& which : kinds_of_weights)
        for (const std::ptrdiff_t width : {1, 7, 31, 32, 33, 64, 100, 255, 256, 257, 1023, 1024, 1025, 1500})
            for (const std::ptrdiff_t height : {1, 3}) {
                CAPTURE(which.name);
                CAPTURE(width);
                const auto photo = random_image<C>(random, width, height, 2 + random.below(40));
                const auto weights = weights_of(which, random, width, height);
                REQUIRE(equals(color_histogram(photo, weights), naive_sums<C>(photo, weights)));
            }
}

// Refusals

TEST_CASE("refuses weights of another shape or number of channels, and stays as it was") {
    color_histogram<3> colors(image<u8, 3>(2, 3));
    const auto before = colors;
    const image<u8, 3> photo(4, 3);
    const auto why = [&](const auto& weights) {
        CHECK(refusal([&] { color_histogram<3> fresh(photo, weights); }) != "(not refused)");
        return refusal([&] { colors.add(photo, weights); });
    };
    CHECK(why(image<u8, 1>(3, 4)) == "color_histogram: weights is 3x4, but must be 4x3, as the image");
    CHECK(why(image<u8, 1>(4, 2)) == "color_histogram: weights is 4x2, but must be 4x3, as the image");
    CHECK(why(image<u8, 1>(12, 1)) == "color_histogram: weights is 12x1, but must be 4x3, as the image");
    CHECK(why(image<u8, 1>()) == "color_histogram: weights is 0x0, but must be 4x3, as the image");
    CHECK(why(image<u8>(4, 3, 3)) == "color_histogram: weights has 3 channels, but must have 1");
    CHECK(refusal([&] { colors.add(image<u8>(4, 3, 4), all_of(4, 3, 1)); }) ==
          "image_view: the image has 4 channels, but the view needs 3");
    CHECK(refusal([&] { colors.add(image<u8, 3>(), all_of(4, 3, 1)); }) ==
          "color_histogram: weights is 4x3, but must be 0x0, as the image");
    CHECK(same(colors, before));
}

}  // namespace
