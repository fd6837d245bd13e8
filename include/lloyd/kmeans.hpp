// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// K-Means: finds k centers that make the sum of squared distances from each point to its nearest center small (Lloyd,
/// *Least squares quantization in PCM*, 1957, published 1982). The algorithm assigns every point to its nearest center,
/// moves every center to the mean of its points, and repeats both until nothing changes.
///
///     auto result = lloyd::kmeans(photo, 3, {.attempts = 10, .max_iterations = 10, .epsilon = 1.0, .seed = 42});
///     result.centers(0, 0)[2]     // the blue channel of center 0
///     result.labels(x, y)[0]      // the index of the center nearest to pixel (x, y)
///
/// Points are the pixels of an image, or the rows of a table viewed through `points`. Elements are std::uint8_t,
/// std::uint16_t, float or double. The same seed gives the same result, to the bit, on any number of threads and for
/// any layout of the data; for 8-bit data also on any CPU and with any compiler, and for other data, too, where the
/// initial centers are given.
/// @file
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/detail/base/wrong_types.hpp>
#include <lloyd/detail/kmeans_common/point_views.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>

namespace lloyd::inline v0 {

/// What kmeans finds. Its parts agree: labels are those of the nearest of these centers, weights and compactness are
/// measured with these labels and centers.
template <std::size_t Channels = std::dynamic_extent>
struct kmeans_result {
    image<double, Channels> centers;  ///< k×1, in the units of the data; for 8-bit data multiples of 2^-16
    image<std::int32_t, 1> labels;  ///< in the shape of the data: the nearest center, 0 to k − 1; the lowest on a tie
    std::vector<double> weights;    ///< k: the sum of the weights of each cluster's points
    double compactness = 0;         ///< Σ weight · squared distance to the nearest center (WCSS, inertia)
    int iterations = 0;             ///< of the best attempt
    bool converged = false;         ///< whether it ended by itself: by epsilon, or as no label changed
    int attempt = 0;                ///< the index of the best attempt, from 0
};

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_entries.inc>

template <class T, std::size_t ColorChannels>
kmeans_result<> kmeans_of(image_view<const T> data, int k, const kmeans_options& options);

template <class T, std::size_t ColorChannels>
image<std::int32_t, 1> assign_of(image_view<const T> data, image_view<const double> centers,
                                 const assign_options& options);

#include <lloyd/detail/base/close_entries.inc>

namespace lloyd::inline v0 {

/// Clusters the points of `data` around k centers, 1 ≤ k ≤ number of points.
///
/// An empty cluster takes the point farthest from its own center. With fewer distinct points than k, surplus centers
/// repeat a point and have weight 0. For 8-bit data of 1 to 3 channels the points are the distinct colours, weighted by
/// how many pixels have them: that is faster, and takes the same steps from the same centers, except that an empty
/// cluster takes a colour with all its pixels.
///
/// Throws std::invalid_argument for data that is empty or not finite and for options out of range, before any work;
/// whatever `progress` throws; std::bad_alloc.
/// Cost O(n · k · channels · (iterations + ln k) · attempts) for n points or distinct colours. Memory beside data and
/// result: for colours at most 64 MiB for each thread and 48 bytes for each colour; for other points 4 bytes for each
/// coordinate, and 8 for each point where k · channels ≥ 1024.
template <any_image Image>
[[gnu::always_inline]] inline kmeans_result<channels_of<Image>> kmeans(const Image& data, int k,
                                                                       const kmeans_options& options = {}) {
    static_assert(detail::is_coordinate<value_type_of<Image>>,
                  "kmeans: elements must be std::uint8_t, std::uint16_t, float or double");
    auto found =
        detail::kmeans_of<value_type_of<Image>, detail::color_channels<Image>>(detail::as_view(data), k, options);
    kmeans_result<channels_of<Image>> result;
    result.centers = detail::with_channels<channels_of<Image>>(std::move(found.centers));
    result.labels = std::move(found.labels);
    result.weights = std::move(found.weights);
    result.compactness = found.compactness;
    result.iterations = found.iterations;
    result.converged = found.converged;
    result.attempt = found.attempt;
    return result;
}

/// The index of the nearest center of each point, the lowest on a tie, in the shape of `data`. `centers` are a k×1
/// image of double with as many channels as the data; for 8-bit data they are first rounded to multiples of 2^-16.
/// assign(data, result.centers) equals result.labels.
///
/// Throws std::invalid_argument when data or centers are empty, not finite, or differ in channels, and for threads below
/// 0; std::bad_alloc.
/// Cost O(n · k · channels), for 8-bit data of 1 to 3 channels O(pixels + distinct colours · k).
template <any_image Image, any_image Centers>
[[gnu::always_inline]] inline image<std::int32_t, 1> assign(const Image& data, const Centers& centers,
                                                            const assign_options& options = {}) {
    static_assert(detail::is_coordinate<value_type_of<Image>>,
                  "assign: elements must be std::uint8_t, std::uint16_t, float or double");
    static_assert(std::is_same_v<value_type_of<Centers>, double>, "assign: centers must be double");
    return detail::assign_of<value_type_of<Image>, detail::color_channels<Image>>(detail::as_view(data),
                                                                                  detail::as_view(centers), options);
}

/// @cond
template <class Data, class K = int, class Options = kmeans_options, class... More>
    requires detail::no_images<Data>
kmeans_result<> kmeans(const Data&, const K&, const Options& = {}, const More&...) {
    static_assert(detail::are_images<Data>,
                  "kmeans takes an image, such as lloyd::image_view<const std::uint8_t, 3>(mat.data, mat.cols, "
                  "mat.rows, mat.step) of a cv::Mat, or n points of d numbers as lloyd::points(pointer, n, d)");
    return {};
}
template <class Data, class Centers>
    requires detail::no_images<Data, Centers>
image<std::int32_t, 1> assign(const Data&, const Centers&, const assign_options& = {}) {
    static_assert(detail::are_images<Data, Centers>,
                  "assign takes an image, or points as lloyd::points(pointer, n, d), and centers as kmeans finds them: "
                  "assign(data, result.centers)");
    return {};
}
/// @endcond

}  // namespace lloyd::inline v0

// Below: how. The algorithm itself is in detail/kmeans/attempts.hpp.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/histogram/color_lookup.hpp>
#include <lloyd/detail/kmeans/attempts.hpp>
#include <lloyd/detail/kmeans/dispatch.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/weighted_pixels.hpp>
#include <lloyd/detail/kmeans_common/weights.hpp>
#include <lloyd/detail/points/nearest_center.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The result in the units of the data, without labels.
template <class = deferred>
kmeans_result<> to_result(attempt_result&& winner, const point_set& points) {
    kmeans_result<> result;
    result.centers = to_image(winner.centers, points);
    result.weights = std::move(winner.weights);
    result.compactness = points.to_compactness(winner.compactness);
    result.iterations = winner.iterations;
    result.converged = winner.converged;
    result.attempt = winner.attempt;
    return result;
}

/// Beside points without weight that are very large, differences of others may vanish, and these get other labels than
/// `before`, where they stood alone: then sums up the weights anew.
template <class = deferred>
[[gnu::cold]] void weigh_again(kmeans_result<>& result, const image<std::int32_t, 1>& before,
                               std::span<const double> weights, const weight_unit& unit) {
    std::vector<double> sums(result.weights.size());
    const std::int32_t* old = before.data();
    bool any_changed = false;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (unit.count(weights[i]) == 0) continue;
        const auto label = result.labels.data()[i];
        sums[static_cast<std::size_t>(label)] += weights[i];
        any_changed = any_changed || label != *old;
        ++old;
    }
    if (any_changed) result.weights = std::move(sums);
}

