// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// BMP: a header of one of seven sizes, a palette or colour masks, and rows padded to a multiple of 32 bits.

#include <algorithm>
#include <array>
#include <bit>

#include "image_checks.hpp"

namespace io {
namespace {

struct bmp_header {
    std::int64_t offset;  // of the pixels
    std::int64_t size;    // of the header itself: 12 in the oldest form, 40 in the usual one
    std::int64_t width, height, bits;
    std::int64_t colors;                 // in the palette; 0 means as many as the bits allow
    std::int64_t palette;                // where it starts
    std::array<std::uint32_t, 4> masks;  // the bits of red, green, blue and alpha in a pixel of 16 or 32 bits

    std::int64_t rows() const { return height < 0 ? -height : height; }
};

/// The masks: which bits of a pixel belong to which colour. Throws bad_picture for compressed pixels.
std::array<std::uint32_t, 4> read_masks(byte_reader& file, const bmp_header& header, std::uint32_t compression) {
    if (compression == 0 && header.bits == 16) return {0x7C00, 0x03E0, 0x001F, 0};
    if (compression == 0) return {0xFF0000, 0xFF00, 0xFF, 0};  // the fourth byte is unused
    const bool has_masks = header.size != 64 && (compression == 3 || (compression == 6 && header.size == 40));
    if (!has_masks) throw bad_picture("compressed BMP files are not supported");
    std::array<std::uint32_t, 4> masks{};
    const std::ptrdiff_t count = compression == 6 || header.size >= 56 ? 4 : 3;
    std::generate_n(masks.begin(), count, [&] { return file.little_endian(4); });
    return masks;
}

bmp_header read_header(std::span<const std::uint8_t> bytes) {
    byte_reader file(bytes);
    file.take(10);
    bmp_header header{};
    header.offset = file.little_endian(4);
    header.size = file.little_endian(4);
    constexpr std::int64_t known[] = {12, 40, 52, 56, 64, 108, 124};
    if (std::ranges::count(known, header.size) == 0)
        throw bad_picture("it is a BMP with a header of " + std::to_string(header.size) +
                          " bytes, which is not supported");
    const bool old = header.size == 12;
    const auto length = [&] { return old ? std::int64_t{file.little_endian(2)} : std::int32_t(file.little_endian(4)); };
    header.width = length();
    header.height = length();
    const auto planes = file.little_endian(2);
    header.bits = file.little_endian(2);
    const auto compression = old ? 0 : file.little_endian(4);
    if (!old) {
        file.take(12);
        header.colors = file.little_endian(4);
        file.take(4);
    }
    header.masks = read_masks(file, header, compression);
    header.palette = 14 + header.size + (header.size > 40 ? 0 : compression == 3 ? 12 : compression == 6 ? 16 : 0);

    constexpr std::int64_t depths[] = {1, 4, 8, 16, 24, 32}, largest = 1 << 30;
    const bool sane = std::ranges::count(depths, header.bits) == 1 && planes == 1 && 0 < header.width &&
                      header.width <= largest && header.height != 0 && header.rows() <= largest &&
                      (compression == 0 || header.bits == 16 || header.bits == 32);
    if (!sane) throw bad_picture("the header of the BMP is invalid");
    return header;
}

/// Throws bad_picture unless the bits of each colour are contiguous, and at most 8: stb reads no others.
void check_masks(const bmp_header& header) {
    if (header.bits != 16 && header.bits != 32) return;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto mask = header.masks[i];
        if (mask == 0 && i == 3) continue;
        const auto bits = mask == 0 ? 0 : mask >> std::countr_zero(mask);
        if (mask == 0 || !std::has_single_bit(std::uint64_t{bits} + 1) || (header.bits == 16 && mask > 0xFFFF))
            throw bad_picture("the bits of a colour of the BMP are invalid");
        if (bits > 0xFF) throw bad_picture("a colour of the BMP has more than 8 bits, which are not supported");
    }
}

/// The part of the file before the pixels, in a form that stb reads: a header of 40 bytes, with 256 colours if there is a
/// palette, or one of 108 bytes with masks.
std::vector<std::uint8_t> header_for_stb(const bmp_header& header, std::span<const std::uint8_t> bytes) {
    const bool masks = header.bits == 16 || header.bits == 32, palette = header.bits <= 8;
    std::vector<std::uint8_t> result(masks ? 122 : palette ? 54 + 1024 : 54);
    const auto put = [&](std::size_t at, std::int64_t number, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) result[at + i] = static_cast<std::uint8_t>(number >> (8 * i));
    };
    put(0, 0x4D42, 2);
    put(10, std::ssize(result), 4);
    put(14, masks ? 108 : 40, 4);
    put(18, header.width, 4);
    put(22, header.height, 4);
    put(26, 1, 2);
    put(28, header.bits, 2);
    if (masks) {
        put(30, 3, 4);
        for (std::size_t i = 0; i < 4; ++i) put(54 + 4 * i, header.masks[i], 4);
    }
    if (!palette) return result;
    const std::int64_t size = header.size == 12 ? 3 : 4, most = std::int64_t{1} << header.bits;
    const auto told = header.colors == 0 ? most : std::min(header.colors, most);
    const auto colors = std::min(told, (header.offset - header.palette) / size);
    byte_reader from(bytes.subspan(static_cast<std::size_t>(header.palette)));
    for (std::int64_t i = 0; i < colors; ++i)
        std::ranges::copy(from.take(static_cast<std::size_t>(size)).first(3), result.begin() + 54 + 4 * i);
    return result;
}

}  // namespace

file_facts check_bmp(std::vector<std::uint8_t>& bytes, int megapixels) {
    const auto header = read_header(bytes);
    check_size(header.width, header.rows(), 4, megapixels);
    check_masks(header);
    const auto row = header.width * header.bits;
    const auto pixels = (row + 31) / 32 * 4 * (header.rows() - 1) + (row + 7) / 8;
    if (header.offset < header.palette) throw bad_picture("the pixels of the BMP overlap its header");
    if (header.offset + pixels > std::ssize(bytes)) throw bad_picture("the BMP is cut off");
    const auto start = header_for_stb(header, bytes);
    bytes.resize(static_cast<std::size_t>(header.offset + pixels));
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(header.offset));
    bytes.insert(bytes.begin(), start.begin(), start.end());
    return {};
}

}  // namespace io
