// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What the programs make of transparent pictures: colours that cannot be seen change nothing.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/image_io.hpp"
#include "run_program.hpp"
#include "sample_images.hpp"

namespace {

namespace fs = std::filesystem;
using samples::dice;
using rgba_image = lloyd::image<std::uint8_t, 4>;

/// Five colours with a little noise, of which the upper part and a frame cannot be seen, and some are half transparent.
rgba_image with_hidden(dice* noise) {
    dice random;
    rgba_image picture(48, 40);
    for (std::ptrdiff_t y = 0; y < 40; ++y)
        for (std::ptrdiff_t x = 0; x < 48; ++x) {
            const auto pixel = picture(x, y);
            const auto spot = (x / 12 + y / 10) % 5;
            for (std::size_t c = 0; c < 3; ++c)
                pixel[c] =
                    static_cast<std::uint8_t>(30 + 40 * ((spot + 2 * static_cast<int>(c)) % 5) + random.below(9));
            pixel[3] = y < 20 || x < 2 ? 0 : static_cast<std::uint8_t>(x < 20 ? 255 : 100);
            if (pixel[3] == 0)
                for (std::size_t c = 0; c < 3; ++c)
                    pixel[c] = static_cast<std::uint8_t>(noise != nullptr ? noise->below(256) : 0);
        }
    return picture;
}

/// Every file in a directory by its name, and what was printed; without the times.
std::map<std::string, std::string> results_of(const scratch_directory& directory, const std::string& program,
                                              const std::vector<std::string>& words) {
    static const std::regex times("[0-9.]+ ms|[0-9.]+\u00a0m?s");
    const auto result = run(directory, program, words);
    CAPTURE(result.err);
    REQUIRE(result.exit_code == 0);
    std::map<std::string, std::string> all{{"stdout", std::regex_replace(result.out, times, "")}};
    for (const auto& entry : fs::recursive_directory_iterator(directory.path()))
        if (entry.is_regular_file() && entry.path() != directory / "in.png")
            all[entry.path().filename().string()] = std::regex_replace(content_of(entry.path()), times, "");
    return all;
}

TEST_CASE("colours that cannot be seen change nothing of what a program makes") {
    const std::vector<std::vector<std::string>> calls{{"segment", "in.png", "-k", "4"},
                                                      {"segment", "in.png", "--space", "hsv_cone", "-o", "a.ppm"},
                                                      {"segment", "in.png", "--space", "hsv", "-o", "a.png"},
                                                      {"segment", "in.png", "--space", "lab", "--fixed", "#ffffff"},
                                                      {"segment", "in.png", "-k", "5", "--smallest", "6"},
                                                      {"vectorize", "in.png", "-k", "5", "--smallest", "6"},
                                                      {"vectorize", "in.png", "-k", "5", "--lines"},
                                                      {"film", "in.png"},
                                                      {"palette", "in.png", "-k", "4"},
                                                      {"elbow", "in.png"},
                                                      {"colors3d", "in.png"},
                                                      {"hsv", "in.png"},
                                                      {"edges", "in.png"},
                                                      {"edges", "in.png", "--stages", "--auto"},
                                                      {"side_by_side", "in.png"},
                                                      {"gallery", "in.png"}};
    for (const auto& call : calls) {
        dice random;
        CAPTURE(call[0]);
        scratch_directory with_black, with_noise;
        io::write(with_black / "in.png", with_hidden(nullptr));
        io::write(with_noise / "in.png", with_hidden(&random));
        const std::vector<std::string> words(call.begin() + 1, call.end());
        const auto of_black = results_of(with_black, call[0], words), of_noise = results_of(with_noise, call[0], words);
        CHECK(of_black.size() >= 2);
        for (const auto& entry : of_black) {
            CAPTURE(entry.first);
            CHECK((of_noise.count(entry.first) == 1 && of_noise.at(entry.first) == entry.second));
        }
    }
}

/// A row of visible greens around hidden red and blue.
rgba_image greens() {
    rgba_image picture(4, 1);
    std::ranges::copy(std::array<std::uint8_t, 16>{0, 90, 0, 255, 255, 0, 0, 0, 0, 0, 255, 0, 10, 200, 0, 1},
                      picture.data());
    return picture;
}

TEST_CASE("segment and palette paint two greens with two greens, keep alpha, and leave white what is hidden") {
    scratch_directory directory;
    io::write(directory / "in.png", greens());
    const auto result = segment(directory, {"in.png", "-k", "2"});
    CHECK(result.exit_code == 0);
    CHECK(result.out.starts_with("#005a00   99.6 %\n#0ac800    0.4 %\ncompactness  0\n"));
    CHECK(run(directory, "palette", {"in.png", "-k", "2"}).exit_code == 0);
    const std::vector<std::uint8_t> expected{0, 90, 0, 255, 255, 255, 255, 0, 255, 255, 255, 0, 10, 200, 0, 1};
    for (const auto* name : {"segmented.png", "palette/in.png"})
        CHECK(std::ranges::equal(io::read(directory / name).elements(), expected));
    CHECK(segment(directory, {"in.png", "-k", "2", "-o", "a.ppm"}).exit_code == 0);
    const std::vector<std::uint8_t> without{0, 90, 0, 255, 255, 255, 255, 255, 255, 10, 200, 0};
    CHECK(std::ranges::equal(io::read(directory / "a.ppm").elements(), without));
}

TEST_CASE("segment weighs pixels by alpha, by alpha and mask, or ignores alpha, and keeps it") {
    scratch_directory directory;
    rgba_image picture(4, 1);
    std::ranges::copy(std::array{10, 0, 0, 153, 20, 0, 0, 102, 200, 0, 0, 255, 30, 0, 0, 0}, picture.data());
    io::write(directory / "in.png", picture);
    const std::vector<std::uint8_t> alpha{153, 102, 255, 0};
    const auto written = [&] { return io::read(directory / "segmented.png"); };
    const auto keeps_alpha = [&] { return std::ranges::equal(io::alpha_of(written()).elements(), alpha); };

    const auto usual = segment(directory, {"in.png", "-k", "2"});
    CHECK(usual.out.starts_with("#0e0000   50.0 %\n#c80000   50.0 %\ncompactness  24\n"));  // 0.6·4² + 0.4·6²
    CHECK(std::ranges::equal(written()(3, 0), std::vector<std::uint8_t>{255, 255, 255, 0}));
    CHECK(keeps_alpha());
    CHECK(segment(directory, {"in.png", "-k", "2", "--alpha", "weigh"}).out.starts_with("#0e0000   50.0 %\n"));

    const auto ignored = segment(directory, {"in.png", "-k", "2", "--alpha", "ignore"});
    CHECK(ignored.out.starts_with("#140000   75.0 %\n#c80000   25.0 %\ncompactness  200\n"));
    CHECK(std::ranges::equal(written()(3, 0), std::vector<std::uint8_t>{20, 0, 0, 0}));
    CHECK(keeps_alpha());

    lloyd::image<std::uint8_t, 1> mask(4, 1);
    std::ranges::copy(std::array{101, 0, 61, 255}, mask.data());  // ⌊(153·101 + 127) / 255⌋ = 61
    io::write(directory / "mask.png", mask);
    CHECK(segment(directory, {"in.png", "-k", "2", "--mask", "mask.png"})
              .out.starts_with("#0a0000   50.0 %\n#c80000   50.0 %\ncompactness  0\n"));
    CHECK(std::ranges::equal(written()(1, 0), std::vector<std::uint8_t>{10, 0, 0, 102}));
    CHECK(keeps_alpha());

    std::ranges::copy(std::array{0, 0, 0, 255}, mask.data());
    io::write(directory / "hidden.png", mask);
    const auto none = segment(directory, {"in.png", "-k", "2", "--mask", "hidden.png"});
    CHECK(none.exit_code == 2);
    CHECK(none.err ==
          "segment: --mask hidden.png leaves only pixels that alpha hides; take another mask, or --alpha ignore\n");
    CHECK(segment(directory, {"in.png", "-k", "1", "--mask", "hidden.png", "--alpha", "ignore"})
              .out.starts_with("#1e0000  100.0 %\n"));
}

TEST_CASE("edges are those of the picture on white paper, of glyphs drawn in alpha alone too") {
    scratch_directory directory;
    lloyd::image<std::uint8_t, 2> glyph(30, 30);
    lloyd::image<std::uint8_t, 1> on_paper(30, 30);
    for (std::ptrdiff_t y = 0; y < 30; ++y)
        for (std::ptrdiff_t x = 0; x < 30; ++x) {
            glyph(x, y)[1] = static_cast<std::uint8_t>(x > 8 && x < 20 && y > 5 && y < 25 ? 8 * y : 0);
            on_paper(x, y)[0] = static_cast<std::uint8_t>(255 - glyph(x, y)[1]);
        }
    io::write(directory / "glyph.png", glyph);
    io::write(directory / "paper.png", on_paper);
    for (const auto* option : {"--auto", "--stages"}) {
        CHECK(run(directory, "edges", {"glyph.png", option, "-o", "a.png"}).exit_code == 0);
        CHECK(run(directory, "edges", {"paper.png", option, "-o", "b.png"}).exit_code == 0);
        CHECK(content_of(directory / "a.png") == content_of(directory / "b.png"));
    }
    CHECK(run(directory, "edges", {"glyph.png", "-o", "a.png"}).exit_code == 0);
    CHECK(colors_of(directory / "a.png").count({255, 255, 255}) == 1);
}

TEST_CASE("a picture of which nothing can be seen is refused by what clusters, and white for what looks") {
    scratch_directory directory;
    auto picture = with_hidden(nullptr);
    for (std::ptrdiff_t i = 0; i < picture.size(); ++i) picture(i % 48, i / 48)[3] = 0;
    io::write(directory / "clear.png", picture);
    io::write(directory / "in.png", greens());
    for (const auto* program :
         {"segment", "elbow", "colors3d", "side_by_side", "gallery", "palette", "film", "vectorize"}) {
        CAPTURE(program);
        const auto result = run(directory, program, {"clear.png"});
        CHECK(result.exit_code == 3);
        CHECK(mentions(result.err, std::string(program) + ": "));
        CHECK(mentions(result.err, "transparent"));
        CHECK(mentions(result.err, "alpha"));
        CHECK(result.out == "");
    }
    CHECK(directory.count() == 2);
    CHECK(run(directory, "palette", {"clear.png", "in.png", "-k", "2"}).exit_code == 0);
    CHECK(colors_of(directory / "palette/clear.png") == std::map<color, double>{{{255, 255, 255}, 48 * 40}});
    CHECK(run(directory, "edges", {"clear.png"}).exit_code == 0);
    CHECK(colors_of(directory / "edges.png") == std::map<color, double>{{{0, 0, 0}, 48 * 40}});
    CHECK(run(directory, "hsv", {"clear.png"}).exit_code == 0);
    CHECK(io::read_rgb(directory / "hsv.png")(0, 0)[0] == 128);  // no hue
}

TEST_CASE("of more colours than pixels that can be seen, segment leaves some without pixels, and others refuse") {
    scratch_directory directory;
    io::write(directory / "in.png", greens());
    CHECK(segment(directory, {"in.png", "-k", "3", "-o", "/dev/null"})
              .out.starts_with("#005a00   99.6 %\n#0ac800    0.4 %\n#005a00    0.0 %\n"));
    CHECK(mentions(segment(directory, {"in.png", "-k", "5"}).err, "k is 5, but there are only 4 pixels"));
    CHECK(mentions(run(directory, "elbow", {"in.png"}).err, "k_max is 10, but there are only 2 points"));
    CHECK(mentions(run(directory, "colors3d", {"in.png"}).err, "k is 3, but there are only 2 points"));
    CHECK(directory.count() == 1);
}

TEST_CASE("side_by_side keeps alpha in the pictures, and shows them on white") {
    scratch_directory directory;
    io::write(directory / "in.png", greens());
    CHECK(run(directory, "side_by_side", {"in.png", "-k", "2"}).exit_code == 0);
    CHECK(std::ranges::equal(io::alpha_of(io::read(directory / "in-k2.png")).elements(),
                             std::vector<std::uint8_t>{255, 0, 0, 1}));
    const auto sheet = io::read_rgb(directory / "in-side-by-side.png");
    const color expected[] = {{0, 90, 0}, {255, 255, 255}, {255, 255, 255}, {254, 255, 254}};
    for (std::ptrdiff_t x = 0; x < 4; ++x) CHECK(std::ranges::equal(sheet(x, 0), expected[x]));
}

}  // namespace
