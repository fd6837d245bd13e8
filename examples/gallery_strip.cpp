// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "gallery_strip.hpp"

#include "gallery_story.hpp"
#include "thumbnails.hpp"

namespace gallery {
namespace {

/// A frame around the part that is enlarged.
std::string frame_of(window part, std::ptrdiff_t width, std::ptrdiff_t height) {
    const auto percent = [](std::ptrdiff_t length, std::ptrdiff_t whole) {
        return fixed(100 * static_cast<double>(length) / static_cast<double>(whole), 2) + "%";
    };
    return "<i class=\"mark\" style=\"left:" + percent(part.x, width) + ";top:" + percent(part.y, height) +
           ";width:" + percent(part.width, width) + ";height:" + percent(part.height, height) + "\"></i>";
}

}  // namespace

void stage_strip::add(const rgb_image& picture, std::string_view name, std::string_view what, std::string_view caption,
                      reduction by) const {
    const auto all =
        by == reduction::maximum ? web::shrunk_lines(picture, longest_side) : web::shrunk(picture, longest_side);
    add_html(image_tag(lloyd::image<std::uint8_t>(all), std::string(what) + ": the whole picture"),
             part_of(picture, what), name, caption);
}

void stage_strip::add_html(std::string_view all, std::string_view part, std::string_view name,
                           std::string_view caption) const {
    const auto content = "<div class=\"two\">\n<div class=\"whole\">" + std::string(all) +
                         frame_of(detail_, width_, height_) + "</div>\n" + std::string(part) + "</div>";
    to_.add("<div class=\"step\">\n<h3>" + std::string(name) + "</h3>\n" + figure(content, caption, "stage") +
            "</div>\n");
}

std::string stage_strip::part_of(const rgb_image& picture, std::string_view what) const {
    const rgb_image part(picture.crop(detail_.x, detail_.y, detail_.width, detail_.height));
    return image_tag(lloyd::image<std::uint8_t>(part), std::string(what) + ": the marked part, enlarged", "pixels");
}

}  // namespace gallery
