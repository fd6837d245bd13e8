// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Colours as whole numbers, for clustering in Lab and OKLab:
///
///     perceptual_steps(colors, is_oklab, steps);  // n×1 colours to n × 3 std::int32_t
#pragma once

#include <cstdint>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/color/perceptual_bytes.hpp>
#include <lloyd/detail/color/perceptual_spaces.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Writes L, a, b of each colour, one after another, in steps of 2^-8: Lab × 2.55 or OKLab × 255, times 256, rounded half
/// up. `colors` has one row. The same on every CPU: no colour of 8 bits comes nearer to the middle between two steps than
/// 1.4e-9 steps, and the errors of doubles are a thousand times smaller.
template <class = deferred>
void perceptual_steps(image_view<const std::uint8_t, 3> colors, bool is_oklab, std::int32_t* steps) {
    static constexpr auto to_lab = path_to_lab<double, double>(lab_space, 2.55 * 256);
    static constexpr auto to_oklab = path_to_lab<double, double>(oklab_space, 255 * 256);
    using kernel = bytes_to_lab_kernel<double, std::int32_t>;
    run_kernel<kernel>(colors.data(), steps, colors.size(), is_oklab ? to_oklab : to_lab);
}

}  // namespace lloyd::inline v0::detail
