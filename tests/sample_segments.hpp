// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Small photos to segment, and whether two results are the same.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <lloyd/segment.hpp>

#include "sample_points.hpp"

namespace samples {

using color = std::array<u8, 3>;

inline constexpr lloyd::color_space spaces[] = {lloyd::color_space::rgb, lloyd::color_space::hsv,
                                                lloyd::color_space::hsv_cone, lloyd::color_space::lab,
                                                lloyd::color_space::oklab};

/// One row of pixels.
inline lloyd::image<u8, 3> row_of(const std::vector<color>& colors) {
    lloyd::image<u8, 3> result(static_cast<std::ptrdiff_t>(colors.size()), 1);
    for (std::ptrdiff_t x = 0; const auto& c : colors) std::ranges::copy(c, result(x++, 0).begin());
    return result;
}

/// All that does not belong to single pixels.
inline bool same_segments(const lloyd::segmentation& a, const lloyd::segmentation& b) {
    return same_pixels(a.palette, b.palette) && bits_of(a.centers.elements()) == bits_of(b.centers.elements()) &&
           bits_of(a.shares) == bits_of(b.shares) && a.compactness == b.compactness && a.fixed == b.fixed &&
           a.space == b.space && a.iterations == b.iterations && a.converged == b.converged;
}
inline bool same(const lloyd::segmentation& a, const lloyd::segmentation& b) {
    return same_segments(a, b) && same_pixels(a.labels, b.labels);
}

}  // namespace samples
