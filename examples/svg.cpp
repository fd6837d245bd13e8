// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "svg.hpp"

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <utility>

#include "printable.hpp"

namespace svg {
namespace {

constexpr std::string_view common_rules = R"(
svg.lloyd { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
.lloyd .paper { fill: #fff; stroke: #d8dee4; }
.lloyd text { fill: #1f2328; }
.lloyd text.soft { fill: #59636e; }
.lloyd text.middle { text-anchor: middle; }
.lloyd text.end { text-anchor: end; }
.lloyd text.large { font-size: 16px; }
.lloyd text.bold { font-weight: 600; }
.lloyd text.number { font-variant-numeric: tabular-nums; }
.lloyd line, .lloyd polyline { fill: none; stroke: #1f2328; stroke-linecap: round; stroke-linejoin: round; }
.lloyd .soft { stroke: #8c959f; }
.lloyd text.soft { stroke: none; }
.lloyd .grid { stroke: #e7ebef; }
)";

constexpr std::string_view common_dark_rules = R"(
.lloyd .paper { fill: #0d1117; stroke: #30363d; }
.lloyd text { fill: #e6edf3; }
.lloyd text.soft { fill: #9198a1; }
.lloyd line, .lloyd polyline { stroke: #e6edf3; }
.lloyd .soft { stroke: #6e7681; }
.lloyd .grid { stroke: #21262d; }
)";

std::string attribute(std::string_view name, std::string_view value) {
    if (value.empty()) return {};
    return std::string(" ").append(name).append("=\"").append(value).append("\"");
}

std::string attribute(std::string_view name, double value) { return attribute(name, number(value)); }

}  // namespace

std::string number(double value) {
    char digits[32];
    const double rounded = std::round(value * 100) / 100 + 0.0;  // + 0.0 turns −0 into 0
    return {digits, static_cast<std::size_t>(std::snprintf(digits, sizeof digits, "%.12g", rounded))};
}

std::string escaped(std::string_view text) {
    std::string result;
    for (const char letter : cli::valid_utf8(text)) {
        switch (letter) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            default: result += letter;
        }
    }
    return result;
}

std::string hex(const std::array<std::uint8_t, 3>& color) {
    std::string result = "#";
    for (const unsigned channel : color)
        for (const unsigned digit : {channel / 16, channel % 16}) result += "0123456789abcdef"[digit];
    return result;
}

drawing::drawing(double width, double height, std::string title)
    : width_(width), height_(height), title_(std::move(title)) {
    rectangle({0.5, 0.5}, {width - 1, height - 1}, "paper", {}, 8);
}

void drawing::style(std::string_view rules, std::string_view dark) {
    rules_ += rules;
    dark_rules_ += dark;
}

void drawing::line(point from, point to, std::string_view classes) {
    body_ += "<line" + attribute("class", classes) + attribute("x1", from.x) + attribute("y1", from.y) +
             attribute("x2", to.x) + attribute("y2", to.y) + "/>\n";
}

void drawing::shape(std::string_view name, const std::vector<point>& points, std::string_view classes) {
    std::string list;
    for (const auto& [x, y] : points) list.append(list.empty() ? "" : " ").append(number(x) + "," + number(y));
    body_.append("<").append(name).append(attribute("class", classes) + attribute("points", list) + "/>\n");
}

void drawing::polyline(const std::vector<point>& points, std::string_view classes) {
    shape("polyline", points, classes);
}

void drawing::polygon(const std::vector<point>& points, std::string_view classes) { shape("polygon", points, classes); }

void drawing::rectangle(point corner, point size, std::string_view classes, std::string_view fill, double radius) {
    body_ += "<rect" + attribute("class", classes) + attribute("x", corner.x) + attribute("y", corner.y) +
             attribute("width", size.x) + attribute("height", size.y) + attribute("rx", radius) +
             attribute("fill", fill) + "/>\n";
}

void drawing::circle(point center, double radius, std::string_view classes, std::string_view fill) {
    body_ += "<circle" + attribute("class", classes) + attribute("cx", center.x) + attribute("cy", center.y) +
             attribute("r", radius) + attribute("fill", fill) + "/>\n";
}

void drawing::path(std::string_view data, point origin, std::string_view classes) {
    const auto move = "translate(" + number(origin.x) + " " + number(origin.y) + ")";
    body_ += "<path" + attribute("class", classes) + attribute("transform", move) + attribute("d", data) + "/>\n";
}

void drawing::text(point at, std::string_view words, std::string_view classes) {
    body_ += "<text" + attribute("class", classes) + attribute("x", at.x) + attribute("y", at.y) + ">" +
             escaped(words) + "</text>\n";
}

void drawing::climbing_text(point at, std::string_view words, std::string_view classes) {
    const auto turn = "translate(" + number(at.x) + " " + number(at.y) + ") rotate(-90)";
    body_ += "<text" + attribute("class", classes) + attribute("transform", turn) + ">" + escaped(words) + "</text>\n";
}

std::string drawing::str() const {
    const auto width = number(width_), height = number(height_), title = escaped(title_);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"lloyd\" role=\"img\"" + attribute("aria-label", title) +
           attribute("width", width) + attribute("height", height) +
           attribute("viewBox", "0 0 " + width + " " + height) + ">\n<title>" + title + "</title>\n<style>" +
           std::string(common_rules) + rules_ + "@media screen and (prefers-color-scheme: dark) {" +
           std::string(common_dark_rules) + dark_rules_ + "}\n</style>\n" + body_ + "</svg>\n";
}

}  // namespace svg
