// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Names of files and words of the command line that nobody expects: what programs show of them, take them for, and refuse.

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/image_io.hpp"
#include "../examples/printable.hpp"
#include "run_program.hpp"

namespace {

namespace fs = std::filesystem;

/// Colours a terminal, ends a line, and is no UTF-8.
const std::string odd = "a\x1b[31m\n\xe9", shown = "a\\x1b[31m\\x0a\\xe9";

/// Whether a terminal shows each byte: no control characters but the ends of lines, and UTF-8.
bool is_printable(const std::string& text) {
    auto lines = lines_of(text);
    return std::ranges::all_of(lines, [](const auto& line) { return cli::printable(line) == line; });
}

TEST_SUITE_BEGIN("names");

TEST_CASE("every program shows a name of any bytes so that no terminal obeys it") {
    scratch_directory directory;
    fill(directory / (odd + ".png"), "no picture");
    for (const auto& program : all_programs)
        for (const auto& name : {odd + ".png", odd + "-missing.png"}) {
            const auto result = run(directory, program, {name});
            CAPTURE(program);
            CAPTURE(result.err);
            CHECK(result.exit_code == 3);
            CHECK(result.err.starts_with(program + ": cannot read " + shown));
            CHECK(is_printable(result.err));
        }
    const auto word = run(directory, "segment", {"--" + odd});
    CHECK(mentions(word.err, "unknown option --" + shown + "\ntry segment --help\n"));
    const auto value = run(directory, "segment", {"-k", odd});
    CHECK(mentions(value.err, "-k is " + shown + ", "));
    const auto place = run(directory, "segment", {"-o", odd + "/a.png"});
    CHECK(mentions(place.err, "cannot write " + shown + "/a.png"));
    for (const auto& result : {word, value, place}) CHECK(is_printable(result.err));
}

TEST_CASE("every program tells what it has written so that no terminal obeys it") {
    scratch_directory directory;
    const auto photo = odd + ".png";
    io::write(directory / photo, gradient(8, 6, 4));
    const std::pair<std::string, std::string> written[] = {
        {"segment", "b.jpg"}, {"edges", "b.png"},  {"hsv", "b.png"},         {"elbow", "b.svg"}, {"colors3d", ".svg"},
        {"gallery", ""},      {"palette", "/out"}, {"side_by_side", "/out"}, {"film", "/film"},  {"vectorize", "c.svg"},
    };
    for (const auto& one : written) {
        const auto& program = one.first;  // clang 14 captures no structured bindings
        const auto result = run(directory, program, {photo, "-o", odd + one.second});
        CAPTURE(program);
        CAPTURE(result.err);
        CHECK(result.exit_code == 0);
        CHECK(mentions(result.out, shown));
        CHECK(is_printable(result.out));
        CHECK(is_printable(result.err));
        if (program == "gallery") fs::rename(directory / odd, directory / "page");
    }
    for (const auto& path : {directory / (odd + "b.svg"), directory / (odd + "c.svg"), directory / (odd + ".svg"),
                             directory / "page/index.html"}) {
        const auto text = content_of(path);
        CHECK(mentions(text, "a\ufffd[31m \ufffd.png"));
        CHECK(is_printable(text));
    }
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("words");

TEST_CASE("takes no option for the name of a file") {
    scratch_directory directory;
    scratch_directory photos;
    io::write(photos / "a.png", gradient(8, 6, 3));
    const auto a = (photos / "a.png").string();
    for (const auto& program : all_programs) {
        if (program == "hello") continue;
        CAPTURE(program);
        const bool writes_folder =
            program == "palette" || program == "film" || program == "gallery" || program == "side_by_side";
        const auto refused = [&](const std::vector<std::string>& words) {
            const auto result = run(directory, program, words);
            CHECK(result.exit_code == 2);
            CHECK(result.out == "");
            return result.err;
        };
        for (const std::string word : {"--help", "-x.png"}) {
            const auto allowed =
                writes_folder ? "a folder: ./" + word + " for a folder" : "a path: ./" + word + " for a file";
            CHECK(mentions(refused({"-o", word, a}), "-o is " + word + ", but must be " + allowed + " of that name\n"));
        }
        CHECK(mentions(refused({"-o"}), "-o needs a value"));
    }
    CHECK(directory.count() == 0);
    CHECK(segment(directory, {a, "-o", "./-"}).exit_code == 0);
    CHECK(segment(directory, {"./-", "-o", "./--help"}).exit_code == 0);
    CHECK(directory.count() == 2);
}

TEST_CASE("refuses thresholds that no gradient can exceed") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(16, 12, 3));
    CHECK(run(directory, "edges", {"a.png", "--low", "1530", "--high", "1530"}).exit_code == 0);
    fs::remove(directory / "edges.png");
    const auto result = run(directory, "edges", {"a.png", "--high", "2041"});
    CHECK(result.exit_code == 2);
    CHECK(mentions(result.err, "edges: --high is 2041, but must be 0 to 1530\n"));
    CHECK(directory.count() == 1);
}

