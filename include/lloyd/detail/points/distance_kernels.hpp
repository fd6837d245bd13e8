// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The two hot loops of K-Means over a block of points: which center is nearest, and what a seed would be worth.
///
/// Distances are squared and taken as written, Σ (x − c)²: there is no |x|² − 2 x·c + |c|² to cancel, so data far from
/// the origin loses nothing. For 8-bit coordinates and centers on a grid of 2^-16 every term is exact in double up to
/// 32 channels, and the nearest center is the same with any instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// sum[t] = Σ (x − point)² of `Tile` vectors of points. Channels > 0 unrolls the loop over them. Squares are `Rounded`
/// before they are added, or a multiply-add may take both, in three quarters of the time and with other last bits.
template <int Channels, bool Rounded, std::size_t Tile, class Lane, class Vector>
[[gnu::always_inline]] inline void squared_distances(const Lane* planes, std::ptrdiff_t stride, std::ptrdiff_t channels,
                                                     const Lane* point, Vector (&sum)[Tile]) {
    constexpr std::size_t lanes = sizeof(Vector) / sizeof(Lane);
    if constexpr (Channels > 0) channels = Channels;
#pragma GCC unroll 4
    for (std::ptrdiff_t c = 0; c < channels; ++c) {
        const Lane coordinate = point[c];
#pragma GCC unroll 4
        for (std::size_t t = 0; t < Tile; ++t) {
            Vector x;
            load(x, planes + c * stride + static_cast<std::ptrdiff_t>(lanes * t));
            const Vector difference = x - coordinate;
            Vector square = difference * difference;
            if constexpr (Rounded) rounded(square, square);
            sum[t] += square;
        }
    }
}

/// For each point the index of its nearest center, the lowest on a tie.
template <class Lane>
struct nearest_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const Lane* planes, std::ptrdiff_t stride, std::ptrdiff_t channels,
                                                  std::ptrdiff_t count, const Lane* centers, std::int32_t k,
                                                  std::int32_t* labels) {
        if constexpr (std::is_integral_v<Lane>)  // rare: many channels, or centers far off
            return run_for<Bytes, 0>(planes, stride, channels, count, centers, k, labels);
        switch (channels) {
            case 1: return run_for<Bytes, 1>(planes, stride, channels, count, centers, k, labels);
            case 2: return run_for<Bytes, 2>(planes, stride, channels, count, centers, k, labels);
            case 3: return run_for<Bytes, 3>(planes, stride, channels, count, centers, k, labels);
            default: return run_for<Bytes, 0>(planes, stride, channels, count, centers, k, labels);
        }
    }

private:
    template <int Bytes, int Channels>
    [[gnu::always_inline]] static inline void run_for(const Lane* planes, std::ptrdiff_t stride,
                                                      std::ptrdiff_t channels, std::ptrdiff_t count,
                                                      const Lane* centers, std::int32_t k, std::int32_t* labels) {
        using lanes_type = simd<Lane, Bytes>;
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(Lane);
        constexpr std::ptrdiff_t tile = 4;
        for (std::ptrdiff_t i = 0; i < count; i += lanes * tile) {
            lanes_type best[tile] = {}, label[tile] = {};
            squared_distances<Channels, true, tile>(planes + i, stride, channels, centers, best);
            for (std::int32_t j = 1; j < k; ++j) {
                lanes_type distance[tile] = {};
                squared_distances<Channels, true, tile>(planes + i, stride, channels, centers + j * channels, distance);
                lanes_type index;
                broadcast(index, static_cast<Lane>(j));
#pragma GCC unroll 4
                for (std::ptrdiff_t t = 0; t < tile; ++t) {
                    const auto closer = distance[t] < best[t];
                    select(closer, best[t], distance[t]);
                    select(closer, label[t], index);
                }
            }
            for (std::ptrdiff_t t = 0; t < tile; ++t)
                for (std::ptrdiff_t l = 0; l < lanes; ++l)
                    labels[i + t * lanes + l] = static_cast<std::int32_t>(static_cast<Lane>(label[t][l]));
        }
    }
};

/// Σ weight · min(nearest, worth of the distance to a point), where the worth is the squared distance, or, with
/// `alike`, 1 wherever it is not 0. Writes the minima back when `keep` is set.
struct potential_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline double run(const double* planes, std::ptrdiff_t stride,
                                                    std::ptrdiff_t channels, std::ptrdiff_t count,
                                                    const double* weights, const double* point, double* nearest,
                                                    bool alike, bool keep) {
        switch (channels) {
            case 1: return run_for<Bytes, 1>(planes, stride, channels, count, weights, point, nearest, alike, keep);
            case 2: return run_for<Bytes, 2>(planes, stride, channels, count, weights, point, nearest, alike, keep);
            case 3: return run_for<Bytes, 3>(planes, stride, channels, count, weights, point, nearest, alike, keep);
            default: return run_for<Bytes, 0>(planes, stride, channels, count, weights, point, nearest, alike, keep);
        }
    }

private:
    template <int Bytes, int Channels>
    [[gnu::always_inline]] static inline double run_for(const double* planes, std::ptrdiff_t stride,
                                                        std::ptrdiff_t channels, std::ptrdiff_t count,
                                                        const double* weights, const double* point, double* nearest,
                                                        bool alike, bool keep) {
        using lanes_type = simd<double, Bytes>;
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
        constexpr std::ptrdiff_t tile = 4;
        constexpr std::size_t totals = 64 / Bytes;  // of 8 lanes at every CPU level: the same order of summation
        lanes_type zero = {}, one, total[totals] = {};
        broadcast(one, 1.0);
        for (std::ptrdiff_t i = 0; i < count; i += lanes * tile) {
            lanes_type distance[tile] = {};
            squared_distances<Channels, false, tile>(planes + i, stride, channels, point, distance);
#pragma GCC unroll 4
            for (std::ptrdiff_t t = 0; t < tile; ++t) {
                const auto at = i + t * lanes;
                lanes_type least, weight, part;
                if (alike) select(zero < distance[t], distance[t], one);
                load(least, nearest + at);
                select(distance[t] < least, least, distance[t]);
                load(weight, weights + at);
                rounded(part, weight * least);
                total[static_cast<std::size_t>(t) % totals] += part;
                if (keep) store(nearest + at, least);
            }
        }
        double sum = 0;
        for (const auto& some : total)
            for (std::ptrdiff_t l = 0; l < lanes; ++l) sum += some[l];
        return sum;
    }
};

}  // namespace lloyd::inline v0::detail
