// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Which words of 64 pixels are worth measuring: those in which a gradient of aperture 3 may be large, told from the
/// largest and the smallest byte around for a fraction of what gradients cost.
///
/// Of the four boxes around a pixel two across have one byte in common, so their sums differ by no more than three times
/// the range of the nine bytes. A range within which no magnitude is above a threshold follows.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/fused_gradients.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The pixels of a group of words.
inline constexpr std::ptrdiff_t group_width = words_in_group * pixel_word_bits;

/// Adds the words in which the bytes of three columns and all rows of a band lie farther apart than `range`. Only those
/// asked for and not busy already are looked at. The rows of extremes are written, each with a margin.
template <class Gradients>
struct busy_words_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const Gradients* from, const std::uint8_t* const* ahead,
                                           std::ptrdiff_t width, std::uint8_t range, std::uint8_t* highest,
                                           std::uint8_t* lowest, const std::uint16_t* asked, std::uint16_t* busy) {
        auto x = find_extremes<Bytes>(from->ends, ahead, 0, Bytes, highest, lowest);
        x = find_extremes<Bytes>(from->bytes, ahead, x, width - pixel_word_bits, highest, lowest);
        find_extremes<Bytes>(from->ends, ahead, x, width, highest, lowest);
        highest[-1] = highest[0];
        lowest[-1] = lowest[0];
        std::memset(highest + width, highest[width - 1], std::size_t{pixel_word_bits});
        std::memset(lowest + width, highest[width - 1], std::size_t{pixel_word_bits});
        for (; width > 0; width -= group_width, highest += group_width, lowest += group_width, ++asked, ++busy) {
            std::uint16_t found;
            compare<Bytes>(highest, lowest, *asked & ~unsigned{*busy}, range, found);
            *busy = static_cast<std::uint16_t>(*busy | found);
        }
    }

private:
    /// Down the rows, from column x on. Returns where it ended.
    template <int Bytes>
    [[gnu::always_inline]] static std::ptrdiff_t find_extremes(const std::uint8_t* const (&from)[Gradients::used],
                                                               const std::uint8_t* const* ahead, std::ptrdiff_t x,
                                                               std::ptrdiff_t end, std::uint8_t* highest,
                                                               std::uint8_t* lowest) {
        const std::uint8_t *rows[Gradients::used], *later[Gradients::rows];  // which stores of bytes cannot change
        std::memcpy(&rows, &from, sizeof rows);
        std::memcpy(&later, ahead, sizeof later);
        for (; x < end; x += Bytes) {
            simd<std::uint8_t, Bytes> high, low, bytes;
            load(high, rows[0] + x);
            low = high;
#pragma GCC unroll 8
            for (std::size_t row = 1; row < Gradients::used; ++row) {
                load(bytes, rows[row] + x);
                max_in_place(high, bytes);
                min_in_place(low, bytes);
            }
#pragma GCC unroll 8
            for (int row = 0; row < Gradients::rows; ++row) prefetch(later[row] + x);
            store(highest + x, high);
            store(lowest + x, low);
        }
        return x;
    }

    /// Along the rows.
    template <int Bytes>
    [[gnu::always_inline]] static void compare(const std::uint8_t* highest, const std::uint8_t* lowest, unsigned asked,
                                               std::uint8_t range, std::uint16_t& busy) {
        simd<std::uint16_t, Bytes> found{}, least_pairs;
        simd<std::uint8_t, Bytes> least;
        broadcast(least, range);
        std::memcpy(&least_pairs, &least, sizeof least_pairs);
        for (; asked != 0; asked &= asked - 1) {
            const auto w = std::countr_zero(asked);
            simd<std::uint8_t, Bytes> most = least;
            for (std::ptrdiff_t at = 0; at < pixel_word_bits; at += Bytes) {
                const auto x = w * pixel_word_bits + at;
                simd<std::uint8_t, Bytes> high, low, other;
                load(high, highest + x - 1);
                load(low, lowest + x - 1);
                for (int k = 0; k < 2; ++k) {
                    load(other, highest + x + k);
                    max_in_place(high, other);
                    load(other, lowest + x + k);
                    min_in_place(low, other);
                }
                max_in_place(most, high - low);
            }
            simd<std::uint16_t, Bytes> pairs, bit, none{};
            std::memcpy(&pairs, &most, sizeof pairs);
            broadcast(bit, static_cast<std::uint16_t>(1u << w));
            select(pairs == least_pairs, bit, none);
            found |= bit;
        }
        reduce_or(busy, found);
    }
};

/// The words of one band after another in which a magnitude may be above a threshold, in units of the gradients.
template <class Norm, class Gradients>
class busy_words {
public:
    busy_words(std::ptrdiff_t width, typename Norm::number threshold)
        : width_(width), extremes_(2, Gradients::of_bytes ? width : 0, 1), words_(2, width / group_width + 1, 0) {
        for (std::ptrdiff_t i = 0; i < words_for(width); ++i)
            all()[i / words_in_group] |= static_cast<std::uint16_t>(1u << (i % words_in_group));
        while (range_ < 255 && Norm::bound(3 * (range_ + 1)) <= threshold) ++range_;
    }

    /// 16 in a group with a bit each. Where the row above has a word with a magnitude above the threshold, it is busy.
    const std::uint16_t* find(const Gradients& from, const std::uint8_t* const* ahead, const std::uint16_t* above) {
        if constexpr (Gradients::of_bytes) {
            if (bands_unasked_ == 0) {
                std::copy_n(above, width_ / group_width + 1, busy());
                add(from, ahead);
                if (are_most_busy()) bands_unasked_ = 3;
                return busy();
            }
            --bands_unasked_;
        }
        return all();
    }

private:
    std::uint16_t* busy() const { return words_(0); }
    std::uint16_t* all() const { return words_(1); }

    template <int Rows>
    void add(const box_gradients<Rows>& from, const std::uint8_t* const* ahead) {
        run_kernel<busy_words_kernel<box_gradients<Rows>>>(&from, ahead, width_, static_cast<std::uint8_t>(range_),
                                                           extremes_(0), extremes_(1), all(), busy());
    }
    template <class Parts>
    void add(const strongest_gradients<Norm, Parts>& from, const std::uint8_t* const* ahead) {
        for (const auto& channel : from.channels) add(channel, ahead);
    }

    /// Then asking costs more than it saves, and the next bands will be like this one.
    bool are_most_busy() const {
        std::ptrdiff_t found = 0;
        for (std::ptrdiff_t group = 0; group * group_width < width_; ++group) found += std::popcount(busy()[group]);
        return 2 * found > words_for(width_);
    }

    std::ptrdiff_t width_;
    padded_rows<std::uint8_t> extremes_;
    padded_rows<std::uint16_t> words_;
    int range_ = 0, bands_unasked_ = 0;
};

}  // namespace lloyd::inline v0::detail
