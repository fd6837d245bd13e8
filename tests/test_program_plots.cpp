// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The programs that draw and tell: `elbow`, `colors3d` and `gallery`.

#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/image_io.hpp"
#include "picture_files.hpp"
#include "run_program.hpp"

using namespace picture_files;

TEST_SUITE_BEGIN("elbow");

TEST_CASE("draws the curve of the bundled photo, and prints what each method says") {
    scratch_directory directory;
    const auto result = run(directory, "elbow", {});
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() == 20);
    CHECK(lines[0] == "photo        " + mountain);
    CHECK(lines[1] == "  K  WCSS");
    CHECK(lines[11].starts_with(" 10  "));
    CHECK(mentions(lines[13], "last drop"));
    CHECK(lines[17].starts_with("knee "));
    CHECK(lines[18].starts_with("time         reading "));
    CHECK(lines[19] == "written      elbow.svg");
    CHECK(mentions(content_of(directory / "elbow.svg"), "Elbow of mountain-768.jpg"));
    CHECK(directory.count() == 1);
}

TEST_CASE("prints the curve as CSV and nothing else, falling to 0 where the colours are as many as K") {
    scratch_directory directory;
    fill(directory / "four.pgm", text("P5 4 2 255\n") + bytes{0, 2, 10, 12, 0, 2, 10, 12});
    const auto result = run(directory, "elbow", {"four.pgm", "--k-max=5", "--csv", "-o", "four.svg"});
    CHECK(result.exit_code == 0);
    CHECK(result.out == "k,wcss\n1,624\n2,24\n3,12\n4,0\n5,0\n");  // 3 channels, 2 copies: 6 times 104, 4, 2, 0
    CHECK(mentions(content_of(directory / "four.svg"), "WCSS is 0 from K = 4"));
}

TEST_CASE("tells how many colours there are where WCSS comes down to 0, and of a knee only if they are far apart") {
    scratch_directory directory;
    fill(directory / "near.pgm", text("P5 5 2 255\n") + bytes{126, 127, 128, 129, 130, 126, 127, 128, 129, 130});
    fill(directory / "far.pgm", text("P5 4 3 255\n") + bytes{9, 9, 9, 90, 90, 90, 140, 250, 250, 250, 90, 90});
    fill(directory / "two.pgm", text("P5 4 3 255\n") + bytes{9, 9, 9, 90, 90, 90, 9, 90, 90, 90, 90, 90});
    const auto near_ones = run(directory, "elbow", {"near.pgm"}).out;
    CHECK(mentions(near_ones, "knee         no clear knee\ncolours      5; WCSS is 0 from K = 5\n"));
    CHECK_FALSE(mentions(near_ones, "strength 1.00"));
    const auto far = run(directory, "elbow", {"far.pgm"}).out;
    CHECK(mentions(far, "knee         K = 4\ncolours      4; WCSS is 0 from K = 4\n"));
    const auto behind = run(directory, "elbow", {"two.pgm", "--k-min", "3"}).out;
    CHECK(mentions(behind, "knee         no clear knee\ncolours      2; WCSS is 0 from K = 2\n"));
}

TEST_CASE("says to which K most methods lean where no knee is clear") {
    scratch_directory directory;
    auto levels = bytes(1600);  // two groups, the second of which is wide
    for (std::size_t i = 0; i < levels.size(); ++i)
        levels[i] = static_cast<std::uint8_t>(i % 2 == 0 ? i % 40 : 140 + i % 97);
    fill(directory / "two.pgm", text("P5 40 40 255\n") + levels);
    CHECK(mentions(run(directory, "elbow", {"two.pgm"}).out,
                   "knee         no clear knee; three of four methods lean to K = 2\n"));
}

