// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Divides an image into segments of similar colour, and other images, such as the next frame of a film, into the same
/// segments; colours or masks images by segment.
///
///     auto s = lloyd::segment(photo, 5);
///     auto poster = lloyd::recolor(s.labels, s.palette);
///     auto largest = lloyd::mask(s.labels, 0);
///     auto next = lloyd::segment(frame, s);
/// @file
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lloyd/detail/base/entry.hpp>
#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/detail/base/wrong_types.hpp>
#include <lloyd/dither.hpp>  // IWYU pragma: export
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>
#include <lloyd/segment_options.hpp>

#include <lloyd/detail/base/open_entries.inc>

template <class = entry>
segmentation segment_of(image_view<const std::uint8_t> photo, int k, const segment_options& options);
template <class = entry>
segmentation next_segments(image_view<const std::uint8_t> frame, const segmentation& previous,
                           const segment_options& options);
template <class = entry>
image<std::uint8_t, 1> assigned_segments(image_view<const std::uint8_t> photo, const segmentation& segments,
                                         const assign_options& options);
template <class Label>
segmentation relabelled(image_view<const std::uint8_t> photo, const segmentation& segments,
                        image_view<const Label> labels, image_view<const std::uint8_t, 1> weights);
template <class Label, class Value>
void recolor_into(image_view<const Label> labels, image_view<const Value> palette, image_view<std::uint8_t> result);
template <class Label>
image<std::uint8_t, 1> mask_of(image_view<const Label> labels, int segment);

#include <lloyd/detail/base/close_entries.inc>

