// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Turns the counts of one or more counters into one list of colours in Morton order, each with its count.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include <lloyd/detail/histogram/color_codes.hpp>
#include <lloyd/detail/histogram/color_counter.hpp>
#include <lloyd/detail/histogram/morton.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Swaps bytes on a big-endian machine, so that byte 0 of memory is always bits 0 to 7.
[[gnu::always_inline]] inline std::uint64_t in_byte_order(std::uint64_t bytes) {
    if constexpr (std::endian::native == std::endian::little) return bytes;
    return (bytes & 0xff) << 56 | (bytes & 0xff00) << 40 | (bytes & 0xff'0000) << 24 | (bytes & 0xff00'0000) << 8 |
           (bytes >> 8 & 0xff00'0000) | (bytes >> 24 & 0xff'0000) | (bytes >> 40 & 0xff00) | bytes >> 56;
}

/// Each byte becomes 0x80, or 0 if it was 0. (The sum has bit 7 set unless the low seven bits are 0; it cannot carry.)
template <class Words>
[[gnu::always_inline]] inline void mark_occupied(Words& words) {
    constexpr std::uint64_t low_bits = 0x7f7f'7f7f'7f7f'7f7f;
    words = (((words & low_bits) + low_bits) | words) & ~low_bits;
}

/// A byte of `cells` stays 0 where the cell of `more` is 0. `count` is a multiple of 64.
template <class Cell>
struct overlay_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const Cell* more, std::uint8_t* cells, std::size_t count) {
        constexpr std::size_t lanes = std::size_t{Bytes} / sizeof(Cell);
        simd<Cell, Bytes> wide;
        simd<std::uint8_t, static_cast<int>(lanes)> narrow, before;
        for (std::size_t i = 0; i < count; i += lanes) {
            load(before, static_cast<const std::uint8_t*>(cells) + i);
            load(wide, more + i);
            if constexpr (sizeof(Cell) > 1) wide = wide | wide >> 8;
            convert(narrow, wide);
            store(cells + i, before | narrow);
        }
    }
};

/// For each run of 64 cells a word of 64 bits, in Morton order: 1 where a cell is not 0. before[i] is the number of
/// bits set in the words before word i; before[runs], in all.
struct occupied_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* cells, std::size_t runs, std::uint64_t* occupied,
                                           std::uint32_t* before) {
        using words = simd<std::uint64_t, Bytes>;
        constexpr std::uint64_t shifts[] = {7, 6, 5, 4, 3, 2, 1, 0};
        before[0] = 0;
        for (std::size_t i = 0; i < runs; ++i) {
            std::uint64_t bits[std::size_t{Bytes} / 8];
            words all, eight, shift;
            broadcast(all, std::uint64_t{0});
            for (int b = 0; b < 64; b += Bytes) {
                load(eight, cells + 64 * i + static_cast<std::size_t>(b));
                load(shift, shifts + b / 8);
                mark_occupied(eight);
                all |= eight >> shift;  // the top bit of byte b of word w goes to bit 8 b + w: see exchanged()
            }
            store(bits, all);
            occupied[i] = 0;
            for (const auto some : bits) occupied[i] |= in_byte_order(some);
            before[i + 1] = before[i] + static_cast<std::uint32_t>(std::popcount(occupied[i]));
        }
    }
};

/// How many of `count` cells, a multiple of 256, are not 0.
struct distinct_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static std::size_t run(const std::uint8_t* cells, std::size_t count) {
        using words = simd<std::uint64_t, Bytes>;
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
        return static_cast<std::size_t>(total);
    }
};

/// The cells of one block that are not 0, in Morton order.
template <std::uint32_t Cells>
class occupied_cells {
    static constexpr std::uint32_t runs = Cells / 64;

public:
    explicit occupied_cells(const std::uint8_t* cells) {
        run_kernel<occupied_kernel>(cells, runs, &occupied_[0], &before_[0]);
    }

    std::uint32_t count() const { return before_[runs]; }

