// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Lab and OKLab as types, so that a test is written once for both.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>
#include <vector>

#include <lloyd/color.hpp>

#include "reference_color.hpp"
#include "sample_images.hpp"

namespace samples {

using lloyd::image;
using reference::real_color;

template <class T>
using pixel = std::array<T, 3>;

/// One space: our functions, and the definition.
struct lab {
    static constexpr bool is_oklab = false;
    static constexpr long double to_units = 2.55L;
    template <class T>
    static constexpr double bound = std::is_same_v<T, double> ? 1e-10 : 2e-4;
    static auto from_rgb(const auto& rgb) { return lloyd::rgb_to_lab(rgb); }
    static void from_rgb(const auto& rgb, auto&& out) { lloyd::rgb_to_lab(rgb, out); }
    static auto to_rgb(const auto& lab) { return lloyd::lab_to_rgb(lab); }
    static auto to_bytes(const auto& lab) { return lloyd::lab_to_rgb<u8>(lab); }
    static void to_rgb(const auto& lab, auto&& out) { lloyd::lab_to_rgb(lab, out); }
    static real_color exact(const real_color& light) { return reference::lab(light); }
};

struct oklab {
    static constexpr bool is_oklab = true;
    static constexpr long double to_units = 255;
    template <class T>
    static constexpr double bound = std::is_same_v<T, double> ? 1e-12 : 1e-6;
    static auto from_rgb(const auto& rgb) { return lloyd::rgb_to_oklab(rgb); }
    static void from_rgb(const auto& rgb, auto&& out) { lloyd::rgb_to_oklab(rgb, out); }
    static auto to_rgb(const auto& lab) { return lloyd::oklab_to_rgb(lab); }
    static auto to_bytes(const auto& lab) { return lloyd::oklab_to_rgb<u8>(lab); }
    static void to_rgb(const auto& lab, auto&& out) { lloyd::oklab_to_rgb(lab, out); }
    static real_color exact(const real_color& light) { return reference::oklab(light); }
};

template <class T>
image<T, 3> row_of(const std::vector<pixel<T>>& pixels) {
    image<T, 3> result(static_cast<std::ptrdiff_t>(pixels.size()), 1);
    for (std::ptrdiff_t x = 0; const auto& p : pixels) std::ranges::copy(p, result(x++, 0).begin());
    return result;
}

template <class Image>
auto first_of(const Image& one) {
    return pixel<lloyd::value_type_of<Image>>{one(0, 0)[0], one(0, 0)[1], one(0, 0)[2]};
}

template <class Space, class T>
auto from_rgb(const pixel<T>& rgb) {
    return first_of(Space::from_rgb(row_of<T>({rgb})));
}
template <class Space, class T>
auto to_rgb(const pixel<T>& lab) {
    return first_of(Space::to_rgb(row_of<T>({lab})));
}
template <class Space, class T>
pixel<u8> to_bytes(const pixel<T>& lab) {
    return first_of(Space::to_bytes(row_of<T>({lab})));
}

real_color light_of(const auto& rgb) {
    auto light = reference::to_real(rgb);
    for (auto& channel : light) channel = reference::linear(channel);
    return light;
}

}  // namespace samples
