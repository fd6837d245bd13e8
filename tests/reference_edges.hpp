// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The five stages of Canny in textbook loops, pixel by pixel: what the library must agree with.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include <lloyd/canny.hpp>

namespace reference {

using u8 = std::uint8_t;
using bytes_view = lloyd::image_view<const u8>;

/// Weights of a blur in 256ths, from end to end.
inline std::vector<int> gaussian_weights(int size, double sigma) {
    if (size == 0) size = static_cast<int>(std::nearbyint(6 * sigma + 1)) | 1;
    if (sigma == 0 && size == 1) return {256};
    if (sigma == 0 && size == 3) return {64, 128, 64};
    if (sigma == 0 && size == 5) return {16, 64, 96, 64, 16};
    if (sigma == 0 && size == 7) return {8, 28, 56, 72, 56, 28, 8};
    if (sigma == 0) sigma = 0.15 * size + 0.35;
    const int middle = size / 2;
    double total = 0;
    const auto curve = [&](int i) {
        return i == middle ? 1.0 : std::exp(-(i - middle) * (i - middle) / (2 * sigma * sigma));
    };
    for (int i = 0; i < size; ++i) total += curve(i);
    std::vector<int> weights(static_cast<std::size_t>(size));
    double error = 0;
    int sum = 0;
    for (int i = 0; i < middle; ++i) {
        const double exact = 256 * curve(i) / total + error;
        const int weight = static_cast<int>(std::nearbyint(exact));
        error = exact - weight;
        weights[static_cast<std::size_t>(i)] = weights[static_cast<std::size_t>(size - 1 - i)] = weight;
        sum += weight;
    }
    weights[static_cast<std::size_t>(middle)] = 256 - 2 * sum;
    return weights;
}

/// 3 2 1 | 0 1 2 3 | 2 1 0 …, one step at a time.
inline std::ptrdiff_t turned_back(std::ptrdiff_t i, std::ptrdiff_t size) {
    if (size == 1) return 0;
    while (i < 0 || i >= size) i = i < 0 ? -i : 2 * (size - 1) - i;
    return i;
}

inline lloyd::image<u8> blur(bytes_view photo, int size, double sigma) {
    const auto weights = gaussian_weights(size, sigma);
    const auto middle = static_cast<std::ptrdiff_t>(weights.size() / 2);
    lloyd::image<int> across(photo.width(), photo.height(), photo.channels());
    lloyd::image<u8> blurred(photo.width(), photo.height(), photo.channels());
    const auto channels = static_cast<std::size_t>(photo.channels());
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
            for (std::size_t c = 0; c < channels; ++c)
                for (std::ptrdiff_t i = -middle; i <= middle; ++i)
                    across(x, y)[c] +=
                        weights[static_cast<std::size_t>(middle + i)] * photo(turned_back(x + i, photo.width()), y)[c];
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
            for (std::size_t c = 0; c < channels; ++c) {
                int sum = 32768;
                for (std::ptrdiff_t i = -middle; i <= middle; ++i)
                    sum += weights[static_cast<std::size_t>(middle + i)] *
                           across(x, turned_back(y + i, photo.height()))[c];
                blurred(x, y)[c] = static_cast<u8>(sum >> 16);
            }
    return blurred;
}

/// Σ weight · pixel over a kernel, with the border repeated.
inline int convolve(bytes_view photo, std::ptrdiff_t x, std::ptrdiff_t y, std::size_t c, const std::vector<int>& along,
                    const std::vector<int>& down) {
    const auto middle = static_cast<std::ptrdiff_t>(along.size() / 2);
    int sum = 0;
    for (std::ptrdiff_t j = -middle; j <= middle; ++j)
        for (std::ptrdiff_t i = -middle; i <= middle; ++i) {
            const auto near_x = std::clamp(x + i, std::ptrdiff_t{0}, photo.width() - 1);
            const auto near_y = std::clamp(y + j, std::ptrdiff_t{0}, photo.height() - 1);
            sum += along[static_cast<std::size_t>(middle + i)] * down[static_cast<std::size_t>(middle + j)] *
                   photo(near_x, near_y)[c];
        }
    return sum;
}

inline lloyd::sobel_gradient sobel(bytes_view photo, int aperture, lloyd::gradient_norm norm) {
    const std::vector<int> smooth = aperture == 3   ? std::vector{1, 2, 1}
                                    : aperture == 5 ? std::vector{1, 4, 6, 4, 1}
                                                    : std::vector{1, 6, 15, 20, 15, 6, 1};
    const std::vector<int> slope = aperture == 3   ? std::vector{-1, 0, 1}
                                   : aperture == 5 ? std::vector{-1, -2, 0, 2, 1}
                                                   : std::vector{-1, -4, -5, 0, 5, 4, 1};
    lloyd::sobel_gradient gradient{.dx{photo.width(), photo.height()},
                                   .dy{photo.width(), photo.height()},
                                   .magnitude{photo.width(), photo.height()},
                                   .norm = norm,
                                   .aperture = aperture};
    const double scale = aperture == 7 ? 16 : 1;
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x) {
            int most = -1;
            for (std::size_t c = 0; c < static_cast<std::size_t>(photo.channels()); ++c) {
                const int dx = static_cast<int>(std::nearbyint(convolve(photo, x, y, c, slope, smooth) / scale));
                const int dy = static_cast<int>(std::nearbyint(convolve(photo, x, y, c, smooth, slope) / scale));
                const int magnitude =
                    norm == lloyd::gradient_norm::l1 ? std::abs(dx) + std::abs(dy) : dx * dx + dy * dy;
                if (magnitude <= most) continue;
                most = magnitude;
                gradient.dx(x, y)[0] = static_cast<std::int16_t>(dx);
                gradient.dy(x, y)[0] = static_cast<std::int16_t>(dy);
                gradient.magnitude(x, y)[0] = magnitude;
            }
        }
    return gradient;
}

