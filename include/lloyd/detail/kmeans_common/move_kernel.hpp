// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Points that change their labels are subtracted from the binned sums of one cluster, and added to those of another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/kmeans_common/bins.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Some points, which lie one after another.
struct point_row {
    const void* points;  ///< the first element of the first point
    std::ptrdiff_t channels;
    double scale;  ///< that coordinates are multiplied with
};

/// Points that get other labels.
struct label_moves {
    point_row row;
    bool are_gathered;            ///< whether the row has these points alone, one after another, or all of the labels
    const double* weights;        ///< of each label; nullptr: all 1
    const std::int32_t* indices;  ///< of the labels that change; not read where all do
    std::ptrdiff_t count;         ///< how many of them
    const std::int32_t* new_labels;
    std::int32_t* labels;  ///< nullptr: no point had one, and all of the first `count` get theirs
    double* room;          ///< see row_room, for points that are gathered

    /// The number of the label of move m.
    std::ptrdiff_t index(std::ptrdiff_t m) const { return labels == nullptr ? m : indices[m]; }
    /// Updates label i. Returns what it was, or −1.
    std::int32_t update(std::ptrdiff_t i) const {
        return labels == nullptr ? -1 : std::exchange(labels[i], new_labels[i]);
    }
};

/// number = high + low in each lane, as `split` of rounding.hpp does for one number.
template <class Vector>
[[gnu::always_inline]] inline void split(const Vector& numbers, Vector& high, Vector& low) {
    simd<std::uint64_t, static_cast<int>(sizeof(Vector))> bits;
    load(bits, &numbers);
    bits = bits & ~std::uint64_t{0x7ff'ffff};
    load(high, &bits);
    low = numbers - high;
}

/// Moves points from the binned sums of one cluster to those of another, and updates their labels. Returns how many
/// points of positive weight moved.
template <class T>
struct move_kernel {
    static constexpr int max_bytes = 32;  // rows of sums are multiples of 4 doubles

    template <int Bytes>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(label_moves moves, binned_rows sums) {
        return sums.width == 4 && moves.weights == nullptr ? run_for<4, 32>(moves, sums)
                                                           : run_for<0, Bytes>(moves, sums);
    }

private:
    /// Width is that of a row of sums: 4, of points of weight 1, or 0 for any.
    template <int Width, int Bytes>
    [[gnu::always_inline]] static inline std::ptrdiff_t run_for(const label_moves& moves, const binned_rows& sums) {
        const auto* const points = static_cast<const T*>(moves.row.points);
        const bool are_plain = moves.labels == nullptr && moves.weights == nullptr && sums.bins == 2;
        std::ptrdiff_t moved = are_plain ? add_most<Width>(moves, sums) : 0;
        for (auto m = moved; m < moves.count; ++m) {
            const std::ptrdiff_t i = moves.index(m), from = moves.update(i), to = moves.new_labels[i];
            const double weight = moves.weights == nullptr ? 1.0 : moves.weights[i];
            if (weight == 0) continue;
            ++moved;
            const T* point = points + (moves.are_gathered ? m : i) * sums.channels;
            if constexpr (Width == 4) {
                simd<double, 32> x = {};
                read_last(x, point, sums.channels, moves.row.scale);
                const simd<double, 32> leaving = x * -1.0;
                if (from >= 0) add_number(leaving, sums.cluster(from), sums);
                add_number(x, sums.cluster(to), sums);
            } else {
                for (int entering = from < 0; entering < 2;
                     ++entering)  // first it leaves its old cluster, if it had one
                    add<Bytes>(point, moves.row.scale, entering != 0 ? weight : -weight,
                               sums.cluster(entering != 0 ? to : from), sums);
            }
        }
        return moved;
    }

    /// Adds points of weight 1, which are read with the elements behind them; the last ones are left. Returns how many
    /// were added.
    template <std::ptrdiff_t Width>
    [[gnu::always_inline]] static inline std::ptrdiff_t add_most(const label_moves& moves, const binned_rows& sums) {
        constexpr std::ptrdiff_t lanes = 4;
        const auto* point = static_cast<const T*>(moves.row.points);
        double* const rows = sums.rows;
        const double scale = moves.row.scale, rounder = sums.rounder;
        const auto channels = sums.channels, width = Width > 0 ? Width : sums.width;
        simd<double, 32> one = {};
        simd<std::int64_t, 32> behind = {};
        for (auto c = channels % lanes; c < lanes; ++c) behind[c] = -1;
        one[channels % lanes] = 1;
        std::ptrdiff_t i = 0;
        for (; i + lanes < moves.count; ++i, point += channels) {
            double* row = rows + (i & 1) * sums.to_second + 2 * width * moves.new_labels[i];
            for (std::ptrdiff_t c = 0; c < width; c += lanes) {
                simd<double, 32> x;
                load_converted<true>(x, point + c, 0);
                x = x * scale;
                if (c + lanes > channels) select(behind, x, one);
                add_part(x, rounder, row + c);
                add_rest(x, row + c + width);
            }
        }
        return i;
    }

    /// (x, 1) of the last channels, fewer than the lanes; `x` is 0. (Without a loop, which would go through memory.)
    template <class Vector>
    [[gnu::always_inline]] static inline void read_last(Vector& x, const T* point, std::ptrdiff_t channels,
                                                        double scale) {
        x[0] = channels > 0 ? static_cast<double>(point[0]) * scale : 1;
        if (channels < 1) return;
        x[1] = channels > 1 ? static_cast<double>(point[1]) * scale : 1;
        if constexpr (lanes_of<Vector> > 2) {
            if (channels < 2) return;
            x[2] = channels > 2 ? static_cast<double>(point[2]) * scale : 1;
            x[3] = channels > 2 ? 1 : 0;
        }
    }

    /// Adds weight · (x, 1) to the row of a cluster.
    template <int Bytes>
    [[gnu::always_inline]] static inline void add(const T* point, double scale, double weight, double* row,
                                                  const binned_rows& sums) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
        for (std::ptrdiff_t c = 0; c <= sums.channels; c += lanes) {
            simd<double, Bytes> x = {};
            if (c + lanes <= sums.channels) {
                load_converted<true>(x, point + c, 0);
                x = x * scale;
            } else {
                read_last(x, point + c, sums.channels - c, scale);
            }
            add_weighted(x, weight, row + c, sums);
        }
    }

    /// Adds weight · x without rounding: products of the parts of both are exact, and so is a product with 1 or −1.
    template <class Number>
    [[gnu::always_inline]] static inline void add_weighted(const Number& x, double weight, double* row,
                                                           const binned_rows& sums) {
        if (weight == 1 || weight == -1) {
            const Number signed_x = x * weight;
            return add_number(signed_x, row, sums);
        }
        Number high, low;
        double weight_high, weight_low;
        split(x, high, low);
        split(weight, weight_high, weight_low);
        for (const double part : {weight_high, weight_low}) {
            if (part == 0) continue;
            const Number large = high * part, little = low * part;
            add_number(large, row, sums);
            add_number(little, row, sums);
        }
    }

    /// Adds to each bin the multiple of its unit that is nearest to what is left of the number; the last bin gets the
    /// rest. Two bins at a time, as their number is even.
    template <class Number>
    [[gnu::always_inline]] static inline void add_number(const Number& number, double* row, const binned_rows& sums) {
        Number rest = number;
        double rounder = sums.rounder;
        for (auto bins = sums.bins;; bins -= 2, row += 2 * sums.width, rounder *= sums.finer) {
            add_part(rest, rounder, row);
            rounder *= sums.finer;
            if (bins == 2) return add_rest(rest, row + sums.width);
            add_part(rest, rounder, row + sums.width);
            if (is_zero(rest)) return;
        }
    }

    /// to += rest rounded to a multiple of the bin's unit; rest loses as much.
    template <class Number>
    [[gnu::always_inline]] static inline void add_part(Number& rest, double rounder, double* to) {
        Number part;
        rounded(part, rest + rounder);
        part = part - rounder;
        rest = rest - part;
        add_rest(part, to);
    }

    template <class Number>
    [[gnu::always_inline]] static inline void add_rest(const Number& part, double* to) {
        Number sum;
        load(sum, to);
        sum = sum + part;
        store(to, sum);
    }

    [[gnu::always_inline]] static inline bool is_zero(double number) { return number == 0; }
    template <class Vector>
    [[gnu::always_inline]] static inline bool is_zero(const Vector& numbers) {
        bool all = true;
        for (int l = 0; l < static_cast<int>(lanes_of<Vector>); ++l) all = all && numbers[l] == 0;
        return all;
    }
};

}  // namespace lloyd::inline v0::detail
