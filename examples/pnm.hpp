// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The netpbm formats PGM and PPM (binary: P5, P6). stb can read them too, but it uses the low byte of 16-bit values
/// as the high one, ignores the largest value, and does not detect missing pixels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <lloyd/image.hpp>

namespace io {

/// The header of a PNM file, and its pixels.
struct pnm_header {
    std::int64_t width, height;
    int channels;                          // 1 or 3
    std::uint32_t largest;                 // the value of white: 1 to 65535
    std::span<const std::uint8_t> pixels;  // all of them: 2 bytes a value, big-endian, if largest > 255
};

/// Throws bad_picture if this is not a PNM file, or not a complete one.
pnm_header read_pnm_header(std::span<const std::uint8_t> bytes);

/// The picture, its values scaled to 0..255.
lloyd::image<std::uint8_t> decode_pnm(const pnm_header& header);

/// A P5 (1 channel) or P6 (3 channels) file.
std::vector<std::uint8_t> encode_pnm(const lloyd::image<std::uint8_t>& picture);

}  // namespace io
