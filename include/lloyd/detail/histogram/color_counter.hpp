// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Counts how often each colour occurs, in one byte for each colour: the counts of 512 neighbouring colours are then 8
/// cache lines, and those of most photographs fit the second cache. A byte that would overflow is reduced by 255, and
/// that is recorded as a carry; so a byte is 0 only if its colour has not occurred.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/histogram/color_codes.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The counts of the colours of some rows. Only blocks of colours that occur have counts.
template <std::size_t Channels>
    requires(1 <= Channels && Channels <= 3)
class color_counter {
public:
    /// Bytes of counts for all blocks that `pixels` pixels can lie in.
    static std::size_t room_for(std::size_t pixels) {
        return (std::min)(std::size_t{block_count<Channels>}, pixels) * block_cells<Channels>;
    }

    /// For at most `pixels` pixels, fewer than 2^32. `counts` has room_for(pixels) bytes, uninitialised.
    color_counter(std::size_t pixels, std::uint8_t* counts)
        : starts_(block_count<Channels>, none),
          counts_(counts),
          carries_(pixels / 255),
          last_carries_(block_count<Channels>, none) {}

    /// Counts the pixels of a row. Neighbouring pixels often have the same colour; counting them in order would wait
    /// for the previous store to the same byte. So four runs of up to 256 pixels are counted in turn; they are near
    /// enough to share cache lines.
    void add(std::span<const std::uint8_t> row) {
        constexpr std::ptrdiff_t runs = 4;
        const auto pixels = static_cast<std::ptrdiff_t>(row.size() / Channels);
        alignas(64) std::uint32_t codes[runs][codes_at_once];
        std::ptrdiff_t first = 0;
        for (std::ptrdiff_t count; (count = (std::min)(codes_at_once, (pixels - first) / runs)) > 0;) {
            for (auto& run : codes) {
                compute_codes<Channels, block_bits<Channels>>(row, first, count, &run[0]);
                first += count;
            }
            const counting here(*this);
            for (std::ptrdiff_t i = 0; i < count; ++i)
#pragma GCC unroll 4
                for (const auto& run : codes) here.add_one(run[i]);
        }
        for (; first < pixels; ++first)
            counting(*this).add_one(
                color_code<Channels, block_bits<Channels>>(row.data() + static_cast<std::size_t>(first) * Channels));
    }

    /// The counts of the block_cells cells of a block; null if no pixel lies in the block.
    const std::uint8_t* counts_of(std::uint32_t block) const {
        return starts_[block] == none ? nullptr : counts_ + starts_[block];
    }

    /// Calls use(code) once for each 255 pixels that counts_of(block) leaves out.
    template <class Use>
    void for_each_carry(std::uint32_t block, const Use& use) const {
        for (auto i = last_carries_[block]; i != none; i = carries_[i].before) use(carries_[i].code);
    }

private:
    static constexpr std::uint32_t none = 0xffff'ffff;

    /// Copies of the counter's pointers: it would have to read its own again after each byte stored, since a byte may
    /// belong to any object.
    struct counting {
        [[gnu::always_inline]] explicit counting(color_counter& to)
            : counter(to), starts(to.starts_.data()), counts(to.counts_) {}

        [[gnu::always_inline]] void add_one(std::uint32_t code) const {
            std::uint32_t start = starts[block_of(code)];
            if (start == none) start = counter.add_block(block_of(code));
            std::uint8_t& count = counts[start + cell_of(code)];
            if (++count == 0) counter.carry(code, count);
        }

        color_counter& counter;
        const std::uint32_t* starts;
        std::uint8_t* counts;
    };

    /// Sets the counts of a new block to 0, and returns where they begin.
    [[gnu::noinline]] std::uint32_t add_block(std::uint32_t block) {
        const auto start = used_;
        std::memset(counts_ + start, 0, block_cells<Channels>);
        used_ += block_cells<Channels>;
        return starts_[block] = start;
    }

    /// Records 255 pixels of a colour whose byte went from 255 to 0, and leaves 1 there.
    [[gnu::noinline]] void carry(std::uint32_t code, std::uint8_t& count) {
        ++count;
        std::uint32_t& last = last_carries_[block_of(code)];
        carries_[carried_] = {code, last};
        last = carried_++;
    }

    struct carried {
        std::uint32_t code;
        std::uint32_t before;  ///< index of the carry before this one in the same block, or none
    };

    buffer<std::uint32_t> starts_;  ///< of each block: where its counts begin in counts_, or none
    std::uint8_t* counts_;
    std::uint32_t used_ = 0;  ///< of counts_
    buffer<carried> carries_;
    std::uint32_t carried_ = 0;           ///< of carries_
    buffer<std::uint32_t> last_carries_;  ///< of each block: the index of its last carry, or none
};

/// The counts of an image by parts, one for each thread.
template <std::size_t Channels>
struct counted_parts {
    buffer<std::uint8_t> counts;  ///< of all counters
    std::vector<color_counter<Channels>> counters{};
};

/// Each thread counts some of the rows. Images of fewer pixels than twice `min_pixels`, the least that are worth a
/// counter of their own, are counted by one.
template <std::size_t Channels>
counted_parts<Channels> count_colors(image_view<const std::uint8_t, Channels> image, thread_team& team,
                                     std::ptrdiff_t min_pixels = 1 << 20) {
    const auto max_parts = (std::min)(image.height(), image.size() / min_pixels);
    const auto parts = std::clamp(max_parts, std::ptrdiff_t{1}, static_cast<std::ptrdiff_t>(team.size()));
    const auto rows_of = [&](std::ptrdiff_t part) {
        const auto begin = image.height() * part / parts, end = image.height() * (part + 1) / parts;
        return image.crop(0, begin, image.width(), end - begin);
    };
    // All counts are allocated here and as one block, so that malloc keeps the memory for the next call. It would not
    // keep what a thread allocated that ends; nor what is freed piece by piece, once that is more than twice the
    // largest piece.
    const auto room = color_counter<Channels>::room_for(static_cast<std::size_t>(rows_of(parts - 1).size()));
    counted_parts<Channels> result{buffer<std::uint8_t>(room * static_cast<std::size_t>(parts))};
    for (std::ptrdiff_t part = 0; part < parts; ++part)
        result.counters.emplace_back(static_cast<std::size_t>(rows_of(part).size()),
                                     result.counts.data() + room * static_cast<std::size_t>(part));
    team.for_each(result.counters.size(), [&](std::size_t part) {
        const auto rows = rows_of(static_cast<std::ptrdiff_t>(part));
        if (rows.is_contiguous()) return result.counters[part].add(rows.elements());
        for (std::ptrdiff_t y = 0; y < rows.height(); ++y) result.counters[part].add(rows.row(y));
    });
    return result;
}

}  // namespace lloyd::inline v0::detail
