// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Adds pixels to the counts of their colours.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/histogram/color_codes.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Pixels are counted in groups of counted_runs runs, one after another in memory. A run has a multiple of run_step
/// pixels.
inline constexpr std::ptrdiff_t counted_runs = 4, run_step = 8, max_run = 32;

/// Where the cells of all blocks begin in which nothing was counted. They are full, 255, so that one test finds the pixels
/// of new blocks and of full cells.
inline constexpr std::uint32_t absent_block = 0;

/// Marks the code of a pixel of such a block: a bit that no cell has.
inline constexpr std::uint32_t absent_mark = 0x8000;

/// Adds 1 to the cell of each pixel of `groups` groups, one after another in memory, whose runs have `count` pixels:
/// starts[b] is where the cells of block b begin. A full cell becomes 1. Writes the codes of pixels of full cells to
/// `later`, those of absent blocks with absent_mark, and returns how many these are. Reads up to 4 bytes past the last
/// pixel.
///
/// Codes are computed while those before are counted: one needs vectors, the other loads and stores. Nothing is called
/// meanwhile, so that constants stay in registers. A pixel of each run is counted in turn, because neighbours often have
/// the same colour, whose cell would have to wait for the store before.
template <std::size_t Channels>
struct counting_kernel {
    static constexpr int max_bytes = 32;
    static constexpr std::uint32_t bits = block_bits<Channels>;
    static_assert(block_cells<Channels> <= absent_mark);

    template <int Bytes>
    [[gnu::always_inline]] static std::ptrdiff_t run(const std::uint8_t* pixels, std::ptrdiff_t groups,
                                                     std::ptrdiff_t count, const std::uint32_t* starts,
                                                     std::uint8_t* cells, std::uint32_t* later) {
        std::uint32_t* end = later;
        const auto add = [&](std::uint32_t code) __attribute__((always_inline)) {
            const auto start = starts[block_of(code)];
            std::uint8_t& cell = cells[start + cell_of(code)];
            if (++cell == 0) [[unlikely]] {
                const bool is_absent = start == absent_block;
                cell = is_absent ? 255 : 1;
                *end++ = is_absent ? code | absent_mark : code;
            }
        };
        if constexpr (Channels == 3 && Bytes > 16 && std::endian::native == std::endian::little) {
            add_vectors<Bytes>(pixels, groups, count, add);
        } else {
            constexpr std::ptrdiff_t channels = Channels;
            for (std::ptrdiff_t group = 0; group < groups; ++group, pixels += channels * counted_runs * count)
                for (std::ptrdiff_t i = 0; i < count; ++i)
#pragma GCC unroll 4
                    for (std::ptrdiff_t run = 0; run < counted_runs; ++run)
                        add(table_code<Channels, bits>(pixels + channels * (run * count + i)));
        }
        return end - later;
    }

private:
    template <int Bytes, class Add>
    [[gnu::always_inline]] static void add_vectors(const std::uint8_t* pixels, std::ptrdiff_t groups,
                                                   std::ptrdiff_t count, const Add& add) {
        alignas(64) std::uint32_t codes[2][counted_runs][run_step];
        for (std::ptrdiff_t run = 0; run < counted_runs; ++run)
            code_kernel<bits>::template compute<Bytes>(pixels + 3 * run * count, codes[0][run]);
        std::size_t turn = 0;
        for (std::ptrdiff_t group = 0; group < groups; ++group, pixels += 3 * counted_runs * count) {
            const std::uint8_t* next_group = group + 1 < groups ? pixels + 3 * counted_runs * count : pixels;
            for (std::ptrdiff_t i = 0; i < count; i += run_step, turn ^= 1) {
                const auto& ready = codes[turn];
                auto& next = codes[turn ^ 1];
                const std::uint8_t* ahead = i + run_step < count ? pixels + 3 * (i + run_step) : next_group;
#pragma GCC unroll 4
                for (std::ptrdiff_t part = 0; part < counted_runs; ++part) {
                    code_kernel<bits>::template compute<Bytes>(ahead + 3 * part * count, next[part]);
#pragma GCC unroll 2
                    for (auto l = 2 * part; l < 2 * part + 2; ++l)
#pragma GCC unroll 4
                        for (const auto& of_run : ready) add(of_run[l]);
                }
            }
        }
    }
};

}  // namespace lloyd::inline v0::detail
