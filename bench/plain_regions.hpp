// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The baseline of regions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <lloyd/image.hpp>

namespace bench {

/// Two scans with union-find over pixels, as textbooks have it; ids and areas only.
inline std::vector<std::ptrdiff_t> plain_areas(const lloyd::image<std::uint8_t, 1>& labels,
                                               lloyd::image<std::int32_t, 1>& ids) {
    const auto width = labels.width();
    std::vector<std::int32_t> parents(static_cast<std::size_t>(labels.size()));
    std::iota(parents.begin(), parents.end(), 0);
    const auto root_of = [&](std::int32_t i) {
        while (parents[static_cast<std::size_t>(i)] != i)
            i = parents[static_cast<std::size_t>(i)] =
                parents[static_cast<std::size_t>(parents[static_cast<std::size_t>(i)])];
        return i;
    };
    const auto unite = [&](std::ptrdiff_t a, std::ptrdiff_t b) {
        const auto x = root_of(static_cast<std::int32_t>(a)), y = root_of(static_cast<std::int32_t>(b));
        parents[static_cast<std::size_t>(std::max(x, y))] = std::min(x, y);
    };
    const std::uint8_t* const pixels = labels.data();
    for (std::ptrdiff_t i = 0; i < labels.size(); ++i) {
        if (i % width > 0 && pixels[i] == pixels[i - 1]) unite(i, i - 1);
        if (i >= width && pixels[i] == pixels[i - width]) unite(i, i - width);
    }
    ids = lloyd::image<std::int32_t, 1>(width, labels.height());
    std::vector<std::ptrdiff_t> areas;
    for (std::int32_t i = 0; i < labels.size(); ++i) {
        const auto root = root_of(i);
        if (root == i) {
            ids.data()[i] = static_cast<std::int32_t>(areas.size());
            areas.push_back(0);
        } else {
            ids.data()[i] = ids.data()[root];
        }
        ++areas[static_cast<std::size_t>(ids.data()[i])];
    }
    return areas;
}

}  // namespace bench
