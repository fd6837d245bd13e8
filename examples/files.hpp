// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Files read within a limit, and written wholly or not at all. (POSIX)
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace io {

/// Everything in the file, device or pipe at `path`.
/// Throws cli::failure (unreadable) for what cannot be opened or read, a directory, and more than `limit` bytes.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::size_t limit);

/// Makes `bytes` the whole content of the file at `path`, or leaves what was there and throws cli::failure
/// (unwritable): a new file is written beside it, to the disk, and takes its place with one rename. It gets the mode of
/// the old one, and owner and group where the system lets the writer; other hard links keep the old content. A signal
/// that ends the program meanwhile leaves the old file alone. A symbolic link stays, and its target is replaced.
/// A device or pipe is written to, never replaced. An open descriptor (/dev/stdout, /dev/fd/N, /proc/PID/fd/N) is written
/// at its position. A file that cannot be replaced because it is mounted alone is written in place; where that fails, what
/// it held is lost, and the message says so.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// Throws what write_file would, as far as that can be told before there is anything to write.
void require_writable(const std::filesystem::path& path);

/// In lower case, with its dot; "" where there is none.
std::string extension_of(const std::filesystem::path& path);

/// Throws cli::failure (usage) for a path with another extension than this one, in lower case. No extension, as of
/// /dev/stdout, is fine.
void require_extension(const std::filesystem::path& path, const std::string& allowed);

/// Throws cli::failure (usage) for a path to a directory that ends like a page's, a drawing's or a picture's, unless that
/// directory exists.
void require_directory_name(const std::filesystem::path& path);

/// Makes the directory, and those above it, unless it exists. Throws cli::failure (unwritable).
void make_directory(const std::filesystem::path& path);

}  // namespace io
