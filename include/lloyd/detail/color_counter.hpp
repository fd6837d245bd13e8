// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Counts colours in bytes: a cube of 512 colours is then 8 cache lines, and the cubes of most photographs fit the
/// second cache. What a byte cannot hold is carried over, once in 256 times.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <lloyd/detail/color_table.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

template <std::size_t Channels>
class color_counter {
public:
    /// For at most `pixels` pixels, fewer than 2^32.
    explicit color_counter(std::size_t pixels) : counts_(pixels), carries_(pixels / 256) {}

    void add(std::span<const std::uint8_t> pixels) {
        for (auto* pixel = pixels.data(); pixel != pixels.data() + pixels.size(); pixel += Channels) {
            const auto code = morton_code<Channels>(pixel);
            if (++counts_[code] == 0) ++carries_[code];
        }
    }

    std::ptrdiff_t distinct() const {
        std::ptrdiff_t colors = 0;
        for_each_run([&](std::uint32_t, std::uint32_t, std::uint64_t occupied) { colors += std::popcount(occupied); });
        return colors;
    }

    /// Writes the colours that occur, in Morton order, and how often.
    void list(std::uint8_t* color, double* count) const {
        std::uint8_t within[counts_type::cells][Channels];  // a colour is its cube's first plus its place in the cube
        for (std::uint32_t cell = 0; cell < counts_type::cells; ++cell) morton_color<Channels>(cell, within[cell]);
        std::uint8_t first[Channels] = {};
        std::uint32_t current = 0;
        for_each_run([&](std::uint32_t prefix, std::uint32_t run, std::uint64_t occupied) {
            if (prefix != current) morton_color<Channels>(prefix << cell_bits<Channels>, first);
            current = prefix;
            const std::uint8_t* counts = counts_.cube(prefix);
            const std::uint32_t* carries = carries_.cube(prefix);
            for (; occupied != 0; occupied &= occupied - 1) {
                const auto cell = run + static_cast<std::uint32_t>(std::countr_zero(occupied));
                for (std::size_t c = 0; c < Channels; ++c)
                    *color++ = static_cast<std::uint8_t>(first[c] | within[cell][c]);
                *count++ = counts[cell] + (carries == nullptr ? 0.0 : 256.0 * carries[cell]);
            }
        });
    }

private:
    using counts_type = color_table<Channels, std::uint8_t>;

    /// Calls use(prefix, first, occupied) for each 64 cells of each cube, with a bit for each colour that occurs.
    template <class Use>
    void for_each_run(const Use& use) const {
        for (std::uint32_t prefix = 0; prefix < counts_.cubes; ++prefix) {
            const std::uint8_t* counts = counts_.cube(prefix);
            if (counts == nullptr) continue;
            const std::uint32_t* carries = carries_.cube(prefix);
            for (std::uint32_t first = 0; first < counts_type::cells; first += 64) {
                std::uint64_t occupied = 0;
                for (std::uint32_t i = 0; i < 64; i += 8) occupied |= occupied_of_8(counts + first + i) << i;
                for (std::uint32_t i = 0; carries != nullptr && i < 64; ++i)
                    occupied |= static_cast<std::uint64_t>(carries[first + i] != 0) << i;
                use(prefix, first, occupied);
            }
        }
    }

    /// A bit for each of eight bytes that is not 0, the first byte's lowest.
    static std::uint64_t occupied_of_8(const std::uint8_t* bytes) {
        std::uint64_t eight = 0;
        if constexpr (std::endian::native == std::endian::little)
            std::memcpy(&eight, bytes, sizeof eight);  // g++ does not find this load in the loop below
        else
            for (int i = 0; i < 8; ++i) eight |= static_cast<std::uint64_t>(bytes[i]) << 8 * i;
        constexpr std::uint64_t low_bits = 0x7f7f'7f7f'7f7f'7f7f;
        const auto top_bits = (((eight & low_bits) + low_bits) | eight) & ~low_bits;
        return (top_bits >> 7) * 0x0102'0408'1020'4080 >> 56;
    }

    counts_type counts_;
    color_table<Channels, std::uint32_t> carries_;  ///< how often 256 were counted
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
