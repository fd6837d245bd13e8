// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/image.hpp>

#include "../examples/image_io.hpp"
#include "../examples/program.hpp"
#include "picture_files.hpp"
#include "scratch_directory.hpp"

namespace {

using namespace picture_files;

/// The exit code of the failure that `work` throws; 0 when it throws none.
template <class Work>
int exit_code_of(Work work) {
    try {
        work();
        return 0;
    } catch (const cli::failure& error) {
        return error.exit_code;
    }
}

}  // namespace

TEST_SUITE_BEGIN("read");

TEST_CASE("gives back what was written, with 1 to 4 channels") {
    for (const std::ptrdiff_t channels : {1, 2, 3, 4}) {
        CAPTURE(channels);
        const auto original = numbered(5, 3, channels);
        CHECK(equal(io::decode(written(original, "a.png")).picture, original));
        CHECK(equal(io::decode(written(original, "no_extension")).picture, original));
    }
    CHECK(equal(io::decode(written(numbered(5, 3, 3), "a.bmp")).picture, numbered(5, 3, 3)));
    CHECK(equal(io::decode(written(numbered(5, 3, 4), "a.BMP")).picture, numbered(5, 3, 4)));
    CHECK(equal(io::decode(written(numbered(5, 3, 3), "a.ppm")).picture, numbered(5, 3, 3)));
    CHECK(equal(io::decode(written(numbered(5, 3, 1), "a.pnm")).picture, numbered(5, 3, 1)));
}

TEST_CASE("gives back a JPEG with small errors") {
    picture original(16, 16, 3);
    for (std::ptrdiff_t i = 0; i < 256; ++i) std::ranges::fill(original(i % 16, i / 16), static_cast<std::uint8_t>(i));
    const auto decoded = io::decode(written(original, "a.jpeg")).picture;
    REQUIRE(decoded.size() * decoded.channels() == 768);
    int worst = 0;
    for (std::size_t i = 0; i < 768; ++i)
        worst = std::max(worst, std::abs(decoded.elements()[i] - original.elements()[i]));
    CHECK(worst <= 8);
}

TEST_CASE("looks up palettes, and takes a colour beyond the palette for black") {
    const auto palette = png_chunk("PLTE", {10, 20, 30, 40, 50, 60});
    const auto rows = stored({0, 1, 0, 2});
    CHECK(elements(io::decode(png(3, 1, 8, 3, rows, palette)).picture) == bytes{40, 50, 60, 10, 20, 30, 0, 0, 0});
    const auto with_alpha = io::decode(png(3, 1, 8, 3, rows, palette + png_chunk("tRNS", {7}))).picture;
    CHECK(elements(with_alpha) == bytes{40, 50, 60, 255, 10, 20, 30, 7, 0, 0, 0, 255});
    CHECK_NOTHROW(io::decode(bmp(4, 1, 8, bytes(1024, 99), bytes(4))));  // leaves its colours on the stack
    const auto from_bmp = io::decode(bmp(3, 1, 8, {30, 20, 10, 0, 60, 50, 40, 0}, {1, 0, 9, 0})).picture;
    CHECK(elements(from_bmp) == bytes{40, 50, 60, 10, 20, 30, 0, 0, 0});
}

TEST_CASE("turns a picture upright by its EXIF orientation") {
    // Where the first stored row and the first stored column are seen (EXIF 2.3, tag 274).
    const struct {
        std::size_t orientation;
        bool row_is_vertical, row_at_end, column_at_end;
    } seen[] = {{1, false, false, false}, {2, false, false, true}, {3, false, true, true}, {4, false, true, false},
                {5, true, false, false},  {6, true, true, false},  {7, true, true, true},  {8, true, false, true}};
    const auto stored_picture = numbered(3, 2, 1);
    for (const auto& s : seen) {
        CAPTURE(s.orientation);
        const auto rows = stored(bytes{0, 7, 14, 21} + bytes{0, 28, 35, 42});
        const auto chunk = png_chunk("eXIf", exif(s.orientation, s.orientation % 2 == 0));
        const auto upright = io::decode(png(3, 2, 8, 0, rows, chunk)).picture;
        REQUIRE(upright.width() == (s.row_is_vertical ? 2 : 3));
        REQUIRE(upright.height() == (s.row_is_vertical ? 3 : 2));
        for (std::ptrdiff_t row = 0; row < 2; ++row)
            for (std::ptrdiff_t column = 0; column < 3; ++column) {
                const auto along = s.column_at_end ? 2 - column : column, across = s.row_at_end ? 1 - row : row;
                const auto pixel = s.row_is_vertical ? upright(across, along) : upright(along, across);
                CHECK(pixel[0] == stored_picture(column, row)[0]);
            }
    }
}

