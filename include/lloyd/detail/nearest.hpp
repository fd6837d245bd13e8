// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The nearest center of each point, in whichever numbers make the answer exact.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/arithmetic.hpp>
#include <lloyd/detail/distance_kernels.hpp>
#include <lloyd/detail/point_set.hpp>
#include <lloyd/detail/wide.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Squared distances between 8-bit points and centers on the grid are whole numbers of its steps: below 2^53 a double
/// holds them, below 2^63 an integer, and 128 bits hold them to 2^45 from the origin. Centers farther out, which no mean
/// of such points can be, are compared in double as they are.
enum class distance_numbers { doubles, integers, wide_integers };

inline distance_numbers numbers_for(const buffer<double>& centers, std::ptrdiff_t channels) {
    double reach = 255;
    for (const double c : centers) reach = (std::max)({reach, std::abs(c), std::abs(255 - c)});
    const double distance = reach * reach * static_cast<double>(channels);
    if (distance <= 0x1p21 || reach >= 0x1p45) return distance_numbers::doubles;
    return distance < 0x1p31 ? distance_numbers::integers : distance_numbers::wide_integers;
}

/// What nearest_kernel does, in 128 bits; without the distances.
inline void nearest_in_wide(const point_block<std::int64_t>& block, std::ptrdiff_t channels,
                            const buffer<std::int64_t>& centers, std::int32_t* labels) {
    const auto k = static_cast<std::ptrdiff_t>(centers.size()) / channels;
    for (std::ptrdiff_t i = 0; i < block.count; ++i) {
        wide best;
        for (std::ptrdiff_t j = 0; j < k; ++j) {
            wide distance;
            for (std::ptrdiff_t c = 0; c < channels; ++c) {
                const auto difference = block.plane(c)[i] - centers.data()[j * channels + c];
                const auto magnitude = static_cast<std::uint64_t>(difference < 0 ? -difference : difference);
                distance += multiply(magnitude, magnitude);
            }
            if (j > 0 && !(distance < best)) continue;
            best = distance;
            labels[i] = static_cast<std::int32_t>(j);
        }
    }
}

template <class Lane, class T, class Use>
void for_each_nearest_in(const point_set<T>& points, std::ptrdiff_t chunk, const buffer<double>& centers,
                         bool needs_wide, const Use& use) {
    constexpr double to_lane = std::is_integral_v<Lane> ? grid_steps : 1;
    const auto k = static_cast<std::ptrdiff_t>(centers.size()) / points.channels();
    buffer<Lane> lane_centers(centers.size());
    for (std::size_t i = 0; i < centers.size(); ++i) lane_centers[i] = static_cast<Lane>(centers[i] * to_lane);
    buffer<std::int32_t> labels(static_cast<std::size_t>(points.block_size()));
    buffer<Lane> distances(static_cast<std::size_t>(points.block_size()), Lane{});
    points.template for_each_block<Lane>(chunk, k, to_lane, [&](const point_block<Lane>& block) {
        if constexpr (std::is_integral_v<Lane>)
            if (needs_wide) {
                nearest_in_wide(block, points.channels(), lane_centers, labels.data());
                return use(block, labels, distances);
            }
        run_kernel<nearest_kernel<Lane>>(static_cast<const Lane*>(block.planes.data()), block.stride, points.channels(),
                                         block.count, static_cast<const Lane*>(lane_centers.data()),
                                         static_cast<std::int32_t>(k), labels.data(), distances.data());
        use(block, labels, distances);
    });
}

/// Calls use(block, labels, distances) for each block of one chunk, with the nearest center of each point. Distances
/// are squared, in steps of the grid where lanes are integers.
template <class T, class Use>
void for_each_nearest(const point_set<T>& points, std::ptrdiff_t chunk, const buffer<double>& centers, const Use& use) {
    if constexpr (std::is_same_v<T, std::uint8_t>) {
        const auto numbers = numbers_for(centers, points.channels());
        if (numbers != distance_numbers::doubles)
            return for_each_nearest_in<std::int64_t>(points, chunk, centers, numbers == distance_numbers::wide_integers,
                                                     use);
    }
    for_each_nearest_in<double>(points, chunk, centers, false, use);
}

/// The nearest center of every point, one chunk after another.
template <class T>
image<std::int32_t, 1> nearest_labels(const point_set<T>& points, const buffer<double>& centers) {
    image<std::int32_t, 1> result(uninitialized, points.pixels.width(), points.pixels.height());
    const auto k = static_cast<std::ptrdiff_t>(centers.size()) / points.channels();
    for (std::ptrdiff_t chunk = 0; chunk < points.chunks(k); ++chunk)
        for_each_nearest(points, chunk, centers,
                         [&](const auto& block, const buffer<std::int32_t>& labels, const auto&) {
                             std::copy_n(labels.data(), block.count, result.data() + block.first);
                         });
    return result;
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
