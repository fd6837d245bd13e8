// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "image_checks.hpp"

#include <algorithm>

namespace io {

bool starts_with(std::span<const std::uint8_t> bytes, std::string_view text) {
    return bytes.size() >= text.size() &&
           std::equal(text.begin(), text.end(), bytes.begin(),
                      [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

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

int exif_orientation(std::span<const std::uint8_t> tiff) {
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
        // A picture with damaged EXIF data is still a valid picture.
    }
    return 1;
}

void check_size(std::int64_t width, std::int64_t height, std::int64_t channels, int megapixels) {
    constexpr std::int64_t million = 1'000'000, gibibyte = std::int64_t{1} << 30;
    const auto size = std::to_string(width) + "x" + std::to_string(height);
    if (width * height > megapixels * million)
        throw bad_picture(
            "it has " + size + " pixels, but at most " + std::to_string(megapixels) + " million are allowed",
            "shrink it, or allow more with --max-pixels " + std::to_string((width * height + million - 1) / million));
    if (width * height * channels > gibibyte)
        throw bad_picture("its " + size + " pixels take more than 1 GiB", "shrink it");
}

void check_decoder_memory(std::int64_t bytes, int megapixels, const std::string& way_out) {
    constexpr std::int64_t for_a_million = 16'000'000, mebibyte = 1 << 20;
    const auto allowed = megapixels * for_a_million + 64 * mebibyte;
    if (bytes > allowed)
        throw bad_picture("decoding it takes " + std::to_string(bytes / mebibyte) + " MiB, but at most " +
                              std::to_string(allowed / mebibyte) + " are allowed",
                          way_out + ", or allow more with --max-pixels " +
                              std::to_string((bytes + for_a_million - 1) / for_a_million));
}

file_facts check_structure(std::vector<std::uint8_t>& bytes, file_format format, int megapixels) {
    if (format == file_format::jpeg) return check_jpeg(bytes, megapixels);
    if (format == file_format::png) return check_png(bytes, megapixels);
    if (format == file_format::bmp) return check_bmp(bytes, megapixels);
    return {};
}

}  // namespace io
