// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Counts colours in bytes: a cube of 512 colours is then 8 cache lines, and the cubes of most photographs fit the
/// second cache. What a byte cannot hold is carried over, 255 at a time: so a byte is 0 only where nothing was counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/color_codes.hpp>
#include <lloyd/detail/color_table.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

template <std::size_t Channels>
class color_counter {
public:
    using table = color_table<Channels, std::uint8_t>;

    /// For at most `pixels` pixels, fewer than 2^32.
    explicit color_counter(std::size_t pixels) : counts_(pixels), carries_(pixels / 255), last_(table::blocks, table::none) {}

    void add(std::span<const std::uint8_t> pixels) {
        for_each_codes<Channels, block_bits<Channels>>(pixels, [this](const std::uint32_t* codes, std::ptrdiff_t count) {
            const std::uint32_t* firsts = counts_.firsts();  // here, since a byte stored may be any member
            std::uint8_t* counts = counts_.values();
            const auto add_one = [=, this](std::uint32_t code) __attribute__((always_inline)) {
                std::uint32_t first = firsts[block_of(code)];
                if (first == table::none) first = counts_.allot(block_of(code));
                std::uint8_t& one = counts[std::size_t{first} + cell_of(code)];
                if (++one == 0) carry(code, one);
            };
            constexpr auto apart = codes_at_once / 4;
            std::ptrdiff_t i = 0;
            // Neighbours are alike, and each would wait for the count before it to be stored: so take distant ones.
            for (; count == codes_at_once && i < apart; ++i)
#pragma GCC unroll 4
                for (std::ptrdiff_t j = 0; j < 4; ++j) add_one(codes[i + j * apart]);
            for (i *= 4; i < count; ++i) add_one(codes[i]);
        });
    }

    /// Adds what another has counted.
    void add(const color_counter& other) {
        for (std::uint32_t block = 0; block < table::blocks; ++block) {
            const auto from = other.counts_.firsts()[block];
            if (from == table::none) continue;
            auto to = counts_.firsts()[block];
            if (to == table::none) to = counts_.allot(block);
            add_block(other.counts_.values() + from, counts_.values() + to, block);
        }
        for (std::uint32_t i = 0; i < other.carried_; ++i) note_carry(other.carries_.data()[i].code);
    }

    const table& counts() const { return counts_; }

    /// Calls use(code) for the colours of a block that occur 255 times more than counts() says: once for each 255.
    template <class Use>
    void for_each_carry(std::uint32_t block, const Use& use) const {
        for (auto i = last_.data()[block]; i != table::none; i = carries_.data()[i].before) use(carries_.data()[i].code);
    }

private:
    void add_block(const std::uint8_t* more, std::uint8_t* counts, std::uint32_t block) {
        for (std::uint32_t cell = 0; cell < table::cells; ++cell) {
            counts[cell] = static_cast<std::uint8_t>(counts[cell] + more[cell]);
            if (counts[cell] < more[cell]) carry(block << 16 | cell, counts[cell]);
        }
    }

    /// For a count that came to 256 more than its byte says.
    [[gnu::noinline]] void carry(std::uint32_t code, std::uint8_t& count) {
        ++count;
        note_carry(code);
    }

    void note_carry(std::uint32_t code) {
        std::uint32_t& last = last_.data()[block_of(code)];
        carries_.data()[carried_] = {code, last};
        last = carried_++;
    }

    struct carried {
        std::uint32_t code, before;  ///< of the same block
    };

    table counts_;
    buffer<carried> carries_;
    buffer<std::uint32_t> last_;  ///< of each block's carries
    std::uint32_t carried_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
