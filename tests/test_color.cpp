// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Colours of 8 bits: RGB to HSV, back, and to gray, each against its definition in whole numbers for every input there
// is, at every CPU level.

#include <lloyd/color.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include "reference_color.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::image;
using lloyd::image_view;
using reference::color;

color pixel(const image<u8, 3>& picture) { return {picture(0, 0)[0], picture(0, 0)[1], picture(0, 0)[2]}; }

image<u8, 3> one(const color& c) {
    image<u8, 3> result(1, 1);
    std::ranges::copy(c, result.data());
    return result;
}

color to_hsv(const color& rgb) { return pixel(lloyd::rgb_to_hsv(one(rgb))); }
color to_rgb(const color& hsv) { return pixel(lloyd::hsv_to_rgb(one(hsv))); }
int to_gray(const color& rgb) { return lloyd::rgb_to_gray(one(rgb)).data()[0]; }

// Worked by hand

TEST_CASE("hue is half of the degrees, saturation and value are of 255") {
    CHECK(to_hsv({255, 0, 0}) == color{0, 255, 255});
    CHECK(to_hsv({255, 255, 0}) == color{30, 255, 255});
    CHECK(to_hsv({0, 255, 0}) == color{60, 255, 255});
    CHECK(to_hsv({0, 255, 255}) == color{90, 255, 255});
    CHECK(to_hsv({0, 0, 255}) == color{120, 255, 255});
    CHECK(to_hsv({255, 0, 255}) == color{150, 255, 255});
    CHECK(to_hsv({0, 0, 0}) == color{0, 0, 0});
    CHECK(to_hsv({128, 128, 128}) == color{0, 0, 128});
    CHECK(to_hsv({255, 255, 255}) == color{0, 0, 255});
    // v = 30, d = 20: 255 · 20 / 30 = 170; half of 60 · ((10 − 20) / 20 + 4) = 105.
    CHECK(to_hsv({10, 20, 30}) == color{105, 170, 30});
    CHECK(to_hsv({255, 128, 0}) == color{15, 255, 255});
    CHECK(to_hsv({255, 0, 1}) == color{0, 255, 255});    // −0.12 is 0, not 180
    CHECK(to_hsv({255, 0, 5}) == color{179, 255, 255});  // −0.59 is −1
}

TEST_CASE("and back") {
    CHECK(to_rgb({0, 255, 255}) == color{255, 0, 0});
    CHECK(to_rgb({30, 255, 255}) == color{255, 255, 0});
    CHECK(to_rgb({150, 255, 7}) == color{7, 0, 7});
    CHECK(to_rgb({77, 0, 200}) == color{200, 200, 200});
    CHECK(to_rgb({77, 200, 0}) == color{0, 0, 0});
    // p = 30 · 85 / 255 = 10; q = 30 · (1 − 170 / 255 · 15 / 30) = 20
    CHECK(to_rgb({105, 170, 30}) == color{10, 20, 30});
    CHECK(to_rgb({0, 127, 1}) == color{1, 1, 1});  // 0.502
    CHECK(to_rgb({0, 128, 1}) == color{1, 0, 0});  // 0.498
}

TEST_CASE("a hue above 179 wraps") {
    for (int h = 180; h < 256; ++h) {
        CAPTURE(h);
        CHECK(to_rgb({static_cast<u8>(h), 99, 201}) == to_rgb({static_cast<u8>(h - 180), 99, 201}));
    }
}

TEST_CASE("gray is 0.299 R + 0.587 G + 0.114 B") {
    CHECK(to_gray({0, 0, 0}) == 0);
    CHECK(to_gray({255, 255, 255}) == 255);
    CHECK(to_gray({255, 0, 0}) == 76);
    CHECK(to_gray({0, 255, 0}) == 150);
    CHECK(to_gray({0, 0, 255}) == 29);
    CHECK(to_gray({77, 77, 77}) == 77);
}

TEST_CASE("returns images of the element read; channels may show at run time") {
    const image<u8, 3> photo(4, 3);
    static_assert(std::is_same_v<decltype(lloyd::rgb_to_hsv(photo)), image<u8, 3>>);
    static_assert(std::is_same_v<decltype(lloyd::rgb_to_gray(photo)), image<u8, 1>>);
    static_assert(std::is_same_v<decltype(lloyd::hsv_to_rgb(image_view<const float>())), image<float, 3>>);
    static_assert(std::is_same_v<decltype(lloyd::rgb_to_hsv(image<double>())), image<double, 3>>);
    image<u8> any(1, 1, 3);
    std::ranges::copy(color{10, 20, 30}, any.data());
    CHECK(pixel(lloyd::rgb_to_hsv(any)) == color{105, 170, 30});
    lloyd::rgb_to_hsv(any, any);
    CHECK(any(0, 0)[0] == 105);
    image<u8> gray(1, 1, 1);
    lloyd::rgb_to_gray(one({255, 0, 0}), gray);
    CHECK(gray(0, 0)[0] == 76);
}

