// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The only door to stb_image and stb_image_write: PNG, JPEG and BMP between bytes and pixels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <lloyd/image.hpp>

namespace io {

/// Throws bad_picture for a picture of more than `megapixels` million pixels or 1 GiB.
void check_size(std::int64_t width, std::int64_t height, std::int64_t channels, int megapixels);

/// The pixels of a file that passed check_structure, with the channels it has. Throws bad_picture.
lloyd::image<std::uint8_t> decode_with_stb(const std::vector<std::uint8_t>& bytes, int megapixels);

/// A "png", "bmp" or "jpg" file of a picture. Throws std::length_error when it is too large for the format.
std::vector<std::uint8_t> encode_with_stb(const lloyd::image<std::uint8_t>& picture, const std::string& format);

}  // namespace io
