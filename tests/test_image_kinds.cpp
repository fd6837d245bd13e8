// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The kinds of picture files: all that their standards allow and stb alone would refuse, or read wrongly.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/image_io.hpp"
#include "../examples/stb_codec.hpp"
#include "picture_files.hpp"

namespace {

using namespace picture_files;

TEST_CASE("undoes every filter of PNG, as stb does") {
    std::uint32_t state = 1;
    const auto random = [&state] { return static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24); };
    for (const auto& [color_type, channels] : {std::pair{0, 1}, {4, 2}, {2, 3}, {6, 4}})
        for (const auto width : {std::size_t{1}, std::size_t{2}, std::size_t{13}}) {
            const std::size_t height = 11;  // both as first rows and behind others
            for (std::uint8_t first = 0; first < 6; ++first) {
                bytes rows;
                for (std::size_t y = 0; y < height; ++y) {
                    rows.push_back(static_cast<std::uint8_t>(first == 5 && y == 9 ? 5 : (first + y * y) % 5));
                    for (std::size_t i = 0; i < width * static_cast<std::size_t>(channels); ++i)
                        rows.push_back(random());
                }
                auto file = png(width, height, 8, static_cast<std::uint8_t>(color_type), stored(rows));
                if (first == 5) {
                    CHECK(refusal(file).find("invalid filter") != std::string::npos);
                    continue;
                }
                CHECK(equal(io::decode(file).picture, io::decode_with_stb(file, 1)));
            }
        }
}

TEST_CASE("rounds 16 bits to 8 in every format, and says so") {
    const auto mentions_16 = [](const io::decoded& d) { return !d.notes.empty() && d.notes[0].find("16 bits") == 4; };
    // 0x0080 is 127.5 levels of 257, 0x0081 a little more.
    const bytes values = {0x00, 0x80, 0x00, 0x81, 0xFF, 0x7F, 0xFF, 0x7E, 0x12, 0xFF, 0xFF, 0xFF};
    const bytes rounded = {0, 1, 255, 254, 19, 255};
    const auto png_file = io::decode(png(2, 1, 16, 2, stored(bytes{0} + values)));
    const auto ppm_file = io::decode(text("P6 2 1 65535\n") + values);
    CHECK(elements(png_file.picture) == rounded);
    CHECK(elements(ppm_file.picture) == rounded);
    CHECK(mentions_16(png_file));
    CHECK(mentions_16(ppm_file));
    CHECK(elements(io::decode(png(1, 1, 16, 6, stored(bytes{0, 1, 9, 2, 9, 3, 9, 4, 0xF9}))).picture) ==
          bytes{1, 2, 3, 5});
    CHECK(io::decode(png(1, 1, 8, 0, stored({0, 5}))).notes.empty());
    for (unsigned value = 0; value < 65536; value += 13) {
        const auto gray = io::decode(png(1, 1, 16, 0, stored(bytes{0} + big_endian(value, 2)))).picture(0, 0)[0];
        REQUIRE(std::abs(static_cast<int>(gray) * 257 - static_cast<int>(value)) <= 128);
    }
}

TEST_CASE("says when 16 bits hold 12-bit data, which come out black") {
    const auto notes_of = [](std::size_t brightest, std::size_t alpha) {
        return io::decode(png(2, 1, 16, 4, stored(bytes(5) + big_endian(brightest, 2) + big_endian(alpha, 2)))).notes;
    };
    REQUIRE(notes_of(4095, 65535).size() == 2);
    CHECK(notes_of(4095, 65535)[1].find("12-bit data") != std::string::npos);
    CHECK(notes_of(1023, 9).size() == 2);
    CHECK(notes_of(0, 65535).size() == 1);  // black is black
    CHECK(notes_of(5000, 0).size() == 1);
    CHECK(io::decode(png(1, 1, 8, 0, stored({0, 9}))).notes.empty());
}

