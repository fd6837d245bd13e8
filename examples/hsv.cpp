// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// hsv: hue, saturation and value of a photo, side by side.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include <lloyd/color.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "program.hpp"

namespace {

using image = lloyd::image<std::uint8_t, 3>;

struct settings {
    std::string photo = LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg";
    std::string output = "hsv.png";
    int megapixels = io::default_megapixels;
};

bool parse(int argc, char** argv, settings& s) {
    cli::command_line line("hsv", "Shows the hue, as a pure colour, the saturation and the value of a photo.");
    line.positional("photo", s.photo, "PNG, JPEG, BMP or PNM (a bundled one)");
    line.option("-o", s.output, "the picture to write: .png, .jpg, .bmp or .ppm");
    line.option("--max-pixels", s.megapixels, 1, 1024, "the largest photo to accept, in millions of pixels");
    return line.parse(argc, argv);
}

/// The three pictures with white between them. Where there is no colour at all, the hue is shown as gray.
image side_by_side(const image& photo) {
    const auto hsv = lloyd::rgb_to_hsv(photo);
    const auto width = photo.width(), height = photo.height(), gap = std::max<std::ptrdiff_t>(width / 64, 2);
    image all(3 * width + 2 * gap, height);
    std::ranges::fill(all.elements(), std::uint8_t{255});
    const auto hues = all.crop(0, 0, width, height);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x) {
            const auto [hue, saturation, value] = std::array{hsv(x, y)[0], hsv(x, y)[1], hsv(x, y)[2]};
            const bool is_gray = saturation == 0;
            std::ranges::copy(std::array<std::uint8_t, 3>{hue, static_cast<std::uint8_t>(is_gray ? 0 : 255),
                                                          static_cast<std::uint8_t>(is_gray ? 128 : 255)},
                              hues(x, y).begin());
            std::ranges::fill(all(width + gap + x, y), saturation);
            std::ranges::fill(all(2 * (width + gap) + x, y), value);
        }
    lloyd::hsv_to_rgb(hues, hues);
    return all;
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    io::require_writable_picture(s.output);
    const auto photo = io::read_rgb(s.photo, s.megapixels);
    io::write(s.output, side_by_side(photo));
    std::printf("%s\n", s.output.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("hsv", [&] { run(argc, argv); });
}
