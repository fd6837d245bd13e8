// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a program prints, collected so that the lines of one photo stay together.
#pragma once

#include <filesystem>
#include <string>

namespace cli {

class report {
public:
    /// Adds text, as std::printf does.
    // clang-format off
#if !defined(_WIN32)  // where the attribute means Microsoft's printf
    [[gnu::format(printf, 2, 3)]]
#endif
    void print(const char* format, ...);
    // clang-format on

    /// Adds a line for other programs. Then the report is printed after -q, too.
    void print_data(const std::string& line);

    /// Adds the line that a file was written.
    void print_written(const std::filesystem::path& path);

    /// Prints all text on stdout, or on stderr if stdout_is_output (program.hpp), and forgets it. After -q nothing is printed.
    void emit();

private:
    bool is_data_ = false;
    std::string text_;
};

}  // namespace cli
