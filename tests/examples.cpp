// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Runs the example programs as their users do. (The library behind them has tests of its own.)

#include <algorithm>
#include <array>
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

#include <lloyd/image.hpp>

#include "../examples/image_io.hpp"
#include "picture_files.hpp"
#include "run_program.hpp"
#include "scratch_directory.hpp"

namespace {

namespace fs = std::filesystem;
using namespace picture_files;
using picture = lloyd::image<std::uint8_t>;
using color = std::array<std::uint8_t, 3>;

const std::string mountain = LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg";

outcome segment(const scratch_directory& directory, const std::vector<std::string>& words) {
    return shell(directory, command(LLOYD_SEGMENT, words));
}

/// How many pixels have each colour.
std::map<color, double> colors_of(const fs::path& path) {
    std::map<color, double> counts;
    const auto rgb = io::read_rgb(path);
    for (std::ptrdiff_t y = 0; y < rgb.height(); ++y)
        for (std::ptrdiff_t x = 0; x < rgb.width(); ++x) ++counts[{rgb(x, y)[0], rgb(x, y)[1], rgb(x, y)[2]}];
    return counts;
}

/// A gentle gradient with 1 to 4 channels.
picture gradient(std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels) {
    picture result(width, height, channels);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x)
            for (std::ptrdiff_t c = 0; c < channels; ++c)
                result(x, y)[static_cast<std::size_t>(c)] = static_cast<std::uint8_t>((5 * x + 3 * y + 60 * c) % 256);
    return result;
}

void fill_with(const fs::path& path, const bytes& content) { fill(path, std::string(content.begin(), content.end())); }

}  // namespace

TEST_SUITE_BEGIN("segment");

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

    fill_with(directory / "palette.png",
              png(3, 1, 8, 3, stored({0, 0, 1, 2}), png_chunk("PLTE", {1, 2, 3, 40, 50, 60, 200, 0, 0})));
    CHECK(segment(directory, {"palette.png"}).exit_code == 0);
    CHECK(colors_of(directory / "segmented.png") ==
          std::map<color, double>{{{1, 2, 3}, 1}, {{40, 50, 60}, 1}, {{200, 0, 0}, 1}});

    fill_with(directory / "deep.png", png(2, 2, 16, 0, stored({0, 1, 0, 2, 0, 0, 3, 0, 4, 0})));
    const auto deep = segment(directory, {"deep.png"});
    CHECK(deep.exit_code == 0);
    CHECK(mentions(deep.err, "deep.png has 16 bits"));

    io::write(directory / "upright.jpg", gradient(24, 16, 3));
    fill_with(directory / "turned.jpg",
              with_segment(text(content_of(directory / "upright.jpg")), 0xE1, text("Exif") + bytes(2) + exif(6, true)));
    CHECK(segment(directory, {"turned.jpg"}).exit_code == 0);
    CHECK(io::read(directory / "segmented.png").width() == 16);
    CHECK(io::read(directory / "segmented.png").height() == 24);
}

