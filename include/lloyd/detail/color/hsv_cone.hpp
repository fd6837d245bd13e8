// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Colours in the HSV cone: the point (S·V·cos H, S·V·sin H, V) with V from 0 to 255, so that S·V is max − min.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numbers>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Writes the three coordinates of each RGB colour, rounded to whole steps of 2^-8. No coordinate of any colour is nearer
/// to the middle between two steps than 1e-9 of a step, and the computation errs by less than 1e-10: so steps are the
/// same on every CPU.
struct cone_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const std::uint8_t* colors, std::ptrdiff_t count,
                                                  std::int32_t* steps) {
        using numbers = simd<double, Bytes>;
        constexpr std::size_t size = lanes_of<numbers>;
        constexpr auto lanes = static_cast<std::ptrdiff_t>(size);
        for (std::ptrdiff_t i = 0; i < count; i += lanes, colors += 3 * lanes, steps += 3 * lanes) {
            const auto used = (std::min)(lanes, count - i);
            double rgb[3][size] = {};
            for (std::ptrdiff_t l = 0; l < used; ++l)
                for (std::ptrdiff_t c = 0; c < 3; ++c) rgb[c][l] = colors[3 * l + c];
            numbers x, y, value;
            to_cone(rgb, x, y, value);
            std::int32_t rounded[3][size];
            round(x, rounded[0]);
            round(y, rounded[1]);
            round(value, rounded[2]);
            for (std::ptrdiff_t l = 0; l < used; ++l)
                for (std::ptrdiff_t c = 0; c < 3; ++c) steps[3 * l + c] = rounded[c][l];
        }
    }

private:
    /// H is that of the largest of r, g and b, 0°, 120° or 240°, plus an angle of −60° to 60°.
    template <std::size_t Lanes, class Numbers>
    [[gnu::always_inline]] static inline void to_cone(const double (&rgb)[3][Lanes], Numbers& x, Numbers& y,
                                                      Numbers& value) {
        constexpr double half_root_3 = std::numbers::sqrt3 / 2;
        Numbers r, g, b, least, divisor, cosine, sine;
        load(r, rgb[0]);
        load(g, rgb[1]);
        load(b, rgb[2]);
        value = least = r;
        max_in_place(value, g);
        max_in_place(value, b);
        min_in_place(least, g);
        min_in_place(least, b);
        const Numbers chroma = value - least;
        Numbers part = r - g, of_cosine = Numbers{} - 0.5, of_sine = Numbers{} - half_root_3;
        select(value == g, part, Numbers(b - r));
        select(value == g, of_sine, Numbers{} + half_root_3);
        select(value == r, part, Numbers(g - b));
        select(value == r, of_cosine, Numbers{} + 1.0);
        select(value == r, of_sine, Numbers{});
        divisor = chroma;
        max_in_place(divisor, Numbers{} + 1.0);
        cosine_and_sine(part / divisor * (std::numbers::pi / 3), cosine, sine);
        x = chroma * (of_cosine * cosine - of_sine * sine);
        y = chroma * (of_sine * cosine + of_cosine * sine);
    }

    /// By Taylor's series, whose next terms are below 1e-15 of 1 for angles up to π/3.
    template <class Numbers>
    [[gnu::always_inline]] static inline void cosine_and_sine(const Numbers& angle, Numbers& cosine, Numbers& sine) {
        const Numbers square = angle * angle;
        cosine = sine = Numbers{} + 1.0;
#pragma GCC unroll 16
        for (int n = 16; n > 0; n -= 2) {
            cosine = 1.0 - square * cosine * (1.0 / (n * (n - 1)));
            sine = 1.0 - square * sine * (1.0 / (n * (n + 1)));
        }
        sine = sine * angle;
    }

    /// Coordinates from −255 to 255 in whole steps; those of lanes are truncated.
    template <class Numbers, std::size_t Lanes>
    [[gnu::always_inline]] static inline void round(const Numbers& coordinate, std::int32_t (&steps)[Lanes]) {
        simd<std::int32_t, 4 * static_cast<int>(Lanes)> whole;
        convert(whole, Numbers(coordinate * 256.0 + (0x1p16 + 0.5)));
        whole = whole - 0x1'0000;
        store(&steps[0], whole);
    }
};

}  // namespace lloyd::inline v0::detail
