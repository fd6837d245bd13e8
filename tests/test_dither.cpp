// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Few colours, and dots of them for the shades between: error diffusion.

#include <lloyd/dither.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "reference_dither.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::dither;
using lloyd::image;
using lloyd::image_view;
using bytes = std::vector<u8>;

/// Grays as colours, row by row.
image<u8, 3> grays(std::ptrdiff_t width, std::ptrdiff_t height, const std::vector<int>& levels) {
    REQUIRE(std::ssize(levels) == width * height);
    image<u8, 3> result(width, height);
    for (std::ptrdiff_t i = 0; i < result.size(); ++i)
        for (auto& channel : result(i % width, i / width))
            channel = static_cast<u8>(levels[static_cast<std::size_t>(i)]);
    return result;
}

/// k colours, some of them equal.
image<u8, 3> random_palette(dice& random, std::ptrdiff_t k) {
    return random_image<3>(random, k, 1, random.below(2) == 0 ? 256 : 5);
}

// Worked by hand

TEST_CASE("hands errors on to the right in the first row, and to the left in the second") {
    // Row 0: 100 is nearest to 0, error 100. 100 + (700 + 8 >> 4) = 144: to 255, −111. 100 + (−777 + 8 >> 4) = 51: to 0.
    // 100 + (357 + 8 >> 4) = 122: to 0.
    // The row below gets, from the errors 100, −111, 51 and 122: 5·100 − 3·111 = 167, 1·100 − 5·111 + 3·51 = −302,
    // −111 + 5·51 + 3·122 = 510, 51 + 5·122 = 661.
    // Row 1, from its end: 100 + (661 + 8 >> 4) = 141: to 255, −114. 100 + (510 − 798 + 8 >> 4) = 82: to 0.
    // 100 + (−302 + 574 + 8 >> 4) = 117: to 0. 100 + (167 + 819 + 8 >> 4) = 162: to 255.
    const auto labels = dither(grays(4, 2, std::vector<int>(8, 100)), grays(2, 1, {0, 255}));
    static_assert(std::is_same_v<decltype(labels), const image<u8, 1>>);
    CHECK((labels.width() == 4 && labels.height() == 2));
    CHECK(elements_of(labels) == bytes{0, 1, 0, 0, 1, 0, 0, 1});
}

TEST_CASE("hands on as many sixteenths of an error as it is told, rounded half up") {
    // With 8: 100, error (800 + 8 >> 4) = 50. 100 + (350 + 8 >> 4) = 122, error 61. 127, error 64. 128: to 255.
    const auto row = grays(4, 1, {100, 100, 100, 100}), palette = grays(2, 1, {0, 255});
    CHECK(elements_of(dither(row, palette, 8)) == bytes{0, 0, 0, 1});
    CHECK(elements_of(dither(row, palette, 16)) == bytes{0, 1, 0, 0});
    CHECK(elements_of(dither(row, palette, 0)) == bytes{0, 0, 0, 0});
    // Of 3 it is (24 + 8 >> 4) = 2, so 127 + (14 + 8 >> 4) = 128; of −3 it is −1, so 128 + (−7 + 8 >> 4) = 128.
    CHECK(elements_of(dither(grays(2, 1, {3, 127}), palette, 8)) == bytes{0, 1});
    CHECK(elements_of(dither(grays(2, 1, {252, 128}), palette, 8)) == bytes{1, 1});
}

TEST_CASE("limits colours to 0..255 before it looks for the nearest") {
    // 255 is nearest to 200: error 55, for the next (385 + 8 >> 4) = 24: 255 again, not 279, and its error is 55 again.
    // So 76 + 24 = 100 is as near to 0 as to 200; the error of 79, had it not been limited, would have made it 111.
    CHECK(elements_of(dither(grays(3, 1, {255, 255, 76}), grays(2, 1, {0, 200}))) == bytes{1, 1, 0});
    // 0 is nearest to 50: error −50, for the next (−350 + 8 >> 4) = −22: 0 again. 123 − 22 = 101; −72 would make it 92.
    CHECK(elements_of(dither(grays(3, 1, {0, 0, 123}), grays(2, 1, {150, 50}))) == bytes{1, 1, 0});
}

