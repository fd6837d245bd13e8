// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stages 2 to 4 of Canny for one channel and |dx| + |dy|, in 16-bit lanes, without moving a byte.
///
/// Rows are split: even columns in one array, odd ones in another. Two bytes of a photo lie in each lane, and come out
/// as x & 255 and x >> 8; the neighbours of even columns are found among odd ones, and the answers of both, a byte for
/// each, are put together with one "or".
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/bit_rows.hpp>
#include <lloyd/detail/ridge_kernels.hpp>
#include <lloyd/detail/simd.hpp>
#include <lloyd/detail/sobel_kernels.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Columns 0, 2, 4 … and 1, 3, 5 … of a row.
struct split_row {
    std::int16_t* even;
    std::int16_t* odd;

    std::int16_t& operator[](std::ptrdiff_t x) const { return (x & 1) == 0 ? even[x / 2] : odd[(x - 1) / 2]; }
};

/// Neighbours of the columns 2i + Odd, i from `at` on.
template <bool Odd>
struct along_split {
    split_row row;
    std::ptrdiff_t at;

    template <class Lanes>
    [[gnu::always_inline]] void load(std::ptrdiff_t k, Lanes& lanes) const {
        const bool same = k % 2 == 0;
        const std::ptrdiff_t i = at + (same ? k : Odd ? k + 1 : k - 1) / 2;
        detail::load(lanes, (same == Odd ? row.odd : row.even) + i);
    }
};

/// Bytes of the rows above and below: those in the low half of each lane, or those in the high one.
template <bool High>
struct split_column {
    const std::uint8_t* const* rows;  ///< of the middle row
    std::ptrdiff_t at, left;

    template <class Lanes>
    [[gnu::always_inline]] void load(std::ptrdiff_t k, Lanes& lanes) const {
        vector<std::uint16_t, static_cast<int>(sizeof(Lanes))> bytes;
        load_some(bytes, rows[k] + at, left);
        bytes = High ? bytes >> 8 : bytes & std::uint16_t{255};
        convert(lanes, bytes);
    }
};

/// sobel_down_kernel for split rows.
template <int Aperture>
struct split_down_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* const* rows, std::ptrdiff_t width, split_row smooth,
                                           split_row difference) {
        for (std::ptrdiff_t x = 0; x < width; x += Bytes) {
            const split_column<little> even{rows, x, width - x};
            const split_column<!little> odd{rows, x, width - x};
            vector<std::int16_t, Bytes> lanes;
            sum_smooth<Aperture>(lanes, even);
            store(smooth.even + x / 2, lanes);
            sum_smooth<Aperture>(lanes, odd);
            store(smooth.odd + x / 2, lanes);
            sum_differences<Aperture>(lanes, even);
            store(difference.even + x / 2, lanes);
            sum_differences<Aperture>(lanes, odd);
            store(difference.odd + x / 2, lanes);
        }
    }

private:
    static constexpr bool little = std::endian::native != std::endian::little;  // where even columns are
};

/// |dx| + |dy| of a row, and whether each word of 64 pixels has any above `low`. Writes whole words.
template <int Aperture>
struct split_magnitude_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(split_row smooth, split_row difference, std::ptrdiff_t width,
                                           std::int16_t low, split_row magnitude, std::uint8_t* candidates) {
        vector<std::int16_t, Bytes> lows;
        broadcast(lows, low);
        for (std::ptrdiff_t x = 0; x < width; x += pixel_word_bits) {
            pixel_word any = 0;
#pragma GCC unroll 1
            for (std::ptrdiff_t i = x / 2; i < (x + pixel_word_bits) / 2; i += Bytes / 2) {
                vector<std::int16_t, Bytes> most, lanes;
                measure<Aperture>(most, along_split<false>{smooth, i}, along_split<false>{difference, i});
                store(magnitude.even + i, most);
                measure<Aperture>(lanes, along_split<true>{smooth, i}, along_split<true>{difference, i});
                store(magnitude.odd + i, lanes);
                raise_to(most, lanes);
                any |= has_any<Bytes>(lows, most);
            }
            candidates[x / pixel_word_bits] = any != 0;
        }
    }