TEST_CASE("turns a JPEG, and keeps one with broken EXIF data as it is") {
    const auto jpeg = written(numbered(24, 16, 3), "a.jpg");
    const auto with_exif = [&](const bytes& data) { return with_segment(jpeg, 0xE1, text("Exif") + bytes(2) + data); };
    CHECK(io::decode(with_exif(exif(6, false))).picture.width() == 16);
    CHECK(io::decode(with_exif(exif(8, true))).picture.width() == 16);
    CHECK(io::decode(with_exif(exif(9, true))).picture.width() == 24);
    const auto whole = exif(6, true);
    for (std::size_t size = 0; size < 20; ++size)  // the orientation lies behind
        CHECK(io::decode(with_exif(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))))
                  .picture.width() == 24);
    auto astray = whole;
    astray[7] = 0xFF;
    CHECK(io::decode(with_exif(astray)).picture.width() == 24);
}

TEST_CASE("takes colours and transparency apart and together") {
    const auto rgba = numbered(2, 1, 4);
    CHECK(elements(picture(io::to_rgb(rgba))) == bytes{7, 14, 21, 35, 42, 49});
    CHECK(elements(picture(io::alpha_of(rgba))) == bytes{28, 56});
    CHECK(equal(picture(io::with_alpha(io::to_rgb(rgba), io::alpha_of(rgba))), rgba));
    CHECK(elements(picture(io::to_rgb(numbered(1, 1, 2)))) == bytes{7, 7, 7});
    CHECK(elements(picture(io::alpha_of(numbered(1, 1, 2)))) == bytes{14});
    CHECK(io::alpha_of(numbered(1, 1, 3)).empty());
    CHECK_THROWS_AS(io::with_alpha(io::to_rgb(rgba), {}), std::invalid_argument);
}

TEST_SUITE_END();
TEST_SUITE_BEGIN("write");

TEST_CASE("takes the format from the extension") {
    const auto rgb = numbered(2, 2, 3);
    const auto start = [&](const std::string& name) {
        const auto file = written(rgb, name);
        return std::string(file.begin(), file.begin() + 2);
    };
    CHECK(start("a") == "\x89P");
    CHECK(start(".hidden") == "\x89P");
    CHECK(start("a.PNG") == "\x89P");
    CHECK(start("a.jpg") == "\xFF\xD8");
    CHECK(start("a.JPEG") == "\xFF\xD8");
    CHECK(start("a.bmp") == "BM");
    CHECK(start("a.pnm") == "P6");
    CHECK(start("a.ppm") == "P6");
    CHECK(start("a.pgm") == "P5");
    for (const char* name : {"a.gif", "a.png.", "a.b/c.webp"}) {
        CHECK(exit_code_of([&] { io::require_writable_picture(name); }) == cli::usage);
        CHECK(exit_code_of([&] { io::write(name, rgb); }) == cli::usage);
    }
}

TEST_CASE("makes gray of colours for PGM, and colours of gray for PPM") {
    picture rgb(4, 1, 3);
    const bytes colors = {255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255};
    std::ranges::copy(colors, rgb.elements().begin());
    CHECK(elements(io::decode(written(rgb, "a.pgm")).picture) == bytes{255, 76, 150, 29});
    CHECK(elements(io::decode(written(numbered(1, 1, 1), "a.ppm")).picture) == bytes{7, 7, 7});
}

TEST_CASE("leaves alpha out of formats that have none") {
    CHECK(elements(io::decode(written(numbered(1, 1, 4), "a.ppm")).picture) == bytes{7, 14, 21});
    CHECK(elements(io::decode(written(numbered(1, 1, 2), "a.pnm")).picture) == bytes{7});
    CHECK(io::decode(written(numbered(8, 8, 4), "a.jpg")).picture.channels() == 3);
}

TEST_CASE("writes views with padded rows and from the bottom up") {
    const auto whole = numbered(5, 4, 3);
    scratch_directory directory;
    io::write(directory / "a.png", whole.crop(1, 1, 3, 2));
    CHECK(equal(io::read(directory / "a.png"), picture(whole.crop(1, 1, 3, 2))));
    const lloyd::image_view<const std::uint8_t> flipped(whole.row(3).data(), 5, 4, 3, -15);
    io::write(directory / "b.ppm", flipped);
    CHECK(equal(io::read(directory / "b.ppm"), picture(flipped)));
}

TEST_CASE("refuses pictures that a format cannot hold") {
    scratch_directory directory;
    CHECK(exit_code_of([&] { io::write(directory / "a.jpg", picture(70000, 1, 1)); }) == cli::unwritable);
    CHECK(exit_code_of([&] { io::write(directory / "a.png", picture(0, 0, 3)); }) == cli::unwritable);
    CHECK(directory.count() == 0);
}
