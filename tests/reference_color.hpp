// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Colours one by one, in whole numbers and long double, as docs/color.md defines them: slow, and plain to read.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace reference {

using color = std::array<std::uint8_t, 3>;
using real_color = std::array<long double, 3>;

template <class Pixel>
real_color to_real(const Pixel& pixel) {
    real_color result{};
    std::ranges::transform(pixel, result.begin(), [](auto c) { return static_cast<long double>(c); });
    return result;
}

/// a / b for a ≥ 0, b > 0, to the nearest whole number, the even one on a tie.
inline int rounded_quotient(int a, int b) {
    const int whole = a / b, twice_rest = 2 * (a % b);
    return whole + (twice_rest > b || (twice_rest == b && whole % 2 == 1));
}

inline std::uint8_t gray(const color& rgb) {
    return static_cast<std::uint8_t>((9798 * rgb[0] + 19235 * rgb[1] + 3735 * rgb[2] + (1 << 14)) >> 15);
}

inline color hsv(const color& rgb) {
    const int r = rgb[0], g = rgb[1], b = rgb[2];
    const int v = std::max({r, g, b}), d = v - std::min({r, g, b});
    const int s_factor = v == 0 ? 0 : rounded_quotient(255 << 12, v);
    const int h_factor = d == 0 ? 0 : rounded_quotient(180 << 12, 6 * d);
    const int turn = v == r ? g - b : v == g ? b - r + 2 * d : r - g + 4 * d;
    int h = (turn * h_factor + 2048) >> 12;
    if (h < 0) h += 180;
    return {static_cast<std::uint8_t>(h), static_cast<std::uint8_t>((d * s_factor + 2048) >> 12),
            static_cast<std::uint8_t>(v)};
}

inline color rgb(const color& hsv) {
    const int sector = hsv[0] / 30 % 6, f = hsv[0] % 30, s = hsv[1];
    const auto part = [&](int of_7650) { return static_cast<std::uint8_t>((hsv[2] * of_7650 + 3825) / 7650); };
    const auto v = hsv[2], p = part(7650 - 30 * s), q = part(7650 - s * f), t = part(7650 - s * (30 - f));
    const color sectors[] = {{v, t, p}, {q, v, p}, {p, v, t}, {p, q, v}, {t, p, v}, {v, p, q}};
    return sectors[sector];
}

/// The hue is in [0, 360), but may lie so near to 360 that it rounds to it.
inline real_color hsv(const real_color& rgb) {
    const auto [r, g, b] = rgb;
    const long double v = std::max({r, g, b}), d = v - std::min({r, g, b});
    if (d == 0) return {0, 0, v};
    const long double sixths = v == r ? (g - b) / d : v == g ? (b - r) / d + 2 : (r - g) / d + 4;
    return {60 * (sixths < 0 ? sixths + 6 : sixths), v == 0 ? 0 : d / v, v};
}

inline real_color rgb(const real_color& hsv) {
    const auto [any_hue, s, v] = hsv;
    long double hue = std::fmod(any_hue, 360.0L);
    if (hue < 0) hue += 360;
    const auto sector = static_cast<int>(hue / 60) % 6;
    const long double f = hue / 60 - std::floor(hue / 60);
    const long double p = v * (1 - s), q = v * (1 - s * f), t = v * (1 - s * (1 - f));
    const real_color sectors[] = {{v, t, p}, {q, v, p}, {p, v, t}, {p, q, v}, {t, p, v}, {v, p, q}};
    return sectors[sector];
}

/// The linear light of a channel of sRGB.
inline long double linear(long double channel) {
    return channel <= 0.04045L ? channel / 12.92L : std::pow((channel + 0.055L) / 1.055L, 2.4L);
}

/// CIELAB of linear red, green, blue.
inline real_color lab(const real_color& light) {
    const auto [r, g, b] = light;
    const auto f = [](long double t) {
        const long double knee = 6.0L / 29;
        return t > knee * knee * knee ? std::cbrt(t) : t / (3 * knee * knee) + 4.0L / 29;
    };
    const long double x = f((0.412453L * r + 0.357580L * g + 0.180423L * b) / 0.950456L);
    const long double y = f(0.212671L * r + 0.715160L * g + 0.072169L * b);
    const long double z = f((0.019334L * r + 0.119193L * g + 0.950227L * b) / 1.088754L);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

inline real_color oklab(const real_color& light) {
    const auto [r, g, b] = light;
    const long double l = std::cbrt(0.4122214708L * r + 0.5363325363L * g + 0.0514459929L * b);
    const long double m = std::cbrt(0.2119034982L * r + 0.6806995451L * g + 0.1073969566L * b);
    const long double s = std::cbrt(0.0883024619L * r + 0.2817188376L * g + 0.6299787005L * b);
    return {0.2104542553L * l + 0.7936177850L * m - 0.0040720468L * s,
            1.9779984951L * l - 2.4285922050L * m + 0.4505937099L * s,
            0.0259040371L * l + 0.7827717662L * m - 0.8086757660L * s};
}

}  // namespace reference
