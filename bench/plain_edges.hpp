// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The baselines of edges: each stage in loops as a page about it would have them, over rows that are never left.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <vector>

#include <benchmark/benchmark.h>

#include <lloyd/canny.hpp>

#include "photo_bench.hpp"

namespace bench {

using gray_type = lloyd::image<std::uint8_t, 1>;

/// What the rate of a step over pixels follows from. The checksum tells whether two ways gave the same.
template <class Image>
void report_pixels(benchmark::State& state, const subject& on, double bytes_per_pixel, const Image& result) {
    time_per(state, "pixel", on.pixel_count());
    rate(state, "bytes", on.pixel_count() * bytes_per_pixel);
    const auto elements = result.elements();
    state.counters["checksum"] = std::accumulate(elements.begin(), elements.end(), 0.0);
}

/// Weights 1 4 6 4 1 along and down.
inline gray_type plain_blur(const gray_type& gray) {
    constexpr int weights[] = {1, 4, 6, 4, 1};
    const auto width = gray.width(), height = gray.height();
    const auto back = [](std::ptrdiff_t i, std::ptrdiff_t size) {
        return i < 0 ? -i : i < size ? i : 2 * size - 2 - i;
    };
    lloyd::image<int, 1> along(width, height);
    gray_type blurred(width, height);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x)
            for (int k = 0; k < 5; ++k) along(x, y)[0] += weights[k] * gray(back(x + k - 2, width), y)[0];
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x) {
            int sum = 128;
            for (int k = 0; k < 5; ++k) sum += weights[k] * along(x, back(y + k - 2, height))[0];
            blurred(x, y)[0] = static_cast<std::uint8_t>(sum >> 8);
        }
    return blurred;
}

inline lloyd::sobel_gradient plain_sobel(const gray_type& gray) {
    const auto width = gray.width(), height = gray.height();
    lloyd::sobel_gradient gradient{.dx{width, height}, .dy{width, height}, .magnitude{width, height}};
    for (std::ptrdiff_t y = 0; y < height; ++y) {
        const auto up = gray.row(std::max(y - 1, std::ptrdiff_t{0})), here = gray.row(y),
                   down = gray.row(std::min(y + 1, height - 1));
        for (std::ptrdiff_t x = 0; x < width; ++x) {
            const auto left = static_cast<std::size_t>(std::max(x - 1, std::ptrdiff_t{0})),
                       right = static_cast<std::size_t>(std::min(x + 1, width - 1)), i = static_cast<std::size_t>(x);
            const int dx = up[right] + 2 * here[right] + down[right] - up[left] - 2 * here[left] - down[left];
            const int dy = down[left] + 2 * down[i] + down[right] - up[left] - 2 * up[i] - up[right];
            gradient.dx(x, y)[0] = static_cast<std::int16_t>(dx);
            gradient.dy(x, y)[0] = static_cast<std::int16_t>(dy);
            gradient.magnitude(x, y)[0] = std::abs(dx) + std::abs(dy);
        }
    }
    return gradient;
}

inline lloyd::edge_ridges plain_suppress(const lloyd::sobel_gradient& gradient) {
    const auto width = gradient.magnitude.width(), height = gradient.magnitude.height();
    lloyd::edge_ridges ridges{.magnitude{width, height}};
    const auto at = [&](std::ptrdiff_t x, std::ptrdiff_t y) {
        return 0 <= x && x < width && 0 <= y && y < height ? gradient.magnitude(x, y)[0] : 0;
    };
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x) {
            const int m = gradient.magnitude(x, y)[0], dx = gradient.dx(x, y)[0], dy = gradient.dy(x, y)[0];
            const int slope = std::abs(dx) * 13573, steep = std::abs(dy) << 15;
            const int side = (dx ^ dy) < 0 ? -1 : 1;
            const bool kept = steep < slope ? m > at(x - 1, y) && m >= at(x + 1, y)
                              : steep > slope + (std::abs(dx) << 16)
                                  ? m > at(x, y - 1) && m >= at(x, y + 1)
                                  : m > at(x - side, y - 1) && m > at(x + side, y + 1);
            ridges.magnitude(x, y)[0] = kept ? m : 0;
        }
    return ridges;
}

/// With a stack of pixels.
inline gray_type plain_trace(const gray_type& strength) {
    gray_type edges(strength.width(), strength.height());
    std::vector<std::ptrdiff_t> todo;
    const auto visit = [&](std::ptrdiff_t i) {
        if (edges.data()[i] != 0) return;
        edges.data()[i] = 255;
        todo.push_back(i);
    };
    for (std::ptrdiff_t i = 0; i < strength.size(); ++i)
        if (strength.data()[i] == 2) visit(i);
    while (!todo.empty()) {
        const auto x = todo.back() % strength.width(), y = todo.back() / strength.width();
        todo.pop_back();
        for (auto j = std::max(y - 1, std::ptrdiff_t{0}); j < std::min(y + 2, strength.height()); ++j)
            for (auto i = std::max(x - 1, std::ptrdiff_t{0}); i < std::min(x + 2, strength.width()); ++i)
                if (strength(i, j)[0] != 0) visit(j * strength.width() + i);
    }
    return edges;
}

}  // namespace bench
