// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A program of ten lines: `hello photo.jpg` writes five-colors.png, the photo in its five main colours.

// [hello]
#include <cstdio>

#include <lloyd/segment.hpp>

#include "image_io.hpp"  // reads and writes files with stb; lloyd itself works on pixels only

int main(int argc, char** argv) {
    return cli::run_main("hello [photo.jpg]", argc, argv, [&] {
        const auto photo = io::read_rgb(argc > 1 ? argv[1] : "photo.jpg");
        const auto segments = lloyd::segment(photo, 5);
        io::write("five-colors.png", lloyd::recolor(segments.labels, segments.palette));
        std::puts("written      five-colors.png");
    });
}
// [hello]
