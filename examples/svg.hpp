// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A drawing as a complete SVG file, on a white background, or on a dark one if the reader prefers that.
///
///     svg::drawing drawing(760, 400, "A curve");
///     drawing.line({10, 10}, {90, 50}, "grid");
///     drawing.text({50, 70}, "middle", "label middle");
///     io::write_file("curve.svg", drawing.str());
///
/// Elements have style classes: ink, soft (text and lines), grid, accent (lines), paint (filled with its own colour),
/// outline (lines in the colour of the background). For text there are also middle and end (its anchor), large, bold and
/// number.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace svg {

/// In pixels, from the upper left corner.
struct point {
    double x, y;
};

/// The number with at most two decimals, and without trailing zeros.
std::string number(double value);

/// Any bytes as XML text: & < > " are escaped, and characters that XML forbids become U+FFFD (see cli::valid_utf8).
std::string escaped(std::string_view text);

/// #rrggbb
std::string hex(const std::array<std::uint8_t, 3>& color);

class drawing {
public:
    /// `title` describes the drawing for readers who cannot see it.
    drawing(double width, double height, std::string title);

    /// Adds CSS rules for more classes. `dark` replaces them on a dark background.
    void style(std::string_view rules, std::string_view dark = {});

    void line(point from, point to, std::string_view classes);
    void polyline(const std::vector<point>& points, std::string_view classes);
    void polygon(const std::vector<point>& points, std::string_view classes);
    void rectangle(point corner, point size, std::string_view classes, std::string_view fill = {}, double radius = 0);
    void circle(point center, double radius, std::string_view classes, std::string_view fill = {});
    /// SVG path data, moved so that its origin is at `origin`.
    void path(std::string_view data, point origin, std::string_view classes);
    void text(point at, std::string_view words, std::string_view classes);
    /// Text that runs upwards.
    void climbing_text(point at, std::string_view words, std::string_view classes);

    /// The whole file.
    std::string str() const;

private:
    void shape(std::string_view name, const std::vector<point>& points, std::string_view classes);

    double width_, height_;
    std::string title_, rules_, dark_rules_, body_;
};

}  // namespace svg
