// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Finds the words of 64 pixels that are active: those in which a gradient of aperture 3, after the blur, may have a
/// magnitude above `low`. The others are nearly flat, and are neither blurred nor measured. The bytes of the image
/// before the blur decide; this costs a fraction of a blur.
///
/// Two opposite boxes of 2 × 2 pixels (see box_gradients) share the middle pixel. Their difference is that of three
/// pixels and three others, after a blur a weighted sum of all pixels that the blur reaches. Its positive weights add up
/// to `weight` and its negative ones to −weight, so it is at most weight times the range (largest − smallest) of these
/// pixels, and 3 more, since a blurred pixel is rounded by at most a half. From that follows the largest range for which
/// no magnitude can exceed the threshold.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/fused_gradients.hpp>
#include <lloyd/detail/canny/fused_norms.hpp>
#include <lloyd/detail/filter/blur_kernels.hpp>
#include <lloyd/detail/filter/blurred_rows.hpp>
#include <lloyd/detail/filter/gaussian_taps.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Pixels of a group of words.
inline constexpr std::ptrdiff_t group_width = words_in_group * pixel_word_bits;

/// The positive weights of the difference of two opposite boxes of a blurred image, added up, in units of 2^-16. (Wide
/// blurs get the number for no blur, which holds for any.)
template <class = deferred>
std::ptrdiff_t weight_of_difference(const gaussian_taps& taps) {
    const auto radius = taps.radius();
    if (radius > 8) return 3 << 16;
    const auto weight = [&](std::ptrdiff_t x, std::ptrdiff_t y) {
        x = x < 0 ? -x : x;
        y = y < 0 ? -y : y;
        return x > radius || y > radius ? std::ptrdiff_t{0} : std::ptrdiff_t{taps.weights[x]} * taps.weights[y];
    };
    std::ptrdiff_t sum = 0;
    for (auto y = -radius - 1; y <= radius + 1; ++y)
        for (auto x = -radius - 1; x <= radius + 1; ++x)
            sum += (std::max)(std::ptrdiff_t{0}, weight(x - 1, y) + weight(x, y - 1) + weight(x - 1, y - 1) -
                                                     weight(x + 1, y) - weight(x, y + 1) - weight(x + 1, y + 1));
    return sum;
}

/// Input of active_words_kernel.
struct tested_band {
    const std::uint8_t* const* rows;  ///< all rows that the band's gradients depend on
    std::ptrdiff_t count;             ///< of rows; it is even
    const std::uint8_t* prefetch_rows[4];
    std::ptrdiff_t size;      ///< of a row, in bytes, at least as many as a vector has
    std::ptrdiff_t channels;  ///< bytes of a pixel
    std::ptrdiff_t reach;     ///< on how many columns to either side gradients depend
    std::uint8_t flat_range;
    std::uint8_t *maxima, *minima;  ///< room for the extremes of each column
};

/// Sets a word's bit in `active` if, for one of its pixels, the bytes that gradients in a band depend on have a range
/// above flat_range.
struct active_words_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const tested_band* band, std::uint16_t* active) {
        compute_extremes<Bytes>(*band);
        const auto word_size = pixel_word_bits * band->channels, group_size = words_in_group * word_size;
        for (std::ptrdiff_t first = 0; first < band->size; first += group_size, ++active) {
            const auto end = (std::min)(first + group_size, band->size);
            compare<Bytes>(*band, first, end, word_size, *active);
        }
    }

