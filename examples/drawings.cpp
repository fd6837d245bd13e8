// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "drawings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <stdexcept>
#include <string_view>

#include "svg.hpp"

namespace drawings {
namespace {

using palette_view = lloyd::image_view<const std::uint8_t, 3>;

/// Corners as SVG path data in few bytes: each step is relative to the last corner, with h and v along the axes, and l
/// elsewhere.
class path_data {
public:
    void add(std::span<const lloyd::corner> corners, bool closed) {
        step('m', corners[0]);
        last_letter_ = 'l';  // what follows m without a letter is l
        for (const auto& next : corners.subspan(1)) step(next.y == last_.y ? 'h' : next.x == last_.x ? 'v' : 'l', next);
        if (!closed) return;
        text_ += last_letter_ = 'z';
        last_ = corners[0];
    }

    const std::string& text() const { return text_; }

private:
    void step(char letter, lloyd::corner to) {
        if (letter != last_letter_) text_ += last_letter_ = letter;
        if (letter != 'v') number(to.x - last_.x);
        if (letter != 'h') number(to.y - last_.y);
        last_ = to;
    }

    void number(std::int32_t value) {
        if (value >= 0 && text_.back() <= '9') text_ += ' ';  // letters are above digits
        std::array<char, 12> digits;
        text_.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
    }

    std::string text_;
    lloyd::corner last_;
    char last_letter_ = 0;
};

std::string hex_of(std::int32_t label, palette_view palette) {
    if (label < 0 || label >= palette.width())
        throw std::invalid_argument("drawings: label " + std::to_string(label) + " is not in a palette of " +
                                    std::to_string(palette.width()) + " colours");
    const auto color = palette(label, 0);
    return svg::hex({color[0], color[1], color[2]});
}

/// How large the rows of swatches are, and the lines.
std::string rules_for(double row, double line) {
    return ".lloyd .border { fill: none; stroke: #1f2328; stroke-linejoin: round; stroke-width: " + svg::number(line) +
           "; }\n.lloyd text.name { font-size: " + svg::number(0.6 * row) + "px; }\n";
}

}  // namespace

std::string of_shapes(const frame& what, std::span<const lloyd::outline> shapes, palette_view palette) {
    const auto width = std::to_string(what.width), height = std::to_string(what.height);
    const auto title = svg::escaped(what.title);
    std::string text = R"(<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label=")" + title + R"(" width=")" +
                       width + R"(" height=")" + height + R"(" viewBox="0 0 )" + width + " " + height +
                       R"(" fill-rule="evenodd" shape-rendering="crispEdges">)" + "\n<title>" + title + "</title>\n";
    for (const auto& [label, rings] : shapes) {
        path_data data;
        for (const auto& ring : rings) data.add(ring, true);
        text.append("<path fill=\"").append(hex_of(label, palette)).append("\" d=\"").append(data.text());
        text += "\"/>\n";
    }
    return text + "</svg>\n";
}

std::string of_lines(const frame& what, std::span<const lloyd::border> borders, palette_view palette) {
    path_data data;
    std::set<std::int32_t> labels;
    for (const auto& [left, right, closed, corners] : borders) {
        data.add(corners, closed);
        labels.insert({left, right});
    }
    labels.erase(-1);

    const auto width = static_cast<double>(what.width), height = static_cast<double>(what.height);
    const auto longer = std::max(width, height), count = static_cast<double>(labels.size());
    const auto row = std::max(std::min(longer / 32, height / std::max(count, 1.0)), 20.0);
    const auto margin = row / 2;
    svg::drawing drawing(width + 5 * row + 2 * margin, std::max(height, count * row) + 2 * margin, what.title);
    drawing.style(rules_for(row, std::max(longer / 1500, 1.0)), ".lloyd .border { stroke: #e6edf3; }\n");
    drawing.path(data.text(), {margin, margin}, "border");
    svg::point at = {margin + width + margin, margin};
    for (const auto label : labels) {
        const auto color = hex_of(label, palette);
        drawing.rectangle(at, {0.8 * row, 0.8 * row}, "soft", color);
        drawing.text({at.x + row, at.y + 0.6 * row}, color, "name number");
        at.y += row;
    }
    return drawing.str();
}

}  // namespace drawings
