// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "gallery_page.hpp"

#include <cstdio>
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

std::string image_tag(const lloyd::image<std::uint8_t>& picture, std::string_view alt, std::string_view classes) {
    const auto width = std::to_string(picture.width()), height = std::to_string(picture.height());
    return join({"<img class=\"", classes, "\" width=\"", width, "\" height=\"", height, "\" alt=\"", svg::escaped(alt),
                 "\" src=\"", web::data_uri(picture), "\">"});
}

std::string figure(std::string_view content, std::string_view caption, std::string_view classes) {
    return join(
        {"<figure class=\"", classes, "\">\n", content, "\n<figcaption>", caption, "</figcaption>\n</figure>\n"});
}

page::page(std::string title, std::string description)
    : title_(svg::escaped(title)), description_(svg::escaped(description)) {}

void page::section(std::string_view id, std::string_view heading) {
    const auto text = svg::escaped(heading);
    if (!body_.empty()) body_ += "</section>\n";
    contents_ += join({"<li><a href=\"#", id, "\">", text, "</a></li>\n"});
    body_ += join({"<section id=\"", id, "\" aria-labelledby=\"", id, "-heading\">\n<h2 id=\"", id, "-heading\">", text,
                   "</h2>\n"});
}

void page::add(std::string_view html) { (body_.empty() ? opening_ : body_) += html; }

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
                 "</script>\n</body>\n</html>\n"});
}

}  // namespace gallery
