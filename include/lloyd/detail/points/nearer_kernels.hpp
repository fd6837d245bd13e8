// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a new seed changes: which points it may be nearer to than all seeds before (by scores in float), their distances
/// to it (in double), and the potential that is left.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/points/distance_kernels.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Which candidates may be nearer to the points of some tiles than all seeds before, and by how much they lower the least
/// scores: writes to nearer[i] the indices of those that may be nearer to point i, joined by "or", and adds Σ max(0, least
/// score + margin − score) to gains[j] for candidate j. `best` holds the least score of each point. `best` and `nearer` have
/// room for full tiles.
struct nearer_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(tiled_points points, grouped_centers candidates, const float* best,
                                                  std::int32_t* nearer, double* gains) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(float);
        const auto count = candidates.groups * centers_per_group;
        simd<float, Bytes> sums[2][max_compared];
        for (std::ptrdiff_t j = 0; j < count; ++j) sums[0][j] = sums[1][j] = simd<float, Bytes>{};
        for (std::ptrdiff_t t = 0; t < points.tiles; ++t) {
            const float margin = score_margin(points, t, candidates);
            const float* planes = points.planes + t * points_per_tile * points.channels;
            for (std::ptrdiff_t i = 0; i < points_per_tile; i += 2 * lanes, best += 2 * lanes, nearer += 2 * lanes) {
                compared<Bytes> left(best, margin, sums[0]), right(best + lanes, margin, sums[1]);
                score_loops::run<Bytes>(planes + i, points.channels, candidates, left, right);
                store(nearer, left.nearer);
                store(nearer + lanes, right.nearer);
            }
        }
        for (std::ptrdiff_t j = 0; j < count; ++j) {
            sums[0][j] = sums[0][j] + sums[1][j];
            for (std::ptrdiff_t l = 0; l < lanes; ++l) gains[j] += static_cast<double>(sums[0][j][l]);
        }
    }

private:
    template <int Bytes>
    struct compared {
        static constexpr bool prefetches = true;  ///< the next tile: with few seeds, memory is the limit
        simd<float, Bytes> limit;
        simd<std::int32_t, Bytes> nearer = {};
        simd<float, Bytes>* sum;  ///< of the next candidate

        [[gnu::always_inline]] inline compared(const float* best, float margin, simd<float, Bytes>* sums) : sum(sums) {
            load(limit, best);
            limit = limit + margin;
        }
        [[gnu::always_inline]] inline void update(const simd<float, Bytes>& score,
                                                  const simd<std::int32_t, Bytes>& index) {
            simd<float, Bytes> gain = limit - score;
            nearer = nearer | (index & (simd<float, Bytes>{} <= gain));
            max_in_place(gain, simd<float, Bytes>{});
            *sum = *sum + gain;
            ++sum;
        }
    };
};

/// Σ margin of those points to which a candidate may be nearer.
struct margin_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline double run(tiled_points points, grouped_centers candidates,
                                                    const std::int32_t* nearer, std::int32_t index) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(float);
        simd<float, Bytes> sum = {}, margin;
        simd<std::int32_t, Bytes> indices;
        for (std::ptrdiff_t t = 0; t < points.tiles; ++t) {
            broadcast(margin, score_margin(points, t, candidates));
            for (std::ptrdiff_t i = 0; i < points_per_tile; i += lanes, nearer += lanes) {
                load(indices, nearer);
                simd<float, Bytes> part = margin;
                select((indices & index) == simd<std::int32_t, Bytes>{}, part, simd<float, Bytes>{});
                sum = sum + part;
            }
        }
        double result = 0;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) result += static_cast<double>(sum[l]);
        return result;
    }
};

