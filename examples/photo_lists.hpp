// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Many photos: which ones are meant, and what each is called when it is written again.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace io {

struct photo_paths {
    std::filesystem::path from, to;
};

/// The photos that words name, in that order: a file is itself; a directory means the pictures in it, by name, but not
/// hidden ones (.a.jpg) nor those in directories below. Each is to be written into `directory` as PNG, under its own name.
/// Throws cli::failure (unreadable) for a directory that cannot be read, and (usage) when there are no photos, when two
/// would be written to one place, or one over a photo that is read.
std::vector<photo_paths> list_photos(const std::vector<std::string>& words, const std::filesystem::path& directory);

}  // namespace io
