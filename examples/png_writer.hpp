// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Writes PNG files (ISO 15948).
#pragma once

#include <cstdint>
#include <vector>

#include <lloyd/image.hpp>

namespace io {

/// A PNG file that gives the same picture back, with the same number of channels.
/// RGB and RGBA with at most 256 colours become a palette and an index of 1, 2, 4 or 8 bits for each pixel. Gray takes the
/// fewest bits that hold all its levels exactly, for example 1 if all are 0 or 255. Other pictures take 8 bits a channel.
/// With `all_bits` gray takes 8 bits, for levels that are numbers: some readers turn levels of 1 bit into true and false.
/// Throws std::length_error for a picture without pixels, or of more than 1 GiB.
std::vector<std::uint8_t> encode_png(lloyd::image_view<const std::uint8_t> picture, bool all_bits = false);

}  // namespace io
