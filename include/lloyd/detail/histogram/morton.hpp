// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Morton codes of colours: the channels' bits interleaved, the first channel's on top. Every prefix of a code is a cube
/// of colour space.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/open_detail.inc>

/// Bit b of a channel's value goes to bit b · Channels.
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

/// The bits of one channel, gathered from every Channels-th place.
template <std::size_t Channels>
constexpr std::uint8_t gather_bits(std::uint32_t code) {
    std::uint32_t value = 0;
    for (std::uint32_t bit = 0; bit < 8; ++bit) value |= (code >> (bit * Channels) & 1U) << bit;
    return static_cast<std::uint8_t>(value);
}

template <std::size_t Channels>
constexpr void morton_color(std::uint32_t code, std::uint8_t* color) {
    for (std::size_t c = 0; c < Channels; ++c) color[c] = gather_bits<Channels>(code >> (Channels - 1 - c));
}

/// Codes share a cube of 8 colours a side when they differ in their lowest bits only.
template <std::size_t Channels>
inline constexpr std::uint32_t cell_bits = (std::min)(8U * static_cast<std::uint32_t>(Channels), 9U);

/// Colours in such a cube.
template <std::size_t Channels>
inline constexpr std::uint32_t cells_of = 1U << cell_bits<Channels>;

/// Cubes in all.
template <std::size_t Channels>
inline constexpr std::uint32_t cubes_of = 1U << (8 * Channels - cell_bits<Channels>);

}  // namespace lloyd::inline v0::detail
