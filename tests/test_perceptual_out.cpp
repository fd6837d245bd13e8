// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Lab and OKLab: any width and layout, in place, into a part of a larger image; which types come out; what is refused.

#include <lloyd/color.hpp>
#include <lloyd/detail/color/perceptual_steps.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include "sample_images.hpp"
#include "sample_perceptual.hpp"

namespace {

using namespace samples;
using lloyd::image_view;

// Worked by hand

TEST_CASE("what docs/color.md shows of Lab") {
    image<u8, 3> photo(6, 1);
    for (std::ptrdiff_t x = 0; x < 6; ++x) photo(x, 0)[static_cast<std::size_t>(x % 3)] = 200;
    const auto lab = lloyd::rgb_to_lab(photo);
    const auto clusters = lloyd::kmeans(lab, 3);
    const auto palette = lloyd::lab_to_rgb<std::uint8_t>(clusters.centers);
    const auto painted = lloyd::recolor(clusters.labels, palette);
    CHECK(same_pixels(painted, photo));
}

// Laws

template <class T>
image<T, 3> random_colors(dice& random, std::ptrdiff_t width, std::ptrdiff_t height) {
    image<T, 3> result(width, height);
    for (T& element : result.elements())
        element = static_cast<T>(random.below(256)) / static_cast<T>(std::is_same_v<T, u8> ? 1 : 255);
    return result;
}

TEST_CASE_TEMPLATE("every width, layout and out gives the same", T, u8, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (std::ptrdiff_t width = 1; width <= 140; width += 1 + width / 16) {
        CAPTURE(width);
        const auto rgb = random_colors<T>(random, width, 3);
        const auto check = [&](auto space) {
            using Space = decltype(space);
            const auto expected = Space::from_rgb(rgb);
            for (std::ptrdiff_t x = 0; x < width; ++x)
                REQUIRE(same_pixels(Space::from_rgb(rgb.crop(x, 1, 1, 1)), expected.crop(x, 1, 1, 1)));
            for (const auto& place : layouts(rgb, T(7))) REQUIRE(same_pixels(Space::from_rgb(place.view), expected));
            using result = lloyd::value_type_of<decltype(expected)>;
            image<result, 3> larger(width + 3, 5);
            std::ranges::fill(larger.elements(), result(9));
            Space::from_rgb(rgb, larger.crop(2, 1, width, 3));
            REQUIRE(same_pixels(larger.crop(2, 1, width, 3), expected));
            REQUIRE(std::ranges::count(larger.elements(), result(9)) == 3 * (larger.size() - rgb.size()));
            image<u8> bytes(width, 3, 3);  // channels at run time
            Space::to_rgb(expected, bytes);
            REQUIRE(same_pixels(bytes, Space::to_bytes(expected)));
            auto work = expected;
            Space::to_rgb(work, work);
            REQUIRE(same_pixels(work, Space::to_rgb(expected)));
            if constexpr (!std::is_same_v<T, u8>) {
                auto in_place = rgb;
                Space::from_rgb(in_place, in_place);
                REQUIRE(same_pixels(in_place, expected));
            }
        };
        check(lab());
        check(oklab());
    }
}

TEST_CASE("steps of any number of colours are those of each, and no more is written") {
    dice random;
    CAPTURE(random.seed);
    for (std::ptrdiff_t count = 0; count <= 200; count += 1 + count / 16) {
        const auto colors = random_colors<u8>(random, count, 1);
        std::vector<std::int32_t> all(static_cast<std::size_t>(3 * count + 3), -77), one(3);
        lloyd::detail::perceptual_steps(colors, true, all.data());
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            lloyd::detail::perceptual_steps(colors.crop(i, 0, 1, 1), true, one.data());
            REQUIRE(std::ranges::equal(one, std::span(all).subspan(static_cast<std::size_t>(3 * i), 3)));
        }
        REQUIRE(std::ranges::count(std::span(all).last(3), -77) == 3);
    }
}

// Refusals

TEST_CASE("refuses other channels and sizes, and overlaps but for the image itself") {
    const image<u8, 3> photo(4, 3);
    image<float, 3> out(3, 4), reals(4, 3);
    CHECK(refusal([&] { lloyd::rgb_to_lab(photo, out); }) == says{"rgb_to_lab: out is 3x4", "the image is 4x3"});
    CHECK(refusal([&] { lloyd::rgb_to_oklab(photo, out); }) == says{"rgb_to_oklab: out is 3x4"});
    CHECK(refusal([&] { lloyd::lab_to_rgb(reals, out); }) == says{"lab_to_rgb: out is 3x4"});
    CHECK(refusal([&] { lloyd::oklab_to_rgb(reals, out); }) == says{"oklab_to_rgb: out is 3x4"});
    CHECK(refusal([&] { lloyd::rgb_to_lab(image<u8>(1, 1, 4)); }) == says{"rgb_to_lab: the image has 4 channels"});
    CHECK(refusal([&] { lloyd::rgb_to_oklab(image<float>(1, 1, 1)); }) ==
          says{"rgb_to_oklab: the image has 1 channel"});
    image<u8> four(4, 3, 4);
    CHECK(refusal([&] { lloyd::lab_to_rgb(reals, four); }) == says{"lab_to_rgb: out has 4 channels", "must have 3"});
    const auto before = reals;
    CHECK(refusal([&] { lloyd::rgb_to_lab(reals.crop(0, 0, 3, 3), reals.crop(1, 0, 3, 3)); }) ==
          says{"rgb_to_lab: out overlaps the image", "image itself"});
    const image_view<u8, 3> bytes(reinterpret_cast<u8*>(reals.data()), 4, 1);
    const image_view<float, 3> row = reals.crop(0, 0, 4, 1);
    CHECK(refusal([&] { lloyd::rgb_to_lab(bytes, row); }) == says{"rgb_to_lab: out overlaps", "lie apart"});
    CHECK(refusal([&] { lloyd::lab_to_rgb(row, bytes); }) == says{"lab_to_rgb: out overlaps", "lie apart"});
    CHECK(same_pixels(reals, before));
    CHECK(lloyd::rgb_to_lab(image<u8, 3>(0, 5)).height() == 5);
}

TEST_CASE("results are of the types that are promised") {
    const image<u8, 3> bytes(1, 1);
    const image<float, 3> floats(1, 1);
    const image<double, 3> doubles(1, 1);
    static_assert(std::is_same_v<decltype(lloyd::rgb_to_lab(bytes)), image<float, 3>>);
    static_assert(std::is_same_v<decltype(lloyd::rgb_to_oklab(floats)), image<float, 3>>);
    static_assert(std::is_same_v<decltype(lloyd::rgb_to_lab(doubles)), image<double, 3>>);
    static_assert(std::is_same_v<decltype(lloyd::lab_to_rgb(floats)), image<float, 3>>);
    static_assert(std::is_same_v<decltype(lloyd::oklab_to_rgb(doubles)), image<double, 3>>);
    static_assert(std::is_same_v<decltype(lloyd::lab_to_rgb<u8>(doubles)), image<u8, 3>>);
    static_assert(std::is_same_v<decltype(lloyd::oklab_to_rgb<u8>(floats)), image<u8, 3>>);
    CHECK(lloyd::lab_to_rgb<u8>(lloyd::rgb_to_lab(bytes))(0, 0)[0] == 0);
}

}  // namespace
