// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// gallery: a page that shows, step by step, what the library does with a photo.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>
#include <system_error>

#include "command_line.hpp"
#include "files.hpp"
#include "gallery_story.hpp"
#include "image_io.hpp"
#include "printable.hpp"
#include "program.hpp"
#include "visible_pixels.hpp"

namespace {

struct settings {
    std::string photo = LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg";
    std::string directory = "gallery";
    int megapixels = io::default_megapixels;
    std::uint64_t seed = 0;
};

bool parse(int argc, char** argv, settings& s) {
    cli::command_line line("gallery", "Writes a page that shows, step by step, what the library does with a photo.");
    line.positional("photo", s.photo, "a PNG, JPEG, BMP or PNM file (default: the bundled mountain-768.jpg)");
    line.option("-o", s.directory, "the directory for index.html; created if it is missing");
    line.option("--max-pixels", s.megapixels, 1, 1024, "the largest number of pixels in a photo, in millions");
    line.option("--seed", s.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same colours");
    if (!line.parse(argc, argv)) return false;
    io::require_directory_name(s.directory);
    return true;
}

/// The credit of a bundled photo, which its licence requires. "" for other photos.
std::string credit_of(const std::filesystem::path& photo) {
    constexpr const char* credits[][2] = {{LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg", "Aitzol Berasategi"},
                                          {LLOYD_EXAMPLE_DATA_DIR "/brushes-683.jpg", "Trevor “Freespace”"}};
    std::error_code ignored;
    for (const auto& [path, author] : credits)
        if (std::filesystem::equivalent(photo, path, ignored))
            return "Photograph: " + std::string(author) + ", 2018, CC BY 4.0";
    return {};
}

/// The way from a directory to the docs, if it lies in the source tree, where links lead somewhere; else "".
std::string docs_from(const std::filesystem::path& directory) {
    std::error_code ignored;
    const auto root = std::filesystem::weakly_canonical(LLOYD_EXAMPLE_DATA_DIR "/../..", ignored);
    const auto from = std::filesystem::weakly_canonical(std::filesystem::absolute(directory, ignored), ignored);
    const auto within = from.lexically_relative(root);
    if (root.empty() || within.empty() || *within.begin() == "..") return {};
    return (root / "docs").lexically_relative(from).generic_string() + "/";
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    const auto path = (std::filesystem::path(s.directory) / "index.html").lexically_normal();
    const auto photo = gallery::with_time([&] { return io::read(s.photo, s.megapixels); });
    const pictures::visible_pixels pixels(photo.value);
    pictures::require_visible(pixels, s.photo);
    const auto on_white = pictures::on_white(photo.value);
    io::make_directory(s.directory);
    io::require_writable(path);

    const auto html = gallery::tell({.picture = on_white,
                                     .pixels = pixels,
                                     .name = std::filesystem::path(s.photo).filename().string(),
                                     .credit = credit_of(s.photo),
                                     .reading_milliseconds = photo.milliseconds,
                                     .seed = s.seed,
                                     .docs = docs_from(s.directory)});
    io::write_file(path, html);
    std::printf("%s\n", cli::printable(path.string()).c_str());
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("gallery", [&] { run(argc, argv); });
}
