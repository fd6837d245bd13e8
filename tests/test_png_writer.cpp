// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// PNG files that are written: the smallest kind that holds a picture, which reading gives back.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/image.hpp>

#include "../examples/png_writer.hpp"
#include "picture_files.hpp"
#include "sample_images.hpp"

namespace {

using namespace picture_files;
using samples::dice;

constexpr int gray = 0, rgb = 2, palette = 3, gray_alpha = 4, rgba = 6;

/// What the header says: bits of a channel or index, and the type of colours.
std::pair<int, int> kind_of(const bytes& file) { return {file[24], file[25]}; }

/// The data of a chunk; empty if there is none.
bytes chunk(const bytes& file, std::string_view name) {
    for (std::size_t at = 8; at + 12 <= file.size();) {
        const auto length = std::accumulate(&file[at], &file[at + 4], std::size_t{0},
                                            [](std::size_t sum, std::uint8_t byte) { return sum << 8 | byte; });
        const auto data = file.begin() + static_cast<std::ptrdiff_t>(at + 8);
        if (std::equal(name.begin(), name.end(), data - 4)) return {data, data + static_cast<std::ptrdiff_t>(length)};
        at += length + 12;
    }
    return {};
}

/// A picture with exactly this number of colours in random places; of 4 channels, each colour has another alpha.
picture of_colors(std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels, int colors, dice& random) {
    picture result(width, height, channels);
    for (std::ptrdiff_t i = 0; i < result.size(); ++i) {
        const auto color = static_cast<std::size_t>(i < colors ? i : random.below(colors));
        const auto pixel = result(i % width, i / width);
        for (std::size_t c = 0; c < pixel.size(); ++c)
            pixel[c] = static_cast<std::uint8_t>(color * (2 * c + 1) + (c == 1 ? color / 256 : 0));
    }
    return result;
}

TEST_CASE("up to 256 colours become indices of the fewest bits, and reading gives them back") {
    dice random;
    for (const std::ptrdiff_t channels : {3, 4})
        for (const auto& given : {std::pair{1, 1}, {2, 1}, {3, 2}, {4, 2}, {5, 4}, {16, 4}, {17, 8}, {256, 8}})
            for (std::ptrdiff_t width = 257; width <= 265; ++width) {
                const int colors = given.first;
                CAPTURE(channels);
                CAPTURE(colors);
                CAPTURE(width);
                const auto original = of_colors(width, 3, channels, colors, random);
                const auto file = io::encode_png(original);
                CHECK(kind_of(file) == std::pair(given.second, palette));
                CHECK(chunk(file, "PLTE").size() == static_cast<std::size_t>(3 * colors));
                CHECK(chunk(file, "tRNS").empty() == (channels == 3));
                CHECK(equal(io::decode(file).picture, original));
            }
}

TEST_CASE("more than 256 colours keep 8 bits a channel") {
    dice random;
    for (const std::ptrdiff_t channels : {3, 4}) {
        const auto original = of_colors(40, 30, channels, 257, random);
        const auto file = io::encode_png(original);
        CHECK(kind_of(file) == std::pair(8, channels == 3 ? rgb : rgba));
        CHECK(chunk(file, "PLTE").empty());
        CHECK(equal(io::decode(file).picture, original));
    }
    const auto two_channels = numbered(40, 30, 2);
    CHECK(kind_of(io::encode_png(two_channels)) == std::pair(8, gray_alpha));
    CHECK(equal(io::decode(io::encode_png(two_channels)).picture, two_channels));
}

TEST_CASE("an indexed RGBA picture keeps its alpha channel, with levels up to the last colour that is not opaque") {
    picture original(4, 1, 4);
    const bytes pixels = {9, 9, 9, 255, 1, 2, 3, 0, 7, 7, 7, 128, 1, 2, 3, 255};
    std::ranges::copy(pixels, original.elements().begin());
    CHECK(chunk(io::encode_png(original), "tRNS") == bytes{0, 128});
    CHECK(chunk(io::encode_png(original), "PLTE") == bytes{1, 2, 3, 7, 7, 7, 1, 2, 3, 9, 9, 9});
    for (std::size_t i = 3; i < 16; i += 4) original.elements()[i] = 255;
    const auto opaque = io::encode_png(original);
    CHECK(chunk(opaque, "tRNS") == bytes{255});
    CHECK(equal(io::decode(opaque).picture, original));
}

TEST_CASE("gray takes the fewest bits that hold all its levels") {
    dice random;
    for (const auto& given : {std::pair{255, 1}, {85, 2}, {17, 4}, {1, 8}, {51, 4}, {5, 8}})
        for (std::ptrdiff_t width = 300; width <= 308; ++width) {
            const int step = given.first;
            CAPTURE(step);
            CAPTURE(width);
            picture original(width, 3, 1);
            for (std::ptrdiff_t i = 0; i < original.size(); ++i) {
                const auto level = i < 256 ? i : random.below(256);
                original.elements()[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(level - level % step);
            }
            const auto file = io::encode_png(original);
            CHECK(kind_of(file) == std::pair(given.second, gray));
            CHECK(equal(io::decode(file).picture, original));
        }
}

TEST_CASE("views with padded rows and from the bottom up are written as they look") {
    const auto whole = numbered(9, 5, 3);
    const auto part = whole.crop(1, 1, 6, 3);
    CHECK(equal(io::decode(io::encode_png(part)).picture, picture(part)));
    const lloyd::image_view<const std::uint8_t> flipped(whole.row(4).data(), 9, 5, 3, -27);
    CHECK(equal(io::decode(io::encode_png(flipped)).picture, picture(flipped)));
}

TEST_CASE("a picture without pixels is refused") {
    const picture none(0, 0, 3);
    CHECK_THROWS_AS(io::encode_png(none), std::length_error);
}

}  // namespace
