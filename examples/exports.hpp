// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What `segment` and `vectorize` give to other programs: a palette, labels, and figures as JSON.
#pragma once

#include <cstdint>
#include <filesystem>

#include <lloyd/segment_options.hpp>

#include "command_line.hpp"
#include "json.hpp"
#include "segment_request.hpp"
#include "segment_steps.hpp"

namespace segment_steps {

/// Paths are empty if nothing is written.
struct exports {
    std::filesystem::path palette;  ///< see palettes::write
    std::filesystem::path labels;   ///< a gray PNG of 8 bits: the label of each pixel, or no_label
};

/// The value of a pixel that does not count: its weight is 0.
inline constexpr std::uint8_t no_label = 255;

/// Declares the option --palette.
void declare(cli::command_line& line, exports& wanted);

/// Checks the paths before any work. Throws cli::failure, also if several photos would be written to one file.
void check(const exports& wanted, const request& of);

/// Throws cli::failure (usage) for labels of 256 segments if a pixel does not count, because all values are labels then.
void check(const exports& wanted, const request& of, const weighted_picture& picture);

/// Writes what is wanted.
void write(const exports& wanted, const photos::job& photo, const weighted_picture& picture,
           const lloyd::segmentation& segments);

/// Adds the lines "written" for what is wanted.
void print_written(const exports& wanted, cli::report& to);

/// The figures of a picture and its segments. docs/json.md lists the keys.
json::object figures_of(const weighted_picture& picture, const lloyd::segmentation& segments);

}  // namespace segment_steps