/// Clusters pixels: each is a point.
template <class T>
kmeans_result<> cluster_pixels(image_view<const T> data, int k, const kmeans_options& options) {
    const auto unit = check_weights("kmeans", options.weights, data.size());
    constexpr bool bytes = std::is_same_v<T, std::uint8_t>;
    auto first = checked_first_centers("kmeans", options, data.channels(), bytes);
    const weighted_pixels<T> weighted("kmeans", data, options.weights, unit, first.fixed);
    const auto points = weighted.points();
    first.scale(points.scale);
    thread_team team(options.threads, points.chunks(k) + options.attempts);
    auto winner = [&] {
        if constexpr (std::is_same_v<T, float>)
            return cluster_floats(points, k, options, first, team);
        else
            return cluster(points, k, options, first, team);
    }();
    auto labels = std::move(winner.labels);
    auto result = to_result(std::move(winner), points);
    if (weighted.are_all()) {
        result.labels = std::move(labels);
        return result;
    }
    result.labels = label_all("kmeans", data, copy_of<double>(result.centers.elements()), 1);
    weigh_again(result, labels, options.weights, unit);
    return result;
}

/// Clusters the distinct colours of a photo, and labels its pixels.
template <std::size_t Channels>
kmeans_result<> cluster_photo(image_view<const std::uint8_t, Channels> photo, int k, const kmeans_options& options) {
    const auto unit = check_weights("kmeans", options.weights, photo.size());
    const auto first = checked_first_centers("kmeans", options, Channels, true);
    thread_team team(options.threads, photo.height() + options.attempts);
    const weighted_colors<Channels> weighted(photo, options.weights, unit, team);
    const auto colors = weighted.colors.colors();
    const auto points = weighted.points();
    auto winner = cluster_colors(colors, points, k, options, first, team);
    const auto centers_in_range = are_colors(winner.centers) ? winner.centers.span() : std::span<double>();
    auto labels = label_pixels<std::int32_t>(photo, colors, winner.labels.elements(), winner.weights.size(),
                                             centers_in_range, team);
    auto result = to_result(std::move(winner), points);
    result.labels = std::move(labels);
    return result;
}

