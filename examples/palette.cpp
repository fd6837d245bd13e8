// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// palette: recolours many photos with one common palette, with one photo in memory at a time.

#include <lloyd/color_histogram.hpp>

#include "common_palette.hpp"
#include "files.hpp"
#include "photo_lists.hpp"
#include "program.hpp"

namespace {

void run(int argc, char** argv) {
    common_palette::settings s;
    if (!common_palette::parse("palette", argc, argv, s)) return;
    const auto photos = io::list_photos(s.photos, s.directory);
    common_palette::require_outputs(photos, s);

    lloyd::color_histogram<3> colors;
    for (const auto& photo : photos) common_palette::count(photo, colors, s);
    const auto palette = common_palette::find(colors, s);

    io::make_directory(s.directory);
    for (const auto& photo : photos) common_palette::paint(photo, palette.centers, s);

    common_palette::report(palette, photos, s);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("palette", [&] { run(argc, argv); });
}
