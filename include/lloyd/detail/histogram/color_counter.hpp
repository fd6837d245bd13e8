// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Counts how often each colour occurs, in one byte for each colour: the counts of 512 neighbouring colours are then 8
/// cache lines, and those of most photographs fit the second cache. A byte that would overflow is reduced by 255, and
/// that is recorded as a carry; so a byte is 0 only if its colour has not occurred.
///
/// Weights that differ are added up in two bytes for each colour, which are reduced by 65,535 in the same way. That is
/// 257 times the largest weight, so that there are no more carries than without weights. (One byte, and a second one
/// for its overflows, takes longer: nearly each pixel of a large weight then counts in both.) Where colours without weight
/// are listed, too, one bit of a cell marks those that occurred so, and 15 are left for the sum.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/histogram/color_codes.hpp>
#include <lloyd/detail/histogram/counting_kernel.hpp>
#include <lloyd/detail/histogram/weights_of_pixels.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The counts of the colours of some rows, in cells of 8 or 16 bits; signed cells list colours without weight, too. Only
/// blocks of colours that occur have counts.
template <std::size_t Channels, class Cell>
    requires(1 <= Channels && Channels <= 3)
class color_counter {
public:
    /// The largest count of a cell, and what it is reduced by when it would overflow.
    static constexpr std::uint32_t reduction = (std::numeric_limits<Cell>::max)();

    /// What a pixel counts at most.
    static constexpr std::uint8_t max_weight = sizeof(Cell) == 1 ? 1 : 255;

    /// Cells of all blocks that `pixels` pixels can lie in, and of the absent block.
    static std::size_t room_for(std::size_t pixels) {
        return ((std::min)(std::size_t{block_count<Channels>}, pixels) + 1) * block_cells<Channels>;
    }

    /// For at most `pixels` pixels, fewer than 2^32. `counts` are not initialised; where there are too few, the
    /// counter moves to memory of its own.
    color_counter(std::size_t pixels, std::span<Cell> counts)
        : starts_(block_count<Channels>, absent_block),
          counts_(counts.data()),
          room_(counts.size()),
          max_room_(room_for(pixels)),
          carries_(pixels * max_weight / reduction),
          last_carries_(block_count<Channels>, none) {
        std::memset(counts_, 0xff, block_cells<Channels> * sizeof(Cell));
    }

    /// Counts the pixels of a row.
    void add(std::span<const std::uint8_t> row)
        requires std::is_same_v<Cell, std::uint8_t>
    {
        constexpr std::ptrdiff_t max_groups = 8;
        std::uint32_t later[max_groups * runs * max_run];
        const std::uint8_t* pixel = row.data();
        auto left = std::ssize(row) / channels;
        // Two pixels are left, because the kernel reads past those that it counts.
        for (std::ptrdiff_t run; (run = (std::min)(max_run, (left - 2) / runs / run_step * run_step)) > 0;) {
            const auto groups = (std::min)(max_groups, (left - 2) / (runs * run));
            const auto full =
                run_kernel<counting_kernel<Channels>>(pixel, groups, run, starts_.data(), counts_, &later[0]);
            for (std::ptrdiff_t i = 0; i < full; ++i) {
                if (later[i] & absent_mark)
                    counting(*this).add(later[i] ^ absent_mark, 1);
                else
                    carry(later[i]);
            }
            pixel += groups * runs * run * channels;
            left -= groups * runs * run;
        }
        for (; left > 0; --left, pixel += channels)
            counting(*this).add(color_code<Channels, block_bits<Channels>>(pixel), 1);
    }

