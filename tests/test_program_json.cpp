// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// --json: one line that Python reads, with the figures that the text shows.

#include <cstdio>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/image_io.hpp"
#include "json_figures.hpp"
#include "run_program.hpp"

namespace {

template <class... Values>
std::string format(const char* pattern, Values... values) {
    char text[200];
    std::snprintf(text, sizeof text, pattern, values...);
    return text;
}

double number(const figures& json, const std::string& path) { return std::stod(json.at(path)); }

/// The lines that a program prints about a palette.
std::vector<std::string> palette_lines(const figures& json, const std::string& path = "palette") {
    std::vector<std::string> lines;
    for (int j = 0; j < std::stoi(json.at(path + ".count")); ++j) {
        const auto color = path + "." + std::to_string(j) + ".";
        const auto hex = json.at(color + "hex");
        unsigned rgb[3];
        REQUIRE(std::sscanf(hex.c_str(), "#%2x%2x%2x", &rgb[0], &rgb[1], &rgb[2]) == 3);
        CHECK(json.at(color + "rgb.count") == "3");
        for (std::size_t c = 0; c < 3; ++c)
            CHECK(json.at(color + "rgb." + std::to_string(c)) == std::to_string(rgb[c]));
        const auto fixed = json.at(color + "fixed") == "true" ? "  fixed" : "";
        lines.push_back(format("%s  %5.1f %%%s", hex.c_str(), 100 * number(json, color + "share"), fixed));
    }
    return lines;
}

/// What a program prints as text, without the lines that begin with `left_out`.
std::vector<std::string> text_lines(const scratch_directory& directory, const std::string& program,
                                    const std::vector<std::string>& words, const std::string& left_out = "time ") {
    auto lines = lines_of(run(directory, program, words).out);
    std::erase_if(lines, [&](const auto& line) { return line.starts_with(left_out); });
    return lines;
}

void check_size(const figures& json, const std::string& input, const std::string& output) {
    CHECK(json.at("input") == input);
    CHECK(json.at("output") == output);
    CHECK(json.at("width") == "768");
    CHECK(json.at("height") == "511");
}

TEST_CASE("segment gives the figures of its text") {
    scratch_directory directory;
    const std::vector<std::string> usual{mountain, "-k", "5", "-o", "a.png"};
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{}, {"--smallest", "90", "--fixed", "#000000"}, {"--max-iterations", "2"}}) {
        auto words = usual;
        words.insert(words.end(), more.begin(), more.end());
        const auto json = figures_of(directory, "segment", words);
        if (json.empty()) return;
        check_size(json, mountain, "a.png");
        CHECK(json.at("k") == "5");
        CHECK(json.at("palette.0.fixed") == (more.size() == 4 ? "true" : "false"));
        CHECK(json.at("palette.1.fixed") == "false");
        auto lines = palette_lines(json);
        const bool merges = json.contains("regions.before");
        if (merges)
            lines.push_back("regions      " + json.at("regions.before") + ", and " + json.at("regions.after") +
                            " after merging those of fewer than 90 pixels");
        lines.push_back(format("compactness  %.6g", number(json, "compactness")));
        const auto end = json.at("converged") == "true" ? "" : " (the maximum)";
        lines.push_back("iterations   " + json.at("iterations") + end);
        lines.emplace_back("written      a.png");
        CHECK(lines == text_lines(directory, "segment", words));
        CHECK(merges == (more.size() == 4));
        CHECK((json.at("converged") == "true") == (more.size() != 2));
        for (const std::string stage : {"reading", "segmenting", "writing"})
            CHECK(number(json, "milliseconds." + stage) > 0);
    }
}

TEST_CASE("segment gives compactness in pixels, and shares of 0 for empty segments") {
    scratch_directory directory;
    lloyd::image<std::uint8_t> photo(4, 1, 4);
    for (auto& level : photo.elements()) level = 255;
    for (const std::size_t i : {0u, 1u, 4u}) photo.elements()[i] = 0;
    io::write(directory / "a.png", photo);
    const auto json = figures_of(directory, "segment", {"a.png", "-k", "1"});
    if (json.empty()) return;
    CHECK(number(json, "compactness") == 4 * 127.5 * 127.5 + 191.25 * 191.25 + 3 * 63.75 * 63.75);  // red, and green
    const auto empty = figures_of(directory, "segment", {"a.png", "-k", "4"});
    CHECK(empty.at("palette.3.share") == "0");
    CHECK(empty.at("compactness") == "0");
}

