// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a picture file must prove before stb_image may decode it.
///
/// stb is small because it trusts: it takes half a BMP for a whole one, reads palettes that are too short from its
/// stack, and Huffman tables that are too long past their end. So every file is walked once from mark to mark.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace io {

/// The file is no picture, or not a whole one. what() says why, and what its user can do.
struct bad_picture : std::runtime_error {
    explicit bad_picture(const std::string& reason,
                         const std::string& way_out = "get the file again, or save it anew as a PNG")
        : std::runtime_error(reason + "; " + way_out) {}
};

enum class file_format { unknown, png, jpeg, bmp, pnm };

/// Reads numbers from bytes. Throws bad_picture where they have run out: nothing is read past the end.
class byte_reader {
public:
    explicit byte_reader(std::span<const std::uint8_t> bytes) : left_(bytes) {}

    bool at_end() const { return left_.empty(); }
    /// The next `count` bytes.
    std::span<const std::uint8_t> take(std::size_t count);
    std::uint8_t byte() { return take(1)[0]; }
    /// Numbers of 1 to 4 bytes, the most significant byte first or last.
    std::uint32_t big_endian(std::size_t count);
    std::uint32_t little_endian(std::size_t count);

private:
    std::span<const std::uint8_t> left_;
};

/// The format that the first bytes announce.
file_format format_of(std::span<const std::uint8_t> bytes);

/// Throws bad_picture unless the file is whole, from its first mark to its last. Bytes after that are ignored.
/// Pads a short palette with black, so that no pixel can point behind it.
/// Returns the EXIF orientation: 1 is upright, 2 to 8 are its mirror images and turns.
int check_structure(std::vector<std::uint8_t>& bytes, file_format format);

}  // namespace io
