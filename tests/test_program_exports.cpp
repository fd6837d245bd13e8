// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Palettes and labels as files, swatches on terminals, and outputs that would overwrite each other.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/image_io.hpp"
#include "run_program.hpp"

namespace {

namespace fs = std::filesystem;

/// The colours in the lines of a text, in their order, each after #.
std::vector<color> colors_in(const std::string& text) {
    std::vector<color> result;
    for (auto at = text.find('#'); at != text.npos; at = text.find('#', at + 1)) {
        unsigned red = 0, green = 0, blue = 0;
        if (std::sscanf(text.c_str() + at, "#%2x%2x%2x", &red, &green, &blue) == 3)
            result.push_back(
                {static_cast<std::uint8_t>(red), static_cast<std::uint8_t>(green), static_cast<std::uint8_t>(blue)});
    }
    return result;
}

std::string numbers_of(const color& one) {
    return std::to_string(one[0]) + " " + std::to_string(one[1]) + " " + std::to_string(one[2]);
}

/// What a Python 3 with the package `package` prints; empty, with a message, where there is none.
std::string python(const scratch_directory& directory, const std::string& package, const std::string& script) {
    for (const std::string interpreter : {"python3", "/usr/bin/python3"}) {
        if (shell(directory, interpreter + " -c 'import " + package + "'").exit_code != 0) continue;
        const auto result = shell(directory, interpreter + " -c " + quoted(script));
        CAPTURE(result.err);
        REQUIRE(result.exit_code == 0);
        return result.out;
    }
    MESSAGE("not tried: there is no python3 with " << package);
    return {};
}

/// The programs that write palettes, each with what makes one of four colours of a.png.
const std::vector<std::pair<std::string, std::vector<std::string>>> programs{
    {"segment", {"a.png", "-k4"}},
    {"vectorize", {"a.png", "-k4", "--smallest=1"}},
    {"palette", {"a.png", "-k4"}},
};

outcome run_with_palette(const scratch_directory& directory,
                         const std::pair<std::string, std::vector<std::string>>& one, const std::string& path) {
    auto words = one.second;
    words.insert(words.end(), {"--palette", path});
    return run(directory, one.first, words);
}

TEST_CASE("writes a palette that GIMP's readers take") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(24, 18, 3));
    for (const auto& one : programs) {
        CAPTURE(one.first);
        const auto result = run_with_palette(directory, one, "p.GPL");
        REQUIRE(result.exit_code == 0);
        CHECK(mentions(result.out, "written      p.GPL\n"));
        const auto colors = colors_in(result.out);
        REQUIRE(colors.size() == 4);
        const auto lines = lines_of(content_of(directory / "p.GPL"));
        REQUIRE(lines.size() == 4 + 4);
        CHECK(lines[0] == "GIMP Palette");
        CHECK(lines[1].starts_with("Name: "));
        CHECK(lines[3] == "#");
        std::string expected;
        for (std::size_t j = 0; j < 4; ++j) {
            char line[40];
            std::snprintf(line, sizeof line, "%3d %3d %3d\t#%02x%02x%02x ", colors[j][0], colors[j][1], colors[j][2],
                          colors[j][0], colors[j][1], colors[j][2]);
            CHECK(lines[4 + j].starts_with(line));
            expected += numbers_of(colors[j]) + "\n";
        }
        // Pillow gives the n-th line of the file the number n.
        const auto read = python(directory, "PIL.GimpPaletteFile",
                                 "from PIL.GimpPaletteFile import GimpPaletteFile\n"
                                 "levels = GimpPaletteFile(open('p.GPL', 'rb')).getpalette()[0]\n"
                                 "for i in range(3, 7): print(*levels[3 * i:3 * i + 3])\n");
        CHECK((read.empty() || read == expected));
        CHECK(content_of(directory / "p.GPL").find('\r') == std::string::npos);
    }
}

TEST_CASE("a palette's name stays in its line, whatever the photo's name holds") {
    scratch_directory directory;
    io::write(directory / "a\n#\xe9.png", gradient(24, 18, 3));
    CHECK(segment(directory, {"a\n#\xe9.png", "--palette", "p.gpl"}).exit_code == 0);
    CHECK(lines_of(content_of(directory / "p.gpl"))[1] == "Name: a #\ufffd.png");
}