namespace lloyd::inline v0 {

/// Clusters the colours of an 8-bit image of 3 channels (in its type, or at run time) into k segments. k is 1 to 256,
/// and at most the number of pixels. Pixels of equal colour are in the same segment.
/// Throws std::invalid_argument for an empty image and for options out of range; passes on what a progress callback
/// throws. Cost: that of kmeans on the distinct colours, plus O(pixels).
template <any_image Image>
[[gnu::always_inline]] inline segmentation segment(const Image& photo, int k, const segment_options& options = {}) {
    static_assert(detail::is_8_bit<Image>, "segment: elements of the photo must be std::uint8_t");
    static_assert(detail::may_have_channels<Image, 3>,
                  "segment: the photo must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    return detail::segment_of(detail::as_photo(photo), k, options);
}

/// Segments the next frame of a film: as many segments, in the same space, by one attempt from the centers of the frame
/// before; so each segment keeps its number. One without pixels keeps its center and its colour, with share 0, until
/// pixels come back. The frame may have any size but 0.
/// Of `previous` only centers, space, fixed and palette are used. `space` may be left out, or be that of `previous`;
/// `fixed` must be empty, since `previous` has it, and attempts 1; `init`, `seed` and `order` have no effect.
/// Throws like segment, and for malformed centers, palette, space or fixed in `previous`. Cost: that of segment, with
/// fewer iterations the less changed.
template <any_image Image>
[[gnu::always_inline]] inline segmentation segment(const Image& frame, const segmentation& previous,
                                                   const segment_options& options = {}) {
    static_assert(detail::is_8_bit<Image>, "segment: elements of the frame must be std::uint8_t");
    static_assert(detail::may_have_channels<Image, 3>,
                  "segment: the frame must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    return detail::next_segments(detail::as_photo(frame), previous, options);
}

/// The segment of each pixel of another image: the nearest of the centers, in their space, the lowest on a tie.
/// assign(photo, segment(photo, k)) equals its labels.
/// Throws std::invalid_argument for malformed centers or space, and for threads below 0. Cost O(pixels + distinct
/// colours · k).
template <any_image Image>
[[gnu::always_inline]] inline image<std::uint8_t, 1> assign(const Image& photo, const segmentation& segments,
                                                            const assign_options& options = {}) {
    static_assert(detail::is_8_bit<Image>, "assign: elements of the photo must be std::uint8_t");
    static_assert(detail::may_have_channels<Image, 3>,
                  "assign: the photo must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    return detail::assigned_segments(detail::as_photo(photo), segments, options);
}

/// The segmentation with other labels: for labels that were cleaned or painted by hand. Measures palette, shares and
/// compactness anew, each pixel against the center of its label; a segment without pixels keeps its colour, with share 0.
/// Numbers and centers stay, and so do the colours of fixed segments. `labels` has one channel of std::uint8_t or
/// std::int32_t, 0 to k − 1, in the shape of the photo; `weights` are as in segment_options.
/// relabel(photo, s, s.labels) equals s. Throws std::invalid_argument for other labels, other shapes, weights that are
/// all 0, and malformed segments. Cost O(pixels).
template <any_image Image, any_image Labels>
[[gnu::always_inline]] inline segmentation relabel(const Image& photo, const segmentation& segments,
                                                   const Labels& labels,
                                                   image_view<const std::uint8_t, 1> weights = {}) {
    using label_type = value_type_of<Labels>;
    static_assert(detail::is_label<label_type>, "relabel: labels must be std::uint8_t or std::int32_t");
    static_assert(detail::is_8_bit<Image>, "relabel: elements of the photo must be std::uint8_t");
    static_assert(detail::may_have_channels<Image, 3>,
                  "relabel: the photo must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    return detail::relabelled<label_type>(detail::as_photo(photo), segments, detail::as_view(labels), weights);
}

/// The image in which each pixel has the colour of its label. `labels` has one channel of std::uint8_t or std::int32_t;
/// `palette` is k×1 with any number of channels, of std::uint8_t or double. Doubles are rounded half up and limited to
/// 0..255.
/// Throws std::invalid_argument for a label that is not 0 to k − 1 and for a palette that is not finite. Cost O(pixels).
template <any_image Labels, any_image Palette>
[[gnu::always_inline]] inline image<std::uint8_t, channels_of<Palette>> recolor(const Labels& labels,
                                                                                const Palette& palette) {
    using label_type = value_type_of<Labels>;
    using palette_type = value_type_of<Palette>;
    static_assert(detail::is_label<label_type>, "recolor: labels must be std::uint8_t or std::int32_t");
    static_assert(std::is_same_v<palette_type, std::uint8_t> || std::is_same_v<palette_type, double>,
                  "recolor: the palette must be std::uint8_t or double");
    auto result = detail::uninitialized_image<std::uint8_t, channels_of<Palette>>(
        labels.width(), labels.height(), (std::max)(palette.channels(), std::ptrdiff_t{1}));
    detail::recolor_into<label_type, palette_type>(detail::as_view(labels), detail::as_view(palette), result);
    return result;
}

/// 255 where the label is `segment`, 0 elsewhere. `labels` has one channel of std::uint8_t or std::int32_t.
/// Throws std::invalid_argument for a `segment` that no label of this type can be. Cost O(pixels).
template <any_image Labels>
[[gnu::always_inline]] inline image<std::uint8_t, 1> mask(const Labels& labels, int segment) {
    using label_type = value_type_of<Labels>;
    static_assert(detail::is_label<label_type>, "mask: labels must be std::uint8_t or std::int32_t");
    return detail::mask_of<label_type>(detail::as_view(labels), segment);
}

/// @cond
template <class Photo, class K = int, class Options = segment_options, class... More>
    requires detail::no_images<Photo>
segmentation segment(const Photo&, const K&, const Options& = {}, const More&...) {
    static_assert(detail::are_images<Photo>, "segment takes an image or a view of one, such as lloyd::image_view<const "
                                             "std::uint8_t, 3>(mat.data, mat.cols, mat.rows, mat.step) of a cv::Mat");
    return {};
}
template <any_image Image, class Options = detail::misplaced_options<kmeans_options>>
    requires(!std::is_convertible_v<Options, segment_options>)
segmentation segment(const Image&, int, const Options&) {
    return detail::refuse_options<segmentation, Options, segment_options>();
}
template <class Photo, class Labels, class... More>
    requires detail::no_images<Photo, Labels>
segmentation relabel(const Photo&, const segmentation&, const Labels&, const More&...) {
    static_assert(detail::are_images<Photo, Labels>,
                  "relabel takes a photo, its segmentation s, and labels as an image: relabel(photo, s, labels)");
    return {};
}
template <class Labels, class Palette>
    requires detail::no_images<Labels, Palette>
image<std::uint8_t, 3> recolor(const Labels&, const Palette&) {
    static_assert(detail::are_images<Labels, Palette>,
                  "recolor takes labels and a palette as images: for a segmentation s recolor(s.labels, s.palette)");
    return {};
}
template <class Labels>
    requires detail::no_images<Labels>
image<std::uint8_t, 1> mask(const Labels&, int) {
    static_assert(detail::are_images<Labels>, "mask takes labels as an image: for a segmentation s mask(s.labels, 0)");
    return {};
}
/// @endcond

}  // namespace lloyd::inline v0

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/color/recolor_kernels.hpp>
#include <lloyd/detail/kmeans/attempts.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/segments/colors_in_space.hpp>
#include <lloyd/detail/segments/measured_segments.hpp>
#include <lloyd/detail/segments/segment_checks.hpp>
#include <lloyd/detail/segments/segment_order.hpp>
#include <lloyd/detail/segments/space_coordinates.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Sets what clustering says of all segments together; weights are in units.
inline void set_outcome(segmentation& s, const attempt_result& clusters, double unit) {
    s.compactness = clusters.compactness * unit;
    s.iterations = clusters.iterations;
    s.converged = clusters.converged;
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <class>
segmentation segment_of(image_view<const std::uint8_t> photo, int k, const segment_options& options) {
    check_segment(photo, k, options);
    const image_view<const std::uint8_t, 3> pixels(photo);
    thread_team team(options.kmeans.threads, pixels.height() + options.kmeans.attempts);
    const counted_photo<> counted(pixels, options.weights, team);
    const colors_in_space<> colors("segment", options.space, counted.colors, team);
    const auto clusters = colors.cluster(k, options.kmeans, {{}, centers_of(options.space, options.fixed)});

    segmentation s;
    s.space = options.space;
    s.fixed = static_cast<int>(options.fixed.size());
    std::vector<std::array<std::uint8_t, 3>> means;
    if (options.order == segment_order::lightness)
        for (const auto& sums : sums_of_segments(counted.colors, colors.labels(clusters.centers.span()).elements(),
                                                 clusters.weights.size()))
            means.push_back(sums.mean());
    s.centers = in_order(clusters, s.fixed, means);
    set_outcome(s, clusters, counted.unit);
    measure_colors(s, pixels, counted.colors, colors.labels(s.centers.elements()).elements(), team);
    std::copy_n(image<std::uint8_t, 3>(options.fixed).data(), 3 * s.fixed, s.palette.data());
    return s;
}

template <class>
segmentation next_segments(image_view<const std::uint8_t> frame, const segmentation& previous,
                           const segment_options& options) {
    check_segmentation("segment", "previous", previous);
    check_next(frame, previous, options);
    const image_view<const std::uint8_t, 3> pixels(frame);
    thread_team team(options.kmeans.threads, pixels.height() + 1);
    const counted_photo<> counted(pixels, options.weights, team);
    const colors_in_space<> colors("segment", previous.space, counted.colors, team);
    first_centers first{start_centers("segment", "centers", previous.centers, 3, true), {}, false};
    first.fixed = copy_of<double>(first.all.span().first(3 * static_cast<std::size_t>(previous.fixed)));
    const auto clusters = colors.cluster(static_cast<int>(previous.centers.size()), options.kmeans, std::move(first));

    segmentation s;
    s.space = previous.space;
    s.fixed = previous.fixed;
    s.palette = image<std::uint8_t, 3>(image_view<const std::uint8_t, 3>(previous.palette));
    s.centers = uninitialized_image<double, 3>(previous.centers.size(), 1);
    std::copy(clusters.centers.begin(), clusters.centers.end(), s.centers.data());
    set_outcome(s, clusters, counted.unit);
    measure_colors(s, pixels, counted.colors, colors.labels(s.centers.elements()).elements(), team);
    return s;
}

template <class>
image<std::uint8_t, 1> assigned_segments(image_view<const std::uint8_t> photo, const segmentation& segments,
                                         const assign_options& options) {
    check_segmentation("assign", "the segmentation", segments);
    check_threads("assign", options.threads);
    check_photo("assign", photo);
    const image_view<const std::uint8_t, 3> pixels(photo);
    thread_team team(options.threads, pixels.height());
    const counted_photo<> counted(pixels, {}, team);
    const colors_in_space<> colors("assign", segments.space, counted.colors, team);
    const auto centers = start_centers("assign", "centers", segments.centers, 3, true);
    return label_photo(pixels, counted.colors, colors.labels(centers.span()).elements(), centers.span(), segments.space,
                       team);
}

template <class Label>
segmentation relabelled(image_view<const std::uint8_t> photo, const segmentation& segments,
                        image_view<const Label> labels, image_view<const std::uint8_t, 1> weights) {
    check_segmentation("relabel", "the segmentation", segments);
    check_photo("relabel", photo);
    check_weights_of_pixels("relabel", photo, weights);
    check_relabel(photo, labels, segments.centers.size());
    segmentation s{.labels = uninitialized_image<std::uint8_t, 1>(labels.width(), labels.height()),
                   .palette = segments.palette,
                   .centers = segments.centers,
                   .space = segments.space,
                   .fixed = segments.fixed,
                   .shares = {},
                   .compactness = 0,
                   .iterations = segments.iterations,
                   .converged = segments.converged};
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y)
        std::copy(labels.row(y).begin(), labels.row(y).end(), s.labels.row(y).begin());
    measure_labels(s, image_view<const std::uint8_t, 3>(photo), weights);
    return s;
}

#include <lloyd/detail/base/close_entries.inc>

#endif
