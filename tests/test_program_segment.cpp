// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What `segment` reads, paints and prints.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <doctest/doctest.h>

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
    for (const auto* space : {"rgb", "hsv", "hsv_cone"})
        CHECK(segment(directory, {"--space", space, "-k", "6", "-o", std::string(space) + ".ppm"}).exit_code == 0);
    const auto rgb = content_of(directory / "rgb.ppm"), hsv = content_of(directory / "hsv.ppm");
    CHECK(rgb != hsv);
    CHECK(hsv != content_of(directory / "hsv_cone.ppm"));
    CHECK(segment(directory, {"-k", "6", "-o", "usual.ppm"}).exit_code == 0);
    CHECK(content_of(directory / "usual.ppm") == rgb);
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
    CHECK(mentions(help.out, "usage: segment [photo] [-k 3] [-o segmented.png]"));
    CHECK(mentions(help.out, "--max-iterations"));
    CHECK(directory.count() == 0);
}

TEST_CASE("shows its progress on a terminal, and only there") {
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (terminal < 0) {
        MESSAGE("not tried: this system has no pseudo-terminals");
        return;
    }
    REQUIRE(::grantpt(terminal) == 0);
    REQUIRE(::unlockpt(terminal) == 0);
    scratch_directory directory;
    io::write(directory / "small.png", gradient(8, 8, 3));
    const auto command_line = command("segment", {"small.png", "--attempts", "1"});
    const auto quiet = shell(directory, command_line);
    const auto result = shell(directory, command_line + " 2>" + quoted(::ptsname(terminal)));
    std::string shown(4096, '\0');
    const auto count = ::read(terminal, shown.data(), shown.size());
    shown.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    ::close(terminal);
    CHECK(result.exit_code == 0);
    CHECK(mentions(shown, "iteration 1"));
    CHECK_FALSE(mentions(result.out, "iteration 1:"));
    CHECK(quiet.err == "");
}

}  // namespace
