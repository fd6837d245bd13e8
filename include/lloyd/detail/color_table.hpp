// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A number for every 8-bit colour of 1 to 3 channels, stored only near colours that occur.
///
/// Colours are indexed by their Morton code: the channels' bits interleaved, the first channel's on top. Every prefix of
/// a code is a cube of colour space, and neighbours in colour share cache lines. The table has two levels: cubes of
/// 8 colours a side point to cells that are allotted on first touch.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/buffer.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

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
std::uint32_t morton_code(const std::uint8_t* color) {
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

template <std::size_t Channels, class Value>
    requires(1 <= Channels && Channels <= 3)
class color_table {
public:
    static constexpr std::uint32_t cells = 1U << cell_bits<Channels>;
    static constexpr std::size_t cubes = std::size_t{1} << (8 * Channels - cell_bits<Channels>);

    /// Room for the cubes that `colors` different colours can touch; memory is used only where it is written.
    explicit color_table(std::size_t colors) : blocks_(cubes, none), values_((std::min)(cubes, colors) * cells) {}

    /// The value of a colour, 0 at first.
    Value& operator[](std::uint32_t code) {
        std::uint32_t& block = blocks_.data()[code >> cell_bits<Channels>];
        if (block == none) block = allot();
        return values_.data()[block + (code & (cells - 1))];
    }

    /// The values of a cube's colours, null if none has been touched.
    const Value* cube(std::uint32_t prefix) const {
        return blocks_[prefix] == none ? nullptr : values_.data() + blocks_[prefix];
    }

private:
    static constexpr std::uint32_t none = 0xffff'ffff;

    std::uint32_t allot() {
        const auto block = used_;
        std::fill_n(values_.data() + block, cells, Value{});
        used_ += cells;
        return block;
    }

    buffer<std::uint32_t> blocks_;
    buffer<Value> values_;
    std::uint32_t used_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
