// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Weights of pixels to test with, and what counting them must come to.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/image.hpp>

#include "sample_images.hpp"

namespace samples {

template <std::size_t C>
std::vector<double> counts_of(const lloyd::color_histogram<C>& colors) {
    return {colors.counts().begin(), colors.counts().end()};
}

template <std::size_t C>
bool same(const lloyd::color_histogram<C>& a, const lloyd::color_histogram<C>& b) {
    return same_pixels(a.colors(), b.colors()) && std::ranges::equal(a.counts(), b.counts());
}

inline lloyd::image<u8, 1> all_of(std::ptrdiff_t width, std::ptrdiff_t height, u8 weight) {
    lloyd::image<u8, 1> result(width, height);
    std::ranges::fill(result.elements(), weight);
    return result;
}

/// Weights as they occur: each function gives that of a place.
struct kind_of_weights {
    std::string name;
    u8 (*weight)(dice&, std::ptrdiff_t x, std::ptrdiff_t y);
};
inline const kind_of_weights kinds_of_weights[] = {
    {"all 1", [](dice&, std::ptrdiff_t, std::ptrdiff_t) { return u8{1}; }},
    {"all 100", [](dice&, std::ptrdiff_t, std::ptrdiff_t) { return u8{100}; }},
    {"0 or 255", [](dice& random, std::ptrdiff_t, std::ptrdiff_t) { return u8(random.below(2) * 255); }},
    {"0 or 1", [](dice& random, std::ptrdiff_t, std::ptrdiff_t) { return u8(random.below(2)); }},
    {"a few of 7", [](dice& random, std::ptrdiff_t, std::ptrdiff_t) { return u8(random.below(90) == 0 ? 7 : 0); }},
    {"half of the rows", [](dice&, std::ptrdiff_t, std::ptrdiff_t y) { return u8(y % 2 * 255); }},
    {"stripes", [](dice&, std::ptrdiff_t x, std::ptrdiff_t) { return u8(x / 40 % 2 * 30); }},
    {"any", [](dice& random, std::ptrdiff_t, std::ptrdiff_t) { return u8(random.below(256)); }},
    {"254 or 255", [](dice& random, std::ptrdiff_t, std::ptrdiff_t) { return u8(254 + random.below(2)); }},
    {"a soft edge",
     [](dice&, std::ptrdiff_t x, std::ptrdiff_t y) {
         return u8(std::clamp(20 * (x - y), std::ptrdiff_t{0}, std::ptrdiff_t{255}));
     }},
    {"one of 1 among 255", [](dice&, std::ptrdiff_t x, std::ptrdiff_t y) { return u8(x == 3 && y == 0 ? 1 : 255); }},
};

inline lloyd::image<u8, 1> weights_of(const kind_of_weights& which, dice& random, std::ptrdiff_t width,
                                      std::ptrdiff_t height) {
    lloyd::image<u8, 1> result(width, height);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x) result(x, y)[0] = which.weight(random, x, y);
    return result;
}

/// Adds up the weights of one pixel after another.
template <std::size_t C>
std::map<std::array<u8, C>, double> naive_sums(lloyd::image_view<const u8, C> photo,
                                               lloyd::image_view<const u8, 1> weights) {
    std::map<std::array<u8, C>, double> sums;
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x) {
            std::array<u8, C> color;
            std::ranges::copy(photo(x, y), color.begin());
            if (weights(x, y)[0] > 0) sums[color] += weights(x, y)[0];
        }
    return sums;
}

template <std::size_t C>
bool equals(const lloyd::color_histogram<C>& colors, const std::map<std::array<u8, C>, double>& expected) {
    if (colors.size() != std::ssize(expected)) return false;
    for (std::ptrdiff_t i = 0; i < colors.size(); ++i) {
        std::array<u8, C> color;
        std::ranges::copy(colors.colors()(i, 0), color.begin());
        const auto found = expected.find(color);
        if (found == expected.end() || found->second != colors.counts()[static_cast<std::size_t>(i)]) return false;
    }
    return true;  // in Morton order, as without weights: see "a mask counts the pixels that it keeps"
}

/// In one row.
template <std::size_t C>
lloyd::image<u8, C> kept_pixels(const lloyd::image<u8, C>& photo, const lloyd::image<u8, 1>& weights) {
    std::vector<u8> kept;
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
            if (weights(x, y)[0] != 0) kept.insert(kept.end(), photo(x, y).begin(), photo(x, y).end());
    return lloyd::image<u8, C>(
        lloyd::image_view<const u8, C>(kept.data(), std::ssize(kept) / static_cast<std::ptrdiff_t>(C), 1));
}

}  // namespace samples
