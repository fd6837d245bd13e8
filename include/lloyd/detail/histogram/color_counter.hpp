// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Counts colours in bytes: a cube of 512 colours is then 8 cache lines, and the cubes of most photographs fit the
/// second cache. What a byte cannot hold is carried over, 255 at a time: so a byte is 0 only where nothing was counted.
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

/// The counts of the colours that add() has met.
template <std::size_t Channels>
    requires(1 <= Channels && Channels <= 3)
class color_counter {
public:
    /// Bytes of counts for the blocks that `pixels` pixels can lie in.
    static std::size_t room_for(std::size_t pixels) {
        return (std::min)(std::size_t{block_count<Channels>}, pixels) * block_cells<Channels>;
    }

    /// For at most `pixels` pixels, fewer than 2^32. `counts` has room_for(pixels) bytes, uninitialised.
    color_counter(std::size_t pixels, std::uint8_t* counts)
        : starts_(block_count<Channels>, none),
          counts_(counts),
          carries_(pixels / 255),
          last_carries_(block_count<Channels>, none) {}

    /// Neighbours are alike, and each would wait for the count before it to be stored: so counting goes on in four
    /// places by turns, near enough to share the cache.
    void add(std::span<const std::uint8_t> row) {
        constexpr std::ptrdiff_t places = 4;
        const auto pixels = static_cast<std::ptrdiff_t>(row.size() / Channels);
        alignas(64) std::uint32_t codes[places][codes_at_once];
        std::ptrdiff_t first = 0;
        for (std::ptrdiff_t count; (count = (std::min)(codes_at_once, (pixels - first) / places)) > 0;) {
            for (auto& place : codes) {
                compute_codes<Channels, block_bits<Channels>>(row, first, count, &place[0]);
                first += count;
            }
            const counting here(*this);
            for (std::ptrdiff_t i = 0; i < count; ++i)
#pragma GCC unroll 4
                for (const auto& place : codes) here.add_one(place[i]);
        }
        for (; first < pixels; ++first)
            counting(*this).add_one(
                color_code<Channels, block_bits<Channels>>(row.data() + static_cast<std::size_t>(first) * Channels));
    }

    /// The counts of a block's cells, block_cells of them; null if no pixel lies in the block.
    const std::uint8_t* counts_of(std::uint32_t block) const {
        return starts_[block] == none ? nullptr : counts_ + starts_[block];
    }

    /// Calls use(code) for the colours of a block that occur 255 times more than their byte says: once for each 255.
    template <class Use>
    void for_each_carry(std::uint32_t block, const Use& use) const {
        for (auto i = last_carries_[block]; i != none; i = carries_[i].before) use(carries_[i].code);
    }

private:
    static constexpr std::uint32_t none = 0xffff'ffff;

    /// Pointers of its own, since a byte that is stored may be any member of the counter.
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

    /// The start of a new block's counts, all 0.
    [[gnu::noinline]] std::uint32_t add_block(std::uint32_t block) {
        const auto start = used_;
        std::memset(counts_ + start, 0, block_cells<Channels>);
        used_ += block_cells<Channels>;
        return starts_[block] = start;
    }

    /// For a count that came to 256 more than its byte says.
    [[gnu::noinline]] void carry(std::uint32_t code, std::uint8_t& count) {
        ++count;
        std::uint32_t& last = last_carries_[block_of(code)];
        carries_[carried_] = {code, last};
        last = carried_++;
    }

    struct carried {
        std::uint32_t code, before;  ///< of the same block
    };

    buffer<std::uint32_t> starts_;  ///< of each block: where its counts begin in counts_, or none
    std::uint8_t* counts_;
    std::uint32_t used_ = 0;  ///< of counts_
    buffer<carried> carries_;
    std::uint32_t carried_ = 0;           ///< of carries_
    buffer<std::uint32_t> last_carries_;  ///< of each block: its last carry, or none
};

/// What each thread has counted of an image.
template <std::size_t Channels>
struct counted_parts {
    buffer<std::uint8_t> cells;  ///< of all tables
    std::vector<color_counter<Channels>> counters{};
};

/// Each thread counts some rows in a table of its own. Fewer pixels than are worth a table are left to one.
template <std::size_t Channels>
counted_parts<Channels> count_colors(image_view<const std::uint8_t, Channels> image, thread_team& team,
                                     std::ptrdiff_t worth_a_table = 1 << 20) {
    const auto most = (std::min)(image.height(), image.size() / worth_a_table);
    const auto parts = std::clamp(most, std::ptrdiff_t{1}, static_cast<std::ptrdiff_t>(team.size()));
    const auto rows_of = [&](std::ptrdiff_t part) {
        const auto begin = image.height() * part / parts, end = image.height() * (part + 1) / parts;
        return image.crop(0, begin, image.width(), end - begin);
    };
    // Allocated here, and as one: what a thread that ends has allocated, malloc does not keep for the next call, nor
    // what is freed piece by piece once it is more than twice the largest piece.
    const auto room = color_counter<Channels>::room_for(static_cast<std::size_t>(rows_of(parts - 1).size()));
    counted_parts<Channels> result{buffer<std::uint8_t>(room * static_cast<std::size_t>(parts))};
    for (std::ptrdiff_t part = 0; part < parts; ++part)
        result.counters.emplace_back(static_cast<std::size_t>(rows_of(part).size()),
                                     result.cells.data() + room * static_cast<std::size_t>(part));
    team.for_each(result.counters.size(), [&](std::size_t part) {
        const auto rows = rows_of(static_cast<std::ptrdiff_t>(part));
        if (rows.is_contiguous()) return result.counters[part].add(rows.elements());
        for (std::ptrdiff_t y = 0; y < rows.height(); ++y) result.counters[part].add(rows.row(y));
    });
    return result;
}

}  // namespace lloyd::inline v0::detail
