// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "gallery_page.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <utility>

#include "gallery_assets.hpp"
#include "svg.hpp"
#include "thumbnails.hpp"

namespace gallery {
namespace {

/// With this policy the browser loads nothing from outside: it may use only what is in the page.
constexpr std::string_view policy =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

std::string join(std::initializer_list<std::string_view> parts) {
    std::string all;
    for (const auto part : parts) all += part;
    return all;
}

/// An attribute of a tag; nothing if its value is empty.
std::string attribute(std::string_view name, std::string_view value) {
    return value.empty() ? std::string() : join({" ", name, "=\"", value, "\""});
}

}  // namespace

std::string fixed(double value, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

std::string grouped(std::ptrdiff_t number) {
    auto text = std::to_string(number);
    for (auto place = text.size(); place > 3;) text.insert(place -= 3, 1, ',');
    return text;
}

std::string duration(double milliseconds) {
    constexpr const char* space = "\u00a0";  // number and unit stay on one line
    if (milliseconds >= 999.5) return fixed(milliseconds / 1000, 1) + space + "s";
    return fixed(milliseconds, milliseconds < 0.995 ? 2 : milliseconds < 9.95 ? 1 : 0) + space + "ms";
}

std::string hex_of(std::span<const std::uint8_t> color) { return svg::hex({color[0], color[1], color[2]}); }

std::string image_tag(const lloyd::image<std::uint8_t>& picture, std::string_view alt, std::string_view classes) {
    const auto width = std::to_string(picture.width()), height = std::to_string(picture.height());
    return join({"<img", attribute("class", classes), attribute("width", width), attribute("height", height),
                 attribute("alt", svg::escaped(alt)), attribute("src", web::data_uri(picture)), ">"});
}

std::string shared_picture(std::string_view id, const lloyd::image<std::uint8_t>& picture, std::ptrdiff_t width,
                           std::ptrdiff_t height, std::string_view alt) {
    const auto w = std::to_string(width), h = std::to_string(height);
    return join({"<svg viewBox=\"0 0 ", w, " ", h, "\" role=\"img\" aria-label=\"", svg::escaped(alt), "\"><image",
                 attribute("id", id), attribute("width", w), attribute("height", h),
                 " preserveAspectRatio=\"none\" href=\"", web::data_uri(picture), "\"/></svg>"});
}

std::string same_picture(std::string_view id, window part, std::string_view alt) {
    const auto number = [](std::ptrdiff_t value) { return std::to_string(value) + " "; };
    return join({"<svg viewBox=\"", number(part.x), number(part.y), number(part.width), std::to_string(part.height),
                 "\" role=\"img\" aria-label=\"", svg::escaped(alt), "\"><use href=\"#", id, "\"/></svg>"});
}

std::string figure(std::string_view content, std::string_view caption, std::string_view classes) {
    return join({"<figure", attribute("class", classes), ">\n", content, "\n<figcaption>", caption,
                 "</figcaption>\n</figure>\n"});
}

std::string lines_of(std::string_view step) {
    const auto name = join({"// step: ", step, "\n"});
    const auto found = code_hpp.find(name);
    if (found == code_hpp.npos) throw std::invalid_argument("no step " + std::string(step) + " in code.hpp");
    const auto begin = found + name.size();
    auto rest = code_hpp.substr(begin, code_hpp.find("// step: ", begin) - begin);
    std::string lines;
    while (rest.find_first_not_of(" \n") != rest.npos) {
        const auto line = rest.substr(0, rest.find('\n'));
        lines.append(line.substr(std::min(line.find_first_not_of(' '), line.size()))).append("\n");
        rest.remove_prefix(line.size() + 1);
    }
    return lines;
}

page::page(std::string title, std::string description, std::string docs)
    : title_(svg::escaped(title)), description_(svg::escaped(description)), docs_(svg::escaped(docs)) {}

void page::section(std::string_view id, std::string_view heading) {
    const auto text = svg::escaped(heading);
    if (!body_.empty()) body_ += "</section>\n";
    contents_ += join({"<li><a href=\"#", id, "\">", text, "</a></li>\n"});
    body_ += join({"<section id=\"", id, "\" aria-labelledby=\"", id, "-heading\">\n<h2 id=\"", id, "-heading\">", text,
                   "</h2>\n"});
}

void page::add(std::string_view html) { (body_.empty() ? opening_ : body_) += html; }

void page::code(std::string_view step, std::string_view more) {
    const auto name = join({"<code>docs/", more, "</code>"});
    const auto where = docs_.empty() ? name : join({"<a href=\"", docs_, more, "\">", name, "</a>"});
    std::string text;
    const auto lines = lines_of(step);
    for (std::size_t at = 0; at < lines.size(); at = lines.find('\n', at) + 1)
        text += svg::escaped(lines.substr(at, lines.find('\n', at) - at)) + "\n";
    add(figure(join({"<pre tabindex=\"0\"><code>", text, "</code></pre>"}), join({"This step in C++. More in ", where}),
               "code"));
}

void page::footer(std::string_view html) { footer_ += html; }

std::string page::str() const {
    return join({"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"",
                 policy,
                 "\">\n",
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
                 "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"description\" content=\"",
                 description_,
                 "\">\n<title>",
                 title_,
                 "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n",
                 page_css,
                 "</style>\n</head>\n<body>\n<header>\n<h1>",
                 title_,
                 "</h1>\n<p class=\"lead\">",
                 description_,
                 "</p>\n",
                 opening_,
                 "<nav aria-label=\"Contents\">\n<ol>\n",
                 contents_,
                 "</ol>\n</nav>\n</header>\n<main>\n",
                 body_,
                 body_.empty() ? "" : "</section>\n",
                 "</main>\n<footer>\n",
                 footer_,
                 "</footer>\n<script>\n",
                 cloud_js,
                 slider_js,
                 "</script>\n</body>\n</html>\n"});
}

}  // namespace gallery