TEST_CASE("vectorize gives the figures of its text") {
    scratch_directory directory;
    for (const std::string kind : {"paths", "lines"}) {
        std::vector<std::string> words{mountain, "-o", "a.svg"};
        if (kind == "lines") words.emplace_back("--lines");
        const auto json = figures_of(directory, "vectorize", words);
        if (json.empty()) return;
        check_size(json, mountain, "a.svg");
        auto lines = palette_lines(json);
        lines.push_back("regions      " + json.at("regions.before") + ", and " + json.at("regions.after") +
                        " after merging those of fewer than 64 pixels");
        lines.push_back(kind + "        " + json.at(kind) + ", in " + json.at("bytes") + " bytes");
        lines.emplace_back("written      a.svg");
        CHECK(lines == text_lines(directory, "vectorize", words));
        for (const std::string stage : {"segmenting", "merging", "drawing"})
            CHECK(number(json, "milliseconds." + stage) > 0);
    }
}

TEST_CASE("palette and film give the figures of their texts") {
    scratch_directory directory;
    io::write(directory / "a1.png", gradient(30, 20, 3));
    io::write(directory / "a2.png", gradient(20, 30, 3));
    const std::vector<std::string> words{"a1.png", "a2.png", "-o", "out", "-k", "3"};
    const auto json = figures_of(directory, "palette", words);
    if (json.empty()) return;
    CHECK(json.at("photos.count") == "2");
    CHECK(json.at("photos.1.input") == "a2.png");
    CHECK(json.at("photos.1.output") == "out/a2.png");
    CHECK(json.at("converged") == "true");
    auto lines = palette_lines(json);
    lines.push_back(format("compactness  %.6g", number(json, "compactness")));
    for (const std::string i : {"0", "1"}) lines.push_back("written      " + json.at("photos." + i + ".output"));
    CHECK(lines == text_lines(directory, "palette", words));
    for (const std::string stage : {"reading_and_counting", "clustering", "painting_and_writing"})
        CHECK(number(json, "milliseconds." + stage) > 0);

    const auto film = figures_of(directory, "film", words);
    auto shown = text_lines(directory, "film", words);
    shown.resize(3);
    CHECK(palette_lines(film) == shown);
    CHECK(film.at("frames.count") == "2");
    CHECK(film.at("frames.0.input") == "a1.png");
    for (const std::string part : {"first_frame", "later_frame", "reading", "writing"})
        CHECK(number(film, "milliseconds." + part) > 0);
    const auto one = figures_of(directory, "film", {"a1.png", "-o", "out", "-k", "3"});
    CHECK(one.at("milliseconds.later_frame") == "null");
}

TEST_CASE("elbow gives the figures of its text") {
    scratch_directory directory;
    io::write(directory / "plain.png", gradient(1, 5, 3));  // WCSS becomes 0
    for (const auto& words : {std::vector{mountain, std::string("--k-max=7")}, {"plain.png", "--k-max=5"}}) {
        const auto json = figures_of(directory, "elbow", words);
        if (json.empty()) return;
        CHECK(json.at("input") == words[0]);
        CHECK(json.at("output") == "elbow.svg");
        std::vector<std::string> lines{"  K  WCSS"};
        for (int i = 0; i < std::stoi(json.at("curve.count")); ++i) {
            const auto point = "curve." + std::to_string(i) + ".";
            const auto k = json.at(point + "k");
            lines.push_back(format("%3s  %.6g%s", k.c_str(), number(json, point + "wcss"),
                                   k == json.at("knee") ? "  <- knee" : ""));
        }
        lines.emplace_back("");
        for (const std::string i : {"0", "1", "2", "3"}) {
            const auto method = "suggestions." + i + ".";
            const auto k = json.at(method + "k");
            lines.push_back(
                k == "null" ? "no K" : format("K = %-3s  strength %.2f", k.c_str(), number(json, method + "strength")));
        }
        auto shown = text_lines(directory, "elbow", words);
        for (std::size_t i = 0; i < lines.size(); ++i) CHECK(shown.at(i).starts_with(lines[i]));
        const auto knee = json.at("knee") == "null" ? "no clear knee" : "K = " + json.at("knee");
        CHECK(shown.at(lines.size()).starts_with("knee         " + knee));
        if (words[0] == "plain.png")
            CHECK(shown.at(lines.size() + 1).starts_with("colours      " + json.at("colors") + "; WCSS is 0 from"));
    }
    CHECK(run(directory, "elbow", {"--json", "--csv"}).exit_code == 2);
}

