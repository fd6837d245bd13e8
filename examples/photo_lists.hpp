// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Lists of photos: the paths to read, and the path to write each one to.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "json.hpp"
#include "program.hpp"

namespace io {

struct photo_paths {
    std::filesystem::path from, to;
};

inline json::value as_json(const photo_paths& photo) {
    return json::object{{"input", cli::given(photo.from)}, {"output", photo.to.string()}};
}

/// The photos that `paths` name, in that order. A directory stands for the pictures in it, sorted by name, without hidden
/// ones (.a.jpg) and without subdirectories. Throws cli::failure (unreadable) if a directory cannot be read, and (usage) if
/// there are no photos.
std::vector<std::filesystem::path> find_photos(const std::vector<std::filesystem::path>& paths);

/// The same photos, and where what is made of them is written. That is written into `directory`, under the name of the
/// photo without its extension and with each of `endings`; the first of these is `to`.
/// Throws as find_photos does, and cli::failure (usage) if two photos would be written to the same path, or if one would
/// overwrite a photo that is read.
std::vector<photo_paths> list_photos(const std::vector<std::filesystem::path>& paths,
                                     const std::filesystem::path& directory,
                                     const std::vector<std::string>& endings = {".png"});

}  // namespace io
