// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The coordinates of colours in the spaces of segment.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/color.hpp>
#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/color/cone_steps.hpp>
#include <lloyd/detail/color/perceptual_steps.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/image.hpp>
#include <lloyd/segment_options.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Whether coordinates are bytes; otherwise they are whole numbers of steps of 2^-8.
inline bool has_bytes(color_space space) { return space == color_space::rgb || space == color_space::hsv; }

/// How many steps of coordinates are in 1.
inline double steps_of(color_space space) { return has_bytes(space) ? 1 : step_form::steps; }

struct range_of_coordinates {
    double lowest, highest;
};

/// Where the coordinates of centers may lie, in units of the space.
inline range_of_coordinates range_of_space(color_space space) {
    constexpr double limit = step_form::limit / step_form::steps;
    return has_bytes(space) ? range_of_coordinates{0, 255} : range_of_coordinates{-limit, limit};
}

/// The coordinates of n×1 colours, n × 3, in steps of the space.
template <class = deferred>
buffer<std::int32_t> coordinates_in(color_space space, image_view<const std::uint8_t, 3> colors) {
    if (space == color_space::hsv) {
        const auto hsv = rgb_to_hsv(colors);
        return coordinates_in(color_space::rgb, image_view<const std::uint8_t, 3>(hsv));
    }
    buffer<std::int32_t> steps(3 * static_cast<std::size_t>(colors.size()));
    if (space == color_space::lab || space == color_space::oklab)
        perceptual_steps(colors, space == color_space::oklab, steps.data());
    else if (space == color_space::hsv_cone)
        cone_steps(colors, steps.data());
    else
        std::copy_n(colors.data(), steps.size(), steps.data());
    return steps;
}

/// The coordinates of the colours of any image, read row by row, n × 3, in units of the space.
template <class = deferred>
buffer<double> centers_of(color_space space, image_view<const std::uint8_t, 3> colors) {
    const image<std::uint8_t, 3> copy(colors);
    const auto steps = coordinates_in(space, image_view<const std::uint8_t, 3>(copy.data(), copy.size(), 1));
    buffer<double> centers(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) centers[i] = steps[i] / steps_of(space);
    return centers;
}

}  // namespace lloyd::inline v0::detail
