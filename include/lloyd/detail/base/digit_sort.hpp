// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Sorting by whole numbers, digit by digit: for many items faster than comparing them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <lloyd/detail/base/buffer.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Sorts the first `count` items by the std::uint64_t that key(item) returns; equal ones stay in order. Cost O(count) for
/// each digit of 16 bits, or of as many as `count` has, in which a key has a bit. Takes as much memory again. There may be
/// 2^32 − 1 items.
template <class T, class Key>
void sort_by_digits(buffer<T>& items, std::size_t count, const Key& key) {
    const int bits = (std::clamp)(static_cast<int>(std::bit_width(count)), 4, 16);
    buffer<T> sorted(items.size());
    buffer<std::uint32_t> places(std::size_t{1} << bits);
    std::uint64_t used = 0;
    for (std::size_t i = 0; i < count; ++i) used |= key(items[i]);
    for (int shift = 0; shift < 64; shift += bits) {
        const auto digit = [&](std::uint64_t number) { return number >> shift & (places.size() - 1); };
        if (digit(used) == 0) continue;
        places.fill(0);
        for (std::size_t i = 0; i < count; ++i) ++places[digit(key(items[i]))];
        std::uint32_t sum = 0;
        for (auto& place : places) sum += std::exchange(place, sum);
        for (std::size_t i = 0; i < count; ++i) sorted[places[digit(key(items[i]))]++] = items[i];
        (std::swap)(items, sorted);
    }
}

}  // namespace lloyd::inline v0::detail
