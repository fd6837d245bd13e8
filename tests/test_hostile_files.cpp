// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The reader against files that lie: a picture within the limits or a reason, in bounded memory, whatever the bytes.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "../examples/image_checks.hpp"
#include "../examples/image_io.hpp"
#include "../examples/program.hpp"
#include "counted_memory.hpp"
#include "picture_files.hpp"
#include "scratch_directory.hpp"

namespace {

namespace fs = std::filesystem;
using namespace picture_files;

bool mentions(const std::string& message, const std::string& words) { return message.find(words) != message.npos; }

/// Why `read` refuses; "" when it does not.
std::string read_error(const fs::path& path, int megapixels = io::default_megapixels) {
    try {
        io::read(path, megapixels);
        return "";
    } catch (const cli::failure& error) {
        CHECK(error.exit_code == cli::unreadable);
        CHECK(mentions(error.what(), "cannot read " + path.string() + ": "));
        CHECK(mentions(error.what(), "; "));
        return error.what();
    }
}

/// Whole files, small enough to be changed at each of their bytes.
std::vector<bytes> small_files() {
    const auto rgb = numbered(4, 3, 3);
    return {
        written(rgb, "a.png"),
        palette_png(),
        png(3, 2, 16, 6, stored(bytes(50))),
        bmp(4, 2, 24, {}, bytes(24, 99)),
        bmp(8, 2, 4, bytes(64, 99), bytes(8, 1)),
        written(rgb, "a.ppm"),
        text("P5 3 2 #\n 999\n") + bytes(12, 2),
        progressive_jpeg(),
        written(numbered(4, 3, 3), "a.jpg"),
        flat_jpeg{.width = 24, .values = {9, 99, 200, 250}, .restart_interval = 2, .front = adobe_segment(2)}.file(),
        flat_jpeg{.values = {9, 99, 200}, .frame = 0xC2}.file(),
        bmp_of(56, 2, 1, 16, 3, little_endian(0xF800, 4) + little_endian(0x7E0, 4) + little_endian(0x1F, 4) + bytes(7),
               {0x00, 0xF8, 0xE0, 0x07})};
}

/// What image_io.hpp promises.
std::ptrdiff_t memory_for(std::ptrdiff_t file_size, std::ptrdiff_t pixels) {
    return std::min(24 * pixels, file_size << 15) + 5 * file_size + (64 << 20);
}

/// What is wrong with how a file is decoded; "" when it is a plausible picture, or refused with a reason, in bounded memory.
std::string fault_of(const bytes& file) {
    constexpr std::ptrdiff_t most_pixels = 1'000'000;
    std::ptrdiff_t pixels = most_pixels;
    std::string fault;
    const auto memory = peak_of([&] {
        try {
            const auto picture = io::decode(file, 1).picture;
            pixels = picture.size();
            if (pixels < 1 || pixels > most_pixels || picture.channels() < 1 || picture.channels() > 4)
                fault = "an impossible picture";
        } catch (const io::bad_picture& error) {
            if (!mentions(error.what(), "; ")) fault = "no way out: " + std::string(error.what());
        }
    });
    if (memory > memory_for(std::ssize(file), pixels)) fault = "too much memory: " + std::to_string(memory);
    return fault;
}

TEST_CASE("takes a file with any byte changed, missing or twice for a picture, or says why not") {
    for (const auto& whole : small_files()) {
        REQUIRE(refusal(whole) == "");
        const bool all_values = whole.size() < 200;  // the tables of a JPEG are long
        for (std::size_t i = 0; i < whole.size(); ++i) {
            CAPTURE(i);
            auto changed = whole;
            for (int value = 0; value < 256; ++value) {
                const auto difference = static_cast<unsigned>(value ^ whole[i]);
                if (!all_values && !std::has_single_bit(difference) && value != 0 && value != 255) continue;
                CAPTURE(value);
                changed[i] = static_cast<std::uint8_t>(value);
                REQUIRE(fault_of(changed) == "");
                if (io::format_of(whole) == io::file_format::png) REQUIRE(fault_of(resealed(changed)) == "");
            }
            const auto at = whole.begin() + static_cast<std::ptrdiff_t>(i);
            REQUIRE(fault_of(bytes(whole.begin(), at) + bytes(at + 1, whole.end())) == "");
            CHECK(fault_of(bytes(whole.begin(), at + 1) + bytes(at, whole.end())) == "");
        }
    }
}

TEST_CASE("refuses every file that is cut short, at any byte") {
    auto files = small_files();
    const auto gray = numbered(8, 6, 1), rgb = numbered(8, 6, 3), rgba = numbered(8, 6, 4);
    files.insert(files.end(),
                 {written(rgb, "a.png"), written(gray, "a.jpg"), written(rgb, "a.jpg"), written(rgba, "a.bmp"),
                  written(gray, "a.pgm"), bmp(8, 6, 8, bytes(1024), bytes(48)), bmp(32, 6, 1, bytes(1024), bytes(24))});
    for (const auto& whole : files) {
        REQUIRE(refusal(whole) == "");
        CHECK(refusal(whole + bytes(5, 0xAB)) == "");  // what follows is somebody else's
        for (std::ptrdiff_t size = 0; size < std::ssize(whole); ++size) {
            CAPTURE(size);
            CHECK_FALSE(refusal(start_of(whole, size)).empty());
        }
    }
}

TEST_CASE("refuses what is no picture, and says what it takes") {
    CHECK(mentions(refusal({}), "empty"));
    for (const auto& file : {text("Dear diary,"), text("GIF89a"), text("P3 1 1 255 0 0 0"), bytes{0xFF, 0xD8}})
        CHECK(mentions(refusal(file), "PNG, JPEG, BMP"));
    const bytes tga = {0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 32, 0};
    CHECK(mentions(refusal(tga), "PNG, JPEG, BMP"));
    CHECK(mentions(refusal(bytes{0xFF, 0xD8, 0xFF, 0xD9}), "no picture"));
    CHECK_FALSE(refusal(text("P5 0 1 255\n")).empty());
    CHECK_FALSE(refusal(text("P5 1 1 70000\n") + bytes(4)).empty());
    CHECK_FALSE(refusal(text("P5 99999999999999999999 1 255\n") + bytes(4)).empty());
}

TEST_CASE("refuses more pixels than allowed before it makes room for them") {
    CHECK(mentions(refusal(png(9000, 9000, 8, 0, {})), "9000x9000"));
    CHECK(mentions(refusal(png(9000, 9000, 8, 0, {})), "--max-pixels 81"));
    CHECK_FALSE(refusal(png(60000, 60000, 8, 0, {}), 10000).empty());
    CHECK(mentions(refusal(png(32768, 32768, 8, 0, {}), 1100), "1 GiB"));
    CHECK(refusal(text("P5 1000 1000 255\n") + bytes(1000000), 1) == "");
    CHECK(mentions(refusal(text("P5 1000 1001 255\n") + bytes(1001000), 1), "--max-pixels 2"));
}

TEST_CASE("refuses files that only a trusting decoder would take") {
    const auto jpeg = written(numbered(8, 8, 3), "a.jpg");
    CHECK(mentions(refusal(with_segment(jpeg, 0xC4, bytes(17, 17) + bytes(272))), "256 symbols"));

    const bytes start_of_scan = {0xFF, 0xDA};
    const auto scan = std::search(jpeg.begin(), jpeg.end(), start_of_scan.begin(), start_of_scan.end());
    auto many_scans = bytes(jpeg.begin(), jpeg.end() - 2);
    for (int i = 0; i < 30; ++i) many_scans = many_scans + bytes(scan, jpeg.end() - 2);
    CHECK(mentions(refusal(many_scans + bytes{0xFF, 0xD9}), "30 scans"));

    CHECK(mentions(refusal(png(1, 1, 8, 0, zlib_bomb(100))), "more memory"));
    CHECK(refusal(png(1, 1, 8, 0, zlib_bomb(1))) == "");  // wasteful, but harmless

    auto overlapping = bmp(2, 1, 24, {}, bytes(8));
    overlapping[10] = 20;
    CHECK(mentions(refusal(overlapping), "overlap"));
    auto lowest_height = bmp(2, 1, 24, {}, bytes(8));
    lowest_height[25] = 0x80, lowest_height[22] = 0;
    CHECK(mentions(refusal(lowest_height), "is invalid"));
}

TEST_CASE("makes no room for what a header only claims") {
    constexpr std::size_t huge = 0x7FFFFFFF;
    const auto jpeg = written(numbered(8, 8, 3), "a.jpg");
    const bytes start_of_frame = {0xFF, 0xC0};
    const auto frame = std::search(jpeg.begin(), jpeg.end(), start_of_frame.begin(), start_of_frame.end());
    auto vast_jpeg = jpeg;
    std::fill_n(vast_jpeg.begin() + (frame - jpeg.begin()) + 5, 4, std::uint8_t{0xFF});
    auto far_bmp = bmp(2, 2, 24, {}, bytes(16)), farther_bmp = far_bmp;
    std::fill_n(far_bmp.begin() + 10, 3, std::uint8_t{0xFF});
    std::fill_n(farther_bmp.begin() + 10, 4, std::uint8_t{0xFF});
    const struct {
        const char* what;
        bytes file;
    } claims[] = {
        {"a PNG of 2^31 - 1", png(huge, huge, 16, 6, stored({0}))},
        {"a PNG of 2^31", png(huge + 1, huge + 1, 8, 0, stored({0}))},
        {"a PNG of 2^32 - 1", png(0xFFFFFFFF, 1, 8, 0, stored({0}))},
        {"a long PNG", png(huge, 1, 1, 0, stored({0}))},
        {"a PNG of 2^32 in all", png(65536, 65536, 8, 0, stored({0}))},
        {"a PNG without pixels", png(0, 7, 8, 0, stored({0}))},
        {"a PNG chunk of 4 GiB", start_of(palette_png(), 33) + big_endian(0xFFFFFFFF, 4) + text("PLTE") + bytes(99)},
        {"a JPEG of 65535", vast_jpeg},
        {"a JPEG segment of 64 KiB", bytes{0xFF, 0xD8, 0xFF, 0xC4, 0xFF, 0xFF} + bytes(99)},
        {"a BMP of 2^31 - 1", bmp(huge, huge, 24, {}, bytes(16))},
        {"a BMP of -1", bmp(2, 0xFFFFFFFF, 24, {}, bytes(2))},
        {"a BMP of -2^31", bmp(0x80000000, 0x80000000, 1, bytes(8), bytes(16))},
        {"a long BMP", bmp(huge, 1, 1, bytes(8), bytes(16))},
        {"a BMP whose pixels are far away", far_bmp},
        {"a BMP whose pixels are 4 GiB away", farther_bmp},
        {"a PPM of 2^31 - 1", text("P6 2147483647 2147483647 255\n") + bytes(99)},
        {"a PPM of 2^32 in all", text("P6 65536 65536 255\n") + bytes(99)},
        {"a PPM of 2^64 and 2", text("P6 18446744073709551618 1 255\n") + bytes(99)},
        {"a 16-bit PGM", text("P5 60000 60000 65535\n") + bytes(99)},
    };
    for (const auto& claim : claims) {
        CAPTURE(claim.what);
        std::string reason;
        CHECK(peak_of([&] { reason = refusal(claim.file, 1024); }) < 1 << 20);
        CHECK(reason != "");
    }
}

TEST_CASE("makes room for no more pixels than a file of its size can hold") {
    const auto small = png(8000, 8000, 16, 6, stored(bytes(99)));
    std::string reason;
    CHECK(peak_of([&] { reason = refusal(small); }) <= memory_for(std::ssize(small), 64'000'000));
    CHECK(mentions(reason, "more memory"));
    CHECK(refusal(png(8000, 8000, 1, 0, zlib_bomb(9))) == "");  // as many pixels, as dense as can be
}

TEST_CASE("makes no room for a JPEG whose data cannot hold its blocks") {
    auto small = flat_jpeg{.width = 8000, .height = 8000, .values = {200, 30, 40}, .frame = 0xC2};
    auto file = small.head() + bytes(92 << 10) + bytes{0xFF, 0xD9};
    std::string reason;
    CHECK(peak_of([&] { reason = refusal(file); }) < 2 << 20);
    CHECK(mentions(reason, "cut off"));
}

TEST_CASE("stays within its memory for a progressive JPEG that is all there") {
    const auto file = flat_jpeg{.width = 1000, .height = 999, .values = {200, 30, 40, 9}, .frame = 0xC2}.file();
    CHECK(refusal(file, 1) == "");
    CHECK(fault_of(file) == "");
}

TEST_CASE("refuses a PNG for which stb would need more than 16 bytes for each allowed pixel") {
    auto interlaced = png(8000, 8000, 16, 6, stored(bytes(99)));
    interlaced[28] = 1;
    interlaced = resealed(interlaced);
    CHECK(mentions(refusal(interlaced), "decoding it takes 1464 MiB"));
    CHECK(mentions(refusal(interlaced), "--max-pixels 96"));
    CHECK(mentions(refusal(interlaced, 96), "more memory"));  // its few bytes cannot hold them
}

TEST_CASE("stops inflating a PNG where its pixels must have ended") {
    const auto bomb = png(1, 1, 8, 0, zlib_bomb(100));
    std::string reason;
    CHECK(peak_of([&] { reason = refusal(bomb); }) <= memory_for(std::ssize(bomb), 1));
    CHECK(mentions(reason, "more memory"));
    CHECK(refusal(png(1, 1, 8, 0, zlib_bomb(1))) == "");  // wasteful, but harmless
}

TEST_CASE("looks at the content, not at the name") {
    scratch_directory directory;
    for (const auto* format : {"a.png", "a.jpg", "a.bmp", "a.ppm"})
        for (const auto* name : {"a.png", "a.jpg", "a.bmp", "a.ppm", "a.txt", "a"}) {
            fill(directory / name, written(numbered(4, 3, 3), format));
            CHECK(read_error(directory / name) == "");
        }
}

TEST_CASE("names the path and the way out of what it cannot read") {
    scratch_directory directory;
    fill(directory / "empty.jpg", "");
    CHECK(mentions(read_error(directory / "empty.jpg"), "empty"));
    CHECK(mentions(read_error(directory / "missing.jpg"), "No such file"));
    CHECK(mentions(read_error(directory / "empty.jpg/a.jpg"), "Not a directory"));
    CHECK(mentions(read_error(directory.path()), "Is a directory"));
    CHECK(mentions(read_error(""), "No such file"));
    CHECK(mentions(read_error("/dev/null"), "empty"));
    fs::create_symlink("loop.png", directory / "loop.png");
    CHECK(mentions(read_error(directory / "loop.png"), "symbolic links"));
    for (const auto& file : small_files()) {
        fill(directory / "cut", start_of(file, std::ssize(file) / 2));
        CHECK(read_error(directory / "cut") != "");
    }
}

TEST_CASE("reads through links and pipes") {
    scratch_directory directory;
    const auto file = written(numbered(4, 3, 3), "a.png");
    fill(directory / "a.png", file);
    fs::create_symlink("a.png", directory / "link");
    CHECK(read_error(directory / "link") == "");
    const auto pipe = directory / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    for (const auto size : {std::ssize(file), std::ssize(file) / 2, std::ptrdiff_t{0}}) {
        std::thread writer([&] { fill(pipe, start_of(file, size)); });
        CHECK(read_error(pipe).empty() == (size == std::ssize(file)));
        writer.join();
    }
}

TEST_CASE("reads no more of an endless file than the allowed pixels can take") {
    CHECK(peak_of([] { CHECK(mentions(read_error("/dev/zero", 1), "raise --max-pixels")); }) < 3 * (24 << 20));
}

}  // namespace
