// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What files.cpp needs of the system: posix_files.cpp, or on Windows windows_files.cpp. Errors of the system are thrown as
/// std::system_error.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <system_error>
#include <vector>

namespace io {

[[noreturn]] inline void throw_errno(int code = errno) { throw std::system_error(code, std::generic_category()); }

/// Everything in the file, device, pipe or open descriptor. Throws EFBIG for more than `limit` bytes.
std::vector<std::uint8_t> load(const std::filesystem::path& path, std::size_t limit);

/// Does what write_file (files.hpp) promises.
void save(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);

/// Throws the errors of `save` that can be detected before anything is written.
void require_savable(const std::filesystem::path& path);

/// Throws unless files can be created in the directory, as far as the system tells.
void require_writable_directory(const std::filesystem::path& directory);

/// Whether the path stands for an open descriptor, as /dev/stdin does.
bool is_descriptor(const std::filesystem::path& path);

/// Whether stdout writes to this file or pipe.
bool is_stdout(const std::filesystem::path& path);

/// The parent directory; "." if the path is a name without a directory.
inline std::filesystem::path directory_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

/// Everything up to the end of a file that probably has `expected` bytes. Throws EFBIG for more than `limit`.
/// `read` fills up to as many bytes as the span has, and returns their number; 0 at the end.
template <class Read>
std::vector<std::uint8_t> read_to_end(std::size_t expected, std::size_t limit, const Read& read) {
    std::vector<std::uint8_t> bytes(std::min(limit, std::max<std::size_t>(expected, 1 << 16)) + 1);
    for (std::size_t size = 0;;) {
        if (size > limit) throw_errno(EFBIG);
        if (size == bytes.size()) bytes.resize(std::min(limit + 1, 2 * size));
        const std::size_t count = read(std::span(bytes).subspan(size));
        size += count;
        if (count > 0) continue;
        bytes.resize(size);
        return bytes;
    }
}

}  // namespace io
