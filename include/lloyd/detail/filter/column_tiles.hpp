// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Cuts very wide images into tiles, each some columns of all rows, so that the rows that stages keep need bounded
/// memory. (Narrower tiles, meant to keep rows in a cache, were slower: see docs/notes/canny.md.)
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <lloyd/detail/base/deferred.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A tile writes columns first to last − 1 and reads columns read_first to read_last − 1.
struct column_tile {
    std::ptrdiff_t first, last, read_first, read_last;
};

/// The tiles of an image, from left to right. Each reads `radius` more columns on either side, as far as there are any.
/// `first` is a multiple of 16 words of 64 columns and `read_first` one of 64, so that rows of bits start with a word.
template <class = deferred>
std::vector<column_tile> tiles_of(std::ptrdiff_t width, std::ptrdiff_t channels, std::ptrdiff_t radius) {
    constexpr std::ptrdiff_t max_elements = 24576, word_bits = 64, group = 16 * word_bits;
    const auto round_up = [](std::ptrdiff_t x, std::ptrdiff_t multiple) {
        return (x + multiple - 1) / multiple * multiple;
    };
    const std::ptrdiff_t count = (width * channels + max_elements - 1) / max_elements;
    const std::ptrdiff_t step = round_up((std::max)((width + count - 1) / count, 2 * radius), group);
    std::vector<column_tile> tiles;
    for (std::ptrdiff_t x = 0; x < width; x += step) {
        const auto last = (std::min)(x + step, width);
        tiles.push_back({x, last, (std::max)(x - round_up(radius, word_bits), std::ptrdiff_t{0}),
                         (std::min)(last + radius, width)});
    }
    return tiles;
}

}  // namespace lloyd::inline v0::detail