TEST_CASE("edges gives the figures of its text") {
    scratch_directory directory;
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{}, {"--auto"}, {"--low=0", "--high=0.5", "--sigma=0"}}) {
        auto words = more;
        words.insert(words.end(), {mountain, "-o", "a.png"});
        const auto json = figures_of(directory, "edges", words);
        if (json.empty()) return;
        check_size(json, mountain, "a.png");
        std::vector<std::string> lines{
            format("thresholds   %g and %g", number(json, "thresholds.low"), number(json, "thresholds.high")),
            format("edges        %.1f %%", 100 * number(json, "edge_share"))};
        if (json.contains("better_thresholds.low"))
            lines.push_back(format("hint         %s edges; --auto would take %g and %g%s",
                                   more.empty() ? "few" : "many", number(json, "better_thresholds.low"),
                                   number(json, "better_thresholds.high"),
                                   more.empty() ? "; --sigma 0 leaves out the blur" : ""));
        lines.emplace_back("written      a.png");
        CHECK(lines == text_lines(directory, "edges", words));
        CHECK(json.at("gray") == "false");
        CHECK(json.at("automatic") == (more.size() == 1 ? "true" : "false"));
        CHECK(json.contains("better_thresholds.low") == (more.size() != 1));
        CHECK(number(json, "milliseconds.finding_edges") > 0);
    }
}

TEST_CASE("hsv, colors3d and side_by_side give the figures of their texts") {
    scratch_directory directory;
    const auto hsv = figures_of(directory, "hsv", {mountain, "-o", "a.png"});
    if (hsv.empty()) return;
    check_size(hsv, mountain, "a.png");

    const auto cube = figures_of(directory, "colors3d", {mountain, "-o", "a.svg"});
    check_size(cube, mountain, "a.svg");
    CHECK(text_lines(directory, "colors3d", {mountain, "-o", "a.svg"})[0] == "colours      " + cube.at("colors"));

    const auto sheet = figures_of(directory, "side_by_side", {mountain, "-o", "out", "-k", "2,3"});
    check_size(sheet, mountain, "out/mountain-768-side-by-side.png");
    CHECK(sheet.at("versions.count") == "2");
    CHECK(sheet.at("versions.0.output") == "out/mountain-768-k2.png");
    CHECK(sheet.at("versions.1.k") == "3");
    const auto three = figures_of(directory, "segment", {mountain});
    CHECK(palette_lines(sheet, "versions.1.palette") == palette_lines(three));
    CHECK(palette_lines(cube) == palette_lines(three));
    for (const std::string key : {"compactness", "iterations", "converged"}) {
        CHECK(sheet.at("versions.1." + key) == three.at(key));
        CHECK(cube.at(key) == three.at(key));
    }
}

TEST_CASE("several photos give a line each, in their order, and one that fails gives none") {
    scratch_directory directory;
    io::write(directory / "c.png", gradient(30, 20, 3));
    io::write(directory / "a.png", gradient(8, 6, 3));
    fill(directory / "b.png", "no picture");
    const auto result = run(directory, "segment", {"c.png", "b.png", "a.png", "-o", "out/", "--json"});
    CHECK(result.exit_code == 3);
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].starts_with(R"({"input": "c.png", "output": "out/c.png", "width": 30, "height": 20, )"));
    CHECK(lines[1].starts_with(R"({"input": "a.png", "output": "out/a.png", "width": 8, "height": 6, )"));
    CHECK(mentions(result.err, "b.png"));
}

TEST_CASE("names of any bytes become valid JSON") {
    scratch_directory directory;
    const std::string odd = "a\"\\\x1b\n\xe9ü.png";
    io::write(directory / odd, gradient(8, 6, 3));
    const auto json = figures_of(directory, "hsv", {odd, "-o", "b.png"});
    if (!json.empty()) CHECK(json.at("input") == R"(a\"\\\u001b\n\ufffd\u00fc.png)");
}

TEST_CASE("refuses to print JSON where a picture goes, before any work") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(8, 6, 3));
    for (const std::string program : {"segment", "edges", "hsv", "elbow", "colors3d", "vectorize"})
        for (const std::string target : {" | cat", " >out"}) {
            const auto line = command(program, {"a.png", "--json", "-o", "/dev/stdout"});
            const auto result = shell(directory, "{ " + line + "; echo $? >code; }" + target);
            CAPTURE(program);
            CHECK(content_of(directory / "code") == "2\n");
            CHECK(mentions(result.err, "--json prints on stdout, but /dev/stdout is stdout, too"));
            CHECK(result.out == "");
            if (target == " >out") CHECK(content_of(directory / "out") == "");
        }
    CHECK(shell(directory, command("segment", {"a.png", "--json", "-o", "/dev/stderr"}) + " 2>b.png").exit_code == 0);
    CHECK(colors_of(directory / "b.png").size() == 3);
    CHECK(shell(directory, command("segment", {"a.png", "--json", "-o", "/dev/null"}) + " >/dev/null").exit_code == 0);
}

}  // namespace
