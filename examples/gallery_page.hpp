// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// One page of HTML that needs nothing but itself: its pictures, style and script are in it.
///
///     gallery::page page("A photo", "What it shows.");
///     page.section("colors", "Its colours");
///     page.add("<p>They are many.</p>");
///     page.add(gallery::figure(picture, "A mountain", "The photo"));
///     io::write_file("index.html", page.str());
///
/// Texts are HTML unless a parameter is said to be plain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <lloyd/image.hpp>

namespace gallery {

/// 1234567 is "1,234,567".
std::string grouped(std::ptrdiff_t number);

/// "0.42 ms", "8.3 ms", "127 ms", "2.1 s".
std::string duration(double milliseconds);

/// With `decimals` digits after the point.
std::string fixed(double value, int decimals);

/// An <img> with the picture in it; `alt` is plain.
std::string image_tag(const lloyd::image<std::uint8_t>& picture, std::string_view alt, std::string_view classes = {});

/// Any content with a caption below.
std::string figure(std::string_view content, std::string_view caption, std::string_view classes = {});

class page {
public:
    /// Both plain.
    page(std::string title, std::string description);

    /// Begins a section, which the contents on top will link to; `heading` is plain.
    void section(std::string_view id, std::string_view heading);

    /// Adds to the section, or before the first one to what stands above the contents.
    void add(std::string_view html);

    /// What stands at the end.
    void footer(std::string_view html);

    /// The whole file.
    std::string str() const;

private:
    std::string title_, description_, opening_, contents_, body_, footer_;
};

}  // namespace gallery
