// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What `segment` and `vectorize` share: their options, and the way to segments without small regions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include <lloyd/image.hpp>
#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "json.hpp"
#include "photo_jobs.hpp"
#include "segment_steps.hpp"

namespace segment_steps {

/// Which photos to segment, and how.
struct request {
    photos::request files;
    std::filesystem::path mask = {};
    int k = 3;
    int smallest = 1;  ///< regions of fewer pixels are merged
    alpha_use alpha = alpha_use::weigh;
    lloyd::image<std::uint8_t, 3> fixed = {};
    lloyd::segment_options options = {.kmeans = {.attempts = 5}};
};

/// Declares all options of a request but those of its files.
void declare_options(cli::command_line& line, request& wanted);

/// Throws cli::failure (usage) if there are more fixed colours than k.
void check(const request& wanted);

/// Reads a photo with the weights of its pixels, of alpha and mask. Throws as segment_steps::read and apply_mask do.
weighted_picture read(const photos::job& photo, const request& wanted);

/// Begins the stage "segmenting". Returns the segments of the picture.
lloyd::segmentation segments_of(const weighted_picture& picture, const request& wanted, photos::job& photo);

/// How many regions the labels had before small ones were merged, and have after.
struct region_counts {
    std::size_t before, after;
};

/// Merges regions of fewer than `smallest` pixels into their neighbours, and measures palette, shares and compactness
/// anew. Invisible pixels are in no region and keep their labels.
region_counts merge_small_regions(lloyd::segmentation& segments, const weighted_picture& picture, int smallest);

void print(const region_counts& regions, int smallest, cli::report& to);

/// {"before", "after"}
inline json::value as_json(const region_counts& regions) {
    return json::object{{"before", regions.before}, {"after", regions.after}};
}

}  // namespace segment_steps