TEST_CASE("says when colours are not sRGB's") {
    const auto is_noted = [](const bytes& file) {
        const auto notes = io::decode(file).notes;
        return notes.size() == 1 && notes[0].find("sRGB") != std::string::npos;
    };
    const auto with = [](const bytes& chunks) { return png(1, 1, 8, 0, stored({0, 9}), chunks); };
    const auto gamma = [](std::size_t value) { return png_chunk("gAMA", big_endian(value, 4)); };
    const auto primaries = [](std::size_t red) {
        bytes data;
        for (const std::size_t number : {31270U, 32900U, 0U, 33000U, 30000U, 60000U, 15000U, 6000U})
            data = data + big_endian(number == 0 ? red : number, 4);
        return png_chunk("cHRM", data);
    };
    const auto srgb = png_chunk("sRGB", {0});
    const auto profile = [](const std::string& name) { return png_chunk("iCCP", text(name) + bytes{0, 0, 1, 2, 3}); };
    CHECK(is_noted(with(gamma(100000))));
    CHECK(is_noted(with(gamma(45455) + primaries(68000))));
    CHECK(is_noted(with(profile("Display P3"))));
    CHECK(is_noted(with(srgb + profile("Display P3"))));
    CHECK_FALSE(is_noted(with({})));
    CHECK_FALSE(is_noted(with(gamma(45455) + primaries(64000))));
    CHECK_FALSE(is_noted(with(srgb + gamma(100000))));
    CHECK_FALSE(is_noted(with(profile("sRGB IEC61966-2.1"))));
    const auto jpeg = flat_jpeg{.values = {100}}.file();
    const auto icc = [&](const std::string& data) {
        return with_segment(jpeg, 0xE2, text("ICC_PROFILE") + bytes{0, 1, 1} + text(data));
    };
    CHECK(is_noted(icc("... Adobe RGB ...")));
    CHECK_FALSE(is_noted(icc("... sRGB IEC61966-2.1 ...")));
    CHECK_FALSE(is_noted(icc(std::string("s\0R\0G\0B\0", 8))));
    CHECK_FALSE(is_noted(jpeg));
}

TEST_CASE("reads a BMP with any of its headers, and with a gap before its pixels") {
    const bytes rows = {30, 20, 10, 60, 50, 40, 0, 0}, pixels = {10, 20, 30, 40, 50, 60};
    for (const std::size_t header : {40U, 52U, 56U, 64U, 108U, 124U})
        for (const std::size_t gap : {0U, 2U, 5U, 1100U}) {
            CAPTURE(header);
            CAPTURE(gap);
            const auto file = bmp_of(header, 2, 1, 24, 0, bytes(header - 40) + bytes(gap, 0xCC), rows);
            CHECK(elements(io::decode(file).picture) == pixels);
            const auto indexed =
                bmp_of(header, 2, 1, 8, 0, bytes(header - 40) + bytes{30, 20, 10, 0, 60, 50, 40, 0}, {0, 1, 0, 0});
            CHECK(elements(io::decode(indexed).picture) == pixels);
        }
    const auto old_header = little_endian(12, 4) + little_endian(2, 2) + little_endian(1, 2) + little_endian(1, 2);
    const auto old_start = text("BM") + bytes(8);
    CHECK(elements(io::decode(old_start + little_endian(28, 4) + old_header + little_endian(24, 2) + bytes(2) + rows)
                       .picture) == pixels);
    CHECK(elements(io::decode(old_start + little_endian(32, 4) + old_header + little_endian(8, 2) +
                              bytes{30, 20, 10, 60, 50, 40, 0, 1, 0, 0})
                       .picture) == pixels);
    auto top_down = bmp_of(40, 1, 0xFFFFFFFE, 24, 0, {}, {1, 2, 3, 0, 4, 5, 6, 0});
    CHECK(elements(io::decode(top_down).picture) == bytes{3, 2, 1, 6, 5, 4});
}

TEST_CASE("finds the bits of each colour of a BMP, wherever they are") {
    const auto masks = [](std::initializer_list<std::size_t> numbers) {
        bytes result;
        for (const auto number : numbers) result = result + little_endian(number, 4);
        return result;
    };
    const bytes red_and_green = {255, 0, 0, 0, 255, 0}, rows_565 = {0x00, 0xF8, 0xE0, 0x07};
    const auto rgb565 = masks({0xF800, 0x07E0, 0x001F}), alpha1555 = masks({0x7C00, 0x03E0, 0x001F, 0x8000});
    const auto without_alpha = bytes(4);
    CHECK(elements(io::decode(bmp_of(40, 2, 1, 16, 3, rgb565, rows_565)).picture) == red_and_green);
    CHECK(elements(io::decode(bmp_of(52, 2, 1, 16, 3, rgb565, rows_565)).picture) == red_and_green);
    CHECK(elements(io::decode(bmp_of(56, 2, 1, 16, 3, rgb565 + without_alpha, rows_565)).picture) == red_and_green);
    CHECK(elements(io::decode(bmp_of(108, 2, 1, 16, 3, rgb565 + bytes(56), rows_565)).picture) == red_and_green);
    CHECK(elements(io::decode(bmp_of(40, 2, 1, 16, 0, {}, {0x00, 0x7C, 0xE0, 0x83})).picture) == red_and_green);
    CHECK(elements(io::decode(bmp_of(56, 2, 1, 16, 3, alpha1555, {0x00, 0x7C, 0xE0, 0x83})).picture) ==
          bytes{255, 0, 0, 0, 0, 255, 0, 255});
    CHECK(elements(
              io::decode(bmp_of(40, 1, 1, 32, 6, masks({0xFF, 0xFF00, 0xFF0000, 0xFF000000}), {1, 2, 3, 4})).picture) ==
          bytes{1, 2, 3, 4});
    // Without masks the fourth byte means nothing, whatever it is.
    CHECK(elements(io::decode(bmp_of(40, 2, 1, 32, 0, {}, {3, 2, 1, 0, 6, 5, 4, 9})).picture) ==
          bytes{1, 2, 3, 4, 5, 6});
}

