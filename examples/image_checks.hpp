// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a picture file must prove before stb_image may decode it.
///
/// stb is small because it trusts: it takes half a BMP for a whole one, reads palettes that are too short from its
/// stack, and Huffman tables that are too long past their end; it skips check sums, and fills up with gray where the
/// data of a JPEG end. So every file is walked once from mark to mark, and JPEG and BMP files are written anew, in memory,
/// in the form that stb reads rightly.
///
///     format_of        what the first bytes announce
///     check_structure  the whole walk, by the format: check_png, check_jpeg or check_bmp
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace io {

/// The file is no picture, or not a whole one. what() says why, and what its user can do.
struct bad_picture : std::runtime_error {
    explicit bad_picture(const std::string& reason,
                         const std::string& way_out = "get the file again, or save it again as a PNG")
        : std::runtime_error(reason + "; " + way_out) {}
};

enum class file_format { unknown, png, jpeg, bmp, pnm };

/// Reads numbers from bytes. Throws bad_picture where they have run out: nothing is read past the end.
class byte_reader {
public:
    explicit byte_reader(std::span<const std::uint8_t> bytes) : left_(bytes) {}

    bool at_end() const { return left_.empty(); }
    /// All bytes that are left; they stay.
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

/// The format that the first bytes announce.
file_format format_of(std::span<const std::uint8_t> bytes);

/// What a file says about its picture, beside its pixels.
struct file_facts {
    int orientation = 1;        // by EXIF: 1 is upright, 2 to 8 are its mirror images and turns
    bool other_colors = false;  // a colour profile, gamma or primaries other than sRGB's: they are not applied
};

/// Throws bad_picture for a picture of more than `megapixels` million pixels or 1 GiB.
void check_size(std::int64_t width, std::int64_t height, std::int64_t channels, int megapixels);

/// Throws bad_picture when stb would need more than 16 bytes for each pixel that is allowed, and 64 MiB: 1 GiB for 64
/// million. The way out may be another kind of file too.
void check_decoder_memory(std::int64_t bytes, int megapixels, const std::string& way_out);

/// Throws bad_picture unless the file is whole, from its first mark to its last, of a kind that stb reads, and of at most
/// `megapixels` million pixels. Bytes behind its end are ignored. Changes `bytes` to what stb shall read instead.
file_facts check_structure(std::vector<std::uint8_t>& bytes, file_format format, int megapixels);

/// Check sums of all chunks; the one of the pixels is left to check_png_pixels (stb_codec.hpp). Pads a short palette with
/// black, so that no pixel can point behind it.
file_facts check_png(std::vector<std::uint8_t>& bytes, int megapixels);

/// The compressed pixels of a PNG that passed check_png: its IDAT chunks, put together.
std::vector<std::uint8_t> png_pixels(std::span<const std::uint8_t> bytes);

/// Every Huffman code of every scan. Leaves what stb needs: tables, frame and scans, and a mark that tells how colours are
/// coded, which stb guesses otherwise than most.
file_facts check_jpeg(std::vector<std::uint8_t>& bytes, int megapixels);

/// Puts a header of one of two forms before the pixels, whatever form the file has.
file_facts check_bmp(std::vector<std::uint8_t>& bytes, int megapixels);

/// Whether `text` stands at the start of `bytes`.
bool starts_with(std::span<const std::uint8_t> bytes, std::string_view text);

/// The orientation in a block of EXIF data (TIFF 6.0: a directory of 12-byte entries), 1 when there is none.
int exif_orientation(std::span<const std::uint8_t> tiff);

}  // namespace io
