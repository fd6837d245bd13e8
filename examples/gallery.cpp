// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// gallery: a page that shows, step by step, what the library does with a photo.

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <system_error>

#include "command_line.hpp"
#include "files.hpp"
#include "gallery_story.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "photo_jobs.hpp"
#include "program.hpp"
#include "visible_pixels.hpp"

namespace {

struct settings {
    photos::request files{.output = "gallery", .endings = {"/index.html"}, .only_folder = true};
    std::uint64_t seed = 0;
};

bool parse(int argc, char** argv, settings& s) {
    cli::command_line line("gallery", "Writes pages that show, step by step, what the library does with photos.");
    s.files.declare(line,
                    "the folder for index.html, or for a folder for each of several photos; made if it is missing");
    json::declare(line, s.files.json);
    s.files.declare_limits(line);
    line.option("--seed", s.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same colours");
    return line.parse(argc, argv);
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

void write_page(photos::job& photo, const settings& s) {
    if (photo.count == 1) photo.to = (s.files.output / "index.html").lexically_normal();
    const auto directory = photo.to.parent_path();
    if (std::filesystem::exists(directory)) io::require_writable(photo.to);
    const auto picture = gallery::with_time([&] { return io::read(photo.from, s.files.megapixels); });
    photo.begin("drawing", 0.1);
    const pictures::visible_pixels pixels(picture.value);
    pictures::require_visible(pixels, photo.from);
    const auto on_white = pictures::on_white(picture.value);
    const auto html = gallery::tell(
        {.picture = on_white,
         .pixels = pixels,
         .name = photo.from.filename().string(),
         .credit = credit_of(photo.from),
         .reading_milliseconds = picture.milliseconds,
         .seed = s.seed,
         .docs = docs_from(directory),
         .show = [&photo](double share, const char* section) { photo.show(0.1 + 0.85 * share, section); }});
    io::write_file(photo.begin_writing(0.95), html);
    if (s.files.json) return photo.print_json({{"width", on_white.width()}, {"height", on_white.height()}});
    photo.print_heading();
    photo.print_end();
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    photos::for_each(s.files, [&s](photos::job& photo) { write_page(photo, s); });
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("gallery", [&] { run(argc, argv); });
}
