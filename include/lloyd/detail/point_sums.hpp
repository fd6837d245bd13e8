// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Labelled points, summed up by cluster: from step to step only those count whose label changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <lloyd/detail/arithmetic.hpp>
#include <lloyd/detail/center_update.hpp>
#include <lloyd/detail/point_set.hpp>
#include <lloyd/detail/real_sums.hpp>
#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// What move_kernel does, with whole numbers.
template <class T>
std::ptrdiff_t move_whole_points(const T* points, std::ptrdiff_t count, const double* weights, std::int32_t* labels,
                                 const std::int32_t* new_labels, whole_sums& sums) {
    const auto channels = sums.channels();
    std::ptrdiff_t changed = 0;
    for (std::ptrdiff_t i = 0; i < count; ++i, points += channels) {
        const std::ptrdiff_t from = std::exchange(labels[i], new_labels[i]), to = new_labels[i];
        const auto weight = weights == nullptr ? std::uint64_t{1} : static_cast<std::uint64_t>(weights[i]);
        if (from == to || weight == 0) continue;
        ++changed;
        if (from >= 0) sums.weights.data()[from] -= weight;
        sums.weights.data()[to] += weight;
        for (std::ptrdiff_t c = 0; c < channels; ++c) {
            if (from >= 0) sums.moments.data()[from * channels + c] -= weight * points[c];
            sums.moments.data()[to * channels + c] += weight * points[c];
        }
    }
    return changed;
}

/// Gives points first, first + 1 … their new labels, and their clusters' sums what follows from that.
template <class T, class Sums>
void move_points(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> new_labels,
                 std::int32_t* labels, Sums& sums) {
    points.for_each_run(first, std::ssize(new_labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        const double* weights = points.weights.empty() ? nullptr : points.weights.data() + first + done;
        std::int32_t* old = labels + first + done;
        if constexpr (std::is_same_v<Sums, real_sums>)
            sums.changed +=
                run_kernel<move_kernel>(from, n, points.scale, weights, old, new_labels.data() + done, sums.rows());
        else
            sums.changed += move_whole_points(from, n, weights, old, new_labels.data() + done, sums);
    });
}

/// The coordinates of a point as read.
template <class T>
struct scaled_point {
    const T* coordinates;
    double scale;
    double operator[](std::ptrdiff_t c) const { return static_cast<double>(coordinates[c]) * scale; }
};

/// Σ weight · squared distance of points `first`, first + 1 … to the centers of their labels.
template <class T>
double sum_distances(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> labels,
                     const buffer<double>& centers) {
    const auto d = points.channels();
    double sum = 0;
    points.for_each_run(first, std::ssize(labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        for (std::ptrdiff_t i = done; i < done + n; ++i, from += d) {
            const double* center = centers.data() + labels.data()[i] * d;
            sum += points.weight(first + i) * squared_distance<T>(scaled_point<T>{from, points.scale}, center, d);
        }
    });
    return sum;
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
