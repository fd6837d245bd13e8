// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// CIELAB (CIE 15, D65, 2°) and OKLab (Ottosson 2020) as matrices and curves, and the curve of sRGB (IEC 61966-2-1).
///
/// Every conversion is a matrix, a curve, and a matrix: linear red, green, blue → X, Y, Z (in OKLab l, m, s) → their bent
/// values → L, a, b; or the inverses of these, in reverse.
#pragma once

#include <type_traits>

#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/rounding.hpp>

#include <lloyd/detail/base/open_detail.inc>

struct perceptual_space {
    double from_linear[3][3];    ///< to X, Y, Z relative to white, or to l, m, s
    double to_lab[3][3];         ///< from these, bent
    double limit, slope, shift;  ///< t becomes ∛t − shift above the limit, and slope · t up to it
    bool has_line =
        slope != 0.0;  ///< otherwise t becomes ∛t everywhere: the limit is only below every colour but black
};

/// CIELAB from X, Y, Z. It takes f − 4/29 for f, so that black is exactly 0: 116 · 4/29 = 16.
constexpr perceptual_space relative_to_white(perceptual_space space) {
    for (auto& row : space.from_linear) {
        const double white = row[0] + row[1] + row[2];
        for (double& number : row) number /= white;
    }
    return space;
}

inline constexpr perceptual_space lab_space = relative_to_white(
    {.from_linear = {{0.412453, 0.357580, 0.180423}, {0.212671, 0.715160, 0.072169}, {0.019334, 0.119193, 0.950227}},
     .to_lab = {{0, 116, 0}, {500, -500, 0}, {0, 200, -200}},
     .limit = 216.0 / 24389,  // (6/29)³
     .slope = 841.0 / 108,    // 1 / (3 (6/29)²)
     .shift = 4.0 / 29});

inline constexpr perceptual_space oklab_space = {.from_linear = {{0.4122214708, 0.5363325363, 0.0514459929},
                                                                 {0.2119034982, 0.6806995451, 0.1073969566},
                                                                 {0.0883024619, 0.2817188376, 0.6299787005}},
                                                 .to_lab = {{0.2104542553, 0.7936177850, -0.0040720468},
                                                            {1.9779984951, -2.4285922050, 0.4505937099},
                                                            {0.0259040371, 0.7827717662, -0.8086757660}},
                                                 .limit = 1e-6,
                                                 .slope = 0,
                                                 .shift = 0};

/// A conversion in one direction. A row {first, sum, last} times x, y, z is first (x − y) + sum · y + last (z − y). So
/// grays, whose x, y and z are equal, stay equal to the last bit where the sums are equal.
template <class Number>
struct color_path {
    Number before[3][3], after[3][3];  ///< the rows before and after the curve
    Number limit, slope, shift;        ///< of the curve, see perceptual_space
    bool has_line;
};

/// Sums within `slack` of a whole number become it: 1 or 0 in both spaces, but for the last digits of OKLab's numbers. They
/// matter to doubles alone.
template <class Result>
inline constexpr double slack_of = std::is_same_v<Result, float> ? 1e-7 : 1e-14;

template <class Number>
constexpr void set_rows(Number (&rows)[3][3], const double (&matrix)[3][3], double slack, double scale = 1) {
    for (int i = 0; i < 3; ++i) {
        const double sum = matrix[i][0] + matrix[i][1] + matrix[i][2];
        const double whole = static_cast<int>(sum < 0 ? sum - 0.5 : sum + 0.5);
        const bool near_whole = sum - whole < slack && whole - sum < slack;
        rows[i][0] = static_cast<Number>(matrix[i][0] * scale);
        rows[i][1] = static_cast<Number>((near_whole ? whole : sum) * scale);
        rows[i][2] = static_cast<Number>(matrix[i][2] * scale);
    }
}

/// From linear red, green, blue to L, a, b, times `scale`; computed in Number, of the precision of Result.
template <class Number, class Result>
constexpr color_path<Number> path_to_lab(const perceptual_space& space, double scale = 1) {
    color_path<Number> path{};
    set_rows(path.before, space.from_linear, slack_of<Result>);
    set_rows(path.after, space.to_lab, slack_of<Result>, scale);
    path.limit = static_cast<Number>(space.limit);
    path.slope = static_cast<Number>(space.slope);
    path.shift = static_cast<Number>(space.shift);
    path.has_line = space.has_line;
    return path;
}

template <class Number>
constexpr void set_inverse_rows(Number (&rows)[3][3], const double (&m)[3][3], double slack) {
    double inverse[3][3] = {};
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j)
            inverse[i][j] = m[(j + 1) % 3][(i + 1) % 3] * m[(j + 2) % 3][(i + 2) % 3] -
                            m[(j + 1) % 3][(i + 2) % 3] * m[(j + 2) % 3][(i + 1) % 3];
    const double determinant = m[0][0] * inverse[0][0] + m[0][1] * inverse[1][0] + m[0][2] * inverse[2][0];
    for (auto& row : inverse)
        for (double& number : row) number /= determinant;
    set_rows(rows, inverse, slack);
}

/// From L, a, b to linear red, green, blue.
template <class Number, class Result>
constexpr color_path<Number> path_from_lab(const perceptual_space& space) {
    auto path = path_to_lab<Number, Result>(space);
    set_inverse_rows(path.before, space.to_lab, slack_of<Result>);
    set_inverse_rows(path.after, space.from_linear, slack_of<Result>);
    return path;
}

/// p = rows · p, for numbers or vectors; the same bits with and without fused multiply-add.
template <class Number, class Values>
[[gnu::always_inline]] inline void apply_rows(const Number (&rows)[3][3], Values (&p)[3]) {
    const Values first = p[0] - p[1], middle = p[1], last = p[2] - p[1];
#pragma GCC unroll 3
    for (int i = 0; i < 3; ++i) {
        Values a, b, c;
        rounded(a, first * rows[i][0]);
        rounded(b, middle * rows[i][1]);
        rounded(c, last * rows[i][2]);
        p[i] = b + (a + c);
    }
}

/// Linear light of a channel of sRGB. Both are 0 to 1; a negative one goes on along the line.
inline double to_linear(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : math::pow((channel + 0.055) / 1.055, 2.4);
}

inline double from_linear(double light) {
    return light <= 0.04045 / 12.92 ? light * 12.92 : 1.055 * math::pow(light, 1 / 2.4) - 0.055;
}

}  // namespace lloyd::inline v0::detail
