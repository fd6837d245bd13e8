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
    for (std::size_t c = 0; c < Channels; ++c) code = code << 1 | spread_bits<Channels>[color[c]];
    return code;
}

template <std::size_t Channels>
void morton_color(std::uint32_t code, std::uint8_t* color) {
    for (std::size_t c = 0; c < Channels; ++c) {
        std::uint32_t value = 0;
        for (std::uint32_t bit = 0; bit < 8; ++bit)
            value |= (code >> (bit * Channels + (Channels - 1 - c)) & 1u) << bit;
        color[c] = static_cast<std::uint8_t>(value);
    }
}

template <std::size_t Channels>
    requires(1 <= Channels && Channels <= 3)
class color_table {
public:
    static constexpr std::uint32_t cell_bits = (std::min)(8u * static_cast<std::uint32_t>(Channels), 9u);
    static constexpr std::uint32_t cells = 1u << cell_bits;
    static constexpr std::size_t cubes = std::size_t{1} << (8 * Channels - cell_bits);

    /// Room for as many cubes as `colors` colours can touch, at most 64 MiB; memory is used only where it is written.
    explicit color_table(std::size_t colors) : blocks_(cubes, none), values_((std::min)(cubes, colors) * cells) {}

    /// The value of a colour, 0 at first.
    std::uint32_t& operator[](std::uint32_t code) {
        std::uint32_t& block = blocks_[code >> cell_bits];
        if (block == none) block = allot();
        return values_.data()[block + (code & (cells - 1))];
    }

    /// The value of a colour that has been touched.
    std::uint32_t at(std::uint32_t code) const {
        return values_.data()[blocks_[code >> cell_bits] + (code & (cells - 1))];
    }

    /// Calls use(code, value) for each value that is not 0, in Morton order.
    template <class Use>
    void for_each(const Use& use) const {
        for (std::uint32_t cube = 0; cube < cubes; ++cube) {
            if (blocks_[cube] == none) continue;
            const std::uint32_t* values = values_.data() + blocks_[cube];
            for (std::uint32_t cell = 0; cell < cells; ++cell)
                if (values[cell] != 0) use(cube << cell_bits | cell, values[cell]);
        }
    }

private:
    static constexpr std::uint32_t none = 0xffff'ffff;

    std::uint32_t allot() {
        const auto block = used_;
        std::fill_n(values_.data() + block, cells, 0u);
        used_ += cells;
        return block;
    }

    buffer<std::uint32_t> blocks_;
    buffer<std::uint32_t> values_;
    std::uint32_t used_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
