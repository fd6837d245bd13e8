// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// How much stack and memory the edges of hostile pictures take, and how few threads.

#include <lloyd/canny.hpp>

#include <cstddef>
#include <cstdint>

#include <doctest/doctest.h>

#include "counted_memory.hpp"
#if defined(__GLIBC__)
#include "failing_threads.hpp"
#endif
#include "little_stack.hpp"
#include "sample_images.hpp"

namespace {

using namespace samples;
using lloyd::image;
using strength_map = image<u8, 1>;

constexpr std::ptrdiff_t side = 4096;

std::ptrdiff_t edges_of(const strength_map& strength) {
    std::ptrdiff_t count = 0;
    in_little_stack([&] {
        const auto edges = lloyd::hysteresis(strength);
        count = std::ranges::count(edges.elements(), 255);
    });
    return count;
}

TEST_CASE("grows over 4096 x 4096 weak pixels in a stack of 64 KiB") {
    strength_map strength(side, side);
    std::ranges::fill(strength.elements(), u8{1});
    CHECK(edges_of(strength) == 0);
    strength(side / 2, side / 2)[0] = 2;
    CHECK(edges_of(strength) == side * side);
}

/// A line that winds from a corner to the middle with a pixel between its turns; returns how long it is.
std::ptrdiff_t draw_spiral(strength_map& map) {
    std::ptrdiff_t x = 0, y = 0, dx = 1, dy = 0, length = 1;
    const auto is_free = [&](std::ptrdiff_t i, std::ptrdiff_t j) {
        return 0 > i || i >= map.width() || 0 > j || j >= map.height() || map(i, j)[0] == 0;
    };
    const auto inside = [&](std::ptrdiff_t i, std::ptrdiff_t j) {
        return 0 <= i && i < map.width() && 0 <= j && j < map.height();
    };
    map(0, 0)[0] = 1;
    for (int turns = 0; turns < 2;) {
        if (inside(x + dx, y + dy) && is_free(x + dx, y + dy) && is_free(x + 2 * dx, y + 2 * dy)) {
            x += dx;
            y += dy;
            map(x, y)[0] = 1;
            ++length;
            turns = 0;
        } else {
            const auto turned = dx;
            dx = -dy;
            dy = turned;
            ++turns;
        }
    }
    map(x, y)[0] = 2;
    return length;
}

TEST_CASE("follows a spiral of 4096 x 4096 pixels in a stack of 64 KiB") {
    strength_map strength(side, side);
    const auto length = draw_spiral(strength);
    CHECK(length > side * side / 3);
    CHECK(edges_of(strength) == length);
}

/// Stripes with rough sides: edges of every kind in every block.
template <std::size_t C>
image<u8, C> stripes(std::ptrdiff_t width, std::ptrdiff_t height) {
    dice random;
    image<u8, C> photo(width, height);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x)
            for (auto& value : photo(x, y))
                value = static_cast<u8>((x + y / 3) % 12 < 6 ? random.below(100) : 155 + random.below(100));
    return photo;
}

/// What an image of these sides takes by itself, and beside it 4 MiB and half a byte for each pixel of whole words.
std::ptrdiff_t allowance(std::ptrdiff_t width, std::ptrdiff_t height) {
    const auto output = peak_of([&] { lloyd::detail::uninitialized_image<u8, 1>(width, height); });
    return output + (std::ptrdiff_t{4} << 20) + (width + 63) / 64 * 64 * height / 2;
}

TEST_CASE("takes 4 MiB and half a byte for each pixel beside input and output, and no more") {
    const struct {
        std::ptrdiff_t width, height;
    } sizes[] = {{1500, 1000}, {2100, 2100}, {24576, 20}, {100000, 20}, {130, 50000},
                 {65, 80000},  {1, 300000},  {1, 1},      {1000000, 1}};
    for (const auto& size : sizes) {
        CAPTURE(size.width);
        const auto photo = stripes<1>(size.width, size.height);
        const auto allowed = allowance(size.width, size.height);
        CHECK(peak_of([&] { lloyd::canny(photo, 20, 300); }) <= allowed);
        CHECK(peak_of([&] { lloyd::canny(photo, 20, 300, {.norm = lloyd::gradient_norm::l2}); }) <= allowed);
    }
    const auto wide = stripes<3>(8192, 20);
    CHECK(peak_of([&] { lloyd::canny(wide, 20, 300, {.aperture = 7, .norm = lloyd::gradient_norm::l2}); }) <=
          allowance(8192, 20));
    const auto color = stripes<3>(700, 300);
    CHECK(peak_of([&] { lloyd::canny(color, 20, 300, {.aperture = 7}); }) <= allowance(700, 300));
    CHECK(peak_of([&] { lloyd::canny(color, 1, 3, {.sigma = 20, .blur_size = 121}); }) <= allowance(700, 300));
}

TEST_CASE("blurs and finds edges in a stack of 64 KiB, whatever the aperture") {
    const auto photo = stripes<3>(700, 300);
    for (const int aperture : {3, 5, 7})
        for (const auto norm : {lloyd::gradient_norm::l1, lloyd::gradient_norm::l2}) {
            const lloyd::canny_options options{.aperture = aperture, .norm = norm};
            image<u8, 1> edges;
            in_little_stack([&] { edges = lloyd::canny(photo, 20, 300, options); });
            CHECK(same_pixels(edges, lloyd::canny(photo, 20, 300, options)));
        }
}

#if defined(__GLIBC__)

TEST_CASE("finds the same edges with the threads that start, whichever of them is the first that does not") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = faint_stripes(random, 150, 1500);
    const auto same = [](const auto& a, const auto& b) { return same_pixels(a, b); };
    CHECK(run_short_of_threads([&] { return lloyd::canny(photo, 50, 250, {.threads = 4}); }, same) == 3);
}

#endif

}  // namespace
