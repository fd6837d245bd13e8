// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What io::write_file and io::read_file say when they fail.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "../examples/files.hpp"
#include "../examples/program.hpp"

/// What the failure of writing `content` to `path` says; "" when it is written.
inline std::string write_error(const std::filesystem::path& path, std::string_view content = "new") {
    try {
        io::write_file(path, content);
        return "";
    } catch (const cli::failure& error) {
        CHECK(error.exit_code == cli::unwritable);
        return error.what();
    }
}

/// What the failure of reading `path` says; "" when it is read.
inline std::string read_error(const std::filesystem::path& path) {
    try {
        io::read_file(path, 1000);
        return "";
    } catch (const cli::failure& error) {
        CHECK(error.exit_code == cli::unreadable);
        return error.what();
    }
}

inline bool mentions(const std::string& message, const std::string& words) {
    return message.find(words) != message.npos;
}
