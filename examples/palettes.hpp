// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Palettes as lines of text, as JSON, and as files that other programs read.
///
///     const palettes::palette colors = palettes::of(segments);
///     palettes::print(colors, out);
///     palettes::write("mountain.gpl", colors, "mountain.jpg in 5 colours");
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <lloyd/image.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment_options.hpp>

#include "json.hpp"
#include "report.hpp"

namespace palettes {

/// Colours in one row, with the share of each. Owned by somebody else.
struct palette {
    lloyd::image_view<const std::uint8_t, 3> colors;
    std::span<const double> shares;  ///< 0 to 1
    int fixed = 0;                   ///< how many of the first colours are fixed
};

inline palette of(const lloyd::segmentation& segments) { return {segments.palette, segments.shares, segments.fixed}; }

/// Colours from the largest share to the smallest.
struct ordered_colors {
    lloyd::image<std::uint8_t, 3> colors;
    std::vector<double> shares;

    palette all() const { return {colors, shares}; }
};

/// The centers, rounded, and their shares of all weight.
ordered_colors by_share(const lloyd::kmeans_result<3>& result);

/// Adds one line for each colour: #rrggbb, the share, and whether the colour is fixed. On a terminal with 16 million colours
/// (COLORTERM is truecolor or 24bit) the line begins with a swatch of the colour, unless NO_COLOR has a value.
void print(const palette& all, cli::report& to);

/// An array of {"hex", "rgb", "share", "fixed"}.
json::value as_json(const palette& all);

/// Throws cli::failure, (usage) unless the extension is one that `write` knows, and (unwritable) as io::require_writable does.
void require_writable(const std::filesystem::path& path);

/// Writes a palette. The extension selects the format:
///     .gpl   a palette of GIMP, Inkscape and Krita, with `name` (any bytes) and the share of each colour
///     .json  {"name", "palette"}, where the palette is as_json()
///     .png   a square of 32×32 pixels for each colour, from left to right
/// Throws as io::write_file does. `path` has passed require_writable.
void write(const std::filesystem::path& path, const palette& all, const std::string& name);

}  // namespace palettes
