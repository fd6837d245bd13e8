// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Regions, merged regions, borders and outlines of any map of labels: they are those of the definitions, neither layout,
// nor type, nor the CPU level show, and borders that no map has are refused.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>

#include "../reference_regions.hpp"
#include "../sample_points.hpp"
#include "bytes.hpp"

namespace {

using fuzz::bytes;
using fuzz::is_refused;
using fuzz::require;
using reference::label_map;
using samples::same_pixels;
using view = lloyd::image_view<const std::int32_t>;

label_map read_labels(bytes& input) {
    label_map labels(input.below(70), input.below(10));
    const int levels = 2 + input.below(5), lowest = input.one_of({0, 0, -1, -2});
    std::vector<std::uint8_t> numbers(labels.elements().size());
    input.fill(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) labels.elements()[i] = numbers[i] % levels + lowest;
    return labels;
}

void check_regions(const label_map& labels, view elsewhere, lloyd::connectivity connected, std::ptrdiff_t min_area) {
    lloyd::region_map map;
    const bool refused = is_refused("find_regions: ", [&] { map = lloyd::find_regions(elsewhere, connected); });
    const auto lowest = labels.empty() ? 0 : *std::ranges::min_element(labels.elements());
    require(refused == (lowest < -1), "labels below -1 are refused");
    if (refused) return;
    const auto expected = reference::find_regions(labels, connected);
    require(same_pixels(map.ids, expected.ids), "regions are those that flooding finds");
    for (std::size_t i = 0; i < expected.regions.size(); ++i)
        require(map.regions[i].area == expected.regions[i].area && map.regions[i].x == expected.regions[i].x &&
                    map.regions[i].width == expected.regions[i].width &&
                    map.regions[i].center_x == expected.regions[i].center_x,
                "regions are measured right");
    const auto merged = lloyd::merge_small_regions(elsewhere, min_area, connected);
    const auto small =
        labels.crop(0, 0, std::min(labels.width(), std::ptrdiff_t{16}), std::min(labels.height(), std::ptrdiff_t{8}));
    require(same_pixels(lloyd::merge_small_regions(merged, min_area, connected), merged), "what is merged stays");
    require(same_pixels(lloyd::merge_small_regions(small, min_area, connected),
                        reference::merge_small_regions(label_map(small), min_area, connected)),
            "regions are merged as by the loop");
}

void check_outlines(const label_map& labels, view elsewhere, double tolerance) {
    std::vector<lloyd::border> borders, simple;
    if (is_refused("find_borders: ", [&] { borders = lloyd::find_borders(elsewhere); })) return;
    const auto filled = reference::filled(lloyd::outlines(borders), labels.width(), labels.height());
    require(same_pixels(filled, labels), "filled outlines give the labels back");
    if (is_refused("simplify: ", [&] { simple = lloyd::simplify(borders, tolerance); })) return;
    if (labels.empty() || *std::ranges::min_element(labels.elements()) < 0) return;
    const auto shapes = lloyd::outlines(simple);
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y)
        for (std::ptrdiff_t x = 0; x < labels.width(); ++x)
            require(std::ranges::count_if(shapes, [&](auto& one) { return reference::covers(one, x, y); }) % 2 == 1,
                    "simplified outlines cover every pixel by an odd number of labels");
}

/// Borders that no map has are refused, or joined somehow.
void check_any_borders(bytes& input) {
    std::vector<lloyd::border> borders(static_cast<std::size_t>(input.below(8)));
    for (auto& one : borders) {
        one.left = input.below(4) - 1;
        one.right = input.below(16) == 1 ? input.any<std::int32_t>() : input.below(4) - 1;
        one.closed = input.coin();
        one.corners.resize(static_cast<std::size_t>(input.below(6)));
        for (auto& at : one.corners)
            at = input.below(8) == 1 ? lloyd::corner{input.any<std::int32_t>(), input.any<std::int32_t>()}
                                     : lloyd::corner{input.below(3), input.below(3)};
    }
    const double tolerance = input.real<double>();
    std::vector<lloyd::border> simple;
    is_refused("outlines: ", [&] { lloyd::outlines(borders); });
    if (is_refused("simplify: ", [&] { simple = lloyd::simplify(borders, tolerance); })) return;
    is_refused("outlines: ", [&] { lloyd::outlines(simple); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    bytes input(data, size);
    static const auto levels = samples::cpu_levels();
    const samples::cpu_limit limit(levels[input.byte() % levels.size()]);
    if (input.below(8) == 1) return check_any_borders(input), 0;
    const auto connected = input.coin() ? lloyd::connectivity::four : lloyd::connectivity::eight;
    const std::ptrdiff_t min_area = input.byte();
    const double tolerance = input.one_of({0.0, 0.5, 1.0, input.byte() / 16.0, input.real<double>()});
    const auto padding = input.below(9);
    const bool bottom_up = input.coin();
    const auto labels = read_labels(input);
    const auto elsewhere = fuzz::place(lloyd::image<std::int32_t>(labels), padding, bottom_up, std::int32_t{-99});
    check_regions(labels, elsewhere.view, connected, min_area);
    check_outlines(labels, elsewhere.view, tolerance);
    return 0;
}
