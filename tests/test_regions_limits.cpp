// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// How much stack the regions and outlines of hostile maps take.

#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>

#include <algorithm>
#include <cstddef>

#include <doctest/doctest.h>

#include "little_stack.hpp"
#include "sample_labels.hpp"

namespace {

using namespace samples;

TEST_CASE("takes hostile maps of 512 x 512 pixels in a stack of 64 KiB") {
    for (const auto& map : hostile_maps(512)) {
        CAPTURE(map.name);
        const auto labels = map_of(512, 512, map.label);
        double area = 0;
        std::size_t regions = 0, left = 0, shapes = 0;
        in_little_stack([&] {
            const auto found = lloyd::find_regions(labels);
            regions = found.regions.size();
            for (const auto& one : found.regions) area += static_cast<double>(one.area);
            const auto merged = lloyd::merge_small_regions(labels, 1 << 30);
            left = lloyd::find_regions(merged).regions.size();
            shapes = lloyd::outlines(lloyd::simplify(lloyd::find_borders(labels), 1)).size();
        });
        CHECK(area == static_cast<double>(labels.size() - std::ranges::count(labels.elements(), -1)));
        CHECK((left >= 1 && left <= regions && shapes >= 1 && shapes <= regions));
        if (std::ranges::count(labels.elements(), -1) == 0) CHECK(left == 1);
    }
}

}  // namespace
