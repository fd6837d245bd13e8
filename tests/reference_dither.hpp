// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Dithering one pixel after another, as it is defined: what the library must agree with.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <lloyd/image.hpp>

namespace reference {

using rgb = std::array<int, 3>;

/// The number of the palette's nearest colour, of equals the lowest.
inline std::uint8_t nearest(const rgb& color, const lloyd::image_view<const std::uint8_t, 3>& palette) {
    int best = 0, least = 1 << 20;
    for (int j = 0; j < palette.width(); ++j) {
        int distance = 0;
        for (std::size_t c = 0; c < 3; ++c) distance += (color[c] - palette(j, 0)[c]) * (color[c] - palette(j, 0)[c]);
        if (distance < least) best = j, least = distance;
    }
    return static_cast<std::uint8_t>(best);
}

/// Sixteenths as a whole number, halves upwards.
inline int rounded(int sixteenths) { return static_cast<int>(std::floor((sixteenths + 8) / 16.0)); }

inline lloyd::image<std::uint8_t, 1> dither(const lloyd::image_view<const std::uint8_t, 3>& photo,
                                            const lloyd::image_view<const std::uint8_t, 3>& palette, int amount) {
    const auto width = photo.width(), height = photo.height();
    lloyd::image<std::uint8_t, 1> labels(width, height);
    lloyd::image<int, 3> shares(width, height);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t i = 0; i < width; ++i) {
            const bool to_the_right = y % 2 == 0;
            const auto x = to_the_right ? i : width - 1 - i, ahead = to_the_right ? std::ptrdiff_t{1} : -1;
            rgb color;
            for (std::size_t c = 0; c < 3; ++c)
                color[c] = std::clamp(photo(x, y)[c] + rounded(shares(x, y)[c]), 0, 255);
            const auto label = labels(x, y)[0] = nearest(color, palette);
            const auto give = [&](std::ptrdiff_t to_x, std::ptrdiff_t to_y, int part) {
                if (to_x < 0 || to_x >= width || to_y >= height) return;
                for (std::size_t c = 0; c < 3; ++c)
                    shares(to_x, to_y)[c] += part * rounded(amount * (color[c] - palette(label, 0)[c]));
            };
            give(x + ahead, y, 7);
            give(x - ahead, y + 1, 3);
            give(x, y + 1, 5);
            give(x + ahead, y + 1, 1);
        }
    return labels;
}

}  // namespace reference
