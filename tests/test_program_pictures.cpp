// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The programs that show pictures: `side_by_side`, `hsv`, `edges` and `hello`.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/canny.hpp>
#include <lloyd/color.hpp>
#include <lloyd/image.hpp>

#include "../examples/image_io.hpp"
#include "../examples/pictures.hpp"
#include "picture_files.hpp"
#include "run_program.hpp"

namespace fs = std::filesystem;
using picture_files::bytes;

namespace {

bool same_picture(const fs::path& a, const fs::path& b) {
    const auto one = io::read(a), other = io::read(b);
    return one.width() == other.width() && std::ranges::equal(one.elements(), other.elements());
}

}  // namespace

TEST_SUITE_BEGIN("side_by_side");

TEST_CASE("writes each picture and one of all, and prints their paths last") {
    scratch_directory directory;
    const auto result = run(directory, "side_by_side", {"-o", "new/pictures"});
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() == 6);
    CHECK(lines[0] == "photo        " + mountain);
    CHECK(lines[1].starts_with("time         reading "));
    const auto written = [&](std::size_t i) {
        REQUIRE(lines[i].starts_with("written      "));
        return directory / lines[i].substr(13);
    };
    for (const std::size_t k : {3u, 5u, 7u}) CHECK(colors_of(written((k + 3) / 2)).size() == k);
    const auto all = io::read_rgb(written(2));
    CHECK(all.width() > 2 * 768);
    CHECK(all.height() > 2 * 511);
    const auto photo = io::read_rgb(mountain);
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        REQUIRE(std::ranges::equal(all.crop(0, 0, photo.width(), photo.height()).row(y), photo.row(y)));
}

TEST_CASE("takes space, attempts and seed as segment does") {
    scratch_directory directory;
    fs::copy_file(mountain, directory / "m.jpg");
    const std::vector<std::vector<std::string>> calls{
        {}, {"--space", "lab"}, {"--space", "hsv", "--attempts", "1", "--seed", "4"}};
    std::set<std::string> pictures;
    for (auto words : calls) {
        words.insert(words.begin(), {"m.jpg", "-k", "6"});
        REQUIRE(run(directory, "side_by_side", words).exit_code == 0);
        REQUIRE(segment(directory, words).exit_code == 0);
        pictures.insert(content_of(directory / "m-k6.png"));
        CHECK(same_picture(directory / "m-k6.png", directory / "segmented.png"));
    }
    CHECK(pictures.size() == calls.size());
    CHECK(run(directory, "side_by_side", {"--space", "luv"}).exit_code == 2);
    CHECK(run(directory, "side_by_side", {"--attempts", "0"}).exit_code == 2);
}

TEST_CASE("shows palettes with the largest share first") {
    scratch_directory directory;
    lloyd::image<std::uint8_t, 3> photo(128, 128);
    for (std::ptrdiff_t y = 0; y < 128; ++y)
        for (std::ptrdiff_t x = 0; x < 128; ++x) photo(x, y)[0] = x < 32 ? 10 : 250;  // the dark colour has a quarter
    io::write(directory / "in.png", photo);
    REQUIRE(run(directory, "side_by_side", {"in.png", "-k", "2"}).exit_code == 0);
    const auto sheet = io::read_rgb(directory / "in-side-by-side.png");
    const auto bar = sheet.row(128 + 3);
    CHECK((bar[0] == 250 && bar[3 * 95] == 250 && bar[3 * 96] == 10 && bar[3 * 127] == 10));
}

TEST_CASE("makes tall, narrow and tiny photos fit") {
    scratch_directory directory;
    const std::pair<std::ptrdiff_t, std::ptrdiff_t> sizes[] = {{30, 70}, {3000, 2}, {1, 2000}, {2, 2}, {1, 1}};
    for (const auto& size : sizes) {
        CAPTURE(size.first);
        io::write(directory / "in.png", gradient(size.first, size.second, 3));
        CHECK(run(directory, "side_by_side", {"in.png", "-k", "1"}).exit_code == 0);
        CHECK(io::read(directory / "in-k1.png").height() == size.second);
        CHECK(io::read(directory / "in-side-by-side.png")(0, 0)[0] < 100);  // a pixel of the photo, not of the gap
    }
}

