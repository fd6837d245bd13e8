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
struct active_words_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const Gradients* from, const std::uint8_t* const* prefetch_rows,
                                           std::ptrdiff_t width, std::uint8_t range, std::uint8_t* max_bytes,
                                           std::uint8_t* min_bytes, const std::uint16_t* candidates,
                                           std::uint16_t* active) {
        auto x = compute_extremes<Bytes>(from->ends, prefetch_rows, 0, Bytes, max_bytes, min_bytes);
        x = compute_extremes<Bytes>(from->bytes, prefetch_rows, x, width - pixel_word_bits, max_bytes, min_bytes);
        compute_extremes<Bytes>(from->ends, prefetch_rows, x, width, max_bytes, min_bytes);
        max_bytes[-1] = max_bytes[0];
        min_bytes[-1] = min_bytes[0];
        std::memset(max_bytes + width, max_bytes[width - 1], std::size_t{pixel_word_bits});
        std::memset(min_bytes + width, max_bytes[width - 1], std::size_t{pixel_word_bits});
        for (; width > 0;
             width -= group_width, max_bytes += group_width, min_bytes += group_width, ++candidates, ++active) {
            std::uint16_t found;
            compare<Bytes>(max_bytes, min_bytes, *candidates & ~unsigned{*active}, range, found);
            *active = static_cast<std::uint16_t>(*active | found);
        }
    }

private:
    /// Down the rows, from column x on. Returns where it ended.
    template <int Bytes>
    [[gnu::always_inline]] static std::ptrdiff_t compute_extremes(
        const std::uint8_t* const (&from)[Gradients::byte_rows], const std::uint8_t* const* prefetch_rows,
        std::ptrdiff_t x, std::ptrdiff_t end, std::uint8_t* max_bytes, std::uint8_t* min_bytes) {
        const std::uint8_t *rows[Gradients::byte_rows], *later[Gradients::rows];  // which stores of bytes cannot change
        std::memcpy(&rows, &from, sizeof rows);
        std::memcpy(&later, prefetch_rows, sizeof later);
        for (; x < end; x += Bytes) {
            simd<std::uint8_t, Bytes> high, low, bytes;
            load(high, rows[0] + x);
            low = high;
#pragma GCC unroll 8
            for (std::size_t row = 1; row < Gradients::byte_rows; ++row) {
                load(bytes, rows[row] + x);
                max_in_place(high, bytes);
                min_in_place(low, bytes);
            }
#pragma GCC unroll 8
            for (int row = 0; row < Gradients::rows; ++row) prefetch(later[row] + x);
            store(max_bytes + x, high);
            store(min_bytes + x, low);
        }
        return x;
    }

    /// Along the rows.
    template <int Bytes>
    [[gnu::always_inline]] static void compare(const std::uint8_t* max_bytes, const std::uint8_t* min_bytes,
                                               unsigned candidates, std::uint8_t range, std::uint16_t& active) {
        simd<std::uint16_t, Bytes> found{}, flat_pairs;
        simd<std::uint8_t, Bytes> flat;
        broadcast(flat, range);
        std::memcpy(&flat_pairs, &flat, sizeof flat_pairs);
        for (; candidates != 0; candidates &= candidates - 1) {
            const auto w = std::countr_zero(candidates);
            simd<std::uint8_t, Bytes> range_of_lane = flat;
            for (std::ptrdiff_t at = 0; at < pixel_word_bits; at += Bytes) {
                const auto x = w * pixel_word_bits + at;
                simd<std::uint8_t, Bytes> high, low, other;
                load(high, max_bytes + x - 1);
                load(low, min_bytes + x - 1);
                for (int k = 0; k < 2; ++k) {
                    load(other, max_bytes + x + k);
                    max_in_place(high, other);
                    load(other, min_bytes + x + k);
                    min_in_place(low, other);
                }
                max_in_place(range_of_lane, high - low);
            }
            simd<std::uint16_t, Bytes> pairs, bit, none{};
            std::memcpy(&pairs, &range_of_lane, sizeof pairs);
            broadcast(bit, static_cast<std::uint16_t>(1u << w));
            select(pairs == flat_pairs, bit, none);
            found |= bit;
        }
        reduce_or(active, found);
    }
};

/// The words of one band after another in which a magnitude may be above a threshold, in units of the gradients.
template <class Norm, class Gradients>
class active_words {
public:
    active_words(std::ptrdiff_t width, typename Norm::number threshold)
        : width_(width), extremes_(2, Gradients::from_bytes ? width : 0, 1), words_(2, width / group_width + 1, 0) {
        for (std::ptrdiff_t i = 0; i < words_for(width); ++i)
            all_words()[i / words_in_group] |= static_cast<std::uint16_t>(1u << (i % words_in_group));
        while (range_ < 255 && Norm::max_magnitude(3 * (range_ + 1)) <= threshold) ++range_;
    }

    /// 16 in a group with a bit each. Where the row above has a word with a magnitude above the threshold, it is busy.
    const std::uint16_t* compute_band(const Gradients& from, const std::uint8_t* const* prefetch_rows,
                                      const std::uint16_t* above) {
        if constexpr (Gradients::from_bytes) {
            if (bands_to_skip_ == 0) {
                std::copy_n(above, width_ / group_width + 1, active());
                add_active(from, prefetch_rows);
                if (most_are_active()) bands_to_skip_ = 3;
                return active();
            }
            --bands_to_skip_;
        }
        return all_words();
    }

private:
    std::uint16_t* active() const { return words_(0); }
    std::uint16_t* all_words() const { return words_(1); }

    template <int Rows>
    void add_active(const box_gradients<Rows>& from, const std::uint8_t* const* prefetch_rows) {
        run_kernel<active_words_kernel<box_gradients<Rows>>>(&from, prefetch_rows, width_,
                                                             static_cast<std::uint8_t>(range_), extremes_(0),
                                                             extremes_(1), all_words(), active());
    }
    template <class Parts>
    void add_active(const strongest_gradients<Norm, Parts>& from, const std::uint8_t* const* prefetch_rows) {
        for (const auto& channel : from.channels) add_active(channel, prefetch_rows);
    }

    /// Then asking costs more than it saves, and the next bands will be like this one.
    bool most_are_active() const {
        std::ptrdiff_t found = 0;
        for (std::ptrdiff_t group = 0; group * group_width < width_; ++group) found += std::popcount(active()[group]);
        return 2 * found > words_for(width_);
    }

    std::ptrdiff_t width_;
    padded_rows<std::uint8_t> extremes_;
    padded_rows<std::uint16_t> words_;
    int range_ = 0, bands_to_skip_ = 0;
};

}  // namespace lloyd::inline v0::detail
