// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of finding one palette for many photos, in one process or in many.
#pragma once

#include <filesystem>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/kmeans.hpp>

#include "image_io.hpp"
#include "photo_lists.hpp"
#include "stopwatch.hpp"
#include "visible_pixels.hpp"

namespace common_palette {

struct settings {
    std::vector<std::filesystem::path> photos;
    std::filesystem::path directory = "palette";
    int megapixels = io::default_megapixels;
    int k = 8;
    bool json = false;                        ///< whether to print JSON
    std::filesystem::path palette_file = {};  ///< empty: none
    lloyd::kmeans_options kmeans = {.attempts = 5, .threads = 0};
};

/// Returns false if the words contain --help, and the help is printed. Throws cli::failure (usage).
bool parse(const char* program, int argc, char** argv, settings& s);

/// Checks the file of the palette before any work. Throws cli::failure.
void require_outputs(const std::vector<io::photo_paths>& photos, const settings& s);

/// The visible pixels of a photo.
pictures::visible_pixels read(const io::photo_paths& photo, const settings& s);

/// The palette of all counted colours. Throws cli::failure (usage) if there are fewer than k colours, and (unreadable) if
/// there are none.
lloyd::kmeans_result<3> find(const lloyd::color_histogram<3>& colors, const settings& s);

/// Writes a photo in which each pixel has the nearest colour of the palette.
void paint(const io::photo_paths& photo, const lloyd::image<double, 3>& palette, const settings& s);

/// Writes the palette if the settings name a file for it. Prints one colour per line, from the largest share of all pixels to
/// the smallest, the compactness, the times, and the paths written; or all as JSON.
void report(const lloyd::kmeans_result<3>& result, const std::vector<io::photo_paths>& photos,
            const cli::stopwatch& times, const settings& s);

}  // namespace common_palette