inline lloyd::edge_ridges suppress(const lloyd::sobel_gradient& gradient) {
    const auto width = gradient.magnitude.width(), height = gradient.magnitude.height();
    lloyd::edge_ridges ridges{.magnitude{width, height}, .norm = gradient.norm, .aperture = gradient.aperture};
    const auto magnitude = [&](std::ptrdiff_t x, std::ptrdiff_t y) {
        return 0 <= x && x < width && 0 <= y && y < height ? gradient.magnitude(x, y)[0] : 0;
    };
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x) {
            const std::int64_t dx = gradient.dx(x, y)[0], dy = gradient.dy(x, y)[0];
            const std::int64_t tangent = std::abs(dx) * 13573, across = std::abs(dy) << 15;
            const int m = magnitude(x, y);
            bool kept;
            if (across < tangent)
                kept = m > magnitude(x - 1, y) && m >= magnitude(x + 1, y);
            else if (across > tangent + (std::abs(dx) << 16))
                kept = m > magnitude(x, y - 1) && m >= magnitude(x, y + 1);
            else if ((dx < 0) == (dy < 0))
                kept = m > magnitude(x - 1, y - 1) && m > magnitude(x + 1, y + 1);
            else
                kept = m > magnitude(x + 1, y - 1) && m > magnitude(x - 1, y + 1);
            ridges.magnitude(x, y)[0] = kept ? m : 0;
        }
    return ridges;
}

inline double limit(double threshold, const lloyd::edge_ridges& ridges) {
    if (ridges.aperture == 7) threshold /= 16;
    if (ridges.norm == lloyd::gradient_norm::l2) threshold = std::pow(std::min(threshold, 32767.0), 2);
    return std::floor(threshold);
}

inline lloyd::image<u8, 1> threshold(const lloyd::edge_ridges& ridges, double low, double high) {
    lloyd::image<u8, 1> strength(ridges.magnitude.width(), ridges.magnitude.height());
    for (std::ptrdiff_t y = 0; y < strength.height(); ++y)
        for (std::ptrdiff_t x = 0; x < strength.width(); ++x) {
            const double m = ridges.magnitude(x, y)[0];
            strength(x, y)[0] = m > limit(high, ridges) ? 2 : m > limit(low, ridges) ? 1 : 0;
        }
    return strength;
}

inline lloyd::image<u8, 1> trace(const lloyd::image<u8, 1>& strength) {
    lloyd::image<u8, 1> edges(strength.width(), strength.height());
    std::vector<std::pair<std::ptrdiff_t, std::ptrdiff_t>> todo;
    const auto visit = [&](std::ptrdiff_t x, std::ptrdiff_t y) {
        if (edges(x, y)[0] != 0) return;
        edges(x, y)[0] = 255;
        todo.emplace_back(x, y);
    };
    for (std::ptrdiff_t y = 0; y < edges.height(); ++y)
        for (std::ptrdiff_t x = 0; x < edges.width(); ++x)
            if (strength(x, y)[0] == 2) visit(x, y);
    while (!todo.empty()) {
        const auto [x, y] = todo.back();
        todo.pop_back();
        for (std::ptrdiff_t j = std::max<std::ptrdiff_t>(y - 1, 0); j <= std::min(y + 1, edges.height() - 1); ++j)
            for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(x - 1, 0); i <= std::min(x + 1, edges.width() - 1); ++i)
                if (strength(i, j)[0] != 0) visit(i, j);
    }
    return edges;
}

inline lloyd::image<u8, 1> canny(bytes_view photo, double low, double high, const lloyd::canny_options& o = {}) {
    const auto smooth = o.sigma == 0 ? lloyd::image<u8>(photo) : blur(photo, o.blur_size, o.sigma);
    return trace(threshold(suppress(sobel(smooth, o.aperture, o.norm)), low, high));
}

}  // namespace reference
