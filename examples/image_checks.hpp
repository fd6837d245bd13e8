// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Checks that a picture file must pass before stb_image decodes it.
///
/// stb trusts its input. It accepts a BMP that is cut off, reads beyond the end of palettes that are too short and of
/// Huffman tables that are too long, ignores checksums, and fills the rest of a truncated JPEG with gray. So these
/// functions first read every file from marker to marker. They write JPEG and BMP files again, in memory, in a form that
/// stb reads correctly.
///
///     format_of        the format, from the first bytes
///     check_structure  all checks of that format: check_png, check_jpeg or check_bmp
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace io {

/// The file is not a picture, or not a complete one. what() is the reason, and what the user can do.
struct bad_picture : std::runtime_error {
    explicit bad_picture(const std::string& reason,
                         const std::string& way_out = "get the file again, or save it again as a PNG")
        : std::runtime_error(reason + "; " + way_out) {}
};

enum class file_format { unknown, png, jpeg, bmp, pnm };

/// Reads numbers from bytes. Throws bad_picture at the end of the bytes, and never reads beyond it.
class byte_reader {
public:
    explicit byte_reader(std::span<const std::uint8_t> bytes) : left_(bytes) {}

    bool at_end() const { return left_.empty(); }
    /// All remaining bytes, without reading them.
    std::span<const std::uint8_t> rest() const { return left_; }
    /// The next `count` bytes.
    std::span<const std::uint8_t> take(std::size_t count);
    std::uint8_t byte() { return take(1)[0]; }
    /// Numbers of 1 to 4 bytes, the most significant byte first or last.
    std::uint32_t big_endian(std::size_t count);
    std::uint32_t little_endian(std::size_t count);

private:
    std::span<const std::uint8_t> left_;
};

/// The format of a file, from its first bytes.
file_format format_of(std::span<const std::uint8_t> bytes);

/// Facts about a picture other than its pixels.
struct file_facts {
    int orientation = 1;        // by EXIF: 1 is upright, 2 to 8 are its mirror images and turns
    bool other_colors = false;  // a colour profile, gamma or primaries other than sRGB's: they are not applied
};

/// Throws bad_picture for a picture of more than `megapixels` million pixels or 1 GiB.
void check_size(std::int64_t width, std::int64_t height, std::int64_t channels, int megapixels);

/// Throws bad_picture if stb would need more than 16 bytes for each allowed pixel, plus 64 MiB: 1 GiB for 64 million.
/// `way_out` tells the user what to do, for example to save another kind of file.
void check_decoder_memory(std::int64_t bytes, int megapixels, const std::string& way_out);

/// Throws bad_picture unless the file is complete, from its first marker to its last, of a kind that stb reads, and of at
/// most `megapixels` million pixels. Bytes after its end are ignored. Changes `bytes` to a form that stb reads correctly.
file_facts check_structure(std::vector<std::uint8_t>& bytes, file_format format, int megapixels);

/// The checksum of a PNG chunk: of its name and data.
std::uint32_t png_checksum(std::span<const std::uint8_t> bytes);

/// Checks the checksums of all chunks. decode_png (stb_codec.hpp) checks the one of the pixels. Fills a short palette
/// with black up to 256 colours, so that every pixel has a colour.
file_facts check_png(std::vector<std::uint8_t>& bytes, int megapixels);

/// The data of all chunks of one name of a PNG that passed check_png, joined.
std::vector<std::uint8_t> png_chunks(std::span<const std::uint8_t> bytes, std::string_view name);

/// Checks every Huffman code of every scan. Keeps only what stb needs: tables, frame, scans, and a marker for the coding of
/// colours. (Without that marker stb guesses the coding in another way than most decoders.)
file_facts check_jpeg(std::vector<std::uint8_t>& bytes, int megapixels);

/// The number of pixels that the frame of a JPEG names. Throws bad_picture if there is none.
std::int64_t jpeg_pixels(std::span<const std::uint8_t> bytes);

/// Replaces the header, which has one of seven forms, by one of the two forms that stb reads correctly.
file_facts check_bmp(std::vector<std::uint8_t>& bytes, int megapixels);

/// Whether `bytes` begin with `text`.
bool starts_with(std::span<const std::uint8_t> bytes, std::string_view text);

/// The orientation in a block of EXIF data (TIFF 6.0: a directory of 12-byte entries); 1 if there is none.
int exif_orientation(std::span<const std::uint8_t> tiff);

}  // namespace io
