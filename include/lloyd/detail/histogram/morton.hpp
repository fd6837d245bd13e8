// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Morton codes of colours (Morton 1966): the bits of the channels interleaved, the first channel's bit above the
/// others'.
///
///     bits r7…r0, g7…g0, b7…b0 of three channels: the code is r7 g7 b7 r6 g6 b6 … r0 g0 b0
///
/// Colours whose codes begin with the same 3 · n bits fill a cube of 256 / 2^n colours a side.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/open_detail.inc>

/// For each value of a channel: its bit b, moved to bit b · Channels.
template <std::size_t Channels>
inline constexpr std::array<std::uint32_t, 256> spread_bits = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t value = 0; value < 256; ++value)
        for (std::uint32_t bit = 0; bit < 8; ++bit)
            table[value] |= (value >> bit & 1u) << (bit * static_cast<std::uint32_t>(Channels));
    return table;
}();

template <std::size_t Channels>
constexpr std::uint32_t morton_code(const std::uint8_t* color) {
    std::uint32_t code = 0;
#pragma GCC unroll 3
    for (std::size_t c = 0; c < Channels; ++c) code = code << 1 | spread_bits<Channels>[color[c]];
    return code;
}

/// The value of the last channel: bits 0, Channels, 2 · Channels … of a code.
template <std::size_t Channels>
constexpr std::uint8_t gather_bits(std::uint32_t code) {
    std::uint32_t value = 0;
    for (std::uint32_t bit = 0; bit < 8; ++bit) value |= (code >> (bit * Channels) & 1U) << bit;
    return static_cast<std::uint8_t>(value);
}

/// Writes the colour that has this code.
template <std::size_t Channels>
constexpr void morton_color(std::uint32_t code, std::uint8_t* color) {
    for (std::size_t c = 0; c < Channels; ++c) color[c] = gather_bits<Channels>(code >> (Channels - 1 - c));
}

/// The number of low bits in which the codes of a cube's colours differ. A cube has 8 colours a side; with two channels
/// 16 × 32, and with one all 256.
template <std::size_t Channels>
inline constexpr std::uint32_t cube_bits = (std::min)(8U * static_cast<std::uint32_t>(Channels), 9U);

/// Cells of a cube: one for each of its colours.
template <std::size_t Channels>
inline constexpr std::uint32_t cube_cells = 1U << cube_bits<Channels>;

/// How many cubes there are.
template <std::size_t Channels>
inline constexpr std::uint32_t cube_count = 1U << (8 * Channels - cube_bits<Channels>);

}  // namespace lloyd::inline v0::detail
