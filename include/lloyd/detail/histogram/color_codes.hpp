// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The code of a pixel's colour: its place in a table, computed for hundreds of pixels at a time.
///
/// The upper 16 bits of a code are the number of a block of colours, the lower 16 bits a cell of that block: one
/// colour. (Where tables are divided into the smaller cubes, read cube for block.) Cells are in Morton order but for
/// one exchange of bits; the blocks of three channels are numbered channel by channel, because that takes less time.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <lloyd/detail/histogram/morton.hpp>
#include <lloyd/detail/simd/byte_products.hpp>
#include <lloyd/detail/simd/gnu_vectors.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The bits of a cell of a block: 16 colours a side with three channels, 64 with two, all 256 with one. One byte for
/// each cell is 4 KiB, and 4 bytes for each of the 4,096 blocks fit the first cache.
template <std::size_t Channels>
inline constexpr std::uint32_t block_bits = (std::min)(8U * static_cast<std::uint32_t>(Channels), 12U);

/// Cells of a block.
template <std::size_t Channels>
inline constexpr std::uint32_t block_cells = 1U << block_bits<Channels>;

/// How many blocks there are.
template <std::size_t Channels>
inline constexpr std::uint32_t block_count = 1U << (8 * Channels - block_bits<Channels>);

inline constexpr std::uint32_t block_of(std::uint32_t code) { return code >> 16; }
inline constexpr std::uint32_t cube_of(std::uint32_t code) { return code >> 16; }
inline constexpr std::uint32_t cell_of(std::uint32_t code) { return code & 0xffff; }

/// Exchanges bits 0 to 2 with bits 3 to 5: from Morton order to the order of cells, and back. occupied_kernel turns 64
/// cells into 64 bits, and cell 8 w + b becomes bit 8 b + w; so these bits are in Morton order.
constexpr std::uint32_t exchanged(std::uint32_t cell) { return (cell & ~63U) | (cell & 7) << 3 | (cell >> 3 & 7); }

/// The number of a colour's block. `prefix` is the number of that block in Morton order.
template <std::size_t Channels>
constexpr std::uint32_t block_number(std::uint32_t prefix, const std::uint8_t* color) {
    if constexpr (Channels == 3) return color[0] >> 4U | (color[1] & 0xf0U) | (color[2] & 0xf0U) << 4;
    return prefix;
}

/// The code of a colour; Bits is block_bits, or cube_bits for cubes in place of blocks.
template <std::size_t Channels, std::uint32_t Bits>
constexpr std::uint32_t color_code(const std::uint8_t* color) {
    const auto morton = morton_code<Channels>(color);
    const auto block = block_number<Channels>(morton >> block_bits<Channels>, color);
    const auto code = block << block_bits<Channels> | (exchanged(morton) & ((1U << block_bits<Channels>)-1));
    return code >> Bits << 16 | (code & ((1U << Bits) - 1));
}

/// A code is the OR of three parts: [channel][value of the channel].
template <std::uint32_t Bits>
inline constexpr std::array<std::array<std::uint32_t, 256>, 3> parts_of_codes = [] {
    std::array<std::array<std::uint32_t, 256>, 3> parts{};
    for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t value = 0; value < 256; ++value) {
            std::uint8_t color[3] = {};
            color[c] = static_cast<std::uint8_t>(value);
            parts[c][value] = color_code<3, Bits>(color);
        }
    return parts;
}();

/// The same as color_code, and faster.
template <std::size_t Channels, std::uint32_t Bits>
[[gnu::always_inline]] inline std::uint32_t table_code(const std::uint8_t* color) {
    if constexpr (Channels < 3) return color_code<Channels, Bits>(color);
    const auto& [first, second, third] = parts_of_codes<Bits>;
    return first[color[0]] | second[color[1]] | third[color[2]];
}

/// The most pixels whose codes are computed in one call.
inline constexpr std::ptrdiff_t codes_at_once = 256;

/// Loads 16 bytes to each group of 16, each time from four pixels of three channels (12 bytes) farther on.
template <class Bytes>
[[gnu::always_inline]] inline void load_every_4_pixels(Bytes& to, const std::uint8_t* pixels) {
    constexpr int half = static_cast<int>(sizeof(Bytes)) / 2;
    if constexpr (half == 8) {
        load(to, pixels);
    } else {
        simd<std::uint8_t, half> first, second;
        load_every_4_pixels(first, pixels);
        load_every_4_pixels(second, pixels + std::ptrdiff_t{half} / 4 * 3);
        join(to, first, second);
    }
}

