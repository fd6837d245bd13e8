// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Maps of labels to test with: drawn by hand, and random.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <lloyd/image.hpp>

#include "hostile_maps.hpp"
#include "sample_images.hpp"

namespace samples {

/// Digits are labels, a point is −1.
inline label_map drawn(const std::vector<std::string>& rows) {
    label_map labels(static_cast<std::ptrdiff_t>(rows.front().size()), std::ssize(rows));
    for (std::ptrdiff_t i = 0; i < labels.size(); ++i) {
        const char sign =
            rows[static_cast<std::size_t>(i / labels.width())][static_cast<std::size_t>(i % labels.width())];
        labels.data()[i] = sign == '.' ? -1 : sign - '0';
    }
    return labels;
}

/// The same as text.
template <class Image>
std::vector<std::string> drawing(const Image& labels) {
    std::vector<std::string> rows(static_cast<std::size_t>(labels.height()));
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y)
        for (const auto label : labels.row(y))
            rows[static_cast<std::size_t>(y)] += static_cast<char>(label < 0 ? '.' : '0' + label);
    return rows;
}

/// Each pixel drawn anew with a chance of one in `change`, otherwise that of a neighbour before it: speckled or smooth.
inline label_map random_labels(dice& random, std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t levels,
                               std::ptrdiff_t change, bool with_nothing) {
    label_map labels(width, height);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x) {
            auto& label = labels(x, y)[0];
            label =
                static_cast<std::int32_t>(random.below(levels) - (with_nothing && random.below(6) == 0 ? levels : 0));
            label = std::max(label, -1);
            if (random.below(change) == 0) continue;
            if (x > 0 && (y == 0 || random.below(2) == 0))
                label = labels(x - 1, y)[0];
            else if (y > 0)
                label = labels(x, y - 1)[0];
        }
    return labels;
}

template <class Image>
lloyd::image<u8, 1> in_bytes(const Image& labels) {
    lloyd::image<u8, 1> bytes(labels.width(), labels.height());
    std::ranges::transform(labels.elements(), bytes.data(), [](auto label) { return static_cast<u8>(label); });
    return bytes;
}

template <class Image>
Image transposed(const Image& from) {
    Image to(from.height(), from.width());
    for (std::ptrdiff_t y = 0; y < from.height(); ++y)
        for (std::ptrdiff_t x = 0; x < from.width(); ++x) to(y, x)[0] = from(x, y)[0];
    return to;
}

}  // namespace samples