TEST_CASE("obeys K, seed and threads") {
    scratch_directory directory;
    const auto curve = [&](std::vector<std::string> words) {
        words.insert(words.end(), {"--csv", "--k-min", "2", "--k-max", "3", "--max-iterations", "1"});
        const auto result = run(directory, "elbow", words);
        CHECK(result.exit_code == 0);
        CHECK(lines_of(result.out).size() == 3);
        return result.out;
    };
    CHECK(curve({"--threads", "1"}) == curve({"--threads", "3"}));
    CHECK(curve({"--attempts", "1", "--seed", "1"}) != curve({"--attempts", "1", "--seed", "2"}));
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("colors3d");

TEST_CASE("draws the colours in their own paint, or in their segments'") {
    scratch_directory directory;
    const auto result = run(directory, "colors3d", {});
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() == 4);
    CHECK(lines[0] == "photo        " + mountain);
    CHECK(lines[1] == "colours      54286");
    CHECK(lines[2].starts_with("time         reading "));
    CHECK(lines[3] == "written      colors.svg");
    CHECK(run(directory, "colors3d", {"--paint=segment", "-k=4", "-o=s.svg"}).exit_code == 0);
    const auto own = content_of(directory / "colors.svg"), segments = content_of(directory / "s.svg");
    CHECK(mentions(own, "with 3 cluster centers"));
    CHECK(mentions(segments, "with 4 cluster centers"));
    CHECK(own.size() > 4 * std::string("<circle").size() * 100);
    CHECK(own.size() < 300'000);
}

TEST_CASE("both exit with 2, 3 and 4 as segment does") {
    scratch_directory directory;
    io::write(directory / "tiny.png", gradient(2, 2, 3));
    for (const auto* program : {"elbow", "colors3d"}) {
        CAPTURE(program);
        CHECK(run(directory, program, {"--k"}).exit_code == 2);
        CHECK(run(directory, program, {"--max-pixels", "0"}).exit_code == 2);
        CHECK(run(directory, program, {"missing.jpg"}).exit_code == 3);
        CHECK(run(directory, program, {"-o", "missing/a.svg"}).exit_code == 4);
    }
    const auto many = run(directory, "elbow", {"tiny.png"});
    CHECK(many.exit_code == 2);
    CHECK(mentions(many.err, "k_max is 10, but there are only 4 points"));
    const auto reversed = run(directory, "elbow", {"--k-min", "5", "--k-max", "3"});
    CHECK(reversed.exit_code == 2);
    CHECK(reversed.err == "elbow: --k-max is 3, but must be at least --k-min, which is 5\n");
    CHECK(run(directory, "colors3d", {"tiny.png", "-k", "5"}).exit_code == 2);
    CHECK(directory.count() == 1);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("gallery");

TEST_CASE("writes one page, and prints its path") {
    scratch_directory directory;
    const auto result = run(directory, "gallery", {mountain, "-o", "new/page"});
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    CHECK(result.out.starts_with("time         reading "));
    CHECK(result.out.ends_with("\nwritten      new/page/index.html\n"));
    const auto html = content_of(directory / "new/page/index.html");
    CHECK(html.starts_with("<!DOCTYPE html>"));
    CHECK(mentions(html, "mountain-768.jpg"));
    CHECK(mentions(html, "Aitzol Berasategi"));
    CHECK(html.size() < 4'000'000);
    CHECK(directory.count() == 1);
}

TEST_CASE("exits with 2, 3 and 4 as the others do, and keeps what was there") {
    scratch_directory directory;
    io::write(directory / "small.png", gradient(16, 12, 3));
    io::write(directory / "tiny.png", gradient(3, 2, 3));
    fill(directory / "file", "old");
    CHECK(run(directory, "gallery", {"--page"}).exit_code == 2);
    CHECK(run(directory, "gallery", {"--seed", "-1"}).exit_code == 2);
    CHECK(run(directory, "gallery", {"missing.jpg", "-o", "new"}).exit_code == 3);
    CHECK(run(directory, "gallery", {"small.png", "-o", "file/out"}).exit_code == 4);
    CHECK(content_of(directory / "file") == "old");
    CHECK(directory.count() == 3);

    std::filesystem::create_directories(directory / "taken/index.html");
    const auto taken = run(directory, "gallery", {"small.png", "-o", "taken"});
    CHECK(taken.exit_code == 4);
    CHECK(mentions(taken.err, "gallery: cannot write taken/index.html: "));
    CHECK(taken.out == "");
    const auto few = run(directory, "gallery", {"tiny.png"});
    CHECK(few.exit_code == 2);
    CHECK(mentions(few.err, "there are only 6 pixels"));
}

TEST_SUITE_END();
