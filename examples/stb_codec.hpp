// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The only code that calls stb_image and stb_image_write: PNG, JPEG and BMP between bytes and pixels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <lloyd/image.hpp>

namespace io {

/// The pixels of a PNG that passed check_png, as decode_with_stb gives them. Throws bad_picture, also unless they have the
/// checksum that follows them. (stb ignores it.)
lloyd::image<std::uint8_t> decode_png(const std::vector<std::uint8_t>& bytes, int megapixels);

/// The pixels of a file that passed check_structure, with the channels it has; 16-bit values are rounded to 8.
/// Throws bad_picture.
lloyd::image<std::uint8_t> decode_with_stb(const std::vector<std::uint8_t>& bytes, int megapixels);

/// The bytes as a zlib stream (RFC 1950). Throws std::length_error if there are more than 2 GiB.
std::vector<std::uint8_t> deflate_with_stb(std::vector<std::uint8_t> bytes);

/// A "bmp" or "jpg" file of a picture. Throws std::length_error if the picture is too large for the format.
std::vector<std::uint8_t> encode_with_stb(const lloyd::image<std::uint8_t>& picture, const std::string& format);

}  // namespace io
