// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Bytes of an image to 16-bit lanes and back, without moving a byte from lane to lane.
///
/// A vector of bytes is read as one of 16-bit lanes, each with an even column in one half and the next, odd one in the
/// other. They are separated by a mask and a shift (here on a little-endian CPU), and stay separate in all that
/// follows:
///
///     bytes              b0 b1 | b2 b3 | b4 b5 | …
///     even: x & 255      b0    | b2    | b4    | …      the right neighbours of even columns are the odd ones,
///     odd:  x >> 8       b1    | b3    | b5    | …      those of odd columns the even ones a lane later
///
/// Results return to bytes by even | odd << 8.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Whether odd columns (Odd), or even ones, are in the high half of each lane.
template <bool Odd>
inline constexpr bool in_high_half = Odd == (std::endian::native == std::endian::little);

/// The same row without its first column, so that the next one counts as even. A plain row stays as it is.
[[gnu::always_inline]] inline even_odd_row without_first(const even_odd_row& row) {
    return {{row.phases[1], row.phases[0] + 1}};
}
template <class T>
[[gnu::always_inline]] inline T* without_first(T* row) {
    return row;
}

/// Calls step(x, rows...) for vectors of `Bytes` bytes that cover a row of `size` bytes, of which x is the first column.
/// The last vector overlaps the one before it, unless the size is a multiple of Bytes; a row shorter than a vector must
/// have room for one. Where that vector begins with an odd column, `rows` are passed without their first column: so
/// column x is in phases[0][x / 2] for any x.
template <int Bytes, class Step, class... Rows>
[[gnu::always_inline]] inline void for_each_even_odd_vector(std::ptrdiff_t size, const Step& step, Rows... rows) {
    size = (std::max)(size, std::ptrdiff_t{Bytes});
    for (std::ptrdiff_t x = 0;; x = size - Bytes) {
        for (; x + Bytes <= size; x += Bytes) step(x, rows...);
        if (x == size) return;
        if ((size - Bytes) % 2 != 0) ((rows = without_first(rows)), ...);
    }
}

/// Loads the even columns of a vector of bytes, or the odd ones, of the row that is k rows below the middle one.
template <bool Odd>
struct even_odd_column {
    const std::uint8_t* const* rows;  ///< rows[0] is the middle row, rows[k] the one k rows below
    std::ptrdiff_t at;                ///< the first column

    template <class Lanes>
    [[gnu::always_inline]] void load(std::ptrdiff_t k, Lanes& lanes) const {
        simd<std::uint16_t, static_cast<int>(sizeof(Lanes))> bytes;
        detail::load(bytes, rows[k] + at);
        bytes = in_high_half<Odd> ? bytes >> 8 : bytes & std::uint16_t{255};
        convert(lanes, bytes);
    }
};

/// Sums of two neighbouring bytes of a row, where here[0] is an even column. Lane i of sums[0], sums[1] and sums[2] is
/// here[2 i − 1] + here[2 i], here[2 i] + here[2 i + 1] and here[2 i + 1] + here[2 i + 2].
template <class Lanes>
[[gnu::always_inline]] inline void sum_pairs(Lanes (&sums)[3], const std::uint8_t* here) {
    constexpr std::uint16_t low_byte = 255;
    simd<std::uint16_t, static_cast<int>(sizeof(Lanes))> before, after, first, second;
    load(before, here - 1);
    load(after, here + 1);
    first = in_high_half<true> ? before >> 8 : before & low_byte;
    second = in_high_half<true> ? after & low_byte : after >> 8;
    before = in_high_half<true> ? before & low_byte : before >> 8;
    after = in_high_half<true> ? after >> 8 : after & low_byte;
    convert(sums[0], before + first);
    convert(sums[1], first + second);
    convert(sums[2], second + after);
}

/// Loads the pixels k · step columns to the right of those of one phase: lane i is column
/// Phases · (at + i) + Phase + k · step of the row.
template <int Phase, int Phases, class T>
struct along_phases {
    phased_row<T, Phases> row;
    std::ptrdiff_t at;
    std::ptrdiff_t step = 1;

    template <class Lanes>
    [[gnu::always_inline]] void load(std::ptrdiff_t k, Lanes& lanes) const {
        const std::ptrdiff_t column = Phase + k * step, phase = column & (Phases - 1);
        detail::load(lanes, row.phases[phase] + at + (column - phase) / Phases);
    }
};

template <bool Odd>
using along_even_odd = along_phases<Odd ? 1 : 0, 2, std::int16_t>;

/// The high bytes of even and of odd columns, as one vector of bytes in the order of columns.
template <class Lanes>
[[gnu::always_inline]] inline void join_high_bytes(Lanes& both, const Lanes& even, const Lanes& odd) {
    if constexpr (in_high_half<true>)
        both = (even >> 8) | (odd & std::uint16_t{0xff00});
    else
        both = (odd >> 8) | (even & std::uint16_t{0xff00});
}

}  // namespace lloyd::inline v0::detail