TEST_CASE("takes the lowest number of equally near colours") {
    const auto row = grays(2, 1, {100, 100});
    CHECK(elements_of(dither(row, grays(2, 1, {99, 101}), 0)) == bytes{0, 0});
    CHECK(elements_of(dither(row, grays(2, 1, {101, 99}), 0)) == bytes{0, 0});
    CHECK(elements_of(dither(row, grays(3, 1, {0, 100, 100}))) == bytes{1, 1});
    CHECK(elements_of(dither(row, grays(20, 1, std::vector<int>(20, 7)))) == bytes{0, 0});
}

// Laws

TEST_CASE("an amount of 0 is assign to the palette") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 90, 40);
    for (const std::ptrdiff_t k : {1, 2, 7, 16, 17, 100, 256}) {
        const auto palette = random_palette(random, k);
        image<double, 3> centers(k, 1);
        std::ranges::copy(palette.elements(), centers.data());
        const auto labels = dither(photo, palette, 0);
        const auto assigned = lloyd::assign(photo, centers);
        CHECK(std::ranges::equal(labels.elements(), assigned.elements()));
    }
}

TEST_CASE("what the palette has is left as it is") {
    dice random;
    CAPTURE(random.seed);
    const auto palette = random_image<3>(random, 30, 1);
    image<u8, 1> labels(40, 30);
    for (auto& label : labels.elements()) label = static_cast<u8>(random.below(30));
    const auto photo = lloyd::recolor(labels, palette);
    for (const int amount : {0, 5, 16})
        CHECK(same_pixels(lloyd::recolor(dither(photo, palette, amount), palette), photo));
}

TEST_CASE("a palette of one colour paints all with it") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 33, 9);
    for (const int level : {0, 128, 255}) CHECK(elements_of(dither(photo, grays(1, 1, {level}))) == bytes(297, 0));
}

TEST_CASE("dots have the mean of the shade, everywhere") {
    const image<u8, 3> palette = grays(4, 1, {0, 80, 170, 255});
    for (int level = 0; level < 256; level += 5) {
        CAPTURE(level);
        const auto painted = lloyd::recolor(dither(grays(64, 64, std::vector<int>(4096, level)), palette), palette);
        for (std::ptrdiff_t y = 0; y < 64; y += 16)
            for (std::ptrdiff_t x = 0; x < 64; x += 16) {
                double sum = 0;
                for (std::ptrdiff_t row = y; row < y + 16; ++row)
                    for (std::ptrdiff_t column = x; column < x + 16; ++column) sum += painted(column, row)[1];
                CHECK(std::abs(sum / 256 - level) < 5);
            }
    }
}

TEST_CASE("dots have the mean of a photo within its palette") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 120, 80);
    image<u8, 3> corners(8, 1);
    for (std::ptrdiff_t i = 0; i < 24; ++i) corners.data()[i] = (i / 3 >> i % 3 & 1) != 0 ? 255 : 0;
    const auto painted = lloyd::recolor(dither(photo, corners), corners);
    for (std::size_t c = 0; c < 3; ++c) {
        double wanted = 0, found = 0;
        for (std::size_t i = c; i < photo.elements().size(); i += 3)
            wanted += photo.elements()[i], found += painted.elements()[i];
        CHECK(std::abs(wanted - found) / 9600 < 1);
    }
}

