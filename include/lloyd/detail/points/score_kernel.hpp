// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The hot loop of K-Means over points of any kind: for each point the center of the least score |c|²/2 − x·c, which is
/// half the squared distance without |x|²/2, as that is the same for all centers.
///
/// Scores are sums of products in single precision, a register tile of 2 vectors of points by 4 or 12 centers at a time.
/// They are rounded, so each point also keeps its second score: where both lie closer together than rounding could have
/// moved them, the label is in doubt, and somebody has to look more closely.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Points come in tiles of so many, a plane for each coordinate; centers in groups.
inline constexpr std::ptrdiff_t points_per_tile = 32;
inline constexpr std::ptrdiff_t centers_per_group = 4;

/// How far two scores of d coordinates may each be from the truth, in units of |c|² + |x|²/2: by the rounding of both
/// factors to float, of their product, of d + 1 sums and of |c|²/2 (Higham 2002, section 3.1), and a little.
inline float score_rounding(std::ptrdiff_t channels) { return static_cast<float>(channels + 6) * 0x1.1p-24F; }

/// Points as the kernel takes them.
struct tiled_points {
    const float* planes;  ///< tiles × channels × points_per_tile
    const float* reach;   ///< for each tile the largest |x|²
    std::ptrdiff_t tiles;
    std::ptrdiff_t channels;
};

/// Centers as the kernel takes them: k and as many others as fill the last group, which no point is near to.
struct grouped_centers {
    const float* coordinates;     ///< groups × channels × centers_per_group
    const float* halves;          ///< |c|²/2 of each center
    const std::int32_t* indices;  ///< 0, 1, 2 …: a vector of one number costs least when it is loaded
    std::ptrdiff_t groups;
    float reach;  ///< the largest |c|²
};

/// What the kernel tells of each point.
struct scored_points {
    std::int32_t* labels;
    float* best = nullptr;    ///< the score of its center, where somebody asks for it
    float* second = nullptr;  ///< and that of the next one
};

/// Labels each point, in doubt with ~label. Returns whether any is in doubt.
struct score_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline bool run(tiled_points points, grouped_centers centers, scored_points to) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(float);
        integers<Bytes> all = {};
        for (std::ptrdiff_t t = 0; t < points.tiles; ++t) {
            const float margin = 2 * score_rounding(points.channels) * (centers.reach + points.reach[t] / 2);
            for (std::ptrdiff_t i = 0; i < points_per_tile; i += 2 * lanes) {
                filtering_state<Bytes> left, right;
                take_all(points.planes + t * points_per_tile * points.channels + i, points.channels, centers, left,
                         right);
                left.tell(margin, to, t * points_per_tile + i, all);
                right.tell(margin, to, t * points_per_tile + i + lanes, all);
            }
        }
        bool any = false;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) any = any || all[l] < 0;
        return any;
    }

private:
    template <int Bytes>
    using floats = simd<float, Bytes>;
    template <int Bytes>
    using integers = simd<std::int32_t, Bytes>;

    /// The two least scores so far of a vector of points.
    template <int Bytes>
    struct filtering_state {
        floats<Bytes> best, second;
        integers<Bytes> label = {};

        [[gnu::always_inline]] inline filtering_state() {
            broadcast(best, (std::numeric_limits<float>::max)());
            second = best;
        }
        [[gnu::always_inline]] inline void enter(const floats<Bytes>& score, const integers<Bytes>& index) {
            floats<Bytes> loser = best;
            max_in_place(loser, score);
            min_in_place(second, loser);
            select(score < best, label, index);
            min_in_place(best, score);
        }
        /// Of the points `at`, at + 1 …; `all` becomes negative where a label is in doubt.
        [[gnu::always_inline]] inline void tell(float margin, const scored_points& to, std::ptrdiff_t at,
                                                integers<Bytes>& all) const {
            floats<Bytes> limit;
            broadcast(limit, margin);
            integers<Bytes> told = label;
            select(second - best <= limit, told, ~label);
            all = all | told;
            store(to.labels + at, told);
            if (to.best == nullptr) return;
            store(to.best + at, best);
            store(to.second + at, second);
        }
    };

    /// All centers against two vectors of points, whose planes begin at `points`.
    template <int Bytes>
    [[gnu::always_inline]] static inline void take_all(const float* points, std::ptrdiff_t channels,
                                                       const grouped_centers& centers, filtering_state<Bytes>& left,
                                                       filtering_state<Bytes>& right) {
        std::ptrdiff_t g = 0;
        // Wide tiles use each point more often, where there are registers for them.
        if constexpr (Bytes == 64)
            for (; g + 3 <= centers.groups; g += 3)
                take(points, channels, centers, g, left, right, std::make_index_sequence<12>());
        for (; g < centers.groups; ++g) take(points, channels, centers, g, left, right, std::make_index_sequence<4>());
    }

    /// The centers J… from those of a group on. (Written with packs since g++ keeps arrays in registers only where no
    /// index is that of a loop.)
    template <int Bytes, std::size_t... J>
    [[gnu::always_inline]] static inline void take(const float* points, std::ptrdiff_t channels,
                                                   const grouped_centers& centers, std::ptrdiff_t group,
                                                   filtering_state<Bytes>& left, filtering_state<Bytes>& right,
                                                   std::index_sequence<J...>) {
        constexpr std::size_t width = centers_per_group;
        const auto stride = width * static_cast<std::size_t>(channels);
        const float* c = centers.coordinates + group * centers_per_group * channels;
        const float* halves = centers.halves + group * centers_per_group;
        const std::int32_t* indices = centers.indices + group * centers_per_group;
        floats<Bytes> a[sizeof...(J)], b[sizeof...(J)], x, y;
        (broadcast(a[J], halves[J]), ...);
        ((b[J] = a[J]), ...);
        for (std::ptrdiff_t d = 0; d < channels; ++d, points += points_per_tile, c += centers_per_group) {
            load(x, points);
            load(y, points + Bytes / sizeof(float));
            (subtract(a[J], b[J], x, y, c[J / width * stride + J % width]), ...);
        }
        integers<Bytes> index;
        ((broadcast(index, indices[J]), left.enter(a[J], index), right.enter(b[J], index)), ...);
    }

    template <class Vector>
    [[gnu::always_inline]] static inline void subtract(Vector& a, Vector& b, const Vector& x, const Vector& y,
                                                       float coordinate) {
        a = a - x * coordinate;
        b = b - y * coordinate;
    }
};

}  // namespace lloyd::inline v0::detail
