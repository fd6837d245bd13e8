// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Maps of labels that take as many runs, regions, neighbours or corners as there can be.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <lloyd/image.hpp>

namespace samples {

using label_map = lloyd::image<std::int32_t, 1>;

/// label(x, y) for each pixel.
template <class Label>
label_map map_of(std::ptrdiff_t width, std::ptrdiff_t height, const Label& label) {
    label_map labels(width, height);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x) labels(x, y)[0] = static_cast<std::int32_t>(label(x, y));
    return labels;
}

struct hostile_map {
    std::string name;
    std::function<std::ptrdiff_t(std::ptrdiff_t x, std::ptrdiff_t y)> label;
};

/// For maps of side × side pixels.
inline std::vector<hostile_map> hostile_maps(std::ptrdiff_t side) {
    const auto ring = [side](auto x, auto y) { return std::min({x, y, side - 1 - x, side - 1 - y}); };
    const auto spiral = [side](auto x, auto y) {  // two halves, shifted by two pixels
        const bool upper = 2 * y < side;
        return std::min({x, upper ? y : side - 1 - y, upper ? side - 1 - x : side + 1 - x}) % 2;
    };
    return {
        {"one label", [](auto, auto) { return 3; }},
        {"checkerboard", [](auto x, auto y) { return (x + y) % 2; }},
        {"all different", [side](auto x, auto y) { return y * side + x; }},
        {"columns", [](auto x, auto) { return x % 2; }},
        {"rows", [](auto, auto y) { return y % 2; }},
        {"comb", [side](auto x, auto y) { return y + 1 < side ? x % 2 : 0; }},
        {"hanging comb", [](auto x, auto y) { return y > 0 ? x % 2 : 0; }},
        {"meander", [side](auto x, auto y) { return y % 2 == 0 || x == (y % 4 == 1 ? side - 1 : 0) ? 0 : 1; }},
        {"nested rings", [ring](auto x, auto y) { return ring(x, y) % 2; }},
        {"spiral", spiral},
        {"diagonals", [](auto x, auto y) { return (x + y) % 3; }},
        {"dots", [](auto x, auto y) { return x % 2 + 2 * (y % 2); }},
        {"islands in nothing", [](auto x, auto y) { return x % 3 == 2 || y % 3 == 2 ? -1 : (x + y) % 2; }},
    };
}

}  // namespace samples
