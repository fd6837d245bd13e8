// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The gallery's page of a photo as text, and what stands in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../examples/gallery_story.hpp"
#include "../examples/visible_pixels.hpp"

namespace samples {

/// Every piece of a text between `before` and the next `after`.
inline std::vector<std::string> all_between(const std::string& text, const std::string& before,
                                            const std::string& after) {
    std::vector<std::string> found;
    for (auto at = text.find(before); at != text.npos; at = text.find(before, at)) {
        at += before.size();
        found.push_back(text.substr(at, text.find(after, at) - at));
    }
    return found;
}

inline std::size_t count_of(const std::string& text, const std::string& piece) {
    return all_between(text, piece, "").size();
}

/// The page of a picture with 1 to 4 channels.
inline std::string page_of(const lloyd::image<std::uint8_t>& picture, const std::string& name = "photo.jpg",
                           const std::string& credit = {}, const std::string& docs = {}) {
    const pictures::visible_pixels pixels{picture};
    const auto on_white = pictures::on_white(picture);
    return gallery::tell({.picture = on_white, .pixels = pixels, .name = name, .credit = credit, .docs = docs});
}

/// The page of a photo with the data of its pictures left out.
inline std::string told(const gallery::rgb_image& photo, const std::string& name = "photo.jpg",
                        const std::string& credit = {}, const std::string& docs = {}) {
    auto html = page_of(lloyd::image<std::uint8_t>(photo), name, credit, docs);
    const std::string mark = ";base64,";
    for (auto at = html.find(mark); at != html.npos; at = html.find(mark, at)) {
        at += mark.size();
        html.erase(at, html.find('"', at) - at);
    }
    return html;
}

}  // namespace samples
