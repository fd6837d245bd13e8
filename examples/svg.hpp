// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A drawing as SVG text that stands alone: on white paper, or on dark paper where its reader prefers that.
///
///     svg::drawing drawing(760, 400, "A curve");
///     drawing.line({10, 10}, {90, 50}, "grid");
///     drawing.text({50, 70}, "middle", "label middle");
///     io::write_file("curve.svg", drawing.str());
///
/// Elements are styled by class: ink, soft (text and lines), grid, accent (lines), paint (filled with an own colour),
/// outline (lines in the colour of the paper); for text also middle and end (how it hangs), large, bold and number.
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

/// With at most two digits after the point, and no more than it needs.
std::string number(double value);

/// Any bytes as text of XML: & < > " as it wants them, and what it forbids as U+FFFD (see cli::valid_utf8).
std::string escaped(std::string_view text);

/// #rrggbb
std::string hex(const std::array<std::uint8_t, 3>& color);

class drawing {
public:
    /// `title` says what is to be seen, to those who cannot see it.
    drawing(double width, double height, std::string title);

    /// Rules for classes of its own; `dark` replaces them on dark paper.
    void style(std::string_view rules, std::string_view dark = {});

    void line(point from, point to, std::string_view classes);
    void polyline(const std::vector<point>& points, std::string_view classes);
    void polygon(const std::vector<point>& points, std::string_view classes);
    void rectangle(point corner, point size, std::string_view classes, std::string_view fill = {}, double radius = 0);
    void circle(point center, double radius, std::string_view classes, std::string_view fill = {});
    void text(point at, std::string_view words, std::string_view classes);
    /// Text that climbs from below.
    void climbing_text(point at, std::string_view words, std::string_view classes);

    /// The whole file.
    std::string str() const;

private:
    void shape(std::string_view name, const std::vector<point>& points, std::string_view classes);

    double width_, height_;
    std::string title_, rules_, dark_rules_, body_;
};

}  // namespace svg
