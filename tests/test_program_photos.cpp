// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Many photos: what the programs make of them, and refuse.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <regex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/image_io.hpp"
#include "../examples/photo_jobs.hpp"
#include "run_program.hpp"

namespace {

namespace fs = std::filesystem;
using words = std::vector<std::string>;

/// Programs that write one file for each photo, the extension of which is `ending`.
const struct {
    std::string name, ending;
} one_to_one[] = {{"segment", ".png"}, {"edges", ".png"},     {"hsv", ".png"},
                  {"elbow", ".svg"},   {"vectorize", ".svg"}, {"colors3d", ".svg"}};

/// a.png, b.ppm and c.jpg, of other sizes and colours.
void fill_with_photos(const scratch_directory& directory) {
    io::write(directory / "a.png", gradient(24, 16, 3));
    io::write(directory / "b.ppm", gradient(9, 30, 3));
    io::write(directory / "c.jpg", gradient(40, 20, 3));
}

/// The lines "photo" and "written" of a text, in their order.
std::vector<std::string> paths_in(const std::string& text) {
    auto lines = lines_of(text);
    std::erase_if(lines, [](const auto& line) { return !line.starts_with("photo ") && !line.starts_with("written "); });
    return lines;
}

/// The content of all files below a directory, by their paths, and without times.
std::map<std::string, std::string> all_in(const fs::path& directory) {
    static const std::regex times("[0-9.]+ ms|[0-9.]+\u00a0m?s");
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(directory))
        if (entry.is_regular_file())
            all[entry.path().lexically_relative(directory).string()] =
                std::regex_replace(content_of(entry.path()), times, "");
    return all;
}

words with(words some, const words& more) {
    some.insert(some.end(), more.begin(), more.end());
    return some;
}

TEST_SUITE_BEGIN("many photos");

TEST_CASE("makes of each of many photos what it makes of that one, and prints it in their order") {
    scratch_directory directory;
    fill_with_photos(directory);
    for (const auto& program : one_to_one) {
        CAPTURE(program.name);
        std::string printed;
        for (const std::string name : {"a.png", "b.ppm", "c.jpg"}) {
            const auto path = "one-" + program.name + "/" + name.substr(0, 1) + program.ending;
            fs::create_directories(directory / ("one-" + program.name));
            const auto one = run(directory, program.name, {name, "-o", path});
            REQUIRE(one.exit_code == 0);
            printed += "photo        " + name + "\n" + std::regex_replace(one.out, std::regex("one-"), "many-");
        }
        for (const auto* threads : {"1", "3"}) {
            const auto many =
                run(directory, program.name,
                    {"a.png", "b.ppm", "c.jpg", "--threads", threads, "-o", "many-" + program.name + "/"});
            CHECK(many.exit_code == 0);
            CHECK(many.err == "");
            const std::regex times("[0-9.]+ ms");
            CHECK(std::regex_replace(many.out, times, "") == std::regex_replace(printed, times, ""));
            CHECK(all_in(directory / ("one-" + program.name)) == all_in(directory / ("many-" + program.name)));
            fs::remove_all(directory / ("many-" + program.name));
        }
    }
}

TEST_CASE("gallery makes a folder for each of many photos, and side_by_side gives each its pictures") {
    scratch_directory directory;
    fill_with_photos(directory);
    const auto pages = run(directory, "gallery", {"a.png", "b.ppm", "-o", "pages"});
    CHECK(paths_in(pages.out) == words{"photo        a.png", "written      pages/a/index.html",  //
                                       "photo        b.ppm", "written      pages/b/index.html"});
    CHECK(paths_in(run(directory, "gallery", {"b.ppm", "-o", "page"}).out) == words{"written      page/index.html"});
    CHECK(all_in(directory / "page")["index.html"] == all_in(directory / "pages")["b/index.html"]);

    const auto sheets = run(directory, "side_by_side", {"a.png", "b.ppm", "-k", "2,4", "-o", "sheets"});
    CHECK(paths_in(sheets.out) == words{"photo        a.png", "written      sheets/a-side-by-side.png",
                                        "written      sheets/a-k2.png", "written      sheets/a-k4.png",
                                        "photo        b.ppm", "written      sheets/b-side-by-side.png",
                                        "written      sheets/b-k2.png", "written      sheets/b-k4.png"});
    for (const auto* photo : {"a.png", "b.ppm"})
        CHECK(run(directory, "side_by_side", {photo, "-k", "2,4", "-o", "one"}).exit_code == 0);
    CHECK(all_in(directory / "one") == all_in(directory / "sheets"));
}

