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

/// An <img> that contains the picture. `alt` is plain text.
std::string image_tag(const lloyd::image<std::uint8_t>& picture, std::string_view alt, std::string_view classes = {});

/// Any content with a caption below.
std::string figure(std::string_view content, std::string_view caption, std::string_view classes = {});

class page {
public:
    /// Both are plain text.
    page(std::string title, std::string description);

    /// Begins a section. The table of contents links to it. `heading` is plain text.
    void section(std::string_view id, std::string_view heading);

    /// Adds to the current section. Before the first section, adds above the table of contents.
    void add(std::string_view html);

    /// Adds to the end of the page.
    void footer(std::string_view html);

    /// The whole file.
    std::string str() const;

private:
    std::string title_, description_, opening_, contents_, body_, footer_;
};

}  // namespace gallery
