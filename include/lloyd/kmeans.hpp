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
#include <lloyd/detail/points/nearest_center.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
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
template <any_image Image, class = detail::deferred>
kmeans_result<channels_of<Image>> kmeans(const Image& data, int k, const kmeans_options& options = {});

/// The index of the nearest center of each point, the lowest on a tie, in the shape of `data`. `centers` are a k×1
/// image of double with as many channels as the data; for 8-bit data they are first rounded to multiples of 2^-16.
/// assign(data, result.centers) equals result.labels.
///
/// Throws std::invalid_argument when data or centers are empty, not finite, or differ in channels; std::bad_alloc.
/// Cost O(n · k · channels), for 8-bit data of 1 to 3 channels O(pixels + distinct colours · k).
template <any_image Image, any_image Centers, class = detail::deferred>
image<std::int32_t, 1> assign(const Image& data, const Centers& centers);

// Below: how. The algorithm itself is in detail/kmeans/attempts.hpp.

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_detail.inc>

/// The result in the units of the data.
template <std::size_t Channels, class T>
kmeans_result<Channels> to_result(attempt_result&& winner, image<std::int32_t, 1>&& labels,
                                  const point_set<T>& points) {
    kmeans_result<Channels> result;
    result.centers = to_image<Channels>(winner.centers, points);
    result.labels = std::move(labels);
    result.weights = std::move(winner.weights);
    result.compactness = points.to_compactness(winner.compactness);
    result.iterations = winner.iterations;
    result.converged = winner.converged;
    result.attempt = winner.attempt;
    return result;
}

/// Clusters pixels: each is a point.
template <std::size_t Channels, class T>
kmeans_result<Channels> cluster_pixels(image_view<const T> data, int k, const kmeans_options& options) {
    const auto unit = check_weights("kmeans", options.weights, data.size());
    const weighted_pixels<T> weighted("kmeans", data, options.weights, unit);
    const auto points = weighted.points();
    auto centers = start_centers<T>("kmeans", "initial_centers", options.initial_centers, data.channels());
    multiply_all(centers.span(), points.scale);
    thread_team team(options.threads, points.chunks(k) + options.attempts);
    auto winner = cluster(points, unit.integer, k, options, centers, team);
    auto labels = std::move(winner.labels);
    auto result = to_result<Channels>(std::move(winner), std::move(labels), points);
    if (!weighted.are_all()) result.labels = label_all("kmeans", data, copy_of<double>(result.centers.elements()));
    return result;
}

/// Clusters the distinct colours of a photo, and labels its pixels.
template <std::size_t ResultChannels, std::size_t Channels>
kmeans_result<ResultChannels> cluster_photo(image_view<const std::uint8_t, Channels> photo, int k,
                                            const kmeans_options& options) {
    const auto unit = check_weights("kmeans", options.weights, photo.size());
    const auto centers = start_centers<std::uint8_t>("kmeans", "initial_centers", options.initial_centers, Channels);
    thread_team team(options.threads, photo.height() + options.attempts);
    const weighted_colors<Channels> weighted(photo, options.weights, unit, team);
    const auto colors = weighted.colors.colors();
    auto winner = cluster_colors(colors, weighted.weights(), unit, k, options, centers, team);
    const auto centers_in_range = are_colors(winner.centers) ? winner.centers.span() : std::span<double>();
    auto labels = label_pixels<std::int32_t>(photo, colors, winner.labels.elements(), winner.weights.size(),
                                             centers_in_range, team);
    return to_result<ResultChannels>(std::move(winner), std::move(labels), weighted.points());
}

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0 {

template <any_image Image, class>
kmeans_result<channels_of<Image>> kmeans(const Image& data, int k, const kmeans_options& options) {
    using T = value_type_of<Image>;
    constexpr auto channels = channels_of<Image>;
    static_assert(detail::is_coordinate<T>, "kmeans: elements must be std::uint8_t, std::uint16_t, float or double");
    const image_view<const T> points = detail::as_view(data);
    detail::check_kmeans("kmeans", points.size(), k, options);
    if constexpr (detail::may_have_colors<Image>)
        if (points.channels() <= 3)
            return detail::with_fixed_channels<channels_of<Image>>(
                points, [&](auto photo) { return detail::cluster_photo<channels>(photo, k, options); });
    return detail::cluster_pixels<channels>(points, k, options);
}

template <any_image Image, any_image Centers, class>
image<std::int32_t, 1> assign(const Image& data, const Centers& centers) {
    using T = value_type_of<Image>;
    static_assert(detail::is_coordinate<T>, "assign: elements must be std::uint8_t, std::uint16_t, float or double");
    static_assert(std::is_same_v<value_type_of<Centers>, double>, "assign: centers must be double");
    const image_view<const T> points = detail::as_view(data);
    if (points.empty()) detail::refuse("assign: the data has no points, but needs at least 1");
    if (centers.empty()) detail::refuse("assign: centers is empty, but needs at least 1 center");
    auto copy = detail::start_centers<T>("assign", "centers", detail::as_view(centers), points.channels());
    if constexpr (detail::may_have_colors<Image>)
        if (points.channels() <= 3)
            return detail::with_fixed_channels<channels_of<Image>>(points, [&](auto photo) {
                const color_histogram colors(photo);
                detail::thread_team alone(1, 1);
                const auto labels = detail::nearest_labels(detail::point_set<T>{colors.colors()}, copy);
                return detail::label_pixels<std::int32_t>(photo, colors.colors(), labels.elements(),
                                                          static_cast<std::size_t>(centers.size()), {}, alone);
            });
    return detail::label_all("assign", points, std::move(copy));
}

}  // namespace lloyd::inline v0