TEST_CASE("-o names a folder if it ends in / or is one, also for one photo; and a folder is read as its pictures") {
    scratch_directory directory;
    fs::create_directory(directory / "photos");
    io::write(directory / "photos/a.png", gradient(24, 16, 3));
    fs::create_directory(directory / "there");
    for (const auto* photo : {"photos/a.png", "photos", "photos/"})
        for (const std::string folder : {"there", "there/", "new/below/", "x.png/"}) {
            CAPTURE(folder);
            const auto result = run(directory, "hsv", {photo, "-o", folder});
            CHECK(result.exit_code == 0);
            const auto path = (folder.ends_with('/') ? folder : folder + "/") + "a.png";
            CHECK(paths_in(result.out) == words{"written      " + path});
            CHECK(fs::remove(directory / (folder + "/a.png")));
        }
    CHECK(run(directory, "hsv", {"photos/a.png", "-o", "file"}).exit_code == 0);
    CHECK(fs::is_regular_file(directory / "file"));
}

TEST_CASE("refuses before any work what would lose a file or has no place") {
    scratch_directory directory;
    fill_with_photos(directory);
    io::write(directory / "a.jpg", gradient(8, 6, 3));
    fill(directory / "file", "old");
    fs::create_symlink("a.png", directory / "link.jpg");
    fs::create_directory(directory / "out");
    fs::create_symlink("../a.png", directory / "out/b.png");
    fs::create_symlink("../a.png", directory / "out/b.svg");
    const auto before = all_in(directory.path());
    const std::pair<words, std::string> wrong[] = {
        {{"a.png", "b.ppm"}, "several photos are written to a folder, but -o is "},
        {{"a.png", "new.png"}, "there is no new.png; to write it, name it after -o: -o new.png"},
        {{"a.png", "b.ppm", "-o", "new"}, "several photos are written to a folder, but -o is new; name a folder that "},
        {{"a.png", "b.ppm", "-o", "-"}, "several photos are written to a folder, but -o is -; name a folder"},
        {{".", "-o", "file"}, "several photos are written to a folder, but -o is file"},
        {{"a.png", "b.ppm", "-o", "file/"}, "cannot write to the folder file/: it is a file"},
        {{"a.png", "-o", "file/"}, "cannot write to the folder file/: it is a file"},
        {{"a.png", "a.jpg", "-o", "new/"}, "a.png and a.jpg would both be written to new/a."},
        {{"a.png", "a.png", "-o", "new/"}, "a.png and a.png would both be written to new/a."},
        {{"a.png", "b.ppm", "-o", "out"}, " is one of the photos to read, and would be overwritten"},
        {{"out/..//a.png", "b.ppm", "missing.jpg", "-o", "out/"}, " is one of the photos to read"},
    };
    for (const auto& program : one_to_one)
        for (const auto& call : wrong) {
            const auto result = run(directory, program.name, call.first);
            CAPTURE(program.name);
            CAPTURE(call.second);
            CAPTURE(result.err);
            CHECK(result.exit_code == 2);
            CHECK(mentions(result.err, program.name + ": "));
            CHECK(mentions(result.err, call.second));
            CHECK(result.out == "");
        }
    const std::pair<std::string, words> in_place[] = {
        {"segment", {"a.png", "-o", "."}},       {"edges", {"link.jpg", "a.png", "-o", "./"}},
        {"side_by_side", {"a.png", "a-k3.png"}}, {"palette", {"a.png", "-o", "file"}},
        {"film", {"a.png", "-o", "file"}},       {"gallery", {"a.png", "-o", "file"}},
        {"gallery", {"a.png", "a.jpg"}},         {"side_by_side", {"a.png", "-o", "file"}},
        {"side_by_side", {"a.png", "a.jpg"}},
    };
    for (const auto& call : in_place) {
        const auto result = run(directory, call.first, call.second);
        CAPTURE(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.out == "");
    }
    CHECK(all_in(directory.path()) == before);
}

TEST_CASE("one photo that fails is named, the others are done, and the first failure gives the exit code") {
    scratch_directory directory;
    fill_with_photos(directory);
    fill(directory / "broken.jpg", "no picture");
    io::write(directory / "tiny.png", gradient(2, 1, 3));
    for (const auto* threads : {"1", "4"}) {
        const auto call = [&](const words& photos) {
            fs::remove_all(directory / "out");
            return segment(directory, with(photos, {"--threads", threads, "-o", "out/"}));
        };
        const auto unreadable = call({"a.png", "broken.jpg", "b.ppm", "missing.png", "tiny.png", "c.jpg"});
        CHECK(unreadable.exit_code == 3);
        const auto lines = lines_of(unreadable.err);
        REQUIRE(lines.size() == 4);
        CHECK(lines[0].starts_with("segment: cannot read broken.jpg: "));
        CHECK(lines[1].starts_with("segment: cannot read missing.png: "));
        CHECK(lines[2].starts_with("segment: tiny.png: "));
        CHECK(mentions(lines[2], "k is 3, but there are only 2"));
        CHECK(lines[3] == "segment: 3 of 6 photos failed; the others are done");
        CHECK(all_in(directory / "out").size() == 3);
        for (const auto* name : {"out/a.png", "out/b.png", "out/c.png"})
            CHECK(mentions(unreadable.out, "written      " + std::string(name) + "\n"));

        CHECK(call({"tiny.png", "broken.jpg", "a.png"}).exit_code == 2);
        const auto none = call({"missing.png", "broken.jpg"});
        CHECK(none.exit_code == 3);
        CHECK_FALSE(fs::exists(directory / "out"));
    }
    fs::create_directories(directory / "taken/b.png");
    const auto taken = segment(directory, {"a.png", "b.ppm", "-o", "taken"});
    CHECK(taken.exit_code == 4);
    CHECK(all_in(directory / "taken").empty());
}

