// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The coordinates of colours in the spaces of segment.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>

#include <lloyd/color.hpp>
#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
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
        for (std::ptrdiff_t i = 0; i < colors.size(); ++i) to_cone(colors(i, 0), steps.data() + 3 * i);
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
