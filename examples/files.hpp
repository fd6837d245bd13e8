// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Files read within a limit, and written wholly or not at all. (POSIX)
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace io {

/// Everything in the file, device or pipe at `path`.
/// Throws cli::failure (unreadable) for what cannot be opened or read, a directory, and more than `limit` bytes.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::size_t limit);

/// Makes `bytes` the whole content of the file at `path`, or leaves what was there and throws cli::failure
/// (unwritable): a new file is written beside it, to the disk, and takes its place with one rename. A symbolic link
/// stays, and its target is replaced. A device or pipe is written to, never replaced.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// Throws what write_file would, as far as that can be told before there is anything to write.
void require_writable(const std::filesystem::path& path);

/// Makes the directory, and those above it, unless it exists. Throws cli::failure (unwritable).
void make_directory(const std::filesystem::path& path);

}  // namespace io
