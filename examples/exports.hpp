// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What `segment` and `vectorize` give to other programs: a palette, labels, and figures as JSON.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <lloyd/segment_options.hpp>

#include "command_line.hpp"
#include "json.hpp"
#include "segment_request.hpp"
#include "segment_steps.hpp"

namespace segment_steps {

/// Paths are empty if nothing is written.
struct exports {
    std::string palette;  ///< see palettes::write
    std::string labels;   ///< a gray PNG of 8 bits: the label of each pixel, or no_label
    bool json = false;
};

/// The value of a pixel that does not count: its weight is 0.
inline constexpr std::uint8_t no_label = 255;

/// Declares the options --palette and --json.
void declare(cli::command_line& line, exports& wanted);

/// Checks the paths of all inputs and outputs before any work. Throws cli::failure.
void check(const exports& wanted, const request& of, const std::filesystem::path& output);

/// Throws cli::failure (usage) for labels of 256 segments if a pixel does not count, because all values are labels then.
void check(const exports& wanted, const request& of, const weighted_picture& picture);

/// Writes what is wanted.
void write(const exports& wanted, const request& of, const weighted_picture& picture,
           const lloyd::segmentation& segments);

/// Prints which files are written.
void print_written(const exports& wanted, const std::filesystem::path& output);

/// The figures of a photo and its segments. docs/json.md lists the keys.
json::object figures_of(const request& of, const weighted_picture& picture, const lloyd::segmentation& segments);

}  // namespace segment_steps