/// The nearest center of each colour of a photo, looked up for its pixels.
template <std::size_t Channels>
image<std::int32_t, 1> assign_photo(image_view<const std::uint8_t, Channels> photo, const buffer<double>& centers,
                                    int threads) {
    thread_team team(threads, photo.height());
    const auto colors = histogram_of(photo, team);
    const auto labels = nearest_labels(point_set(colors.colors()), centers, team);
    return label_pixels<std::int32_t>(photo, colors.colors(), labels.elements(), centers.size() / Channels, {}, team);
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <class T, std::size_t ColorChannels>
kmeans_result<> kmeans_of(image_view<const T> data, int k, const kmeans_options& options) {
    check_kmeans("kmeans", data.size(), k, options);
    return by_colors_or_pixels<ColorChannels>(
        data, [&](auto photo) { return cluster_photo(photo, k, options); },
        [&] { return cluster_pixels(data, k, options); });
}

template <class T, std::size_t ColorChannels>
image<std::int32_t, 1> assign_of(image_view<const T> data, image_view<const double> centers,
                                 const assign_options& options) {
    if (data.empty()) refuse("assign: the data has no points, but needs at least 1");
    if (centers.empty()) refuse("assign: centers is empty, but needs at least 1 center");
    check_threads("assign", options.threads);
    auto copy = start_centers("assign", "centers", centers, data.channels(), std::is_same_v<T, std::uint8_t>);
    return by_colors_or_pixels<ColorChannels>(
        data, [&](auto photo) { return assign_photo(photo, copy, options.threads); },
        [&] { return label_all("assign", data, std::move(copy), options.threads); });
}

#include <lloyd/detail/base/close_entries.inc>

#endif
