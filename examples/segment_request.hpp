// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What `segment` and `vectorize` share: their options, and the way to segments without small regions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <lloyd/image.hpp>
#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "segment_steps.hpp"

namespace segment_steps {

/// How to segment one photo.
struct request {
    std::string photo = LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg";
    std::string mask;
    int k = 3;
    int smallest = 1;  ///< regions of fewer pixels are merged
    int megapixels = io::default_megapixels;
    alpha_use alpha = alpha_use::weigh;
    lloyd::image<std::uint8_t, 3> fixed;
    lloyd::segment_options options = {.kmeans = {.attempts = 5, .threads = 0}};
};

/// Declares the photo, -k and -o, with what -o means.
void declare_files(cli::command_line& line, request& wanted, std::string& output, std::string help);

/// Declares all other options of a request.
void declare_options(cli::command_line& line, request& wanted);

/// Throws cli::failure (usage) if there are more fixed colours than k.
void check(const request& wanted);

/// Reads the photo with the weights of its pixels, of alpha and mask. Throws as segment_steps::read and apply_mask do.
weighted_picture read(const request& wanted);

/// The segments of the picture. Shows the progress on a terminal.
lloyd::segmentation segments_of(const weighted_picture& picture, const request& wanted);

/// How many regions the labels had before small ones were merged, and have after.
struct region_counts {
    std::size_t before, after;
};

/// Merges regions of fewer than `smallest` pixels into their neighbours, and measures palette, shares and compactness
/// anew. Invisible pixels are in no region and keep their labels.
region_counts merge_small_regions(lloyd::segmentation& segments, const weighted_picture& picture, int smallest);

void print(const region_counts& regions, int smallest);

/// {"before", "after"}
inline json::value as_json(const region_counts& regions) {
    return json::object{{"before", regions.before}, {"after", regions.after}};
}

}  // namespace segment_steps
