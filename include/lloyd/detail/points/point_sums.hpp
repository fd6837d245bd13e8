// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The sums of each cluster, kept from step to step: a point whose label changes is subtracted from the sums of its old
/// cluster and added to those of the new one. Sums are exact, so this is the same as adding all points anew.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/base/with_constant.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/binned_sums.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/label_changes.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Points that get other labels.
template <class T>
struct label_moves {
    const T* points;              ///< one after another
    const double* weights;        ///< of each point; nullptr: all 1
    const std::int32_t* indices;  ///< of the points that move
    std::ptrdiff_t count;         ///< how many of them
    const std::int32_t* new_labels;
    std::int32_t* labels;
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

/// Moves points from the binned sums of one cluster to those of another, and updates their labels. A point of label −1
/// was in no cluster. Returns how many points of positive weight moved.
template <class T>
struct move_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(label_moves<T> moves, double scale,
                                                            binned_sums::view sums) {
        return with_constant<1, 2, 3>(
            sums.channels, [&](auto channels) __attribute__((always_inline)) {
                return run_for<Bytes, channels.value>(moves, scale, sums);
            });
    }

private:
    template <int Bytes, int Channels>
    [[gnu::always_inline]] static inline std::ptrdiff_t run_for(const label_moves<T>& moves, double scale,
                                                                const binned_sums::view& sums) {
        std::ptrdiff_t moved = 0;
        for (std::ptrdiff_t m = 0; m < moves.count; ++m) {
            const std::ptrdiff_t i = moves.indices[m], from = moves.labels[i], to = moves.new_labels[i];
            moves.labels[i] = moves.new_labels[i];
            const double weight = moves.weights == nullptr ? 1.0 : moves.weights[i];
            if (weight == 0) continue;
            ++moved;
            const T* point = moves.points + i * (Channels > 0 ? Channels : sums.channels);
            if (from >= 0) add<Bytes, Channels>(point, scale, -weight, sums.cluster(from), sums);
            add<Bytes, Channels>(point, scale, weight, sums.cluster(to), sums);
        }
        return moved;
    }

    /// Adds weight · (x, 1) to the row of a cluster.
    template <int Bytes, int Channels>
    [[gnu::always_inline]] static inline void add(const T* point, double scale, double weight, double* row,
                                                  const binned_sums::view& sums) {
        if constexpr (Channels > 0) {
            simd<double, 32> x = {};
            for (int c = 0; c < Channels; ++c) x[c] = static_cast<double>(point[c]) * scale;
            x[Channels] = 1;
            return add_weighted(x, weight, row, sums);
        }
        std::ptrdiff_t c = 0;
        if constexpr (std::is_floating_point_v<T>) {
            constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
            for (; c + lanes <= sums.channels; c += lanes) {
                simd<T, static_cast<int>(lanes * sizeof(T))> narrow;
                simd<double, Bytes> x;
                load(narrow, point + c);
                convert(x, narrow);
                x = x * scale;
                add_weighted(x, weight, row + c, sums);
            }
        }
        for (; c <= sums.channels; ++c) {
            const double x = c < sums.channels ? static_cast<double>(point[c]) * scale : 1;
            add_weighted(x, weight, row + c, sums);
        }
    }

    /// Adds weight · x without rounding: products of the parts of both are exact, and so is a product with 1 or −1.
    template <class Number>
    [[gnu::always_inline]] static inline void add_weighted(const Number& x, double weight, double* row,
                                                           const binned_sums::view& sums) {
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
    [[gnu::always_inline]] static inline void add_number(const Number& number, double* row,
                                                         const binned_sums::view& sums) {
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

/// What move_kernel does, with integers.
template <class T>
std::ptrdiff_t move_in_integers(const label_moves<T>& moves, integer_sums& sums) {
    const auto channels = sums.channels();
    std::ptrdiff_t moved = 0;
    for (std::ptrdiff_t m = 0; m < moves.count; ++m) {
        const std::ptrdiff_t i = moves.indices[m], to = moves.new_labels[i];
        const std::ptrdiff_t from = std::exchange(moves.labels[i], moves.new_labels[i]);
        const auto weight = moves.weights == nullptr ? std::uint64_t{1} : static_cast<std::uint64_t>(moves.weights[i]);
        moved += weight > 0;
        if (from >= 0) sums.weights[from] -= weight;
        sums.weights[to] += weight;
        const T* point = moves.points + i * channels;
        for (std::ptrdiff_t c = 0; c < channels; ++c) {
            if (from >= 0) sums.moments[from * channels + c] -= weight * point[c];
            sums.moments[to * channels + c] += weight * point[c];
        }
    }
    return moved;
}

/// Updates the labels of points first, first + 1 …, at most max_range, and the sums of the clusters they leave and
/// enter. `labels` are those of all points. Returns how many points of positive weight moved.
template <class T, class Sums>
std::ptrdiff_t move_points(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> new_labels,
                           std::int32_t* labels, Sums& sums) {
    std::ptrdiff_t moved = 0;
    points.for_each_run(first, std::ssize(new_labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        std::int32_t changed[point_set<T>::max_range];
        label_moves<T> moves{from,
                             points.weights.empty() ? nullptr : points.weights.data() + first + done,
                             changed,
                             0,
                             new_labels.data() + done,
                             labels + first + done};
        moves.count =
            run_kernel<changes_kernel>(moves.labels, moves.new_labels, n, reinterpret_cast<const unsigned char*>(from),
                                       points.channels() * static_cast<std::ptrdiff_t>(sizeof(T)), changed);
        if constexpr (std::is_same_v<Sums, binned_sums>)
            moved += run_kernel<move_kernel<T>>(moves, points.scale, sums.rows());
        else
            moved += move_in_integers(moves, sums);
    });
    return moved;
}

}  // namespace lloyd::inline v0::detail
