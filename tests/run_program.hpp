// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Programs run as a user runs them: by the shell, in a directory, with an exit code and two streams.
#pragma once

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include <sys/wait.h>

#include "scratch_directory.hpp"

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

/// A program and its words as a line for the shell.
inline std::string command(const std::string& program, const std::vector<std::string>& words) {
    auto line = quoted(program);
    for (const auto& word : words) line += " " + quoted(word);
    return line;
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
