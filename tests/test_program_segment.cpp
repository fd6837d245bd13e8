// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What `segment` reads, paints and prints.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/dither.hpp>
#include <lloyd/segment.hpp>

#include "../examples/image_io.hpp"
#include "picture_files.hpp"
#include "run_program.hpp"

namespace {

namespace fs = std::filesystem;
using namespace picture_files;

TEST_CASE("paints the bundled photo with three colours when nothing is asked for") {
    scratch_directory directory;
    const auto result = segment(directory, {});
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    CHECK(mentions(result.out, "segmented.png"));
    CHECK(colors_of(directory / "segmented.png").size() == 3);
    CHECK(directory.count() == 1);
}

TEST_CASE("paints exactly k colours, and prints each with its share") {
    scratch_directory directory;
    for (const std::size_t k : {1u, 3u, 7u, 16u}) {
        CAPTURE(k);
        const auto result = segment(directory, {mountain, "-k", std::to_string(k), "-o", "a.ppm"});
        REQUIRE(result.exit_code == 0);
        const auto counts = colors_of(directory / "a.ppm");
        CHECK(counts.size() == k);
        const auto lines = lines_of(result.out);
        REQUIRE(lines.size() == k + 4);
        double last_share = 100;
        for (std::size_t j = 0; j < k; ++j) {
            unsigned red = 0, green = 0, blue = 0;
            double share = 0;
            REQUIRE(std::sscanf(lines[j].c_str(), "#%2x%2x%2x %lf %%", &red, &green, &blue, &share) == 4);
            const color painted = {static_cast<std::uint8_t>(red), static_cast<std::uint8_t>(green),
                                   static_cast<std::uint8_t>(blue)};
            REQUIRE(counts.count(painted) == 1);
            CHECK(std::abs(share - 100 * counts.at(painted) / (768 * 511)) < 0.051);
            CHECK(share <= last_share);
            last_share = share;
        }
        CHECK(lines[k].starts_with("compactness  "));
        CHECK(lines[k + 1].starts_with("iterations   "));
        CHECK(lines[k + 2].starts_with("time         "));
        CHECK(lines[k + 3] == "written      a.ppm");
    }
}

TEST_CASE("gives the same picture on 1 and 3 threads, and with the same seed") {
    scratch_directory directory;
    CHECK(segment(directory, {"--threads", "1", "-o", "1.png", "-k=9"}).exit_code == 0);
    CHECK(segment(directory, {"--threads=3", "--seed=0", "-o", "3.png", "-k", "9"}).exit_code == 0);
    CHECK(content_of(directory / "1.png") == content_of(directory / "3.png"));
}

TEST_CASE("obeys its options") {
    scratch_directory directory;
    const auto compactness = [&](std::vector<std::string> words) {
        words.insert(words.end(), {"-k", "12", "-o", "a.png"});
        const auto result = segment(directory, words);
        REQUIRE(result.exit_code == 0);
        return std::stod(result.out.substr(result.out.find("compactness") + 11));
    };
    const auto best = compactness({});
    CHECK(best <= compactness({"--attempts", "1"}));
    CHECK(best < compactness({"--max-iterations", "1"}));
    CHECK(best < compactness({"--epsilon", "50"}));
    CHECK(compactness({"--init", "plus-plus"}) == best);
    CHECK(compactness({"--init", "random", "--attempts", "1"}) != compactness({"--attempts", "1"}));
    CHECK(compactness({"--seed", "18446744073709551615", "--attempts", "1"}) != compactness({"--attempts", "1"}));
}

TEST_CASE("compares colours in the space it is told") {
    scratch_directory directory;
    std::set<std::string> pictures;
    for (const auto* space : {"rgb", "hsv", "hsv_cone", "lab", "oklab"}) {
        CHECK(segment(directory, {"--space", space, "-k", "6", "-o", "a.ppm"}).exit_code == 0);
        pictures.insert(content_of(directory / "a.ppm"));
    }
    CHECK(pictures.size() == 5);
    CHECK(segment(directory, {"-k", "6", "-o", "usual.ppm"}).exit_code == 0);
    CHECK(segment(directory, {"--space", "rgb", "-k", "6", "-o", "rgb.ppm"}).exit_code == 0);
    CHECK(content_of(directory / "usual.ppm") == content_of(directory / "rgb.ppm"));
}

TEST_CASE("shows shades by dots, as many as it is told") {
    scratch_directory directory;
    const auto photo = io::read_rgb(mountain);
    const auto painted = [&](std::vector<std::string> words) {
        words.insert(words.end(), {"-k", "4", "--threads", "1", "-o", "a.ppm"});
        const auto result = segment(directory, words);
        REQUIRE(result.exit_code == 0);
        lloyd::image<std::uint8_t, 3> palette(4, 1);
        const auto lines = lines_of(result.out);
        for (std::size_t j = 0; j < 4; ++j) {
            unsigned color[3];
            REQUIRE(std::sscanf(lines[j].c_str(), "#%2x%2x%2x", &color[0], &color[1], &color[2]) == 3);
            std::ranges::copy(color, palette.data() + 3 * j);
        }
        return std::pair(io::read_rgb(directory / "a.ppm"), std::move(palette));
    };
    const auto same = [&](const std::vector<std::string>& words, int amount) {
        const auto [picture, palette] = painted(words);
        const auto expected = lloyd::recolor(lloyd::dither(photo, palette, amount), palette);
        return std::ranges::equal(picture.elements(), expected.elements());
    };
    CHECK(same({mountain, "--dither"}, 16));
    CHECK(same({"--dither", mountain}, 16));
    CHECK(same({mountain, "--dither", "16"}, 16));
    CHECK(same({mountain, "--dither", "9"}, 9));
    CHECK(same({"--dither=0", mountain}, 0));
    CHECK_FALSE(same({mountain}, 16));
    CHECK(colors_of(directory / "a.ppm").size() == 4);
    const auto refused = segment(directory, {mountain, "--dither", "17"});
    CHECK(refused.exit_code == 2);
    CHECK(mentions(refused.err, "segment: --dither is 17, but must be 0 to 16\n"));
    CHECK(mentions(segment(directory, {"--dither=x"}).err, "--dither is x, but must be a whole number, 0 to 16\n"));
    CHECK(mentions(segment(directory, {"--dither", "--dither"}).err, "segment: --dither is given twice\n"));
    CHECK(mentions(segment(directory, {"--dither", "--smallest", "9"}).err,
                   "segment: --dither and --smallest exclude each other; leave one out\n"));
    CHECK(mentions(segment(directory, {"--help"}).out, "(without N: 16)"));
}

TEST_CASE("keeps fixed colours, first and in their order, and marks them") {
    scratch_directory directory;
    for (const auto* space : {"rgb", "oklab"}) {
        const auto result = segment(directory, {mountain, "-k", "4", "--fixed", "#E08030,#00ff00", "--space", space});
        REQUIRE(result.exit_code == 0);
        const auto lines = lines_of(result.out);
        CHECK((lines[0].starts_with("#e08030  ") && lines[0].ends_with(" %  fixed")));
        CHECK((lines[1].starts_with("#00ff00  ") && lines[1].ends_with(" %  fixed")));
        CHECK((lines[2].ends_with(" %") && lines[3].ends_with(" %")));
        CHECK(colors_of(directory / "segmented.png").count({0xE0, 0x80, 0x30}) == 1);
    }
    CHECK(segment(directory, {"-k", "1", "--fixed=#102030"}).exit_code == 0);
    CHECK(colors_of(directory / "segmented.png") == std::map<color, double>{{{0x10, 0x20, 0x30}, 768 * 511}});
}

TEST_CASE("refuses fixed colours that are malformed, too many, or the same twice") {
    scratch_directory directory;
    const std::string allowed = "but must be colours like #1a2b3c, with a comma between two\n";
    for (const auto* text : {"red", "#12345", "#1234567", "#12345g", "#-12345", "123456", "#123456,", ",#123456",
                             "#123456, #ffffff", "#123456;#ffffff", "#123456#ffffff", "#"}) {
        const auto result = segment(directory, {"--fixed", text});
        CHECK(result.exit_code == 2);
        CHECK(mentions(result.err, "segment: --fixed is " + std::string(text) + ", " + allowed));
    }
    CHECK(mentions(segment(directory, {"--fixed", ""}).err, "--fixed is empty, " + allowed));
    const auto twice = segment(directory, {"--fixed", "#aabbcc,#010203,#AABBCC"});
    CHECK(twice.exit_code == 2);
    CHECK(mentions(twice.err, ", but must be different colours: #AABBCC is there twice\n"));
    const auto many = segment(directory, {"--fixed", "#aabbcc,#010203", "-k", "1"});
    CHECK(many.exit_code == 2);
    CHECK(many.err == "segment: --fixed has 2 colours, but -k is 1; raise -k, or leave colours out\n");
    CHECK(directory.count() == 0);
}

/// Two grays and two blues.
lloyd::image<std::uint8_t, 3> grays_and_blues() {
    lloyd::image<std::uint8_t, 3> photo(4, 1);
    std::ranges::copy(std::array{200, 200, 200, 60, 60, 60, 0, 0, 250, 0, 0, 240}, photo.data());
    return photo;
}

TEST_CASE("a mask says how much pixels count, and all are painted") {
    scratch_directory directory;
    io::write(directory / "in.png", grays_and_blues());
    lloyd::image<std::uint8_t, 1> mask(4, 1);
    std::ranges::copy(std::array{100, 0, 51, 204}, mask.data());
    lloyd::image<std::uint8_t, 3> as_rgb = lloyd::select_channels<0, 0, 0>(mask);
    io::write(directory / "gray.png", mask);
    io::write(directory / "rgb.png", as_rgb);
    for (const auto* name : {"gray.png", "rgb.png"}) {
        const auto result = segment(directory, {"in.png", "-k", "2", "--mask", name});
        CHECK(result.out.starts_with("#0000f2   71.8 %\n#c8c8c8   28.2 %\ncompactness  16\n"));  // 0.2·8² + 0.8·2²
        CHECK(colors_of(directory / "segmented.png") ==
              std::map<color, double>{{{200, 200, 200}, 1}, {{0, 0, 242}, 3}});
    }
}

TEST_CASE("refuses a mask of another size, that is black, coloured or has alpha") {
    scratch_directory directory;
    io::write(directory / "in.png", grays_and_blues());
    io::write(directory / "size.png", gradient(4, 2, 1));
    io::write(directory / "black.png", lloyd::image<std::uint8_t, 1>(4, 1));
    io::write(directory / "alpha.png", gradient(4, 1, 2));
    const struct {
        std::string name;
        int exit_code;
        std::string message;
    } wrong[] = {{"size.png", 2, "--mask size.png has 4x2 pixels, but the photo has 4x1; "},
                 {"black.png", 2, "--mask black.png is black, so that no pixel counts; "},
                 {"in.png", 3, "cannot take weights from in.png: it is not gray; "},
                 {"alpha.png", 3, "cannot take weights from alpha.png: it has an alpha channel; "},
                 {"missing.png", 3, "cannot read missing.png: "}};
    for (const auto& mask : wrong) {
        const auto result = segment(directory, {"in.png", "-k", "2", "--mask", mask.name});
        CHECK(result.exit_code == mask.exit_code);
        CHECK(result.err.starts_with("segment: " + mask.message));
        CHECK(result.out == "");
    }
    CHECK(directory.count() == 4);
}

TEST_CASE("orders colours by share or by lightness") {
    scratch_directory directory;
    io::write(directory / "in.png", grays_and_blues());
    CHECK(segment(directory, {"in.png", "-k", "3", "--order", "share"}).out.starts_with("#0000f5   50.0 %\n"));
    CHECK(segment(directory, {"in.png", "-k", "3", "--order", "lightness"})
              .out.starts_with("#3c3c3c   25.0 %\n#0000f5   50.0 %\n#c8c8c8   25.0 %\n"));
}

TEST_CASE("says how many segments are empty, if any") {
    scratch_directory directory;
    io::write(directory / "in.png", grays_and_blues());
    const auto result = segment(directory, {"in.png", "-k", "4", "--fixed", "#00ff00,#00fe00"});
    REQUIRE(result.exit_code == 0);
    CHECK(lines_of(result.out)[4] == "empty        2 of 4 segments have no pixels that count");
    CHECK(!mentions(segment(directory, {"in.png", "-k", "4"}).out, "empty"));
}

TEST_CASE("keeps transparency") {
    scratch_directory directory;
    for (const std::ptrdiff_t channels : {2, 4}) {
        const auto photo = gradient(20, 10, channels);
        io::write(directory / "in.png", photo);
        CHECK(segment(directory, {"in.png", "-o", "out.png"}).exit_code == 0);
        const auto painted = io::read(directory / "out.png");
        CHECK(painted.channels() == 4);
        CHECK(std::ranges::equal(io::alpha_of(painted).elements(), io::alpha_of(photo).elements()));
    }
    const auto without = segment(directory, {"in.png", "-o", "out.jpg"});
    CHECK(without.exit_code == 0);
    CHECK(mentions(without.err, "alpha"));
}

TEST_CASE("takes gray, palette, 16-bit and turned photos") {
    scratch_directory directory;
    io::write(directory / "gray.png", gradient(20, 10, 1));
    CHECK(segment(directory, {"gray.png"}).exit_code == 0);
    for (const auto& entry : colors_of(directory / "segmented.png"))
        CHECK((entry.first[0] == entry.first[1] && entry.first[1] == entry.first[2]));

    fill(directory / "palette.png",
         png(3, 1, 8, 3, stored({0, 0, 1, 2}), png_chunk("PLTE", {1, 2, 3, 40, 50, 60, 200, 0, 0})));
    CHECK(segment(directory, {"palette.png"}).exit_code == 0);
    CHECK(colors_of(directory / "segmented.png") ==
          std::map<color, double>{{{1, 2, 3}, 1}, {{40, 50, 60}, 1}, {{200, 0, 0}, 1}});

    fill(directory / "deep.png", png(2, 2, 16, 0, stored({0, 1, 0, 2, 0, 0, 3, 0, 4, 0})));
    const auto deep = segment(directory, {"deep.png"});
    CHECK(deep.exit_code == 0);
    CHECK(mentions(deep.err, "deep.png has 16 bits"));

    io::write(directory / "upright.jpg", gradient(24, 16, 3));
    fill(directory / "turned.jpg",
         with_segment(text(content_of(directory / "upright.jpg")), 0xE1, text("Exif") + bytes(2) + exif(6, true)));
    CHECK(segment(directory, {"turned.jpg"}).exit_code == 0);
    CHECK(io::read(directory / "segmented.png").width() == 16);
    CHECK(io::read(directory / "segmented.png").height() == 24);
}

TEST_CASE("reads a pipe, and a file whose name looks like an option") {
    scratch_directory directory;
    const auto piped = shell(directory, "cat " + quoted(mountain) + " | " + command("segment", {"/dev/stdin"}));
    CHECK(piped.exit_code == 0);
    fs::copy_file(mountain, directory / "-k");
    CHECK(segment(directory, {"--", "-k"}).exit_code == 0);
}

TEST_CASE("explains itself when asked, on stdout") {
    scratch_directory directory;
    const auto help = segment(directory, {"missing.jpg", "--help"});
    CHECK(help.exit_code == 0);
    CHECK(mentions(help.out, "usage: segment [options] [photos...]\n"));
    CHECK(mentions(help.out, "--max-iterations"));
    CHECK(directory.count() == 0);
}

TEST_CASE("shows its progress on a terminal, and only there") {
    scratch_directory directory;
    io::write(directory / "small.png", gradient(8, 8, 3));
    const auto command_line = command("segment", {"small.png", "--attempts", "1"});
    const auto shown = shown_on_terminal(directory, command_line);
    if (shown.empty()) return;
    CHECK(mentions(shown, "iteration 1"));
    const auto quiet = shell(directory, command_line);
    CHECK_FALSE(mentions(quiet.out, "iteration 1:"));
    CHECK(quiet.err == "");
}

}  // namespace
