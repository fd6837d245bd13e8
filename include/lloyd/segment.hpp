// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Divides an image into segments of similar colour; colours or masks images by segment.
///
///     auto s = lloyd::segment(photo, 5);
///     auto poster = lloyd::recolor(s.labels, s.palette);
///     auto largest = lloyd::mask(s.labels, 0);
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

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/base/entry.hpp>
#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/detail/base/wrong_types.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>

namespace lloyd::inline v0 {

/// The space in which colours are clustered: distances between them are Euclidean distances there.
///
/// - `rgb`: red, green, blue, 0 to 255 each.
/// - `hsv`: the 8-bit HSV of rgb_to_hsv: H 0 to 179, S and V 0 to 255. Hue is a line here, as in most tutorials, with
///   red at both of its ends; so two reds may be far apart.
/// - `hsv_cone`: (S·V·cos H, S·V·sin H, V) with S of 0 to 1 and V of 0 to 255: coordinates of −255 to 255, rounded to
///   2^-8. Hue is a circle here, so all reds are close to each other; and the grayer or darker colours are, the less
///   their hues count.
enum class color_space { rgb, hsv, hsv_cone };

/// How `segment` compares colours and clusters them.
struct segment_options {
    /// The space in which colours are clustered.
    color_space space = color_space::rgb;
    /// How to cluster. `weights` and `initial_centers` must be empty; `epsilon` is in units of the space.
    kmeans_options kmeans = {};
};

/// Segments are numbered by size, the largest first, so their numbers do not depend on the random seed.
struct segmentation {
    image<std::uint8_t, 1> labels;   ///< the segment of each pixel, 0 to k − 1
    image<std::uint8_t, 3> palette;  ///< k×1: the rounded mean RGB of each segment; empty ones repeat segment 0's
    std::vector<double> shares;      ///< k fractions of the pixels, in falling order; their sum is 1
    double compactness = 0;  ///< Σ over pixels of the squared distance to the nearest center, in the chosen space
    int iterations = 0;      ///< of the best attempt
    bool converged = false;  ///< whether the best attempt stopped for epsilon, or because no label changed
};

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_entries.inc>

template <class = entry>
segmentation segment_of(image_view<const std::uint8_t> photo, int k, const segment_options& options);
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
    constexpr bool fits = std::is_same_v<value_type_of<Image>, std::uint8_t> && detail::may_have_channels<Image, 3>;
    static_assert(fits,
                  "segment: the image must have 3 channels of std::uint8_t; select_channels<0, 1, 2> leaves alpha out");
    if constexpr (fits)
        return detail::segment_of(image_view<const std::uint8_t>(photo), k, options);
    else
        return {};
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
    static_assert(std::is_same_v<label_type, std::uint8_t> || std::is_same_v<label_type, std::int32_t>,
                  "recolor: labels must be std::uint8_t or std::int32_t");
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
    static_assert(std::is_same_v<label_type, std::uint8_t> || std::is_same_v<label_type, std::int32_t>,
                  "mask: labels must be std::uint8_t or std::int32_t");
    return detail::mask_of<label_type>(detail::as_view(labels), segment);
}

/// @cond
template <class Photo, class K = int, class Options = segment_options, class... More>
    requires detail::no_images<Photo>
segmentation segment(const Photo& photo, const K&, const Options& = {}, const More&...) {
    return detail::refuse_types<segmentation>(photo);
}
template <any_image Image, class Options = detail::misplaced_options<kmeans_options>>
    requires(!std::is_convertible_v<Options, segment_options>)
segmentation segment(const Image&, int, const Options&) {
    return detail::refuse_options<segmentation, Options, segment_options>();
}
template <class Labels, class Palette>
    requires detail::no_images<Labels, Palette>
image<std::uint8_t, 3> recolor(const Labels& labels, const Palette& palette) {
    return detail::refuse_types<image<std::uint8_t, 3>>(labels, palette);
}
template <class Labels>
    requires detail::no_images<Labels>
image<std::uint8_t, 1> mask(const Labels& labels, int) {
    return detail::refuse_types<image<std::uint8_t, 1>>(labels);
}
/// @endcond

}  // namespace lloyd::inline v0

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/color/recolor_kernels.hpp>
#include <lloyd/detail/histogram/color_lookup.hpp>
#include <lloyd/detail/kmeans/attempts.hpp>
#include <lloyd/detail/kmeans/color_spaces.hpp>
#include <lloyd/detail/kmeans/dispatch.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

inline void check_segment(std::ptrdiff_t pixels, std::ptrdiff_t channels, int k, const segment_options& options) {
    const auto space = static_cast<int>(options.space);
    if (space < 0 || space > static_cast<int>(color_space::hsv_cone))
        refuse("segment: space is ", space, ", but must be color_space::rgb, ::hsv or ::hsv_cone");
    if (k < 1 || k > 256) refuse("segment: k is ", k, ", but must be 1 to 256");
    if (!options.kmeans.weights.empty()) refuse("segment: weights must be empty: every pixel counts 1");
    if (!options.kmeans.initial_centers.empty()) refuse("segment: initial_centers must be empty: segments are seeded");
    check_kmeans("segment", pixels, k, options.kmeans);
    if (channels != 3) refuse("segment: the image has ", channels, " channels, but must have 3 (see select_channels)");
}

