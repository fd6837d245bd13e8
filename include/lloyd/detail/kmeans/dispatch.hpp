// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The ways into K-Means: the checks at the door, then the data as weighted points, then the result as the user sees it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/histogram/color_lookup.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/octree/lloyd_on_colors.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>
#include <lloyd/kmeans.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The scale of data and centers that may lie anywhere: limited so that the squares of their distances do not overflow
/// either. 8-bit data keeps its scale.
template <class T>
coordinate_range range_of(const char* who, image_view<const T> data, const buffer<double>& centers) {
    auto range = range_of(who, data);
    if constexpr (std::is_same_v<T, std::uint8_t>) return range;
    constexpr double farthest = 0x1p500;  // twice or half of that would do too: squares of 2^1002 leave room for sums
    double magnitude = 0;
    for (const double c : centers) magnitude = (std::max)(magnitude, math::magnitude(c));
    if (magnitude * range.scale <= farthest) return range;
    const double scale = scale_to_one(magnitude) * farthest;
    const int way = exponent_of(scale) - exponent_of(range.scale);
    return {scale, range.lowest + way, range.highest + way};
}

/// The bins for sums of weight · coordinate, and of weights, over `points` points. Weights are in units; empty: all 1.
template <class = deferred>
bin_layout bins_for(const coordinate_range& range, std::span<const double> weights, bool whole_weights,
                    std::ptrdiff_t points) {
    int lowest = (std::min)(range.lowest, 0), highest = (std::max)(range.highest, 0);
    if (weights.empty()) return bin_layout::of(lowest, highest, points);
    const auto found = run_kernel<magnitudes_kernel>(weights.data(), std::ssize(weights));
    constexpr int least = -1022, digits = 53;
    if (!whole_weights) lowest += (std::max)(exponent_of(found.smallest), least) - (digits - 1);
    highest += exponent_of(found.largest) + 1;
    return bin_layout::of(lowest, highest, 4 * points);  // products of two parts each
}

/// Clusters weighted points: in whole numbers where that is exact, in real ones otherwise.
template <class T>
attempt_result cluster(const point_set<T>& points, bool whole_weights, int k, const kmeans_options& options,
                       const buffer<double>& initial_centers, thread_team& team) {
    const point_tiles tiles(points, team);
    if constexpr (std::is_same_v<T, std::uint8_t>)
        if (whole_weights) {
            const auto start = [&](thread_team& t) { return clustering<T, whole_arithmetic>(points, tiles, k, t); };
            return best_attempt(start, points, k, options, initial_centers, team);
        }
    const auto start = [&](thread_team& t) { return clustering<T, real_arithmetic>(points, tiles, k, t); };
    return best_attempt(start, points, k, options, initial_centers, team);
}

/// Clusters distinct colours box by box, from centers among the colours or from seeds.
template <class Team>
attempt_result cluster_boxes(const point_set<std::uint8_t>& points, const color_tree& tree, int k,
                             const kmeans_options& options, const buffer<double>& initial_centers, Team& team) {
    const auto start = [&](thread_team&) { return color_clustering(points, tree, k); };
    auto winner = best_attempt(start, points, k, options, initial_centers, team);
    winner.labels = label_colors(tree, winner.centers, points.channels());
    return winner;
}

/// Distinct colours as points. Their weights are in units.
template <std::size_t Channels>
point_set<std::uint8_t> color_points(image_view<const std::uint8_t, Channels> colors, std::span<const double> weights,
                                     const weight_unit& unit) {
    return {colors, weights, 1, unit.size, bins_for({}, weights, unit.whole, colors.size())};
}

/// Clusters distinct colours: box by box where weights and centers allow it, point by point otherwise.
template <std::size_t Channels>
attempt_result cluster_colors(image_view<const std::uint8_t, Channels> colors, std::span<const double> weights,
                              const weight_unit& unit, int k, const kmeans_options& options,
                              const buffer<double>& initial_centers, thread_team& team) {
    const auto points = color_points(colors, weights, unit);
    if (!unit.whole || !color_tree::fit(weights) || !are_colors(initial_centers))
        return cluster(points, unit.whole, k, options, initial_centers, team);
    return cluster_boxes(points, build_color_tree(colors, weights, team), k, options, initial_centers, team);
}

