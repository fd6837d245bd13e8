// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of finding one palette for many photos, whether one process takes them all or many share them.
#pragma once

#include <string>
#include <vector>

#include <lloyd/kmeans.hpp>

#include "image_io.hpp"
#include "photo_lists.hpp"

namespace common_palette {

struct settings {
    std::vector<std::string> photos;
    std::string directory = "palette";
    int megapixels = io::default_megapixels;
    int k = 8;
    lloyd::kmeans_options kmeans = {.attempts = 5, .threads = 0};
};

/// False when help was asked for and printed. Throws cli::failure (usage).
bool parse(const char* program, int argc, char** argv, settings& s);

/// Adds the colours of a photo, as often as they can be seen in it.
void count(const io::photo_paths& photo, lloyd::color_histogram<3>& colors, const settings& s);

/// The palette of all that was counted. Throws cli::failure (usage) when there are fewer than k colours, and (unreadable)
/// when there are none.
lloyd::kmeans_result<3> find(const lloyd::color_histogram<3>& colors, const settings& s);

/// Writes a photo with each pixel in the nearest colour of the palette.
void paint(const io::photo_paths& photo, const lloyd::image<double, 3>& palette, const settings& s);

/// One colour a line, from the largest share of all pixels down.
void print(const lloyd::kmeans_result<3>& palette);

}  // namespace common_palette
