// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Labelled points, summed up by cluster.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <lloyd/detail/arithmetic.hpp>
#include <lloyd/detail/center_update.hpp>
#include <lloyd/detail/point_set.hpp>
#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Adds points to the sums of real_arithmetic. Where a cluster has no weight yet, its first point becomes its anchor.
struct sum_kernel {
    template <int Bytes, class T>
    [[gnu::always_inline]] static inline void run(const T* points, std::ptrdiff_t count, std::ptrdiff_t channels,
                                                  double scale, const std::int32_t* labels, const double* weights,
                                                  double* totals, double* moments, double* anchors) {
        switch (channels) {
            case 1: return run_for<Bytes, 1>(points, count, 1, scale, labels, weights, totals, moments, anchors);
            case 2: return run_for<Bytes, 2>(points, count, 2, scale, labels, weights, totals, moments, anchors);
            case 3: return run_for<Bytes, 3>(points, count, 3, scale, labels, weights, totals, moments, anchors);
            default:
                return run_for<Bytes, 0>(points, count, channels, scale, labels, weights, totals, moments, anchors);
        }
    }

private:
    template <int Bytes, std::ptrdiff_t Channels, class T>
    [[gnu::always_inline]] static inline void run_for(const T* points, std::ptrdiff_t count, std::ptrdiff_t channels,
                                                      double scale, const std::int32_t* labels, const double* weights,
                                                      double* totals, double* moments, double* anchors) {
        const std::ptrdiff_t d = Channels > 0 ? Channels : channels;
        for (std::ptrdiff_t i = 0; i < count; ++i, points += d) {
            const std::ptrdiff_t label = labels[i];
            const double weight = weights == nullptr ? 1.0 : weights[i];
            if (weight == 0) continue;
            double* moment = moments + label * d;
            double* anchor = anchors + label * d;
            if (totals[label] == 0)
                for (std::ptrdiff_t c = 0; c < d; ++c) anchor[c] = static_cast<double>(points[c]) * scale;
            totals[label] += weight;
            std::ptrdiff_t c = 0;
            if constexpr (Channels == 0 && std::is_floating_point_v<T>) {
                constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
                for (; c + lanes <= d; c += lanes) add<Bytes>(points + c, scale, weight, moment + c, anchor + c);
            }
            for (; c < d; ++c) moment[c] += weight * (static_cast<double>(points[c]) * scale - anchor[c]);
        }
    }

    template <int Bytes, class T>
    [[gnu::always_inline]] static inline void add(const T* point, double scale, double weight, double* moment,
                                                  const double* anchor) {
        vector<T, static_cast<int>(Bytes / sizeof(double) * sizeof(T))> narrow;
        vector<double, Bytes> x, sum, origin;
        load(narrow, point);
        convert(x, narrow);
        load(sum, moment);
        load(origin, anchor);
        sum += (x * scale - origin) * weight;
        store(moment, sum);
    }
};

/// Adds points `first`, first + 1 … to the sums of their clusters.
template <class Arithmetic, class T>
void add_points(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> labels,
                cluster_sums<typename Arithmetic::amount>& sums) {
    const auto d = points.channels();
    const double* weights = points.weights.empty() ? nullptr : points.weights.data() + first;
    points.for_each_run(first, std::ssize(labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        if constexpr (sums.anchored) {
            run_kernel<sum_kernel>(from, n, d, points.scale, labels.data() + done,
                                   weights == nullptr ? weights : weights + done, sums.weights.data(),
                                   sums.moments.data(), sums.anchors.data());
        } else {
            for (std::ptrdiff_t i = done; i < done + n; ++i, from += d) {
                const auto label = labels.data()[i];
                const double weight = weights == nullptr ? 1.0 : weights[i];
                sums.weights.data()[label] += static_cast<typename Arithmetic::amount>(weight);
                for (std::ptrdiff_t c = 0; c < d; ++c)
                    sums.moments.data()[label * d + c] += Arithmetic::moment(weight, from[c], 0);
            }
        }
    });
}

/// Σ weight · squared distance of points `first`, first + 1 … to the centers of their labels.
template <class T>
double sum_distances(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> labels,
                     const buffer<double>& centers) {
    const auto d = points.channels();
    buffer<double> point(static_cast<std::size_t>(d));
    double sum = 0;
    points.for_each_run(first, std::ssize(labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        for (std::ptrdiff_t i = done; i < done + n; ++i, from += d) {
            for (std::ptrdiff_t c = 0; c < d; ++c) point.data()[c] = static_cast<double>(from[c]) * points.scale;
            const double* center = centers.data() + labels.data()[i] * d;
            sum += points.weight(first + i) * squared_distance<T>(point.data(), center, d);
        }
    });
    return sum;
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
