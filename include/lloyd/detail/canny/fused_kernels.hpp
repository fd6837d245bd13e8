// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The two kernels of Canny's stages 2 to 4, over even and odd columns: fused_magnitude_kernel is stage 2 (gradient),
/// fused_thin_kernel stages 3 and 4 (thin and threshold). Gradients come from fused_gradients.hpp, norms from
/// fused_norms.hpp.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/canny/active_words.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/fused_gradients.hpp>
#include <lloyd/detail/canny/fused_norms.hpp>
#include <lloyd/detail/canny/thin_kernels.hpp>
#include <lloyd/detail/filter/even_odd_loads.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The two thresholds, in the units of magnitudes: a pixel is weak above `low`, strong above `high`.
struct edge_limits {
    std::int32_t low, high;
};

/// A threshold of canny in the units of magnitudes: divided by 16 for aperture 7, squared for l2, rounded down.
template <class = deferred>
std::int32_t limit_for(double threshold, bool squared, int aperture) {
    if (aperture == 7) threshold /= 16;
    if (squared) {
        threshold = (std::min)(threshold, 32767.0);
        threshold *= threshold;
    }
    constexpr double max_limit = 2147483647;
    return static_cast<std::int32_t>((std::min)(math::floor(threshold), max_limit));
}

template <class = deferred>
edge_limits limits_for(double low, double high, bool squared, int aperture) {
    return {limit_for(low, squared, aperture), limit_for(high, squared, aperture)};
}

/// lanes = a threshold in the unit of these gradients. Rounding it down changes no comparison with an integer
/// magnitude, nor does cutting off what is beyond the numbers of the norm: l1 magnitudes end at 24480.
template <class Norm, class Gradients, class Lanes>
[[gnu::always_inline]] inline void broadcast_limit(Lanes& lanes, std::int32_t limit) {
    using number = typename Norm::number;
    limit = (std::min)(limit, std::int32_t{(std::numeric_limits<number>::max)()});
    broadcast(lanes, static_cast<number>(limit / Gradients::unit));
}

/// Output of fused_magnitude_kernel for a band: a few rows that are computed at once.
struct magnitude_band {
    static constexpr std::size_t max_rows = 4;

    const std::uint16_t* active;  ///< the words to compute, a bit for each
    magnitude_row magnitude[max_rows];
    /// The words with a magnitude above `low`: before the call of the older row in the same place of the ring, then of
    /// the new one.
    std::uint16_t* candidates[max_rows];
    const std::uint8_t* prefetch_rows[max_rows];
};

/// Stage 2: magnitudes of the rows of a band, divided by Gradients::unit, and the words with any above `low`. Writes
/// full words of 64 pixels, and 0 behind the last pixel.
///
/// A word that is not active has no magnitude above `low`, and stages 3 and 4 need only that: any values up to `low`
/// serve as well. So the values of an older row of the ring are left in place if none was above `low` (its bit in
/// `candidates` is clear); otherwise the word is set to 0.
template <class Norm, class Gradients>
struct fused_magnitude_kernel {
    using number = typename Norm::number;
    static constexpr int max_bytes = Gradients::template max_bytes<Norm>;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const gradient_source* from, const magnitude_band* to, std::ptrdiff_t width,
                                           std::int32_t low) {
        simd<number, Bytes> lows;
        broadcast_limit<Norm, Gradients>(lows, low);
        phased_row<number, Norm::phases> rows[Gradients::rows];
        for (int i = 0; i < Gradients::rows; ++i) rows[i] = to->magnitude[i].template of<Norm>();
        for (std::ptrdiff_t first = 0, group = 0; first < width; first += group_width, ++group) {
            const unsigned active = to->active[group];
            bits<Bytes> above_low[Gradients::rows] = {};
            for (unsigned words = active; words != 0; words &= words - 1) {
                const auto w = std::countr_zero(words);
                const auto x = first + w * pixel_word_bits;
                bits<Bytes> bit;
                broadcast(bit, static_cast<std::make_unsigned_t<number>>(1u << w));
                for (std::ptrdiff_t at = x; at < x + pixel_word_bits; at += Bytes)
                    measure_columns<Bytes>(*from, *to, rows, at, width, lows, bit, above_low);
            }
            for (int i = 0; i < Gradients::rows; ++i) {
                auto& candidates = to->candidates[i][group];
                for (unsigned stale = candidates & ~active; stale != 0; stale &= stale - 1)
                    clear<Bytes>(rows[i], first + std::countr_zero(stale) * pixel_word_bits);
                reduce_or(candidates, above_low[i]);
            }
        }
        for (const auto& row : rows) row[width] = 0;
    }