/// Writes the numbers of those of `count` points to which some of the candidates in `indices` may be nearer, in order, to
/// `places`. Returns how many there are. Prefetches these points, `stride` bytes apart.
struct places_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(const std::int32_t* nearer, std::int32_t indices,
                                                            std::ptrdiff_t count, const unsigned char* points,
                                                            std::ptrdiff_t stride, std::int32_t* places) {
        constexpr std::ptrdiff_t group = 32;
        std::ptrdiff_t found = 0, i = 0;
        for (; i + group <= count; i += group) {
            std::uint32_t bits;
            find<Bytes>(bits, nearer + i, indices);
            for (; bits != 0; bits &= bits - 1) {
                const auto at = i + std::countr_zero(bits);
                prefetch(points + at * stride);
                places[found++] = static_cast<std::int32_t>(at);
            }
        }
        for (; i < count; ++i)
            if ((nearer[i] & indices) != 0) places[found++] = static_cast<std::int32_t>(i);
        return found;
    }

private:
    /// Sets bit i of `bits` where nearer[i] has some of the indices, for a group.
    template <int Bytes>
    [[gnu::always_inline]] static inline void find(std::uint32_t& bits, const std::int32_t* nearer,
                                                   std::int32_t indices) {
        constexpr int lanes = Bytes / static_cast<int>(sizeof(std::int32_t));
        simd<std::int32_t, Bytes> some, all = {}, bit_of_lane;
        for (int l = 0; l < lanes; ++l) bit_of_lane[l] = 1 << l;
#pragma GCC unroll 8
        for (auto i = 32 - lanes; i >= 0; i -= lanes) {
            load(some, nearer + i);
            all = all << lanes | (bit_of_lane & ~((some & indices) == simd<std::int32_t, Bytes>{}));
        }
        reduce_or(bits, all);
    }
};

/// distances[m] = |point m − seed|², of `count` points whose coordinates lie side by side. The order of sums is the same at
/// every CPU level.
struct distance_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const double* points, std::ptrdiff_t channels, std::ptrdiff_t count,
                                                  const double* seed, double* distances) {
        for (std::ptrdiff_t m = 0; m < count; ++m) distances[m] = distance(points + m * channels, seed, channels);
    }

private:
    [[gnu::always_inline]] static inline double distance(const double* x, const double* seed, std::ptrdiff_t channels) {
        constexpr std::ptrdiff_t lanes = 4;
        simd<double, 32> sums[2] = {};
        std::ptrdiff_t c = 0;
        for (; c + 2 * lanes <= channels; c += 2 * lanes) {
            add_squares(sums[0], x + c, seed + c);
            add_squares(sums[1], x + c + lanes, seed + c + lanes);
        }
        if (c + lanes <= channels) {
            add_squares(sums[0], x + c, seed + c);
            c += lanes;
        }
        sums[0] = sums[0] + sums[1];
        double sum = (sums[0][0] + sums[0][1]) + (sums[0][2] + sums[0][3]);
        for (; c < channels; ++c) {
            double square;
            rounded(square, (x[c] - seed[c]) * (x[c] - seed[c]));
            sum += square;
        }
        return sum;
    }

    [[gnu::always_inline]] static inline void add_squares(simd<double, 32>& sum, const double* x, const double* seed) {
        simd<double, 32> a, b;
        load(a, x);
        load(b, seed);
        a = a - b;
        rounded(a, a * a);
        sum = sum + a;
    }
};

/// Σ weight · D² of `count` points; `weights` may be nullptr, where all are 1. Sums of eight lanes at every CPU level.
struct d2_sum_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline double run(const double* d2, const double* weights, std::ptrdiff_t count) {
        constexpr std::ptrdiff_t lanes = 4;
        simd<double, 32> sums[2] = {}, x, weight;
        std::ptrdiff_t i = 0;
        for (; i + 2 * lanes <= count; i += 2 * lanes)
            for (std::ptrdiff_t half = 0; half < 2; ++half) {
                load(x, d2 + i + half * lanes);
                if (weights != nullptr) {
                    load(weight, weights + i + half * lanes);
                    rounded(x, x * weight);
                }
                sums[half] = sums[half] + x;
            }
        double sum = 0;
        for (const auto& some : sums)
            for (std::ptrdiff_t l = 0; l < lanes; ++l) sum += some[l];
        for (; i < count; ++i) {
            double part = d2[i];
            if (weights != nullptr) rounded(part, part * weights[i]);
            sum += part;
        }
        return sum;
    }
};

}  // namespace lloyd::inline v0::detail
