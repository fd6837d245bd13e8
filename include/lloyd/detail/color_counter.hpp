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
    explicit color_counter(std::size_t pixels) : counts_(pixels), carries_(pixels / 255) {}

    void add(std::span<const std::uint8_t> pixels) {
        for_each_codes<Channels>(pixels, [&](const std::uint32_t* codes, std::ptrdiff_t count) {
            constexpr auto apart = codes_at_once / 4;
            std::ptrdiff_t i = 0;
            // Neighbours are alike, and each would wait for the count before it to be stored: so take distant ones.
            for (; count == codes_at_once && i < apart; ++i)
                for (std::ptrdiff_t j = 0; j < 4; ++j) add_one(codes[i + j * apart]);
            for (i *= 4; i < count; ++i) add_one(codes[i]);
        });
    }

    /// Adds what another has counted.
    void add(const color_counter& other) {
        for (std::uint32_t cube = 0; cube < table::cubes; ++cube) {
            const auto block = other.counts_.block(cube);
            if (block == table::none) continue;
            const auto first = cube << cell_bits<Channels>;
            add_cube(other.counts_.values() + block, counts_.values() + counts_.place(first), first);
        }
        for (const auto code : other.carries()) carries_.data()[carried_++] = code;
    }

    const table& counts() const { return counts_; }
    /// Codes of colours that occur 255 times more than counts() has it: once for each 255.
    std::span<const std::uint32_t> carries() const { return {carries_.data(), carried_}; }

private:
    [[gnu::always_inline]] void add_one(std::uint32_t code) {
        std::uint8_t& count = counts_.values()[counts_.place(code)];
        if (++count == 0) carry(code, count);
    }

    void add_cube(const std::uint8_t* more, std::uint8_t* counts, std::uint32_t code) {
        for (std::uint32_t cell = 0; cell < table::cells; ++cell) {
            counts[cell] = static_cast<std::uint8_t>(counts[cell] + more[cell]);
            if (counts[cell] < more[cell]) carry(code + cell, counts[cell]);
        }
    }

    /// For a count that came to 256 more than its byte says.
    void carry(std::uint32_t code, std::uint8_t& count) {
        ++count;
        carries_.data()[carried_++] = code;
    }

    table counts_;
    buffer<std::uint32_t> carries_;
    std::size_t carried_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
