// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Paths that stand for an open descriptor, as /dev/stdout does. The links they are have a text, but it is no path: it
/// names a pipe as "pipe:[123]", a file that was removed as "/tmp/a (deleted)", and an open one without its position.
#pragma once

#include <filesystem>
#include <optional>

#include "open_file.hpp"

namespace io {

/// "." for a mere name.
std::filesystem::path directory_of(const std::filesystem::path& path);

/// Whether it is a link that the system answers for itself, whatever its text: one in /proc.
bool is_link_of_system(const std::filesystem::path& path);

/// Where a chain of symbolic links ends, or meets a link of the system's. The last one may point to nothing yet.
/// (Of circles, only those that fs::status has not refused.)
std::filesystem::path follow_links(std::filesystem::path path);

/// The descriptor that /dev/fd/N, /proc/self/fd/N or /proc/PID/fd/N names, once links are followed: a copy, which shares
/// its position. Nothing for another path, nor for a pipe or device of another process that keeps its descriptors to
/// itself: opening the path gives the same. Throws std::system_error for one that is not open, and for a file of such a
/// process, whose position cannot be known.
std::optional<open_file> named_descriptor(const std::filesystem::path& path);

}  // namespace io
