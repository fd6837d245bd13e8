// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Clusters the distinct colours of an image in another colour space. Each colour is converted once, and its weight is
/// the number of its pixels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include <lloyd/color.hpp>
#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/kmeans/attempts.hpp>
#include <lloyd/detail/kmeans/dispatch.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/weighted_pixels.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/lloyd_on_colors.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// In 8-bit HSV, where several RGB colours may become one: the result of kmeans for the HSV image, with a label for
/// each RGB colour.
template <class = deferred>
attempt_result cluster_in_hsv(const color_histogram<3>& colors, int k, const kmeans_options& options,
                              thread_team& team) {
    const auto converted = rgb_to_hsv(colors.colors());
    const image_view<const std::uint8_t, 3> hsv(converted);
    const color_histogram<3> distinct(hsv);
    std::vector<std::int32_t> indices;  // of each RGB colour, among the distinct ones of HSV
    std::vector<double> weights(static_cast<std::size_t>(distinct.size()));
    for_each_index(hsv, distinct, [&](std::int32_t i) {
        weights[static_cast<std::size_t>(i)] += colors.counts()[indices.size()];
        indices.push_back(i);
    });
    auto clusters = cluster_colors(distinct.colors(), std::span<const double>(weights), {}, k, options, {}, team);
    auto labels = uninitialized_image<std::int32_t, 1>(hsv.size(), 1);
    for (std::size_t i = 0; i < indices.size(); ++i) labels.data()[i] = clusters.labels.data()[indices[i]];
    clusters.labels = std::move(labels);
    return clusters;
}

/// Points whose coordinates are whole numbers of steps of 2^-8, as an image of doubles; centers lie on the grid of 2^-16.
/// In steps a difference of the two has 26 bits and a sum of three squares 52, so that doubles hold them exactly;
/// potentials are integers of 128 bits, and moments are exact. So every CPU finds the same nearest centers and draws the
/// same seeds.
template <class = deferred>
point_set step_points(image_view<const double, 3> points_in_units, std::span<const double> weights) {
    constexpr coordinate_range range{.scale = step_form::steps, .lowest = 0, .highest = 17};
    point_set points(points_in_units, weights, step_form::steps, {},
                     bins_for(range, weights, true, points_in_units.size()));
    points.on_grid = true;
    return points;
}

/// Clusters colours in a space where each has three coordinates: `steps`, color by color, in steps of 2^-8, from −280 to
/// 280 units. Weights are whole numbers, one for each colour. Initial centers may be empty; they are in units, on the grid
/// of 2^-16. The result is in units, too.
template <class = deferred>
attempt_result cluster_steps(const color_histogram<3>& colors, std::span<const double> weights,
                             const std::int32_t* steps, int k, const kmeans_options& options,
                             const buffer<double>& initial_centers, thread_team& team) {
    auto units = uninitialized_image<double, 3>(colors.size(), 1);
    const auto numbers = units.elements();
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = steps[i] / step_form::steps;
    const auto points = step_points(units, weights);
    auto start = copy_of<double>(initial_centers.span());
    multiply_all(start.span(), step_form::steps);

    attempt_result clusters;
    if (step_tree::fit(weights) && are_steps(start)) {
        const auto tree = build_step_tree(colors.colors(), weights, steps, team);
        const auto make_engine = [&](thread_team&) { return new lloyd_on_steps<>(points, tree, k); };
        clusters = best_attempt(make_engine, points, k, options, start, team);
        clusters.labels = label_colors(tree, clusters.centers, 3);
    } else {
        clusters = cluster(points, k, options, start, team);
    }
    multiply_all(clusters.centers.span(), 1 / step_form::steps);
    clusters.compactness = points.to_compactness(clusters.compactness);
    return clusters;
}

/// The point (S·V·cos H, S·V·sin H, V) of a colour, with V from 0 to 255, so that S·V is max − min; rounded to steps.
inline void to_cone(std::span<const std::uint8_t, 3> rgb, std::int32_t* steps) {
    const int r = rgb[0], g = rgb[1], b = rgb[2];
    const int value = (std::max)({r, g, b}), chroma = value - (std::min)({r, g, b});
    const int sector = value == r ? g - b : value == g ? b - r + 2 * chroma : r - g + 4 * chroma;
    const double hue = chroma == 0 ? 0 : sector * (std::numbers::pi / 3) / chroma;
    const auto rounded = [](double x) {  // half up: what is positive is truncated
        return static_cast<std::int32_t>(x * step_form::steps + (step_form::limit + 0.5)) -
               static_cast<std::int32_t>(step_form::limit);
    };
    steps[0] = rounded(chroma * math::cos(hue));
    steps[1] = rounded(chroma * math::sin(hue));
    steps[2] = value * static_cast<std::int32_t>(step_form::steps);
}

/// In the HSV cone.
template <class = deferred>
attempt_result cluster_in_cone(const color_histogram<3>& colors, int k, const kmeans_options& options,
                               thread_team& team) {
    buffer<std::int32_t> steps(static_cast<std::size_t>(colors.size()) * 3);
    for (std::ptrdiff_t i = 0; i < colors.size(); ++i) to_cone(colors.colors()(i, 0), steps.data() + 3 * i);
    return cluster_steps(colors, colors.counts(), steps.data(), k, options, {}, team);
}

}  // namespace lloyd::inline v0::detail