private:
    /// Extremes down the rows, in full vectors; the last one overlaps the one before it.
    template <int Bytes>
    [[gnu::always_inline]] static void compute_extremes(const tested_band& band) {
        const tested_band copy = band;  // stores cannot change it
        for (std::ptrdiff_t i = 0; i < copy.size; i += Bytes) {
            const auto x = (std::min)(i, copy.size - Bytes);
            simd<std::uint8_t, Bytes> high, low, bytes;
            load_once(high, copy.rows[0] + x);
            load_once(bytes, copy.rows[1] + x);
            low = high;
            for (std::ptrdiff_t row = 2;; row += 2) {
                max_in_place(high, bytes);
                min_in_place(low, bytes);
                if (row == copy.count) break;
                load_once(bytes, copy.rows[row] + x);
                max_in_place(high, bytes);
                min_in_place(low, bytes);
                load_once(bytes, copy.rows[row + 1] + x);
            }
#pragma GCC unroll 4
            for (const std::uint8_t* row : copy.prefetch_rows) prefetch(row + x);
            store(copy.maxima + x, high);
            store(copy.minima + x, low);
        }
        repeat_ends(copy.maxima, copy.size / copy.channels, copy.channels, copy.reach);
        repeat_ends(copy.minima, copy.size / copy.channels, copy.channels, copy.reach);
    }

    /// Extremes along the rows: active = the bits of the words of one group whose range is above flat_range. Each lane
    /// keeps the largest range that it meets, but at least flat_range, so in a flat word all lanes are equal to it. The
    /// bits of all words are collected in lanes, since reducing a vector for each word is slow.
    template <int Bytes>
    [[gnu::always_inline]] static void compare(const tested_band& band, std::ptrdiff_t first, std::ptrdiff_t end,
                                               std::ptrdiff_t word_size, std::uint16_t& active) {
        simd<std::uint16_t, Bytes> found{}, flat_pairs;
        simd<std::uint8_t, Bytes> flat;
        broadcast(flat, band.flat_range);
        std::memcpy(&flat_pairs, &flat, sizeof flat_pairs);
        for (unsigned word_bit = 1; first < end; first += word_size, word_bit *= 2) {
            simd<std::uint8_t, Bytes> ranges = flat;
            for (auto i = first; i < (std::min)(first + word_size, end); i += Bytes) {
                const auto x = (std::min)(i, band.size - Bytes);
                simd<std::uint8_t, Bytes> high, low, other;
                auto distance = -band.reach * band.channels;
                load(high, band.maxima + x + distance);
                load(low, band.minima + x + distance);
                for (std::ptrdiff_t k = 2 * band.reach; k > 0; --k) {
                    distance += band.channels;
                    load(other, band.maxima + x + distance);
                    max_in_place(high, other);
                    load(other, band.minima + x + distance);
                    min_in_place(low, other);
                }
                max_in_place(ranges, high - low);
            }
            simd<std::uint16_t, Bytes> pairs, bit, none{};
            std::memcpy(&pairs, &ranges, sizeof pairs);
            broadcast(bit, static_cast<std::uint16_t>(word_bit));
            select(pairs == flat_pairs, bit, none);
            found |= bit;
        }
        reduce_or(active, found);
    }
};

/// The active words of one band of four rows after another.
template <class = deferred>
class active_words {
public:
    /// `limit` is a threshold, in the units of magnitudes.
    active_words(byte_view photo, const gaussian_taps& taps, std::int32_t limit, bool squared)
        : photo_(photo),
          reach_(taps.radius() + 1),
          rows_(static_cast<std::size_t>(band_rows + 2 * reach_)),
          extremes_(2, photo.width() * photo.channels(), reach_ * photo.channels()),
          words_(2, groups(), 0),
          all_(static_cast<std::size_t>(groups()), 0),
          spans_(static_cast<std::size_t>(words_for(photo.width()) / 2 + 1)) {
        for (std::ptrdiff_t i = 0; i < words_for(photo.width()); ++i)
            all_words()[i / words_in_group] |= static_cast<std::uint16_t>(1u << (i % words_in_group));
        const auto weight = weight_of_difference(taps);
        const auto max_magnitude = [&](int range) {
            const auto difference = static_cast<int>((weight * range >> 16) + (taps.radius() > 0 ? 3 : 0));
            return squared ? squared_l2_norm::max_magnitude(difference) : l1_norm::max_magnitude(difference);
        };
        while (flat_range_ < 255 && max_magnitude(flat_range_ + 1) <= limit / box_gradients<1>::unit) ++flat_range_;
    }

