// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What makes another K cheap: the colours of a photo are counted once, clustered without its pixels, and found again for
/// each pixel by a number.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/image.hpp>

namespace pages {

constexpr std::ptrdiff_t most_k = 32;  // of the page

/// The distinct colours of a photo as a small picture with weights: a colour of n pixels is there ⌈n / 255⌉ times, and its
/// weights sum up to n. Its segments are those of the photo, since a pixel of weight w counts like w pixels.
struct color_sheet {
    explicit color_sheet(const lloyd::color_histogram<3>& colors) {
        std::ptrdiff_t size = 0;
        double pixels = 0;
        for (const double count : colors.counts()) {
            first.push_back(size);
            size += static_cast<std::ptrdiff_t>(std::ceil(count / 255));
            pixels += count;
        }
        const auto width = std::max(size, std::min(most_k, static_cast<std::ptrdiff_t>(pixels)));  // K is at most that
        picture = lloyd::image<std::uint8_t, 3>(width, 1);
        weights = lloyd::image<std::uint8_t, 1>(width, 1);
        std::ptrdiff_t at = 0;
        for (std::ptrdiff_t i = 0; i < colors.size(); ++i)
            for (double left = colors.counts()[static_cast<std::size_t>(i)]; left > 0; left -= 255, ++at) {
                std::copy_n(colors.colors()(i, 0).data(), 3, picture(at, 0).data());
                weights(at, 0)[0] = static_cast<std::uint8_t>(std::min(left, 255.0));
            }
    }

    lloyd::image<std::uint8_t, 3> picture;
    lloyd::image<std::uint8_t, 1> weights;
    std::vector<std::ptrdiff_t> first;  ///< where each colour of the histogram stands
};

/// For each pixel the number of its colour in the histogram.
inline std::vector<std::uint32_t> numbers_of_colors(const lloyd::image<std::uint8_t, 3>& photo,
                                                    const lloyd::color_histogram<3>& colors) {
    const auto code = [](const std::uint8_t* color) {
        return std::size_t{color[0]} << 16 | std::size_t{color[1]} << 8 | color[2];
    };
    const std::unique_ptr<std::uint32_t[]> number_of(new std::uint32_t[1 << 24]);  // set where a colour occurs
    for (std::ptrdiff_t i = 0; i < colors.size(); ++i)
        number_of[code(colors.colors()(i, 0).data())] = static_cast<std::uint32_t>(i);
    std::vector<std::uint32_t> numbers(static_cast<std::size_t>(photo.size()));
    const std::uint8_t* color = photo.data();
    for (auto& number : numbers) {
        number = number_of[code(color)];
        color += 3;
    }
    return numbers;
}

}  // namespace pages
