// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The example programs, run as a user runs them: by the shell, in a directory, with an exit code and two streams.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <lloyd/image.hpp>

#include "../examples/image_io.hpp"
#include "scratch_directory.hpp"

/// The photo that they take when they are told none.
inline const std::string mountain = LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg";

inline const std::vector<std::string> all_programs{"segment", "edges",        "hsv",   "elbow", "colors3d", "gallery",
                                                   "palette", "side_by_side", "hello", "film",  "vectorize"};

struct outcome {
    int exit_code;
    std::string out, err;
};

inline std::string quoted(const std::string& word) {
    std::string result = "'";
    for (const char letter : word) result += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return result + "'";
}

/// Runs shell text in a directory, with nothing to read on stdin.
inline outcome shell(const scratch_directory& directory, const std::string& text) {
    scratch_directory streams;
    const auto command = "cd " + quoted(directory.path().string()) + " && { " + text + "\n} >" +
                         quoted((streams / "out").string()) + " 2>" + quoted((streams / "err").string()) +
                         " </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(streams / "out"), content_of(streams / "err")};
}

/// An example program and its words as a line for the shell.
inline std::string command(const std::string& program, const std::vector<std::string>& words) {
    auto line = quoted(LLOYD_PROGRAMS_DIR "/" + program);
    for (const auto& word : words) line += " " + quoted(word);
    return line;
}

inline outcome run(const scratch_directory& directory, const std::string& program,
                   const std::vector<std::string>& words) {
    return shell(directory, command(program, words));
}

inline outcome segment(const scratch_directory& directory, const std::vector<std::string>& words) {
    return run(directory, "segment", words);
}

/// What a shell text shows on stderr where that is a terminal; empty, with a message, on a system without pseudo-terminals.
inline std::string shown_on_terminal(const scratch_directory& directory, const std::string& text) {
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (terminal < 0) {
        MESSAGE("not tried: this system has no pseudo-terminals");
        return {};
    }
    REQUIRE(::grantpt(terminal) == 0);
    REQUIRE(::unlockpt(terminal) == 0);
    shell(directory, text + " 2>" + quoted(::ptsname(terminal)));
    std::string shown;
    char part[4096];
    for (ssize_t count; (count = ::read(terminal, part, sizeof part)) > 0;)
        shown.append(part, static_cast<std::size_t>(count));
    ::close(terminal);
    return shown;
}

inline bool mentions(const std::string& message, const std::string& words) {
    return message.find(words) != message.npos;
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

using color = std::array<std::uint8_t, 3>;

/// How many pixels have each colour.
inline std::map<color, double> colors_of(const std::filesystem::path& path) {
    std::map<color, double> counts;
    const auto rgb = io::read_rgb(path);
    for (std::ptrdiff_t y = 0; y < rgb.height(); ++y)
        for (std::ptrdiff_t x = 0; x < rgb.width(); ++x) ++counts[{rgb(x, y)[0], rgb(x, y)[1], rgb(x, y)[2]}];
    return counts;
}

/// A gentle gradient with 1 to 4 channels.
inline lloyd::image<std::uint8_t> gradient(std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels) {
    lloyd::image<std::uint8_t> result(width, height, channels);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x)
            for (std::ptrdiff_t c = 0; c < channels; ++c)
                result(x, y)[static_cast<std::size_t>(c)] = static_cast<std::uint8_t>((5 * x + 3 * y + 60 * c) % 256);
    return result;
}
