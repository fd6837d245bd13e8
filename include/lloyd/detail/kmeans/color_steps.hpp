// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Points of a space whose coordinates are no bytes, but whole numbers of steps of 2^-8.
#pragma once

#include <span>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/weighted_pixels.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The points of an image of coordinates in units; centers lie on the grid of 2^-16. In steps a difference of the two has
/// 26 bits and a sum of three squares 52, so that doubles hold them exactly; potentials are integers of 128 bits, and
/// moments are exact. So every CPU finds the same nearest centers and draws the same seeds.
template <class = deferred>
point_set step_points(image_view<const float, 3> coordinates, std::span<const double> weights) {
    constexpr coordinate_range range{.scale = step_form::steps, .lowest = 0, .highest = 17};
    point_set points(coordinates, weights, step_form::steps, {}, bins_for(range, weights, true, coordinates.size()));
    points.on_grid = true;
    return points;
}

}  // namespace lloyd::inline v0::detail