TEST_CASE("nothing makes nothing, of the same size") {
    CHECK(lloyd::rgb_to_hsv(image<u8, 3>()).empty());
    CHECK(lloyd::rgb_to_hsv(image<u8, 3>(0, 5)).height() == 5);
    CHECK(lloyd::hsv_to_rgb(image<float, 3>(5, 0)).width() == 5);
    CHECK(lloyd::rgb_to_gray(image<u8>()).empty());
    image<u8> nothing;
    lloyd::rgb_to_hsv(nothing, nothing);
    CHECK(nothing.empty());
}

// Laws

/// Every triple whose last channel is `last`.
image<u8, 3> all_with(int last) {
    image<u8, 3> result(65536, 1);
    for (std::ptrdiff_t i = 0; i < 65536; ++i) {
        result.data()[3 * i] = static_cast<u8>(i);
        result.data()[3 * i + 1] = static_cast<u8>(i >> 8);
        result.data()[3 * i + 2] = static_cast<u8>(last);
    }
    return result;
}

TEST_CASE("all triples of 8 bits give what the definitions say, at every CPU level") {
    for (int last = 0; last < 256; ++last) {
        const auto triples = all_with(last);
        image<u8, 3> hsv(65536, 1), rgb(65536, 1);
        image<u8, 1> gray(65536, 1);
        for (std::ptrdiff_t i = 0; i < 65536; ++i) {
            const color triple{triples.data()[3 * i], triples.data()[3 * i + 1], triples.data()[3 * i + 2]};
            std::ranges::copy(reference::hsv(triple), hsv.data() + 3 * i);
            std::ranges::copy(reference::rgb(triple), rgb.data() + 3 * i);
            gray.data()[i] = reference::gray(triple);
        }
        CAPTURE(last);
        for (const auto level : cpu_levels()) {
            CAPTURE(static_cast<int>(level));
            const cpu_limit limit(level);
            REQUIRE(same_pixels(lloyd::rgb_to_hsv(triples), hsv));
            REQUIRE(same_pixels(lloyd::hsv_to_rgb(triples), rgb));
            REQUIRE(same_pixels(lloyd::rgb_to_gray(triples), gray));
        }
    }
}

TEST_CASE("a round trip in 8 bits is lossy: 31 % of colours come back, none is more than 5 off") {
    int same = 0, worst = 0;
    for (int last = 0; last < 256; ++last) {
        const auto rgb = all_with(last), back = lloyd::hsv_to_rgb(lloyd::rgb_to_hsv(rgb));
        for (std::ptrdiff_t i = 0; i < 3 * 65536; i += 3) {
            int off = 0;
            for (auto j = i; j < i + 3; ++j) off = (std::max)(off, std::abs(rgb.data()[j] - back.data()[j]));
            same += off == 0;
            worst = (std::max)(worst, off);
        }
    }
    CHECK(same == 5209802);
    CHECK(worst == 5);
}

/// One pixel of a row after another.
template <class Function>
image<u8, 3> each(const image<u8, 3>& row, const Function& function) {
    image<u8, 3> result(row.width(), 1);
    for (std::ptrdiff_t x = 0; x < row.width(); ++x)
        std::ranges::copy(function(color{row(x, 0)[0], row(x, 0)[1], row(x, 0)[2]}), result(x, 0).begin());
    return result;
}

TEST_CASE("rows of any width give the same as their pixels one by one, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (std::ptrdiff_t width = 1; width <= 270; ++width) {
        CAPTURE(width);
        const auto row = random_image<3>(random, width, 1);
        const auto hsv = each(row, [](const color& c) { return reference::hsv(c); });
        const auto rgb = each(row, [](const color& c) { return reference::rgb(c); });
        const auto gray = each(row, [](const color& c) { return color{reference::gray(c)}; });
        for (const auto level : cpu_levels()) {
            CAPTURE(static_cast<int>(level));
            const cpu_limit limit(level);
            REQUIRE(same_pixels(lloyd::rgb_to_hsv(row), hsv));
            REQUIRE(same_pixels(lloyd::hsv_to_rgb(row), rgb));
            REQUIRE(same_pixels(lloyd::rgb_to_gray(row), lloyd::select_channels<0>(gray)));
        }
    }
}

}  // namespace
