// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A number for every 8-bit colour of 1 to 3 channels, stored only near colours that occur: cubes of 8 colours a side
/// point to cells that are allotted on first touch.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/color_codes.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

template <std::size_t Channels, class Value>
    requires(1 <= Channels && Channels <= 3)
class color_table {
public:
    static constexpr std::uint32_t cells = cells_of_block<Channels>;
    static constexpr std::uint32_t blocks = blocks_of<Channels>;
    static constexpr std::size_t cubes = cubes_of<Channels>;
    static constexpr std::uint32_t none = 0xffff'ffff;

    /// Room for the cubes that `colors` different colours can touch; memory is used only where it is written.
    explicit color_table(std::size_t colors) : blocks_(blocks, none), values_((std::min)(std::size_t{blocks}, colors) * cells) {}

    /// Where in values() a colour is. Its cube is allotted, all 0, when it is new.
    std::uint32_t place(std::uint32_t code) {
        std::uint32_t block = blocks_.data()[code >> block_bits<Channels>];
        if (block == none) block = allot(code >> block_bits<Channels>);
        return block + (code & (cells - 1));
    }

    /// Where in values() a cube's cells begin; none if it has not been touched.
    std::uint32_t block(std::uint32_t cube) const { return blocks_.data()[cube]; }

    Value* values() const { return values_.data(); }
    /// How many values are in use.
    std::uint32_t used() const { return used_; }

    const std::uint32_t* firsts() const { return blocks_.data(); }
    [[gnu::noinline]] std::uint32_t allot(std::uint32_t cube) {
        const auto block = used_;
        std::memset(values_.data() + block, 0, cells * sizeof(Value));
        used_ += cells;
        return blocks_.data()[cube] = block;
    }

private:
    buffer<std::uint32_t> blocks_;
    buffer<Value> values_;
    std::uint32_t used_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
