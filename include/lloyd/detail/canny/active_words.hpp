// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Finds the words of 64 pixels that are active: those in which a gradient of aperture 3 may have a magnitude above
/// `low`. The others are nearly flat, and are skipped. This costs a fraction of computing gradients.
///
/// Two opposite boxes of 2 × 2 pixels (see box_gradients) share the middle pixel, so their sums differ by at most 3
/// times the range (largest − smallest) of the nine bytes around a pixel. From that follows the largest range for which
/// no magnitude can exceed the threshold.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/fused_gradients.hpp>
#include <lloyd/detail/canny/fused_norms.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Pixels of a group of words.
inline constexpr std::ptrdiff_t group_width = words_in_group * pixel_word_bits;

/// Sets a word's bit in `active` if, around one of its pixels, the bytes of three columns and all rows of a band have a
/// range above `flat_range`. Tests the words of `tested` that are not active already. Writes maxima and minima,
/// the extremes of each column; beyond the ends, the first column is repeated and 64 flat ones follow the last.
struct active_words_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const gradient_source* from, int channel,
                                           const std::uint8_t* const* prefetch_rows, std::ptrdiff_t width,
                                           std::uint8_t flat_range, std::uint8_t* maxima, std::uint8_t* minima,
                                           const std::uint16_t* tested, std::uint16_t* active) {
        auto x = compute_extremes<Bytes>(from->ends[channel], prefetch_rows, 0, Bytes, maxima, minima);
        x = compute_extremes<Bytes>(from->bytes[channel], prefetch_rows, x, width - pixel_word_bits, maxima, minima);
        compute_extremes<Bytes>(from->ends[channel], prefetch_rows, x, width, maxima, minima);
        maxima[-1] = maxima[0];
        minima[-1] = minima[0];
        std::memset(maxima + width, maxima[width - 1], std::size_t{pixel_word_bits});
        std::memset(minima + width, maxima[width - 1], std::size_t{pixel_word_bits});
        for (; width > 0; width -= group_width, maxima += group_width, minima += group_width, ++tested, ++active) {
            std::uint16_t found;
            compare<Bytes>(maxima, minima, *tested & ~unsigned{*active}, flat_range, found);
            *active = static_cast<std::uint16_t>(*active | found);
        }
    }

private:
    /// Extremes down the rows, of columns x to end − 1, in full vectors. Returns the first column that is not computed.
    template <int Bytes>
    [[gnu::always_inline]] static std::ptrdiff_t compute_extremes(
        const std::uint8_t* const (&from)[gradient_source::rows], const std::uint8_t* const* prefetch_rows,
        std::ptrdiff_t x, std::ptrdiff_t end, std::uint8_t* maxima, std::uint8_t* minima) {
        constexpr std::size_t bands = gradient_source::rows - 2;
        const std::uint8_t *rows[gradient_source::rows], *later[bands];  // copies: stores cannot change them
        std::memcpy(&rows, &from, sizeof rows);
        std::memcpy(&later, prefetch_rows, sizeof later);
        for (; x < end; x += Bytes) {
            simd<std::uint8_t, Bytes> high, low, bytes;
            load(high, rows[0] + x);
            low = high;
#pragma GCC unroll 8
            for (std::size_t row = 1; row < gradient_source::rows; ++row) {
                load(bytes, rows[row] + x);
                max_in_place(high, bytes);
                min_in_place(low, bytes);
            }
#pragma GCC unroll 8
            for (const std::uint8_t* row : later) prefetch(row + x);
            store(maxima + x, high);
            store(minima + x, low);
        }
        return x;
    }

    /// Extremes along the rows, of three columns at a time: active = the bits of the words of one group whose range is
    /// above flat_range. Each lane keeps the largest range that it meets, but at least flat_range, so in a flat word
    /// all lanes are equal to it. The bits of all words are collected in lanes, since reducing a vector for each word
    /// is slow.
    template <int Bytes>
    [[gnu::always_inline]] static void compare(const std::uint8_t* maxima, const std::uint8_t* minima, unsigned tested,
                                               std::uint8_t flat_range, std::uint16_t& active) {
        simd<std::uint16_t, Bytes> found{}, flat_pairs;
        simd<std::uint8_t, Bytes> flat;
        broadcast(flat, flat_range);
        std::memcpy(&flat_pairs, &flat, sizeof flat_pairs);
        for (; tested != 0; tested &= tested - 1) {
            const auto w = std::countr_zero(tested);
            simd<std::uint8_t, Bytes> ranges = flat;
            for (std::ptrdiff_t at = 0; at < pixel_word_bits; at += Bytes) {
                const auto x = w * pixel_word_bits + at;
                simd<std::uint8_t, Bytes> high, low, other;
                load(high, maxima + x - 1);
                load(low, minima + x - 1);
                for (int k = 0; k < 2; ++k) {
                    load(other, maxima + x + k);
                    max_in_place(high, other);
                    load(other, minima + x + k);
                    min_in_place(low, other);
                }
                max_in_place(ranges, high - low);
            }
            simd<std::uint16_t, Bytes> pairs, bit, none{};
            std::memcpy(&pairs, &ranges, sizeof pairs);
            broadcast(bit, static_cast<std::uint16_t>(1u << w));
            select(pairs == flat_pairs, bit, none);
            found |= bit;
        }
        reduce_or(active, found);
    }
};

