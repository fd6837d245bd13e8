// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Reads files up to a limit, and writes them completely or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace io {

/// Everything in the file, device or pipe at `path`. An open descriptor (/dev/stdin, /dev/fd/N) is read from its position on.
/// Throws cli::failure (unreadable) if it cannot be opened or read, is a directory, or has more than `limit` bytes.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::size_t limit);

/// Makes `bytes` the content of the file at `path`, or keeps the old content and throws cli::failure (unwritable).
/// A new file is written beside the old one and flushed to the disk. Then one rename replaces the old file. The new file
/// gets the mode of the old one, and its owner and group if the system permits that. Other hard links keep the old
/// content. If a signal ends the program before the rename, the old file stays. A symbolic link stays, and its target is
/// replaced. A device or pipe is written to, never replaced. An open descriptor (/dev/stdout, /dev/fd/N, /proc/PID/fd/N)
/// is written at its position. A file that cannot be replaced because it is mounted alone is overwritten in place. If
/// that fails, its old content is lost, and the message reports this.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// Throws the failures of write_file that can be detected before anything is written.
void require_writable(const std::filesystem::path& path);

/// The extension in lower case, with its dot; "" if there is none.
std::string extension_of(const std::filesystem::path& path);

/// Throws cli::failure (usage) if the path has an extension that is not among `allowed`, which are in lower case. A path
/// without an extension, such as /dev/stdout, is accepted.
void require_extension(const std::filesystem::path& path, const std::vector<std::string>& allowed);

/// Throws before any work what can be known about a folder to write to: cli::failure (usage) if it is a file, or has the
/// extension of a page, a drawing or a picture and does not exist; (unwritable) if it cannot be written or created.
void require_folder(const std::filesystem::path& path);

/// Creates the directory, and those above it, if it does not exist. Throws cli::failure (unwritable).
void make_directory(const std::filesystem::path& path);

}  // namespace io
