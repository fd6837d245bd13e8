// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What regions.py calls: the labels of a photo, their regions, the small ones merged, and outlines, through a C interface.
/// A result stays until the next call of its kind, as an object of Python does, so that reading it is not timed.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>
#include <lloyd/segment.hpp>

namespace {

using u8 = std::uint8_t;
using label_view = lloyd::image_view<const u8, 1>;

lloyd::region_map found;
lloyd::image<u8, 1> merged;
std::vector<lloyd::outline> drawn;

lloyd::connectivity connected(bool by_corners) {
    return by_corners ? lloyd::connectivity::eight : lloyd::connectivity::four;
}

}  // namespace

/// Writes a label, 0 to k − 1, for each of the width·height pixels.
extern "C" void label_photo(const u8* photo, std::ptrdiff_t width, std::ptrdiff_t height, int k, u8* labels) {
    const auto s = lloyd::segment(lloyd::image_view<const u8, 3>(photo, width, height), k);
    std::ranges::copy(s.labels.elements(), labels);
}

/// Returns how many there are.
extern "C" std::ptrdiff_t find_regions(const u8* labels, std::ptrdiff_t width, std::ptrdiff_t height, bool by_corners) {
    found = lloyd::find_regions(label_view(labels, width, height), connected(by_corners));
    return std::ssize(found.regions);
}

/// Writes the number of each pixel's region; and 7 numbers for each region: its area, its box (top, left, and the row and
/// column behind it), the row and column of its center.
extern "C" void read_regions(std::int32_t* ids, double* measures) {
    std::ranges::copy(found.ids.elements(), ids);
    for (const auto& one : found.regions) {
        for (const std::ptrdiff_t number : {one.area, one.y, one.x, one.y + one.height, one.x + one.width})
            *measures++ = static_cast<double>(number);
        *measures++ = one.center_y;
        *measures++ = one.center_x;
    }
}

extern "C" void merge_small_regions(const u8* labels, std::ptrdiff_t width, std::ptrdiff_t height, bool by_corners,
                                    std::ptrdiff_t min_area) {
    merged = lloyd::merge_small_regions(label_view(labels, width, height), min_area, connected(by_corners));
}

extern "C" void read_merged(u8* labels) { std::ranges::copy(merged.elements(), labels); }

/// One outline for each region. Returns how many there are.
extern "C" std::ptrdiff_t draw_regions(const u8* labels, std::ptrdiff_t width, std::ptrdiff_t height, bool by_corners) {
    const auto map = lloyd::find_regions(label_view(labels, width, height), connected(by_corners));
    drawn = lloyd::outlines(lloyd::find_borders(map.ids));
    return std::ssize(drawn);
}

/// One outline for each label, with fewer corners.
extern "C" void draw_labels(const u8* labels, std::ptrdiff_t width, std::ptrdiff_t height, double tolerance) {
    drawn = lloyd::outlines(lloyd::simplify(lloyd::find_borders(label_view(labels, width, height)), tolerance));
}
