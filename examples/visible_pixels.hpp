// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Transparent pictures: what of them is clustered, and how they look on paper.
///
/// Under an alpha of 0 files keep any colours, which nobody sees. So colours are clustered without them, and what is
/// looked at, by Canny too, is the picture on white paper.
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

/// The pixels of a picture that can be seen at all: those whose alpha is not 0.
class visible_pixels {
public:
    /// Of any picture with 1 to 4 channels.
    explicit visible_pixels(const lloyd::image<std::uint8_t>& picture);

    /// Their colours as one row, in the order of the picture; where all can be seen, as the picture. K-Means on colours
    /// does not look at where they are.
    const rgb_image& colors() const { return colors_; }

    /// The picture in other colours, which stand as in colors(): RGB, or RGBA where the picture has alpha. White where
    /// nothing can be seen.
    lloyd::image<std::uint8_t> painted(rgb_image colors) const;

private:
    rgb_image colors_;
    lloyd::image<std::uint8_t, 1> alpha_;  ///< empty when there is none
};

/// A file's picture as it is to be clustered, and as it is to be looked at.
/// Throws cli::failure (unreadable) as io::read does, and when nothing of it can be seen.
visible_pixels read_visible(const std::filesystem::path& path, int megapixels = io::default_megapixels);

/// Throws cli::failure (unreadable) for the picture of a file of which nothing can be seen.
void require_visible(const visible_pixels& pixels, const std::filesystem::path& path);

/// A picture with 1 to 4 channels on white paper.
rgb_image on_white(const lloyd::image<std::uint8_t>& picture);

}  // namespace pictures
