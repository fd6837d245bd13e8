// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Lists of photos: the paths to read, and the path to write each one to.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "json.hpp"

namespace io {

struct photo_paths {
    std::filesystem::path from, to;
};

inline json::value as_json(const photo_paths& photo) {
    return json::object{{"input", photo.from.string()}, {"output", photo.to.string()}};
}

/// The photos that `words` name, in that order. A directory stands for the pictures in it, sorted by name, without hidden
/// ones (.a.jpg) and without subdirectories. Each photo is written into `directory` as PNG, under its own name.
/// Throws cli::failure (unreadable) if a directory cannot be read, and (usage) if there are no photos, if two would be
/// written to the same path, or if one would overwrite a photo that is read.
std::vector<photo_paths> list_photos(const std::vector<std::string>& words, const std::filesystem::path& directory);

}  // namespace io
