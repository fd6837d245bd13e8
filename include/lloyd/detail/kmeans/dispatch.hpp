// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Chooses between the two engines of K-Means, point by point and over the octree of colours, and makes the points that
/// they take from pixels or from distinct colours.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/histogram/color_lookup.hpp>
#include <lloyd/detail/kmeans/attempts.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/weighted_pixels.hpp>
#include <lloyd/detail/kmeans_common/weights.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/lloyd_on_colors.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>
#include <lloyd/detail/points/cell_kernels.hpp>
#include <lloyd/detail/points/lloyd_on_cells.hpp>
#include <lloyd/detail/points/lloyd_on_points.hpp>
#include <lloyd/detail/points/nearest_center.hpp>
#include <lloyd/detail/points/point_cells.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Clusters weighted points.
template <class = deferred>
attempt_result cluster(const point_set& points, int k, const kmeans_options& options, const first_centers& first,
                       thread_team& team, tile_storage storage = tile_storage::kept) {
    const point_tiles<> tiles(points, team, storage);
    const auto make_engine = [&](thread_team& t) { return new lloyd_on_points<>(points, tiles, k, t); };
    return best_attempt(make_engine, points, k, options, first, team);
}

/// How points of floats are best tiled for the steps of an attempt: filling tiles in each of a few steps costs less than
/// keeping them.
template <class = deferred>
tile_storage storage_for_steps(const point_set& points, std::ptrdiff_t k, const kmeans_options& options) {
    constexpr int most_steps = 7;
    return k <= max_cell_centers && options.max_iterations <= most_steps ? storage_of_floats(points)
                                                                         : tile_storage::kept;
}

/// Clusters points of floats.
template <class = deferred>
attempt_result cluster_floats(const point_set& points, int k, const kmeans_options& options, const first_centers& first,
                              thread_team& team) {
    if (!pays_cells(points, k, options, first))
        return cluster(points, k, options, first, team, storage_for_steps(points, k, options));
    const cell_grid<> grid(points);
    const point_cells<> cells(points, grid, team);
    const auto make_engine = [&](thread_team& t) { return new lloyd_on_cells<>(points, grid, cells, k, t); };
    return best_attempt(make_engine, points, k, options, first, team);
}

/// Clusters distinct colours over their octree, by lloyd_on_colors or lloyd_on_steps: from seeds, or from centers in the
/// range of the tree; fixed ones are points that colours may have. The result has no labels.
template <class Engine, class Tree>
attempt_result cluster_boxes(const point_set& points, const Tree& tree, int k, const kmeans_options& options,
                             const first_centers& first, thread_team& team) {
    const auto make_engine = [&](thread_team&) { return new Engine(points, tree, k); };
    return best_attempt(make_engine, points, k, options, first, team);
}

/// The same of bytes, with labels of the colours.
template <class = deferred>
attempt_result cluster_and_label_boxes(const point_set& points, const color_tree& tree, int k,
                                       const kmeans_options& options, const first_centers& first, thread_team& team) {
    auto winner = cluster_boxes<lloyd_on_colors<>>(points, tree, k, options, first, team);
    winner.labels = label_colors(tree, winner.centers, points.channels());
    return winner;
}

/// Distinct colours as points. Weights are in units.
template <std::size_t Channels>
point_set color_points(image_view<const std::uint8_t, Channels> colors, std::span<const double> weights,
                       const weight_unit& unit) {
    return point_set(colors, weights, 1, unit, bins_for({}, weights, unit.integer, colors.size()));
}

/// Clusters distinct colours, which are also the points: over their octree where weights and centers allow it, point by
/// point otherwise.
template <std::size_t Channels>
attempt_result cluster_colors(image_view<const std::uint8_t, Channels> colors, const point_set& points, int k,
                              const kmeans_options& options, const first_centers& first, thread_team& team) {
    if (!points.unit.integer || !color_tree::fit(points.weights) || !are_colors(first.all) ||
        !are_integer_colors(first.fixed))
        return cluster(points, k, options, first, team);
    const auto tree = build_color_tree(colors, points.weights, team);
    return cluster_and_label_boxes(points, tree, k, options, first, team);
}

/// Centers as a k×1 image, in the units of the data.
inline image<double> to_image(const buffer<double>& centers, const point_set& points) {
    const auto k = static_cast<std::ptrdiff_t>(centers.size()) / points.channels();
    auto result = uninitialized_image<double>(k, 1, points.channels());
    std::copy(centers.begin(), centers.end(), result.data());
    multiply_all(result.elements(), 1 / points.scale);
    return result;
}

/// The index of the nearest center of each pixel. Centers are in the units of the data.
template <class T>
image<std::int32_t, 1> label_all(const char* who, image_view<const T> data, buffer<double>&& centers, int threads) {
    const double scale = range_of(who, data, centers).scale;
    multiply_all(centers.span(), scale);
    const point_set points(data, {}, scale);
    thread_team team(threads, points.chunks(static_cast<std::ptrdiff_t>(centers.size()) / points.channels()));
    const auto storage = std::is_same_v<T, float> ? storage_of_floats(points) : tile_storage::kept;
    return nearest_labels(points, centers, team, storage);
}

/// The distinct colours of a photo, and the weight of each in units: how often it occurs, or the sum of the weights of
/// its pixels.
template <std::size_t Channels>
struct weighted_colors {
    weighted_colors(image_view<const std::uint8_t, Channels> photo, std::span<const double> weights_of_pixels,
                    const weight_unit& unit_of_weights, thread_team& team)
        : colors(histogram_of(photo, team)), unit(unit_of_weights) {
        if (weights_of_pixels.empty()) return;
        sums.resize(static_cast<std::size_t>(colors.size()));
        auto weight = weights_of_pixels.begin();
        for_each_index(photo, colors.colors(),
                       [&](std::int32_t i) { sums[static_cast<std::size_t>(i)] += unit.count(*weight++); });
    }

    std::span<const double> weights() const { return sums.empty() ? colors.counts() : std::span<const double>(sums); }
    point_set points() const { return color_points(colors.colors(), weights(), unit); }

    color_histogram<Channels> colors;
    std::vector<double> sums;  ///< of the weights of each colour's pixels; empty: counts are the weights
    weight_unit unit;
};

}  // namespace lloyd::inline v0::detail
