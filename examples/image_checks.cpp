// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "image_checks.hpp"

#include <algorithm>
#include <string_view>

namespace io {
namespace {

using bytes_view = std::span<const std::uint8_t>;

bool starts_with(bytes_view bytes, std::string_view text) {
    return bytes.size() >= text.size() &&
           std::equal(text.begin(), text.end(), bytes.begin(),
                      [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

/// The orientation in a block of EXIF data (TIFF 6.0: a directory of 12-byte entries), 1 when there is none.
int exif_orientation(bytes_view tiff) {
    const bool little = starts_with(tiff, {"II*\0", 4});
    if (!little && !starts_with(tiff, {"MM\0*", 4})) return 1;
    const auto number = [little](byte_reader& from, std::size_t size) {
        return little ? from.little_endian(size) : from.big_endian(size);
    };
    try {
        byte_reader header(tiff.subspan(4));
        byte_reader directory(tiff);
        directory.take(number(header, 4));
        for (auto entries = number(directory, 2); entries > 0; --entries) {
            const auto tag = number(directory, 2), type = number(directory, 2), count = number(directory, 4);
            const auto value = number(directory, 2);
            directory.take(2);
            if (tag == 0x0112 && type == 3 && count == 1 && 1 <= value && value <= 8) return static_cast<int>(value);
        }
    } catch (const bad_picture&) {
        // Broken EXIF data do not make a broken picture.
    }
    return 1;
}

// ── JPEG (ITU T.81, annex B) ──

/// Skips compressed data and fill bytes up to the next marker; returns its code.
std::uint8_t next_marker(byte_reader& file) {
    for (auto byte = file.byte();; byte = file.byte()) {
        if (byte != 0xFF) continue;
        while (byte == 0xFF) byte = file.byte();
        const bool data = byte == 0x00 || (0xD0 <= byte && byte <= 0xD7);  // an escaped FF, a restart mark
        if (!data) return byte;
    }
}

/// A Huffman table holds at most 256 symbols; stb writes as many as the file says.
void check_huffman_tables(bytes_view segment) {
    for (byte_reader tables(segment); !tables.at_end();) {
        tables.byte();
        std::size_t symbols = 0;
        for (const auto codes_of_one_length : tables.take(16)) symbols += codes_of_one_length;
        if (symbols > 256) throw bad_picture("a Huffman table of the JPEG has more than 256 symbols");
        tables.take(symbols);
    }
}

/// To its end marker: a JPEG that stops before it is cut off, whatever decoders make of the rest.
int check_jpeg(bytes_view bytes) {
    constexpr int most_scans = 30;  // each passes over all pixels; progressive photos have about ten
    int orientation = 1;
    int scans = 0;
    byte_reader file(bytes.subspan(2));
    for (;;) {
        const auto marker = next_marker(file);
        if (marker == 0xD9 && scans > 0) return orientation;
        if (marker == 0xD9) throw bad_picture("the JPEG has an end but no picture");
        const auto length = file.big_endian(2);
        const auto segment = file.take(std::max(length, 2u) - 2);
        if (marker == 0xC4) check_huffman_tables(segment);
        if (marker == 0xDA && ++scans > most_scans) throw bad_picture("the JPEG has more than 30 scans");
        if (marker == 0xE1 && starts_with(segment, {"Exif\0\0", 6}) && orientation == 1)
            orientation = exif_orientation(segment.subspan(6));
    }
}

// ── PNG (ISO 15948): chunks of length, name, data and check sum ──

int check_png(std::vector<std::uint8_t>& bytes) {
    constexpr std::size_t full_palette = 768;  // 256 colours
    int orientation = 1;
    std::size_t palette = 0;
    byte_reader file(bytes);
    file.take(8);
    for (bool first = true;; first = false) {
        const auto length = file.big_endian(4);
        const auto name = file.take(4);
        const auto data = file.take(length);
        file.take(4);
        if (first != starts_with(name, "IHDR")) throw bad_picture("the PNG does not start with its header");
        if (starts_with(name, "PLTE") && length < full_palette)
            palette = static_cast<std::size_t>(data.data() - bytes.data());
        if (starts_with(name, "eXIf")) orientation = exif_orientation(data);
        if (starts_with(name, "IEND")) break;
    }
    if (palette == 0) return orientation;
    const auto length = byte_reader(bytes_view(bytes).subspan(palette - 8)).big_endian(4);
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(palette + length), full_palette - length, 0);
    bytes[palette - 6] = full_palette >> 8;
    bytes[palette - 5] = full_palette & 0xFF;
    return orientation;
}

// ── BMP: a header that says where the pixels start, and rows of whole 32-bit words ──

void check_bmp(std::vector<std::uint8_t>& bytes) {
    byte_reader file(bytes);
    file.take(10);
    const std::int64_t offset = file.little_endian(4);
    const std::int64_t header = file.little_endian(4);
    const bool old = header == 12;
    const auto number = [&](std::size_t size) { return static_cast<std::int32_t>(file.little_endian(size)); };
    const std::int64_t width = number(old ? 2 : 4), height = number(old ? 2 : 4);
    file.take(2);
    const std::int64_t bits = number(2);
    const auto compression = old ? 0 : number(4);

    if (compression != 0 && compression != 3) throw bad_picture("compressed BMP files are not supported");
    constexpr std::int64_t depths[] = {1, 4, 8, 16, 24, 32}, largest = 1 << 30;
    const bool sane = std::ranges::count(depths, bits) == 1 && 0 < width && width <= largest && height != 0 &&
                      -largest <= height && height <= largest;
    if (!sane) throw bad_picture("the header of the BMP makes no sense");

    const std::int64_t masks = compression == 3 && (header == 40 || header == 56) ? 12 : 0;
    const std::int64_t colors = 14 + header + masks;
    const std::int64_t rows = height < 0 ? -height : height;
    const std::int64_t needed = offset + (width * bits + 31) / 32 * 4 * (rows - 1) + (width * bits + 7) / 8;
    if (offset < colors) throw bad_picture("the pixels of the BMP overlap its header");
    if (needed > static_cast<std::int64_t>(bytes.size())) throw bad_picture("the BMP is cut off");

    const std::int64_t full = colors + (old ? 256 * 3 + 12 : 256 * 4);  // stb counts 12 bytes less in the old form
    if (bits > 8 || offset >= full) return;
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(offset), static_cast<std::size_t>(full - offset), 0);
    for (std::size_t i = 0; i < 4; ++i) bytes[10 + i] = static_cast<std::uint8_t>(full >> (8 * i));
}

}  // namespace

std::span<const std::uint8_t> byte_reader::take(std::size_t count) {
    if (count > left_.size()) throw bad_picture("the file is cut off");
    const auto taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
}

std::uint32_t byte_reader::big_endian(std::size_t count) {
    std::uint32_t number = 0;
    for (const auto byte : take(count)) number = number << 8 | byte;
    return number;
}

std::uint32_t byte_reader::little_endian(std::size_t count) {
    std::uint32_t number = 0;
    const auto bytes = take(count);
    for (std::size_t i = count; i-- > 0;) number = number << 8 | bytes[i];
    return number;
}

file_format format_of(std::span<const std::uint8_t> bytes) {
    if (starts_with(bytes, "\x89PNG\r\n\x1a\n")) return file_format::png;
    if (starts_with(bytes, "\xFF\xD8\xFF")) return file_format::jpeg;
    if (starts_with(bytes, "BM")) return file_format::bmp;
    if (starts_with(bytes, "P5") || starts_with(bytes, "P6")) return file_format::pnm;
    return file_format::unknown;
}

int check_structure(std::vector<std::uint8_t>& bytes, file_format format) {
    if (format == file_format::jpeg) return check_jpeg(bytes);
    if (format == file_format::png) return check_png(bytes);
    if (format == file_format::bmp) check_bmp(bytes);
    return 1;
}

}  // namespace io
