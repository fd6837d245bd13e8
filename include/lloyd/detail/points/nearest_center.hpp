// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The nearest center of each point: by scores in float, and exactly where these leave it uncertain. So labels are
/// those of exact arithmetic alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/exact_nearest.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Labels `count` points from `first` on, a multiple of points_per_tile: the nearest center, or a negative number where
/// scores leave it uncertain. Returns whether any is uncertain. `labels` has room for full tiles.
template <class = deferred>
bool label_by_scores(const point_tiles& tiles, const center_groups& centers, std::ptrdiff_t first, std::ptrdiff_t count,
                     std::int32_t* labels) {
    if (centers.fit_float())
        return run_kernel<score_kernel>(tiles.at(first, count), centers.view(), scored_points{labels});
    std::fill_n(labels, count, -1);
    return true;
}

/// The nearest center of every point, the lowest index on a tie, in the shape of the points.
template <class T>
image<std::int32_t, 1> nearest_labels(const point_set<T>& points, const buffer<double>& centers) {
    thread_team alone(1, 1);
    const point_tiles tiles(points, alone);
    const center_groups groups(centers, points.channels(), tiles.middle());
    exact_nearest<T> exact(points, centers);
    auto result = uninitialized_image<std::int32_t, 1>(points.pixels.width(), points.pixels.height());
    constexpr auto max_range = point_set<T>::max_range;
    std::int32_t labels[max_range];
    for (std::ptrdiff_t first = 0; first < points.size(); first += max_range) {
        const auto count = (std::min)(max_range, points.size() - first);
        const bool any_uncertain = label_by_scores(tiles, groups, first, count, labels);
        if (any_uncertain) exact.relabel_uncertain(first, std::span(labels, static_cast<std::size_t>(count)));
        std::copy_n(labels, count, result.data() + first);
    }
    return result;
}

}  // namespace lloyd::inline v0::detail