TEST_CASE("layouts of photo and palette, and channels known at run time, change nothing") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 13, 9);
    const auto palette = random_palette(random, 21);
    const auto expected = dither(photo, palette);
    for (const auto& place : layouts(photo, u8{200})) {
        CAPTURE(place.name);
        CHECK(same_pixels(dither(place.view, palette), expected));
        for (const auto& colors : layouts(palette, u8{201}))
            CHECK(same_pixels(dither(place.view, colors.view), expected));
    }
    CHECK(same_pixels(dither(image_view<const u8>(photo), image_view<const u8>(palette)), expected));
    CHECK(same_pixels(dither(image<u8, 3>(photo), image<u8>(palette)), expected));
}

TEST_CASE("nothing makes nothing, of the same size") {
    const image<u8, 3> palette(1, 1);
    CHECK(dither(image<u8, 3>(), palette).empty());
    CHECK(dither(image<u8, 3>(0, 5), palette).height() == 5);
    CHECK(dither(image<u8, 3>(5, 0), palette).width() == 5);
    constexpr auto most = (std::numeric_limits<std::ptrdiff_t>::max)();
    CHECK(dither(image<u8, 3>(0, most), palette).height() == most);
}

// Oracle

TEST_CASE("equals the definition at every size to 9x9, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (std::ptrdiff_t width = 1; width <= 9; ++width)
            for (std::ptrdiff_t height = 1; height <= 9; ++height) {
                const auto photo = random_image<3>(random, width, height);
                const auto palette = random_palette(random, 1 + random.below(40));
                const auto amount = static_cast<int>(random.below(17));
                REQUIRE(same_pixels(dither(photo, palette, amount), reference::dither(photo, palette, amount)));
            }
    }
}

TEST_CASE("equals the definition with any number of colours and any amount, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const std::ptrdiff_t k : {1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 24, 25, 64, 255, 256})
            for (const int amount : {0, 1, 7, 8, 15, 16}) {
                CAPTURE(k);
                CAPTURE(amount);
                const auto photo = random.below(2) == 0 ? random_image<3>(random, 30, 7, 1 + random.below(256))
                                                        : photo_like<3>(random, 30, 7);
                const auto palette = random_palette(random, k);
                REQUIRE(same_pixels(dither(photo, palette, amount), reference::dither(photo, palette, amount)));
            }
    }
}

TEST_CASE("equals the definition of a photo in the palette of its segments") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 150, 70);
    for (const int k : {2, 16, 40}) {
        const auto s = lloyd::segment(photo, k);
        CHECK(same_pixels(dither(photo, s.palette), reference::dither(photo, s.palette, 16)));
    }
}

// Refusals

TEST_CASE("refuses palettes and amounts that cannot be meant, whatever the photo") {
    for (const auto& photo : {grays(2, 1, {0, 255}), image<u8, 3>()}) {
        const auto palette = grays(2, 1, {0, 255});
        CHECK(refusal([&] { dither(photo, palette, -1); }) == "dither: amount is -1, but must be 0 to 16");
        CHECK(refusal([&] { dither(photo, palette, 17); }) == "dither: amount is 17, but must be 0 to 16");
        CHECK(refusal([&] { dither(photo, image<u8, 3>()); }) ==
              "dither: the palette is 0x0, but must be 1x1 to 256x1");
        CHECK(refusal([&] { dither(photo, image<u8, 3>(257, 1)); }) == says{"palette is 257x1", "1x1 to 256x1"});
        CHECK(refusal([&] { dither(photo, image<u8, 3>(1, 2)); }) == says{"palette is 1x2", "1x1 to 256x1"});
        CHECK(refusal([&] { dither(photo, image<u8, 3>(4, 0)); }) == says{"palette is 4x0"});
        CHECK(refusal([&] { dither(photo, image<u8>(4, 1, 4)); }) ==
              "dither: the palette has 4 channels, but must have 3");
    }
    CHECK(refusal([] { dither(image<u8>(2, 2, 1), image<u8, 3>(1, 1)); }) ==
          "dither: the image has 1 channels, but must have 3 (see select_channels)");
}

}  // namespace
