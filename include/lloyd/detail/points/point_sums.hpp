// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Labelled points, summed up by cluster: from step to step only those count whose label changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/binned_sums.hpp>
#include <lloyd/detail/kmeans_common/center_update.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/label_changes.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// number = high + low lane by lane, as of one number.
template <class Vector>
[[gnu::always_inline]] inline void split(const Vector& numbers, Vector& high, Vector& low) {
    simd<std::uint64_t, static_cast<int>(sizeof(Vector))> bits;
    load(bits, &numbers);
    bits = bits & ~std::uint64_t{0x7ff'ffff};
    load(high, &bits);
    low = numbers - high;
}

/// Moves points from one cluster's binned sums to another's and writes their labels. A label of −1 is no cluster. Returns
/// how many points of positive weight moved.
template <class T>
struct move_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(label_moves<T> moves, double scale,
                                                            binned_sums::view sums) {
        switch (sums.channels) {
            case 1: return run_for<Bytes, 1>(moves, scale, sums);
            case 2: return run_for<Bytes, 2>(moves, scale, sums);
            case 3: return run_for<Bytes, 3>(moves, scale, sums);
            default: return run_for<Bytes, 0>(moves, scale, sums);
        }
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

    /// Adds weight · x: products of parts are exact, and those with 1 or −1 anyway.
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

    /// Takes from the number, bin by bin, what is a multiple of the bin's unit. What is left at last is one of the last
    /// bin's.
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

/// What move_kernel does, with whole numbers.
template <class T>
std::ptrdiff_t move_whole_points(const label_moves<T>& moves, integer_sums& sums) {
    const auto channels = sums.channels();
    std::ptrdiff_t moved = 0;
    for (std::ptrdiff_t m = 0; m < moves.count; ++m) {
        const std::ptrdiff_t i = moves.indices[m], to = moves.new_labels[i];
        const std::ptrdiff_t from = std::exchange(moves.labels[i], moves.new_labels[i]);
        const auto weight = moves.weights == nullptr ? std::uint64_t{1} : static_cast<std::uint64_t>(moves.weights[i]);
        moved += weight > 0;
        if (from >= 0) sums.weights.data()[from] -= weight;
        sums.weights.data()[to] += weight;
        const T* point = moves.points + i * channels;
        for (std::ptrdiff_t c = 0; c < channels; ++c) {
            if (from >= 0) sums.moments.data()[from * channels + c] -= weight * point[c];
            sums.moments.data()[to * channels + c] += weight * point[c];
        }
    }
    return moved;
}

/// Gives the points of a block, `first`, first + 1 …, their new labels, and their clusters' sums what follows from that.
/// Returns how many of positive weight moved.
template <class T, class Sums>
std::ptrdiff_t move_points(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> new_labels,
                           std::int32_t* labels, Sums& sums) {
    std::ptrdiff_t moved = 0;
    points.for_each_run(first, std::ssize(new_labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        std::int32_t changed[point_set<T>::largest_block];
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
            moved += move_whole_points(moves, sums);
    });
    return moved;
}

/// The coordinates of a point as read.
template <class T>
struct scaled_point {
    const T* coordinates;
    double scale;
    double operator[](std::ptrdiff_t c) const { return static_cast<double>(coordinates[c]) * scale; }
};

/// Σ weight · squared distance of points to the centers of their labels. Channels > 0 are fixed.
template <std::ptrdiff_t Channels, class T>
double sum_run(const T* from, std::span<const std::int32_t> labels, const double* weights, double scale,
               const buffer<double>& centers, std::ptrdiff_t channels) {
    const std::ptrdiff_t d = Channels > 0 ? Channels : channels;
    double sum = 0;
    for (std::size_t i = 0; i < labels.size(); ++i, from += d) {
        const double distance = squared_distance<T>(scaled_point<T>{from, scale}, centers.data() + labels[i] * d, d);
        sum += weights == nullptr ? distance : rounded_product(weights[i], distance);
    }
    return sum;
}

/// The same of points `first`, first + 1 … of a set.
template <class T>
double sum_distances(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> labels,
                     const buffer<double>& centers) {
    const auto d = points.channels();
    double sum = 0;
    points.for_each_run(first, std::ssize(labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        const auto some = labels.subspan(static_cast<std::size_t>(done), static_cast<std::size_t>(n));
        const double* weights = points.weights.empty() ? nullptr : points.weights.data() + first + done;
        switch (d) {
            case 1: sum += sum_run<1>(from, some, weights, points.scale, centers, d); break;
            case 2: sum += sum_run<2>(from, some, weights, points.scale, centers, d); break;
            case 3: sum += sum_run<3>(from, some, weights, points.scale, centers, d); break;
            default: sum += sum_run<0>(from, some, weights, points.scale, centers, d); break;
        }
    });
    return sum;
}

}  // namespace lloyd::inline v0::detail