    /// Moves on to the band from row y on: the one below the last band, or the first one. The next band is tested, too.
    void move_to(std::ptrdiff_t y) {
        if (band_++ == 0) test(y, words_(band_));
        if (y + band_rows < photo_.height())
            test(y + band_rows, words_(band_ + 1));
        else
            std::fill_n(words_(band_ + 1), groups(), std::uint16_t{0});
    }

    /// The active words of the band, a bit for each.
    const std::uint16_t* words() const { return words_(band_); }

    /// The columns that the gradients of the band's active words depend on; valid until the next call.
    std::span<const column_span> columns() const { return columns_of(words_(band_), words_(band_)); }
    /// The same for this band and the next.
    std::span<const column_span> columns_of_two() const { return columns_of(words_(band_), words_(band_ + 1)); }

    /// All words of a row.
    std::uint16_t* all_words() const { return all_.data(); }

private:
    static constexpr std::ptrdiff_t band_rows = box_gradients<1>::rows;

    std::ptrdiff_t groups() const { return photo_.width() / group_width + 1; }

    void test(std::ptrdiff_t y, std::uint16_t* active) {
        if (bands_to_skip_ > 0 || photo_.width() * photo_.channels() < max_vector) {
            --bands_to_skip_;
            std::copy_n(all_words(), groups(), active);
            return;
        }
        tested_band band{rows_.data(),
                         band_rows + 2 * reach_,
                         {},
                         photo_.width() * photo_.channels(),
                         photo_.channels(),
                         reach_,
                         flat_range_,
                         extremes_(0),
                         extremes_(1)};
        const auto row = [&](std::ptrdiff_t i) {
            return photo_.row(std::clamp(i, std::ptrdiff_t{0}, photo_.height() - 1)).data();
        };
        for (std::ptrdiff_t i = 0; i < band.count; ++i) rows_[i] = row(y - reach_ + i);
        for (std::ptrdiff_t i = 0; i < 4; ++i) band.prefetch_rows[i] = row(y + 8 + reach_ + i);
        run_kernel<active_words_kernel>(&band, active);
        if (most_are(active)) bands_to_skip_ = 3;
    }

    /// If so, the test costs more than it saves. The next three bands, probably alike, count as active without a test.
    bool most_are(const std::uint16_t* active) const {
        std::ptrdiff_t count = 0;
        for (std::ptrdiff_t group = 0; group < groups(); ++group) count += std::popcount(active[group]);
        return 2 * count > words_for(photo_.width());
    }

    std::span<const column_span> columns_of(const std::uint16_t* one, const std::uint16_t* other) const {
        std::size_t count = 0;
        std::ptrdiff_t last_word = -2;
        for (std::ptrdiff_t group = 0; group < groups(); ++group) {
            for (unsigned words = static_cast<unsigned>(one[group] | other[group]); words != 0;) {
                const auto bit = std::countr_zero(words), run = std::countr_one(words >> bit);
                const auto first = group * words_in_group + bit, width = photo_.width();
                if (first > last_word + 1)  // otherwise the word between costs as much as the ends of two spans
                    spans_[count++].first = (std::max)(
                        (std::min)(first * pixel_word_bits - 2, (width - max_vector) & -2), std::ptrdiff_t{0});
                last_word = first + run;
                spans_[count - 1].last = (std::min)(last_word * pixel_word_bits + 2, width);
                words &= ~0u << bit << run;
            }
        }
        return {spans_.data(), count};
    }

    byte_view photo_;
    std::ptrdiff_t reach_;  ///< on how many rows and columns around a pixel its gradient depends
    buffer<const std::uint8_t*> rows_;
    padded_rows<std::uint8_t> extremes_;
    padded_rows<std::uint16_t> words_;  ///< of the band, and of the next
    buffer<std::uint16_t> all_;
    buffer<column_span> spans_;
    std::uint8_t flat_range_ = 0;  ///< the largest range for which no magnitude exceeds the threshold
    int bands_to_skip_ = 0;        ///< bands that count as active without a test
    std::ptrdiff_t band_ = 0;      ///< counts bands
};

}  // namespace lloyd::inline v0::detail
