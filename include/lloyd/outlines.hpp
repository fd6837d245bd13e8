// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From labels to lines: the borders between labels, each once; fewer corners; closed outlines to fill.
///
///     auto borders = lloyd::find_borders(labels);
///     auto simple = lloyd::simplify(borders, 1.0);
///     auto shapes = lloyd::outlines(simple);
///
/// Lines run along the sides of pixels. Labels are std::uint8_t or std::int32_t, of one channel; −1 is nothing, as is all
/// around the picture.
/// @file
#pragma once

#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/entry.hpp>
#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/detail/base/wrong_types.hpp>
#include <lloyd/image.hpp>

namespace lloyd::inline v0 {

/// A corner of pixels: (x, y) is the top left one of pixel (x, y). 0 ≤ x ≤ width, 0 ≤ y ≤ height.
struct corner {
    std::int32_t x = 0;  ///< from the left
    std::int32_t y = 0;  ///< from the top
    /// Whether both are the same.
    [[gnu::always_inline]] friend bool operator==(const corner&, const corner&) = default;
};

/// A line between two labels. It ends where more than two labels meet, or one label meets itself by a corner, and at the
/// corners of the picture.
struct border {
    std::int32_t left = -1;       ///< the label on the left along the corners, as seen on the screen; −1 outside
    std::int32_t right = -1;      ///< the label on the right
    bool closed = false;          ///< whether the line goes on from the last corner to the first
    std::vector<corner> corners;  ///< its ends, and where it turns
};

/// What a label covers: all points with an odd number of rings around them.
struct outline {
    std::int32_t label = 0;                  ///< never −1
    std::vector<std::vector<corner>> rings;  ///< each is closed: the last corner is joined to the first
};

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_entries.inc>

template <class Label>
std::vector<border> borders_of(image_view<const Label> labels);
template <class = entry>
std::vector<border> simplified(std::span<const border> borders, double tolerance);
template <class = entry>
std::vector<outline> outlines_of(std::span<const border> borders);

#include <lloyd/detail/base/close_entries.inc>

namespace lloyd::inline v0 {

/// Finds the borders between labels: each side of a pixel where two labels differ lies on exactly one of them. Those that
/// end somewhere come first, by their first ends, row by row; of those that leave one corner, in the order up, left,
/// down, right. Closed ones that meet no other border follow, by their top left corners; they start there, and go down.
/// A closed border that hangs on a corner where others end starts there.
/// Throws std::invalid_argument for more than one channel, a side or a number of corners above 2^31 − 1, and labels below
/// −1. Cost O(pixels + corners), memory O(corners + width).
template <any_image Labels>
[[gnu::always_inline]] inline std::vector<border> find_borders(const Labels& labels) {
    using label_type = value_type_of<Labels>;
    constexpr bool fits = detail::is_label<label_type>;
    static_assert(fits, "find_borders: labels must be std::uint8_t or std::int32_t");
    if constexpr (fits)
        return detail::borders_of<label_type>(detail::as_view(labels));
    else
        return {};
}

/// The same borders with fewer corners (Douglas and Peucker 1973). No corner moves and ends stay; what is left out is no
/// farther than `tolerance`, in sides of pixels, from the line that replaces it. Where a line must keep a corner, it is
/// the farthest (of equals, the one nearest the middle of the corners between, then the first). A closed border that
/// would be left with two corners keeps the next farthest, too. As both labels share the line, no gap opens between
/// them; lines that were close to each other may cross.
/// Throws std::invalid_argument unless the tolerance is finite and at least 0, and for borders that find_borders would
/// not return. Cost O(corners · log corners) for most borders; at worst O(corners²) for each.
template <class = detail::deferred>
[[gnu::always_inline]] inline std::vector<border> simplify(std::span<const border> borders, double tolerance) {
    return detail::simplified(borders, tolerance);
}

/// One outline for each label that occurs, in rising order. Its rings have the label on the left, as seen on the screen:
/// outer ones run counter-clockwise, holes clockwise. Where several ways lead on they turn left as far as they can, so
/// that pixels that meet by a corner have rings of their own. Rings are in the order of their first borders. Those of
/// fewer than 3 corners are left out: what is thinner than the tolerance of simplify may vanish, up to all rings of a
/// label.
/// Filled by the even-odd rule, the outlines of all borders of a map give back its labels, pixel for pixel; after
/// simplify, every point of the picture is covered by an odd number of labels.
/// Throws std::invalid_argument for borders that find_borders would not return, for more than 2^31 − 1 of them, and where
/// some are missing, so that a ring does not close. Cost O(corners + borders · log borders).
template <class = detail::deferred>
[[gnu::always_inline]] inline std::vector<outline> outlines(std::span<const border> borders) {
    return detail::outlines_of(borders);
}

/// @cond
template <class Labels, class... More>
    requires detail::no_images<Labels>
std::vector<border> find_borders(const Labels&, const More&...) {
    static_assert(detail::are_images<Labels>,
                  "find_borders takes labels as an image: for a segmentation s find_borders(s.labels)");
    return {};
}
/// @endcond

}  // namespace lloyd::inline v0

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <algorithm>
#include <cstddef>
#include <limits>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/outlines/border_graph.hpp>
#include <lloyd/detail/outlines/line_simplifier.hpp>
#include <lloyd/detail/outlines/ring_tracer.hpp>
#include <lloyd/detail/regions/label_edges.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Refuses borders that no map has.
template <class = deferred>
void check_borders(const char* who, std::span<const border> borders) {
    for (const auto& each : borders) {
        if ((std::min)(each.left, each.right) < -1)
            refuse(who, ": a label is ", (std::min)(each.left, each.right), ", but must be at least -1");
        if (const std::size_t least = each.closed ? 1 : 2; each.corners.size() < least)
            refuse(who, ": a border has ", each.corners.size(), " corners, but must have at least ", least);
        for (const auto [x, y] : each.corners)
            if (x < 0 || y < 0) refuse(who, ": a corner is (", x, ", ", y, "), but must not be negative");
    }
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <class Label>
std::vector<border> borders_of(image_view<const Label> labels) {
    check_label_map("find_borders", labels);
    if (labels.empty()) return {};
    return border_graph<border, Label>(labels).trace();
}

template <class>
std::vector<border> simplified(std::span<const border> borders, double tolerance) {
    if (!is_finite(tolerance) || tolerance < 0)
        refuse("simplify: tolerance is ", tolerance, ", but must be finite and at least 0");
    check_borders("simplify", borders);
    std::vector<border> simple;
    simple.reserve(borders.size());
    line_simplifier<corner> simplifier(tolerance);
    for (const auto& each : borders)
        simple.push_back({each.left, each.right, each.closed, simplifier.simplify(each.corners, each.closed)});
    return simple;
}

template <class>
std::vector<outline> outlines_of(std::span<const border> borders) {
    constexpr std::size_t most = (std::numeric_limits<std::int32_t>::max)();
    if (borders.size() > most)
        refuse("outlines: borders has ", borders.size(), " elements, but may have at most ", most);
    check_borders("outlines", borders);
    return ring_tracer<outline, border>(borders).trace();
}

#include <lloyd/detail/base/close_entries.inc>

#endif
