// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A number for every 8-bit colour of 1 to 3 channels, stored only near colours that occur: blocks of colours point
/// to cells that are allotted on first touch.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/histogram/color_codes.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <std::size_t Channels, class Value>
    requires(1 <= Channels && Channels <= 3)
class color_table {
public:
    static constexpr std::uint32_t cells = 1U << block_bits<Channels>;
    static constexpr std::uint32_t blocks = 1U << (8 * Channels - block_bits<Channels>);
    static constexpr std::uint32_t none = 0xffff'ffff;

    /// Values for the blocks that `colors` different colours can touch.
    static std::size_t room_for(std::size_t colors) { return (std::min)(std::size_t{blocks}, colors) * cells; }

    /// `values` is room enough, which is used only where it is written.
    explicit color_table(Value* values) : firsts_(blocks, none), values_(values) {}

    /// Where in values() each block's cells begin; none if it has not been touched.
    const std::uint32_t* firsts() const { return firsts_.data(); }
    Value* values() const { return values_; }
    /// How many values are in use.
    std::uint32_t used() const { return used_; }

    /// Gives an untouched block its cells, all 0.
    [[gnu::noinline]] std::uint32_t allot(std::uint32_t block) {
        const auto first = used_;
        std::memset(values_ + first, 0, cells * sizeof(Value));
        used_ += cells;
        return firsts_.data()[block] = first;
    }

private:
    buffer<std::uint32_t> firsts_;
    Value* values_;
    std::uint32_t used_ = 0;
};

}  // namespace lloyd::inline v0::detail
