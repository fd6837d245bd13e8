// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What quantizers.py calls: a palette for a photo and the labels of its pixels, through a C interface.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/segment.hpp>

/// Writes a label for each of the width·height pixels, and 3·k bytes of colours.
extern "C" void quantize(const std::uint8_t* photo, std::ptrdiff_t width, std::ptrdiff_t height, int k, int attempts,
                         int max_iterations, std::uint8_t* labels, std::uint8_t* palette) {
    const lloyd::image_view<const std::uint8_t, 3> pixels(photo, width, height);
    const auto s = lloyd::segment(pixels, k, {.kmeans = {.attempts = attempts, .max_iterations = max_iterations}});
    std::ranges::copy(s.labels.elements(), labels);
    std::ranges::copy(s.palette.elements(), palette);
}
