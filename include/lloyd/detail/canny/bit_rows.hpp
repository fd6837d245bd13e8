// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Rows of bits, 64 pixels in a word with the leftmost in the lowest bit: from bytes, an index of their words, and back
/// to bytes.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

using pixel_word = std::uint64_t;
inline constexpr std::ptrdiff_t pixel_word_bits = 64;

/// A group is 16 words, 1024 pixels. A 16-bit number has a bit for each word of a group: bit i is set where word i has
/// some property.
inline constexpr std::ptrdiff_t words_in_group = 16;

/// The words of a row of `width` pixels.
inline std::ptrdiff_t words_for(std::ptrdiff_t width) { return (width + pixel_word_bits - 1) / pixel_word_bits; }

/// Where stage 4 writes words first to last − 1 of a row: `weak` has a bit for each pixel above `low`, `strong` for
/// each above `high`.
struct bit_output {
    std::ptrdiff_t first, last;
    pixel_word *weak, *strong;
};

/// Strength, 0 to 2 in bytes, to two rows of bits: `weak` where it is at least 1, `strong` where it is 2. Returns false if
/// any byte was larger than 2.
struct strength_bits_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static bool run(const std::uint8_t* strength, std::ptrdiff_t width, pixel_word* weak,
                                           pixel_word* strong) {
        simd<std::uint8_t, Bytes> max_strength{};
        std::ptrdiff_t x = 0;
        for (; x + pixel_word_bits <= width; x += pixel_word_bits)
            step<Bytes>(strength + x, max_strength, weak++, strong++);
        if (x < width) {
            std::uint8_t rest[pixel_word_bits] = {};
            std::memcpy(&rest, strength + x, static_cast<std::size_t>(width - x));
            step<Bytes>(&rest[0], max_strength, weak, strong);
        }
        std::uint8_t largest = 0;
        for (int i = 0; i < Bytes; ++i)
            largest = max_strength[i] > largest ? static_cast<std::uint8_t>(max_strength[i]) : largest;
        return largest <= 2;
    }

private:
    template <int Bytes>
    [[gnu::always_inline]] static void step(const std::uint8_t* strength, simd<std::uint8_t, Bytes>& max_strength,
                                            pixel_word* weak, pixel_word* strong) {
        pixel_word weak_bits = 0, strong_bits = 0;
        for (std::ptrdiff_t i = 0; i < pixel_word_bits; i += Bytes) {
            simd<std::uint8_t, Bytes> bytes;
            load(bytes, strength + i);
            max_in_place(max_strength, bytes);
            pixel_word bits;
            movemask<Bytes>(bits, bytes >> 1);
            strong_bits |= bits << i;
            movemask<Bytes>(bits, (bytes >> 1) | bytes);
            weak_bits |= bits << i;
        }
        *weak = weak_bits;
        *strong = strong_bits;
    }
};

/// Indexes words first to last − 1 of a row, a bit for each word: weak_words, those with a weak pixel, and unresolved,
/// those with a pixel that is weak but not an edge (yet). `first` is a multiple of 16.
struct index_row_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const pixel_word* weak, const pixel_word* edges, std::ptrdiff_t first,
                                           std::ptrdiff_t last, std::uint16_t* weak_words, std::uint16_t* unresolved) {
        weak_words += first / words_in_group;
        unresolved += first / words_in_group;
        for (; first + words_in_group <= last; first += words_in_group)
            index_group<Bytes>(weak + first, edges + first, *weak_words++, *unresolved++);
        if (first == last) return;
        unsigned some_weak = 0, some_unresolved = 0;
        for (unsigned bit = 1; first < last; ++first, bit *= 2) {
            some_weak |= weak[first] != 0 ? bit : 0;
            some_unresolved |= weak[first] != edges[first] ? bit : 0;
        }
        *weak_words = static_cast<std::uint16_t>(some_weak);
        *unresolved = static_cast<std::uint16_t>(some_unresolved);
    }

