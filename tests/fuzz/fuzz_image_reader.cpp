// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// The reader of the examples on any bytes: it says why they are no picture, or gives one that is within its budget and
// comes back as it was when it is written as PNG, BMP or PNM and read again. The check sums of a PNG, which no fuzzer would
// guess, are made right, but the one of its pixels, without which stb reads it here.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../../examples/image_checks.hpp"
#include "../../examples/image_io.hpp"
#include "../../examples/png_writer.hpp"
#include "../../examples/pnm.hpp"
#include "../../examples/stb_codec.hpp"
#include "../picture_files.hpp"
#include "../sample_images.hpp"
#include "bytes.hpp"

namespace {

using fuzz::require;
using picture = lloyd::image<std::uint8_t>;
using samples::same_pixels;

constexpr int megapixels = 1;
constexpr std::ptrdiff_t worth_writing = 1 << 12;  // writing takes far longer than reading

picture decode(const std::vector<std::uint8_t>& file) { return io::decode(file, megapixels).picture; }

void check_written(const picture& read) {
    require(same_pixels(decode(io::encode_png(read)), read), "a PNG comes back as it was");
    const picture rgb(io::to_rgb(read));
    require(same_pixels(decode(io::encode_with_stb(rgb, "bmp")), rgb), "a BMP comes back as it was");
    require(same_pixels(decode(io::encode_pnm(rgb)), rgb), "a PPM comes back as it was");
    const auto jpeg = decode(io::encode_with_stb(rgb, "jpg"));
    require(jpeg.width() == rgb.width() && jpeg.height() == rgb.height(), "a JPEG comes back in its size");
}

void check_budget(const picture& read) {
    require(0 < read.size() && read.size() <= megapixels * 1'000'000, "a picture is within its budget");
    require(1 <= read.channels() && read.channels() <= 4, "a picture has 1 to 4 channels");
}

/// What io::decode does with a PNG, but for the check sum of its pixels.
void check_unsealed(std::vector<std::uint8_t> png) {
    try {
        io::check_structure(png, io::file_format::png, megapixels);
        check_budget(io::decode_with_stb(png, megapixels));
    } catch (const io::bad_picture&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::uint8_t> file(data, data + size);
    if (io::format_of(file) == io::file_format::png) {
        file = picture_files::resealed(file);
        check_unsealed(file);
    }
    picture read;
    try {
        read = decode(file);
    } catch (const io::bad_picture& error) {
        require(error.what()[0] != '\0', "a refusal has a reason");
        return 0;
    }
    check_budget(read);
    const auto alpha = io::alpha_of(read);
    require(alpha.empty() == (read.channels() % 2 == 1), "alpha is the last of 2 or 4 channels");
    if (read.size() <= worth_writing) check_written(read);
    return 0;
}
