// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A file of points alone, one after another, as numpy's tofile writes them. Many processes can read parts of it at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <system_error>

#include <lloyd/image.hpp>

#include "../program.hpp"

namespace io {

/// Points of `channels` coordinates of type T, in the byte order of the machine.
template <class T>
class point_file {
public:
    /// Throws cli::failure (unreadable) unless the file exists and contains a whole number of points.
    point_file(const std::string& path, int channels)
        : path_(path), channels_(channels), file_(path, std::ios::binary) {
        std::error_code error;
        const auto bytes = std::filesystem::file_size(path, error);
        if (error) fail(error.message() + "; check the path");
        if (!file_) fail("it cannot be opened; check its permissions");
        if (bytes == 0 || bytes % point_bytes() != 0)
            fail("its " + std::to_string(bytes) + " bytes are not points of " + std::to_string(channels) +
                 " numbers of " + std::to_string(sizeof(T)) + " bytes; check -d and --type");
        size_ = static_cast<std::ptrdiff_t>(bytes / point_bytes());
        written_ = std::filesystem::last_write_time(path, error);
    }

    std::ptrdiff_t size() const { return size_; }

    /// Reads points first to first + out.size() − 1. Throws cli::failure (unreadable) if they cannot be read.
    void read(std::ptrdiff_t first, lloyd::image_view<T> out) {
        if (out.empty()) return;
        file_.seekg(static_cast<std::streamoff>(first) * static_cast<std::streamoff>(point_bytes()));
        file_.read(reinterpret_cast<char*>(out.data()),
                   static_cast<std::streamsize>(static_cast<std::size_t>(out.size()) * point_bytes()));
        if (!file_) fail("it ends, or cannot be read, before point " + std::to_string(first + out.size()));
    }

    /// Throws cli::failure (unreadable) if the file has changed since it was opened.
    void require_unchanged() const {
        std::error_code error;
        const auto bytes = std::filesystem::file_size(path_, error);
        if (error || bytes / point_bytes() != static_cast<std::size_t>(size_) ||
            std::filesystem::last_write_time(path_, error) != written_)
            fail("it was changed while it was read; start again when it is complete");
    }

    [[noreturn]] void fail(const std::string& reason) const {
        throw cli::failure(cli::unreadable, "cannot read " + path_ + ": " + reason);
    }

private:
    std::size_t point_bytes() const { return static_cast<std::size_t>(channels_) * sizeof(T); }

    std::string path_;
    int channels_;
    std::ifstream file_;
    std::ptrdiff_t size_ = 0;
    std::filesystem::file_time_type written_;
};

}  // namespace io