private:
    using row_type = phased_row<number, Norm::phases>;
    template <int Bytes>
    using bits = simd<std::make_unsigned_t<number>, Bytes>;
    template <int Bytes>
    using magnitudes = even_odd_lanes<magnitude_of<Norm, simd<std::int16_t, Bytes>>>;

    template <int Bytes>
    [[gnu::always_inline]] static void clear(const row_type& row, std::ptrdiff_t x) {
        for (std::ptrdiff_t at = x; at < x + pixel_word_bits; at += Bytes) Norm::store(row, at, magnitudes<Bytes>{});
    }

    /// The columns from x on, of all rows. (Two rows at a time: all at once were twice the code and no faster.)
    template <int Bytes>
    [[gnu::always_inline]] static void measure_columns(const gradient_source& from, const magnitude_band& to,
                                                       const row_type (&rows)[Gradients::rows], std::ptrdiff_t x,
                                                       std::ptrdiff_t width, const simd<number, Bytes>& lows,
                                                       const bits<Bytes>& bit,
                                                       bits<Bytes> (&above_low)[Gradients::rows]) {
        typename Gradients::template columns<simd<std::int16_t, Bytes>> gradients(from, x, width);
        const auto measure_row = [&](auto parity, int row) __attribute__((always_inline)) {
            magnitudes<Bytes> magnitude;
            simd<number, Bytes> maxima;
            bits<Bytes> above{};
            prefetch(to.prefetch_rows[row] + x);
            gradients.template measure<Norm, parity>(row, magnitude);
            Norm::store(rows[row], x, magnitude);
            Norm::fold_max(maxima, magnitude);
            select(lows < maxima, above, bit);
            above_low[row] |= above;
        };
        for (int row = 0; row < Gradients::rows; row += 2) {
            measure_row(std::integral_constant<int, 0>(), row);
            if constexpr (Gradients::rows > 1) measure_row(std::integral_constant<int, 1>(), row + 1);
        }
    }
};

/// Input of fused_thin_kernel for one row, beside its gradients: dx and dy are computed a second time.
struct thinned_row {
    magnitude_row up, here, down;     ///< magnitudes
    const std::uint16_t* candidates;  ///< the words with a magnitude above `low`
};

/// Stages 3 and 4: the bits of a row's pixels that are kept and above `low`, and above `high`. Words that are no
/// candidates get 0 and are not computed.
template <class Norm, class Gradients>
struct fused_thin_kernel {
    using number = typename Norm::number;
    static constexpr int max_bytes = Gradients::template max_bytes<Norm>;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const gradient_source* gradients, const thinned_row* row,
                                           std::ptrdiff_t width, edge_limits limits, const bit_output* target) {
        const source from{*gradients, row->up.template of<Norm>(), row->here.template of<Norm>(),
                          row->down.template of<Norm>()};
        const bit_output& to = *target;
        simd<number, Bytes> lows, highs;
        broadcast_limit<Norm, Gradients>(lows, limits.low);
        broadcast_limit<Norm, Gradients>(highs, limits.high);
        const auto size = static_cast<std::size_t>(to.last - to.first) * sizeof(pixel_word);
        std::memset(to.weak, 0, size);
        std::memset(to.strong, 0, size);
        for (std::ptrdiff_t group = to.first / words_in_group; group * words_in_group < to.last; ++group) {
            const auto first = (std::max)(group * words_in_group, to.first);
            const auto last = (std::min)((group + 1) * words_in_group, to.last);
            for (unsigned words = row->candidates[group]; words != 0; words &= words - 1) {
                const auto i = group * words_in_group + std::countr_zero(words), at = i - to.first;
                if (i < first || i >= last) continue;
                thin_word<Bytes>(from, i, width, lows, highs, to.weak[at], to.strong[at]);
            }
        }
        if (to.last * pixel_word_bits > width) {
            const pixel_word inside = (pixel_word{1} << (width % pixel_word_bits)) - 1;
            to.weak[to.last - 1 - to.first] &= inside;
            to.strong[to.last - 1 - to.first] &= inside;
        }
    }

