// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Squared distances of a block of points: to find the nearest center exactly (nearest_kernel), and to compute the
/// potential with one more seed (potential_kernel).
///
/// Squared distances are computed as Σ (x − c)², not as |x|² − 2 x·c + |c|²: nothing cancels, so data far from the
/// origin keeps its digits. For 8-bit coordinates and centers on a grid of 2^-16 every term is exact in double up to 32
/// channels, and the nearest center is the same with any instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// sum[t] += Σ (x − point)² for `Tile` vectors of points. Channels > 0 unrolls the loop over these. `Rounded` rounds
/// each square before it is added; otherwise the compiler may use a fused multiply-add, which takes three quarters of
/// the time and gives other last bits.
template <int Channels, bool Rounded, std::size_t Tile, class Lane, class Vector>
[[gnu::always_inline]] inline void squared_distances(const Lane* planes, std::ptrdiff_t stride, std::ptrdiff_t channels,
                                                     const Lane* point, Vector (&sum)[Tile]) {
    constexpr std::size_t lanes = sizeof(Vector) / sizeof(Lane);
    const auto add_squares = [&](std::ptrdiff_t c) __attribute__((always_inline)) {
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
    };
    if constexpr (Channels > 0) {
#pragma GCC unroll 4
        for (std::ptrdiff_t c = 0; c < Channels; ++c) add_squares(c);
    } else {
        for (std::ptrdiff_t c = 0; c < channels; ++c) add_squares(c);
    }
}

/// For each point the index of its nearest center, the lowest on a tie.
struct nearest_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const double* planes, std::ptrdiff_t stride, std::ptrdiff_t channels,
                                                  std::ptrdiff_t count, const double* centers, std::int32_t k,
                                                  std::int32_t* labels) {
        using lanes_type = simd<double, Bytes>;
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
        constexpr std::ptrdiff_t tile = 4;
        for (std::ptrdiff_t i = 0; i < count; i += lanes * tile) {
            lanes_type best[tile], label[tile] = {};
            for (auto& some : best) broadcast(some, (std::numeric_limits<double>::max)());
            for (std::int32_t j = 0; j < k; ++j) {
                lanes_type distance[tile] = {};
                squared_distances<0, true, tile>(planes + i, stride, channels, centers + j * channels, distance);
                lanes_type index;
                broadcast(index, static_cast<double>(j));
#pragma GCC unroll 4
                for (std::ptrdiff_t t = 0; t < tile; ++t) {
                    const auto closer = distance[t] < best[t];
                    select(closer, best[t], distance[t]);
                    select(closer, label[t], index);
                }
            }
            for (std::ptrdiff_t t = 0; t < tile; ++t)
                for (std::ptrdiff_t l = 0; l < lanes; ++l)
                    labels[i + t * lanes + l] = static_cast<std::int32_t>(label[t][l]);
        }
    }
};

/// Points whose coordinates lie side by side.
struct seed_list {
    const double* seeds;
    std::ptrdiff_t count;
};

/// The D² of each point of a block to the seeds so far, as they are known.
struct block_d2 {
    const double* known;  ///< to all seeds but the pending ones; nullptr: there are no others
    seed_list pending;
    double* lowered = nullptr;  ///< where D² to all seeds is written, if it is; may be `known`
};

/// The most candidates that are compared at once.
inline constexpr std::ptrdiff_t max_compared = 32;

/// The potential of a block with one more seed, for each candidate: sums[j] = Σ weight · min(D², |x − candidate j|²).
/// `weights` may be nullptr, where all are 1 and `count` is a multiple of 32.
struct potential_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const double* planes, std::ptrdiff_t stride, std::ptrdiff_t channels,
                                                  std::ptrdiff_t count, const double* weights, block_d2 d2,
                                                  seed_list candidates, double* sums) {
        switch (channels) {
            case 2: return run_for<Bytes, 2>(planes, stride, channels, count, weights, d2, candidates, sums);
            case 3: return run_for<Bytes, 3>(planes, stride, channels, count, weights, d2, candidates, sums);
            default: return run_for<Bytes, 0>(planes, stride, channels, count, weights, d2, candidates, sums);
        }
    }

private:
    template <int Bytes, int Channels>
    [[gnu::always_inline]] static inline void run_for(const double* planes, std::ptrdiff_t stride,
                                                      std::ptrdiff_t channels, std::ptrdiff_t count,
                                                      const double* weights, block_d2 d2, seed_list candidates,
                                                      double* sums) {
        using lanes_type = simd<double, Bytes>;
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
        constexpr std::ptrdiff_t tile = 4;
        constexpr std::size_t totals = 64 / Bytes;  // 8 lanes at every CPU level: the same order of summation
        lanes_type total[max_compared][totals];
        for (std::ptrdiff_t j = 0; j < candidates.count; ++j)
            for (auto& some : total[j]) some = lanes_type{};
        for (std::ptrdiff_t i = 0; i < count; i += lanes * tile) {
            lanes_type least[tile];
#pragma GCC unroll 4
            for (std::ptrdiff_t t = 0; t < tile; ++t) {
                broadcast(least[t], (std::numeric_limits<double>::max)());
                if (d2.known != nullptr) load(least[t], d2.known + i + t * lanes);
            }
            for (std::ptrdiff_t j = 0; j < d2.pending.count; ++j) {
                lanes_type distance[tile] = {};
                squared_distances<Channels, false, tile>(planes + i, stride, channels, d2.pending.seeds + j * channels,
                                                         distance);
#pragma GCC unroll 4
                for (std::ptrdiff_t t = 0; t < tile; ++t) min_in_place(least[t], distance[t]);
            }
            if (d2.lowered != nullptr) {
#pragma GCC unroll 4
                for (std::ptrdiff_t t = 0; t < tile; ++t) store(d2.lowered + i + t * lanes, least[t]);
            }
            for (std::ptrdiff_t j = 0; j < candidates.count; ++j) {
                lanes_type part[tile] = {};
                squared_distances<Channels, false, tile>(planes + i, stride, channels, candidates.seeds + j * channels,
                                                         part);
#pragma GCC unroll 4
                for (std::ptrdiff_t t = 0; t < tile; ++t) {
                    min_in_place(part[t], least[t]);
                    if (weights != nullptr) {
                        lanes_type weight;
                        load(weight, weights + i + t * lanes);
                        rounded(part[t], weight * part[t]);
                    }
                    total[j][static_cast<std::size_t>(t) % totals] += part[t];
                }
            }
        }
        for (std::ptrdiff_t j = 0; j < candidates.count; ++j) {
            sums[j] = 0;
            for (const auto& some : total[j])
                for (std::ptrdiff_t l = 0; l < lanes; ++l) sums[j] += some[l];
        }
    }
};

}  // namespace lloyd::inline v0::detail