    /// The same with a weight for each pixel, of which it counts max_weight at most.
    void add(std::span<const std::uint8_t> row, std::span<const std::uint8_t> weights) {
        const auto pixels = static_cast<std::ptrdiff_t>(weights.size());
        alignas(64) std::uint32_t codes[runs][codes_at_once];
        alignas(64) std::uint8_t counted[runs][codes_at_once];
        std::ptrdiff_t first = next_counted(weights, 0);
        for (std::ptrdiff_t count; (count = (std::min)(codes_at_once, (pixels - first) / runs)) > 0;
             first = next_counted(weights, first)) {
            for (std::ptrdiff_t run = 0; run < runs; ++run, first += count) {
                compute_codes<Channels, block_bits<Channels>>(row, first, count, &codes[run][0]);
                run_kernel<limit_kernel>(weights.data() + first, count, max_weight, &counted[run][0]);
            }
            counting here(*this);
            for (std::ptrdiff_t i = 0; i < count; ++i)
#pragma GCC unroll 4
                for (std::ptrdiff_t run = 0; run < runs; ++run) here.add(codes[run][i], counted[run][i]);
        }
        for (; first < pixels; ++first)
            counting(*this).add(code_at(row, first), (std::min)(weights[static_cast<std::size_t>(first)], max_weight));
    }

    /// Counts the rows of an image, with those of its weights, if given.
    template <class... Weights>
    void add_rows(image_view<const std::uint8_t, Channels> image, const Weights&... weights) {
        if (image.is_contiguous() && (weights.is_contiguous() && ...))
            return add(image.elements(), weights.elements()...);
        for (std::ptrdiff_t y = 0; y < image.height(); ++y) add(image.row(y), weights.row(y)...);
    }

    /// The counts of the block_cells cells of a block; null if no pixel lies in the block.
    const Cell* counts_of(std::uint32_t block) const {
        return starts_[block] == absent_block ? nullptr : counts_ + starts_[block];
    }

    [[gnu::always_inline]] static std::uint32_t bits_of(Cell cell) {
        return static_cast<std::make_unsigned_t<Cell>>(cell);
    }

    /// The count in a cell.
    [[gnu::always_inline]] static double count_in(Cell cell) { return static_cast<double>(bits_of(cell) & reduction); }

    /// Calls use(code) once for each `reduction` that counts_of(block) leaves out.
    template <class Use>
    void for_each_carry(std::uint32_t block, const Use& use) const {
        for (auto i = last_carries_[block]; i != none; i = carries_[i].before) use(carries_[i].code);
    }

private:
    static constexpr std::uint32_t none = 0xffff'ffff;
    static constexpr std::ptrdiff_t channels = Channels, runs = counted_runs;

    static constexpr bool lists_all = std::is_signed_v<Cell>;
    static constexpr std::uint32_t mark = reduction + 1;  ///< the bit of colours that occurred without weight

    static std::ptrdiff_t next_counted(std::span<const std::uint8_t> weights, std::ptrdiff_t first) {
        return lists_all ? first : next_weight(weights, first);
    }

    /// Copies of the counter's pointers: it would have to read its own again after each byte stored, since a byte may
    /// belong to any object.
    struct counting {
        [[gnu::always_inline]] explicit counting(color_counter& to)
            : counter(to), starts(to.starts_.data()), counts(to.counts_) {}

        [[gnu::always_inline]] void add(std::uint32_t code, std::uint32_t weight) {
            std::uint32_t start = starts[block_of(code)];
            if (start == absent_block) {
                start = counter.add_block(block_of(code));
                counts = counter.counts_;
            }
            Cell& count = counts[start + cell_of(code)];
            const auto before = bits_of(count);
            auto sum = (before & reduction) + weight;
            if (sum > reduction) {
                sum -= reduction;
                counter.carry(code);
            }
            if (lists_all) sum |= (before | (weight == 0 ? mark : 0)) & mark;
            count = static_cast<Cell>(sum);
        }

        color_counter& counter;
        const std::uint32_t* starts;
        Cell* counts;
    };

    static std::uint32_t code_at(std::span<const std::uint8_t> row, std::ptrdiff_t pixel) {
        return color_code<Channels, block_bits<Channels>>(row.data() + static_cast<std::size_t>(pixel) * Channels);
    }

