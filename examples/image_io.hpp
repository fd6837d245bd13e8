// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Reads and writes PNG, JPEG, BMP and PNM pictures, for the examples. Every file is treated as hostile.
///
///     read, read_rgb    the picture of a file, upright, with 8 bits a channel
///     to_rgb, alpha_of  its colours, and its transparency
///     with_alpha        combines colours and transparency
///     write             writes a picture into a file, completely or not at all
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <lloyd/image.hpp>

#include "files.hpp"
#include "program.hpp"

namespace io {

/// The largest number of pixels in a picture, in millions, unless the caller allows more. A decoded picture never has more
/// than 1 GiB. Reading takes at most 24 bytes of memory for each pixel, plus five times the size of the file, plus 64 MiB.
/// If a small file claims many pixels, the pixels take at most 32 KiB for each byte of the file instead. Files that need
/// more than 16 bytes for each allowed pixel are refused.
inline constexpr int default_megapixels = 64;

/// The picture in a file, turned upright by its EXIF orientation: 1 (gray), 2 (gray, alpha), 3 (RGB) or
/// 4 (RGBA) channels. 16-bit values are rounded to 8 bits, and colours that are not sRGB are read as if they were sRGB,
/// each with a note on stderr.
/// Throws cli::failure (unreadable) unless the file is a complete picture of at most `megapixels` million pixels.
lloyd::image<std::uint8_t> read(const std::filesystem::path& path, int megapixels = default_megapixels);

/// The number of pixels of the picture in a file, by its header. Nothing if that is not a regular file, or not a picture.
std::optional<std::int64_t> pixels_in(const std::filesystem::path& path, int megapixels = default_megapixels);

/// The same picture as RGB, for any number of channels in the file.
lloyd::image<std::uint8_t, 3> read_rgb(const std::filesystem::path& path, int megapixels = default_megapixels);

/// The colours of a picture with 1 to 4 channels: gray becomes three equal channels, and alpha is removed.
lloyd::image<std::uint8_t, 3> to_rgb(const lloyd::image<std::uint8_t>& picture);

/// The last channel of a picture with 2 or 4 channels; an empty image if there is no alpha.
lloyd::image<std::uint8_t, 1> alpha_of(const lloyd::image<std::uint8_t>& picture);

/// RGBA from two images of the same size. Throws std::invalid_argument if the sizes differ.
lloyd::image<std::uint8_t, 4> with_alpha(const lloyd::image<std::uint8_t, 3>& rgb,
                                         const lloyd::image<std::uint8_t, 1>& alpha);

/// The extensions of pictures that can be written, each in lower case and with its dot.
const std::vector<std::string>& picture_extensions();

/// Checks the path before there is a picture, and throws what `write` would throw: cli::failure (usage) for an unknown
/// extension, and cli::failure (unwritable) for a path that cannot be written.
void require_writable_picture(const std::filesystem::path& path);

/// Writes a picture of 1 to 4 channels. The extension selects the format: .png, .jpg, .jpeg, .bmp, .pnm, .ppm, .pgm
/// (which writes gray). No extension means PNG, which takes few bytes for few colours (png_writer.hpp). JPEG and PNM lose
/// alpha, with a note on stderr.
/// Throws as require_writable_picture does. An existing file is replaced completely or kept (see write_file).
void write_view(const std::filesystem::path& path, lloyd::image_view<const std::uint8_t> picture);

template <lloyd::any_image Image>
void write(const std::filesystem::path& path, const Image& picture) {
    static_assert(std::is_same_v<lloyd::value_type_of<Image>, std::uint8_t>,
                  "io::write takes pictures of std::uint8_t; labels of kmeans become one by lloyd::recolor");
    write_view(path, lloyd::image_view<const std::uint8_t>(picture));
}

struct decoded {
    lloyd::image<std::uint8_t> picture;
    std::vector<std::string> notes;  // facts for the user, each to print after the name of the file
};

/// The same as `read`, from bytes in memory. Throws bad_picture (image_checks.hpp), whose what() is the reason.
decoded decode(std::vector<std::uint8_t> bytes, int megapixels = default_megapixels);

}  // namespace io

// How, for a program that compiles none of the other sources: it defines this name in one of its own.
#ifdef LLOYD_IMAGE_IO_IMPLEMENTATION
#include "bmp_checks.cpp"
#include "files.cpp"
#include "image_checks.cpp"
#include "image_io.cpp"
#include "jpeg_checks.cpp"
#include "jpeg_scans.cpp"
#include "png_checks.cpp"
#include "png_writer.cpp"
#include "pnm.cpp"
#include "printable.cpp"
#include "stb_codec.cpp"
#ifdef _WIN32
#include "windows_files.cpp"
#else
#include "descriptor_paths.cpp"
#include "posix_files.cpp"
#include "temporary_file.cpp"
#endif
#endif
