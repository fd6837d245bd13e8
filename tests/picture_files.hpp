// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Picture files: as the examples write them, and made byte by byte, as no writer here or no honest writer would.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lloyd/image.hpp>

#include "../examples/image_io.hpp"
#include "scratch_directory.hpp"

namespace picture_files {

using bytes = std::vector<std::uint8_t>;
using picture = lloyd::image<std::uint8_t>;

inline bytes operator+(bytes left, const bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

inline bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

/// Each element another value, as far as there are values.
inline picture numbered(std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels) {
    picture result(width, height, channels);
    for (unsigned value = 0; auto& element : result.elements()) element = static_cast<std::uint8_t>(value += 7);
    return result;
}

/// The file that `write` makes of a picture.
inline bytes written(const picture& image, const std::string& name) {
    scratch_directory directory;
    io::write(directory / name, image);
    return text(content_of(directory / name));
}

inline bytes big_endian(std::size_t number, int count) {
    bytes result;
    for (int i = count - 1; i >= 0; --i) result.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
    return result;
}

inline bytes little_endian(std::size_t number, int count) {
    const auto reversed = big_endian(number, count);
    return {reversed.rbegin(), reversed.rend()};
}

/// A zlib stream that stores `content`, less than 64 KiB, as it is. The check sum is left out: readers here ignore it.
inline bytes stored(const bytes& content) {
    return bytes{0x78, 0x01, 0x01} + little_endian(content.size(), 2) + little_endian(content.size() ^ 0xFFFF, 2) +
           content + bytes(4);
}

/// A zlib stream of so many megabytes of zeros, as dense as can be: 258 in 2 bits, by Huffman codes of its own (RFC 1951).
inline bytes zlib_bomb(int megabytes) {
    bytes stream = {0x78, 0x01};
    unsigned buffer = 0;
    int count = 0;
    const auto put = [&](unsigned bits, int length) {
        buffer |= bits << count;
        for (count += length; count >= 8; count -= 8, buffer >>= 8) stream.push_back(buffer & 0xFF);
    };
    put(0b101, 3);                       // the last block, with codes of its own
    put(29, 5), put(0, 5), put(14, 4);   // for 286 symbols and 1 distance, told in 18 code lengths, three bits each:
    put(1 << 6, 9), put(0, 36);          // a run of zeros is 0,
    put(2, 3), put(0, 3), put(2, 3);     // 1 is 10, 2 is 11
    put(0b11, 2);                        // literal 0: 2 bits
    put(127 << 1, 8), put(106 << 1, 8);  // 255 without a code
    put(0b11, 2), put(17 << 1, 8);       // the end: 2 bits; 28 without
    put(0b01, 2), put(0b01, 2);          // length 258: 1 bit; distance 1: 1 bit
    put(0b01, 2);                        // a literal 0
    for (int i = 0; i < megabytes * 3876; ++i) put(0, 2);
    put(0b11, 2 + 7);  // the end, and the rest of a byte
    return stream + bytes(8);
}

inline bytes png_chunk(std::string_view name, const bytes& data) {
    return big_endian(data.size(), 4) + text(name) + data + bytes(4);
}

/// color_type: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA. `rows` start with their filter, 0.
inline bytes png(std::size_t width, std::size_t height, std::uint8_t depth, std::uint8_t color_type,
                 const bytes& compressed_rows, const bytes& chunks_before = {}) {
    const auto header = big_endian(width, 4) + big_endian(height, 4) + bytes{depth, color_type, 0, 0, 0};
    return text("\x89PNG\r\n\x1a\n") + png_chunk("IHDR", header) + chunks_before + png_chunk("IDAT", compressed_rows) +
           png_chunk("IEND", {});
}

/// EXIF data that hold nothing but an orientation.
inline bytes exif(std::size_t orientation, bool little) {
    const auto number = little ? little_endian : big_endian;
    return text(little ? "II*" : "MM") + (little ? bytes{0} : bytes{0, '*'}) + number(8, 4) + number(1, 2) +
           number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + bytes(2) + number(0, 4);
}

/// A JPEG with one more segment at its front.
inline bytes with_segment(const bytes& jpeg, std::uint8_t marker, const bytes& data) {
    return bytes{0xFF, 0xD8, 0xFF, marker} + big_endian(data.size() + 2, 2) + data +
           bytes(jpeg.begin() + 2, jpeg.end());
}

inline bytes jpeg_segment(std::uint8_t marker, const bytes& data) {
    return bytes{0xFF, marker} + big_endian(data.size() + 2, 2) + data;
}

/// A gray JPEG of one block whose coefficients come in four scans: the mean and one wave, then the last bit of both.
inline bytes progressive_jpeg() {
    const auto huffman_table = [](std::uint8_t place, const bytes& codes_of_2_bits) {
        const auto count = static_cast<std::uint8_t>(codes_of_2_bits.size());
        return jpeg_segment(0xC4, bytes{place, 0, count} + bytes(14) + codes_of_2_bits);
    };
    const auto scan = [](std::uint8_t first, std::uint8_t last, std::uint8_t bits, std::uint8_t data) {
        return jpeg_segment(0xDA, {1, 1, 0x00, first, last, bits}) + bytes{data};
    };
    return bytes{0xFF, 0xD8} + jpeg_segment(0xDB, bytes{0} + bytes(64, 8)) +
           jpeg_segment(0xC2, {8, 0, 8, 0, 8, 1, 1, 0x11, 0}) +
           huffman_table(0x00, {0, 4}) +        // DC: no difference is 00, one of 4 bits 01
           huffman_table(0x10, {0x00, 0x01}) +  // AC: the end is 00, a coefficient of 1 bit 01
           scan(0, 0, 0x01, 0b01'1010'11) +     // the rest of a byte is 1
           scan(1, 63, 0x01, 0b01'1'00'111) + scan(0, 0, 0x10, 0b0'1111111) + scan(1, 63, 0x10, 0b00'1'11111) +
           bytes{0xFF, 0xD9};
}

/// A Windows BMP of `bits` a pixel, with its palette (4 bytes a colour) and its rows from the bottom up.
inline bytes bmp(std::size_t width, std::size_t height, std::size_t bits, const bytes& palette, const bytes& rows) {
    const auto offset = 54 + palette.size();
    return text("BM") + little_endian(offset + rows.size(), 4) + bytes(4) + little_endian(offset, 4) +
           little_endian(40, 4) + little_endian(width, 4) + little_endian(height, 4) + little_endian(1, 2) +
           little_endian(bits, 2) + bytes(24) + palette + rows;
}

}  // namespace picture_files
