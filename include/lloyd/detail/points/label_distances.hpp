// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The compactness of labelled points: Σ weight · squared distance of each to the center of its label.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/base/with_constant.hpp>
#include <lloyd/detail/kmeans_common/center_update.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The coordinates of a point as read.
template <class T>
struct scaled_point {
    const T* coordinates;
    double scale;
    double operator[](std::ptrdiff_t c) const { return static_cast<double>(coordinates[c]) * scale; }
};

/// The sum over points that lie one after another. Channels > 0 are fixed; 0: any number. No weights: all 1.
template <int Channels, class T>
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

/// The sum over points first, first + 1 … of a set, one for each label.
template <class T>
double sum_distances(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> labels,
                     const buffer<double>& centers) {
    const auto d = points.channels();
    double sum = 0;
    points.for_each_run(first, std::ssize(labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        const auto some = labels.subspan(static_cast<std::size_t>(done), static_cast<std::size_t>(n));
        const double* weights = points.weights.empty() ? nullptr : points.weights.data() + first + done;
        sum += with_constant<1, 2, 3>(
            d, [&](auto fixed) { return sum_run<fixed.value>(from, some, weights, points.scale, centers, d); });
    });
    return sum;
}

}  // namespace lloyd::inline v0::detail
