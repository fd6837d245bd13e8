// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The elbow method: the compactness of K-Means for each K (WCSS, the within-cluster sum of squares), and where that
/// curve bends (Thorndike 1953).
///
///     auto sweep = lloyd::elbow_sweep(photo, {.k_max = 10, .kmeans = {.attempts = 3}});
///     for (auto [k, wcss] : sweep.curve) …
///     if (sweep.knee) use(lloyd::assign(photo, sweep.centers[*sweep.knee - 1]));   // centers[0] is for K = 1
///
/// Most photographs have no clear knee: `knee` is then empty, and `suggestions` has the K of each method.
/// @file
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
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
#include <lloyd/knee.hpp>

namespace lloyd::inline v0 {

/// Which K `elbow_sweep` tries, and how.
struct elbow_options {
    int k_min = 1;   ///< the first K, at least 1
    int k_max = 10;  ///< the last K, k_min to the number of points
    /// How to cluster for each K. With one attempt a K may miss its best clusters, and the next one then looks like a knee:
    /// take 5 where `knee` counts. `initial_centers` and `fixed_centers` are refused. A progress callback that returns
    /// false ends the sweep.
    kmeans_options kmeans = {};
};

/// What elbow_sweep finds.
template <std::size_t Channels = std::dynamic_extent>
struct elbow_result {
    std::vector<elbow_point> curve;                ///< K = k_min, k_min + 1 … k_max; wcss never rises
    std::vector<image<double, Channels>> centers;  ///< for each point of the curve K×1, for assign()
    std::optional<int> knee;                       ///< the K of suggestions.last_drop if its strength is 2/3 or more
    elbow_suggestions suggestions;                 ///< the K that each method suggests
};

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_entries.inc>

template <class T, std::size_t ColorChannels>
elbow_result<> elbow_of(image_view<const T> data, const elbow_options& options);

#include <lloyd/detail/base/close_entries.inc>

namespace lloyd::inline v0 {

/// Clusters `data` for each K from k_min to k_max, one after another, and finds the knee of the curve.
///
/// At k_min this is kmeans(data, k_min, options.kmeans). At every further K the first attempt starts from the centers
/// of the K before and the point farthest from its center, so that the curve cannot rise; the other attempts are seeded
/// as in kmeans. The colours of 8-bit data of 1 to 3 channels are counted once for all K. For 8-bit data curve and
/// centers are the same to the bit on any CPU, and for all data on any number of threads.
///
/// When the progress callback returns false, the curve ends with the current K and the best centers found for it so
/// far.
///
/// Throws std::invalid_argument, before any work, for what kmeans would refuse at k_max, for k_min < 1, for
/// k_min > k_max and for initial_centers and fixed_centers; whatever `progress` throws; std::bad_alloc.
/// Cost at most that of kmeans for every K, without labelling pixels; memory as kmeans.
template <any_image Image>
[[gnu::always_inline]] inline elbow_result<channels_of<Image>> elbow_sweep(const Image& data,
                                                                           const elbow_options& options = {}) {
    using T = value_type_of<Image>;
    static_assert(detail::is_coordinate<T>,
                  "elbow_sweep: elements must be std::uint8_t, std::uint16_t, float or double");
    auto found = detail::elbow_of<T, detail::color_channels<Image>>(detail::as_view(data), options);
    elbow_result<channels_of<Image>> result;
    result.curve = std::move(found.curve);
    for (auto& centers : found.centers)
        result.centers.push_back(detail::with_channels<channels_of<Image>>(std::move(centers)));
    result.knee = found.knee;
    result.suggestions = found.suggestions;
    return result;
}

/// @cond
template <class Data, class Options = elbow_options, class... More>
    requires detail::no_images<Data>
elbow_result<> elbow_sweep(const Data&, const Options& = {}, const More&...) {
    static_assert(detail::are_images<Data>,
                  "elbow_sweep takes an image, such as lloyd::image_view<const std::uint8_t, 3>(mat.data, mat.cols, "
                  "mat.rows, mat.step) of a cv::Mat, or n points of d numbers as lloyd::points(pointer, n, d)");
    return {};
}
template <any_image Image, class Options = detail::misplaced_options<kmeans_options>>
    requires(!std::is_convertible_v<Options, elbow_options>)
elbow_result<> elbow_sweep(const Image&, const Options&) {
    return detail::refuse_options<elbow_result<>, Options, elbow_options>();
}
/// @endcond

}  // namespace lloyd::inline v0

// Below: how. The loop over K is `sweep`; the methods that find the knee are in knee.hpp.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/kmeans/attempts.hpp>
#include <lloyd/detail/kmeans/dispatch.hpp>
#include <lloyd/detail/kmeans_common/center_update.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/seeding.hpp>
#include <lloyd/detail/kmeans_common/weighted_pixels.hpp>
#include <lloyd/detail/kmeans_common/weights.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/farthest_color.hpp>
#include <lloyd/detail/octree/lloyd_on_colors.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The old centers and one more: point `farthest`, or any where that is −1.
template <class = deferred>
first_centers with_one_more(const attempt_result& old, const point_set& points, std::ptrdiff_t farthest) {
    buffer<double> centers(old.centers.size() + static_cast<std::size_t>(points.channels()));
    std::copy(old.centers.begin(), old.centers.end(), centers.begin());
    points.read_point(farthest >= 0 ? farthest : first_weighted_point(points), centers.data() + old.centers.size());
    return {std::move(centers)};
}

/// Appends a copy of the first center. On a tie the lower index wins, so the copy gets no points.
template <class = deferred>
void repeat_first_center(attempt_result& result, std::ptrdiff_t channels) {
    buffer<double> centers(result.centers.size() + static_cast<std::size_t>(channels));
    auto* const end = std::copy(result.centers.begin(), result.centers.end(), centers.begin());
    std::copy_n(result.centers.begin(), channels, end);
    result.centers = std::move(centers);
}

/// Sets suggestions and knee. The curve is in the scale of the points, where no square overflows. Integer data is
/// rounded: a coordinate may be off by up to 1/2 either way, whose mean square is 1/12. A last point with as many
/// centers as points is left out, because its WCSS is 0 for any data.
template <class = deferred>
void set_suggestions(const point_set& points, bool are_integers, elbow_result<>& result) {
    double weight = 0;
    for (std::ptrdiff_t i = 0; i < points.size(); ++i) weight += points.weight(i);
    const double resolution = are_integers ? weight * static_cast<double>(points.channels()) / 12 : 0;
    std::span<const elbow_point> curve = result.curve;
    if (curve.back().k > 1 && curve.back().k == points.size() && curve.back().k == weight * points.unit.size)
        curve = curve.first(curve.size() - 1);
    result.suggestions = suggestions_for(curve, weight * points.unit.size, resolution);
    result.knee = clear_knee(result.suggestions.last_drop);
}

/// Clusters for each K, from the centers of the K before. cluster(k, first) is the best of all attempts;
/// farthest(result) is the point farthest from its own center, or −1.
template <class = deferred>
elbow_result<> sweep(const point_set& points, bool are_integers, const elbow_options& options,
                     const std::function<attempt_result(int k, const first_centers& first)>& cluster,
                     const std::function<std::ptrdiff_t(const attempt_result& found)>& farthest) {
    elbow_result<> result;
    kept_seeds kept;
    const auto cluster_from = [&](int k, first_centers first) {
        if (k > kept.count) {
            const bool by_distance = options.kmeans.init == seeding::plus_plus;
            kept.count = last_with_same_seeds(points, k, options.k_max, by_distance);
            kept.of_attempt = std::vector<buffer<double>>(static_cast<std::size_t>(options.kmeans.attempts));
        }
        first.kept = &kept;
        return cluster(k, first);
    };
    attempt_result best = cluster_from(options.k_min, first_centers());
    for (int k = options.k_min;; ++k) {
        result.curve.push_back({k, best.compactness});
        result.centers.push_back(to_image(best.centers, points));
        if (k == options.k_max || best.stopped) break;

        attempt_result next;
        if (best.compactness > 0) next = cluster_from(k + 1, with_one_more(best, points, farthest(best)));
        // At 0 no center can gain anything; and rounding could raise the compactness by a bit.
        if (next.attempt >= 0 && next.compactness <= best.compactness) {
            best = std::move(next);
        } else {
            best.stopped = next.stopped;
            repeat_first_center(best, points.channels());
        }
    }

    set_suggestions(points, are_integers, result);
    for (auto& point : result.curve) point.wcss = points.to_compactness(point.wcss);
    return result;
}

/// Refuses options out of range.
inline void check_elbow(std::ptrdiff_t points, const elbow_options& options) {
    if (points == 0) refuse("elbow_sweep: the data has no points, but needs at least 1");
    if (options.k_min < 1) refuse("elbow_sweep: k_min is ", options.k_min, ", but must be at least 1");
    if (options.k_max < options.k_min)
        refuse("elbow_sweep: k_max is ", options.k_max, ", but must be at least k_min, which is ", options.k_min);
    if (options.k_max > points)
        refuse("elbow_sweep: k_max is ", options.k_max, ", but there are only ", points, " points");
    if (!options.kmeans.initial_centers.empty())
        refuse("elbow_sweep: initial_centers are not taken: every K begins where the one before has ended");
    if (!options.kmeans.fixed_centers.empty())
        refuse("elbow_sweep: fixed_centers are not taken: every K begins where the one before has ended");
    check_kmeans("elbow_sweep", points, options.k_max, options.kmeans);
}

/// The sweep point by point.
template <class = deferred>
elbow_result<> sweep_points(const point_set& points, bool are_integers, const elbow_options& options,
                            thread_team& team) {
    return sweep(
        points, are_integers, options,
        [&](int k, const first_centers& first) { return cluster(points, k, options.kmeans, first, team); },
        [&](const attempt_result& found) { return farthest_point(points, found.labels, found.centers); });
}

/// The sweep over pixels: each is a point.
template <class T>
elbow_result<> sweep_pixels(image_view<const T> data, const elbow_options& options) {
    const auto unit = check_weights("elbow_sweep", options.kmeans.weights, data.size());
    const weighted_pixels<T> weighted("elbow_sweep", data, options.kmeans.weights, unit);
    const auto points = weighted.points();
    thread_team team(options.kmeans.threads, points.chunks(options.k_min) + options.kmeans.attempts);
    return sweep_points(points, std::is_integral_v<T>, options, team);
}

/// The sweep over the distinct colours of a photo; all K share the colours and their octree.
template <std::size_t Channels>
elbow_result<> sweep_photo(image_view<const std::uint8_t, Channels> photo, const elbow_options& options) {
    const auto unit = check_weights("elbow_sweep", options.kmeans.weights, photo.size());
    thread_team team(options.kmeans.threads, photo.height() + options.kmeans.attempts);
    const weighted_colors<Channels> weighted(photo, options.kmeans.weights, unit, team);
    const auto points = weighted.points();
    if (!unit.integer || !color_tree::fit(weighted.weights())) return sweep_points(points, true, options, team);
    const auto tree = build_color_tree(weighted.colors.colors(), weighted.weights(), team);
    return sweep(
        points, true, options,
        [&](int k, const first_centers& first) {
            return cluster_boxes<lloyd_on_colors<>>(points, tree, k, options.kmeans, first, team);
        },
        [&](const attempt_result& found) {
            buffer<double> weights(found.weights.size());  // in the units of the tree
            for (std::size_t j = 0; j < weights.size(); ++j) weights[j] = found.weights[j] / points.unit.size;
            return farthest_color_search<>(tree, found.centers.span(), points.channels()).find(weights.span());
        });
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <class T, std::size_t ColorChannels>
elbow_result<> elbow_of(image_view<const T> data, const elbow_options& options) {
    check_elbow(data.size(), options);
    return by_colors_or_pixels<ColorChannels>(
        data, [&](auto photo) { return sweep_photo(photo, options); }, [&] { return sweep_pixels(data, options); });
}

#include <lloyd/detail/base/close_entries.inc>

#endif
