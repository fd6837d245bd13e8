// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How options are written, what the help says of them, and what is said of wrong ones.

#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "../examples/image_io.hpp"
#include "run_program.hpp"

namespace {

namespace fs = std::filesystem;

TEST_CASE("takes options in every usual form") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(8, 6, 3));
    CHECK(segment(directory, {"a.png", "--quiet"}).out == "");
    CHECK(segment(directory, {"a.png", "-q", "--quiet"}).exit_code == 2);
    const std::vector<std::vector<std::string>> forms{{"-k", "4"}, {"-k4"}, {"-k=4"}, {"--k=4"}, {"--k", "4"}};
    for (auto words : forms) {
        words.insert(words.end(), {"a.png", "-oa.ppm"});
        REQUIRE(segment(directory, words).exit_code == 0);
        CHECK(colors_of(directory / "a.ppm").size() == 4);
        fs::remove(directory / "a.ppm");
    }
}

TEST_CASE("every program explains itself, and tells its version") {
    scratch_directory directory;
    for (const auto& program : all_programs) {
        if (program == "hello") continue;
        CAPTURE(program);
        const auto help = run(directory, program, {"--help"});
        CHECK(help.exit_code == 0);
        CHECK(mentions(help.out, "usage: " + program));
        std::istringstream lines(help.out);
        for (std::string text; std::getline(lines, text);) CHECK(text.size() <= 80);
        CHECK(mentions(help.out, "1 unforeseen error"));
        for (const auto* line : {"  -q, --quiet        print nothing but errors\n",
                                 "  -h, --help         print this help\n", "  --version          print the version\n"})
            CHECK(mentions(help.out, line));
        CHECK(run(directory, program, {"-h"}).out == help.out);
        CHECK(run(directory, program, {"--version"}).out.starts_with(program + " of lloyd "));
        const auto wrong = run(directory, program, {"--colour"});
        CHECK(wrong.err == program + ": unknown option --colour\ntry " + program + " --help\n");
    }
    for (const auto* program : {"segment", "edges", "hsv", "elbow", "colors3d", "side_by_side", "gallery", "vectorize"})
        CHECK(mentions(run(directory, program, {"--help"}).out, "mountain-768.jpg"));
    CHECK(mentions(run(directory, "edges", {"--help"}).out, "cv2.Canny(img, 150, 200)"));
    CHECK(directory.count() == 0);
}

TEST_CASE("names the option that was meant, if one is near") {
    scratch_directory directory;
    const std::pair<std::string, std::string> wrong[] = {{"--quite", "--quiet"},
                                                         {"--max-iteration=3", "--max-iterations"},
                                                         {"--max-iter", "--max-iterations"},
                                                         {"--hepl", "--help"},
                                                         {"--versoin", "--version"},
                                                         {"--palete", "--palette"},
                                                         {"--thread=2", "--threads"},
                                                         {"--jason", "--json"},
                                                         {"--output=a.png", "-o"},
                                                         {"-K", "-k"},
                                                         {"-K5", "-k"},
                                                         {"--K=5", "-k"}};
    for (const auto& one : wrong) {
        const auto result = segment(directory, {one.first});
        CHECK(result.exit_code == 2);
        CHECK(result.err ==
              "segment: unknown option " + one.first + "; did you mean " + one.second + "?\ntry segment --help\n");
    }
    for (const std::string far : {"--colour", "--x", "-x", "--"}) {
        const auto result = segment(directory, {far, "missing.png"});
        CHECK_FALSE(mentions(result.err, "did you mean"));
    }
    CHECK(directory.count() == 0);
}

TEST_CASE("the help shows what stands for a value, and each default") {
    scratch_directory directory;
    const auto help = segment(directory, {"--help"}).out;
    for (const auto* line :
         {"  -k K               number of colours (default: 3)\n", "\n  -o FILE ", " (default:\n", "segmented.png)\n",
          "\n  --seed N ", "\n  --epsilon X ", "\n  --mask FILE ", "\n  --init WORD ", "\n  --fixed COLORS ",
          "(plus-plus or random;\n", "\n  --dither [N] ", "(without N: 16)\n"})
        CHECK(mentions(help, line));
    CHECK(mentions(run(directory, "film", {"--help"}).out, "\n  -o FOLDER          the folder to write to"));
    CHECK(mentions(run(directory, "elbow", {"--help"}).out, "  --k-max K          the last K (default: 10)\n"));
    CHECK(mentions(run(directory, "side_by_side", {"--help"}).out,
                   "  -k K,...           numbers of colours (default: 3,5,7)\n"));
}

TEST_CASE("says of a word that it is no number, and of a number what is allowed") {
    scratch_directory directory;
    const struct {
        std::vector<std::string> words;
        std::string message;
    } wrong[] = {
        {{"--epsilon", "1,5"},
         "--epsilon is 1,5, but must be a number, at least 0; write a decimal point, not a comma\n"},
        {{"--epsilon", "-1,5"}, "write a decimal point, not a comma\n"},
        {{"--epsilon", "much"}, "--epsilon is much, but must be a number, at least 0\n"},
        {{"--epsilon", ""}, "--epsilon is empty, but must be a number, at least 0\n"},
        {{"--epsilon", "1,2,3"}, "--epsilon is 1,2,3, but must be a number, at least 0\n"},
        {{"--epsilon", "-0.5"}, "--epsilon is -0.5, but must be at least 0\n"},
        {{"--epsilon", "1e999"}, "--epsilon is 1e999, but must be 0 to 1.7976931348623157e+308\n"},
        {{"-k", "3.5"}, "-k is 3.5, but must be a whole number, 1 to 256\n"},
        {{"-k", "3,5"}, "-k is 3,5, but must be a whole number, 1 to 256\n"},
        {{"-k", "257"}, "-k is 257, but must be 1 to 256\n"},
        {{"--attempts", "99999999999"}, "--attempts is 99999999999, but must be 1 to 2147483647\n"},
        {{"--attempts", "-99999999999"}, "--attempts is -99999999999, but must be at least 1\n"},
        {{"--seed", "-1"}, "--seed is -1, but must be at least 0\n"},
        {{"--seed", "18446744073709551616"}, "but must be 0 to 18446744073709551615\n"},
    };
    for (const auto& call : wrong) {
        const auto result = segment(directory, call.words);
        CAPTURE(result.err);
        CHECK(result.exit_code == 2);
        CHECK(mentions(result.err, call.message));
    }
}

}  // namespace
