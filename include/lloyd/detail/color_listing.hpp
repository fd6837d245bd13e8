// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From a table of counts to a list of colours in Morton order.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/color_counter.hpp>
#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Byte 0 lowest, as if the machine were a little-endian one.
[[gnu::always_inline]] inline std::uint64_t in_byte_order(std::uint64_t word) {
    if constexpr (std::endian::native == std::endian::little) return word;
    return (word & 0xff) << 56 | (word & 0xff00) << 40 | (word & 0xff'0000) << 24 | (word & 0xff00'0000) << 8 |
           (word >> 8 & 0xff00'0000) | (word >> 24 & 0xff'0000) | (word >> 40 & 0xff00) | word >> 56;
}

/// Leaves the top bit of each byte that is not 0, and nothing else.
template <class Words>
[[gnu::always_inline]] inline void mark_occupied(Words& words) {
    constexpr std::uint64_t low_bits = 0x7f7f'7f7f'7f7f'7f7f;
    words = (((words & low_bits) + low_bits) | words) & ~low_bits;
}

/// For each run of 64 cells: a bit for each that is not 0, in Morton order, and how many are in the runs before.
struct occupied_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* cells, std::size_t runs, std::uint64_t* occupied,
                                           std::uint32_t* before) {
        before[0] = 0;
        using words = vector<std::uint64_t, Bytes>;
        constexpr std::uint64_t places[] = {7, 6, 5, 4, 3, 2, 1, 0};
        for (std::size_t i = 0; i < runs; ++i) {
            std::uint64_t bits[std::size_t{Bytes} / 8];
            words all, eight, shift;
            broadcast(all, std::uint64_t{0});
            for (int b = 0; b < 64; b += Bytes) {
                load(eight, cells + 64 * i + static_cast<std::size_t>(b));
                load(shift, places + b / 8);
                mark_occupied(eight);
                all |= eight >> shift;  // byte b of word w gives bit 8 b + w: exchanged() has exchanged the two
            }
            store(bits, all);
            occupied[i] = 0;
            for (const auto some : bits) occupied[i] |= in_byte_order(some);
            before[i + 1] = before[i] + static_cast<std::uint32_t>(std::popcount(occupied[i]));
        }
    }
};

/// How many cells are not 0, of a multiple of 256.
struct distinct_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static std::ptrdiff_t run(const std::uint8_t* cells, std::size_t count) {
        using words = vector<std::uint64_t, Bytes>;
        constexpr std::uint64_t odd_bytes = 0x00ff'00ff'00ff'00ff;
        std::uint64_t total = 0, parts[std::size_t{Bytes} / 8];
        for (const auto* end = cells + count; cells != end; cells += 256) {
            words sum, eight;
            broadcast(sum, std::uint64_t{0});
            for (int b = 0; b < 256; b += Bytes) {
                load(eight, cells + b);
                mark_occupied(eight);
                sum += eight >> 7;  // 1 in each byte that is not 0
            }
            sum = (sum & odd_bytes) + (sum >> 8 & odd_bytes);
            store(parts, sum);
            for (const auto part : parts) total += part * 0x0001'0001'0001'0001 >> 48;
        }
        return static_cast<std::ptrdiff_t>(total);
    }
};

template <std::size_t Channels>
class color_listing {
    using table = color_table<Channels, std::uint8_t>;
    static constexpr std::uint32_t runs = table::cells / 64;

public:
    explicit color_listing(const color_counter<Channels>& counter)
        : counter_(counter),
          distinct_(run_kernel<distinct_kernel>(static_cast<const std::uint8_t*>(counter.counts().values()),
                                                std::size_t{counter.counts().used()})) {
        entry high, low;
        for (std::uint32_t cell = 0; cell < table::cells; ++cell) {
            if (cell % 64 == 0) morton_color<Channels>(cell, high.color);
            if (cell < 64) morton_color<Channels>(cell, cells_[cell].color);
            low = cells_[cell % 64];
            for (std::size_t c = 0; c < Channels; ++c)
                cells_[cell].color[c] = static_cast<std::uint8_t>(high.color[c] | low.color[c]);
        }
    }

    /// How many colours occur.
    std::ptrdiff_t distinct() const { return distinct_; }

    /// Writes these colours, in Morton order, and how often they occur.
    void write(std::uint8_t* colors, double* counts) {
        const std::uint8_t* end = colors + distinct_ * static_cast<std::ptrdiff_t>(Channels);
        for (std::uint32_t prefix = 0; prefix < table::blocks; ++prefix) {
            // A block's place among blocks is a cell's among cells, but for its weight.
            entry first;
            for (std::size_t c = 0; c < Channels; ++c)
                first.color[c] = static_cast<std::uint8_t>(cells_[prefix].color[c] << block_bits<Channels> / Channels);
            const auto number = block_number<Channels>(prefix, first.color);
            const auto block = counter_.counts().firsts()[number];
            if (block == table::none) continue;
            const std::uint8_t* cells = counter_.counts().values() + block;
            find_occupied(cells);
            const auto found = before_[runs];
            write_block(first, cells, colors, end, counts);
            counter_.for_each_carry(number, [&](std::uint32_t code) { counts[number_of(code)] += 255; });
            colors += Channels * found;
            counts += found;
        }
    }

private:
    struct entry {
        std::uint8_t color[3] = {};
        std::uint8_t unused = 0;
    };

    /// The cells of a block that are not 0.
    void find_occupied(const std::uint8_t* cells) {
        run_kernel<occupied_kernel>(cells, std::size_t{runs}, &occupied_[0], &before_[0]);
        for (std::uint32_t run = 0; run < runs; ++run) {
            auto left = occupied_[run];
            // Most runs hold few, but how many cannot be foreseen: so take four and forget what is too much.
            for (auto i = before_[run]; i < before_[run + 1]; i += 4)
#pragma GCC unroll 4
                for (std::uint32_t j = 0; j < 4; ++j, left &= left - 1)
                    places_[i + j] = static_cast<std::uint16_t>(64 * run + (std::countr_zero(left) & 63));
        }
    }

    void write_block(const entry& first, const std::uint8_t* cells, std::uint8_t* colors, const std::uint8_t* end,
                     double* counts) const {
        const auto base = std::bit_cast<std::uint32_t>(first);
        for (std::uint32_t i = 0; i < before_[runs]; ++i, colors += Channels) {
            const std::uint32_t cell = places_[i];
            const auto color = std::bit_cast<std::uint32_t>(cells_[cell]) | base;
            if (end - colors >= 4)
                std::memcpy(colors, &color, 4);  // one store; what is too much is overwritten by the next colour
            else
                std::memcpy(colors, &color, Channels);
            counts[i] = cells[exchanged(cell)];
        }
    }

    /// The place in its block's list of a colour that occurs.
    std::size_t number_of(std::uint32_t code) const {
        const auto cell = exchanged(cell_of(code));
        const auto before = occupied_[cell / 64] & ((std::uint64_t{1} << cell % 64) - 1);
        return before_[cell / 64] + static_cast<std::size_t>(std::popcount(before));
    }

    const color_counter<Channels>& counter_;
    std::ptrdiff_t distinct_;
    entry cells_[table::cells];               ///< what each cell, in Morton order, adds to its block's first colour
    std::uint64_t occupied_[runs];            ///< in the present block, bits in Morton order
    std::uint32_t before_[runs + 1];          ///< of each run: how many are in those before
    std::uint16_t places_[table::cells + 4];  ///< of the cells found, in Morton order
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
