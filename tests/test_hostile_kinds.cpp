// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What the reader refuses of each kind of picture file, because it is damaged or of a kind that is rare: with the reason.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "picture_files.hpp"

namespace {

using namespace picture_files;

bool mentions(const std::string& message, const std::string& words) { return message.find(words) != message.npos; }

TEST_CASE("refuses a JPEG whose scans are cut short, though it has its end") {
    const bytes end = {0xFF, 0xD9};
    const auto jpeg = written(numbered(24, 16, 3), "a.jpg");
    const bytes start_of_scan = {0xFF, 0xDA};
    const auto scan = std::search(jpeg.begin(), jpeg.end(), start_of_scan.begin(), start_of_scan.end());
    const flat_jpeg gray{.width = 80, .values = {200}},
        restarting{.width = 80, .values = {9, 200, 90}, .restart_interval = 3},
        progressive{.width = 80, .values = {9, 200, 90, 80}, .frame = 0xC2};
    const struct {
        bytes whole;
        std::ptrdiff_t head;
    } files[] = {{jpeg, scan - jpeg.begin() + 14},
                 {gray.file(), std::ssize(gray.head())},
                 {restarting.file(), std::ssize(restarting.head())},
                 {progressive.file(), std::ssize(progressive.head())}};
    for (const auto& file : files) {
        REQUIRE(refusal(file.whole) == "");
        for (auto size = file.head; size + 2 < std::ssize(file.whole) - 1; ++size) {
            CAPTURE(size);
            const auto reason = refusal(start_of(file.whole, size) + end);
            CHECK((mentions(reason, "cut off") || mentions(reason, "restart mark")));
        }
    }
}

TEST_CASE("refuses a progressive JPEG that ends between two of its scans") {
    const auto whole = progressive_jpeg();
    std::vector<std::ptrdiff_t> scans;
    for (std::ptrdiff_t i = 0; i + 1 < std::ssize(whole); ++i)
        if (whole[static_cast<std::size_t>(i)] == 0xFF && whole[static_cast<std::size_t>(i) + 1] == 0xDA)
            scans.push_back(i);
    REQUIRE(scans.size() == 4);
    for (const auto scan : scans) CHECK_FALSE(refusal(start_of(whole, scan) + bytes{0xFF, 0xD9}).empty());
    CHECK(mentions(refusal(start_of(whole, scans[2]) + bytes{0xFF, 0xD9}), "last scans are missing"));
}

TEST_CASE("refuses a JPEG that lacks a table, or a scan of one of its colours") {
    const flat_jpeg jpeg{.values = {9, 99, 200}};
    const auto file = jpeg.file();
    const auto without = [&](std::uint8_t marker, std::ptrdiff_t size) {
        const bytes start = {0xFF, marker};
        const auto at = std::search(file.begin(), file.end(), start.begin(), start.end());
        return bytes(file.begin(), at) + bytes(at + size, file.end());
    };
    CHECK(mentions(refusal(without(0xDB, 69)), "quantization table of the JPEG is missing"));
    CHECK(mentions(refusal(without(0xC4, 30)), "Huffman table of the JPEG is missing"));
    CHECK(mentions(refusal(without(0xDA, 14 + std::ssize(jpeg.scan()))), "scans of some of its colours are missing"));
    auto twice = file;  // a scan that names its first component three times
    for (const std::ptrdiff_t i : {3, 5}) twice[jpeg.head().size() - 10 + static_cast<std::size_t>(i)] = 1;
    CHECK(mentions(refusal(twice), "colours are missing"));
}

TEST_CASE("names the kinds of JPEG that are rare, and the way out") {
    const auto of = [](std::uint8_t marker, std::uint8_t bits = 8) {
        return refusal(flat_jpeg{.values = {9}, .frame = marker, .bits = bits}.file());
    };
    CHECK(mentions(of(0xC3), "lossless"));
    CHECK(mentions(of(0xC3), "save it as a PNG"));
    CHECK(mentions(of(0xC5), "hierarchical"));
    CHECK(mentions(of(0xC9), "arithmetic coding"));
    CHECK(mentions(of(0xCA), "arithmetic coding"));
    CHECK(mentions(of(0xCA), "convert"));
    CHECK(mentions(of(0xCB), "lossless"));
    CHECK(mentions(of(0xF7), "JPEG-LS"));
    CHECK(mentions(of(0xC1, 12), "12 bits"));
    CHECK(of(0xC1) == "");
    CHECK(mentions(refusal(flat_jpeg{.values = {9, 9}}.file()), "2 channels"));
    CHECK(mentions(refusal(flat_jpeg{.height = 0, .values = {9}}.file()), "height"));
}

TEST_CASE("refuses a PNG with any wrong check sum") {
    for (const auto& file : {palette_png(), png(3, 2, 16, 6, stored(bytes(50))), written(numbered(9, 5, 3), "a.png")}) {
        REQUIRE(refusal(file) == "");
        REQUIRE(resealed(file) == file);
        for (std::size_t i = 8; i < file.size(); ++i)
            for (int bit = 0; bit < 8; ++bit) {
                auto changed = file;
                changed[i] = static_cast<std::uint8_t>(changed[i] ^ 1 << bit);
                CAPTURE(i);
                REQUIRE_FALSE(refusal(changed).empty());
            }
    }
    CHECK(mentions(refusal([] {
                       auto changed = palette_png();
                       changed[20] ^= 1;  // the width
                       return changed;
                   }()),
                   "checksum of its chunk IHDR"));
    auto rows = stored({0, 1, 2, 3});
    CHECK(refusal(png(3, 1, 8, 0, rows)) == "");
    rows[8] ^= 4;  // a pixel; the chunk is sealed after that
    CHECK(mentions(refusal(png(3, 1, 8, 0, rows)), "checksum of its pixels"));
    CHECK(mentions(refusal(png(3, 1, 8, 0, {})), "no pixels"));
    CHECK(mentions(refusal(png(3, 1, 8, 0, stored({0, 1}))), "not enough pixels"));
}

TEST_CASE("refuses what no standard allows in a PNG") {
    const auto rows = stored(bytes(100));
    CHECK(mentions(refusal(png(3, 1, 4, 2, rows)), "header"));
    CHECK(mentions(refusal(png(3, 1, 16, 3, rows)), "header"));
    CHECK(mentions(refusal(png(3, 1, 8, 1, rows)), "header"));
    CHECK(mentions(refusal(png(3, 1, 8, 2, rows, png_chunk("CgBI", {1, 2, 3, 4}))), "CgBI"));
    CHECK(mentions(refusal(png(3, 1, 8, 3, rows, png_chunk("PLTE", bytes(4)))), "palette"));
    CHECK(refusal(png(3, 1, 8, 2, rows, png_chunk("abCD", {1, 2, 3, 4}))) == "");
}

TEST_CASE("says what it cannot read in a BMP") {
    const auto with_masks = [](std::initializer_list<std::size_t> masks) {
        bytes numbers;
        for (const auto mask : masks) numbers = numbers + little_endian(mask, 4);
        return refusal(bmp_of(56, 1, 1, 32, 3, numbers, bytes(4)));
    };
    CHECK(with_masks({0xFF0000, 0xFF00, 0xFF, 0xFF000000}) == "");
    CHECK(mentions(with_masks({0x3FF00000, 0xFFC00, 0x3FF, 0}), "more than 8 bits"));
    CHECK(mentions(with_masks({0, 0xFF00, 0xFF, 0}), "bits of a colour"));
    CHECK(mentions(with_masks({0xF0F000, 0xFF00, 0xFF, 0}), "bits of a colour"));
    CHECK(mentions(refusal(bmp_of(16, 1, 1, 24, 0, {}, bytes(4))), "16 bytes"));
    CHECK(mentions(refusal(bmp_of(41, 1, 1, 24, 0, {}, bytes(4))), "41 bytes"));
    for (const std::size_t compression : {1U, 2U, 4U, 5U})
        CHECK(mentions(refusal(bmp_of(40, 1, 1, 8, compression, bytes(8), bytes(4))), "compressed"));
    CHECK(mentions(refusal(bmp_of(64, 1, 1, 1, 3, bytes(32), bytes(4))), "compressed"));  // OS/2: as a fax
    CHECK(mentions(refusal(bmp_of(40, 1, 1, 24, 3, bytes(12), bytes(4))), "header of the BMP is invalid"));
}

}  // namespace