TEST_CASE("writes a palette as JSON, and as a strip of squares") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(24, 18, 3));
    for (const auto& one : programs) {
        CAPTURE(one.first);
        const auto result = run_with_palette(directory, one, "p.json");
        REQUIRE(result.exit_code == 0);
        const auto colors = colors_in(result.out);
        std::string expected;
        for (const auto& color : colors) expected += numbers_of(color) + "\n";
        const auto read = python(directory, "json",
                                 "import json\n"
                                 "read = json.load(open('p.json'))\n"
                                 "assert list(read) == ['name', 'palette']\n"
                                 "assert abs(sum(c['share'] for c in read['palette']) - 1) < 1e-9\n"
                                 "for c in read['palette']: print(*c['rgb'])\n");
        CHECK((read.empty() || read == expected));

        REQUIRE(run_with_palette(directory, one, "p.png").exit_code == 0);
        const auto strip = io::read_rgb(directory / "p.png");
        REQUIRE(strip.width() == 4 * 32);
        REQUIRE(strip.height() == 32);
        for (std::ptrdiff_t y = 0; y < 32; ++y)
            for (std::ptrdiff_t x = 0; x < strip.width(); ++x)
                REQUIRE(std::ranges::equal(strip(x, y), colors[static_cast<std::size_t>(x / 32)]));
    }
}

TEST_CASE("writes the label of each pixel, which is the place of its colour in the palette") {
    scratch_directory directory;
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{"-k=7"}, {"-k=256"}, {"-k=1"}, {"-k=5", "--smallest=200"}, {"-k=4", "--dither"}}) {
        auto words = more;
        words.insert(words.end(), {mountain, "--labels", "l.png", "-o", "a.png"});
        const auto result = segment(directory, words);
        REQUIRE(result.exit_code == 0);
        CHECK(mentions(result.out, "written      l.png\n"));
        const auto palette = colors_in(result.out);
        const auto labels = io::read(directory / "l.png");
        const auto painted = io::read_rgb(directory / "a.png");
        REQUIRE(labels.channels() == 1);
        REQUIRE(labels.size() == painted.size());
        CHECK(content_of(directory / "l.png")[24] == 8);  // bits of a level
        bool same = true;
        for (std::ptrdiff_t y = 0; y < painted.height(); ++y)
            for (std::ptrdiff_t x = 0; x < painted.width(); ++x)
                same = same && std::ranges::equal(painted(x, y), palette.at(labels(x, y)[0]));
        CHECK(same);
    }
}

TEST_CASE("labels pixels that do not count with 255") {
    scratch_directory directory;
    auto photo = gradient(16, 2, 4);
    lloyd::image<std::uint8_t, 1> mask(16, 2);
    for (std::ptrdiff_t x = 0; x < 16; ++x)
        for (std::ptrdiff_t y = 0; y < 2; ++y) {
            photo(x, y)[3] = static_cast<std::uint8_t>(x < 4 ? 0 : x < 8 ? 1 : 255);
            mask(x, y)[0] = static_cast<std::uint8_t>(x < 12 ? 255 : 0);
        }
    io::write(directory / "a.png", photo);
    io::write(directory / "m.png", mask);
    const auto counted = [&](std::vector<std::string> words) {
        words.insert(words.end(), {"a.png", "--labels=l.png"});
        REQUIRE(segment(directory, words).exit_code == 0);
        const auto labels = io::read(directory / "l.png");
        std::string row;
        for (std::ptrdiff_t x = 0; x < 16; ++x) row += labels(x, 1)[0] == 255 ? '-' : labels(x, 1)[0] < 3 ? '#' : '?';
        return row;
    };
    CHECK(counted({}) == "----############");
    CHECK(counted({"--alpha=ignore"}) == "################");
    CHECK(counted({"--mask=m.png"}) == "----########----");
    CHECK(counted({"--mask=m.png", "--alpha=ignore"}) == "############----");
    CHECK(counted({"-k1"}) == "----############");
    CHECK(content_of(directory / "l.png")[24] == 8);

    fs::remove(directory / "segmented.png");
    fs::remove(directory / "l.png");
    io::write(directory / "b.png", gradient(40, 40, 4));
    const auto refused = segment(directory, {"a.png", "-k256", "--labels=l.png"});
    CHECK(refused.exit_code == 2);
    CHECK(mentions(refused.err, "take -k 255 or less"));
    CHECK(directory.count() == 3);
}

