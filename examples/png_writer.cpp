// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "png_writer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "image_checks.hpp"
#include "stb_codec.hpp"

namespace io {
namespace {

using u8 = std::uint8_t;
using byte_vector = std::vector<u8>;
using picture_view = lloyd::image_view<const u8>;

/// What the chunks of a file hold.
struct png_contents {
    int depth;                          ///< bits of a channel, or of an index
    u8 color_type;                      ///< 0 gray, 2 RGB, 3 index, 4 gray and alpha, 6 RGBA
    byte_vector rows;                   ///< each begins with the number of its filter
    byte_vector palette, transparency;  ///< empty if there is no such chunk
};

/// Rows of pixels of `depth` bits, of which the first is in the highest bits. They have filter 0: differences of indices say
/// nothing, and the compression finds equal ones.
byte_vector packed_rows(std::span<const u8> pixels, std::ptrdiff_t width, int depth) {
    const auto across = static_cast<std::size_t>(width), in_byte = static_cast<std::size_t>(8 / depth);
    byte_vector rows(pixels.size() / across * (1 + (across + in_byte - 1) / in_byte));
    for (auto to = rows.begin(); !pixels.empty(); pixels = pixels.subspan(across)) {
        *to++ = 0;
        for (std::size_t x = 0; x < across; x += in_byte) {
            int bits = 0, shift = 8;
            for (const int pixel : pixels.subspan(x, std::min(in_byte, across - x))) bits |= pixel << (shift -= depth);
            *to++ = static_cast<u8>(bits);
        }
    }
    return rows;
}

/// Rows of 8 bits a channel with filter 2: differences from the row above.
byte_vector filtered_rows(picture_view picture) {
    const auto size = static_cast<std::size_t>(picture.width() * picture.channels());
    byte_vector rows(static_cast<std::size_t>(picture.height()) * (size + 1));
    const byte_vector zeros(size);
    std::span<const u8> above = zeros;
    auto to = rows.begin();
    for (std::ptrdiff_t y = 0; y < picture.height(); ++y) {
        *to++ = 2;
        const auto row = picture.row(y);
        to = std::transform(row.begin(), row.end(), above.begin(), to,
                            [](int a, int b) { return static_cast<u8>(a - b); });
        above = row;
    }
    return rows;
}

/// Alpha is in the highest bits, so that opaque colours are the largest. Without alpha all are opaque.
std::uint32_t color_of(std::span<const u8> pixel) {
    std::uint32_t color = pixel.size() == 4 ? pixel[3] : 255;
    for (const auto channel : pixel.first(3)) color = color << 8 | channel;
    return color;
}

/// An RGB or RGBA picture by indices of its colours; nothing if it has more than 256.
std::optional<png_contents> indexed(picture_view picture) {
    std::unordered_map<std::uint32_t, u8> found;  // the index of each colour, first by where it first appears
    byte_vector indices(static_cast<std::size_t>(picture.size()));
    const auto channels = static_cast<std::size_t>(picture.channels());
    auto to = indices.begin();
    for (std::ptrdiff_t y = 0; y < picture.height(); ++y) {
        const auto row = picture.row(y);
        std::uint32_t last = ~color_of(row.first(channels));
        u8 index = 0;
        for (std::size_t i = 0; i < row.size(); i += channels) {
            const auto color = color_of(row.subspan(i, channels));
            if (color != last) index = found.try_emplace(color, static_cast<u8>(found.size())).first->second;
            if (found.size() > 256) return {};
            last = color;
            *to++ = index;
        }
    }

    png_contents result{8, 3, {}, {}, {}};
    byte_vector place(found.size());
    for (const auto& [color, index] : std::map(found.begin(), found.end())) {
        place[index] = static_cast<u8>(result.palette.size() / 3);
        for (const int shift : {16, 8, 0}) result.palette.push_back(static_cast<u8>(color >> shift));
        const auto alpha = static_cast<u8>(color >> 24);
        const bool keeps_channel = picture.channels() == 4 && result.transparency.empty();
        if (alpha < 255 || keeps_channel) result.transparency.push_back(alpha);
    }
    for (auto& index : indices) index = place[index];
    result.depth = found.size() <= 2 ? 1 : found.size() <= 4 ? 2 : found.size() <= 16 ? 4 : 8;
    result.rows = packed_rows(indices, picture.width(), result.depth);
    return result;
}

/// A gray picture. The levels of d bits are the multiples of 255 / (2^d − 1).
png_contents gray(picture_view picture, bool all_bits) {
    std::array<bool, 256> has{};
    byte_vector levels;
    levels.reserve(static_cast<std::size_t>(picture.size()));
    for (std::ptrdiff_t y = 0; y < picture.height(); ++y) {
        const auto row = picture.row(y);
        for (const auto level : row) has[level] = true;
        levels.insert(levels.end(), row.begin(), row.end());
    }
    for (const int depth : {1, 2, 4}) {
        const int step = 255 / ((1 << depth) - 1);
        bool fits = !all_bits;
        for (int level = 0; level < 256; ++level) fits &= !has[static_cast<std::size_t>(level)] || level % step == 0;
        if (!fits) continue;
        for (auto& level : levels) level = static_cast<u8>(level / step);
        return {depth, 0, packed_rows(levels, picture.width(), depth), {}, {}};
    }
    return {8, 0, filtered_rows(picture), {}, {}};
}

png_contents contents_of(picture_view picture, bool all_bits) {
    const auto channels = picture.channels();
    if (channels == 1) return gray(picture, all_bits);
    if (channels >= 3)
        if (auto result = indexed(picture)) return *std::move(result);
    const u8 color_type = channels == 2 ? 4 : channels == 3 ? 2 : 6;
    return {8, color_type, filtered_rows(picture), {}, {}};
}

void append_number(byte_vector& to, std::size_t number) {
    for (const int shift : {24, 16, 8, 0}) to.push_back(static_cast<u8>(number >> shift));
}

void append_chunk(byte_vector& file, std::string_view name, std::span<const u8> data) {
    append_number(file, data.size());
    const auto start = file.size();
    file.insert(file.end(), name.begin(), name.end());
    file.insert(file.end(), data.begin(), data.end());
    append_number(file, png_checksum(std::span(file).subspan(start)));
}

}  // namespace

std::vector<u8> encode_png(picture_view picture, bool all_bits) {
    if (picture.empty() || picture.size() * picture.channels() > std::ptrdiff_t{1} << 30)
        throw std::length_error("encode_png");
    auto contents = contents_of(picture, all_bits);
    byte_vector header;
    append_number(header, static_cast<std::size_t>(picture.width()));
    append_number(header, static_cast<std::size_t>(picture.height()));
    for (const int value : {contents.depth, int{contents.color_type}, 0, 0, 0})
        header.push_back(static_cast<u8>(value));

    const std::string_view signature = "\x89PNG\r\n\x1a\n";
    byte_vector file(signature.begin(), signature.end());
    append_chunk(file, "IHDR", header);
    if (!contents.palette.empty()) append_chunk(file, "PLTE", contents.palette);
    if (!contents.transparency.empty()) append_chunk(file, "tRNS", contents.transparency);
    append_chunk(file, "IDAT", deflate_with_stb(std::move(contents.rows)));
    append_chunk(file, "IEND", {});
    return file;
}

}  // namespace io
