// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Paths that stand for an open descriptor, such as /dev/stdout. They are links, but the text of such a link is not a path:
/// it is "pipe:[123]" for a pipe, "/tmp/a (deleted)" for a removed file, and it lacks the position of an open file.
#pragma once

#include <filesystem>
#include <optional>

#include "open_file.hpp"

namespace io {

/// Whether the path is a link in /proc, which the system follows without using its text.
bool is_link_of_system(const std::filesystem::path& path);

/// The end of a chain of symbolic links, or the first link of the system (is_link_of_system) in it. The end may not exist
/// yet. Call it only after fs::status, which refuses circles of links.
std::filesystem::path follow_links(std::filesystem::path path);

/// A copy of the descriptor that /dev/fd/N, /proc/self/fd/N or /proc/PID/fd/N names, after following links. The copy shares
/// the position of the original. Returns nothing for any other path. Some processes do not let others copy their
/// descriptors. For a pipe or device of such a process it returns nothing, since opening the path gives the same; for a
/// file it throws std::system_error, since the position is unknown. Also throws for a descriptor that is not open.
std::optional<open_file> named_descriptor(const std::filesystem::path& path);

}  // namespace io
