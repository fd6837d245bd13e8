// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The hot loop of K-Means over points of any kind: for each point x the center c of the least score |c|²/2 − x·c. That
/// is half the squared distance |x − c|² without |x|²/2, which is the same for all centers.
///
/// Scores are sums of products in single precision, for a register tile of 2 vectors of points by 4 or 12 centers at a
/// time. They are rounded, so the second-best score of each point is kept as well: where the two differ by no more than
/// rounding may have moved them, the label is uncertain, and exact_nearest finds it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Points lie in tiles of 32, with one plane for each coordinate; centers lie in groups of 4.
inline constexpr std::ptrdiff_t points_per_tile = 32;
inline constexpr std::ptrdiff_t centers_per_group = 4;

/// A bound of the error of a score over d coordinates, in units of |c|² + |x|²/2: both factors and each product are
/// rounded to float, and so are d + 1 sums and |c|²/2 (Higham, *Accuracy and Stability of Numerical Algorithms*, 2002,
/// section 3.1); 0x1.1p-24 is a little more than one rounding.
inline float score_rounding(std::ptrdiff_t channels) { return static_cast<float>(channels + 6) * 0x1.1p-24F; }

/// Points as the kernel reads them.
struct tiled_points {
    const float* planes;             ///< tiles × channels × points_per_tile
    const float* max_squared_norms;  ///< tiles: the largest |x|² of each
    std::ptrdiff_t tiles;
    std::ptrdiff_t channels;
};

/// Centers as the kernel reads them: k, and more up to a full group, whose scores are too high to win.
struct grouped_centers {
    const float* coordinates;     ///< groups × channels × centers_per_group
    const float* half_squares;    ///< |c|²/2 of each center
    const std::int32_t* indices;  ///< 0, 1, 2 …, or other names of the centers: broadcasting is fastest from memory
    std::ptrdiff_t groups;
    float max_squared_norm;  ///< the largest |c|²
};

/// Scores of two centers for a point of tile t that differ by more are in their true order.
[[gnu::always_inline]] inline float score_margin(const tiled_points& points, std::ptrdiff_t t,
                                                 const grouped_centers& centers) {
    return 2 * score_rounding(points.channels) * (centers.max_squared_norm + points.max_squared_norms[t] / 2);
}

/// What the kernel writes for each point.
struct scored_points {
    std::int32_t* labels;     ///< the nearest center, or ~center where that is uncertain
    float* best = nullptr;    ///< the score of this center; nullptr: scores are not written
    float* second = nullptr;  ///< the score of the next-best center
};

/// Scores all centers for two vectors of points, whose planes begin at `points`: calls left.update(score, index) and
/// right.update(score, index) for each center, in order; `index` is its entry of `indices` in every lane. Where `Use` has a
/// member `prefetches`, the tile behind is fetched meanwhile.
struct score_loops {
    template <int Bytes, class Use>
    [[gnu::always_inline]] static inline void run(const float* points, std::ptrdiff_t channels,
                                                  const grouped_centers& centers, Use& left, Use& right) {
        std::ptrdiff_t g = 0;
        // With 32 registers, three groups at once: each loaded point is used for 12 centers.
        if constexpr (Bytes == 64)
            for (; g + 3 <= centers.groups; g += 3)
                run_group<Bytes>(points, channels, centers, g, left, right, std::make_index_sequence<12>());
        for (; g < centers.groups; ++g)
            run_group<Bytes>(points, channels, centers, g, left, right, std::make_index_sequence<4>());
    }

private:
    /// Scores centers J… counted from the first of a group. (Written with packs, since g++ keeps arrays in registers
    /// only where no index is a loop's variable.)
    template <int Bytes, class Use, std::size_t... J>
    [[gnu::always_inline]] static inline void run_group(const float* points, std::ptrdiff_t channels,
                                                        const grouped_centers& centers, std::ptrdiff_t group, Use& left,
                                                        Use& right, std::index_sequence<J...>) {
        constexpr std::size_t width = centers_per_group;
        const auto stride = width * static_cast<std::size_t>(channels);
        const float* c = centers.coordinates + group * centers_per_group * channels;
        const float* half_squares = centers.half_squares + group * centers_per_group;
        const std::int32_t* indices = centers.indices + group * centers_per_group;
        const auto ahead = channels * points_per_tile;
        simd<float, Bytes> a[sizeof...(J)], b[sizeof...(J)], x, y;  // scores of the left and the right points
        (broadcast(a[J], half_squares[J]), ...);
        ((b[J] = a[J]), ...);
        for (std::ptrdiff_t d = 0; d < channels; ++d, points += points_per_tile, c += centers_per_group) {
            load(x, points);
            load(y, points + Bytes / sizeof(float));
            if constexpr (requires { Use::prefetches; }) prefetch(points + ahead);
            (subtract_products(a[J], b[J], x, y, c[J / width * stride + J % width]), ...);
        }
        simd<std::int32_t, Bytes> index;
        ((broadcast(index, indices[J]), left.update(a[J], index), right.update(b[J], index)), ...);
    }

