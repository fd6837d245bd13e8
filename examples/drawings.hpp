// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Outlines and borders of labels as SVG: shapes in the colours of a palette, or lines with the palette beside them.
///
///     const auto borders = lloyd::simplify(lloyd::find_borders(s.labels), 1.0);
///     const drawings::frame frame = {s.labels.width(), s.labels.height(), "A mountain"};
///     io::write_file("shapes.svg", drawings::of_shapes(frame, lloyd::outlines(borders), s.palette));
///     io::write_file("lines.svg", drawings::of_lines(frame, borders, s.palette));
///
/// Each function returns a complete <svg> element, which may also stand within a page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <lloyd/image.hpp>
#include <lloyd/outlines.hpp>

namespace drawings {

/// What a drawing shows.
struct frame {
    std::ptrdiff_t width, height;  ///< of the labels, in pixels
    std::string title;             ///< any bytes, for readers who cannot see the drawing
};

/// One <path> for each shape, in their order, filled by the even-odd rule with the colour palette(label, 0). Where there is
/// no shape, there is nothing. `palette` has one row.
/// No edge is smoothed (shape-rendering is crispEdges), because smoothed edges let the background through between shapes. So
/// the drawing of borders that are not simplified shows the pixels of lloyd::recolor(labels, palette), at its own size and
/// at multiples of it.
/// Throws std::invalid_argument for a label that the palette does not have.
std::string of_shapes(const frame& what, std::span<const lloyd::outline> shapes,
                      lloyd::image_view<const std::uint8_t, 3> palette);

/// All borders as lines, on a white or dark background, and on their right a swatch for each label that occurs, with its
/// colour as text. Throws as of_shapes does.
std::string of_lines(const frame& what, std::span<const lloyd::border> borders,
                     lloyd::image_view<const std::uint8_t, 3> palette);

}  // namespace drawings