inline void check_kmeans(const char* who, std::ptrdiff_t points, int k, const kmeans_options& options) {
    if (points == 0) refuse(who, ": the data has no points, but needs at least 1");
    if (k < 1) refuse(who, ": k is ", k, ", but must be at least 1");
    if (k > points) refuse(who, ": k is ", k, ", but there are only ", points, " points");
    if (options.attempts < 1) refuse(who, ": attempts is ", options.attempts, ", but must be at least 1");
    if (options.max_iterations < 1)
        refuse(who, ": max_iterations is ", options.max_iterations, ", but must be at least 1");
    if (!is_finite(options.epsilon) || options.epsilon < 0)
        refuse(who, ": epsilon is ", options.epsilon, ", but must be finite and at least 0");
    if (options.threads < 0) refuse(who, ": threads is ", options.threads, ", but must be at least 0 (0: all)");
    if (options.init != seeding::random && options.init != seeding::plus_plus)
        refuse(who, ": init is ", static_cast<int>(options.init),
               ", but must be seeding::random or seeding::plus_plus");
    const auto centers = options.initial_centers.size();
    if (centers > 0 && centers != k) refuse(who, ": initial_centers has ", centers, " centers, but k is ", k);
    if (centers > 0 && options.attempts != 1)
        refuse(who, ": attempts is ", options.attempts, ", but must be 1 with initial_centers");
}

/// Initial centers in the scale of the points; those of 8-bit data on their grid.
template <class T>
buffer<double> start_centers(const char* who, const char* what, image_view<const double> centers,
                             std::ptrdiff_t channels) {
    if (centers.empty()) return {};
    auto copy = checked_centers(who, what, centers, channels);
    if constexpr (std::is_same_v<T, std::uint8_t>)
        for (double& c : copy) c = round_to_grid(c);
    return copy;
}

template <class Number>
void multiply_all(std::span<Number> numbers, double factor) {
    for (Number& number : numbers) number *= factor;
}

/// Centers in the units of the data.
template <std::size_t Channels, class T>
image<double, Channels> to_image(const buffer<double>& centers, const point_set<T>& points) {
    const auto k = static_cast<std::ptrdiff_t>(centers.size()) / points.channels();
    image<double, Channels> result(uninitialized, k, 1, points.channels());
    std::copy(centers.begin(), centers.end(), result.data());
    multiply_all(result.elements(), 1 / points.scale);
    return result;
}

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

/// One weight for each pixel, in units.
template <class = deferred>
std::vector<double> pixel_weights(std::span<const double> weights, const weight_unit& unit) {
    std::vector<double> result(weights.begin(), weights.end());
    for (double& weight : result) weight /= unit.size;
    return result;
}

/// The pixels that take part in clustering, those of positive weight, as points. Others are only labelled at the end.
template <class T>
class weighted_pixels {
public:
    /// Centers that are given may limit the scale.
    weighted_pixels(const char* who, image_view<const T> data, std::span<const double> weights, const weight_unit& unit,
                    const buffer<double>& centers = {})
        : unit_(unit), pixels_(data), weights_(pixel_weights(weights, unit)) {
        range_ = range_of(who, data, centers);  // and refuses what is not finite, also where it has no weight
        if (std::find(weights_.begin(), weights_.end(), 0.0) == weights_.end()) return;
        gather(data);
        range_ = range_of(who, pixels_, centers);
    }
    weighted_pixels(const weighted_pixels&) = delete;
    weighted_pixels& operator=(const weighted_pixels&) = delete;

    bool are_all() const { return gathered_.empty(); }
    point_set<T> points() const {
        return {pixels_, weights_, range_.scale, unit_.size, bins_for(range_, weights_, unit_.whole, pixels_.size())};
    }

private:
    void gather(image_view<const T> data) {
        const auto kept = std::count_if(weights_.begin(), weights_.end(), [](double weight) { return weight > 0; });
        gathered_ = image<T>(uninitialized, kept, 1, data.channels());
        T* to = gathered_.data();
        auto weight = weights_.cbegin();
        for (std::ptrdiff_t y = 0; y < data.height(); ++y)
            for (std::ptrdiff_t x = 0; x < data.width(); ++x)
                if (*weight++ > 0) to = std::copy_n(data(x, y).data(), data.channels(), to);
        std::erase(weights_, 0.0);
        pixels_ = gathered_;
    }

    weight_unit unit_;
    image<T> gathered_;  ///< empty: all pixels have weight
    image_view<const T> pixels_;
    std::vector<double> weights_;  ///< in units
    coordinate_range range_;
};

/// The label of each pixel by centers in the units of the data.
template <class T>
image<std::int32_t, 1> label_all(const char* who, image_view<const T> data, buffer<double>&& centers) {
    const double scale = range_of(who, data, centers).scale;
    multiply_all(centers.span(), scale);
    return nearest_labels(point_set<T>{data, {}, scale}, centers);
}

