// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The connected regions of a map of labels: found, measured, and the small ones merged into their neighbours.
///
///     auto s = lloyd::segment(photo, 8);
///     auto map = lloyd::find_regions(s.labels);
///     auto clean = lloyd::merge_small_regions(s.labels, 64);
///
/// A region is as many pixels of one label as are connected. Labels are std::uint8_t or std::int32_t, of one channel. The
/// label −1 is nothing: its pixels are in no region.
/// @file
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <lloyd/detail/base/entry.hpp>
#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/detail/base/wrong_types.hpp>
#include <lloyd/image.hpp>

namespace lloyd::inline v0 {

/// Which pixels of equal labels are connected.
enum class connectivity {
    four,   ///< those that share a side
    eight,  ///< those that share a side or a corner
};

/// What is known of a region. Coordinates are indices of pixels.
struct region {
    std::int32_t label = 0;     ///< that its pixels have
    std::ptrdiff_t area = 0;    ///< its pixels
    std::ptrdiff_t x = 0;       ///< the left column of the smallest box around it
    std::ptrdiff_t y = 0;       ///< the top row of that box
    std::ptrdiff_t width = 0;   ///< of that box
    std::ptrdiff_t height = 0;  ///< of that box
    double center_x = 0;        ///< mean column: a single pixel at (3, 5) has 3
    double center_y = 0;        ///< mean row: there it is 5
};

/// The regions of a map, numbered in the order of their first pixels, row by row.
struct region_map {
    image<std::int32_t, 1> ids;   ///< the number of each pixel's region; −1 where the label is −1
    std::vector<region> regions;  ///< regions[id], 0 ≤ id < regions.size()
};

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_entries.inc>

template <class Label>
region_map regions_of(image_view<const Label> labels, connectivity connected);
template <class Label>
image<Label, 1> merged_regions(image_view<const Label> labels, std::ptrdiff_t min_area, connectivity connected);
template <class Label>
image<std::int32_t, 1> cut_labels(image_view<const Label> labels, image_view<const std::uint8_t> alpha);

#include <lloyd/detail/base/close_entries.inc>

namespace lloyd::inline v0 {

/// Finds the connected regions of a map of labels, and measures them (He, Chao and Suzuki 2008).
/// Throws std::invalid_argument for more than one channel, a side or a number of runs (equal labels side by side in a
/// row) above 2^31 − 1, and labels below −1. Cost O(pixels), memory beside the result O(runs).
template <any_image Labels>
[[gnu::always_inline]] inline region_map find_regions(const Labels& labels,
                                                      connectivity connected = connectivity::four) {
    using label_type = value_type_of<Labels>;
    constexpr bool fits = detail::is_label<label_type>;
    static_assert(fits, "find_regions: labels must be std::uint8_t or std::int32_t");
    if constexpr (fits)
        return detail::regions_of<label_type>(detail::as_view(labels), connected);
    else
        return {};
}

/// A map in which every region of fewer than min_area pixels has gone to a neighbour, the smallest first (of equals, the
/// one with the lower number in find_regions of the map as it is then). A region gets the label of the neighbour with
/// which it shares most sides of pixels (of equals, the larger one, then the lower number). Neighbours share a side,
/// whatever the connectivity. So no smaller region remains, but those without a neighbour, and no label appears where
/// it was not adjacent. Pixels of −1 stay as they are. A min_area of 0 or 1 changes nothing.
/// Throws std::invalid_argument for a negative min_area, and as find_regions does. Cost O(pixels + runs · log runs),
/// memory beside the result O(runs).
template <any_image Labels>
[[gnu::always_inline]] inline image<value_type_of<Labels>, 1> merge_small_regions(
    const Labels& labels, std::ptrdiff_t min_area, connectivity connected = connectivity::four) {
    using label_type = value_type_of<Labels>;
    constexpr bool fits = detail::is_label<label_type>;
    static_assert(fits, "merge_small_regions: labels must be std::uint8_t or std::int32_t");
    if constexpr (fits)
        return detail::merged_regions<label_type>(detail::as_view(labels), min_area, connected);
    else
        return {};
}

/// The labels, but −1 where `alpha` (std::uint8_t, one channel, the same size) is below 128: what is cut out is in no
/// region, and no outline is drawn around it.
/// Throws std::invalid_argument for another size of alpha or more than one channel, and as find_regions does. Cost
/// O(pixels).
template <any_image Labels, any_image Alpha>
[[gnu::always_inline]] inline image<std::int32_t, 1> cut(const Labels& labels, const Alpha& alpha) {
    using label_type = value_type_of<Labels>;
    constexpr bool fits = detail::is_label<label_type>;
    constexpr bool alpha_fits = std::is_same_v<value_type_of<Alpha>, std::uint8_t>;
    static_assert(fits, "cut: labels must be std::uint8_t or std::int32_t");
    static_assert(alpha_fits, "cut: alpha must be std::uint8_t");
    if constexpr (fits && alpha_fits)
        return detail::cut_labels<label_type>(detail::as_view(labels), detail::as_view(alpha));
    else
        return {};
}

/// @cond
template <class Labels, class... More>
    requires detail::no_images<Labels>
region_map find_regions(const Labels&, const More&...) {
    static_assert(detail::are_images<Labels>,
                  "find_regions takes labels as an image: for a segmentation s find_regions(s.labels)");
    return {};
}
template <class Labels, class... More>
    requires detail::no_images<Labels>
image<std::uint8_t, 1> merge_small_regions(const Labels&, const More&...) {
    static_assert(
        detail::are_images<Labels>,
        "merge_small_regions takes labels as an image: for a segmentation s merge_small_regions(s.labels, 64)");
    return {};
}
template <class Labels, class Alpha>
    requires detail::no_images<Labels, Alpha>
image<std::int32_t, 1> cut(const Labels&, const Alpha&) {
    static_assert(detail::are_images<Labels, Alpha>,
                  "cut takes labels and alpha as images: for a segmentation s cut(s.labels, alpha)");
    return {};
}
/// @endcond

}  // namespace lloyd::inline v0

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <algorithm>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/regions/label_edges.hpp>
#include <lloyd/detail/regions/label_runs.hpp>
#include <lloyd/detail/regions/region_merger.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

inline void check_connectivity(const char* who, connectivity connected) {
    if (connected != connectivity::four && connected != connectivity::eight)
        refuse(who, ": connected is ", static_cast<int>(connected),
               ", but must be connectivity::four or connectivity::eight");
}

/// Counts the pixels of a run. Until all are counted, the box has right and lower ends instead of sizes, and the center
/// is twice the sum of all coordinates: a whole number.
inline void add_run(region& to, std::ptrdiff_t start, std::ptrdiff_t end, std::ptrdiff_t y) {
    const auto pixels = end - start;
    to.area += pixels;
    to.x = (std::min)(to.x, start);
    to.width = (std::max)(to.width, end);
    to.height = y + 1;
    to.center_x += static_cast<double>(pixels * (start + end - 1));
    to.center_y += static_cast<double>(pixels * 2 * y);
}

inline void finish(region& counted) {
    counted.width -= counted.x;
    counted.height -= counted.y;
    counted.center_x /= 2 * static_cast<double>(counted.area);
    counted.center_y /= 2 * static_cast<double>(counted.area);
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <class Label>
region_map regions_of(image_view<const Label> labels, connectivity connected) {
    check_connectivity("find_regions", connected);
    check_label_map("find_regions", labels);
    region_map map;
    map.ids = uninitialized_image<std::int32_t, 1>(labels.width(), labels.height());
    if (labels.empty()) return map;
    auto runs = find_runs("find_regions", labels, connected == connectivity::eight);
    map.regions.reserve(runs.most_regions());
    runs.number_regions(labels, [&](std::int32_t run, std::ptrdiff_t y, std::int32_t label) {
        const auto [start, id] = runs[run];
        if (id == std::ssize(map.regions)) {
            auto& its = map.regions.emplace_back();
            its.label = label;
            its.x = start;
            its.y = y;
        }
        add_run(map.regions[static_cast<std::size_t>(id)], start, runs[run + 1].start, y);
    });
    for (auto& each : map.regions) finish(each);
    paint_runs<std::int32_t>(runs, map.ids);
    return map;
}

template <class Label>
image<Label, 1> merged_regions(image_view<const Label> labels, std::ptrdiff_t min_area, connectivity connected) {
    check_connectivity("merge_small_regions", connected);
    if (min_area < 0) refuse("merge_small_regions: min_area is ", min_area, ", but must be at least 0");
    check_label_map("merge_small_regions", labels);
    auto merged = uninitialized_image<Label, 1>(labels.width(), labels.height());
    if (labels.empty()) return merged;
    const bool by_corners = connected == connectivity::eight;
    auto runs = find_runs("merge_small_regions", labels, by_corners);
    region_merger<>(runs, labels).merge_below(min_area, by_corners);
    paint_runs<Label>(runs, merged);
    return merged;
}

template <class Label>
image<std::int32_t, 1> cut_labels(image_view<const Label> labels, image_view<const std::uint8_t> alpha) {
    check_label_map("cut", labels);
    if (alpha.channels() != 1 && !alpha.empty())
        refuse("cut: alpha has ", alpha.channels(), " channels, but must have 1");
    if (alpha.width() != labels.width() || alpha.height() != labels.height())
        refuse("cut: alpha has ", alpha.width(), "x", alpha.height(), " pixels, but labels has ", labels.width(), "x",
               labels.height());
    auto seen = uninitialized_image<std::int32_t, 1>(labels.width(), labels.height());
    for (std::ptrdiff_t y = 0; y < labels.height() && !labels.empty(); ++y) {
        const auto from = labels.row(y);
        const auto cover = alpha.row(y);
        const auto to = seen.row(y);
        for (std::size_t x = 0; x < to.size(); ++x) {
            check_label("cut", from[x]);
            to[x] = cover[x] < 128 ? -1 : from[x];
        }
    }
    return seen;
}

#include <lloyd/detail/base/close_entries.inc>

#endif