    /// Writes their numbers in Morton order, and up to three more numbers of no meaning.
    void list(std::uint16_t* cells) const {
        for (std::uint32_t run = 0; run < runs; ++run) {
            auto left = occupied_[run];
            // Most runs have at most four set bits. Writing four without a branch is faster than mispredicting one;
            // surplus numbers are overwritten.
            for (auto i = before_[run]; i < before_[run + 1]; i += 4)
#pragma GCC unroll 4
                for (std::uint32_t j = 0; j < 4; ++j, left &= left - 1)
                    cells[i + j] = static_cast<std::uint16_t>(64 * run + (std::countr_zero(left) & 63));
        }
    }

    /// The index in that list of a cell that is in it; `cell` is in Morton order.
    std::size_t index_of(std::uint32_t cell) const {
        const auto below = occupied_[cell / 64] & ((std::uint64_t{1} << cell % 64) - 1);
        return before_[cell / 64] + static_cast<std::size_t>(std::popcount(below));
    }

private:
    std::uint64_t occupied_[runs];    ///< a bit for each cell
    std::uint32_t before_[runs + 1];  ///< of each run: how many bits are set in those before
};

/// The counts of one block in all counters that have it.
template <std::size_t Channels, class Cell>
class gathered_block {
public:
    void gather(std::span<const color_counter<Channels, Cell>> counters, std::uint32_t block) {
        sources_.clear();
        for (const auto& counter : counters)
            if (const auto* counts = counter.counts_of(block)) sources_.push_back(counts);
    }

    std::span<const Cell* const> sources() const { return sources_; }

    /// One byte for each cell: 0 where no source has counted the colour.
    const std::uint8_t* cells() {
        if constexpr (sizeof(Cell) == 1)
            if (sources_.size() == 1) return reinterpret_cast<const std::uint8_t*>(sources_[0]);
        std::memset(&overlaid_[0], 0, block_cells<Channels>);
        for (const auto* source : sources_)
            run_kernel<overlay_kernel<unsigned_cell>>(reinterpret_cast<const unsigned_cell*>(source), &overlaid_[0],
                                                      block_cells<Channels>);
        return &overlaid_[0];
    }

private:
    using unsigned_cell = std::make_unsigned_t<Cell>;

    std::vector<const Cell*> sources_;
    std::uint8_t overlaid_[block_cells<Channels>];
};

/// Lists the colours of some counters. A colour may have been counted in several of them.
template <std::size_t Channels, class Cell>
class color_listing {
public:
    color_listing(std::span<const color_counter<Channels, Cell>> counters, thread_team& team) : counters_(counters) {
        list_cell_colors();
        list_blocks();
        for_each_block(team, [&](std::size_t i, gathered_block<Channels, Cell>& block) {
            blocks_[i].offset = run_kernel<distinct_kernel>(block.cells(), block_cells<Channels>);
        });
        for (auto& block : blocks_) distinct_ += std::exchange(block.offset, distinct_);
    }

    /// How many different colours occur.
    std::ptrdiff_t distinct() const { return static_cast<std::ptrdiff_t>(distinct_); }

    /// Writes these colours in Morton order, distinct() × Channels, and how often each occurs.
    void write(std::uint8_t* colors, double* counts, thread_team& team) const {
        for_each_block(team, [&](std::size_t i, gathered_block<Channels, Cell>& block) {
            const listed_block& listed = blocks_[i];
            const occupied_cells<block_cells<Channels>> occupied(block.cells());
            std::uint16_t cells[block_cells<Channels> + 4];
            occupied.list(&cells[0]);
            const std::span<const std::uint16_t> found(cells, occupied.count());
            write_colors(listed.first, found, colors + listed.offset * Channels);
            write_counts(block.sources(), found, counts + listed.offset);
            for (const auto& counter : counters_)
                counter.for_each_carry(listed.number, [&](std::uint32_t code) {
                    counts[listed.offset + occupied.index_of(exchanged(cell_of(code)))] += counter.reduction;
                });
        });
    }

private:
    /// A colour, as 4 bytes.
    struct padded_color {
        std::uint8_t color[3] = {};
        std::uint8_t padding = 0;

