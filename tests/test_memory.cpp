// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How much memory clustering takes beside its input and its labels.

#include <cstddef>
#include <cstdint>

#include <doctest/doctest.h>

#include <lloyd/dither.hpp>
#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "counted_memory.hpp"
#include "sample_images.hpp"

namespace {

using u8 = std::uint8_t;

/// Every pixel another colour, up to 2^24 of them.
lloyd::image<u8, 3> many_colors(std::ptrdiff_t width, std::ptrdiff_t height) {
    lloyd::image<u8, 3> photo(width, height);
    for (std::ptrdiff_t i = 0; i < photo.size(); ++i) {
        const auto mixed = static_cast<std::uint32_t>(i) * 0x9e3779b1U;
        for (unsigned c = 0; c < 3; ++c) photo(i % width, i / width)[c] = static_cast<u8>(mixed >> (8 + 8 * c));
    }
    return photo;
}

TEST_CASE("takes 64 MiB for each thread and 48 bytes for each distinct colour, and no more") {
    for (const std::ptrdiff_t width : {20, 300, 1500})
        for (const int threads : {1, 2}) {
            CAPTURE(width);
            CAPTURE(threads);
            const auto photo = many_colors(width, width);
            const auto colors = lloyd::color_histogram(photo).size();
            const auto allowed = threads * (std::ptrdiff_t{64} << 20) + 48 * colors;
            const lloyd::kmeans_options options{.attempts = 2, .max_iterations = 2, .threads = threads};
            CHECK(peak_of([&] { lloyd::kmeans(photo, 8, options); }) <= allowed + 4 * photo.size());
            CHECK(peak_of([&] { lloyd::segment(photo, 8, {.kmeans = options}); }) <= allowed + photo.size());
            CHECK(peak_of([&] { lloyd::elbow_sweep(photo, {.k_max = 4, .kmeans = options}); }) <= allowed);
        }
}

TEST_CASE("segment takes 72 bytes for each distinct colour in spaces of steps") {
    const auto photo = many_colors(1200, 1000);
    const lloyd::image<u8, 1> weights = [] {
        lloyd::image<u8, 1> result(1200, 1000);
        for (std::ptrdiff_t i = 0; i < result.size(); ++i) result.data()[i] = static_cast<u8>(i % 256);
        return result;
    }();
    for (const auto space : {lloyd::color_space::hsv_cone, lloyd::color_space::lab, lloyd::color_space::oklab})
        for (const bool weighed : {false, true}) {
            const auto counting = std::ptrdiff_t{weighed ? 80 : 64} << 20;
            const auto allowed = counting + 72 * photo.size() + photo.size();
            lloyd::segment_options options{.space = space, .kmeans = {.max_iterations = 2}};
            if (weighed) options.weights = weights;
            CHECK(peak_of([&] { lloyd::segment(photo, 8, options); }) <= allowed);
        }
}

TEST_CASE("dither takes 19 bytes for each pixel of a row, and 100 more") {
    const auto photo = many_colors(1000, 50);
    const lloyd::image<u8, 3> palette(photo.crop(0, 0, 256, 1));
    CHECK(peak_of([&] { lloyd::dither(photo, palette); }) <= 19 * 1000 + 100 + photo.size());
}

TEST_CASE("keeps no table once a histogram is built") {
    const auto photo = many_colors(900, 700);
    lloyd::color_histogram<3> colors;
    const std::ptrdiff_t before = in_use;
    colors.add(photo);
    const auto pages = 2 * 2 * static_cast<std::ptrdiff_t>(lloyd::detail::large_page);  // whole ones, for two arrays
    CHECK(in_use - before <= 11 * colors.size() + pages);
}

}  // namespace