    /// Sets the counts of a new block to 0, and returns where they begin.
    [[gnu::noinline]] std::uint32_t add_block(std::uint32_t block) {
        const auto start = used_;
        if (start == room_) {
            moved_ = buffer<Cell>(max_room_);
            std::copy_n(counts_, room_, moved_.data());
            counts_ = moved_.data();
            room_ = max_room_;
        }
        std::memset(counts_ + start, 0, block_cells<Channels> * sizeof(Cell));
        used_ += block_cells<Channels>;
        return starts_[block] = start;
    }

    /// Records a reduction of a count.
    [[gnu::noinline]] void carry(std::uint32_t code) {
        std::uint32_t& last = last_carries_[block_of(code)];
        carries_[carried_] = {code, last};
        last = carried_++;
    }

    struct carried {
        std::uint32_t code;
        std::uint32_t before;  ///< index of the carry before this one in the same block, or none
    };

    buffer<std::uint32_t> starts_;  ///< of each block: where its counts begin in counts_, or absent_block
    Cell* counts_;
    buffer<Cell> moved_{};                        ///< the memory of counts_ once it is the counter's own
    std::size_t room_, max_room_;                 ///< cells of counts_: now, and the most that are used
    std::uint32_t used_ = block_cells<Channels>;  ///< of counts_
    buffer<carried> carries_;
    std::uint32_t carried_ = 0;           ///< of carries_
    buffer<std::uint32_t> last_carries_;  ///< of each block: the index of its last carry, or none
};

/// The counts of an image by parts, one for each thread.
template <std::size_t Channels, class Cell>
struct counted_parts {
    buffer<Cell> counts;  ///< of all counters
    std::vector<color_counter<Channels, Cell>> counters{};
};

/// Each thread counts some of the rows, with their weights unless there are none. Images of fewer pixels than twice
/// `min_pixels`, the least that are worth a counter of their own, are counted by one.
template <class Cell, std::size_t Channels>
counted_parts<Channels, Cell> count_colors(image_view<const std::uint8_t, Channels> image,
                                           image_view<const std::uint8_t, 1> weights, thread_team& team,
                                           std::ptrdiff_t min_pixels = 1 << 20) {
    const auto max_parts = (std::min)(image.height(), image.size() / min_pixels);
    const auto parts = std::clamp(max_parts, std::ptrdiff_t{1}, static_cast<std::ptrdiff_t>(team.size()));
    const auto rows_of = [&](const auto& all, std::ptrdiff_t part) {
        const auto begin = image.height() * part / parts, end = image.height() * (part + 1) / parts;
        return all.crop(0, begin, image.width(), end - begin);
    };
    const auto pixels_of = [&](std::ptrdiff_t part) { return static_cast<std::size_t>(rows_of(image, part).size()); };
    // All counts are allocated here and as one block, so that malloc keeps the memory for the next call. It would not
    // keep what a thread allocated that ends; nor what is freed piece by piece, once that is more than twice the
    // largest piece; nor more than 32 MiB. So counters begin with fewer blocks than there are: two with seven eighths.
    using counter = color_counter<Channels, Cell>;
    const auto max_room =
        (std::size_t{28} << 20) / sizeof(Cell) / block_cells<Channels> / static_cast<std::size_t>(parts);
    const auto room = (std::min)(counter::room_for(pixels_of(parts - 1)), max_room * block_cells<Channels>);
    counted_parts<Channels, Cell> result{buffer<Cell>(room * static_cast<std::size_t>(parts))};
    for (std::ptrdiff_t part = 0; part < parts; ++part)
        result.counters.emplace_back(pixels_of(part),
                                     result.counts.span().subspan(room * static_cast<std::size_t>(part), room));
    team.for_each(result.counters.size(), [&](std::size_t part) {
        const auto rows = rows_of(image, static_cast<std::ptrdiff_t>(part));
        if constexpr (std::is_same_v<Cell, std::uint8_t>)
            if (weights.empty()) return result.counters[part].add_rows(rows);
        result.counters[part].add_rows(rows, rows_of(weights, static_cast<std::ptrdiff_t>(part)));
    });
    return result;
}

}  // namespace lloyd::inline v0::detail
