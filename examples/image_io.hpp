// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Reads and writes PNG, JPEG, BMP and PNM pictures, for the examples. Every file is taken for hostile.
///
///     read, read_rgb    a file's picture, upright, with 8 bits a channel
///     to_rgb, alpha_of  its colours, and its transparency
///     with_alpha        colours and transparency together again
///     write             a picture into a file, wholly or not at all
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <lloyd/image.hpp>

#include "files.hpp"

namespace io {

/// Millions of pixels that a picture may have unless its reader allows more; and never more than 1 GiB decoded.
/// Reading takes at most 24 bytes of memory for each of its pixels, five times the file, and 64 MiB; where a small file
/// claims many pixels, at most 32 KiB for each of its bytes instead of those for the pixels. Files that need more than
/// 16 bytes for each pixel that is allowed are refused.
inline constexpr int default_megapixels = 64;

/// The picture in a file, turned upright by its EXIF orientation: 1 (gray), 2 (gray, alpha), 3 (RGB) or
/// 4 (RGBA) channels. 16-bit values are rounded to 8 bits, and colours that are not sRGB's taken as if they were, each
/// with a note on stderr.
/// Throws cli::failure (unreadable) for anything but a whole picture of at most `megapixels` million pixels.
lloyd::image<std::uint8_t> read(const std::filesystem::path& path, int megapixels = default_megapixels);

/// The same as RGB, whatever the file holds.
lloyd::image<std::uint8_t, 3> read_rgb(const std::filesystem::path& path, int megapixels = default_megapixels);

/// The colours of a picture with 1 to 4 channels: gray becomes three times gray, alpha is left out.
lloyd::image<std::uint8_t, 3> to_rgb(const lloyd::image<std::uint8_t>& picture);

/// The last channel of a picture with 2 or 4; empty for one without alpha.
lloyd::image<std::uint8_t, 1> alpha_of(const lloyd::image<std::uint8_t>& picture);

/// RGBA from two images of the same size. Throws std::invalid_argument when they differ.
lloyd::image<std::uint8_t, 4> with_alpha(const lloyd::image<std::uint8_t, 3>& rgb,
                                         const lloyd::image<std::uint8_t, 1>& alpha);

/// Throws what `write` would throw about this path, before there is a picture: for an unknown extension
/// cli::failure (usage), for a place that cannot be written cli::failure (unwritable).
void require_writable_picture(const std::filesystem::path& path);

/// Writes a picture of 1 to 4 channels. The extension names the format: .png, .jpg, .jpeg, .bmp, .pnm, .ppm, .pgm
/// (which makes it gray); none means PNG. JPEG and PNM leave alpha out, with a note on stderr.
/// Throws as require_writable_picture does; an existing file is replaced wholly or kept (see write_file).
void write_view(const std::filesystem::path& path, lloyd::image_view<const std::uint8_t> picture);

template <lloyd::any_image Image>
void write(const std::filesystem::path& path, const Image& picture) {
    write_view(path, lloyd::image_view<const std::uint8_t>(picture));
}

struct decoded {
    lloyd::image<std::uint8_t> picture;
    std::vector<std::string> notes;  // what its user should know of it, each to follow the name of the file
};

/// `read` without the file. Throws bad_picture (image_checks.hpp), whose what() is the reason.
decoded decode(std::vector<std::uint8_t> bytes, int megapixels = default_megapixels);

}  // namespace io
