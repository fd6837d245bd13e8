// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A page of HTML in one file: it contains its pictures, style and script.
///
///     gallery::page page("A photo", "What it shows.");
///     page.section("colors", "Its colours");
///     page.add("<p>They are many.</p>");
///     page.add(gallery::figure(picture, "A mountain", "The photo"));
///     io::write_file("index.html", page.str());
///
/// Texts are HTML, except where the comment says that a parameter is plain text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lloyd/image.hpp>

namespace gallery {

/// 1234567 as "1,234,567".
std::string grouped(std::ptrdiff_t number);

/// "0.42 ms", "8.3 ms", "127 ms", "2.1 s".
std::string duration(double milliseconds);

/// With `decimals` digits after the point.
std::string fixed(double value, int decimals);

/// An RGB colour as "#rrggbb".
std::string hex_of(std::span<const std::uint8_t> color);

/// An <img> that contains the picture. `alt` is plain text.
std::string image_tag(const lloyd::image<std::uint8_t>& picture, std::string_view alt, std::string_view classes = {});

/// A part of a picture, in pixels.
struct window {
    std::ptrdiff_t x, y, width, height;
};

/// A picture of width×height that same_picture shows again; `picture` is a smaller copy of it. `alt` is plain text.
std::string shared_picture(std::string_view id, const lloyd::image<std::uint8_t>& picture, std::ptrdiff_t width,
                           std::ptrdiff_t height, std::string_view alt);

/// A part of a shared picture, or of any other SVG of this id. It is not in the page a second time.
std::string same_picture(std::string_view id, window part, std::string_view alt);

/// The lines of a step in gallery/code.hpp, without indentation. Throws std::invalid_argument if there is no such step.
std::string lines_of(std::string_view step);

/// Any content with a caption below.
std::string figure(std::string_view content, std::string_view caption, std::string_view classes = {});

class page {
public:
    /// All are plain text. `docs` is the way from the page to the folder of the docs, with a slash at its end; if it is
    /// empty, the page names them without links.
    page(std::string title, std::string description, std::string docs = {});

    /// Begins a section. The table of contents links to it. `heading` is plain text.
    void section(std::string_view id, std::string_view heading);

    /// Adds to the current section. Before the first section, adds above the table of contents.
    void add(std::string_view html);

    /// Adds the C++ lines of a step (gallery/code.hpp), and where the docs say more, as in "canny.md". Throws
    /// std::invalid_argument if there is no such step.
    void code(std::string_view step, std::string_view more);

    /// Adds to the end of the page.
    void footer(std::string_view html);

    /// The whole file.
    std::string str() const;

private:
    std::string title_, description_, docs_, opening_, contents_, body_, footer_;
};

}  // namespace gallery
