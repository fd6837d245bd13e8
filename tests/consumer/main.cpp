// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// A program of somebody else's: succeeds when lloyd was found, compiled, linked and does its work.

#include <cstdint>

#include <lloyd/lloyd.hpp>

int main() {
    const std::uint8_t pixels[] = {200, 30, 30, 200, 30, 30, 20, 40, 220};
    const lloyd::image_view<const std::uint8_t, 3> photo(pixels, 3, 1);

    const auto s = lloyd::segment(photo, 2);
    const auto picture = lloyd::recolor(s.labels, s.palette);
    const bool segmented = s.shares[0] > s.shares[1] && picture(0, 0)[0] == 200 && picture(2, 0)[2] == 220;

    const bool bent = lloyd::elbow_sweep(photo, {.k_max = 2}).knee == 2;

    const auto red_hue = lloyd::rgb_to_hsv(photo)(0, 0)[0];
    const bool converted = red_hue == 0 && lloyd::rgb_to_gray(photo)(2, 0)[0] == 55;

    const auto edges = lloyd::canny(photo, 100, 200, {.sigma = 0});
    const bool outlined = edges(0, 0)[0] == 0 && edges(1, 0)[0] == 255;

    return segmented && bent && converted && outlined ? 0 : 1;
}
