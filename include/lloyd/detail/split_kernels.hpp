// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stages 2 to 4 of Canny for one channel and |dx| + |dy|, in 16-bit lanes and split rows: see split_loads.hpp.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/bit_rows.hpp>
#include <lloyd/detail/ridge_kernels.hpp>
#include <lloyd/detail/simd.hpp>
#include <lloyd/detail/sobel_kernels.hpp>
#include <lloyd/detail/split_loads.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// sobel_down_kernel for split rows.
template <int Aperture>
struct split_down_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* const* rows, const std::uint8_t* ahead,
                                           std::ptrdiff_t width, split_row smooth, split_row difference) {
        std::ptrdiff_t x = 0;
        for (; x + Bytes <= width; x += Bytes) {
            fetch(ahead + x);
            step<Bytes, true>(rows, x, width - x, smooth, difference);
        }
        if (x < width && Bytes <= width) {
            const auto again = last_even(width - Bytes);
            step<Bytes, true>(rows, again, width - again, smooth, difference);
            x = again + Bytes;
        }
        if (x < width) step<Bytes, false>(rows, x, width - x, smooth, difference);
    }

private:
    template <int Bytes, bool Whole>
    [[gnu::always_inline]] static void step(const std::uint8_t* const* rows, std::ptrdiff_t x, std::ptrdiff_t left,
                                            split_row smooth, split_row difference) {
        const split_column<false, Whole> even{rows, x, left};
        const split_column<true, Whole> odd{rows, x, left};
        vector<std::int16_t, Bytes> smooth_even, smooth_odd, difference_even, difference_odd;
        sum_smooth<Aperture>(smooth_even, even);  // all loads before the first store, which might change the photo
        sum_smooth<Aperture>(smooth_odd, odd);
        sum_differences<Aperture>(difference_even, even);
        sum_differences<Aperture>(difference_odd, odd);
        store(smooth.even + x / 2, smooth_even);
        store(smooth.odd + x / 2, smooth_odd);
        store(difference.even + x / 2, difference_even);
        store(difference.odd + x / 2, difference_odd);
    }
};

/// How many words of 64 pixels a number of 16 bits tells of: one for each lane's bit.
inline constexpr std::ptrdiff_t words_in_group = 16;
inline constexpr std::ptrdiff_t group_width = words_in_group * pixel_word_bits;

/// |dx| + |dy| of a row, while as many bytes of `ahead` are fetched; and of each group of 16 words of 64 pixels, in a bit
/// for each, which have any above `low`. Writes whole words.
template <int Aperture>
struct split_magnitude_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(split_row smooth, split_row difference, std::ptrdiff_t width,
                                           std::int16_t low, const std::uint8_t* ahead, split_row magnitude,
                                           std::uint16_t* candidates) {
        vector<std::int16_t, Bytes> lows;
        vector<std::uint16_t, Bytes> one;
        broadcast(lows, low);
        broadcast(one, std::uint16_t{1});
        for (std::ptrdiff_t x = 0; x < width;) {
            const std::ptrdiff_t end = x + group_width < width ? x + group_width : width;
            vector<std::uint16_t, Bytes> bit = one, found{};
            for (; x < end; x += pixel_word_bits) {
                fetch(ahead + x);
                for (std::ptrdiff_t i = x / 2; i < (x + pixel_word_bits) / 2; i += Bytes / 2) {
                    vector<std::int16_t, Bytes> even, odd;
                    vector<std::uint16_t, Bytes> none{};
                    measure<Aperture>(even, along_split<false>{smooth, i}, along_split<false>{difference, i});
                    measure<Aperture>(odd, along_split<true>{smooth, i}, along_split<true>{difference, i});
                    store(magnitude.even + i, even);
                    store(magnitude.odd + i, odd);
                    raise_to(even, odd);
                    assign_where(lows < even, none, bit);
                    found |= none;
                }
                bit = bit + bit;
            }
            std::uint16_t lanes[static_cast<std::size_t>(Bytes) / 2], all = 0;
            store(lanes, found);
            for (const auto lane : lanes) all = static_cast<std::uint16_t>(all | lane);
            *candidates++ = all;
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
};

/// What the kernel of stages 3 and 4 reads for one row.
struct split_source {
    split_row smooth, difference;  ///< of this row, from which its gradients are found again
    split_row up, here, down;      ///< magnitudes
    const std::uint16_t* candidates;
};

/// The bits of a row: ridges above `low`, and above `high`. Words without a candidate are passed over.
template <int Aperture>
struct split_ridge_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const split_source& from, std::ptrdiff_t width, std::int16_t low,
                                           std::int16_t high, const bit_words& to) {
        vector<std::int16_t, Bytes> lows, highs;
        broadcast(lows, low);
        broadcast(highs, high);
        for (std::ptrdiff_t i = 0; i < to.last - to.first; ++i) to.weak[i] = to.strong[i] = 0;
        for (std::ptrdiff_t group = 0; group * words_in_group < to.last; ++group)
            for (unsigned left = from.candidates[group]; left != 0; left &= left - 1) {
                const std::ptrdiff_t i = group * words_in_group + std::countr_zero(left), at = i - to.first;
                if (i < to.first || i >= to.last) continue;
                find_word<Bytes>(from, i, lows, highs, to.weak[at], to.strong[at]);
            }
        if (to.last * pixel_word_bits > width) {
            const pixel_word inside = (pixel_word{1} << (width % pixel_word_bits)) - 1;
            to.weak[to.last - 1 - to.first] &= inside;
            to.strong[to.last - 1 - to.first] &= inside;
        }
    }

private:
    template <int Bytes, class Lanes>
    [[gnu::always_inline]] static void find_word(const split_source& from, std::ptrdiff_t i, const Lanes& lows,
                                                 const Lanes& highs, pixel_word& weak, pixel_word& strong) {
        for (std::ptrdiff_t at = 0; at < pixel_word_bits; at += Bytes) {
            vector<std::uint16_t, Bytes> even_weak{}, even_strong{}, odd_weak{}, odd_strong{};
            const auto lane = (i * pixel_word_bits + at) / 2;
            classify<false>(from, lane, lows, highs, even_weak, even_strong);
            classify<true>(from, lane, lows, highs, odd_weak, odd_strong);
            weak |= bits_of(even_weak, odd_weak) << at;
            strong |= bits_of(even_strong, odd_strong) << at;
        }
    }

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
        Answers both;
        join_high_bytes(both, even, odd);
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
