// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What `film` reads, paints and refuses.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/segment.hpp>

#include "../examples/image_io.hpp"
#include "run_program.hpp"

namespace {

namespace fs = std::filesystem;
using rgb_image = lloyd::image<std::uint8_t, 3>;

constexpr std::ptrdiff_t frames = 6, step_x = 4, step_y = 2, width = 480, height = 360;

std::string name_of(std::ptrdiff_t t) { return "frame-" + std::to_string(1007 + t).substr(1) + ".png"; }

/// A window that moves over the bundled photo: frame-007.png to frame-012.png.
std::vector<rgb_image> panned() {
    const auto photo = io::read_rgb(mountain);
    std::vector<rgb_image> film;
    for (std::ptrdiff_t t = 0; t < frames; ++t)
        film.emplace_back(photo.crop(100 + step_x * t, 80 + step_y * t, width, height));
    return film;
}

void write_film(const fs::path& directory, const std::vector<rgb_image>& film) {
    fs::create_directories(directory);
    for (std::ptrdiff_t t = 0; const auto& frame : film) io::write(directory / name_of(t++), frame);
}

bool same(const rgb_image& picture, const fs::path& path) {
    return std::ranges::equal(picture.elements(), io::read_rgb(path).elements());
}

TEST_CASE("paints each frame in the segments of the frame before, which keep their numbers") {
    scratch_directory directory;
    const auto film = panned();
    write_film(directory / "in", film);
    for (const auto space : {lloyd::color_space::rgb, lloyd::color_space::oklab}) {
        const std::string name = space == lloyd::color_space::rgb ? "rgb" : "oklab";
        const auto result =
            run(directory, "film", {"in", "-k", "6", "--space", name, "--seed", "3", "--attempts", "2", "-o", name});
        REQUIRE(result.exit_code == 0);
        CHECK(result.err == "");

        auto s = lloyd::segment(film[0], 6, {.space = space, .kmeans = {.attempts = 2, .seed = 3}});
        CHECK(same(lloyd::recolor(s.labels, s.palette), directory / (name + "/" + name_of(0))));
        double changed = 0;
        for (std::ptrdiff_t t = 1; t < frames; ++t) {
            const auto next = lloyd::segment(film[static_cast<std::size_t>(t)], s, {.kmeans = {.max_iterations = 5}});
            CHECK(same(lloyd::recolor(next.labels, next.palette), directory / (name + "/" + name_of(t))));
            for (std::ptrdiff_t y = step_y; y < height; ++y)
                for (std::ptrdiff_t x = step_x; x < width; ++x)
                    changed += s.labels(x, y)[0] != next.labels(x - step_x, y - step_y)[0];
            s = next;
        }
        CHECK(changed / static_cast<double>((frames - 1) * (width - step_x) * (height - step_y)) < 0.01);

        const auto lines = lines_of(result.out);
        REQUIRE(lines.size() == 6 + 3);
        for (std::size_t j = 0; j < 6; ++j) {
            unsigned red = 0, green = 0, blue = 0;
            double share = 0;
            REQUIRE(std::sscanf(lines[j].c_str(), "#%2x%2x%2x %lf %%", &red, &green, &blue, &share) == 4);
            const auto color = s.palette(static_cast<std::ptrdiff_t>(j), 0);
            CHECK((color[0] == red && color[1] == green && color[2] == blue));
            CHECK(std::abs(share - 100 * s.shares[j]) < 0.051);
        }
        CHECK(lines[6] == "frames       6");
        double first = -1, later = -1, reading = -1, writing = -1;
        CHECK(std::sscanf(lines[7].c_str(),
                          "time         reading %lf ms, segmenting %lf ms (the first), %lf ms (each later one), "
                          "writing %lf ms a frame",
                          &reading, &first, &later, &writing) == 4);
        CHECK(lines[7].ends_with(" ms a frame"));
        CHECK(std::min({first, later, reading, writing}) >= 0);
        CHECK(lines[8] == "written      " + name + "/frame-007.png to " + name + "/frame-012.png");
        CHECK(std::distance(fs::directory_iterator(directory / name), fs::directory_iterator()) == frames);
    }
}

TEST_CASE("takes files one by one, of one number or none, of any size and with alpha, and one frame alone") {
    scratch_directory directory;
    io::write(directory / "start.png", gradient(30, 20, 3));
    io::write(directory / "take-9.jpg", gradient(9, 40, 3));
    io::write(directory / "take-10.png", gradient(24, 16, 4));
    const auto result = run(directory, "film", {"start.png", "take-9.jpg", "take-10.png", "-k", "3", "-o", "a/b"});
    CHECK(result.exit_code == 0);
    CHECK(io::read(directory / "a/b/take-9.png").height() == 40);
    CHECK(io::read(directory / "a/b/take-10.png").channels() == 4);
    const auto one = run(directory, "film", {"start.png", "-k", "3", "--threads", "1"});
    CHECK(one.exit_code == 0);
    CHECK(content_of(directory / "film/start.png") == content_of(directory / "a/b/start.png"));
    CHECK(mentions(one.out, "\ntime         reading "));
    CHECK_FALSE(mentions(one.out, "the first"));
    CHECK_FALSE(mentions(one.out, "a frame"));
    CHECK(one.out.ends_with("\nwritten      film/start.png\n"));
    CHECK(segment(directory, {"start.png", "-o", "start-3.png"}).exit_code == 0);
    CHECK(content_of(directory / "film/start.png") == content_of(directory / "start-3.png"));
}

TEST_CASE("obeys --max-iterations in later frames, and --alpha") {
    scratch_directory directory;
    const auto film = panned();
    write_film(directory / "in", {film[0], film[5]});
    for (const auto* steps : {"1", "50"})
        CHECK(run(directory, "film", {"in", "--max-iterations", steps, "-o", steps}).exit_code == 0);
    CHECK(content_of(directory / "1/frame-007.png") == content_of(directory / "50/frame-007.png"));
    CHECK(content_of(directory / "1/frame-008.png") != content_of(directory / "50/frame-008.png"));

    io::write(directory / "rgba.png", gradient(20, 30, 4));
    for (const auto* use : {"weigh", "ignore"})
        CHECK(run(directory, "film", {"rgba.png", "--alpha", use, "-o", use}).exit_code == 0);
    CHECK(content_of(directory / "weigh/rgba.png") != content_of(directory / "ignore/rgba.png"));
}

TEST_CASE("shows on a terminal which frame it works on, and clears that line before it says why it ends") {
    scratch_directory directory;
    io::write(directory / "1.png", gradient(8, 8, 3));
    fill(directory / "2.png", "no picture");
    const auto shown = shown_on_terminal(directory, command("film", {"1.png", "2.png"}));
    if (shown.empty()) return;
    CHECK(shown.starts_with("\r\33[K  0 %  frame 1 of 2\r\33[K 50 %  frame 2 of 2\r\33[K"
                            "film: cannot read 2.png"));
    CHECK(run(directory, "film", {"1.png"}).err == "");
}

TEST_CASE("refuses a missing frame by name, and another order, before any work") {
    scratch_directory directory;
    fs::create_directory(directory / "in");
    const auto why = [&](const std::vector<std::string>& names, int exit_code) {
        std::vector<std::string> words;
        for (const auto& name : names) {
            fill(directory / ("in/" + name), "no picture");  // is not even read
            words.push_back("in/" + name);
        }
        const auto result = run(directory, "film", words);
        CHECK(result.exit_code == exit_code);
        CHECK(result.out == "");
        return result.err;
    };
    CHECK(why({"frame-0005.png", "frame-0006.png", "frame-0008.png"}, 3) ==
          "film: frame-0007.png is missing between frame-0006.png and frame-0008.png\n");
    CHECK(why({"99.png", "101.png"}, 3) == "film: 100.png is missing between 99.png and 101.png\n");
    CHECK(why({"a009.jpg", "a020.jpg", "a040.jpg"}, 3) == "film: a010.jpg is missing between a009.jpg and a020.jpg\n");
    const std::string advice =
        "; give all numbers as many digits (0009, 0010), so that names and numbers have one order\n";
    CHECK(why({"a1.png", "a10.png", "a2.png"}, 2) ==
          "film: a10.png and a2.png are not in the order of their numbers" + advice);
    CHECK(why({"5.png", "4.png"}, 2) == "film: 5.png and 4.png are not in the order of their numbers" + advice);
    for (const auto& names : std::vector<std::vector<std::string>>{{"b1.png", "c3.png"}, {"c3.png", "d.png", "c5.png"}})
        CHECK(why(names, 3).starts_with("film: cannot read in/" + names[0]));
    CHECK(why({"a99999999999999999999999.png", "a1.png"}, 3).starts_with("film: cannot read in/a9999"));
    CHECK(directory.count() == 1);
}

TEST_CASE("refuses what it cannot mean, read or write") {
    scratch_directory directory, photos;
    io::write(directory / "b.png", gradient(3, 3, 3));
    fill(directory / "file", "old");
    io::write(photos / "1.png", gradient(6, 6, 3));
    fill(photos / "2.png", "no picture");
    const struct {
        std::vector<std::string> words;
        int exit_code;
        std::string message;
    } wrong[] = {
        {{}, 2, "film: there are no photos"},
        {{"b.png", "b.png"}, 2, "would both be written to film/b.png"},
        {{"b.png", "-o", "."}, 2, "b.png is one of the photos to read"},
        {{"b.png", "-o", "a.png"}, 2, "a.png"},
        {{"b.png", "-k", "10"}, 2, "k is 10, but there are only 9 pixels"},
        {{"b.png", "-k", "257"}, 2, "-k is 257, but must be 1 to 256"},
        {{"b.png", "--max-iterations", "0"}, 2, "--max-iterations is 0, but must be at least 1"},
        {{"b.png", "--space", "luv"}, 2, "--space is luv, but must be rgb, hsv, hsv_cone, lab or oklab"},
        {{"missing.png"}, 3, "film: cannot read missing.png"},
        {{"b.png", "-o", "file/out"}, 4, "film: cannot write file/out"},
    };
    for (const auto& call : wrong) {
        const auto result = run(directory, "film", call.words);
        CAPTURE(result.err);
        CHECK(result.exit_code == call.exit_code);
        CHECK(mentions(result.err, call.message));
        CHECK(result.out == "");
        CHECK(directory.count() == 2);
    }
    const auto later = run(directory, "film", {photos.path().string()});
    CHECK(later.exit_code == 3);
    CHECK(mentions(later.err, "2.png"));
    CHECK(later.out == "");
    CHECK(mentions(run(directory, "film", {"--help"}).out, "usage: film [options] [frames...]\n"));
}

}  // namespace
