// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// hsv: hue, saturation and value of photos, side by side.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/color.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "photo_jobs.hpp"
#include "pictures.hpp"
#include "program.hpp"
#include "visible_pixels.hpp"

namespace {

using pictures::rgb_image;

/// The three pictures with white between them. Throws cli::failure (unwritable) if the sheet takes more than 1 GiB.
rgb_image side_by_side(const rgb_image& photo) {
    const auto hsv = lloyd::rgb_to_hsv(photo);
    const auto width = photo.width(), height = photo.height(), gap = std::max<std::ptrdiff_t>(width / 64, 2);
    auto all = pictures::white_sheet(3 * width + 2 * gap, height);
    const auto place = [&](std::ptrdiff_t i) { return all.crop(i * (width + gap), 0, width, height); };
    pictures::paste(pictures::hue_picture(hsv), place(0));
    pictures::paste(lloyd::select_channels<1>(hsv), place(1));
    pictures::paste(lloyd::select_channels<2>(hsv), place(2));
    return all;
}

void run(int argc, char** argv) {
    photos::request files{.output = "hsv.png"};
    cli::command_line line("hsv", "Shows the hue, as a pure colour, the saturation and the value of photos.");
    files.declare(line, "the picture to write: .png, .jpg, .bmp or .ppm");
    json::declare(line, files.json);
    files.declare_limits(line);
    if (!line.parse(argc, argv)) return;
    photos::for_each(files, [&](photos::job& photo) {
        const auto picture = pictures::on_white(io::read(photo.from, files.megapixels));
        photo.begin("converting", 0.4);
        const auto sheet = side_by_side(picture);
        io::write(photo.begin_writing(), sheet);
        if (files.json) return photo.print_json({{"width", picture.width()}, {"height", picture.height()}});
        photo.print_heading();
        photo.print_end();
    });
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("hsv", [&] { run(argc, argv); });
}
