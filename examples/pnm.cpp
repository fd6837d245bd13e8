// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "pnm.hpp"

#include <algorithm>
#include <string>

#include "image_checks.hpp"

namespace io {
namespace {

bool is_space(std::uint8_t byte) { return byte == ' ' || ('\t' <= byte && byte <= '\r'); }

/// The next byte of the header. A comment from # to the end of its line counts as that end of line.
std::uint8_t next_byte(byte_reader& file) {
    auto byte = file.byte();
    if (byte == '#')
        while (byte != '\n' && byte != '\r') byte = file.byte();
    return byte;
}

/// The next number of the header. Also reads the one white space after it.
std::int64_t next_number(byte_reader& file) {
    auto byte = next_byte(file);
    while (is_space(byte)) byte = next_byte(file);
    std::int64_t number = 0;
    for (; '0' <= byte && byte <= '9'; byte = next_byte(file))
        number = std::min(10 * number + (byte - '0'), INT64_C(1) << 30);
    if (!is_space(byte) || number == 0) throw bad_picture("the header of the PNM file is invalid");
    return number;
}

}  // namespace

pnm_header read_pnm_header(std::span<const std::uint8_t> bytes) {
    byte_reader file(bytes);
    file.byte();
    pnm_header header{};
    header.channels = file.byte() == '5' ? 1 : 3;
    header.width = next_number(file);
    header.height = next_number(file);
    const auto largest = next_number(file);
    if (largest > 65535) throw bad_picture("the largest value of the PNM file is above 65535");
    header.largest = static_cast<std::uint32_t>(largest);
    const std::int64_t row = header.width * header.channels * (largest > 255 ? 2 : 1);
    if (row > static_cast<std::int64_t>(bytes.size()) / header.height) throw bad_picture("the PNM file is cut off");
    header.pixels = file.take(static_cast<std::size_t>(row * header.height));
    return header;
}

lloyd::image<std::uint8_t> decode_pnm(const pnm_header& header) {
    lloyd::image<std::uint8_t> picture(header.width, header.height, header.channels);
    const std::size_t size = header.largest > 255 ? 2 : 1;
    byte_reader values(header.pixels);
    for (auto& element : picture.elements()) {
        const auto value = std::min(values.big_endian(size), header.largest);
        element = static_cast<std::uint8_t>((value * 255 + header.largest / 2) / header.largest);
    }
    return picture;
}

std::vector<std::uint8_t> encode_pnm(const lloyd::image<std::uint8_t>& picture) {
    const auto header = std::string(picture.channels() == 1 ? "P5\n" : "P6\n") + std::to_string(picture.width()) + " " +
                        std::to_string(picture.height()) + "\n255\n";
    std::vector<std::uint8_t> file(header.begin(), header.end());
    for (std::ptrdiff_t y = 0; y < picture.height(); ++y) {
        const auto row = picture.row(y);
        file.insert(file.end(), row.begin(), row.end());
    }
    return file;
}

}  // namespace io