TEST_CASE("prints the curves of many photos as one CSV, and needs no folder for it") {
    scratch_directory directory;
    fill_with_photos(directory);
    fs::create_directory(directory / "more");
    io::write(directory / "more/a, \"b\".png", gradient(24, 16, 3));
    const words limits{"--csv", "--k-max", "2"};
    const auto many = run(directory, "elbow", with({"a.png", "more"}, limits));
    CHECK(many.exit_code == 0);
    const auto one = lines_of(run(directory, "elbow", with({"a.png"}, limits)).out);
    REQUIRE(one.size() == 3);
    std::string expected = "photo," + one[0] + "\n";
    for (const std::string name : {"\"a.png\"", "\"more/a, \"\"b\"\".png\""})
        for (std::size_t i = 1; i < 3; ++i) expected += name + "," + one[i] + "\n";
    CHECK(many.out == expected);
    CHECK(directory.count() == 4);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("memory");

TEST_CASE("the header of a file of each format tells how many pixels it has") {
    scratch_directory directory;
    for (const auto* name : {"a.png", "a.jpg", "a.bmp", "a.ppm", "a.pgm"}) {
        CAPTURE(name);
        io::write(directory / name, gradient(37, 21, 3));
        CHECK(io::pixels_in(directory / name) == 37 * 21);
    }
    CHECK(io::pixels_in(mountain) == io::read(mountain).size());
    fill(directory / "text.jpg", "no picture");
    fill(directory / "cut.jpg", std::string_view(content_of(directory / "a.jpg")).substr(0, 30));
    for (const auto* name : {"text.jpg", "cut.jpg", "missing.png", "."})
        CHECK_FALSE(io::pixels_in(directory / name).has_value());
    CHECK_FALSE(io::pixels_in("/dev/stdin").has_value());
}

TEST_CASE("no more pixels are in memory than one photo may have") {
    scratch_directory directory;
    std::vector<io::photo_paths> list;
    const std::ptrdiff_t heights[] = {300, 300, 700, 300, 1000, 300, 200, 200, 1100, 300};
    for (const auto height : heights) {
        list.push_back({directory / (std::to_string(list.size()) + ".pgm"), {}});
        io::write(list.back().from, gradient(1000, height, 1));
    }
    std::atomic<std::ptrdiff_t> rows = 0, most = 0, done = 0;
    std::vector<std::size_t> counts;
    const auto work = [&](std::size_t i, int threads) {
        const auto height = std::min<std::ptrdiff_t>(heights[i], 1000);
        const auto now = rows += height;
        for (auto before = most.load(); now > before && !most.compare_exchange_weak(before, now);) continue;
        CHECK(threads == (height > 500 ? 4 : 1));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));  // so that others would come in between
        rows -= height;
        ++done;
    };
    photos::each(list, {4, 1}, work, [&](std::size_t n) { counts.push_back(n); });
    CHECK(most <= 1000);
    CHECK(done == 10);
    CHECK(counts == std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
}

TEST_CASE("after a failure no more photos are begun, and the first of the list is thrown") {
    scratch_directory directory;
    std::vector<io::photo_paths> list(20, {directory / "a.pgm", {}});
    io::write(list[0].from, gradient(4, 4, 1));
    for (const std::size_t slow : {std::size_t{2}, std::size_t{3}}) {
        constexpr int threads = 3;
        std::atomic<int> begun = 0;
        const auto work = [&](std::size_t i, int) {
            ++begun;
            if (i >= 2) std::this_thread::sleep_for(std::chrono::milliseconds(i == slow ? 60 : 20));
            if (i >= 2) throw std::runtime_error(std::to_string(i));
        };
        CHECK_THROWS_WITH(photos::each(list, {threads, 1}, work, [](std::size_t) {}), "2");
        CHECK(begun <= 2 + threads);
    }
}

TEST_SUITE_END();

}  // namespace
