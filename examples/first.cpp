// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A first program, which needs nothing but the library: two colours of six pixels.

// [first]
#include <cstdint>
#include <cstdio>

#include <lloyd/segment.hpp>

int main() {
    const std::uint8_t pixels[] = {200, 30, 30,  210, 40, 20,  // 2×3 pixels: red, green, blue
                                   20,  40, 220, 190, 20, 40,  //
                                   30,  50, 210, 200, 30, 30};
    const lloyd::image_view<const std::uint8_t, 3> photo(pixels, 2, 3);

    const auto segments = lloyd::segment(photo, 2);
    int j = 0;
    for (const double share : segments.shares) {
        const auto color = segments.palette(j++, 0);
        std::printf("%.0f %% are like (%d, %d, %d)\n", 100 * share, color[0], color[1], color[2]);
    }
}
// [first]