private:
    template <int Bytes>
    [[gnu::always_inline]] static void index_group(const pixel_word* weak, const pixel_word* edges,
                                                   std::uint16_t& weak_words, std::uint16_t& unresolved) {
        using words = simd<pixel_word, Bytes>;
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(pixel_word);
        words bit, some_weak{}, some_unresolved{};
        for (std::ptrdiff_t i = 0; i < lanes; ++i) bit[i] = pixel_word{1} << i;
        for (std::ptrdiff_t i = 0; i < words_in_group; i += lanes) {
            words within, before, none{}, bits = bit;
            load(within, weak + i);
            load(before, edges + i);
            select(within == none, bits, none);
            some_weak |= bits;
            bits = bit;
            select(within == before, bits, none);
            some_unresolved |= bits;
            bit = bit << static_cast<int>(lanes);
        }
        reduce_or(weak_words, some_weak);
        reduce_or(unresolved, some_unresolved);
    }
};

/// Sets `size` bytes to 0. `zeros` is a vector of zeros in memory: of a loop that stores a constant compilers make a call
/// of memset, which is slower for rows one by one.
struct clear_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* zeros, std::uint8_t* to, std::ptrdiff_t size) {
        simd<std::uint8_t, Bytes> zero;
        load(zero, zeros);
        std::ptrdiff_t i = 0;
        for (; i + Bytes <= size; i += Bytes) store(to + i, zero);
        for (; i < size; ++i) to[i] = 0;
    }
};

/// Rows of bits to bytes: 255 for a bit that is set, otherwise 0. Writes only the words whose bit in `groups` is set.
struct expand_bits_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint16_t* groups, const pixel_word* words, std::ptrdiff_t width,
                                           std::uint8_t* to) {
        simd<std::uint8_t, Bytes> bit_of_lane, bytes;
        load(bit_of_lane, bits_of_lanes.data());
        for (std::ptrdiff_t first = 0; first * pixel_word_bits < width; first += words_in_group)
            for (unsigned group = *groups++; group != 0; group &= group - 1) {
                const auto i = first + std::countr_zero(group), x = i * pixel_word_bits;
                if (x + pixel_word_bits <= width)
                    for (int at = 0; at < pixel_word_bits; at += Bytes) {
                        spread<Bytes>(bytes, words[i] >> at, bit_of_lane);
                        store(to + x + at, bytes);
                    }
                else
                    for (auto k = x; k < width; ++k) to[k] = (words[i] >> (k - x) & 1) != 0 ? 255 : 0;
            }
    }

private:
    static constexpr std::array<std::uint8_t, 64> bits_of_lanes = [] {
        std::array<std::uint8_t, 64> bits{};
        for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint8_t>(1 << (i % 8));
        return bits;
    }();

    /// bytes[i] = 255 where bit i of `bits` is set, otherwise 0.
    template <int Bytes>
    [[gnu::always_inline]] static void spread(simd<std::uint8_t, Bytes>& bytes, pixel_word bits,
                                              const simd<std::uint8_t, Bytes>& bit_of_lane) {
        simd<pixel_word, Bytes> all;
        simd<std::uint8_t, Bytes> eights, white;
        broadcast(all, bits);
        std::memcpy(&eights, &all, sizeof eights);
        repeat_bytes(eights, std::make_integer_sequence<int, Bytes>{});
        eights = eights & bit_of_lane;
        bytes = simd<std::uint8_t, Bytes>{};
        white = ~bytes;
        select(eights == bit_of_lane, bytes, white);
    }

    /// Lane i becomes byte i / 8 of the word (b0 eight times, b1 eight times, …). All words of the vector are the same,
    /// so no byte has to leave its 16 lanes.
    template <class Vector, int... Lanes>
    [[gnu::always_inline]] static void repeat_bytes(Vector& words, std::integer_sequence<int, Lanes...>) {
        constexpr int last_byte = std::endian::native == std::endian::little ? 0 : 7;
        shuffle<(Lanes / 16 * 16 + (Lanes / 8 ^ last_byte))...>(words, words);
    }
};

}  // namespace lloyd::inline v0::detail
