// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Programs in pipes, on terminals and told to be quiet.

#include <filesystem>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/image_io.hpp"
#include "picture_files.hpp"
#include "run_program.hpp"

namespace {

namespace fs = std::filesystem;
using words = std::vector<std::string>;

/// a.png, b.ppm and c.jpg, of other sizes and colours.
void fill_with_photos(const scratch_directory& directory) {
    io::write(directory / "a.png", gradient(24, 16, 3));
    io::write(directory / "b.ppm", gradient(9, 30, 3));
    io::write(directory / "c.jpg", gradient(40, 20, 3));
}

TEST_SUITE_BEGIN("streams");

TEST_CASE("- is stdin and stdout: nothing but the file is on stdout, and the report is on stderr") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(24, 16, 3));
    const std::pair<std::string, std::string> all[] = {{"segment", ".png"},   {"edges", ".png"},
                                                       {"hsv", ".png"},       {"elbow", ".svg"},
                                                       {"vectorize", ".svg"}, {"colors3d", ".svg"}};
    const std::regex times("[0-9.]+ ms"), written("written.*"), names("a\\.png");
    const auto plain = [&](const std::string& text) {
        return std::regex_replace(std::regex_replace(text, times, ""), written, "");
    };
    for (const auto& program : all) {
        CAPTURE(program.first);
        const auto file = run(directory, program.first, {"a.png", "-o", "out" + program.second});
        REQUIRE(file.exit_code == 0);
        const auto expected = content_of(directory / ("out" + program.second));
        const auto out = run(directory, program.first, {"a.png", "-o", "-"});
        CHECK(out.exit_code == 0);
        CHECK(out.out == expected);
        CHECK(out.err.ends_with("\nwritten      -\n"));
        CHECK(plain(out.err) == plain(file.out));

        for (const auto* in : {"cat a.png | ", "<a.png "}) {
            const auto both = shell(directory, in + command(program.first, {"-", "-o-", "-q"}) + " | cat");
            CHECK(both.exit_code == 0);
            CHECK(both.err == "");
            CHECK(both.out == std::regex_replace(expected, names, "stdin"));
        }
        fs::remove(directory / ("out" + program.second));
    }
    CHECK(directory.count() == 1);
}

TEST_CASE("- may be one of many photos, a frame or a mask, and a file of that name is ./-") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(24, 16, 3));
    const auto piped = [&](const std::string& program, const words& all) {
        return shell(directory, "cat a.png | " + command(program, all));
    };
    const auto both = piped("hsv", {"a.png", "-", "-o", "out/"}).out;
    CHECK(mentions(both, "\nwritten      out/a.png\nphoto        -\n"));
    CHECK(both.ends_with("\nwritten      out/stdin.png\n"));
    CHECK(content_of(directory / "out/a.png") == content_of(directory / "out/stdin.png"));
    CHECK(piped("film", {"a.png", "-", "-k", "2"}).exit_code == 0);
    CHECK(fs::exists(directory / "film/stdin.png"));
    CHECK(piped("segment", {"-", "--json"}).out.starts_with("{\"input\": \"-\", \"output\": \"segmented.png\", "));
    CHECK(shell(directory, "cat a.png | " + command("segment", {"/dev/stdin", "--json"}))
              .out.starts_with("{\"input\": \"/dev/stdin\", "));
    const auto no_picture = shell(directory, "echo no | " + command("hsv", {"-"}));
    CHECK(no_picture.err.starts_with("hsv: cannot read -: "));
    const auto twice = piped("palette", {"-", "-k", "2"});
    CHECK(twice.exit_code == 2);
    CHECK(mentions(twice.err, "palette: each photo is read twice, which stdin cannot be; save it in a file first"));
    CHECK(piped("hsv", {"-", "-", "-o", "out/"}).exit_code == 2);
    io::write(directory / "mask.png", gradient(24, 16, 1));
    CHECK(shell(directory, command("segment", {"a.png", "--mask", "-"}) + " <mask.png").exit_code == 0);
    CHECK(segment(directory, {"a.png", "-o", "./-"}).exit_code == 0);
    CHECK(fs::is_regular_file(directory / "-"));

    for (const auto* program : {"palette", "film", "gallery", "side_by_side"}) {
        const auto refused = run(directory, program, {"a.png", "-o", "-"});
        CHECK(refused.exit_code == 2);
        CHECK(mentions(refused.err, "-o is -, but must be a folder: ./- for a folder of that name\n"));
    }
    const auto closed = shell(directory, command("segment", {"-"}) + " <&-");
    CHECK(closed.exit_code == 3);
    CHECK(mentions(closed.err, "segment: cannot read -: Bad file descriptor"));
    const auto full = shell(directory, command("segment", {"a.png", "-o", "-"}) + " >/dev/full");
    CHECK(full.exit_code == 4);
}