TEST_CASE("sheets are not larger than the pictures on them call for, of lines too") {
    scratch_directory directory;
    for (const std::ptrdiff_t length : {3000, 70000})
        for (const bool stands : {false, true}) {
            CAPTURE(length);
            CAPTURE(stands);
            io::write(directory / "in.png", stands ? gradient(1, length, 3) : gradient(length, 1, 3));
            CHECK(run(directory, "side_by_side", {"in.png"}).exit_code == 0);
            const auto four = io::read(directory / "in-side-by-side.png");
            CHECK(std::max(four.width(), four.height()) < 2 * 960 + 100);
            CHECK(std::min(four.width(), four.height()) < 30);
            for (const auto* program : {"edges", "hsv"}) {
                std::vector<std::string> words{"in.png", "-o", "sheet.png"};
                if (program == std::string("edges")) words.push_back("--stages");
                CHECK(run(directory, program, words).exit_code == 0);
                CHECK(io::read(directory / "sheet.png").size() <= 13 * length);
            }
        }
}

TEST_CASE("a sheet of more than 1 GiB is refused, with a way out") {
    const auto error = [](std::ptrdiff_t width, std::ptrdiff_t height) -> std::string {
        try {
            pictures::white_sheet(width, height);
        } catch (const cli::failure& failure) {
            CHECK(failure.exit_code == cli::unwritable);
            return failure.what();
        }
        return {};
    };
    CHECK(error(13, 64'000'000) == "cannot draw 13x64000000 pixels, which take more than 1 GiB; take a smaller photo");
    CHECK(error(std::ptrdiff_t{1} << 61, 64) != "");
    CHECK(error(30, 20) == "");
}

