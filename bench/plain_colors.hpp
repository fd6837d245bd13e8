// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The baselines of colours: conversions of bytes in loops over pixels, with the same bytes as those of the library.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace bench {

/// One pixel after another.
template <class Image, class Out, class Pixel>
void for_each_pixel(const Image& from, Out& out, const Pixel& pixel) {
    for (std::ptrdiff_t i = 0; i < from.size(); ++i) pixel(from.data() + 3 * i, out.data() + out.channels() * i);
}

inline int rounded_quotient(int a, int b) { return b == 0 ? 0 : static_cast<int>(std::nearbyint(double(a) / b)); }

struct hsv_tables {
    hsv_tables() {
        for (int i = 0; i < 256; ++i) {
            saturation[static_cast<std::size_t>(i)] = rounded_quotient(255 << 12, i);
            hue[static_cast<std::size_t>(i)] = rounded_quotient(180 << 12, 6 * i);
        }
    }
    std::array<int, 256> saturation, hue;
};

inline void plain_hsv(const std::uint8_t* rgb, std::uint8_t* hsv, const hsv_tables& factors) {
    const int r = rgb[0], g = rgb[1], b = rgb[2];
    const int v = std::max({r, g, b}), d = v - std::min({r, g, b});
    const int turn = v == r ? g - b : v == g ? b - r + 2 * d : r - g + 4 * d;
    const int h = (turn * factors.hue[static_cast<std::size_t>(d)] + 2048) >> 12;
    hsv[0] = static_cast<std::uint8_t>(h < 0 ? h + 180 : h);
    hsv[1] = static_cast<std::uint8_t>((d * factors.saturation[static_cast<std::size_t>(v)] + 2048) >> 12);
    hsv[2] = static_cast<std::uint8_t>(v);
}

inline void plain_rgb(const std::uint8_t* hsv, std::uint8_t* rgb) {
    const int sector = hsv[0] / 30 % 6, f = hsv[0] % 30, s = hsv[1];
    const auto part = [&](int of_7650) { return static_cast<std::uint8_t>((hsv[2] * of_7650 + 3825) / 7650); };
    const std::uint8_t v = hsv[2], p = part(7650 - 30 * s), q = part(7650 - s * f), t = part(7650 - s * (30 - f));
    const std::uint8_t sectors[6][3] = {{v, t, p}, {q, v, p}, {p, v, t}, {p, q, v}, {t, p, v}, {v, p, q}};
    std::copy_n(sectors[sector], 3, rgb);
}

inline void plain_gray(const std::uint8_t* rgb, std::uint8_t* gray) {
    *gray = static_cast<std::uint8_t>((9798 * rgb[0] + 19235 * rgb[1] + 3735 * rgb[2] + (1 << 14)) >> 15);
}

}  // namespace bench
