// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What `palette` reads, paints and refuses.

#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/image_io.hpp"
#include "../examples/visible_pixels.hpp"
#include "run_program.hpp"

namespace {

namespace fs = std::filesystem;

/// Three photos of other colours and sizes, one with alpha, and a file that is none.
void fill_with_photos(const scratch_directory& photos) {
    io::write(photos / "b.png", gradient(30, 20, 3));
    io::write(photos / "a.jpg", gradient(24, 16, 1));
    io::write(photos / "c.PNG", gradient(9, 40, 4));
    fill(photos / "notes.txt", "no picture");
    fs::create_directory(photos / "more.png");
}

/// Those that can be seen.
std::set<color> colors_in(const fs::path& path) {
    std::set<color> result;
    const auto pixels = pictures::read_visible(path);
    for (std::ptrdiff_t y = 0; y < pixels.colors().height(); ++y)
        for (std::ptrdiff_t x = 0; x < pixels.colors().width(); ++x) {
            const auto pixel = pixels.colors()(x, y);
            result.insert({pixel[0], pixel[1], pixel[2]});
        }
    return result;
}

TEST_CASE("paints the photos of a directory with the k colours it prints") {
    scratch_directory photos, directory;
    fill_with_photos(photos);
    const auto result = run(directory, "palette", {photos.path().string(), "-k", "5", "-o", "out"});
    REQUIRE(result.exit_code == 0);
    CHECK(result.err == "");
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() == 5 + 2 + 3);
    std::set<color> printed, painted;
    double shares = 0, last_share = 100;
    for (std::size_t j = 0; j < 5; ++j) {
        unsigned red = 0, green = 0, blue = 0;
        double share = 0;
        REQUIRE(std::sscanf(lines[j].c_str(), "#%2x%2x%2x %lf %%", &red, &green, &blue, &share) == 4);
        printed.insert(
            {static_cast<std::uint8_t>(red), static_cast<std::uint8_t>(green), static_cast<std::uint8_t>(blue)});
        CHECK(share <= last_share);
        last_share = share;
        shares += share;
    }
    CHECK(std::abs(shares - 100) < 0.3);
    CHECK(lines[5].starts_with("compactness  "));
    CHECK(lines[6].starts_with("time         reading and counting "));
    const std::string names[] = {"a.png", "b.png", "c.png"};
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(lines[7 + i] == "written      out/" + names[i]);
        painted.merge(colors_in(directory / ("out/" + names[i])));
    }
    CHECK(painted == printed);
    CHECK(std::ranges::equal(io::alpha_of(io::read(directory / "out/c.png")).elements(),
                             io::alpha_of(io::read(photos / "c.PNG")).elements()));
    CHECK(std::distance(fs::directory_iterator(directory / "out"), fs::directory_iterator()) == 3);
}

TEST_CASE("takes photos one by one, and finds for one what segment finds") {
    scratch_directory directory;
    const auto result = run(directory, "palette", {mountain, "-k", "6", "--seed", "3", "-o", "out"});
    REQUIRE(result.exit_code == 0);
    CHECK(segment(directory, {mountain, "-k", "6", "--seed", "3", "-o", "segmented.png"}).exit_code == 0);
    CHECK(colors_in(directory / "out/mountain-768.png") == colors_in(directory / "segmented.png"));
    CHECK(content_of(directory / "out/mountain-768.png") == content_of(directory / "segmented.png"));
}

TEST_CASE("refuses what it cannot mean, read or write, before a picture is written") {
    scratch_directory photos, directory;
    fill_with_photos(photos);
    const auto b = (photos / "b.png").string();
    io::write(directory / "b.jpg", gradient(3, 3, 3));
    const struct {
        std::vector<std::string> words;
        int exit_code;
        std::string message;
    } wrong[] = {
        {{}, 2, "palette: there are no photos"},
        {{b, "b.jpg"}, 2, "would both be written to palette/b.png"},
        {{b, b}, 2, "would both be written to palette/b.png"},
        {{b, "-o", photos.path().string()}, 2, "b.png is one of the photos to read"},
        {{"b.jpg", "-k", "200"}, 2, "-k is 200, but the photos have only "},
        {{b, "-k", "0"}, 2, "-k is 0, but must be 1 to 256"},
        {{b, "missing.png"}, 3, "cannot read missing.png"},
        {{b, (photos / "notes.txt").string()}, 3, "notes.txt"},
        {{b, "-o", "b.jpg/out"}, 4, "cannot write b.jpg/out"},
    };
    for (const auto& call : wrong) {
        const auto result = run(directory, "palette", call.words);
        CAPTURE(result.err);
        CHECK(result.exit_code == call.exit_code);
        CHECK(mentions(result.err, call.message));
        CHECK(result.out == "");
        CHECK(directory.count() == 1);
    }
    CHECK(mentions(run(directory, "palette", {"--help"}).out, "usage: palette [options] [photos...]\n"));
}

}  // namespace