private:
    template <int A, class Lanes, class Neighbour>
    [[gnu::always_inline]] static void measure(Lanes& magnitude, const Neighbour& smooth, const Neighbour& difference) {
        Lanes dy;
        derive_x<A>(magnitude, smooth);
        derive_y<A>(dy, difference);
        make_positive(magnitude);
        make_positive(dy);
        magnitude = magnitude + dy;
    }

    /// Other than 0 when any lane is above its limit.
    template <int Bytes>
    [[gnu::always_inline]] static pixel_word has_any(const vector<std::int16_t, Bytes>& limits,
                                                     const vector<std::int16_t, Bytes>& values) {
        vector<std::int16_t, Bytes> above{}, set;
        broadcast(set, std::int16_t{-1});
        assign_where(limits < values, above, set);
        vector<pixel_word, Bytes> words;
        std::memcpy(&words, &above, sizeof words);
        pixel_word any = 0;
#pragma GCC unroll 8
        for (int i = 0; i < Bytes / 8; ++i) any |= words[i];
        return any;
    }
};

/// What the kernel of stages 3 and 4 reads for one row.
struct split_source {
    split_row smooth, difference;  ///< of this row, from which its gradients are found again
    split_row up, here, down;      ///< magnitudes
    const std::uint8_t* candidates;
};

/// The bits of a row: ridges above `low`, and above `high`. Words without a candidate are passed over.
template <int Aperture>
struct split_ridge_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const split_source& from, std::ptrdiff_t width, std::int16_t low,
                                           std::int16_t high, pixel_word* weak, pixel_word* strong) {
        vector<std::int16_t, Bytes> lows, highs;
        broadcast(lows, low);
        broadcast(highs, high);
        for (std::ptrdiff_t x = 0; x < width; x += pixel_word_bits) {
            pixel_word weak_bits = 0, strong_bits = 0;
            if (from.candidates[x / pixel_word_bits] != 0) {
#pragma GCC unroll 1
                for (std::ptrdiff_t part = 0; part < pixel_word_bits; part += Bytes) {
                    vector<std::uint16_t, Bytes> even_weak{}, even_strong{}, odd_weak{}, odd_strong{};
                    const auto i = (x + part) / 2;
                    classify<false>(from, i, lows, highs, even_weak, even_strong);
                    classify<true>(from, i, lows, highs, odd_weak, odd_strong);
                    weak_bits |= bits_of(even_weak, odd_weak) << part;
                    strong_bits |= bits_of(even_strong, odd_strong) << part;
                }
            }
            weak[x / pixel_word_bits] = weak_bits;
            strong[x / pixel_word_bits] = strong_bits;
        }
        if (width % pixel_word_bits != 0) {
            const pixel_word inside = (pixel_word{1} << (width % pixel_word_bits)) - 1;
            weak[width / pixel_word_bits] &= inside;
            strong[width / pixel_word_bits] &= inside;
        }
    }

private:
    /// Sets all bits of the lanes that are weak at least, and of those that are strong.
    template <bool Odd, class Lanes, class Answers>
    [[gnu::always_inline]] static void classify(const split_source& from, std::ptrdiff_t i, const Lanes& lows,
                                                const Lanes& highs, Answers& weak, Answers& strong) {
        Lanes dx, dy, magnitude, rivals;
        derive_x<Aperture>(dx, along_split<Odd>{from.smooth, i});
        derive_y<Aperture>(dy, along_split<Odd>{from.difference, i});
        neighbourhood<Lanes> n;
        const along_split<Odd> up{from.up, i}, here{from.here, i}, down{from.down, i};
        up.load(-1, n.up_left), up.load(0, n.up), up.load(1, n.up_right);
        here.load(-1, n.left), here.load(0, magnitude), here.load(1, n.right);
        down.load(-1, n.down_left), down.load(0, n.down), down.load(1, n.down_right);
        find_rivals<Aperture == 3>(rivals, n, dx, dy);

        Answers yes;
        broadcast(yes, std::uint16_t{0xffff});
        raise_to(rivals, lows);
        assign_where(rivals < magnitude, weak, yes);
        raise_to(rivals, highs);
        assign_where(rivals < magnitude, strong, yes);
    }

    template <class Answers>
    [[gnu::always_inline]] static pixel_word bits_of(const Answers& even, const Answers& odd) {
        constexpr bool little = std::endian::native == std::endian::little;
        constexpr std::uint16_t first = little ? 0x00ff : 0xff00, second = little ? 0xff00 : 0x00ff;
        const Answers both = (even & first) | (odd & second);
        vector<std::uint8_t, static_cast<int>(sizeof(Answers))> bytes;
        std::memcpy(&bytes, &both, sizeof bytes);
        pixel_word bits;
        gather_lowest_bits<static_cast<int>(sizeof(Answers))>(bits, bytes);
        return bits;
    }
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
