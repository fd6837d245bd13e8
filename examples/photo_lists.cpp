// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "photo_lists.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <system_error>

#include "files.hpp"
#include "output_files.hpp"
#include "program.hpp"

namespace io {
namespace {

namespace fs = std::filesystem;

bool looks_like_picture(const fs::path& path) {
    constexpr std::string_view known[] = {".png", ".jpg", ".jpeg", ".jpe", ".jfif",
                                          ".jif", ".bmp", ".pnm",  ".ppm", ".pgm"};
    const bool is_hidden = path.filename().native().starts_with('.');  // macOS writes one beside each photo: ._a.jpg
    return !is_hidden && std::ranges::count(known, extension_of(path)) > 0;
}

std::vector<fs::path> pictures_in(const fs::path& directory) {
    std::vector<fs::path> found;
    try {
        for (const auto& entry : fs::directory_iterator(directory))
            if (!entry.is_directory() && looks_like_picture(entry.path())) found.push_back(entry.path());
    } catch (const fs::filesystem_error& error) {
        throw cli::failure(cli::unreadable,
                           "cannot read " + directory.string() + ": " + error.code().message() + "; check the path");
    }
    std::ranges::sort(found);
    return found;
}

}  // namespace

std::vector<fs::path> find_photos(const std::vector<fs::path>& paths) {
    std::vector<fs::path> photos;
    for (const auto& path : paths) {
        std::error_code ignored;
        const auto found = fs::is_directory(path, ignored) ? pictures_in(path) : std::vector<fs::path>{path};
        photos.insert(photos.end(), found.begin(), found.end());
    }
    if (photos.empty())
        throw cli::failure(cli::usage, "there are no photos; name photos, or a directory that contains photos");
    return photos;
}

std::vector<photo_paths> list_photos(const std::vector<fs::path>& paths, const fs::path& directory,
                                     const std::vector<std::string>& endings) {
    const auto output = [&directory](const fs::path& photo, const std::string& ending) {
        return (directory / photo.stem().concat(ending)).lexically_normal();
    };
    std::vector<photo_paths> photos;
    for (const auto& path : find_photos(paths)) photos.push_back({path, output(path, endings.front())});

    std::set<fs::path> sources;
    for (const auto& photo : photos) sources.insert(place_of(photo.from));
    std::map<fs::path, fs::path> source_of;
    for (const auto& photo : photos)
        for (const auto& ending : endings) {
            const auto to = output(photo.from, ending);
            const auto [other, is_first] = source_of.emplace(place_of(to), photo.from);
            if (!is_first)
                throw cli::failure(cli::usage, cli::given(other->second) + " and " + cli::given(photo.from) +
                                                   " would both be written to " + to.string() + "; rename one of them");
            if (sources.contains(other->first))
                throw cli::failure(cli::usage,
                                   to.string() +
                                       " is one of the photos to read, and would be overwritten; choose another -o");
        }
    return photos;
}

}  // namespace io
