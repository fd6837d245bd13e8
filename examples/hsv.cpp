// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// hsv: hue, saturation and value of a photo, side by side.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include <lloyd/color.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "output_files.hpp"
#include "pictures.hpp"
#include "printable.hpp"
#include "program.hpp"
#include "visible_pixels.hpp"

namespace {

using pictures::rgb_image;

struct settings {
    std::string photo = LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg";
    std::string output = "hsv.png";
    bool json = false;
    int megapixels = io::default_megapixels;
};

bool parse(int argc, char** argv, settings& s) {
    cli::command_line line("hsv", "Shows the hue, as a pure colour, the saturation and the value of a photo.");
    line.positional("photo", s.photo, "a PNG, JPEG, BMP or PNM file (default: the bundled mountain-768.jpg)");
    line.option("-o", s.output, "the picture to write: .png, .jpg, .bmp or .ppm");
    json::declare(line, s.json);
    line.option("--max-pixels", s.megapixels, 1, 1024, "the largest number of pixels in a photo, in millions");
    return line.parse(argc, argv);
}

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
    settings s;
    if (!parse(argc, argv, s)) return;
    io::require_writable_picture(s.output);
    if (s.json) io::require_free_stdout({s.output});
    const auto photo = pictures::on_white(io::read(s.photo, s.megapixels));
    io::write(s.output, side_by_side(photo));
    if (s.json)
        return json::print(json::object{
            {"input", s.photo}, {"output", s.output}, {"width", photo.width()}, {"height", photo.height()}});
    std::printf("%s\n", cli::printable(s.output).c_str());
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("hsv", [&] { run(argc, argv); });
}
