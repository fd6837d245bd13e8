// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A place for the files of one test case.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <string_view>

#if defined(__linux__)
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#endif

/// An empty directory that is removed with everything in it.
class scratch_directory {
public:
    scratch_directory() {
        std::random_device random;
        const auto parent = std::filesystem::temp_directory_path();
        do {
            path_ = parent / ("lloyd-test-" + std::to_string(random()));
        } while (!std::filesystem::create_directory(path_));
    }
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;
    ~scratch_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

    /// How many files, links and directories are in it.
    std::ptrdiff_t count() const {
        return std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator());
    }

private:
    std::filesystem::path path_;
};

inline std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void fill(const std::filesystem::path& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
}

inline void fill(const std::filesystem::path& path, std::span<const std::uint8_t> content) {
    fill(path, std::string(content.begin(), content.end()));
}

#if defined(__linux__)

/// A device that takes everything ("null") or nothing ("full"), for a program to write to. A broken program that root
/// runs could replace the one in /dev for the whole machine: root gets one in `directory`. Empty where that is forbidden.
inline std::filesystem::path device(const scratch_directory& directory, const std::string& name) {
    if (::geteuid() != 0) return "/dev/" + name;
    const auto path = directory / name;
    if (::mknod(path.c_str(), S_IFCHR | 0666, makedev(1, name == "null" ? 3 : 7)) != 0) return {};
    return std::ifstream(path) ? path : std::filesystem::path();  // a disk may be mounted without devices
}

#endif
