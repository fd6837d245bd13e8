// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What `vectorize` draws, prints and refuses.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/regions.hpp>

#include "../examples/image_io.hpp"
#include "drawn_paths.hpp"
#include "run_program.hpp"
#include "sample_images.hpp"

namespace {

namespace fs = std::filesystem;
using namespace drawn_paths;
using u8 = std::uint8_t;
using words = std::vector<std::string>;

outcome vectorize(const scratch_directory& directory, const words& options) {
    return run(directory, "vectorize", options);
}

/// The drawing that these options make. It is XML.
std::string drawing(const scratch_directory& directory, words options) {
    options.insert(options.end(), {"-o", "a.svg"});
    const auto result = vectorize(directory, options);
    CAPTURE(result.err);
    REQUIRE(result.exit_code == 0);
    const auto text = content_of(directory / "a.svg");
    CHECK(fault_of(text) == "");
    return text;
}

/// A small photo with regions of all sizes.
lloyd::image<u8, 3> small_photo() {
    samples::dice random;
    return samples::photo_like<3>(random, 61, 47);
}

bool all_are(const lloyd::image<u8, 1>& image, u8 value) {
    return std::ranges::all_of(image.elements(), [&](u8 element) { return element == value; });
}

TEST_CASE("draws the bundled photo in eight shapes when nothing is asked for, and says what it did") {
    scratch_directory directory;
    const auto result = vectorize(directory, {});
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    CHECK(directory.count() == 1);
    const auto text = content_of(directory / "drawing.svg");
    CHECK(fault_of(text) == "");
    CHECK(text.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    CHECK(mentions(text, " viewBox=\"0 0 768 511\""));
    CHECK(mentions(text, "<title>mountain-768.jpg in 8 colours</title>"));
    CHECK(tags_of(text, "<path ").size() == 8);
    const auto lines = ::lines_of(result.out);
    REQUIRE(lines.size() == 1 + 8 + 4);
    CHECK(lines[0] == "photo        " + mountain);
    CHECK(mentions(text, " fill=\"" + lines[8].substr(0, 7) + "\""));
    CHECK(mentions(lines[9], " after merging those of fewer than 64 pixels"));
    CHECK(lines[10] == "paths        8, in " + std::to_string(text.size()) + " bytes");
    CHECK(lines[11].starts_with("time         "));
    CHECK(lines[12] == "written      drawing.svg");
}

TEST_CASE("at tolerance 0 the paths fill the pixels that segment paints, each once") {
    scratch_directory directory;
    io::write(directory / "in.png", small_photo());
    for (const auto* smallest : {"1", "12", "100000"})
        for (const auto* space : {"rgb", "oklab"})
            for (const auto* regions : {"", "--regions"}) {
                CAPTURE(smallest);
                words options{"in.png", "-k", "5", "--smallest", smallest, "--space", space};
                REQUIRE(segment(directory, options).exit_code == 0);
                options.insert(options.end(), {"--tolerance", "0"});
                if (*regions != 0) options.push_back(regions);
                const auto pixels = filled(drawing(directory, options));
                CHECK(all_are(pixels.covers, 1));
                CHECK(
                    std::ranges::equal(pixels.colors.elements(), io::read_rgb(directory / "segmented.png").elements()));
            }
}

TEST_CASE("draws one path for each region with --regions, and counts them") {
    scratch_directory directory;
    lloyd::image<u8, 3> rings(7, 7);  // 3 regions of 2 colours, and a speck in a corner
    for (std::ptrdiff_t y = 0; y < 7; ++y)
        for (std::ptrdiff_t x = 0; x < 7; ++x) {
            const auto depth = std::min({x, y, 6 - x, 6 - y});
            std::ranges::fill(rings(x, y), static_cast<u8>(depth == 1 ? 200 : 100));
        }
    std::ranges::fill(rings(6, 6), u8{200});
    io::write(directory / "in.png", rings);
    const auto count = [&](const char* smallest, const words& more) {
        words options{"in.png", "-k", "2", "--smallest", smallest, "-o", "a.svg"};
        options.insert(options.end(), more.begin(), more.end());
        const auto result = vectorize(directory, options);
        REQUIRE(result.exit_code == 0);
        CHECK(mentions(result.out,
                       "regions      4, and " + std::string(*smallest == '1' ? "4" : "3") + " after merging"));
        const auto paths = tags_of(content_of(directory / "a.svg"), "<path ").size();
        CHECK(mentions(result.out, "paths        " + std::to_string(paths) + ", in "));
        return paths;
    };
    CHECK(count("1", {}) == 2);
    CHECK(count("1", {"--regions"}) == 4);
    CHECK(count("2", {"--regions"}) == 3);
}

/// How often the lines of a drawing run along each side of pixels: the upper sides of all, then their left sides.
std::array<lloyd::image<u8, 1>, 2> drawn_sides(const std::string& data, std::ptrdiff_t width, std::ptrdiff_t height) {
    std::array sides{lloyd::image<u8, 1>(width + 1, height + 1), lloyd::image<u8, 1>(width + 1, height + 1)};
    for (const auto& line : drawn_paths::lines_of(data))
        for (std::size_t i = 1; i < line.size(); ++i) {
            const auto [left, right] = std::minmax(line[i - 1].x, line[i].x);
            const auto [top, bottom] = std::minmax(line[i - 1].y, line[i].y);
            for (auto x = left; x < right; ++x) ++sides[0](x, top)[0];
            for (auto y = top; y < bottom; ++y) ++sides[1](left, y)[0];
        }
    return sides;
}

TEST_CASE("draws the sides between colours with --lines, each once, and the palette beside them") {
    scratch_directory directory;
    io::write(directory / "in.png", small_photo());
    const words options{"in.png", "-k", "4", "--smallest", "5", "--tolerance", "0", "--lines"};
    const auto text = drawing(directory, options);
    REQUIRE(segment(directory, {"in.png", "-k", "4", "--smallest", "5"}).exit_code == 0);
    const auto painted = io::read_rgb(directory / "segmented.png");
    const auto paths = tags_of(text, "<path ");
    REQUIRE(paths.size() == 1);
    const auto sides = drawn_sides(attribute_of(paths[0], "d"), 61, 47);
    const auto color_at = [&](std::ptrdiff_t x, std::ptrdiff_t y) {
        if (x < 0 || y < 0 || x == 61 || y == 47) return std::vector<u8>();
        return std::vector<u8>(painted(x, y).begin(), painted(x, y).end());
    };
    for (std::ptrdiff_t y = 0; y <= 47; ++y)
        for (std::ptrdiff_t x = 0; x <= 61; ++x) {
            CHECK(sides[0](x, y)[0] == (x < 61 && color_at(x, y - 1) != color_at(x, y)));
            CHECK(sides[1](x, y)[0] == (y < 47 && color_at(x - 1, y) != color_at(x, y)));
        }
    std::size_t swatches = 0;
    for (const auto& tag : tags_of(text, "<rect ")) swatches += attribute_of(tag, "fill").starts_with("#");
    CHECK(swatches == colors_of(directory / "segmented.png").size());
}

TEST_CASE("a larger tolerance leaves fewer corners, and still draws every colour") {
    scratch_directory directory;
    std::size_t last = 1 << 30;
    for (const auto* tolerance : {"0", "0.5", "1", "3"}) {
        const auto text = drawing(directory, {"-k", "5", "--tolerance", tolerance});
        CHECK(tags_of(text, "<path ").size() == 5);
        CHECK(text.size() < last);
        last = text.size();
    }
}

TEST_CASE("draws nothing where alpha is below 128, unless alpha is ignored") {
    scratch_directory directory;
    const auto colors = small_photo();
    lloyd::image<u8, 1> alpha(61, 47);
    for (std::ptrdiff_t i = 0; i < alpha.size(); ++i)
        alpha.elements()[static_cast<std::size_t>(i)] = static_cast<u8>(i / 9);
    io::write(directory / "in.png", io::with_alpha(colors, alpha));
    for (const auto* mode : {"", "--regions"}) {
        words options{"in.png", "-k", "4", "--tolerance", "0", "--smallest", "7"};
        if (*mode != 0) options.push_back(mode);
        const auto pixels = filled(drawing(directory, options));
        for (std::size_t i = 0; i < alpha.elements().size(); ++i)
            CHECK(pixels.covers.elements()[i] == (alpha.elements()[i] >= 128));
    }
    const words ignored{"in.png", "-k", "4", "--alpha", "ignore", "--smallest", "7"};
    REQUIRE(segment(directory, ignored).exit_code == 0);
    auto options = ignored;
    options.insert(options.end(), {"--tolerance", "0"});
    const auto pixels = filled(drawing(directory, options));
    CHECK(all_are(pixels.covers, 1));
    CHECK(std::ranges::equal(pixels.colors.elements(), io::read_rgb(directory / "segmented.png").elements()));

    std::ranges::fill(alpha.elements(), u8{127});
    io::write(directory / "faint.png", io::with_alpha(colors, alpha));
    const auto faint = vectorize(directory, {"faint.png"});
    CHECK(faint.exit_code == 3);
    CHECK(faint.err == "vectorize: cannot draw faint.png: it is transparent, with an alpha below 128 everywhere; take "
                       "--alpha ignore\n");
}

TEST_CASE("draws a single pixel") {
    scratch_directory directory;
    io::write(directory / "in.png", gradient(1, 1, 3));
    const auto text = drawing(directory, {"in.png", "-k", "1"});
    CHECK(mentions(text, "<path fill=\"#003c78\" d=\"m0 0v1h1v-1z\"/>"));
    CHECK(tags_of(drawing(directory, {"in.png", "-k", "1", "--lines"}), "<path ").size() == 1);
}

TEST_CASE("draws the same on 1 and 3 threads") {
    scratch_directory directory;
    CHECK(drawing(directory, {"--threads", "1"}) == drawing(directory, {"--threads", "3"}));
}

TEST_CASE("exits with 2 for what it cannot have meant, before it reads or writes") {
    scratch_directory directory;
    fill(directory / "drawing.svg", "old");
    const struct {
        words options;
        std::string message;
    } wrong[] = {{{"--tolerance", "-1"}, "--tolerance is -1, but must be at least 0"},
                 {{"--tolerance", "nan"}, "--tolerance is nan, but must be a number, at least 0"},
                 {{"--tolerance", "inf"}, "--tolerance is inf, "},
                 {{"--smallest", "0"}, "--smallest is 0, but must be at least 1"},
                 {{"--smallest", "2.5"}, "--smallest is 2.5, but must be a whole number"},
                 {{"--alpha", "weigh"}, "--alpha is weigh, but must be cut or ignore"},
                 {{"--regions", "--lines"}, "--regions and --lines exclude each other"},
                 {{"missing.jpg", "-o", "a.png"}, "cannot write a.png: this program does not write .png; use .svg"},
                 {{"missing.jpg", "-k", "1", "--fixed", "#000000,#ffffff"}, "--fixed has 2 colours, but -k is 1"}};
    for (const auto& call : wrong) {
        const auto result = vectorize(directory, call.options);
        CAPTURE(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.err.starts_with("vectorize: " + call.message));
        CHECK(result.out == "");
    }
    CHECK(content_of(directory / "drawing.svg") == "old");
    CHECK(directory.count() == 1);
}

TEST_CASE("keeps the old drawing when a photo cannot be read, or the new one cannot be written") {
    scratch_directory directory;
    fill(directory / "drawing.svg", "old");
    fill(directory / "text.jpg", "Dear diary,\n");
    for (const auto* name : {"text.jpg", "missing.jpg"}) CHECK(vectorize(directory, {name}).exit_code == 3);
    const auto full = shell(directory, "ulimit -f 10; " + command("vectorize", {}));
    CHECK(full.exit_code == 4);
    CHECK(full.out == "");
    CHECK(mentions(full.err, "vectorize: cannot write drawing.svg: "));
    CHECK(vectorize(directory, {"-o", "missing/a.svg"}).exit_code == 4);
    CHECK(content_of(directory / "drawing.svg") == "old");
    CHECK(directory.count() == 2);
}

}  // namespace