/// The active words of one band of rows after another, for aperture 3.
template <class = deferred>
class active_words {
public:
    /// `limit` is a threshold, in the units of magnitudes.
    active_words(std::ptrdiff_t width, std::int32_t limit, bool squared)
        : width_(width), extremes_(2, width, 1), words_(2, width / group_width + 1, 0) {
        for (std::ptrdiff_t i = 0; i < words_for(width); ++i)
            all_words()[i / words_in_group] |= static_cast<std::uint16_t>(1u << (i % words_in_group));
        const auto max_magnitude = [&](int range) {
            return squared ? squared_l2_norm::max_magnitude(3 * range) : l1_norm::max_magnitude(3 * range);
        };
        while (flat_range_ < 255 && max_magnitude(flat_range_ + 1) <= limit / box_gradients<1>::unit) ++flat_range_;
    }

    /// The active words of the next band, a bit for each. `above` has those with a magnitude above the threshold in the
    /// row above the band: they count as active without a test.
    const std::uint16_t* compute_band(const gradient_source& from, const std::uint8_t* const* prefetch_rows,
                                      const std::uint16_t* above) {
        if (bands_to_skip_ > 0) {
            --bands_to_skip_;
            return all_words();
        }
        std::copy_n(above, width_ / group_width + 1, active());
        for (int channel = 0; channel < from.channels; ++channel)
            run_kernel<active_words_kernel>(&from, channel, prefetch_rows, width_,
                                            static_cast<std::uint8_t>(flat_range_), extremes_(0), extremes_(1),
                                            all_words(), active());
        if (most_are_active()) bands_to_skip_ = 3;
        return active();
    }

    /// All words of a row.
    std::uint16_t* all_words() const { return words_(1); }

private:
    std::uint16_t* active() const { return words_(0); }

    /// If so, the test costs more than it saves. The next three bands, probably alike, count as active without a test.
    bool most_are_active() const {
        std::ptrdiff_t count = 0;
        for (std::ptrdiff_t group = 0; group * group_width < width_; ++group) count += std::popcount(active()[group]);
        return 2 * count > words_for(width_);
    }

    std::ptrdiff_t width_;
    padded_rows<std::uint8_t> extremes_;
    padded_rows<std::uint16_t> words_;
    int flat_range_ = 0;     ///< the largest range for which no magnitude exceeds the threshold
    int bands_to_skip_ = 0;  ///< bands that count as active without a test
};

}  // namespace lloyd::inline v0::detail
