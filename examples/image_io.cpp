// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "image_io.hpp"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "file_system.hpp"
#include "image_checks.hpp"
#include "png_writer.hpp"
#include "pnm.hpp"
#include "program.hpp"
#include "stb_codec.hpp"

namespace io {
namespace {

using u8 = std::uint8_t;
using byte_image = lloyd::image<u8>;

/// In EXIF orientations 2, 3, 7, 8 left and right are exchanged, in 3, 4, 6, 7 top and bottom, and in 5 to 8 rows and
/// columns.
byte_image turned_upright(byte_image stored, int orientation) {
    if (orientation == 1) return stored;
    const auto is_one_of = [orientation](auto... values) { return ((orientation == values) || ...); };
    const bool mirrored = is_one_of(2, 3, 7, 8), upside_down = is_one_of(3, 4, 6, 7), lying = orientation >= 5;
    const auto width = stored.width(), height = stored.height();
    byte_image upright(lying ? height : width, lying ? width : height, stored.channels());
    for (std::ptrdiff_t y = 0; y < upright.height(); ++y)
        for (std::ptrdiff_t x = 0; x < upright.width(); ++x) {
            const auto across = lying ? y : x, down = lying ? x : y;
            const auto pixel = stored(mirrored ? width - 1 - across : across, upside_down ? height - 1 - down : down);
            std::ranges::copy(pixel, upright(x, y).begin());
        }
    return upright;
}

/// The extension without its dot; "png" if there is none. Throws cli::failure (usage) for an unknown one.
std::string format_to_write(const std::filesystem::path& path) {
    require_extension(path, picture_extensions());
    const auto extension = extension_of(path);
    return extension.empty() ? "png" : extension.substr(1);
}

byte_image without_alpha(lloyd::image_view<const u8> source) {
    if (source.channels() == 2) return byte_image(lloyd::select_channels<0>(source));
    if (source.channels() == 4) return byte_image(lloyd::select_channels<0, 1, 2>(source));
    return byte_image(source);
}

/// Luma (ITU-R BT.601).
byte_image to_gray(const byte_image& source) {
    if (source.channels() == 1) return source;
    byte_image gray(source.width(), source.height(), 1);
    auto to = gray.elements().begin();
    const auto from = source.elements();
    for (std::size_t i = 0; i < from.size(); i += 3)
        *to++ = static_cast<u8>((299 * from[i] + 587 * from[i + 1] + 114 * from[i + 2] + 500) / 1000);
    return gray;
}

/// Notes on a picture of 16 bits: that it is rounded, and whether it seems to use only 12 of the bits, so that it becomes
/// nearly black.
std::vector<std::string> notes_on_16_bits(const byte_image& rounded) {
    constexpr u8 largest_of_12_bits = (4095 * 255 + 32767) / 65535;
    const auto colors = to_rgb(rounded);
    const u8 brightest = std::ranges::max(colors.elements());
    std::vector<std::string> notes = {"has 16 bits a channel, which are rounded to 8"};
    if (0 < brightest && brightest <= largest_of_12_bits)
        notes.emplace_back(
            "uses only the lowest 4096 of its 65536 levels, as 12-bit data do, and becomes nearly black; "
            "multiply the values first: convert FILE -evaluate multiply 16 brighter.png");
    return notes;
}

std::vector<u8> encode(lloyd::image_view<const u8> view, const std::string& extension) {
    if (extension == "png") return encode_png(view);
    const byte_image source = extension == "bmp" ? byte_image(view) : without_alpha(view);
    if (extension == "ppm") return encode_pnm(byte_image(to_rgb(source)));
    if (extension == "pgm") return encode_pnm(to_gray(source));
    if (extension == "pnm") return encode_pnm(source);
    return encode_with_stb(source, extension == "jpeg" ? "jpg" : extension);
}

/// Uncompressed, 16-bit RGBA takes 8 bytes a pixel; no photograph takes more.
std::size_t largest_file(int megapixels) {
    return std::min<std::size_t>(8'000'000 * static_cast<std::size_t>(megapixels) + (1 << 24), INT_MAX);
}

}  // namespace

const std::vector<std::string>& picture_extensions() {
    static const std::vector<std::string> known = {".png", ".jpg", ".jpeg", ".bmp", ".pnm", ".ppm", ".pgm"};
    return known;
}

decoded decode(std::vector<u8> bytes, int megapixels) {
    const auto format = format_of(bytes);
    if (bytes.empty()) throw bad_picture("the file is empty");
    if (bytes.size() > INT_MAX - 2048) throw bad_picture("the file has more than 2 GiB", "shrink it");
    if (format == file_format::unknown)
        throw bad_picture("it is neither a PNG, JPEG, BMP nor a binary PGM or PPM", "save it as one of these");
    if (format == file_format::pnm) {
        const auto header = read_pnm_header(bytes);
        check_size(header.width, header.height, header.channels, megapixels);
        auto stored = decode_pnm(header);
        auto notes = header.largest > 255 ? notes_on_16_bits(stored) : std::vector<std::string>();
        return {std::move(stored), std::move(notes)};
    }
    const auto facts = check_structure(bytes, format, megapixels);
    const bool has_16_bits = format == file_format::png && bytes[24] == 16;
    auto stored = format == file_format::png ? decode_png(bytes, megapixels) : decode_with_stb(bytes, megapixels);
    auto notes = has_16_bits ? notes_on_16_bits(stored) : std::vector<std::string>();
    if (facts.other_colors)
        notes.emplace_back(
            "has colours other than sRGB, which are read as if they were sRGB; convert them to sRGB first, "
            "with an image editor, to get the right colours");
    return {turned_upright(std::move(stored), facts.orientation), std::move(notes)};
}

byte_image read(const std::filesystem::path& path, int megapixels) {
    try {
        auto [picture, notes] = decode(read_file(path, largest_file(megapixels)), megapixels);
        for (const auto& note : notes) cli::note(cli::given(path) + " " + note);
        return std::move(picture);
    } catch (const bad_picture& error) {
        throw cli::failure(cli::unreadable, "cannot read " + cli::given(path) + ": " + error.what());
    }
}

std::optional<std::int64_t> pixels_in(const std::filesystem::path& path, int megapixels) {
    try {
        if (!std::filesystem::is_regular_file(path) || is_descriptor(path)) return {};
        auto bytes = read_file(path, largest_file(megapixels));
        const auto format = format_of(bytes);
        if (format == file_format::unknown) return {};
        if (format == file_format::jpeg) return jpeg_pixels(bytes);
        if (format == file_format::pnm) {
            const auto header = read_pnm_header(bytes);
            return header.width * header.height;
        }
        if (format == file_format::bmp) check_bmp(bytes, megapixels);
        byte_reader header(std::span<const u8>(bytes).subspan(format == file_format::png ? 16 : 18));
        const auto number = [&] { return format == file_format::png ? header.big_endian(4) : header.little_endian(4); };
        const std::int64_t width = number();
        return width * std::abs(std::int64_t{static_cast<std::int32_t>(number())});
    } catch (const std::exception&) {
        return {};  // to read it says why
    }
}

lloyd::image<u8, 3> read_rgb(const std::filesystem::path& path, int megapixels) {
    return to_rgb(read(path, megapixels));
}

lloyd::image<u8, 3> to_rgb(const byte_image& source) {
    if (source.channels() == 3) return lloyd::image<u8, 3>(source);
    return source.channels() == 4 ? lloyd::select_channels<0, 1, 2>(source) : lloyd::select_channels<0, 0, 0>(source);
}

lloyd::image<u8, 1> alpha_of(const byte_image& source) {
    if (source.channels() == 2) return lloyd::select_channels<1>(source);
    if (source.channels() == 4) return lloyd::select_channels<3>(source);
    return {};
}

lloyd::image<u8, 4> with_alpha(const lloyd::image<u8, 3>& rgb, const lloyd::image<u8, 1>& alpha) {
    if (rgb.width() != alpha.width() || rgb.height() != alpha.height())
        throw std::invalid_argument("with_alpha: the sizes differ");
    lloyd::image<u8, 4> rgba(rgb.width(), rgb.height());
    for (std::ptrdiff_t y = 0; y < rgb.height(); ++y)
        for (std::ptrdiff_t x = 0; x < rgb.width(); ++x) {
            std::ranges::copy(rgb(x, y), rgba(x, y).begin());
            rgba(x, y)[3] = alpha(x, y)[0];
        }
    return rgba;
}

void require_writable_picture(const std::filesystem::path& path) {
    format_to_write(path);
    require_writable(path);
}

void write_view(const std::filesystem::path& path, lloyd::image_view<const u8> source) {
    const auto extension = format_to_write(path);
    const bool has_alpha = source.channels() == 2 || source.channels() == 4;
    const bool keeps_alpha = extension == "png" || extension == "bmp";
    if (has_alpha && !keeps_alpha) cli::note(cli::given(path) + " is written without alpha; use PNG to keep it");
    std::vector<u8> file;
    try {
        file = encode(source, extension);
    } catch (const std::length_error&) {
        throw cli::failure(cli::unwritable, "cannot write " + cli::given(path) + ": ." + extension + " cannot hold " +
                                                std::to_string(source.width()) + "x" + std::to_string(source.height()) +
                                                " pixels; try .ppm, or a smaller picture");
    }
    write_file(path, file);
}

}  // namespace io
