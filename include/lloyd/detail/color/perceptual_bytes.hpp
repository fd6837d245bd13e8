// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Bytes to Lab and OKLab, in vectors of float or double: a table for the curve of sRGB, a matrix, cube roots, a matrix.
///
/// Products are rounded before they are added, so every CPU gives the same bits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/color/perceptual_spaces.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// One step of Halley's method: the relative error e of a cube root becomes about 2/3 e³.
template <class Vector>
[[gnu::always_inline]] inline void improve_cube_root(Vector& root, const Vector& number) {
    Vector square, cube, correction;
    rounded(square, root * root);
    rounded(cube, square * root);
    rounded(correction, root * ((number - cube) / (cube + cube + number)));
    root = root + correction;
}

/// root = ∛number of positive normal floats, within 1 unit in the last place or so. The exponent and the mantissa of a
/// float, read as one integer, are about 2^23 (log2 + 127): a third of that, moved, starts within 3.4 %.
template <int Bytes>
[[gnu::always_inline]] inline void set_cube_root(simd<float, Bytes>& root, const simd<float, Bytes>& number) {
    simd<std::int32_t, Bytes> bits;
    simd<float, Bytes> third;
    load(bits, &number);
    convert(third, bits);
    rounded(third, third * (1.0F / 3));
    convert(bits, third + (127 * 2 / 3.0F - 0.033F) * 0x1p23F);
    load(root, &bits);
    improve_cube_root(root, number);
    improve_cube_root(root, number);
}

/// The same of doubles in the range of floats.
template <int Bytes>
[[gnu::always_inline]] inline void set_cube_root(simd<double, Bytes>& root, const simd<double, Bytes>& number) {
    simd<float, Bytes / 2> short_number, short_root;
    convert(short_number, number);
    set_cube_root<Bytes / 2>(short_root, short_number);
    convert(root, short_root);
    improve_cube_root(root, number);
}

/// The linear light of each byte.
template <class Number>
const Number* linear_bytes() {
    static const struct table {
        table() {
            for (int i = 0; i < 256; ++i) of[i] = static_cast<Number>(to_linear(i / 255.0));
        }
        Number of[256];
    } light;
    return light.of;
}

/// Writes `count` colours along a path from bytes. Results are floats, or std::int32_t rounded half up.
template <class Number, class Result>
struct bytes_to_lab_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* from, Result* to, std::ptrdiff_t count,
                                           const color_path<Number>& path) {
        const Number* const light = linear_bytes<Number>();
        Number planes[3][block] = {};
        for (std::ptrdiff_t i = 0; i < count; i += block) {
            const auto size = (std::min)(block, count - i);
            for (std::ptrdiff_t j = 0; j < size; ++j)
#pragma GCC unroll 3
                for (int c = 0; c < 3; ++c) planes[c][j] = light[from[3 * (i + j) + c]];
            for (std::ptrdiff_t j = 0; j < size; j += Bytes / static_cast<int>(sizeof(Number)))
                convert<Bytes>(planes[0] + j, planes[1] + j, planes[2] + j, path);
            for (std::ptrdiff_t j = 0; j < size; ++j)
#pragma GCC unroll 3
                for (int c = 0; c < 3; ++c) write(to[3 * (i + j) + c], planes[c][j]);
        }
    }

private:
    static constexpr std::ptrdiff_t block = 64;

    /// Converts one vector of each plane, in place.
    template <int Bytes>
    [[gnu::always_inline]] static void convert(Number* red, Number* green, Number* blue,
                                               const color_path<Number>& path) {
        simd<Number, Bytes> p[3], limit;
        load(p[0], red);
        load(p[1], green);
        load(p[2], blue);
        apply_rows(path.before, p);
        broadcast(limit, path.limit);
#pragma GCC unroll 3
        for (auto& number : p) {
            simd<Number, Bytes> above = number, bent;
            max_in_place(above, limit);
            set_cube_root<Bytes>(bent, above);
            bent = bent - path.shift;
            select(number <= limit, bent, number * path.slope);
            number = bent;
        }
        apply_rows(path.after, p);
        store(red, p[0]);
        store(green, p[1]);
        store(blue, p[2]);
    }

    [[gnu::always_inline]] static void write(float& to, float number) { to = number; }

    /// Moved up by 2^20, so that dropping the fraction rounds half up.
    [[gnu::always_inline]] static void write(std::int32_t& to, double number) {
        to = static_cast<std::int32_t>(number + (0x1p20 + 0.5)) - 0x10'0000;
    }
};

}  // namespace lloyd::inline v0::detail