/// Clusters the colours of an image in a space; the labels are those of the colours.
template <class = deferred>
attempt_result cluster_in(color_space space, const color_histogram<3>& colors, int k, const kmeans_options& options,
                          thread_team& team) {
    switch (space) {
        case color_space::hsv: return cluster_in_hsv(colors, k, options, team);
        case color_space::hsv_cone: return cluster_in_cone(colors, k, options, team);
        case color_space::rgb: break;
    }
    return cluster_colors(colors.colors(), colors.counts(), {}, k, options, {}, team);
}

/// Cluster numbers, the heaviest first; of equally heavy ones the one with the smaller center, compared coordinate by
/// coordinate. So the order does not depend on the random seed.
template <class = deferred>
std::vector<std::size_t> by_falling_weight(const attempt_result& clusters) {
    const auto rank = [&](std::size_t j) {
        const double* center = clusters.centers.data() + 3 * j;
        return std::array{-clusters.weights[j], center[0], center[1], center[2], static_cast<double>(j)};
    };
    const auto is_before = [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); };
    std::vector<std::size_t> order;
    for (std::size_t j = 0; j < clusters.weights.size(); ++j)
        order.insert(std::upper_bound(order.begin(), order.end(), j, is_before), j);
    return order;
}

/// The mean colour of each segment, k×1, rounded half up; a segment without pixels repeats that of segment 0.
/// `segments` are those of the colours.
template <class = deferred>
image<std::uint8_t, 3> mean_colors(const color_histogram<3>& colors, std::span<const std::int32_t> segments,
                                   std::size_t k) {
    std::vector<std::array<std::uint64_t, 4>> sums(k);
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const auto count = static_cast<std::uint64_t>(colors.counts()[i]);
        const auto color = colors.colors()(static_cast<std::ptrdiff_t>(i), 0);
        auto& sum = sums[static_cast<std::size_t>(segments[i])];
        for (std::size_t c = 0; c < 3; ++c) sum[c] += count * color[c];
        sum[3] += count;
    }
    auto palette = uninitialized_image<std::uint8_t, 3>(static_cast<std::ptrdiff_t>(k), 1);
    for (std::size_t j = 0; j < k; ++j) {
        const auto& sum = sums[j][3] > 0 ? sums[j] : sums[0];
        for (std::size_t c = 0; c < 3; ++c)
            palette(static_cast<std::ptrdiff_t>(j), 0)[c] =
                static_cast<std::uint8_t>((2 * sum[c] + sum[3]) / (2 * sum[3]));
    }
    return palette;
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <class>
segmentation segment_of(image_view<const std::uint8_t> photo, int k, const segment_options& options) {
    check_segment(photo.size(), photo.channels(), k, options);
    const image_view<const std::uint8_t, 3> pixels(photo);

    thread_team team(options.kmeans.threads, pixels.height() + options.kmeans.attempts);
    const auto colors = histogram_of(pixels, team);
    auto clusters = cluster_in(options.space, colors, k, options.kmeans, team);

    const auto order = by_falling_weight(clusters);
    std::vector<std::int32_t> segment_of_cluster(order.size());
    for (std::size_t j = 0; j < order.size(); ++j) segment_of_cluster[order[j]] = static_cast<std::int32_t>(j);
    const auto segments = clusters.labels.elements();  // of each distinct colour
    for (auto& label : segments) label = segment_of_cluster[static_cast<std::size_t>(label)];

    std::vector<double> centers;  // in the order of segments; empty where they are not in the space of pixels
    for (const auto cluster : order)
        if (options.space == color_space::rgb)
            centers.insert(centers.end(), clusters.centers.data() + 3 * cluster,
                           clusters.centers.data() + 3 * cluster + 3);

    segmentation result;
    result.labels = label_pixels<std::uint8_t>(pixels, colors.colors(), segments, order.size(), centers, team);
    result.palette = mean_colors(colors, segments, order.size());
    for (const auto cluster : order)
        result.shares.push_back(clusters.weights[cluster] / static_cast<double>(pixels.size()));
    result.compactness = clusters.compactness;
    result.iterations = clusters.iterations;
    result.converged = clusters.converged;
    return result;
}

template <class Label, class Value>
void recolor_into(image_view<const Label> labels, image_view<const Value> palette, image_view<std::uint8_t> result) {
    if (labels.channels() != 1 && !labels.empty())
        refuse("recolor: labels has ", labels.channels(), " channels, but must have 1");
    if (palette.empty() && !labels.empty()) refuse("recolor: the palette has 0 colours, but needs one for each label");
    std::vector<std::uint8_t> colors;
    for (std::ptrdiff_t y = 0; y < palette.height() && !palette.empty(); ++y)
        for (const auto value : palette.row(y)) colors.push_back(to_8_bits(value));
    if (labels.empty()) return;
    const padded_palette padded(std::move(colors), static_cast<std::size_t>(palette.channels()));
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y) {
        check_labels(labels.row(y), palette.size());
        padded.recolor(labels.row(y), result.row(y).data());
    }
}

template <class Label>
image<std::uint8_t, 1> mask_of(image_view<const Label> labels, int segment) {
    if (labels.channels() != 1 && !labels.empty())
        refuse("mask: labels has ", labels.channels(), " channels, but must have 1");
    constexpr int highest = (std::numeric_limits<Label>::max)();
    if (segment < 0 || segment > highest) refuse("mask: segment is ", segment, ", allowed: 0 to ", highest);
    auto inside = uninitialized_image<std::uint8_t, 1>(labels.width(), labels.height());
    if (labels.empty()) return inside;
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y)
        run_kernel<mask_kernel<Label>>(labels.row(y).data(), labels.width(), static_cast<Label>(segment),
                                       inside.row(y).data());
    return inside;
}

#include <lloyd/detail/base/close_entries.inc>

#endif
