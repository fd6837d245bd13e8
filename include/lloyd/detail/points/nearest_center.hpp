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

/// The nearest center of every point, the lowest index on a tie, in the shape of the points.
template <class = deferred>
image<std::int32_t, 1> nearest_labels(const point_set& points, const buffer<double>& centers, thread_team& team,
                                      tile_storage storage = tile_storage::kept) {
    const auto k = static_cast<std::ptrdiff_t>(centers.size()) / points.channels();
    const point_tiles<> tiles(points, team, storage);
    const center_groups groups(centers, points.channels(), tiles.middle());
    auto result = uninitialized_image<std::int32_t, 1>(points.width(), points.height());
    team.for_each(static_cast<std::size_t>(points.chunks(k)), [&](std::size_t task) {
        constexpr auto max_range = point_set::max_range;
        std::int32_t labels[max_range];
        exact_nearest<> exact(points, centers);
        const auto chunk = points.chunk(static_cast<std::ptrdiff_t>(task), k);
        for (auto first = chunk.first; first < chunk.end; first += max_range) {
            const auto count = (std::min)(max_range, chunk.end - first);
            const bool any_uncertain = label_by_scores(tiles, groups, first, count, labels);
            if (any_uncertain) exact.relabel_uncertain(first, std::span(labels, static_cast<std::size_t>(count)));
            std::copy_n(labels, count, result.data() + first);
        }
    });
    return result;
}

}  // namespace lloyd::inline v0::detail