TEST_CASE("reads colours of a JPEG as its marks tell, or as libjpeg guesses them") {
    const auto first_pixel = [](const flat_jpeg& jpeg) {
        const auto read = io::decode(jpeg.file()).picture;
        return bytes{read(0, 0)[0], read(0, 0)[1], read(0, 0)[2]};
    };
    const auto adobe = adobe_segment;
    const auto jfif = jpeg_segment(0xE0, text("JFIF") + bytes{0, 1, 1, 0, 0, 1, 0, 1, 0, 0});
    const bytes as_stored = {200, 30, 40}, rgb = text("RGB");
    const std::vector<int> values = {200, 30, 40}, cmyk = {200, 30, 40, 255}, dark = {200, 30, 40, 51};
    const auto as_ycbcr = first_pixel({.values = values});
    CHECK(as_ycbcr != as_stored);
    CHECK(first_pixel({.values = values, .ids = rgb}) == as_stored);
    CHECK(first_pixel({.values = values, .front = adobe(0)}) == as_stored);
    CHECK(first_pixel({.values = values, .front = adobe(1)}) == as_ycbcr);
    CHECK(first_pixel({.values = values, .ids = rgb, .front = adobe(1)}) == as_ycbcr);
    CHECK(first_pixel({.values = values, .ids = rgb, .front = jfif}) == as_ycbcr);
    CHECK(first_pixel({.values = values, .front = jfif + adobe(0)}) == as_ycbcr);
    // Inverted inks, as all programs write them, with Adobe's mark or without.
    CHECK(first_pixel({.values = cmyk}) == as_stored);
    CHECK(first_pixel({.values = cmyk, .ids = text("CMYK")}) == as_stored);
    CHECK(first_pixel({.values = cmyk, .front = adobe(0)}) == as_stored);
    CHECK(first_pixel({.values = dark}) == bytes{40, 6, 8});
    const auto inverted_ycbcr = first_pixel({.values = cmyk, .front = adobe(2)});
    for (std::size_t i = 0; i < 3; ++i) CHECK(inverted_ycbcr[i] == 255 - as_ycbcr[i]);
    CHECK(first_pixel({.values = cmyk, .front = adobe(1)}) == inverted_ycbcr);
}

TEST_CASE("passes over what may stand between the marks of a JPEG") {
    const flat_jpeg jpeg{.width = 40, .height = 16, .values = {200}, .restart_interval = 2};
    const auto whole = io::decode(jpeg.file()).picture;
    CHECK(std::ranges::count(whole.elements(), 200) == 640);
    const bytes end = {0xFF, 0xD9};
    for (const auto& between : {bytes{0xFF, 0xD4}, bytes{0xFF}, bytes{0xFF, 0xFF}, bytes(9), bytes{0xFF, 0x00, 7},
                                bytes{0xFF, 0xFF, 0xD0, 0xFF, 0xFF, 0xFF, 0xD1}}) {
        CHECK(equal(io::decode(jpeg.head() + jpeg.scan() + between + end).picture, whole));
        auto after_a_segment = jpeg.file();
        after_a_segment.insert(after_a_segment.begin() + 2 + 69, between.begin(), between.end());
        CHECK(equal(io::decode(after_a_segment).picture, whole));
    }
}

TEST_CASE("scales PNM values by the largest") {
    CHECK(elements(io::decode(text("P5 3 1 100\n") + bytes{0, 50, 100}).picture) == bytes{0, 128, 255});
    const auto deep = io::decode(text("P6 1 1 65535\n") + bytes{0x80, 0x00, 0xFF, 0xFF, 0x00, 0x00});
    CHECK(elements(deep.picture) == bytes{128, 255, 0});
}

TEST_CASE("skips comments of a PNM file wherever they may stand") {
    for (const char* header :
         {"P5 2 1 255\n", "P5\n# two values\n2\t1\r\n255\n", "P5#c\n2 1 255\n", "P5\n2# w\n1\n255\n", "P5 2 1 255# c\n",
          "P5 2 1#\n255 ", "P5\r# c\r2 1\r255\r", "P5 2#a\n#b\n#c # d\n1 255#\r"}) {
        CAPTURE(header);
        CHECK(elements(io::decode(text(header) + bytes{65, 66}).picture) == bytes{65, 66});
    }
    CHECK(elements(io::decode(text("P5 2 1 255\n#\n")).picture) == bytes{'#', '\n'});  // pixels already
}

}  // namespace
