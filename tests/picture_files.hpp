// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Picture files: as the examples write them, and made byte by byte, as no writer here or no honest writer would.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lloyd/image.hpp>

#include "../examples/image_checks.hpp"
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

inline bytes elements(const picture& image) { return {image.elements().begin(), image.elements().end()}; }

inline bool equal(const picture& left, const picture& right) {
    return left.width() == right.width() && left.channels() == right.channels() && elements(left) == elements(right);
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

/// The check sum of a zlib stream (RFC 1950).
inline bytes adler(const bytes& content) {
    std::uint32_t sum = 1, sum_of_sums = 0;
    for (const auto byte : content) {
        sum = (sum + byte) % 65521;
        sum_of_sums = (sum_of_sums + sum) % 65521;
    }
    return big_endian(sum_of_sums, 2) + big_endian(sum, 2);
}

/// A zlib stream that stores `content`, less than 64 KiB, as it is.
inline bytes stored(const bytes& content) {
    return bytes{0x78, 0x01, 0x01} + little_endian(content.size(), 2) + little_endian(content.size() ^ 0xFFFF, 2) +
           content + adler(content);
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
    const auto zeros = static_cast<std::size_t>(megabytes) * 3876 * 258 + 1;
    return stream + big_endian(zeros % 65521, 2) + big_endian(1, 2);
}

/// The check sum of a PNG chunk (ISO 15948, annex D): of its name and its data.
inline bytes crc(const bytes& content) {
    std::uint32_t sum = 0xFFFFFFFF;
    for (const auto byte : content) {
        sum ^= byte;
        for (int i = 0; i < 8; ++i) sum = sum >> 1 ^ (sum % 2 == 1 ? 0xEDB88320 : 0);
    }
    return big_endian(~sum & 0xFFFFFFFF, 4);
}

inline bytes png_chunk(std::string_view name, const bytes& data) {
    return big_endian(data.size(), 4) + text(name) + data + crc(text(name) + data);
}

/// A PNG with the check sums that its chunks must have, as far as these can be told apart.
inline bytes resealed(bytes png) {
    for (std::size_t at = 8; at + 12 <= png.size();) {
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i) length = length << 8 | png[at + i];
        if (length > png.size() - at - 12) break;
        const auto name = png.begin() + static_cast<std::ptrdiff_t>(at + 4);
        const auto end = name + 4 + static_cast<std::ptrdiff_t>(length);
        const auto sum = crc({name, end});
        std::copy(sum.begin(), sum.end(), end);
        at += length + 12;
    }
    return png;
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

/// What a JPEG of one colour is made of. Each component has one value and is stored as it is.
struct flat_jpeg {
    std::size_t width = 8, height = 8;
    std::vector<int> values;
    bytes ids = {1, 2, 3, 4};
    std::uint8_t frame = 0xC0;  // progressive (0xC2): the means alone, which is a whole picture
    std::uint8_t bits = 8;
    std::size_t restart_interval = 0;  // in blocks of 8x8
    bytes front = {};                  // segments

    /// Up to the first byte of the scan's data. The code of a mean of n bits is n itself, in 4 bits; that of no waves is 0.
    bytes head() const {
        bytes components, selectors;
        for (std::size_t i = 0; i < values.size(); ++i) {
            components = components + bytes{ids[i], 0x11, 0};
            selectors = selectors + bytes{ids[i], 0x00};
        }
        const auto count = static_cast<std::uint8_t>(values.size());
        const std::uint8_t last = frame == 0xC2 ? 0 : 63;
        return bytes{0xFF, 0xD8} + front + jpeg_segment(0xDB, bytes{0} + bytes(64, 8)) +
               jpeg_segment(frame,
                            bytes{bits} + big_endian(height, 2) + big_endian(width, 2) + bytes{count} + components) +
               jpeg_segment(0xC4, bytes{0x00, 0, 0, 0, 9} + bytes(12) + bytes{0, 1, 2, 3, 4, 5, 6, 7, 8}) +
               jpeg_segment(0xC4, bytes{0x10, 1} + bytes(15) + bytes{0}) +
               jpeg_segment(0xDD, big_endian(restart_interval, 2)) +
               jpeg_segment(0xDA, bytes{count} + selectors + bytes{0, last, 0});
    }

    bytes scan() const {
        bytes data;
        unsigned buffer = 0;
        int count = 0;
        const auto put = [&](unsigned more, int length) {
            for (int i = length - 1; i >= 0; --i) {
                buffer = buffer << 1 | (more >> i & 1);
                if (++count < 8) continue;
                data.push_back(static_cast<std::uint8_t>(buffer));
                if (data.back() == 0xFF) data.push_back(0);
                buffer = 0, count = 0;
            }
        };
        const auto blocks = ((width + 7) / 8) * ((height + 7) / 8);
        for (std::size_t block = 0; block < blocks; ++block) {
            const bool starts = block == 0 || (restart_interval != 0 && block % restart_interval == 0);
            if (starts && block > 0) {
                put(0x7F, (8 - count) % 8);
                data = data + bytes{0xFF, static_cast<std::uint8_t>(0xD0 + (block / restart_interval - 1) % 8)};
            }
            for (const int value : values) {
                const int difference = starts ? value - 128 : 0;
                int length = 0;
                while (1 << length <= std::abs(difference)) ++length;
                put(static_cast<unsigned>(length), 4);
                put(static_cast<unsigned>(difference > 0 ? difference : difference + (1 << length) - 1), length);
                if (frame != 0xC2) put(0, 1);
            }
        }
        put(0x7F, (8 - count) % 8);
        return data;
    }

    bytes file() const { return head() + scan() + bytes{0xFF, 0xD9}; }
};

/// The segment by which Adobe's programs tell how colours are coded: 0 as they are, 1 as YCbCr, 2 as YCbCr and black.
inline bytes adobe_segment(std::uint8_t transform) {
    return jpeg_segment(0xEE, text("Adobe") + bytes{0, 100, 0, 0, 0, 0, transform});
}

/// A Windows BMP of `bits` a pixel, with its palette (4 bytes a colour) and its rows from the bottom up.
inline bytes bmp(std::size_t width, std::size_t height, std::size_t bits, const bytes& palette, const bytes& rows) {
    const auto offset = 54 + palette.size();
    return text("BM") + little_endian(offset + rows.size(), 4) + bytes(4) + little_endian(offset, 4) +
           little_endian(40, 4) + little_endian(width, 4) + little_endian(height, 4) + little_endian(1, 2) +
           little_endian(bits, 2) + bytes(24) + palette + rows;
}

/// A BMP of any header. `behind` stands between the usual 40 bytes of the header and the pixels: more header, a palette,
/// or nothing of use.
inline bytes bmp_of(std::size_t header, std::size_t width, std::size_t height, std::size_t bits,
                    std::size_t compression, const bytes& behind, const bytes& rows) {
    const auto offset = 54 + behind.size();
    return text("BM") + little_endian(offset + rows.size(), 4) + bytes(4) + little_endian(offset, 4) +
           little_endian(header, 4) + little_endian(width, 4) + little_endian(height, 4) + little_endian(1, 2) +
           little_endian(bits, 2) + little_endian(compression, 4) + bytes(20) + behind + rows;
}

/// A 2x2 PNG with a chunk of each kind that stb reads.
inline bytes palette_png() {
    return png(2, 2, 2, 3, stored({0, 0x10, 0, 0xB0}), png_chunk("PLTE", bytes(12, 77)) + png_chunk("tRNS", {9, 8}));
}

/// Why `decode` refuses; "" when it does not.
inline std::string refusal(const bytes& file, int megapixels = io::default_megapixels) {
    try {
        io::decode(file, megapixels);
        return "";
    } catch (const io::bad_picture& error) {
        return error.what();
    }
}

/// The first `size` bytes.
inline bytes start_of(const bytes& file, std::ptrdiff_t size) { return {file.begin(), file.begin() + size}; }

}  // namespace picture_files
