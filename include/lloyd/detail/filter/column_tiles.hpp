// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Very wide pictures are taken in columns of tiles: the rows that stages remember then need no more memory than for a
/// usual one. (Narrower tiles, to keep rows in the first cache, were slower.)
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <lloyd/detail/base/deferred.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The columns first to last − 1 are wanted, and need those from `begin` to end − 1 to be looked at.
struct column_tile {
    std::ptrdiff_t first, last, begin, end;
};

/// Tiles of whole groups of 16 words of 64 columns, each looking at `reach` columns on either side, as far as there are
/// any; to the left in whole words.
template <class = deferred>
std::vector<column_tile> tiles_of(std::ptrdiff_t width, std::ptrdiff_t channels, std::ptrdiff_t radius) {
    constexpr std::ptrdiff_t max_elements = 8192, bits_of_word = 64, group = 16 * bits_of_word;
    const auto round_up = [](std::ptrdiff_t x, std::ptrdiff_t multiple) {
        return (x + multiple - 1) / multiple * multiple;
    };
    const std::ptrdiff_t count = (width * channels + max_elements - 1) / max_elements;
    const std::ptrdiff_t step = round_up((std::max)((width + count - 1) / count, 2 * radius), group);
    std::vector<column_tile> tiles;
    for (std::ptrdiff_t x = 0; x < width; x += step) {
        const auto last = (std::min)(x + step, width);
        tiles.push_back({x, last, (std::max)(x - round_up(radius, bits_of_word), std::ptrdiff_t{0}),
                         (std::min)(last + radius, width)});
    }
    return tiles;
}

}  // namespace lloyd::inline v0::detail
