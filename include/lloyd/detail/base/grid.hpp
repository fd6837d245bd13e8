// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The grid on which centers of 8-bit data lie.
#pragma once

#include <lloyd/detail/base/math.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Centers of 8-bit data lie on this grid: products with 8-bit coordinates are then exact in double.
inline constexpr int grid_bits = 16;
inline constexpr double grid_steps = 65536.0;

/// Half up; exact where x + 0.5 would not be.
inline double round_half_up(double x) {
    const double whole = math::floor(x);
    return x - whole >= 0.5 ? whole + 1 : whole;
}

inline double round_to_grid(double x) { return round_half_up(x * grid_steps) / grid_steps; }

}  // namespace lloyd::inline v0::detail
