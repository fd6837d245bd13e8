// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Rows of bits, 64 pixels a word with the leftmost in the lowest bit: from bytes and back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/lane_bits.hpp>
#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

using pixel_word = std::uint64_t;
inline constexpr std::ptrdiff_t pixel_word_bits = 64;

inline std::ptrdiff_t words_for(std::ptrdiff_t width) { return (width + pixel_word_bits - 1) / pixel_word_bits; }

/// Where the bits of words first to last − 1 of a row go, and what is to be fetched meanwhile: a later row of the picture
/// that they become, since a row of it is written at once.
struct bit_words {
    std::ptrdiff_t first, last;
    pixel_word *weak, *strong;
    const std::uint8_t* ahead;
};

/// Strength, 0 to 2, to two rows of bits: at least 1, and 2. Returns whether there was nothing but 0 to 2.
struct strength_bits_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static bool run(const std::uint8_t* strength, std::ptrdiff_t width, pixel_word* weak,
                                           pixel_word* strong) {
        vector<std::uint8_t, Bytes> most{};
        std::ptrdiff_t x = 0;
        for (; x + pixel_word_bits <= width; x += pixel_word_bits) step<Bytes>(strength + x, most, weak++, strong++);
        if (x < width) {
            std::uint8_t rest[pixel_word_bits] = {};
            std::memcpy(&rest, strength + x, static_cast<std::size_t>(width - x));
            step<Bytes>(&rest[0], most, weak, strong);
        }
        std::uint8_t highest = 0;
        for (int i = 0; i < Bytes; ++i) highest = most[i] > highest ? static_cast<std::uint8_t>(most[i]) : highest;
        return highest <= 2;
    }

private:
    template <int Bytes>
    [[gnu::always_inline]] static void step(const std::uint8_t* strength, vector<std::uint8_t, Bytes>& most,
                                            pixel_word* weak, pixel_word* strong) {
        pixel_word weak_bits = 0, strong_bits = 0;
        for (std::ptrdiff_t i = 0; i < pixel_word_bits; i += Bytes) {
            vector<std::uint8_t, Bytes> bytes;
            load(bytes, strength + i);
            raise_to(most, bytes);
            pixel_word bits;
            gather_lowest_bits<Bytes>(bits, bytes >> 1);
            strong_bits |= bits << i;
            gather_lowest_bits<Bytes>(bits, (bytes >> 1) | bytes);
            weak_bits |= bits << i;
        }
        *weak = weak_bits;
        *strong = strong_bits;
    }
};

/// Eight bytes of 0 or 255 for each byte of bits.
inline constexpr std::array<std::array<std::uint8_t, 8>, 256> bytes_of_bits = [] {
    std::array<std::array<std::uint8_t, 8>, 256> table{};
    for (std::size_t bits = 0; bits < 256; ++bits)
        for (std::size_t i = 0; i < 8; ++i) table[bits][i] = (bits >> i & 1) != 0 ? 255 : 0;
    return table;
}();

/// 255 where a bit is set, 0 elsewhere, for the first `count` bits, at most 64.
inline void paint_word(pixel_word bits, std::ptrdiff_t count, std::uint8_t* to) {
    if (count < pixel_word_bits) {
        for (std::ptrdiff_t x = 0; x < count; ++x) to[x] = (bits >> x & 1) != 0 ? 255 : 0;
        return;
    }
    for (std::ptrdiff_t i = 0; i < 8; ++i) std::memcpy(to + 8 * i, bytes_of_bits[bits >> (8 * i) & 0xff].data(), 8);
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