TEST_CASE("refuses other formats, and files that would overwrite others, before any work") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(8, 6, 3));
    io::write(directory / "m.png", gradient(8, 6, 1));
    fs::create_symlink("a.png", directory / "link.png");
    fs::create_directory(directory / "dir.gpl");
    const auto photo = content_of(directory / "a.png"), mask = content_of(directory / "m.png");
    const struct {
        std::string program;
        std::vector<std::string> words;
        int exit_code;
        std::string message;
    } wrong[] = {
        {"segment", {"--palette", "p.txt"}, 2, ".txt is not a format of palettes; use .gpl, .json or .png"},
        {"segment", {"--palette", "p"}, 2, "use .gpl, .json or .png"},
        {"segment", {"--palette", "/dev/stdout"}, 2, "use .gpl, .json or .png"},
        {"segment", {"--palette", "-"}, 2, "use .gpl, .json or .png"},
        {"segment", {"m.png", "-o", "out/", "--palette", "p.gpl"}, 2, "but there are several photos"},
        {"segment", {"m.png", "-o", "out/", "--labels", "l.png"}, 2, "but there are several photos"},
        {"segment", {"-o", "."}, 2, "a.png is one of the photos to read"},
        {"edges", {"-o", "a.png"}, 2, "a.png is read, and would be overwritten"},
        {"hsv", {"-o", "a.png"}, 2, "a.png is read, and would be overwritten"},
        {"segment", {"--palette", "none/p.gpl"}, 4, "cannot write none/p.gpl"},
        {"segment", {"--palette", "dir.gpl"}, 4, "cannot write dir.gpl"},
        {"segment", {"--labels", "l.jpg"}, 2, "does not write .jpg; use .png"},
        {"segment", {"--labels", "none/l.png"}, 4, "cannot write none/l.png"},
        {"segment", {"-o", "a.png"}, 2, "a.png is read, and would be overwritten"},
        {"segment", {"-o", "./dir.gpl/../a.png"}, 2, "a.png is read, and would be overwritten"},
        {"segment", {"-o", "link.png"}, 2, "link.png is read, and would be overwritten"},
        {"segment", {"--labels", "a.png"}, 2, "a.png is read, and would be overwritten"},
        {"segment", {"--mask", "m.png", "--palette", "m.png"}, 2, "m.png is read, and would be overwritten"},
        {"segment", {"--mask", "m.png", "-o", "m.png"}, 2, "m.png is read, and would be overwritten"},
        {"segment", {"--labels", "b.png", "--palette", "./b.png"}, 2, "b.png would be written twice"},
        {"segment", {"--labels", "segmented.png"}, 2, "segmented.png would be written twice"},
        {"segment", {"-o", "b.png", "--palette", "b.png"}, 2, "b.png would be written twice"},
        {"vectorize", {"--palette", "p.svg"}, 2, ".svg is not a format of palettes"},
        {"vectorize", {"--palette", "a.png"}, 2, "a.png is read, and would be overwritten"},
        {"palette", {"--palette", "p.svg"}, 2, ".svg is not a format of palettes"},
        {"palette", {"--palette", "a.png"}, 2, "a.png is read, and would be overwritten"},
        {"palette", {"--palette", "palette/a.png"}, 2, "palette/a.png would be written twice"},
        {"palette", {"--palette", "none/p.gpl"}, 4, "cannot write none/p.gpl"},
    };
    for (auto call : wrong) {
        call.words.insert(call.words.begin(), "a.png");
        const auto result = run(directory, call.program, call.words);
        CAPTURE(call.message);
        CAPTURE(result.err);
        CHECK(result.exit_code == call.exit_code);
        CHECK(mentions(result.err, call.message));
        CHECK(result.out == "");
        CHECK(directory.count() == 4);
    }
    CHECK(content_of(directory / "a.png") == photo);
    CHECK(content_of(directory / "m.png") == mask);
    CHECK(segment(directory, {"a.png", "-o", "/dev/null", "--labels", "/dev/null"}).exit_code == 0);
}

TEST_CASE("keeps old labels when the disk is full") {
    scratch_directory directory;
    fill(directory / "l.png", "old");
    const auto line = command("segment", {mountain, "-k16", "-o", "/dev/null", "--labels", "l.png"});
    const auto result = shell(directory, "ulimit -f 20; " + line);
    CHECK(result.exit_code == 4);
    CHECK(mentions(result.err, "cannot write l.png: "));
    CHECK(content_of(directory / "l.png") == "old");
    CHECK(directory.count() == 1);
}

TEST_CASE("shows swatches on terminals of true colour alone") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(24, 18, 3));
    for (const auto& one : programs) {
        const auto line = command(one.first, one.second);
        const auto plain = shell(directory, "COLORTERM=truecolor " + line).out;  // no terminal
        CHECK(plain.find('\33') == plain.npos);
        const auto colors = colors_in(plain);
        REQUIRE(colors.size() == 4);
        const auto shown = [&](const std::string& settings) {
            return shown_on_terminal(directory, "{ unset NO_COLOR COLORTERM; " + settings + line + " >&2; }");
        };
        const auto bare = shown("");
        if (bare.empty()) return;
        for (const std::string settings : {"COLORTERM=truecolor ", "COLORTERM=24bit NO_COLOR= "})
            for (const auto text = shown(settings); const auto& color : colors) {
                char expected[80];
                std::snprintf(expected, sizeof expected, "\33[48;2;%d;%d;%dm  \33[0m #%02x%02x%02x ", color[0],
                              color[1], color[2], color[0], color[1], color[2]);
                CHECK(mentions(text, expected));
            }
        for (const std::string settings : {"", "COLORTERM=yes ", "COLORTERM=truecolor NO_COLOR=1 "}) {
            const auto text = shown(settings);
            CHECK(colors_in(text) == colors);
            CHECK_FALSE(mentions(text, "\33[48"));
        }
    }
}

}  // namespace
