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
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/kmeans/attempts.hpp>
#include <lloyd/detail/kmeans/dispatch.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/weighted_pixels.hpp>
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

/// Coordinates of the HSV cone are integers in steps of 2^-8, and centers lie on the grid of 2^-16. In steps of 2^-8 a
/// difference has 25 bits and a sum of three squares 52, so that doubles hold them exactly; potentials are integers of
/// 128 bits, and moments are exact. So every CPU finds the same nearest centers and draws the same seeds.
inline constexpr double cone_steps = 256;  ///< in 1

/// Points of the cone, as images of their coordinates.
template <class = deferred>
point_set cone_points(image_view<const double, 3> cone, std::span<const double> weights) {
    constexpr coordinate_range steps{.scale = cone_steps, .lowest = 0, .highest = 16};
    point_set points(cone, weights, cone_steps, {}, bins_for(steps, weights, true, cone.size()));
    points.on_grid = true;
    return points;
}

/// The point (S·V·cos H, S·V·sin H, V) of a colour, with V from 0 to 255, so that S·V is max − min; rounded to steps.
inline void to_cone(std::span<const std::uint8_t, 3> rgb, std::span<double, 3> point) {
    const double r = rgb[0], g = rgb[1], b = rgb[2];
    const double value = (std::max)({r, g, b}), chroma = value - (std::min)({r, g, b});
    const double sector = value == r ? g - b : value == g ? b - r + 2 * chroma : r - g + 4 * chroma;
    const double hue = chroma == 0 ? 0 : sector / chroma * (std::numbers::pi / 3);
    const auto rounded = [](double x) { return round_half_up(x * cone_steps) / cone_steps; };
    point[0] = rounded(chroma * math::cos(hue));
    point[1] = rounded(chroma * math::sin(hue));
    point[2] = value;
}

/// In the HSV cone. The centers of the result are in steps.
template <class = deferred>
attempt_result cluster_in_cone(const color_histogram<3>& colors, int k, const kmeans_options& options,
                               thread_team& team) {
    auto cone = uninitialized_image<double, 3>(colors.size(), 1);
    for (std::ptrdiff_t i = 0; i < colors.size(); ++i) to_cone(colors.colors()(i, 0), cone(i, 0));
    const auto points = cone_points(cone, colors.counts());
    auto clusters = cluster(points, k, options, {}, team);
    clusters.compactness = points.to_compactness(clusters.compactness);
    return clusters;
}

}  // namespace lloyd::inline v0::detail