/// Loads pixels of three channels, one to each lane of 32 bits. Bytes of a group of 16 move like this:
///
///     r0 g0 b0 r1 g1 b1 r2 g2 b2 r3 g3 b3 . . . .  ->  r0 g0 b0 b0 | r1 g1 b1 b1 | r2 g2 b2 b2 | r3 g3 b3 b3
///
/// The top byte has no meaning. Reads 4 bytes past the last pixel. For little-endian machines.
template <class Lanes>
[[gnu::always_inline]] inline void load_pixels(Lanes& lanes, const std::uint8_t* pixels) {
    simd<std::uint8_t, static_cast<int>(sizeof(Lanes))> narrow, spread;
    load_every_4_pixels(narrow, pixels);
    shuffle_groups<0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11>(spread, narrow);
    std::memcpy(&lanes, &spread, sizeof lanes);
}

/// The codes of `count` pixels of three channels. Rounds `count` up to full vectors, at most a multiple of 16; reads up
/// to 4 bytes past the last pixel of these.
template <std::uint32_t Bits>
struct code_kernel {
    static constexpr int max_bytes = 32;

    static_assert(Bits == 9 || Bits == 12);

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* pixels, std::ptrdiff_t count, std::uint32_t* codes) {
        if constexpr (Bytes > 16 && std::endian::native == std::endian::little) {
            for (std::ptrdiff_t i = 0; i < count; i += Bytes / 4) compute<Bytes>(pixels + 3 * i, codes + i);
        } else {  // faster than vectors of 16 bytes
            for (std::ptrdiff_t i = 0; i < count; ++i) codes[i] = table_code<3, Bits>(pixels + 3 * i);
        }
    }

    /// Bit b of a channel's lower four goes to bit 3, 0, 6 or 9 of the cell, one higher for the second channel and two for
    /// the first. The table has the first three of these, and a second one the last, as 5: a product moves it to 9.
    template <int Bytes>
    [[gnu::always_inline]] static void compute(const std::uint8_t* pixels, std::uint32_t* codes) {
        using lanes = simd<std::uint32_t, Bytes>;
        lanes p, cell, top;
        load_pixels(p, pixels);
        const lanes low = p & 0x0f0f'0f0fU;
        look_up_bytes<0, 8, 1, 9, 64, 72, 65, 73, 0, 8, 1, 9, 64, 72, 65, 73>(cell, low);
        look_up_bytes<0, 0, 0, 0, 0, 0, 0, 0, 32, 32, 32, 32, 32, 32, 32, 32>(top, low);
        multiply_bytes<4, 2, 1, 0>(cell);
        multiply_bytes<64, 32, 16, 0>(top);
        cell += top;
        add_halves<1, 1>(cell);
        lanes block = p & 0xf0f0'f0f0U;
        multiply_bytes<1, 16, 1, 0>(block);
        add_halves<1, 256>(block);
        lanes code = block << 12 | cell;
        if constexpr (Bits == 9) code = (code & 0xffff'0000U) << 3 | (code << 7 & 0x7'0000U) | (code & 0x1ffU);
        store(codes, code);
    }
};

/// The address of `count` pixels of a row from `first` on, such that codes_at_once pixels and 16 bytes can be read
/// there: in the row, or, near its end, in `copy`, an array of that size.
inline const std::uint8_t* readable_past_end(std::span<const std::uint8_t> row, std::ptrdiff_t first,
                                             std::ptrdiff_t count, std::uint8_t* copy) {
    const std::uint8_t* pixels = row.data() + 3 * first;
    if (static_cast<std::ptrdiff_t>(row.size()) / 3 - first >= codes_at_once + 16) return pixels;
    std::memcpy(copy, pixels, static_cast<std::size_t>(3 * count));
    return copy;
}

/// The codes of `count` pixels of a row from `first` on, at most codes_at_once of them.
template <std::size_t Channels, std::uint32_t Bits>
void compute_codes(std::span<const std::uint8_t> row, std::ptrdiff_t first, std::ptrdiff_t count,
                   std::uint32_t* codes) {
    constexpr auto channels = static_cast<std::ptrdiff_t>(Channels);
    if constexpr (Channels == 3) {
        std::uint8_t copy[3 * codes_at_once + 16];
        run_kernel<code_kernel<Bits>>(readable_past_end(row, first, count, copy), count, codes);
    } else {
        const std::uint8_t* pixel = row.data() + first * channels;
        for (std::ptrdiff_t i = 0; i < count; ++i) codes[i] = color_code<Channels, Bits>(pixel + i * channels);
    }
}

/// Calls use(codes, count) for all pixels of a row in order, 1 to codes_at_once of them each time.
template <std::size_t Channels, std::uint32_t Bits, class Use>
void for_each_codes(std::span<const std::uint8_t> row, const Use& use) {
    const auto pixels = static_cast<std::ptrdiff_t>(row.size() / Channels);
    std::uint32_t codes[codes_at_once];
    for (std::ptrdiff_t first = 0; first < pixels; first += codes_at_once) {
        const auto count = (std::min)(codes_at_once, pixels - first);
        compute_codes<Channels, Bits>(row, first, count, &codes[0]);
        use(static_cast<const std::uint32_t*>(&codes[0]), count);
    }
}

}  // namespace lloyd::inline v0::detail
