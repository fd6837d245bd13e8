// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// SVG drawings as readers see them: whether they are XML, and which pixels and sides of pixels their paths cover.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <lloyd/image.hpp>

namespace drawn_paths {

/// What is wrong with it as XML; empty when nothing is. (Enough XML for drawings: no comments, no CDATA.)
inline std::string fault_of(const std::string& text) {
    std::vector<std::string> open;
    std::size_t at = 0;
    while ((at = text.find('<', at)) != text.npos) {
        const auto end = text.find('>', at);
        if (end == text.npos) return "a tag without an end";
        std::string tag = text.substr(at + 1, end - at - 1);
        if (std::ranges::count(tag, '"') % 2 != 0 || tag.find('<') != tag.npos) return "a broken tag: " + tag;
        if (tag.starts_with('/')) {
            if (open.empty() || open.back() != tag.substr(1)) return "not open: " + tag;
            open.pop_back();
        } else if (!tag.ends_with('/')) {
            open.push_back(tag.substr(0, tag.find(' ')));
        }
        at = end;
        if (open.empty() && end + 2 < text.size()) return "something after the root";
    }
    for (at = 0; (at = text.find('&', at)) != text.npos; ++at)
        if (text.find(';', at) > at + 6) return "a loose &";
    return open.empty() ? "" : "left open: " + open.back();
}

/// The value of an attribute in a tag; empty if there is none.
inline std::string attribute_of(const std::string& tag, const std::string& name) {
    const auto mark = " " + name + "=\"";
    const auto at = tag.find(mark);
    if (at == tag.npos) return {};
    const auto start = at + mark.size();
    return tag.substr(start, tag.find('"', start) - start);
}

/// All tags that begin with a text such as "<path ".
inline std::vector<std::string> tags_of(const std::string& text, const std::string& start) {
    std::vector<std::string> tags;
    for (std::size_t at = 0; (at = text.find(start, at)) != text.npos; ++at)
        tags.push_back(text.substr(at, text.find('>', at) + 1 - at));
    return tags;
}

struct point {
    std::int32_t x = 0, y = 0;
    friend bool operator==(const point&, const point&) = default;
};

/// The lines of SVG path data with relative commands; those of closed ones end where they begin.
inline std::vector<std::vector<point>> lines_of(const std::string& data) {
    std::vector<std::vector<point>> lines;
    point at;
    char command = 0;
    const char* next = data.c_str();
    const auto number = [&] {
        char* end = nullptr;
        const auto value = std::strtol(next, &end, 10);
        if (end == next) throw std::runtime_error("no number in path data at " + std::string(next).substr(0, 20));
        next = end;
        return static_cast<std::int32_t>(value);
    };
    while (*next != 0) {
        if (std::string_view("mhvlz").find(*next) != std::string_view::npos) command = *next++;
        if (command == 'z') {
            at = lines.back().front();
            lines.back().push_back(at);
            continue;
        }
        if (command != 'v') at.x += number();
        if (command != 'h') at.y += number();
        if (command == 'm') lines.emplace_back();
        lines.back().push_back(at);
        if (command == 'm') command = 'l';
    }
    return lines;
}

/// How a drawing with horizontal and vertical edges fills its pixels.
struct filled_pixels {
    lloyd::image<std::uint8_t, 3> colors;
    lloyd::image<std::uint8_t, 1> covers;  ///< how many paths cover the pixel
};

/// Fills all paths by the even-odd rule.
inline filled_pixels filled(const std::string& text) {
    const auto root = tags_of(text, "<svg ").at(0);
    const std::ptrdiff_t width = std::stol(attribute_of(root, "width")),
                         height = std::stol(attribute_of(root, "height"));
    filled_pixels result{lloyd::image<std::uint8_t, 3>(width, height), lloyd::image<std::uint8_t, 1>(width, height)};
    for (const auto& path : tags_of(text, "<path ")) {
        const auto color = std::stoul(attribute_of(path, "fill").substr(1), nullptr, 16);
        lloyd::image<std::uint8_t, 1> flips(width + 1, height);
        for (const auto& line : lines_of(attribute_of(path, "d"))) {
            if (line.size() < 4 || line.front() != line.back()) throw std::runtime_error("an open path");
            for (std::size_t i = 1; i < line.size(); ++i) {
                if (line[i].x != line[i - 1].x && line[i].y != line[i - 1].y) throw std::runtime_error("a slope");
                if (line[i].x < 0 || line[i].x > width || line[i].y < 0 || line[i].y > height)
                    throw std::runtime_error("a corner outside");
                const auto [top, bottom] = std::minmax(line[i].y, line[i - 1].y);
                for (auto y = top; y < bottom; ++y) flips(line[i].x, y)[0] ^= 1;
            }
        }
        for (std::ptrdiff_t y = 0; y < height; ++y) {
            bool inside = false;
            for (std::ptrdiff_t x = 0; x < width; ++x) {
                inside = inside != (flips(x, y)[0] != 0);
                if (!inside) continue;
                ++result.covers(x, y)[0];
                for (std::size_t c = 0; c < 3; ++c)
                    result.colors(x, y)[c] = static_cast<std::uint8_t>(color >> (16 - 8 * c));
            }
        }
    }
    return result;
}

}  // namespace drawn_paths