private:
    struct source {
        const gradient_source& gradients;
        phased_row<number, Norm::phases> up, here, down;
    };

    template <int Bytes, class Numbers>
    [[gnu::always_inline]] static void thin_word(const source& from, std::ptrdiff_t i, std::ptrdiff_t width,
                                                 const Numbers& lows, const Numbers& highs, pixel_word& weak,
                                                 pixel_word& strong) {
        using lanes = simd<std::int16_t, Bytes>;
        for (std::ptrdiff_t at = 0; at < pixel_word_bits; at += Bytes) {
            const auto x = i * pixel_word_bits + at;
            simd<std::uint16_t, Bytes> marks{};
            even_odd_lanes<lanes> dx, dy;
            derive_strongest<Norm, Gradients>(from.gradients, x, width, dx, dy);
            classify<false>(from, x, dx.even, dy.even, lows, highs, marks);
            classify<true>(from, x, dx.odd, dy.odd, lows, highs, marks);
            pixel_word weak_bits, strong_bits;
            movemask<Bytes>(weak_bits, marks);
            movemask<Bytes>(strong_bits, marks >> 1);
            weak |= weak_bits << at;
            strong |= strong_bits << at;
        }
    }

    /// Classifies the even, or the odd, columns from the even column x on: see mark.
    template <bool Odd, class Lanes, class Numbers, class Answers>
    [[gnu::always_inline]] static void classify(const source& from, std::ptrdiff_t x, const Lanes& dx, const Lanes& dy,
                                                const Numbers& lows, const Numbers& highs, Answers& marks) {
        constexpr int column = Odd ? 1 : 0;
        gradient_direction<Lanes> direction;
        compute_direction(direction, dx, dy);
        if constexpr (std::is_same_v<Lanes, Numbers>) {
            mark<column>(from, x, direction, lows, highs, marks);
        } else {
            simd<std::uint32_t, static_cast<int>(sizeof(Lanes))> first{}, second{};
            gradient_direction<Numbers> first_direction, second_direction;
            Answers both;
            widen_mask<Lanes>(first_direction.falling, second_direction.falling, direction.falling);
            widen_mask<Lanes>(first_direction.vertical, second_direction.vertical, direction.vertical);
            widen_mask<Lanes>(first_direction.horizontal, second_direction.horizontal, direction.horizontal);
            mark<column>(from, x, first_direction, lows, highs, first);
            mark<column + 2>(from, x, second_direction, lows, highs, second);
            narrow(both, first, second);
            marks = marks | both;
        }
    }

    /// Sets bits in the byte of `marks` that is the pixel's: bit 0 if it is at least weak, bit 1 if it is strong.
    template <int Phase, class Lanes, class Answers>
    [[gnu::always_inline]] static void mark(const source& from, std::ptrdiff_t x,
                                            const gradient_direction<Lanes>& direction, const Lanes& lows,
                                            const Lanes& highs, Answers& marks) {
        using answer = std::make_unsigned_t<number>;
        using along = along_phases<Phase, Norm::phases, number>;
        constexpr answer unit = in_high_half<Phase % 2 != 0> ? 256 : 1;
        const auto i = x / Norm::phases;
        Lanes magnitude, max_across;
        neighbourhood<Lanes> n;
        const along up{from.up, i}, here{from.here, i}, down{from.down, i};
        up.load(-1, n.up_left), up.load(0, n.up), up.load(1, n.up_right);
        here.load(-1, n.left), here.load(0, magnitude), here.load(1, n.right);
        down.load(-1, n.down_left), down.load(0, n.down), down.load(1, n.down_right);
        compute_max_across(max_across, n, direction);

        Answers weak{}, strong{}, yes;
        broadcast(yes, unit);
        max_in_place(max_across, lows);
        select(max_across < magnitude, weak, yes);
        broadcast(yes, answer{2 * unit});
        max_in_place(max_across, highs);
        select(max_across < magnitude, strong, yes);
        marks = marks | weak | strong;
    }
};

}  // namespace lloyd::inline v0::detail
