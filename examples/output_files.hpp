// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Checks of a program that writes several files, or whose stdout other programs read.
#pragma once

#include <filesystem>
#include <vector>

namespace io {

/// One path for all ways to name a file, which may not exist. Symbolic links are followed.
std::filesystem::path place_of(const std::filesystem::path& path);

/// Throws cli::failure (usage) if two outputs are one file, or if an output is also read. Symbolic links are followed. A file may
/// have any number of hard links, since write_file replaces only one of them. Devices such as /dev/null may be named twice.
/// Empty paths are skipped.
void require_apart(const std::vector<std::filesystem::path>& inputs, const std::vector<std::filesystem::path>& outputs);

/// Throws cli::failure (usage) if an output is what stdout writes to, because JSON on stdout must stand alone.
void require_free_stdout(const std::vector<std::filesystem::path>& outputs);

}  // namespace io
