// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The second half of a Lloyd step: centers move to the means of their clusters, and empty clusters are repaired.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/kmeans_common/lloyd_engine.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The squared distance of two points of `channels` coordinates. Of points and centers on the grid, distances below 2^30
/// are summed exactly, in integer steps of the grid.
[[gnu::always_inline]] inline double squared_distance(const double* a, const double* b, std::ptrdiff_t channels,
                                                      bool on_grid) {
    double sum = 0;
#pragma GCC unroll 4
    for (std::ptrdiff_t c = 0; c < channels; ++c) sum += rounded_product(a[c] - b[c], a[c] - b[c]);
    if (!on_grid || sum >= 0x1p30) return sum;
    std::int64_t steps = 0;
    for (std::ptrdiff_t c = 0; c < channels; ++c) {
        const auto step = static_cast<std::int64_t>((a[c] - b[c]) * grid_steps);
        steps += step * step;
    }
    return static_cast<double>(steps) / (grid_steps * grid_steps);
}

/// How far each point is from its own center. Points of weight 0 do not count.
template <class = deferred>
class own_distances {
public:
    own_distances(const point_set& points, const image<std::int32_t, 1>& labels, const buffer<double>& centers)
        : labels_(copy_of<std::int32_t>(labels.elements())),
          squares_(static_cast<std::size_t>(points.size())),
          members_(centers.size() / static_cast<std::size_t>(points.channels()), 0) {
        const auto d = points.channels();
        buffer<double> point(static_cast<std::size_t>(d));
        for (std::ptrdiff_t i = 0; i < points.size(); ++i) {
            squares_[i] = 0;
            if (points.weight(i) == 0) continue;
            ++members_[labels_[i]];
            points.read_point(i, point.data());
            squares_[i] = squared_distance(point.data(), centers.data() + labels_[i] * d, d, points.on_grid);
        }
    }

    /// The index of the farthest point (the lowest on a tie), never the only one of a cluster; −1 when every point lies on
    /// its center.
    std::ptrdiff_t farthest() const {
        std::ptrdiff_t result = -1;
        double max_square = 0;
        for (std::size_t i = 0; i < squares_.size(); ++i) {
            if (squares_[i] <= max_square || members_[labels_[i]] < 2) continue;
            max_square = squares_[i];
            result = static_cast<std::ptrdiff_t>(i);
        }
        return result;
    }

    /// Point i becomes the center of an empty cluster.
    void move(std::ptrdiff_t i, std::ptrdiff_t cluster) {
        --members_[labels_[i]];
        ++members_[cluster];
        labels_[i] = static_cast<std::int32_t>(cluster);
        squares_[i] = 0;
    }

private:
    buffer<std::int32_t> labels_;
    buffer<double> squares_;
    buffer<std::ptrdiff_t> members_;  ///< of each cluster, with weight
};

/// The farthest of all.
template <class = deferred>
std::ptrdiff_t farthest_point(const point_set& points, const image<std::int32_t, 1>& labels,
                              const buffer<double>& centers) {
    return own_distances<>(points, labels, centers).farthest();
}

/// The index of the first point of positive weight.
inline std::ptrdiff_t first_weighted_point(const point_set& points) {
    std::ptrdiff_t i = 0;
    while (points.weight(i) == 0) ++i;
    return i;
}

/// The largest distance between a center and the one that replaces it: 0 only if none moves.
inline double max_shift(const buffer<double>& to, const buffer<double>& from, std::ptrdiff_t channels, bool on_grid) {
    double max_difference = 0, max_square = 0;
    for (std::size_t i = 0; i < to.size(); ++i)
        max_difference = (std::max)(max_difference, math::magnitude(to[i] - from[i]));
    if (max_difference < 0x1p-450) return max_difference;  // its square may underflow; ≥ the distance / √channels
    const auto size = static_cast<std::ptrdiff_t>(to.size());
    for (std::ptrdiff_t i = 0; i < size; i += channels)
        max_square = (std::max)(max_square, squared_distance(to.data() + i, from.data() + i, channels, on_grid));
    return math::sqrt(max_square);
}

/// Moves every center but the first `fixed` ones to the mean of its cluster. With `repairs` the center of an empty
/// cluster becomes the point farthest from its own center; where every point lies on its center, it repeats a point.
/// Returns the largest distance that a center moved.
template <class = deferred>
double move_to_means(const point_set& points, const lloyd_engine& engine, buffer<double>& centers, std::ptrdiff_t fixed,
                     bool repairs) {
    const auto d = points.channels();
    const auto k = static_cast<std::ptrdiff_t>(centers.size()) / d;
    auto means = copy_of<double>(centers.span());

    bool any_empty = false;
    for (auto j = fixed; j < k; ++j) {
        const bool is_empty = engine.weight(j) == 0;
        any_empty = any_empty || is_empty;
        if (is_empty) continue;
        double* mean = means.data() + j * d;
        engine.mean(j, mean);
        for (std::ptrdiff_t c = 0; c < d; ++c) mean[c] = points.representable(mean[c]);
    }
    if (any_empty && repairs) {
        own_distances<> distances(points, engine.labels(centers), means);
        for (auto j = fixed; j < k; ++j) {
            if (engine.weight(j) != 0) continue;
            const auto i = distances.farthest();
            if (i >= 0) distances.move(i, j);
            points.read_point(i >= 0 ? i : first_weighted_point(points), means.data() + j * d);
        }
    }
    const double shift = max_shift(means, centers, d, points.on_grid);
    centers = std::move(means);
    return shift;
}

}  // namespace lloyd::inline v0::detail
