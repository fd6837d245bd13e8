// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How the programs end, and what they leave behind, told of `segment`: all of them end alike.

#include <filesystem>
#include <string>
#include <vector>

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "../examples/image_io.hpp"
#include "picture_files.hpp"
#include "run_program.hpp"

namespace {

namespace fs = std::filesystem;
using namespace picture_files;

TEST_CASE("exits with 2 for what it cannot have meant, before it reads or writes") {
    scratch_directory directory;
    const struct {
        std::vector<std::string> words;
        std::string message;
    } wrong[] = {
        {{"-k", "0"}, "segment: -k is 0, but must be 1 to 256\n"},
        {{"-k", "300"}, "segment: -k is 300, but must be 1 to 256\n"},
        {{"-k", "abc"}, "segment: -k is abc, but must be a whole number, 1 to 256\n"},
        {{"-k", "3x"}, "-k is 3x, "},
        {{"-k", "99999999999999999999"}, "-k is 9999"},
        {{"-k", " 3"}, "-k is  3, "},
        {{"-k", ""}, "-k is empty"},
        {{"-k"}, "-k needs a value"},
        {{"-k", "--seed", "3"}, "-k needs a value"},
        {{"-k", "3", "-k=4"}, "-k is given twice"},
        {{"-k3x"}, "-k is 3x, "},
        {{"-x3"}, "unknown option -x3\n"},
        {{"--k3"}, "unknown option --k3; did you mean -k?\n"},
        {{"-k3", "--k=4"}, "-k is given twice"},
        {{"--colours", "3"}, "unknown option --colours\n"},
        {{"--attempts", "0"}, "--attempts is 0, but must be at least 1"},
        {{"--max-iterations", "0"}, "--max-iterations is 0, but must be at least 1"},
        {{"--epsilon", "-1"}, "--epsilon is -1, but must be at least 0"},
        {{"--epsilon", "nan"}, "--epsilon is nan, but must be a number, at least 0"},
        {{"--epsilon", "inf"}, "--epsilon is inf"},
        {{"--epsilon", "1e999"}, "--epsilon is 1e999"},
        {{"--seed", "-1"}, "--seed is -1"},
        {{"--threads", "-1"}, "--threads is -1"},
        {{"--init", "best"}, "--init is best, but must be plus-plus or random"},
        {{"--space", "luv"}, "--space is luv, but must be rgb, hsv, hsv_cone, lab or oklab"},
        {{"--alpha", "use"}, "--alpha is use, but must be weigh or ignore"},
        {{"--smallest", "0"}, "--smallest is 0, but must be at least 1"},
        {{"--order", "hue"}, "--order is hue, but must be share or lightness"},
        {{"--mask", "-a"}, "--mask is -a, but must be a path: ./-a for a file of that name"},
        {{"--max-pixels", "0"}, "--max-pixels is 0, but must be 1 to 1024"},
        {{"missing.jpg", "-o", "a.gif"}, "a.gif: this program does not write .gif; use .png, .jpg, "},
        {{"-o", ""}, "-o is empty"},
        {{""}, "segment: photos is empty, but must be the path of a file\n"},
    };
    for (const auto& call : wrong) {
        const auto result = segment(directory, call.words);
        CAPTURE(result.err);
        CHECK(result.exit_code == 2);
        CHECK(mentions(result.err, call.message));
        CHECK(lines_of(result.err).size() <= 2);
        CHECK(result.out == "");
    }
    CHECK(directory.count() == 0);
}

TEST_CASE("exits with 2 for what the library refuses") {
    scratch_directory directory;
    io::write(directory / "tiny.png", gradient(2, 2, 3));
    const auto result = segment(directory, {"tiny.png", "-k", "9"});
    CHECK(result.exit_code == 2);
    CHECK(result.err.starts_with("segment: k is 9, but there are only 4"));
    CHECK(directory.count() == 1);
}

TEST_CASE("exits with 3 for what it cannot read, and writes nothing") {
    scratch_directory directory;
    scratch_directory photos;
    const auto half = [&](const std::string& name, const std::string& whole) {
        fill(photos / name, std::string_view(whole).substr(0, whole.size() / 2));
    };
    half("cut.jpg", content_of(mountain));
    for (const auto* name : {"cut.png", "cut.bmp", "cut.ppm"}) {
        io::write(photos / name, gradient(64, 48, 3));
        half(name, content_of(photos / name));
    }
    fill(photos / "empty.jpg", "");
    fill(photos / "text.jpg", "Dear diary,\n");
    for (const auto* name : {"cut.jpg", "cut.png", "cut.bmp", "cut.ppm", "empty.jpg", "text.jpg", "missing.jpg"}) {
        const auto path = (photos / name).string();
        const auto result = segment(directory, {path});
        CAPTURE(result.err);
        CHECK(result.exit_code == 3);
        CHECK(result.err.starts_with("segment: cannot read " + path + ": "));
        CHECK(mentions(result.err, "; "));
        CHECK(result.out == "");
    }
    CHECK(directory.count() == 0);
}

TEST_CASE("exits with 3 for a photo beyond --max-pixels, and names the number it takes") {
    scratch_directory directory;
    fill(directory / "large.pgm", text("P5 1100 1000 255\n") + bytes(1'100'000));
    const auto refused = segment(directory, {"large.pgm", "--max-pixels", "1"});
    CHECK(refused.exit_code == 3);
    CHECK(mentions(refused.err, "--max-pixels 2"));
    CHECK(segment(directory, {"large.pgm", "--max-pixels", "2", "-k", "1"}).exit_code == 0);
}

TEST_CASE("exits with 4 for what it cannot write, and reports no success") {
    scratch_directory directory;
    fill(directory / "file", "old");
    for (const auto* path : {"missing/a.png", "file/a.png"}) {
        const auto result = segment(directory, {"-o", path});
        CAPTURE(result.err);
        CHECK(result.exit_code == 4);
        CHECK(result.err.starts_with("segment: cannot write " + std::string(path) + ": "));
        CHECK(result.out == "");
    }
    CHECK(content_of(directory / "file") == "old");
    CHECK(directory.count() == 1);
}

TEST_CASE("writes to a device, and leaves a full one as it is") {
    scratch_directory directory;
    scratch_directory devices;
    const auto null = device(devices, "null"), full = device(devices, "full");
    if (null.empty() || full.empty()) return;
    CHECK(segment(directory, {"-o", null.string()}).exit_code == 0);
    CHECK(fs::is_character_file(null));
    const auto result = segment(directory, {"-o", full.string()});
    CHECK(result.exit_code == 4);
    CHECK(mentions(result.err, full.string() + ": No space left"));
    CHECK(result.out == "");
    CHECK(fs::is_character_file(full));
    CHECK(directory.count() == 0);
}

TEST_CASE("writes to what is open under a number or as /dev/stdout, and loses nothing that was there") {
    scratch_directory directory;
    io::write(directory / "small.png", gradient(8, 6, 3));
    const auto to = [](const std::string& path) { return command("segment", {"small.png", "-k", "2", "-o", path}); };
    REQUIRE(shell(directory, to("a.png")).exit_code == 0);
    const auto picture = content_of(directory / "a.png");
    fs::remove(directory / "a.png");

    fill(directory / "log", "old\n");
    CHECK(shell(directory, to("/dev/fd/3") + " 3>>log").exit_code == 0);
    CHECK(content_of(directory / "log") == "old\n" + picture);
    CHECK(shell(directory, "{ echo before && " + to("/dev/stdout") + "; } >log").exit_code == 0);
    CHECK(content_of(directory / "log").starts_with("before\n" + picture + "#"));  // and then what it prints
    CHECK(shell(directory, to("/dev/stdout") + " | cat >log").exit_code == 0);
    CHECK(content_of(directory / "log").starts_with(picture + "#"));
    CHECK(shell(directory, "exec 3<>log 4>log && rm log && " + to("/dev/fd/4") + " && cat <&3 >copy").exit_code == 0);
    CHECK(content_of(directory / "copy") == picture);

    const auto full = shell(directory, to("/dev/fd/3") + " 3>/dev/full");
    CHECK(full.exit_code == 4);
    CHECK(mentions(full.err, "cannot write /dev/fd/3: No space left"));
    const auto closed = shell(directory, to("/dev/stdout") + " >&-");
    CHECK(closed.exit_code == 4);
    CHECK(directory.count() == 2);
}

TEST_CASE("writes to a pipe, and notices when its reader leaves") {
    scratch_directory directory;
    REQUIRE(::mkfifo((directory / "p.bmp").c_str(), 0600) == 0);
    const auto write = " <p.bmp >copy.bmp & " + command("segment", {"-o", "p.bmp"});
    CHECK(shell(directory, "cat" + write + " && wait").exit_code == 0);
    CHECK(colors_of(directory / "copy.bmp").size() == 3);
    CHECK(fs::is_fifo(directory / "p.bmp"));
    const auto left = shell(directory, "head -c 9" + write);
    CHECK(left.exit_code == 4);
    CHECK(mentions(left.err, "cannot write p.bmp: Broken pipe"));
    CHECK(left.out == "");
    CHECK(fs::is_fifo(directory / "p.bmp"));
}

TEST_CASE("keeps the old picture, and leaves nothing beside it, when the disk is full") {
    scratch_directory directory;
    fill(directory / "a.bmp", "old");
    const auto result = shell(directory, "ulimit -f 100; " + command("segment", {"-o", "a.bmp"}));
    CHECK(result.exit_code == 4);
    CHECK(mentions(result.err, "cannot write a.bmp: "));
    CHECK(content_of(directory / "a.bmp") == "old");
    CHECK(directory.count() == 1);
}

TEST_CASE("replaces what a link leads to, and keeps the link") {
    scratch_directory directory;
    fill(directory / "target.png", "old");
    fs::create_symlink("target.png", directory / "link.png");
    CHECK(segment(directory, {"-o", "link.png"}).exit_code == 0);
    CHECK(fs::is_symlink(directory / "link.png"));
    CHECK(colors_of(directory / "target.png").size() == 3);
    CHECK(directory.count() == 2);
}

TEST_CASE("exits with 4 when its words on stdout do not arrive") {
    scratch_directory directory;
    const auto full = shell(directory, command("segment", {}) + " >/dev/full");
    CHECK(full.exit_code == 4);
    CHECK(mentions(full.err, "standard output"));
}

}  // namespace
