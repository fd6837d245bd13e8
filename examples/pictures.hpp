// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Functions that several programs use to draw pictures.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include <lloyd/color.hpp>
#include <lloyd/image.hpp>

#include "program.hpp"

namespace pictures {

using rgb_image = lloyd::image<std::uint8_t, 3>;

/// The gap between pictures of this size on a sheet: 1/64 of the longer side, at least 2 pixels. For narrow pictures it is at
/// most the shorter side, so that a sheet of a few pictures does not take many times the memory of one.
inline std::ptrdiff_t gap_between(std::ptrdiff_t width, std::ptrdiff_t height) {
    const auto [shorter, longer] = std::minmax(width, height);
    return std::max(std::min(longer / 64, shorter), std::ptrdiff_t{2});
}

/// Throws cli::failure (unwritable) for a sheet that would take more than 1 GiB.
inline void require_sheet(std::ptrdiff_t width, std::ptrdiff_t height) {
    if (width > (std::ptrdiff_t{1} << 30) / 3 / height)
        throw cli::failure(cli::unwritable, "cannot draw " + std::to_string(width) + "x" + std::to_string(height) +
                                                " pixels, which take more than 1 GiB; take a smaller photo");
}

/// A white picture into which others are pasted. Throws as require_sheet does.
inline rgb_image white_sheet(std::ptrdiff_t width, std::ptrdiff_t height) {
    require_sheet(width, height);
    rgb_image sheet(width, height);
    std::ranges::fill(sheet.elements(), std::uint8_t{255});
    return sheet;
}

/// Copies a gray or RGB picture into a part of a sheet. Both have the same size.
template <class Picture>
void paste(const Picture& picture, lloyd::image_view<std::uint8_t, 3> part) {
    for (std::ptrdiff_t y = 0; y < part.height(); ++y)
        for (std::ptrdiff_t x = 0; x < part.width(); ++x)
            for (std::size_t c = 0; c < 3; ++c) part(x, y)[c] = picture(x, y)[picture.channels() == 3 ? c : 0];
}

/// The hue of each pixel of an HSV image as a pure colour; gray if the pixel has no hue.
inline rgb_image hue_picture(rgb_image hsv) {
    const auto elements = hsv.elements();
    for (std::size_t i = 0; i < elements.size(); i += 3) {
        const bool is_gray = elements[i + 1] == 0;
        elements[i + 1] = is_gray ? 0 : 255;
        elements[i + 2] = is_gray ? 128 : 255;
    }
    lloyd::hsv_to_rgb(hsv, hsv);
    return hsv;
}

}  // namespace pictures