TEST_CASE("reads a pipe, and a file whose name looks like an option") {
    scratch_directory directory;
    const auto piped = shell(directory, "cat " + quoted(mountain) + " | " + command(LLOYD_SEGMENT, {"/dev/stdin"}));
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

TEST_CASE("exits with 2 for what it cannot have meant, before it reads or writes") {
    scratch_directory directory;
    const struct {
        std::vector<std::string> words;
        std::string message;
    } wrong[] = {
        {{"-k", "0"}, "segment: -k is 0, but must be 1 to 256\n"},
        {{"-k", "300"}, "segment: -k is 300, but must be 1 to 256\n"},
        {{"-k", "abc"}, "segment: -k is abc, but must be 1 to 256\n"},
        {{"-k", "3x"}, "-k is 3x, "},
        {{"-k", "99999999999999999999"}, "-k is 9999"},
        {{"-k", " 3"}, "-k is  3, "},
        {{"-k", ""}, "-k is empty"},
        {{"-k"}, "-k needs a value"},
        {{"-k", "--seed", "3"}, "-k needs a value"},
        {{"-k", "3", "-k=4"}, "-k is given twice"},
        {{"-k3"}, "there is no option -k3"},
        {{"--colours", "3"}, "there is no option --colours"},
        {{"a.jpg", "b.jpg"}, "one word too many: b.jpg"},
        {{"--attempts", "0"}, "--attempts is 0, but must be at least 1"},
        {{"--max-iterations", "0"}, "--max-iterations is 0, but must be at least 1"},
        {{"--epsilon", "-1"}, "--epsilon is -1, but must be at least 0"},
        {{"--epsilon", "nan"}, "--epsilon is nan, but must be at least 0"},
        {{"--epsilon", "inf"}, "--epsilon is inf"},
        {{"--epsilon", "1e999"}, "--epsilon is 1e999"},
        {{"--seed", "-1"}, "--seed is -1"},
        {{"--threads", "-1"}, "--threads is -1"},
        {{"--init", "best"}, "--init is best, but must be plus-plus|random"},
        {{"--space", "lab"}, "--space is lab, but must be rgb|hsv|hsv_cone"},
        {{"--max-pixels", "0"}, "--max-pixels is 0, but must be 1 to 1024"},
        {{"missing.jpg", "-o", "a.gif"}, "a.gif: .gif is no known format"},
        {{"-o", ""}, "-o is empty"},
    };
    for (const auto& call : wrong) {
        const auto result = segment(directory, call.words);
        CAPTURE(result.err);
        CHECK(result.exit_code == 2);
        CHECK(mentions(result.err, call.message));
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
    fs::create_directory(photos / "directory.jpg");
    for (const auto* name :
         {"cut.jpg", "cut.png", "cut.bmp", "cut.ppm", "empty.jpg", "text.jpg", "directory.jpg", "missing.jpg"}) {
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
    fill_with(directory / "large.pgm", text("P5 1100 1000 255\n") + bytes(1'100'000));
    const auto refused = segment(directory, {"large.pgm", "--max-pixels", "1"});
    CHECK(refused.exit_code == 3);
    CHECK(mentions(refused.err, "--max-pixels 2"));
    CHECK(segment(directory, {"large.pgm", "--max-pixels", "2", "-k", "1"}).exit_code == 0);
}

TEST_CASE("exits with 4 for what it cannot write, and reports no success") {
    scratch_directory directory;
    fs::create_directory(directory / "directory.png");
    fill(directory / "file", "old");
    for (const auto* path : {"missing/a.png", "directory.png", "file/a.png"}) {
        const auto result = segment(directory, {"-o", path});
        CAPTURE(result.err);
        CHECK(result.exit_code == 4);
        CHECK(result.err.starts_with("segment: cannot write " + std::string(path) + ": "));
        CHECK(result.out == "");
    }
    CHECK(content_of(directory / "file") == "old");
    CHECK(directory.count() == 2);
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

TEST_CASE("keeps the old picture, and leaves nothing beside it, when the disk is full") {
    scratch_directory directory;
    fill(directory / "a.bmp", "old");
    const auto result = shell(directory, "ulimit -f 100; " + command(LLOYD_SEGMENT, {"-o", "a.bmp"}));
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
    const auto full = shell(directory, command(LLOYD_SEGMENT, {}) + " >/dev/full");
    CHECK(full.exit_code == 4);
    CHECK(mentions(full.err, "standard output"));
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
    const auto command_line = command(LLOYD_SEGMENT, {"small.png", "--attempts", "1"});
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

TEST_SUITE_END();
TEST_SUITE_BEGIN("side_by_side");

TEST_CASE("writes each picture and one of all, and prints their paths last") {
    scratch_directory directory;
    const auto result = shell(directory, command(LLOYD_SIDE_BY_SIDE, {"-o", "new/pictures"}));
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() >= 4);
    const auto* path = &lines[lines.size() - 4];
    for (const std::size_t k : {3u, 5u, 7u}) CHECK(colors_of(directory / *path++).size() == k);
    const auto all = io::read_rgb(directory / *path);
    CHECK(all.width() > 2 * 768);
    CHECK(all.height() > 2 * 511);
    const auto photo = io::read_rgb(mountain);
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        REQUIRE(std::ranges::equal(all.crop(0, 0, photo.width(), photo.height()).row(y), photo.row(y)));
}

TEST_CASE("makes tall, narrow and tiny photos fit") {
    scratch_directory directory;
    const std::pair<std::ptrdiff_t, std::ptrdiff_t> sizes[] = {{30, 70}, {3000, 2}, {1, 2000}, {2, 2}, {1, 1}};
    for (const auto& size : sizes) {
        CAPTURE(size.first);
        io::write(directory / "in.png", gradient(size.first, size.second, 3));
        CHECK(shell(directory, command(LLOYD_SIDE_BY_SIDE, {"in.png", "-k", "1"})).exit_code == 0);
        CHECK(io::read(directory / "in-k1.png").height() == size.second);
        CHECK(io::read(directory / "in-side-by-side.png")(0, 0)[0] < 100);  // a pixel of the photo, not of the gap
    }
}

TEST_CASE("exits with 2, 3 and 4 as segment does") {
    scratch_directory directory;
    fill(directory / "file", "old");
    for (const auto* ks : {"", "0", "3,", ",3", "3,,5", "3;5", "257", "1,2,3,4,5,6,7,8,9"}) {
        CAPTURE(ks);
        CHECK(shell(directory, command(LLOYD_SIDE_BY_SIDE, {"-k", ks})).exit_code == 2);
    }
    CHECK(shell(directory, command(LLOYD_SIDE_BY_SIDE, {"missing.jpg"})).exit_code == 3);
    CHECK(shell(directory, command(LLOYD_SIDE_BY_SIDE, {"-o", "file"})).exit_code == 4);
    CHECK(directory.count() == 1);
}

TEST_SUITE_END();
TEST_SUITE_BEGIN("hsv");

TEST_CASE("shows the hue as a pure colour, saturation and value as gray, side by side") {
    scratch_directory directory;
    lloyd::image<std::uint8_t, 3> photo(2, 1);
    std::ranges::copy(bytes{0, 100, 50, 70, 70, 70}, photo.data());  // hue 150°, saturation 1; no hue at all
    io::write(directory / "in.png", photo);
    const auto result = shell(directory, command(LLOYD_HSV, {"in.png", "-o", "out.png"}));
    CHECK(result.exit_code == 0);
    CHECK(result.out == "out.png\n");
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
    CHECK(shell(directory, command(LLOYD_HSV, {})).exit_code == 0);
    CHECK(io::read(directory / "hsv.png").width() == 3 * 768 + 2 * 12);
    CHECK(directory.count() == 1);
}

TEST_CASE("exits with 2, 3 and 4 as the others do") {
    scratch_directory directory;
    CHECK(shell(directory, command(LLOYD_HSV, {"--hue"})).exit_code == 2);
    CHECK(shell(directory, command(LLOYD_HSV, {"-o", "a.gif"})).exit_code == 2);
    CHECK(shell(directory, command(LLOYD_HSV, {"missing.jpg"})).exit_code == 3);
    CHECK(shell(directory, command(LLOYD_HSV, {"-o", "missing/a.png"})).exit_code == 4);
    CHECK(directory.count() == 0);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("edges");

TEST_CASE("draws white edges on black, and prints what it took them for") {
    scratch_directory directory;
    const auto result = shell(directory, command(LLOYD_EDGES, {}));
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() == 4);
    CHECK(lines[0] == "thresholds   150 and 200");
    CHECK(lines[3] == "written      edges.png");
    const auto colors = colors_of(directory / "edges.png");
    CHECK(colors.size() == 2);
    CHECK(colors.count({0, 0, 0}) == 1);
    double share = 0;
    REQUIRE(std::sscanf(lines[1].c_str(), "edges %lf %%", &share) == 1);
    CHECK(std::abs(share - 100 * colors.at({255, 255, 255}) / (768 * 511)) < 0.051);
    CHECK(directory.count() == 1);
}

TEST_CASE("finds fewer edges above higher thresholds and after more blur, and chooses its own") {
    scratch_directory directory;
    const auto share = [&](std::vector<std::string> words) {
        const auto result = shell(directory, command(LLOYD_EDGES, words));
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

TEST_CASE("shows five stages side by side, the last of them the edges") {
    scratch_directory directory;
    CHECK(shell(directory, command(LLOYD_EDGES, {"--stages", "-o", "stages.png"})).exit_code == 0);
    CHECK(shell(directory, command(LLOYD_EDGES, {mountain})).exit_code == 0);
    const auto stages = io::read_rgb(directory / "stages.png"), edges = io::read_rgb(directory / "edges.png");
    CHECK(stages.width() == 5 * 768 + 4 * 12);
    for (std::ptrdiff_t y = 0; y < edges.height(); ++y)
        REQUIRE(std::ranges::equal(stages.crop(4 * 780, 0, 768, 511).row(y), edges.row(y)));
}

TEST_CASE("takes the smallest photo, and exits with 2, 3 and 4 as segment does") {
    scratch_directory directory;
    io::write(directory / "dot.png", gradient(1, 1, 1));
    CHECK(shell(directory, command(LLOYD_EDGES, {"dot.png", "--stages", "--auto", "-o", "dots.png"})).exit_code == 0);
    const auto wrong = shell(directory, command(LLOYD_EDGES, {"--low", "300"}));
    CHECK(wrong.exit_code == 2);
    CHECK(mentions(wrong.err, "edges: canny: high is 200, but must be finite and at least low, which is 300"));
    for (const auto* words : {"--low=-1", "--high=nan", "--sigma=171", "--auto=3", "-o=a.gif"})
        CHECK(shell(directory, command(LLOYD_EDGES, {words})).exit_code == 2);
    CHECK(shell(directory, command(LLOYD_EDGES, {"missing.jpg"})).exit_code == 3);
    CHECK(shell(directory, command(LLOYD_EDGES, {"-o", "missing/a.png"})).exit_code == 4);
    CHECK(directory.count() == 2);
}

TEST_SUITE_END();
TEST_SUITE_BEGIN("hello");

TEST_CASE("paints a photo with five colours") {
    scratch_directory directory;
    CHECK(shell(directory, command(LLOYD_HELLO, {mountain})).exit_code == 0);
    CHECK(colors_of(directory / "five-colors.png").size() == 5);
}

TEST_CASE("says what is missing") {
    scratch_directory directory;
    const auto result = shell(directory, command(LLOYD_HELLO, {}));
    CHECK(result.exit_code == 3);
    CHECK(mentions(result.err, "hello: cannot read photo.jpg: "));
}

TEST_SUITE_END();
TEST_SUITE_BEGIN("elbow");

TEST_CASE("draws the curve of the bundled photo, and prints what each method says") {
    scratch_directory directory;
    const auto result = shell(directory, command(LLOYD_ELBOW, {}));
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() == 18);
    CHECK(lines[0] == "  K  WCSS");
    CHECK(lines[10].starts_with(" 10  "));
    CHECK(mentions(lines[12], "last drop"));
    CHECK(lines[16].starts_with("knee "));
    CHECK(lines[17] == "written   elbow.svg");
    CHECK(mentions(content_of(directory / "elbow.svg"), "Elbow of mountain-768.jpg"));
    CHECK(directory.count() == 1);
}

TEST_CASE("prints the curve as CSV and nothing else, falling to 0 where the colours are as many as K") {
    scratch_directory directory;
    fill_with(directory / "four.pgm", text("P5 4 2 255\n") + bytes{0, 2, 10, 12, 0, 2, 10, 12});
    const auto result = shell(directory, command(LLOYD_ELBOW, {"four.pgm", "--k-max=5", "--csv", "-o", "four.svg"}));
    CHECK(result.exit_code == 0);
    CHECK(result.out == "k,wcss\n1,624\n2,24\n3,12\n4,0\n5,0\n");  // 3 channels, 2 copies: 6 times 104, 4, 2, 0
    CHECK(mentions(content_of(directory / "four.svg"), "knee: K = 4"));
}

TEST_CASE("obeys K, seed and threads") {
    scratch_directory directory;
    const auto curve = [&](std::vector<std::string> words) {
        words.insert(words.end(), {"--csv", "--k-min", "2", "--k-max", "3", "--max-iterations", "1"});
        const auto result = shell(directory, command(LLOYD_ELBOW, words));
        CHECK(result.exit_code == 0);
        CHECK(lines_of(result.out).size() == 3);
        return result.out;
    };
    CHECK(curve({"--threads", "1"}) == curve({"--threads", "3"}));
    CHECK(curve({"--attempts", "1", "--seed", "1"}) != curve({"--attempts", "1", "--seed", "2"}));
}

TEST_SUITE_END();
TEST_SUITE_BEGIN("gallery");

TEST_CASE("writes one page, and prints its path") {
    scratch_directory directory;
    const auto result = shell(directory, command(LLOYD_GALLERY, {mountain, "-o", "new/page"}));
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    CHECK(result.out == "new/page/index.html\n");
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
    CHECK(shell(directory, command(LLOYD_GALLERY, {"--page"})).exit_code == 2);
    CHECK(shell(directory, command(LLOYD_GALLERY, {"--seed", "-1"})).exit_code == 2);
    CHECK(shell(directory, command(LLOYD_GALLERY, {"missing.jpg", "-o", "new"})).exit_code == 3);
    CHECK(shell(directory, command(LLOYD_GALLERY, {"small.png", "-o", "file"})).exit_code == 4);
    CHECK(content_of(directory / "file") == "old");
    CHECK(directory.count() == 3);

    fs::create_directories(directory / "taken/index.html");
    const auto taken = shell(directory, command(LLOYD_GALLERY, {"small.png", "-o", "taken"}));
    CHECK(taken.exit_code == 4);
    CHECK(mentions(taken.err, "gallery: cannot write taken/index.html: "));
    CHECK(taken.out == "");
    const auto few = shell(directory, command(LLOYD_GALLERY, {"tiny.png"}));
    CHECK(few.exit_code == 2);
    CHECK(mentions(few.err, "there are only 6 points"));
}

TEST_SUITE_END();
TEST_SUITE_BEGIN("colors3d");

TEST_CASE("draws the colours in their own paint, or in their segments'") {
    scratch_directory directory;
    const auto result = shell(directory, command(LLOYD_COLORS3D, {}));
    CHECK(result.exit_code == 0);
    CHECK(result.err == "");
    CHECK(result.out == "colours   54286\nwritten   colors.svg\n");
    CHECK(shell(directory, command(LLOYD_COLORS3D, {"--paint=segment", "-k=4", "-o=s.svg"})).exit_code == 0);
    const auto own = content_of(directory / "colors.svg"), segments = content_of(directory / "s.svg");
    CHECK(mentions(own, "with 3 cluster centers"));
    CHECK(mentions(segments, "with 4 cluster centers"));
    CHECK(own.size() > 4 * std::string("<circle").size() * 100);
    CHECK(own.size() < 300'000);
}

TEST_CASE("both exit with 2, 3 and 4 as segment does") {
    scratch_directory directory;
    io::write(directory / "tiny.png", gradient(2, 2, 3));
    for (const auto* program : {LLOYD_ELBOW, LLOYD_COLORS3D}) {
        CAPTURE(program);
        CHECK(shell(directory, command(program, {"--k"})).exit_code == 2);
        CHECK(shell(directory, command(program, {"--max-pixels", "0"})).exit_code == 2);
        CHECK(shell(directory, command(program, {"missing.jpg"})).exit_code == 3);
        CHECK(shell(directory, command(program, {"-o", "missing/a.svg"})).exit_code == 4);
    }
    const auto many = shell(directory, command(LLOYD_ELBOW, {"tiny.png"}));
    CHECK(many.exit_code == 2);
    CHECK(mentions(many.err, "k_max is 10, but there are only 4 points"));
    CHECK(shell(directory, command(LLOYD_COLORS3D, {"tiny.png", "-k", "5"})).exit_code == 2);
    CHECK(directory.count() == 1);
}

TEST_SUITE_END();
