// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a new seed changes: which points it may be nearer to than all seeds before (by scores in float), their distances
/// to it (in double), and the potential that is left.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Writes to nearer[i] the indices of the seeds that may be nearer to point i than the ones before, joined by "or". `best`
/// holds the least score of each point so far; a seed with a negative index lowers it. `best` and `nearer` have room for
/// full tiles.
struct nearer_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(tiled_points points, grouped_centers seeds, float* best,
                                                  std::int32_t* nearer) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(float);
        for (std::ptrdiff_t t = 0; t < points.tiles; ++t) {
            const float margin = score_margin(points, t, seeds);
            const float* planes = points.planes + t * points_per_tile * points.channels;
            for (std::ptrdiff_t i = 0; i < points_per_tile; i += 2 * lanes, best += 2 * lanes, nearer += 2 * lanes) {
                compared<Bytes> left(best, margin), right(best + lanes, margin);
                score_loops::run<Bytes>(planes + i, points.channels, seeds, left, right);
                left.store_to(best, nearer);
                right.store_to(best + lanes, nearer + lanes);
            }
        }
    }

private:
    template <int Bytes>
    struct compared {
        static constexpr bool prefetches = true;  ///< the next tile: with few seeds, memory is the limit
        simd<float, Bytes> best, limit;
        simd<std::int32_t, Bytes> nearer = {};

        [[gnu::always_inline]] inline compared(const float* from, float margin) {
            load(best, from);
            limit = best + margin;
        }
        [[gnu::always_inline]] inline void update(const simd<float, Bytes>& score,
                                                  const simd<std::int32_t, Bytes>& index) {
            nearer = nearer | (index & (score <= limit));
            simd<float, Bytes> lowered = best;
            min_in_place(lowered, score);
            select(index < simd<std::int32_t, Bytes>{}, best, lowered);
        }
        [[gnu::always_inline]] inline void store_to(float* to_best, std::int32_t* to_near) const {
            store(to_best, best);
            store(to_near, nearer);
        }
    };
};

/// Some points of a block, read as rows: `count` times `channels` numbers.
struct nearer_rows {
    const double* rows;
    std::ptrdiff_t channels;
    std::ptrdiff_t count;
    const std::int32_t* places;  ///< the number of each in its block
    const std::int32_t* nearer;  ///< of each point of the block: what nearer_kernel wrote
};

/// d2[i] = min(d2[i], |point − seed|²) for those of the points that the seed of this index may be nearer to. Returns
/// whether there are any. The order of sums is the same at every CPU level.
struct lower_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline bool run(nearer_rows points, std::int32_t index, const double* seed,
                                                  double* d2) {
        std::int32_t chosen[point_set::max_range];  // listed first: a branch below would be mispredicted
        std::ptrdiff_t found = 0;
        for (std::ptrdiff_t m = 0; m < points.count; ++m) {
            chosen[found] = static_cast<std::int32_t>(m);
            found += (points.nearer[points.places[m]] & index) != 0;
        }
        for (std::ptrdiff_t n = 0; n < found; ++n) {
            auto& least = d2[points.places[chosen[n]]];
            least = (std::min)(least, distance(points.rows + chosen[n] * points.channels, seed, points.channels));
        }
        return found > 0;
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
