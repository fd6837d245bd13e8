// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The elbow: how compact K-Means gets for each K (WCSS, the within-cluster sum of squares), and where the curve bends
/// (Thorndike 1953).
///
///     auto sweep = lloyd::elbow_sweep(photo, {.k_max = 10, .kmeans = {.attempts = 3}});
///     for (auto [k, wcss] : sweep.curve) …
///     if (sweep.knee) use(lloyd::assign(photo, sweep.centers[*sweep.knee - 1]));   // k_min is 1: nothing clustered twice
///
/// Most photographs have no clear knee: `knee` is then empty, and the suggestions tell what each method would say.
/// @file
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/kmeans/attempts.hpp>
#include <lloyd/detail/kmeans/dispatch.hpp>
#include <lloyd/detail/kmeans_common/center_update.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/weighted_pixels.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>
#include <lloyd/knee.hpp>

namespace lloyd::inline v0 {

/// Which K `elbow_sweep` tries, and how.
struct elbow_options {
    int k_min = 1;   ///< the first K, at least 1
    int k_max = 10;  ///< the last K, k_min to the number of points
    /// How to cluster for each K. `initial_centers` are refused. A progress callback that returns false ends the sweep.
    kmeans_options kmeans = {};
};

/// The curve, its centers, and where it bends.
template <std::size_t Channels = std::dynamic_extent>
struct elbow_result {
    std::vector<elbow_point> curve;                ///< K = k_min, k_min + 1 … k_max; wcss never rises
    std::vector<image<double, Channels>> centers;  ///< for each point of the curve k×1, to assign() from
    std::optional<int> knee;                       ///< that of last_drop, if its strength is 2/3 or more
                                                   ///< (with a WCSS of 0 if there are so many different points)
    elbow_suggestions suggestions;                 ///< what each method makes of the curve
};

/// Clusters `data` for each K from k_min to k_max, one after another, and judges the curve.
///
/// At k_min this is kmeans(data, k_min, options.kmeans). At every further K the first attempt begins at the centers of
/// the K before and the point farthest from its own of them, so that the curve cannot rise; the other attempts are
/// seeded as in kmeans. 8-bit data of 1 to 3 channels is counted once for all K. For 8-bit data curve and centers are the
/// same bits on any CPU; the number of threads changes nothing.
///
/// When the progress callback returns false, the curve ends with the K in work and the best found for it so far.
/// Throws std::invalid_argument, before any work, for what kmeans would refuse at k_max, for k_min < 1, k_min > k_max
/// and initial_centers; whatever `progress` throws; std::bad_alloc.
/// Cost at most that of kmeans for every K, without the labels of pixels; memory as kmeans.
template <any_image Image, class = detail::deferred>
elbow_result<channels_of<Image>> elbow_sweep(const Image& data, const elbow_options& options = {});

// Below: how. The chain over K; then the ways in. How a curve is judged stands in knee.hpp.

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_detail.inc>

/// The old centers and one more: the point farthest from its own center, or any point when all lie on theirs.
template <class T>
buffer<double> with_farthest_point(const attempt_result& old, const point_set<T>& points) {
    const auto farthest = farthest_point(points, old.labels, old.centers);
    buffer<double> centers(old.centers.size() + static_cast<std::size_t>(points.channels()));
    std::copy(old.centers.begin(), old.centers.end(), centers.begin());
    points.read_point(farthest >= 0 ? farthest : first_weighted_point(points), centers.data() + old.centers.size());
    return centers;
}

/// The old answer with the first center twice: on a tie the lower index wins, so the copy holds nothing.
template <class = deferred>
void repeat_a_center(attempt_result& answer, std::ptrdiff_t channels) {
    buffer<double> centers(answer.centers.size() + static_cast<std::size_t>(channels));
    auto* const end = std::copy(answer.centers.begin(), answer.centers.end(), centers.begin());
    std::copy_n(answer.centers.begin(), channels, end);
    answer.centers = std::move(centers);
}

/// Fills in suggestions and knee. The curve is judged as clustered, where no square has left the range of double. Whole
/// numbers are rounded ones: each coordinate lies anywhere within 1/2 of it, which makes 1/12 in the mean square. As many
/// centers as points say nothing.
template <std::size_t Channels, class T>
void set_suggestions(const point_set<T>& points, elbow_result<Channels>& result) {
    double weight = 0;
    for (std::ptrdiff_t i = 0; i < points.size(); ++i) weight += points.weight(i);
    const double resolution = std::is_integral_v<T> ? weight * static_cast<double>(points.channels()) / 12 : 0;
    std::span<const elbow_point> curve = result.curve;
    if (curve.back().k > 1 && curve.back().k == points.size() && curve.back().k == weight * points.weight_unit)
        curve = curve.first(curve.size() - 1);
    result.suggestions = suggestions_for(curve, weight * points.weight_unit, resolution);
    result.knee = clear_knee(result.suggestions.last_drop);
}

/// From K to K + 1, each time from where the one before has ended. cluster(k, start) is the best of all attempts, of
/// which the first begins at `start`, unless that is empty.
template <std::size_t Channels, class T, class Cluster>
elbow_result<Channels> sweep(const point_set<T>& points, const elbow_options& options, const Cluster& cluster) {
    elbow_result<Channels> result;
    attempt_result best = cluster(options.k_min, buffer<double>());
    for (int k = options.k_min;; ++k) {
        result.curve.push_back({k, best.compactness});
        result.centers.push_back(to_image<Channels>(best.centers, points));
        if (k == options.k_max || best.stopped) break;

        attempt_result next;
        if (best.compactness > 0) next = cluster(k + 1, with_farthest_point(best, points));
        // At 0 there is nothing to gain; and sums of real numbers are rounded, so that one could rise by a bit.
        if (next.iterations > 0 && next.compactness <= best.compactness) {
            best = std::move(next);
        } else {
            best.stopped = next.stopped;
            repeat_a_center(best, points.channels());
        }
    }

    set_suggestions(points, result);
    for (auto& point : result.curve) point.wcss = points.to_compactness(point.wcss);
    return result;
}

inline void check_elbow(std::ptrdiff_t points, const elbow_options& options) {
    if (points == 0) refuse("elbow_sweep: the data has no points, but needs at least 1");
    if (options.k_min < 1) refuse("elbow_sweep: k_min is ", options.k_min, ", but must be at least 1");
    if (options.k_max < options.k_min)
        refuse("elbow_sweep: k_max is ", options.k_max, ", but must be at least k_min, which is ", options.k_min);
    if (options.k_max > points)
        refuse("elbow_sweep: k_max is ", options.k_max, ", but there are only ", points, " points");
    if (!options.kmeans.initial_centers.empty())
        refuse("elbow_sweep: initial_centers are not taken: every K begins where the one before has ended");
    check_kmeans("elbow_sweep", points, options.k_max, options.kmeans);
}

/// Each pixel is a point.
template <std::size_t Channels, class T>
elbow_result<Channels> sweep_pixels(image_view<const T> data, const elbow_options& options) {
    const auto unit = check_weights("elbow_sweep", options.kmeans.weights, data.size());
    const weighted_pixels<T> weighted("elbow_sweep", data, options.kmeans.weights, unit);
    const auto points = weighted.points();
    thread_team team(options.kmeans.threads, points.chunks(options.k_min) + options.kmeans.attempts);
    return sweep<Channels>(points, options, [&](int k, const buffer<double>& start) {
        return cluster(points, unit.whole, k, options.kmeans, start, team);
    });
}

/// Each distinct colour is a point, weighted by its count; all K share the colours and their tree.
template <std::size_t ResultChannels, std::size_t Channels>
elbow_result<ResultChannels> sweep_photo(image_view<const std::uint8_t, Channels> photo, const elbow_options& options) {
    const auto unit = check_weights("elbow_sweep", options.kmeans.weights, photo.size());
    thread_team team(options.kmeans.threads, photo.height() + options.kmeans.attempts);
    const weighted_colors<Channels> weighted(photo, options.kmeans.weights, unit, team);
    const auto points = weighted.points();
    if (!unit.whole || !color_tree::fit(weighted.weights()))
        return sweep<ResultChannels>(points, options, [&](int k, const buffer<double>& start) {
            return cluster(points, unit.whole, k, options.kmeans, start, team);
        });
    const auto tree = build_color_tree(weighted.colors.colors(), weighted.weights(), team);
    return sweep<ResultChannels>(points, options, [&](int k, const buffer<double>& start) {
        return cluster_boxes(points, tree, k, options.kmeans, start, team);
    });
}

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0 {

template <any_image Image, class>
elbow_result<channels_of<Image>> elbow_sweep(const Image& data, const elbow_options& options) {
    using T = value_type_of<Image>;
    constexpr auto channels = channels_of<Image>;
    static_assert(detail::is_coordinate<T>,
                  "elbow_sweep: elements must be std::uint8_t, std::uint16_t, float or double");
    const image_view<const T> points = detail::as_view(data);
    detail::check_elbow(points.size(), options);
    if constexpr (detail::may_have_colors<Image>)
        if (points.channels() <= 3)
            return detail::with_fixed_channels<channels>(
                points, [&](auto photo) { return detail::sweep_photo<channels>(photo, options); });
    return detail::sweep_pixels<channels>(points, options);
}

}  // namespace lloyd::inline v0