/// Each pixel is a point.
template <std::size_t Channels, class T>
kmeans_result<Channels> cluster_pixels(image_view<const T> data, int k, const kmeans_options& options) {
    const auto unit = check_weights("kmeans", options.weights, data.size());
    const weighted_pixels<T> weighted("kmeans", data, options.weights, unit);
    const auto points = weighted.points();
    auto centers = start_centers<T>("kmeans", "initial_centers", options.initial_centers, data.channels());
    multiply_all(centers.span(), points.scale);
    thread_team team(options.threads, points.chunks(k) + options.attempts);
    auto winner = cluster(points, unit.whole, k, options, centers, team);
    auto labels = std::move(winner.labels);
    auto result = to_result<Channels>(std::move(winner), std::move(labels), points);
    if (!weighted.are_all()) result.labels = label_all("kmeans", data, copy_of<double>(result.centers.elements()));
    return result;
}

/// The sum of each distinct colour's pixels' weights, in units.
template <std::size_t Channels>
std::vector<double> color_weights(image_view<const std::uint8_t, Channels> photo,
                                  const color_histogram<Channels>& colors, std::span<const double> weights_of_pixels,
                                  double unit) {
    std::vector<double> weights(static_cast<std::size_t>(colors.size()));
    std::vector<std::int32_t> places(weights.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<std::int32_t>(i);
    const color_pages<Channels, std::int32_t> index(colors.colors(), places, places.size());
    auto weight = weights_of_pixels.begin();
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
            weights[static_cast<std::size_t>(index[photo(x, y).data()])] += *weight++ / unit;
    return weights;
}

/// The distinct colours of a photo and what each weighs, in units: how often it occurs, or the sum of its pixels' weights.
template <std::size_t Channels>
struct weighted_colors {
    weighted_colors(image_view<const std::uint8_t, Channels> photo, std::span<const double> weights_of_pixels,
                    const weight_unit& unit_of_weights, thread_team& team)
        : colors(histogram_of(photo, team)), unit(unit_of_weights) {
        if (!weights_of_pixels.empty()) sums = color_weights(photo, colors, weights_of_pixels, unit.size);
    }

    std::span<const double> weights() const { return sums.empty() ? colors.counts() : std::span<const double>(sums); }
    point_set<std::uint8_t> points() const { return color_points(colors.colors(), weights(), unit); }

    color_histogram<Channels> colors;
    std::vector<double> sums;  ///< empty: counts will do
    weight_unit unit;
};

/// Each distinct colour is a point, weighted by its count.
template <std::size_t ResultChannels, std::size_t Channels>
kmeans_result<ResultChannels> cluster_photo(image_view<const std::uint8_t, Channels> photo, int k,
                                            const kmeans_options& options) {
    const auto unit = check_weights("kmeans", options.weights, photo.size());
    const auto centers = start_centers<std::uint8_t>("kmeans", "initial_centers", options.initial_centers, Channels);
    thread_team team(options.threads, photo.height() + options.attempts);
    const weighted_colors<Channels> weighted(photo, options.weights, unit, team);
    const auto colors = weighted.colors.colors();
    auto winner = cluster_colors(colors, weighted.weights(), unit, k, options, centers, team);
    const auto known = are_colors(winner.centers) ? winner.centers.span() : std::span<double>();
    auto labels =
        label_pixels<std::int32_t>(photo, colors, winner.labels.elements(), winner.weights.size(), known, team);
    return to_result<ResultChannels>(std::move(winner), std::move(labels), weighted.points());
}

/// Calls use(view) with the channels of 8-bit data fixed: those of its type, or, where these are known at run time only,
/// the 1 to 3 that it has.
template <std::size_t Channels, class Use>
auto with_fixed_channels(image_view<const std::uint8_t> data, const Use& use) {
    if constexpr (Channels != std::dynamic_extent) {
        return use(image_view<const std::uint8_t, Channels>(data));
    } else {
        switch (data.channels()) {
            case 1: return use(image_view<const std::uint8_t, 1>(data));
            case 2: return use(image_view<const std::uint8_t, 2>(data));
            default: return use(image_view<const std::uint8_t, 3>(data));
        }
    }
}

template <class T>
inline constexpr bool is_coordinate = std::is_same_v<T, std::uint8_t> || std::is_same_v<T, std::uint16_t> ||
                                      std::is_same_v<T, float> || std::is_same_v<T, double>;

template <any_image Image>
inline constexpr bool may_have_colors = std::is_same_v<value_type_of<Image>, std::uint8_t> &&
                                        (channels_of<Image> <= 3 || channels_of<Image> == std::dynamic_extent);

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
