// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From a table of counts to a list of colours in Morton order.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/color_counter.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// A bit for each of 64 cells that is not 0, in Morton order.
inline std::uint64_t occupied_cells(const std::uint8_t* cells) {
    constexpr std::uint64_t low_bits = 0x7f7f'7f7f'7f7f'7f7f;
    std::uint64_t occupied = 0;
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) {
        std::uint64_t eight = 0;
        if constexpr (std::endian::native == std::endian::little)
            std::memcpy(&eight, cells + 8 * i, sizeof eight);  // g++ does not find this load in the loop below
        else
            for (int b = 0; b < 8; ++b) eight |= std::uint64_t{cells[8 * i + b]} << 8 * b;
        const auto top_bits = (((eight & low_bits) + low_bits) | eight) & ~low_bits;
        occupied |= top_bits >> (7 - i);  // cell 8 i + b is bit 8 b + i: cell_of has exchanged the two
    }
    return occupied;
}

template <std::size_t Channels>
class color_listing {
    using table = color_table<Channels, std::uint8_t>;

public:
    explicit color_listing(const color_counter<Channels>& counter)
        : counter_(counter), occupied_(counter.counts().used() / 64), first_(occupied_.size()) {
        for (std::size_t run = 0; run < occupied_.size(); ++run) {
            occupied_.data()[run] = occupied_cells(counter.counts().values() + 64 * run);
            distinct_ += std::popcount(occupied_.data()[run]);
        }
        for (std::uint32_t cell = 0; cell < table::cells; ++cell) {
            morton_color<Channels>(cell, cells_[cell].color);
            cells_[cell].place = static_cast<std::uint8_t>(cell_of<Channels>(cell) % 64);
        }
    }

    /// How many colours occur.
    std::ptrdiff_t distinct() const { return distinct_; }

    /// Writes these colours, in Morton order, and how often they occur.
    void write(std::uint8_t* colors, double* counts) {
        output to{colors, colors + distinct_ * static_cast<std::ptrdiff_t>(Channels), counts};
        entry cube;
        for (std::uint32_t prefix = 0; prefix < table::cubes; ++prefix) {
            morton_color<Channels>(prefix << cell_bits<Channels>, cube.color);
            const auto block = counter_.counts().block(color_code<Channels>(cube.color) >> cell_bits<Channels>);
            if (block == table::none) continue;
            for (std::uint32_t run = 0; run < table::cells / 64; ++run) {
                first_.data()[block / 64 + run] = static_cast<std::uint32_t>(to.count - counts);
                write_run(cube, block + 64 * run, cells_ + 64 * run, to);
            }
        }
        for (const auto code : counter_.carries()) counts[number_of(code)] += 255;
    }

private:
    /// A colour in 32 bits: what it adds to its cube's first one, and where in its run of 64 cells it is.
    struct entry {
        std::uint8_t color[3] = {};
        std::uint8_t place = 0;
    };
    struct output {
        std::uint8_t* color;
        const std::uint8_t* end;
        double* count;
    };

    void write_run(const entry& cube, std::uint32_t cells, const entry* entries, output& to) const {
        const auto first = std::bit_cast<std::uint32_t>(cube);
        const std::uint8_t* counts = counter_.counts().values() + cells;
        for (auto left = occupied_.data()[cells / 64]; left != 0; left &= left - 1) {
            const entry& e = entries[std::countr_zero(left)];
            const auto color = std::bit_cast<std::uint32_t>(e) | first;
            // Four bytes are one store; what is too much is overwritten by the next colour.
            std::memcpy(to.color, &color, to.end - to.color >= 4 ? 4 : Channels);
            to.color += Channels;
            *to.count++ = counts[e.place];
        }
    }

    /// The place in the list of a colour that occurs.
    std::size_t number_of(std::uint32_t code) const {
        const auto place = counter_.counts().block(code >> cell_bits<Channels>) + (code & (table::cells - 1));
        const auto bit = cell_of<Channels>(place % 64);  // the exchange undone
        const auto before = occupied_.data()[place / 64] & ((std::uint64_t{1} << bit) - 1);
        return first_.data()[place / 64] + static_cast<std::size_t>(std::popcount(before));
    }

    const color_counter<Channels>& counter_;
    buffer<std::uint64_t> occupied_;  ///< of each run of 64 cells
    buffer<std::uint32_t> first_;     ///< of each run: the number of its first colour
    entry cells_[table::cells];       ///< of a cube, in Morton order
    std::ptrdiff_t distinct_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