TEST_CASE("exits with 2, 3 and 4 as segment does") {
    scratch_directory directory;
    fill(directory / "file", "old");
    for (const auto* ks : {"", "0", "3,", ",3", "3,,5", "3;5", "257", "1,2,3,4,5,6,7,8,9"}) {
        CAPTURE(ks);
        CHECK(run(directory, "side_by_side", {"-k", ks}).exit_code == 2);
    }
    CHECK(run(directory, "side_by_side", {"missing.jpg"}).exit_code == 3);
    CHECK(run(directory, "side_by_side", {"-o", "file/out"}).exit_code == 4);
    CHECK(directory.count() == 1);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("hsv");

TEST_CASE("shows the hue as a pure colour, saturation and value as gray, side by side") {
    scratch_directory directory;
    lloyd::image<std::uint8_t, 3> photo(2, 1);
    std::ranges::copy(bytes{0, 100, 50, 70, 70, 70}, photo.data());  // hue 150°, saturation 1; no hue at all
    io::write(directory / "in.png", photo);
    const auto result = run(directory, "hsv", {"in.png", "-o", "out.png"});
    CHECK(result.exit_code == 0);
    CHECK(result.out.ends_with("\nwritten      out.png\n"));
    CHECK(result.err == "");
    const auto shown = io::read_rgb(directory / "out.png");
    REQUIRE((shown.width() == 3 * 2 + 2 * 2 && shown.height() == 1));
    const bytes white(6, 255);
    bytes expected{0, 255, 128, 128, 128, 128};
    for (const auto& part : {white, bytes{255, 255, 255, 0, 0, 0}, white, bytes{100, 100, 100, 70, 70, 70}})
        expected.insert(expected.end(), part.begin(), part.end());
    CHECK(std::ranges::equal(shown.elements(), expected));
}

TEST_CASE("shows the bundled photo when nothing is asked for") {
    scratch_directory directory;
    CHECK(run(directory, "hsv", {}).exit_code == 0);
    CHECK(io::read(directory / "hsv.png").width() == 3 * 768 + 2 * 12);
    CHECK(directory.count() == 1);
}

TEST_CASE("exits with 2, 3 and 4 as the others do") {
    scratch_directory directory;
    CHECK(run(directory, "hsv", {"--hue"}).exit_code == 2);
    CHECK(run(directory, "hsv", {"-o", "a.gif"}).exit_code == 2);
    CHECK(run(directory, "hsv", {"missing.jpg"}).exit_code == 3);
    CHECK(run(directory, "hsv", {"-o", "missing/a.png"}).exit_code == 4);
    CHECK(directory.count() == 0);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("edges");

TEST_CASE("draws white edges on black, and prints what it took them for") {
    scratch_directory directory;
    const auto result = run(directory, "edges", {});
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() == 6);
    CHECK(lines[0] == "photo        " + mountain);
    CHECK(lines[1] == "thresholds   150 and 200");
    CHECK(lines[5] == "written      edges.png");
    const auto colors = colors_of(directory / "edges.png");
    CHECK(colors.size() == 2);
    CHECK(colors.count({0, 0, 0}) == 1);
    double share = 0;
    REQUIRE(std::sscanf(lines[2].c_str(), "edges %lf %%", &share) == 1);
    CHECK(std::abs(share - 100 * colors.at({255, 255, 255}) / (768 * 511)) < 0.051);
    CHECK(directory.count() == 1);
}

TEST_CASE("finds fewer edges above higher thresholds and after more blur, and chooses its own") {
    scratch_directory directory;
    const auto share = [&](std::vector<std::string> words) {
        const auto result = run(directory, "edges", words);
        REQUIRE(result.exit_code == 0);
        return std::stod(result.out.substr(result.out.find("edges ") + 6));
    };
    const auto usual = share({});
    CHECK(share({"--high", "600"}) < usual);
    CHECK(share({"--low", "20"}) > usual);
    CHECK(share({"--sigma", "3"}) < usual);
    CHECK(share({"--sigma", "0"}) > usual);
    const auto chosen = share({"--auto"});
    CHECK((chosen != usual && chosen > 0));
}

TEST_CASE("says what --auto would take where fixed thresholds leave few or many edges, and only there") {
    scratch_directory directory;
    fs::copy_file(mountain, directory / "m.jpg");
    const auto lines = [&](std::vector<std::string> words) {
        if (words[0] != "flat.png") words.emplace_back("m.jpg");
        const auto result = run(directory, "edges", words);
        REQUIRE(result.exit_code == 0);
        return lines_of(result.out);
    };
    const auto chosen = lines({"--auto", "--sigma", "0"})[0];  // "thresholds   60 and 120"
    REQUIRE(chosen.starts_with("thresholds   "));
    const auto hint = " edges; --auto would take " + chosen.substr(13);
    CHECK(lines({"--sigma", "0", "--high", "1500"})[2] == "hint         few" + hint);
    CHECK(lines({"--sigma", "0", "--low", "0", "--high", "0"})[2] == "hint         many" + hint);
    CHECK(mentions(lines({"--high", "1500"})[2], "; --sigma 0 leaves out the blur"));
    CHECK(lines({"--low", "60", "--high", "120"})[2].starts_with("time "));
    io::write(directory / "flat.png", lloyd::image<std::uint8_t, 1>(20, 20));
    CHECK(lines({"flat.png", "--auto"})[2].starts_with("time "));
}

TEST_CASE("finds the edges of the gray photo that the tutorial finds, on request") {
    scratch_directory directory;
    CHECK(run(directory, "edges", {"--gray", "--sigma", "0"}).exit_code == 0);
    const auto edges = io::read(directory / "edges.png");
    const auto wanted = lloyd::canny(lloyd::rgb_to_gray(io::read_rgb(mountain)), 150, 200, {.sigma = 0});
    CHECK(std::ranges::equal(edges.elements(), wanted.elements()));
}

TEST_CASE("shows five stages side by side, the last of them the edges") {
    scratch_directory directory;
    CHECK(run(directory, "edges", {"--stages", "-o", "stages.png"}).exit_code == 0);
    CHECK(run(directory, "edges", {mountain}).exit_code == 0);
    const auto stages = io::read_rgb(directory / "stages.png"), edges = io::read_rgb(directory / "edges.png");
    CHECK(stages.width() == 5 * 768 + 4 * 12);
    for (std::ptrdiff_t y = 0; y < edges.height(); ++y)
        REQUIRE(std::ranges::equal(stages.crop(4 * 780, 0, 768, 511).row(y), edges.row(y)));
}

TEST_CASE("takes the smallest photo, and exits with 2, 3 and 4 as segment does") {
    scratch_directory directory;
    io::write(directory / "dot.png", gradient(1, 1, 1));
    CHECK(run(directory, "edges", {"dot.png", "--stages", "--auto", "-o", "dots.png"}).exit_code == 0);
    const auto wrong = run(directory, "edges", {"--low", "300"});
    CHECK(wrong.exit_code == 2);
    CHECK(mentions(wrong.err, "edges: --low is 300, but must be at most --high, which is 200"));
    for (const auto* words : {"--low=-1", "--high=nan", "--sigma=171", "--auto=3", "-o=a.gif"})
        CHECK(run(directory, "edges", {words}).exit_code == 2);
    CHECK(run(directory, "edges", {"missing.jpg"}).exit_code == 3);
    CHECK(run(directory, "edges", {"-o", "missing/a.png"}).exit_code == 4);
    CHECK(directory.count() == 2);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("hello");

TEST_CASE("paints a photo with five colours") {
    scratch_directory directory;
    const auto result = run(directory, "hello", {mountain});
    CHECK(result.exit_code == 0);
    CHECK(result.out == "written      five-colors.png\n");
    CHECK(colors_of(directory / "five-colors.png").size() == 5);
}

TEST_CASE("says what is missing") {
    scratch_directory directory;
    const auto result = run(directory, "hello", {});
    CHECK(result.exit_code == 3);
    CHECK(mentions(result.err, "hello: cannot read photo.jpg: "));
}

TEST_SUITE_END();
