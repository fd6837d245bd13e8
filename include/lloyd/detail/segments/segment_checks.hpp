// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Refuses photos, options, labels and segmentations that are malformed, before any work.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/segments/space_coordinates.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>
#include <lloyd/segment_options.hpp>

#include <lloyd/detail/base/open_detail.inc>

inline void check_photo(const char* who, image_view<const std::uint8_t> photo) {
    if (photo.channels() != 3)
        refuse(who, ": the image has ", photo.channels(), " channels, but must have 3 (see select_channels)");
}

inline void check_space(const char* who, const char* what, color_space space) {
    const auto number = static_cast<int>(space);
    if (number < 0 || number > static_cast<int>(color_space::oklab))
        refuse(who, ": ", what, " is ", number, ", but must be color_space::rgb, ::hsv, ::hsv_cone, ::lab or ::oklab");
}

/// Another image that belongs to a photo, pixel by pixel.
template <class = deferred>
void check_shape(const char* who, const char* what, std::ptrdiff_t width, std::ptrdiff_t height,
                 image_view<const std::uint8_t> photo) {
    if (width != photo.width() || height != photo.height())
        refuse(who, ": ", what, " are of ", width, "x", height, " pixels, but the image has ", photo.width(), "x",
               photo.height());
}

/// Weights of pixels may be empty.
template <class = deferred>
void check_weights_of_pixels(const char* who, image_view<const std::uint8_t> photo,
                             image_view<const std::uint8_t, 1> weights) {
    if (weights.empty()) return;
    check_shape(who, "weights", weights.width(), weights.height(), photo);
    for (std::ptrdiff_t y = 0; y < weights.height(); ++y) {
        const auto row = weights.row(y);
        if (std::any_of(row.begin(), row.end(), [](std::uint8_t weight) { return weight != 0; })) return;
    }
    refuse(who, ": weights are all 0, but at least one must be more");
}

/// What all forms of segment have in common.
template <class = deferred>
void check_segment_options(image_view<const std::uint8_t> photo, int k, const segment_options& options) {
    check_space("segment", "space", options.space);
    if (!options.kmeans.weights.empty())
        refuse("segment: kmeans.weights must be empty: weights of pixels are segment_options::weights");
    if (!options.kmeans.initial_centers.empty())
        refuse("segment: initial_centers must be empty: segments are seeded, or begin with those of another frame");
    if (!options.kmeans.fixed_centers.empty())
        refuse("segment: fixed_centers must be empty: fixed has the colours that stay");
    if (photo.empty()) refuse("segment: the image has no pixels, but needs at least 1");
    check_kmeans("segment", (std::max)(photo.size(), std::ptrdiff_t{k}), k, options.kmeans);
    check_photo("segment", photo);
    check_weights_of_pixels("segment", photo, options.weights);
}

template <class = deferred>
void check_segment(image_view<const std::uint8_t> photo, int k, const segment_options& options) {
    if (k < 1 || k > 256) refuse("segment: k is ", k, ", but must be 1 to 256");
    if (!photo.empty() && k > photo.size())
        refuse("segment: k is ", k, ", but there are only ", photo.size(), " pixels");
    if (options.fixed.size() > k) refuse("segment: fixed has ", options.fixed.size(), " colours, but k is ", k);
    const auto order = static_cast<int>(options.order);
    if (order < 0 || order > static_cast<int>(segment_order::lightness))
        refuse("segment: order is ", order, ", but must be segment_order::share or ::lightness");
    check_segment_options(photo, k, options);
}

/// Centers or a palette of k segments.
inline void check_list(const char* who, const char* list, const char* what, std::ptrdiff_t width, std::ptrdiff_t height,
                       std::ptrdiff_t k) {
    if (width != k || height != 1)
        refuse(who, ": the ", list, " of ", what, " are ", width, "x", height, ", but must be ", k, "x1");
}

/// A segmentation that the user may have put together: its centers, space, fixed and palette.
template <class = deferred>
void check_segmentation(const char* who, const char* what, const segmentation& segments) {
    const auto k = segments.centers.size();
    if (k < 1 || k > 256) refuse(who, ": ", what, " has ", k, " centers, but must have 1 to 256");
    check_space(who, "space of the segmentation", segments.space);
    check_list(who, "centers", what, segments.centers.width(), segments.centers.height(), k);
    check_list(who, "palette colours", what, segments.palette.width(), segments.palette.height(), k);
    const auto range = range_of_space(segments.space);
    for (std::ptrdiff_t j = 0; j < k; ++j)
        for (const double c : segments.centers(j, 0))
            if (!(range.lowest <= c && c <= range.highest))
                refuse(who, ": a coordinate of center ", j, " of ", what, " is ", c, ", but must be ", range.lowest,
                       " to ", range.highest);
    if (segments.fixed < 0 || segments.fixed > k)
        refuse(who, ": fixed of ", what, " is ", segments.fixed, ", but must be 0 to ", k);
}

/// The options of the next frame of a film.
template <class = deferred>
void check_next(image_view<const std::uint8_t> frame, const segmentation& previous, const segment_options& options) {
    if (!options.fixed.empty()) refuse("segment: fixed must be empty with previous, which has its own fixed colours");
    if (options.kmeans.attempts != 1)
        refuse("segment: attempts is ", options.kmeans.attempts, ", but must be 1 with previous");
    check_segment_options(frame, static_cast<int>(previous.centers.size()), options);
    if (options.space != color_space::rgb && options.space != previous.space)
        refuse("segment: space is ", static_cast<int>(options.space), ", but that of previous is ",
               static_cast<int>(previous.space));
}

/// Labels for relabel.
template <class Label>
void check_relabel(image_view<const std::uint8_t> photo, image_view<const Label> labels, std::ptrdiff_t k) {
    if (labels.channels() != 1 && !labels.empty())
        refuse("relabel: labels have ", labels.channels(), " channels, but must have 1");
    check_shape("relabel", "labels", labels.width(), labels.height(), photo);
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y)
        for (const auto label : labels.row(y))
            if (label < 0 || label >= k) refuse("relabel: a label is ", label, ", but must be 0 to ", k - 1);
}

}  // namespace lloyd::inline v0::detail