        /// As one number. (emscripten's older libc++ has no std::bit_cast.)
        std::uint32_t bits() const {
            std::uint32_t number = 0;
            std::memcpy(&number, this, sizeof number);
            return number;
        }
    };

    /// A block of which some counter has counts.
    struct listed_block {
        padded_color first;  ///< its first colour
        std::uint32_t number;
        std::size_t offset;  ///< of its colours in the list; at first, how many they are
    };

    /// Calls use(i, block) for the counts of each listed block. Threads take 32 blocks at a time.
    template <class Use>
    void for_each_block(thread_team& team, const Use& use) const {
        constexpr std::size_t blocks_per_task = 32;
        team.for_each((blocks_.size() + blocks_per_task - 1) / blocks_per_task, [&](std::size_t task) {
            gathered_block<Channels, Cell> block;
            const auto end = (std::min)((task + 1) * blocks_per_task, blocks_.size());
            for (auto i = task * blocks_per_task; i < end; ++i) {
                block.gather(counters_, blocks_[i].number);
                use(i, block);
            }
        });
    }

    /// Sets cells_. The colour of a Morton code is the OR of the colours of its lower 6 bits and of the others.
    void list_cell_colors() {
        padded_color high, low;
        for (std::uint32_t cell = 0; cell < block_cells<Channels>; ++cell) {
            if (cell % 64 == 0) morton_color<Channels>(cell, high.color);
            if (cell < 64) morton_color<Channels>(cell, cells_[cell].color);
            low = cells_[cell % 64];
            for (std::size_t c = 0; c < Channels; ++c)
                cells_[cell].color[c] = static_cast<std::uint8_t>(high.color[c] | low.color[c]);
        }
    }

    /// Lists the blocks with counts in Morton order.
    void list_blocks() {
        for (std::uint32_t prefix = 0; prefix < block_count<Channels>; ++prefix) {
            // The first colour of block `prefix` is that of cell `prefix`, shifted by a cell's bits in each channel.
            padded_color first;
            for (std::size_t c = 0; c < Channels; ++c)
                first.color[c] = static_cast<std::uint8_t>(cells_[prefix].color[c] << block_bits<Channels> / Channels);
            const auto number = block_number<Channels>(prefix, first.color);
            if (std::any_of(counters_.begin(), counters_.end(),
                            [&](const auto& counter) { return counter.counts_of(number) != nullptr; }))
                blocks_.push_back({first, number, 0});
        }
    }

    void write_colors(const padded_color& first, std::span<const std::uint16_t> cells, std::uint8_t* colors) const {
        const auto base = first.bits();
        const auto* end = colors + cells.size() * Channels;
        for (const auto cell : cells) {
            const auto color = cells_[cell].bits() | base;
            if (end - colors >= 4)
                std::memcpy(colors, &color, 4);  // one store; the next colour overwrites the surplus
            else
                std::memcpy(colors, &color, Channels);
            colors += Channels;
        }
    }

    /// The sums over all sources, without carries.
    static void write_counts(std::span<const Cell* const> sources, std::span<const std::uint16_t> cells,
                             double* counts) {
        constexpr auto count_in = color_counter<Channels, Cell>::count_in;
        for (std::size_t i = 0; i < cells.size(); ++i) counts[i] = count_in(sources[0][exchanged(cells[i])]);
        for (const auto* more : sources.subspan(1))
            for (std::size_t i = 0; i < cells.size(); ++i) counts[i] += count_in(more[exchanged(cells[i])]);
    }

    std::span<const color_counter<Channels, Cell>> counters_;
    std::vector<listed_block> blocks_;
    std::size_t distinct_ = 0;
    padded_color cells_[block_cells<Channels>];  ///< of each cell, in Morton order: its colour minus its block's first
};

}  // namespace lloyd::inline v0::detail
