// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Bytes to Lab and OKLab, in vectors of float or double: a table for the curve of sRGB, a matrix, cube roots, a matrix.
///
/// Products are rounded before they are added, so every CPU gives the same bits.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/color/perceptual_spaces.hpp>
#include <lloyd/detail/simd/deinterleave.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// root = ∛number of floats, within 1 unit in the last place or so. Numbers are 0 or normal.
///
/// The bits of a float, read as an integer, are about 2^23 (log2 + 127). So what is left of a number less a third of them
/// is near to c / ∛number. That number is such that r (1.756 − number · r³), Newton's step with a constant for the smallest
/// error, is r = 1 / ∛number within 1e-3. With h = 1 − number · r³, the root is number · r² · (1 − h)^(-2/3) = number · r² ·
/// (1 + 2/3 h + 5/9 h² …), here within 1.5e-8 but for rounding. No division: it would take as long as ten other steps.
template <int Bytes>
[[gnu::always_inline]] inline void set_cube_root(simd<float, Bytes>& root, const simd<float, Bytes>& number) {
    simd<std::int32_t, Bytes> bits;
    simd<float, Bytes> r, product, correction;
    load(bits, &number);
    convert(r, bits);
    rounded(r, r * (1.0F / 3));
    convert(bits, (127 * 4 / 3.0F - 0.467F) * 0x1p23F - r);
    load(r, &bits);
    rounded(product, (r * r) * (r * number));
    r = r * (1.756F - product);
    const simd<float, Bytes> y = number * (r * r);
    rounded(product, y * r);
    const simd<float, Bytes> h = 1.0F - product;
    rounded(correction, h * (5.0F / 9));
    rounded(correction, (correction + 2.0F / 3) * (h * y));
    root = y + correction;
}

/// The same of doubles in the range of floats: a step of Halley's method takes the error e of a float to 2/3 e³. Of 0 it
/// makes NaN.
template <int Bytes>
[[gnu::always_inline]] inline void set_cube_root(simd<double, Bytes>& root, const simd<double, Bytes>& number) {
    simd<float, Bytes / 2> short_number, short_root;
    convert(short_number, number);
    set_cube_root<Bytes / 2>(short_root, short_number);
    convert(root, short_root);
    simd<double, Bytes> square, cube, correction;
    rounded(square, root * root);
    rounded(cube, square * root);
    rounded(correction, root * ((number - cube) / (cube + cube + number)));
    root = root + correction;
}

/// The linear light of each byte: that of to_linear, whose power, x^2.4 = x² · ⁵√x², is found at compile time by Newton's
/// method.
template <class Number>
inline constexpr std::array<Number, 256> linear_bytes = [] {
    std::array<Number, 256> light{};
    for (int i = 0; i < 256; ++i) {
        const double channel = i / 255.0, base = (channel + 0.055) / 1.055, square = base * base;
        double root = 1;
        for (int step = 0; step < 16; ++step) root = (4 * root + square / (root * root * root * root)) / 5;
        light[static_cast<std::size_t>(i)] = static_cast<Number>(channel <= 0.04045 ? channel / 12.92 : square * root);
    }
    return light;
}();

/// A path of color_path, from linear light.
template <class Number>
struct light_to_lab {
    using number = Number;
    using path_type = color_path<Number>;

    static const Number* number_of_byte() { return linear_bytes<Number>.data(); }

    template <int Bytes>
    [[gnu::always_inline]] static void apply(const color_path<Number>& path, simd<Number, Bytes> (&p)[3]) {
        simd<Number, Bytes> limit;
        broadcast(limit, path.limit);
        apply_rows(path.before, p);
#pragma GCC unroll 3
        for (auto& number : p) {
            simd<Number, Bytes> bent;
            set_cube_root<Bytes>(bent, number);
            bent = bent - path.shift;
            select(number <= limit, bent, number * path.slope);
            number = bent;
        }
        apply_rows(path.after, p);
    }
};

/// Writes `count` colours along a path from bytes. Results are floats, or std::int32_t rounded half up. `Conversion` turns
/// numbers of the table that it gives for bytes into coordinates.
template <class Conversion, class Result>
struct bytes_kernel {
    using Number = typename Conversion::number;
    using path_type = typename Conversion::path_type;
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* from, Result* to, std::ptrdiff_t count,
                                           const path_type& path) {
        const Number* const numbers = Conversion::number_of_byte();
        for (; count >= block; count -= block, from += 3 * block, to += 3 * block)
            convert_block<Bytes>(from, to, numbers, path);
        if (count == 0) return;
        std::uint8_t rest[3 * block] = {};
        Result results[3 * block];
        std::copy_n(from, 3 * count, rest);
        convert_block<Bytes>(rest, results, numbers, path);
        std::copy_n(results, 3 * count, to);
    }

private:
    static constexpr std::ptrdiff_t block = 64;

    /// First all numbers of the table, then the vectors: one that is loaded right after its parts were stored would wait
    /// for them. The order in a vector is that of store_planes.
    template <int Bytes>
    [[gnu::always_inline]] static void convert_block(const std::uint8_t* from, Result* to, const Number* numbers,
                                                     const path_type& path) {
        constexpr std::ptrdiff_t lanes = Bytes / static_cast<int>(sizeof(Number));
        Number planes[3][block];
        for (std::ptrdiff_t i = 0; i < block; i += lanes)
#pragma GCC unroll 8
            for (std::ptrdiff_t j = 0; j < lanes; ++j)
#pragma GCC unroll 3
                for (int c = 0; c < 3; ++c) planes[c][i + 3 * j % lanes] = numbers[from[3 * (i + j) + c]];
        for (std::ptrdiff_t i = 0; i < block; i += lanes) {
            simd<Number, Bytes> p[3];
#pragma GCC unroll 3
            for (int c = 0; c < 3; ++c) load(p[c], &planes[c][i]);
            Conversion::template apply<Bytes>(path, p);
            write<Bytes>(to + 3 * i, p);
        }
    }

    template <int Bytes>
    [[gnu::always_inline]] static void write(float* to, const simd<float, Bytes> (&p)[3]) {
        store_planes(to, p);
    }

    /// Moved up by 2^20, so that dropping the fraction rounds half up.
    template <int Bytes>
    [[gnu::always_inline]] static void write(std::int32_t* to, const simd<double, Bytes> (&p)[3]) {
        simd<std::int32_t, Bytes / 2> steps[3];
#pragma GCC unroll 3
        for (int c = 0; c < 3; ++c) {
            convert(steps[c], p[c] + (0x1p20 + 0.5));
            steps[c] = steps[c] - 0x10'0000;
        }
        store_planes(to, steps);
    }
};

template <class Number, class Result>
using bytes_to_lab_kernel = bytes_kernel<light_to_lab<Number>, Result>;

}  // namespace lloyd::inline v0::detail
