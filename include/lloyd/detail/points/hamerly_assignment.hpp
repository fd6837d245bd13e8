// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Labels points with the help of their bounds: those that the bounds leave undecided are gathered, and scored; where
/// they are many, all points of the range are scored where they lie.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/hamerly_bounds.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// One pass over some points, in ranges of at most point_set::max_range.
template <class = deferred>
class hamerly_assignment {
public:
    /// `old_labels` are those of all points, from the step before.
    hamerly_assignment(const point_set& points, const point_tiles<>& tiles, const grouped_centers& centers,
                       distance_bounds& bounds, const std::int32_t* old_labels)
        : points_(points),
          tiles_(tiles),
          centers_(centers),
          bounds_(bounds),
          old_labels_(old_labels),
          channels_(tiles.channels()) {}

    /// Writes the labels of `count` points from `first` on, a multiple of points_per_tile; ~label where it is
    /// uncertain. Returns whether any is uncertain.
    bool label(std::ptrdiff_t first, std::ptrdiff_t count, std::int32_t* labels) {
        const auto found = bounds_.list_undecided(first, count, old_labels_ + first, places_);
        undecided_ += found;
        if (found > max_gathered(count)) {
            for (std::int32_t i = 0; i < count; ++i) places_[i] = i;
            return score(tiles_.at(first, count), first, count, places_, labels);
        }
        std::copy_n(old_labels_ + first, count, labels);
        bool any_uncertain = false;
        for (std::ptrdiff_t done = 0; done < found; done += max_scored) {
            const auto n = (std::min)(max_scored, found - done);
            any_uncertain = score(gather(first, places_ + done, n), first, n, places_ + done, labels) || any_uncertain;
        }
        return any_uncertain;
    }

    /// How many points the bounds have left undecided so far.
    std::ptrdiff_t undecided() const { return undecided_; }

private:
    static constexpr std::ptrdiff_t max_scored = 4 * points_per_tile;  ///< gathered points; they stay in the caches

    /// Gathering a coordinate takes as long as some 24 multiply-adds.
    std::ptrdiff_t max_gathered(std::ptrdiff_t count) const {
        const auto k = centers_.groups * centers_per_group;
        return count * k / (k + 24);
    }

    /// Tiles of the `n` points first + places[m].
    tiled_points gather(std::ptrdiff_t first, const std::int32_t* places, std::ptrdiff_t n) {
        constexpr std::ptrdiff_t ahead = 6;
        const auto tile = points_per_tile * channels_, tiles = divide_up(n, points_per_tile);
        if (gathered_.size() == 0) gathered_ = buffer<float>(static_cast<std::size_t>(max_scored * channels_), 0.0F);
        for (std::ptrdiff_t m = 0; m < n; ++m) {
            if (m + ahead < n) points_.prefetch_point(first + places[m + ahead]);
            points_.read_point(first + places[m], point_.data());
            float* to = gathered_.data() + m / points_per_tile * tile + m % points_per_tile;
            for (std::ptrdiff_t c = 0; c < channels_; ++c) to[c * points_per_tile] = tiles_.rounded(point_[c], c);
        }
        for (std::ptrdiff_t t = 0; t < tiles; ++t)
            max_squared_norms_[t] = run_kernel<squares_kernel>(gathered_.data() + t * tile, channels_, nullptr);
        return {gathered_.data(), max_squared_norms_, tiles, channels_};
    }

    /// Labels and gaps of `n` points, which are first + places[m]. Returns whether any label is uncertain.
    bool score(const tiled_points& points, std::ptrdiff_t first, std::ptrdiff_t n, const std::int32_t* places,
               std::int32_t* labels) {
        const bool uncertain = run_kernel<score_kernel>(points, centers_, scored_points{labels_, best_, second_});
        for (std::ptrdiff_t t = 0; t < points.tiles; ++t) {
            const auto at = t * points_per_tile;
            float squares[points_per_tile];
            const float max_square = run_kernel<squares_kernel>(points.planes + at * channels_, channels_, squares);
            const float error = 2 * score_rounding(channels_ + 8) * (centers_.max_squared_norm + 2 * max_square);
            run_kernel<gap_kernel>(best_ + at, second_ + at, squares, error, gaps_ + at);
        }
        for (std::ptrdiff_t m = 0; m < n; ++m) {
            const auto i = places[m], label = labels_[m];
            labels[i] = label;
            bounds_.set(first + i, gaps_[m], label);
        }
        return uncertain;
    }

    const point_set& points_;
    const point_tiles<>& tiles_;
    grouped_centers centers_;
    distance_bounds& bounds_;
    const std::int32_t* old_labels_;
    std::ptrdiff_t channels_;
    buffer<double> point_{static_cast<std::size_t>(channels_)};
    buffer<float> gathered_;  ///< tiles of points to be scored
    float max_squared_norms_[max_scored / points_per_tile];
    std::int32_t places_[point_set::max_range], labels_[point_set::max_range];
    float best_[point_set::max_range], second_[point_set::max_range], gaps_[point_set::max_range];
    std::ptrdiff_t undecided_ = 0;
};

}  // namespace lloyd::inline v0::detail
