// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Regions and outlines pixel by pixel, as they are defined: what the library must agree with.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>

namespace reference {

using lloyd::connectivity;
using label_map = lloyd::image<std::int32_t, 1>;

/// The label of a pixel, −1 outside.
inline std::int32_t label_at(const label_map& labels, std::ptrdiff_t x, std::ptrdiff_t y) {
    const bool inside = 0 <= x && x < labels.width() && 0 <= y && y < labels.height();
    return inside ? labels(x, y)[0] : -1;
}

inline constexpr std::array<std::array<int, 2>, 8> steps{
    {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, -1}, {1, -1}, {-1, 1}}};

/// Floods from each pixel that no region has reached.
inline lloyd::region_map find_regions(const label_map& labels, connectivity connected) {
    lloyd::region_map map{label_map(labels.width(), labels.height()), {}};
    std::ranges::fill(map.ids.elements(), -1);
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y)
        for (std::ptrdiff_t x = 0; x < labels.width(); ++x) {
            if (map.ids(x, y)[0] >= 0 || labels(x, y)[0] < 0) continue;
            const auto id = static_cast<std::int32_t>(map.regions.size());
            lloyd::region its{labels(x, y)[0], 0, x, y, x, y, 0, 0};
            std::vector<std::array<std::ptrdiff_t, 2>> open{{x, y}};
            map.ids(x, y)[0] = id;
            while (!open.empty()) {
                const auto [i, j] = open.back();
                open.pop_back();
                its.area += 1;
                its.x = std::min(its.x, i);
                its.width = std::max(its.width, i);
                its.height = std::max(its.height, j);
                its.center_x += static_cast<double>(i);
                its.center_y += static_cast<double>(j);
                for (std::size_t s = 0; s < (connected == connectivity::four ? 4 : 8); ++s) {
                    const auto to_x = i + steps[s][0], to_y = j + steps[s][1];
                    if (label_at(labels, to_x, to_y) != its.label || map.ids(to_x, to_y)[0] >= 0) continue;
                    map.ids(to_x, to_y)[0] = id;
                    open.push_back({to_x, to_y});
                }
            }
            its.width += 1 - its.x;
            its.height += 1 - its.y;
            its.center_x /= static_cast<double>(its.area);
            its.center_y /= static_cast<double>(its.area);
            map.regions.push_back(its);
        }
    return map;
}

/// The label that a region is painted with when it is merged: none if it has no neighbour.
inline std::optional<std::int32_t> host_label(const lloyd::region_map& map, std::int32_t id) {
    std::map<std::int32_t, std::ptrdiff_t> sides;
    for (std::ptrdiff_t y = 0; y < map.ids.height(); ++y)
        for (std::ptrdiff_t x = 0; x < map.ids.width(); ++x)
            for (std::size_t s = 0; s < 4 && map.ids(x, y)[0] == id; ++s) {
                const auto other = label_at(map.ids, x + steps[s][0], y + steps[s][1]);
                if (other >= 0 && other != id) ++sides[other];
            }
    std::optional<std::tuple<std::ptrdiff_t, std::ptrdiff_t, std::int32_t>> best;
    for (const auto& [other, count] : sides)
        best = std::max(best, {{count, map.regions[static_cast<std::size_t>(other)].area, -other}});
    if (!best) return {};
    return map.regions[static_cast<std::size_t>(-std::get<2>(*best))].label;
}

/// merge_small_regions as the loop that defines it.
inline label_map merge_small_regions(label_map labels, std::ptrdiff_t min_area, connectivity connected) {
    for (bool again = true; again;) {
        again = false;
        const auto map = find_regions(labels, connected);
        std::vector<std::tuple<std::ptrdiff_t, std::int32_t>> order;
        for (std::size_t i = 0; i < map.regions.size(); ++i)
            if (map.regions[i].area < min_area) order.emplace_back(map.regions[i].area, static_cast<std::int32_t>(i));
        std::ranges::sort(order);
        for (const auto& [area, id] : order)
            if (const auto label = host_label(map, id)) {
                for (std::size_t i = 0; i < labels.elements().size(); ++i)
                    if (map.ids.elements()[i] == id) labels.elements()[i] = *label;
                again = true;
                break;
            }
    }
    return labels;
}

/// How many rings of an outline are around the middle of a pixel, modulo 2. (Compared in whole numbers: the two labels on
/// a line never both have a middle that lies on it.)
inline bool covers(const lloyd::outline& shape, std::ptrdiff_t x, std::ptrdiff_t y) {
    bool inside = false;
    for (const auto& ring : shape.rings)
        for (std::size_t i = 0; i < ring.size(); ++i) {
            auto a = ring[i], b = ring[(i + 1) % ring.size()];
            if (a.y > b.y) std::swap(a, b);
            if (y < a.y || b.y <= y) continue;
            // whether 2 x + 1 < 2 (a.x + (y + 1/2 − a.y) (b.x − a.x) / (b.y − a.y))
            const std::ptrdiff_t height = b.y - a.y;
            if ((2 * (x - a.x) + 1) * height < (2 * (y - a.y) + 1) * (b.x - a.x)) inside = !inside;
        }
    return inside;
}

/// The label that covers each pixel; −1 for none, −2 for more than one.
inline label_map filled(const std::vector<lloyd::outline>& shapes, std::ptrdiff_t width, std::ptrdiff_t height) {
    label_map labels(width, height);
    std::ranges::fill(labels.elements(), -1);
    for (const auto& shape : shapes)
        for (std::ptrdiff_t y = 0; y < height; ++y)
            for (std::ptrdiff_t x = 0; x < width; ++x)
                if (covers(shape, x, y)) labels(x, y)[0] = labels(x, y)[0] == -1 ? shape.label : -2;
    return labels;
}

/// Douglas and Peucker's line by recursion. Of the corners between first and last, marks those that are kept.
inline void mark_kept(const std::vector<lloyd::corner>& line, std::size_t first, std::size_t last,
                      long double tolerance, std::vector<bool>& kept) {
    const auto distance = [&](std::size_t i) {  // squared
        const long double ax = line[first].x, ay = line[first].y, dx = line[last].x - ax, dy = line[last].y - ay,
                          x = line[i].x - ax, y = line[i].y - ay, length = dx * dx + dy * dy;
        const long double along = x * dx + y * dy, across = x * dy - y * dx;
        if (along <= 0) return x * x + y * y;
        if (along >= length) return (x - dx) * (x - dx) + (y - dy) * (y - dy);
        return across * across / length;
    };
    const auto from_middle = [&](std::size_t i) {
        return std::max(2 * i, first + last) - std::min(2 * i, first + last);
    };
    std::size_t best = first + 1;
    for (auto i = first + 1; i < last; ++i)
        if (distance(i) > distance(best) || (distance(i) == distance(best) && from_middle(i) < from_middle(best)))
            best = i;
    if (best >= last || distance(best) <= tolerance * tolerance) return;
    kept[best] = true;
    mark_kept(line, first, best, tolerance, kept);
    mark_kept(line, best, last, tolerance, kept);
}

}  // namespace reference
