// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The places of colours in a table: a code for each pixel, hundreds at a time.
///
/// A code names a cube of colours, then a cell in it. Cells are in Morton order but for one exchange, see `cell_of`. The
/// cubes of three channels are numbered channel by channel, which takes half the time of Morton numbers.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <lloyd/detail/morton.hpp>
#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// The cell of a Morton code. The lowest 3 bits are exchanged for the next 3: then bit b of byte i of each 64 cells,
/// taken over all their eight words, is in Morton order (see occupied_cells in color_counter.hpp).
template <std::size_t Channels>
std::uint32_t cell_of(std::uint32_t morton) {
    return (morton & (cells_of<Channels> - 1) & ~63U) | (morton & 7) << 3 | (morton >> 3 & 7);
}

template <std::size_t Channels>
std::uint32_t color_code(const std::uint8_t* color) {
    const auto morton = morton_code<Channels>(color);
    auto cube = morton >> cell_bits<Channels>;
    if constexpr (Channels == 3) cube = color[0] >> 3U | color[1] >> 3U << 5 | color[2] >> 3U << 10;
    return cube << cell_bits<Channels> | cell_of<Channels>(morton);
}

inline constexpr std::ptrdiff_t codes_at_once = 256;

/// The codes of pixels of three channels, rounded up to 16 of them. Reads up to 4 bytes behind the last one taken.
struct code_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* pixels, std::ptrdiff_t count, std::uint32_t* codes) {
        for (std::ptrdiff_t i = 0; i < count; i += 16) spread<Bytes>(pixels + 3 * i, codes + i);
        using lanes = vector<std::uint32_t, Bytes>;
        for (std::ptrdiff_t i = 0; i < count; i += Bytes / 4) {
            lanes p;  // red in the lowest byte, then green, blue, anything
            load(p, codes + i);
            const lanes low = p & 0x07'0707U;
            const lanes thirds = (low << 3 | low >> 1 | low << 4) & 0x49'4949U;  // bits 0, 1, 2 go to 3, 0, 6
            const lanes cell = (thirds << 2 | thirds >> 7 | thirds >> 16) & 0x1ffU;
            const lanes cube = (p << 6 & 0x3e00U) | (p << 3 & 0x7'c000U) | (p & 0xf8'0000U);
            const lanes code = cube | cell;
            store(codes + i, code);
        }
    }

private:
    /// 16 pixels, each to 32 bits.
    template <int Bytes>
    [[gnu::always_inline]] static void spread(const std::uint8_t* pixels, std::uint32_t* wide) {
        if constexpr (Bytes > 16 && std::endian::native == std::endian::little) {
            for (int i = 0; i < 4; ++i) {
                vector<std::uint8_t, 16> four, spread;
                load(four, pixels + 12 * i);
                shuffle<0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11>(spread, four);
                store(wide + 4 * i, spread);
            }
        } else {  // there is no such shuffle
#pragma GCC unroll 16
            for (int i = 0; i < 16; ++i) wide[i] = load_pixel(pixels + 3 * i);
        }
    }

    [[gnu::always_inline]] static std::uint32_t load_pixel(const std::uint8_t* pixel) {
        if constexpr (std::endian::native == std::endian::little) {
            std::uint32_t four;  // one load instead of three
            std::memcpy(&four, pixel, sizeof four);
            return four;
        } else {
            return pixel[0] | std::uint32_t{pixel[1]} << 8 | std::uint32_t{pixel[2]} << 16;
        }
    }
};

/// Calls use(codes, count) for the pixels of a row, 1 to codes_at_once of them each time.
template <std::size_t Channels, class Use>
void for_each_codes(std::span<const std::uint8_t> row, const Use& use) {
    constexpr auto channels = static_cast<std::ptrdiff_t>(Channels);
    const auto pixels = static_cast<std::ptrdiff_t>(row.size()) / channels;
    std::uint32_t codes[codes_at_once];
    for (std::ptrdiff_t first = 0; first < pixels; first += codes_at_once) {
        const auto count = (std::min)(codes_at_once, pixels - first);
        const std::uint8_t* pixel = row.data() + first * channels;
        if constexpr (Channels == 3) {
            std::uint8_t last[3 * codes_at_once + 16];
            if (pixels - first < codes_at_once + 16) {  // the kernel would read behind the row
                std::memcpy(last, pixel, static_cast<std::size_t>(3 * count));
                pixel = last;
            }
            run_kernel<code_kernel>(pixel, count, &codes[0]);
        } else {
            for (std::ptrdiff_t i = 0; i < count; ++i) codes[i] = color_code<Channels>(pixel + i * channels);
        }
        use(&codes[0], count);
    }
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