TEST_CASE("-q prints nothing but errors") {
    scratch_directory directory;
    fill_with_photos(directory);
    fill(directory / "deep.png",
         picture_files::png(2, 2, 16, 0, picture_files::stored({0, 1, 0, 2, 0, 0, 3, 0, 4, 0})));
    for (const auto* program :
         {"segment", "edges", "hsv", "vectorize", "palette", "film", "gallery", "side_by_side", "elbow", "colors3d"}) {
        CAPTURE(program);
        const auto quiet = run(directory, program, {"a.png", "-q"});
        CHECK(quiet.exit_code == 0);
        CHECK(quiet.out + quiet.err == "");
        const auto wrong = run(directory, program, {"-q", "missing.png"});
        CHECK(wrong.exit_code == 3);
        CHECK(mentions(wrong.err, "cannot read missing.png"));
    }
    CHECK(mentions(run(directory, "hsv", {"deep.png"}).err, "note: deep.png has 16 bits"));
    CHECK(run(directory, "hsv", {"deep.png", "-q"}).err == "");
    const auto terminal = shown_on_terminal(directory, command("segment", {"a.png", "-q"}));
    CHECK(terminal == "");
}

TEST_CASE("hello explains itself") {
    scratch_directory directory;
    for (const auto* word : {"--help", "-h"}) {
        const auto help = run(directory, "hello", {word});
        CHECK(help.exit_code == 0);
        CHECK(help.out == "usage: hello [photo.jpg]\n");
    }
    CHECK(run(directory, "hello", {"--version"}).out.starts_with("hello of lloyd "));
    CHECK(directory.count() == 0);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("progress");

TEST_CASE("a terminal shows how far a program is, by a share that never falls, and stdout stays clean") {
    scratch_directory directory;
    fill_with_photos(directory);
    const std::pair<std::string, words> calls[] = {
        {"segment", {"a.png", "--attempts", "2"}},
        {"edges", {"a.png"}},
        {"hsv", {"a.png"}},
        {"vectorize", {"a.png", "-k", "2", "--attempts", "1"}},
        {"elbow", {"a.png", "--k-max", "3", "--attempts", "1"}},
        {"side_by_side", {"a.png"}},
        {"gallery", {"a.png"}},
        {"palette", {"a.png", "b.ppm", "c.jpg", "-k", "2"}},
        {"film", {"a.png", "b.ppm"}},
        {"hsv", {"a.png", "b.ppm", "c.jpg", "-o", "out/"}},
    };
    const std::regex line("\r\33\\[K *([0-9]+) %  ([^\r]*)");
    for (const auto& call : calls) {
        CAPTURE(call.first);
        const auto shown = shown_on_terminal(directory, command(call.first, call.second) + " >out.txt");
        if (shown.empty()) return;
        int last = 0, count = 0;
        for (std::sregex_iterator at(shown.begin(), shown.end(), line), end; at != end; ++at, ++count) {
            const int share = std::stoi((*at)[1]);
            CHECK(share >= last);
            CHECK((*at)[2].length() < 70);
            last = share;
        }
        CHECK(last <= 100);
        CHECK(count >= (call.first == "film" ? 2 : 3));
        CHECK(shown.ends_with("\r\33[K"));  // the line vanishes
        CHECK_FALSE(mentions(content_of(directory / "out.txt"), "\33"));
    }
    const auto many = shown_on_terminal(directory, command("hsv", calls[9].second));
    for (const auto* part : {"  0 %  0 of 3 photos", " 33 %  1 of 3 photos", "100 %  3 of 3 photos"})
        CHECK(mentions(many, part));
    const auto one = shown_on_terminal(directory, command("segment", calls[0].second));
    for (const auto* stage : {"%  reading", "%  segmenting: attempt 2 of 2, iteration 1", "%  writing"})
        CHECK(mentions(one, stage));
    const auto page = shown_on_terminal(directory, command("gallery", calls[6].second));
    for (const auto* stage : {"%  reading", " 52 %  drawing: elbow", "%  drawing: edges", "%  writing"})
        CHECK(mentions(page, stage));
    const auto palette = shown_on_terminal(directory, command("palette", calls[7].second));
    for (const auto* stage :
         {" 16 %  counting the colours: 1 of 3 photos", " 50 %  clustering", "100 %  painting: 3 of 3 photos"})
        CHECK(mentions(palette, stage));
}

TEST_SUITE_END();

}  // namespace