TEST_CASE("writes SVG into no name that ends like another format") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(16, 12, 3));
    for (const auto* program : {"elbow", "colors3d", "vectorize"}) {
        CAPTURE(program);
        for (const auto* name : {"x.png", "x.svg.jpg", "x.html"}) {
            const auto result = run(directory, program, {"a.png", "-o", name});
            CHECK(result.exit_code == 2);
            const auto ending = fs::path(name).extension().string();
            CHECK(mentions(result.err, "cannot write " + std::string(name) + ": this program does not write " + ending +
                                           "; use .svg\n"));
        }
        for (const auto* name : {"x.SVG", "x"}) {
            CHECK(run(directory, program, {"a.png", "-o", name}).exit_code == 0);
            CHECK(fs::remove(directory / name));
        }
    }
    CHECK(directory.count() == 1);
}

TEST_CASE("makes no directory with a name that ends like a file's") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(16, 12, 3));
    for (const auto* program : {"gallery", "palette", "side_by_side"}) {
        CAPTURE(program);
        for (const auto* name : {"x.png", "x.JPG", "x.html", "x.svg"}) {
            const auto result = run(directory, program, {"a.png", "-o", name});
            CHECK(result.exit_code == 2);
            CHECK(mentions(result.err, "cannot write " + std::string(name) + ": this program does not write ."));
            CHECK(mentions(result.err, "; use the name of a folder, such as x\n"));
        }
        CHECK(directory.count() == 1);
        fs::create_directory(directory / "old.png");
        for (const auto* name : {"old.png", "v1.5"}) {
            CHECK(run(directory, program, {"a.png", "-o", name}).exit_code == 0);
            CHECK(fs::remove_all(directory / name) > 1);
        }
    }
}

TEST_CASE("refuses thresholds beside --auto, which would ignore them") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(16, 12, 3));
    for (const auto* option : {"--low", "--high"})
        for (const auto& words : {std::vector<std::string>{"--auto", option, "1"}, {option, "1", "--auto"}}) {
            auto all = words;
            all.insert(all.begin(), "a.png");
            const auto result = run(directory, "edges", all);
            CHECK(result.exit_code == 2);
            CHECK(mentions(result.err, "edges: --auto and " + std::string(option) + " exclude each other"));
            CHECK(result.out == "");
        }
    CHECK(directory.count() == 1);
    CHECK(run(directory, "edges", {"a.png", "--auto"}).exit_code == 0);
}

TEST_CASE("prints CSV without drawing, unless -o says where") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(16, 12, 3));
    fill(directory / "elbow.svg", "old");
    const auto alone = run(directory, "elbow", {"a.png", "--csv"});
    CHECK(alone.exit_code == 0);
    CHECK(content_of(directory / "elbow.svg") == "old");
    const auto both = run(directory, "elbow", {"a.png", "--csv", "-o", "elbow.svg"});
    CHECK(both.out == alone.out);
    CHECK(mentions(content_of(directory / "elbow.svg"), "<svg "));
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("folders");

TEST_CASE("a folder means its pictures, whatever the ending, and no hidden file") {
    scratch_directory photos, directory;
    io::write(photos / "0.jpg", gradient(8, 6, 3));
    for (const auto* name : {"a.jfif", "b.JPE", "c.jif", "d.JPEG", "e.Jpg"})
        fs::copy_file(photos / "0.jpg", photos / name);
    io::write(photos / "f.pnm", gradient(8, 6, 1));
    io::write(photos / "g.PPM", gradient(8, 6, 3));
    io::write(photos / "h.pgm", gradient(8, 6, 1));
    io::write(photos / "i.BMP", gradient(8, 6, 3));
    io::write(photos / "j.png", gradient(8, 6, 3));
    for (const auto* name : {"._0.jpg", "._a.jfif", ".hidden.png", "notes.txt"}) fill(photos / name, "no picture");
    const auto result = run(directory, "palette", {photos.path().string(), "-k", "2", "-o", "out"});
    CAPTURE(result.err);
    CHECK(result.exit_code == 0);
    CHECK(lines_of(result.out).size() == 2 + 2 + 11);
    CHECK(fs::exists(directory / "out/a.png"));
    CHECK(std::distance(fs::directory_iterator(directory / "out"), fs::directory_iterator()) == 11);
    const auto named = run(directory, "palette", {(photos / "._0.jpg").string()});
    CHECK(named.exit_code == 3);
    CHECK(mentions(named.err, "._0.jpg"));
}

TEST_SUITE_END();

}  // namespace
