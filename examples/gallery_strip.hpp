// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Pictures of the gallery's page, each one entire, and beside it a part, enlarged so that its pixels are visible.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <lloyd/image.hpp>

#include "gallery_page.hpp"

namespace gallery {

/// The sum of weight(x, y) over the pixels of a window.
template <class Weight>
double weight_of(window part, const Weight& weight) {
    double sum = 0;
    for (auto y = part.y; y < part.y + part.height; ++y)
        for (auto x = part.x; x < part.x + part.width; ++x) sum += weight(x, y);
    return sum;
}

/// The window of the largest weight, of all windows on a grid. They have the proportions of the picture, but are at most
/// 180 pixels wide and 360 high, so that single pixels are visible.
template <class Weight>
window heaviest_window(std::ptrdiff_t picture_width, std::ptrdiff_t picture_height, const Weight& weight) {
    const auto width = std::min(picture_width, std::clamp<std::ptrdiff_t>(picture_width / 24, 90, 180));
    const auto highest = std::min<std::ptrdiff_t>(picture_height, 360);
    const auto height = std::clamp<std::ptrdiff_t>(width * picture_height / picture_width, 1, highest);
    const auto right = std::max<std::ptrdiff_t>(width / 2, 1), down = std::max<std::ptrdiff_t>(height / 2, 1);
    window best{0, 0, width, height};
    double most = 0;
    for (std::ptrdiff_t y = 0; y + height <= picture_height; y += down)
        for (std::ptrdiff_t x = 0; x + width <= picture_width; x += right) {
            const window part{x, y, width, height};
            const auto sum = weight_of(part, weight);
            if (sum > most) best = part;
            most = std::max(most, sum);
        }
    return best;
}

/// How a picture is reduced: by means, or by the largest value, which keeps lines on black.
enum class reduction { mean, maximum };

/// Adds pictures of one size, each with the same part enlarged.
class stage_strip {
public:
    stage_strip(page& to, std::ptrdiff_t width, std::ptrdiff_t height, window detail)
        : to_(to), width_(width), height_(height), detail_(detail) {}

    /// `name` is a heading, `what` the text for those who do not see the picture.
    void add(const lloyd::image<std::uint8_t, 3>& picture, std::string_view name, std::string_view what,
             std::string_view caption, reduction by = reduction::mean) const;

    /// The same for any HTML that shows a picture and its part.
    void add_html(std::string_view all, std::string_view part, std::string_view name, std::string_view caption) const;

    /// An <img> of the part.
    std::string part_of(const lloyd::image<std::uint8_t, 3>& picture, std::string_view what) const;

private:
    page& to_;
    std::ptrdiff_t width_, height_;
    window detail_;
};

}  // namespace gallery
