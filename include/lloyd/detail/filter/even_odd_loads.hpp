// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Bytes of a photo taken into 16-bit lanes, and put back, without moving any.
///
/// Two bytes lie in each lane, and come out as x & 255 and x >> 8: even columns and odd ones, which stay apart. The
/// neighbours of even columns are then found among odd ones. Results go back with one "or".
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Whether the columns asked for are those in the high half of each lane.
template <bool Odd>
inline constexpr bool in_high_half = Odd == (std::endian::native == std::endian::little);

/// The last even column up to this one. A row's last whole vector begins there, in part once more what was done before:
/// cheaper than a vector of fewer bytes, which is left for a last odd column and for rows that are no vector long.
[[gnu::always_inline]] inline std::ptrdiff_t last_even(std::ptrdiff_t x) { return x / 2 * 2; }

/// Bytes of the rows above and below, k rows off: of even columns, or of odd ones.
template <bool Odd, bool Full>
struct even_odd_column {
    const std::uint8_t* const* rows;  ///< of the middle row
    std::ptrdiff_t at, left;          ///< the place in each row, and how many bytes there are from there on

    template <class Lanes>
    [[gnu::always_inline]] void load(std::ptrdiff_t k, Lanes& lanes) const {
        simd<std::uint16_t, static_cast<int>(sizeof(Lanes))> bytes;
        load_partial<Full>(bytes, rows[k] + at, left);
        bytes = in_high_half<Odd> ? bytes >> 8 : bytes & std::uint16_t{255};
        convert(lanes, bytes);
    }
};

/// Sums of two neighbouring bytes of a row, from an even column on: of columns −1 and 0, of 0 and 1, of 1 and 2.
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

/// What lies k steps along a row from its columns of one phase, those from number `at` of them on.
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

/// Two vectors of 16-bit lanes, of which only the high bytes count, as one of bytes.
template <class Lanes>
[[gnu::always_inline]] inline void join_high_bytes(Lanes& both, const Lanes& even, const Lanes& odd) {
    if constexpr (in_high_half<true>)
        both = (even >> 8) | (odd & std::uint16_t{0xff00});
    else
        both = (odd >> 8) | (even & std::uint16_t{0xff00});
}

}  // namespace lloyd::inline v0::detail
