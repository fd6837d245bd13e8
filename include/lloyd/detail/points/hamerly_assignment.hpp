// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Labels points with the help of their bounds. Points whose label the bounds decide are not scored, but in tiles where
/// most are undecided.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/points/hamerly_bounds.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// One pass over some points. A tile with many undecided points is scored where it lies; those of tiles with few are
/// gathered, and scored when they fill a tile.
template <class = deferred>
class hamerly_assignment {
public:
    /// `old_labels` are those of all points, from the step before.
    hamerly_assignment(const point_tiles<>& tiles, const grouped_centers& centers, distance_bounds& bounds,
                       const std::int32_t* old_labels)
        : tiles_(tiles), centers_(centers), bounds_(bounds), old_labels_(old_labels), channels_(tiles.channels()) {}

    /// Writes the labels of `count` points from `first` on, a multiple of points_per_tile; ~label where it is
    /// uncertain. Returns whether any is uncertain.
    bool label(std::ptrdiff_t first, std::ptrdiff_t count, std::int32_t* labels) {
        any_uncertain_ = false;
        std::copy_n(old_labels_ + first, count, labels);
        for (std::ptrdiff_t i = 0; i < count; i += points_per_tile) {
            std::int32_t undecided[points_per_tile];
            const auto n = (std::min)(points_per_tile, count - i);
            const auto found = bounds_.collect_undecided(first + i, n, labels + i, undecided);
            undecided_ += found;
            if (found > max_gathered()) {
                score(tiles_.at(first + i, n).planes);
                for (std::ptrdiff_t m = 0; m < n; ++m) store_result(m, first, i + m, labels);
            } else {
                for (std::ptrdiff_t m = 0; m < found; ++m) gather(first, i + undecided[m], labels);
            }
        }
        if (gathered_count_ > 0) score_gathered(first, labels);
        return any_uncertain_;
    }

    /// How many points the bounds have left undecided so far.
    std::ptrdiff_t undecided() const { return undecided_; }

private:
    /// Gathering a coordinate takes as long as some 24 multiply-adds.
    std::ptrdiff_t max_gathered() const {
        const auto k = centers_.groups * centers_per_group;
        return points_per_tile * k / (k + 24);
    }

    void gather(std::ptrdiff_t first, std::ptrdiff_t i, std::int32_t* labels) {
        if (gathered_.size() == 0)
            gathered_ = buffer<float>(static_cast<std::size_t>(points_per_tile * channels_), 0.0F);
        const float* from = tiles_.at(first + i / points_per_tile * points_per_tile, 1).planes + i % points_per_tile;
        for (std::ptrdiff_t c = 0; c < channels_; ++c)
            gathered_[c * points_per_tile + gathered_count_] = from[c * points_per_tile];
        places_[gathered_count_] = i;
        if (++gathered_count_ == points_per_tile) score_gathered(first, labels);
    }

    void score_gathered(std::ptrdiff_t first, std::int32_t* labels) {
        score(gathered_.data());
        for (std::ptrdiff_t m = 0; m < gathered_count_; ++m) store_result(m, first, places_[m], labels);
        gathered_count_ = 0;
    }

    /// Labels and bounds of a tile.
    void score(const float* planes) {
        const float max_squared_norm = run_kernel<squares_kernel>(planes, channels_, squares_);
        const bool uncertain = run_kernel<score_kernel>(tiled_points{planes, &max_squared_norm, 1, channels_}, centers_,
                                                        scored_points{labels_, upper_, lower_});
        const float error = 2 * score_rounding(channels_ + 8) * (centers_.max_squared_norm + 2 * max_squared_norm);
        run_kernel<bounds_kernel>(upper_, lower_, squares_, error);
        for (std::ptrdiff_t i = 0; uncertain && i < points_per_tile; ++i)
            if (labels_[i] < 0) lower_[i] = 0;  // the second center may turn out to be the nearest
        any_uncertain_ = any_uncertain_ || uncertain;
    }

    /// Hands the results of place m of the scored tile to point first + i.
    void store_result(std::ptrdiff_t m, std::ptrdiff_t first, std::ptrdiff_t i, std::int32_t* labels) {
        labels[i] = labels_[m];
        bounds_.set(first + i, upper_[m], lower_[m]);
    }

    const point_tiles<>& tiles_;
    grouped_centers centers_;
    distance_bounds& bounds_;
    const std::int32_t* old_labels_;
    std::ptrdiff_t channels_;
    buffer<float> gathered_;  ///< a tile of points to be scored
    std::ptrdiff_t places_[points_per_tile];
    std::ptrdiff_t gathered_count_ = 0;
    std::int32_t labels_[points_per_tile];  ///< of the tile scored last
    float upper_[points_per_tile], lower_[points_per_tile], squares_[points_per_tile];
    bool any_uncertain_ = false;
    std::ptrdiff_t undecided_ = 0;
};

}  // namespace lloyd::inline v0::detail
