// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Transparent pictures: which of their pixels are clustered, and how they look on white.
///
/// Pixels with an alpha of 0 may have any colour, which is invisible. So such pixels are not clustered. Programs that show a
/// picture, and Canny, use the picture on a white background. (`segment` and `film` weigh pixels by alpha: segment_steps.hpp.)
///
///     const pictures::visible_pixels photo(io::read("logo.png"));
///     const auto segments = lloyd::segment(photo.colors(), 3);
///     io::write("painted.png", photo.painted(lloyd::recolor(segments.labels, segments.palette)));
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include <lloyd/image.hpp>

#include "image_io.hpp"
#include "pictures.hpp"

namespace pictures {

/// The visible pixels of a picture: those whose alpha is not 0.
class visible_pixels {
public:
    /// Takes any picture with 1 to 4 channels.
    explicit visible_pixels(const lloyd::image<std::uint8_t>& picture);

    /// Their colours as one row, in the order of the picture. If all pixels are visible, in the shape of the picture. (K-Means
    /// on colours does not depend on positions.)
    const rgb_image& colors() const { return colors_; }

    /// The picture in other colours, in the order of colors(): RGB, or RGBA if the picture has alpha. Invisible pixels are
    /// white.
    lloyd::image<std::uint8_t> painted(rgb_image colors) const;

    /// Labels of the pixels, in the order of colors(), in the shape of the picture. Invisible pixels are −1.
    lloyd::image<std::int32_t, 1> placed(const lloyd::image<std::uint8_t, 1>& labels) const;

    /// Of the picture.
    std::ptrdiff_t width() const { return alpha_.empty() ? colors_.width() : alpha_.width(); }
    std::ptrdiff_t height() const { return alpha_.empty() ? colors_.height() : alpha_.height(); }

    /// How much of each pixel is seen, 0 to 255; empty if the picture has no alpha.
    const lloyd::image<std::uint8_t, 1>& alpha() const { return alpha_; }

private:
    rgb_image colors_;
    lloyd::image<std::uint8_t, 1> alpha_;  ///< empty if there is none
};

/// Reads the picture of a file. Throws cli::failure (unreadable) as io::read does, and if no pixel is visible.
visible_pixels read_visible(const std::filesystem::path& path, int megapixels = io::default_megapixels);

/// Throws cli::failure (unreadable) if the picture of the file has no visible pixel.
void require_visible(const visible_pixels& pixels, const std::filesystem::path& path);

/// Throws cli::failure (unreadable) for a picture without visible pixels.
[[noreturn]] void refuse_invisible(const std::filesystem::path& path);

/// A picture with 1 to 4 channels on a white background.
rgb_image on_white(const lloyd::image<std::uint8_t>& picture);

}  // namespace pictures