    template <class Vector>
    [[gnu::always_inline]] static inline void subtract_products(Vector& a, Vector& b, const Vector& x, const Vector& y,
                                                                float coordinate) {
        a = a - x * coordinate;
        b = b - y * coordinate;
    }
};

/// The two least scores so far of each point of a vector, and the center of the least.
template <int Bytes>
struct two_best {
    simd<float, Bytes> best, second;
    simd<std::int32_t, Bytes> label = {};

    [[gnu::always_inline]] inline two_best() {
        broadcast(best, (std::numeric_limits<float>::max)());
        second = best;
    }
    [[gnu::always_inline]] inline void update(const simd<float, Bytes>& score, const simd<std::int32_t, Bytes>& index) {
        simd<float, Bytes> loser = best;
        max_in_place(loser, score);
        min_in_place(second, loser);
        min_in_place(best, score);
        simd<std::int32_t, Bytes> bits, best_bits;  // comparing them as integers leaves units of floats to the minima
        load(bits, &score);
        load(best_bits, &best);
        select(bits == best_bits, label, index);
    }
    /// Writes the labels of points at, at + 1 …; lanes of `uncertain` become negative where a label is uncertain.
    [[gnu::always_inline]] inline void store_labels(float margin, const scored_points& to, std::ptrdiff_t at,
                                                    simd<std::int32_t, Bytes>& uncertain) const {
        simd<float, Bytes> limit;
        broadcast(limit, margin);
        const simd<std::int32_t, Bytes> marked = label ^ (second - best <= limit);
        uncertain = uncertain | marked;
        store(to.labels + at, marked);
        if (to.best == nullptr) return;
        store(to.best + at, best);
        store(to.second + at, second);
    }
};

/// Labels each point. Returns whether any label is uncertain.
struct score_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline bool run(tiled_points points, grouped_centers centers, scored_points to) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(float);
        simd<std::int32_t, Bytes> uncertain = {};
        for (std::ptrdiff_t t = 0; t < points.tiles; ++t) {
            const float margin = score_margin(points, t, centers);
            for (std::ptrdiff_t i = 0; i < points_per_tile; i += 2 * lanes) {
                two_best<Bytes> left, right;
                score_loops::run<Bytes>(points.planes + t * points_per_tile * points.channels + i, points.channels,
                                        centers, left, right);
                left.store_labels(margin, to, t * points_per_tile + i, uncertain);
                right.store_labels(margin, to, t * points_per_tile + i + lanes, uncertain);
            }
        }
        bool any_uncertain = false;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) any_uncertain = any_uncertain || uncertain[l] < 0;
        return any_uncertain;
    }
};

}  // namespace lloyd::inline v0::detail
