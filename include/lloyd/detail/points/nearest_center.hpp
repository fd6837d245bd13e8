// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The nearest center of each point, in whichever numbers make the answer exact.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/distance_kernels.hpp>
#include <lloyd/detail/points/hamerly_bounds.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Squared distances between 8-bit points and centers on the grid are whole numbers of its steps: below 2^53 a double
/// holds them, below 2^63 an integer, and 128 bits hold them to 2^45 from the origin. Centers farther out, which no mean
/// of such points can be, are compared in double as they are.
enum class exact_type { doubles, integers, wide_integers };

template <class = deferred>
exact_type exact_type_for(const buffer<double>& centers, std::ptrdiff_t channels) {
    double reach = 255;
    for (const double c : centers) reach = (std::max)({reach, math::magnitude(c), math::magnitude(255 - c)});
    const double distance = reach * reach * static_cast<double>(channels);
    if (distance <= 0x1p21 || reach >= 0x1p45) return exact_type::doubles;
    return distance < 0x1p31 ? exact_type::integers : exact_type::wide_integers;
}

/// What nearest_kernel does, in 128 bits.
template <class = deferred>
void nearest_in_wide(const point_block<std::int64_t>& block, std::ptrdiff_t channels,
                     const buffer<std::int64_t>& centers, std::int32_t* labels) {
    const auto k = static_cast<std::ptrdiff_t>(centers.size()) / channels;
    for (std::ptrdiff_t i = 0; i < block.count; ++i) {
        uint128 best;
        for (std::ptrdiff_t j = 0; j < k; ++j) {
            uint128 distance;
            for (std::ptrdiff_t c = 0; c < channels; ++c) {
                const auto difference = block.plane(c)[i] - centers.data()[j * channels + c];
                const auto magnitude = static_cast<std::uint64_t>(difference < 0 ? -difference : difference);
                distance += multiply(magnitude, magnitude);
            }
            if (j > 0 && !(distance < best)) continue;
            best = distance;
            labels[i] = static_cast<std::int32_t>(j);
        }
    }
}

/// The nearest of some centers, in the lanes that tell them apart exactly.
template <class Lane, class T>
class exact_nearest {
public:
    exact_nearest(const point_set<T>& points, const buffer<double>& centers, bool needs_wide)
        : points_(points), needs_wide_(needs_wide), centers_(centers.size()), block_(points.channels(), capacity) {
        for (std::size_t i = 0; i < centers.size(); ++i) centers_[i] = static_cast<Lane>(centers[i] * to_lane);
    }

    /// Labels anew those of points first, first + 1 … whose label is negative.
    void relabel_exactly(std::ptrdiff_t first, std::span<std::int32_t> labels) {
        block_.count = 0;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i] >= 0) continue;
            points_.read_point(first + static_cast<std::ptrdiff_t>(i), point_.data());
            for (std::ptrdiff_t c = 0; c < points_.channels(); ++c)
                block_.planes.data()[c * capacity + block_.count] = static_cast<Lane>(point_.data()[c] * to_lane);
            places_[static_cast<std::size_t>(block_.count)] = i;
            if (++block_.count == capacity) label_block(labels);
        }
        if (block_.count > 0) label_block(labels);
    }

private:
    static constexpr double to_lane = std::is_integral_v<Lane> ? grid_steps : 1;
    static constexpr std::ptrdiff_t capacity = 32;  ///< whole vectors of every kernel

    void label_block(std::span<std::int32_t> labels) {
        find_nearest();
        if constexpr (std::is_floating_point_v<Lane> && std::is_floating_point_v<T>)
            for (std::ptrdiff_t i = 0; i < block_.count; ++i) compare_small_distances(i);
        for (std::ptrdiff_t i = 0; i < block_.count; ++i)
            labels[places_[static_cast<std::size_t>(i)]] = nearest_[static_cast<std::size_t>(i)];
        block_.count = 0;
    }

    void find_nearest() {
        if constexpr (std::is_integral_v<Lane>)
            if (needs_wide_) return nearest_in_wide(block_, points_.channels(), centers_, nearest_.data());
        const auto k = static_cast<std::ptrdiff_t>(centers_.size()) / points_.channels();
        run_kernel<nearest_kernel<Lane>>(block_.planes.data(), capacity, points_.channels(), block_.count,
                                         centers_.data(), static_cast<std::int32_t>(k), nearest_.data());
    }

    /// Beside numbers that are larger by 2^450 and more, squares of differences vanish. Then the differences are scaled
    /// before they are squared.
    void compare_small_distances(std::ptrdiff_t i) {
        constexpr double trusted = 0x1p-900;
        auto& label = nearest_[static_cast<std::size_t>(i)];
        if (squared_distance(i, label, 1) >= trusted) return;
        const auto k = static_cast<std::int32_t>(static_cast<std::ptrdiff_t>(centers_.size()) / points_.channels());
        double least = (std::numeric_limits<double>::max)();
        for (std::int32_t j = 0; j < k; ++j) least = (std::min)(least, largest_difference(i, j));
        const double scale = least == 0 ? (std::numeric_limits<double>::max)() : scale_to_one(least);
        double nearest = (std::numeric_limits<double>::max)();
        for (std::int32_t j = 0; j < k; ++j) {
            const double distance = squared_distance(i, j, scale);
            if (distance < nearest) label = j;
            nearest = (std::min)(nearest, distance);
        }
    }

    double difference(std::ptrdiff_t i, std::int32_t j, std::ptrdiff_t c) const {
        return block_.plane(c)[i] - centers_.data()[j * points_.channels() + c];
    }

    double largest_difference(std::ptrdiff_t i, std::int32_t j) const {
        double largest = 0;
        for (std::ptrdiff_t c = 0; c < points_.channels(); ++c)
            largest = (std::max)(largest, math::magnitude(difference(i, j, c)));
        return largest;
    }

    double squared_distance(std::ptrdiff_t i, std::int32_t j, double scale) const {
        double sum = 0;
        for (std::ptrdiff_t c = 0; c < points_.channels(); ++c)
            sum += rounded_product(difference(i, j, c) * scale, difference(i, j, c) * scale);
        return sum;
    }

    const point_set<T>& points_;
    bool needs_wide_;
    buffer<Lane> centers_;
    point_block<Lane> block_;
    buffer<double> point_{static_cast<std::size_t>(points_.channels())};
    std::array<std::int32_t, capacity> nearest_{};
    std::array<std::size_t, capacity> places_{};
};

/// Labels points in two looks: by scores in float, and once more, in exact lanes, where these leave a doubt. So the
/// answer is that of exact lanes alone.
template <class T>
class nearest_finder {
public:
    nearest_finder(const point_set<T>& points, const point_tiles& tiles, const buffer<double>& centers)
        : points_(points), tiles_(tiles), centers_(centers), groups_(centers, points.channels(), tiles.middle()) {
        if constexpr (std::is_same_v<T, std::uint8_t>) numbers_ = exact_type_for(centers, points.channels());
    }

    /// Whether scores can be told in floats, so that bounds can follow from them.
    bool fit() const { return groups_.fit(); }

    /// Calls use(first, labels) for so many points of a chunk at a time, in order.
    template <class Use>
    void label_chunk(std::ptrdiff_t chunk, const Use& use) const {
        assign_range(chunk, use, [&](auto first, auto count, std::int32_t* labels) {
            if (fit()) return run_kernel<score_kernel>(tiles_.at(first, count), groups_.view(), scored_points{labels});
            std::fill_n(labels, count, -1);
            return true;
        });
    }

    /// The same where bounds and the labels of the step before tell most labels. Returns how many they did not tell.
    template <class Use>
    std::ptrdiff_t label_chunk(std::ptrdiff_t chunk, distance_bounds& bounds, const std::int32_t* labels_before,
                               const Use& use) const {
        hamerly_assignment<> look(tiles_, groups_.view(), bounds, labels_before);
        assign_range(chunk, use,
                     [&](auto first, auto count, std::int32_t* labels) { return look.label(first, count, labels); });
        return look.looked_at();
    }

private:
    /// look(first, count, labels) labels points and returns whether a label is in doubt, and then negative.
    template <class Look, class Use>
    void assign_range(std::ptrdiff_t chunk, const Use& use, const Look& look) const {
        if constexpr (std::is_same_v<T, std::uint8_t>)
            if (numbers_ != exact_type::doubles)
                return assign_range(
                    chunk, use, look,
                    exact_nearest<std::int64_t, T>(points_, centers_, numbers_ == exact_type::wide_integers));
        assign_range(chunk, use, look, exact_nearest<double, T>(points_, centers_, false));
    }

    template <class Look, class Use, class Exact>
    void assign_range(std::ptrdiff_t chunk, const Use& use, const Look& look, Exact&& exact) const {
        constexpr auto most = point_set<T>::largest_block;
        std::int32_t room[most];
        const auto k = static_cast<std::ptrdiff_t>(centers_.size()) / points_.channels();
        points_.for_each_range(chunk, k, most, [&](std::ptrdiff_t first, std::ptrdiff_t count) {
            const auto labels = std::span<std::int32_t>(room).first(static_cast<std::size_t>(count));
            if (look(first, count, room)) exact.relabel_exactly(first, labels);
            use(first, std::span<const std::int32_t>(labels));
        });
    }

    const point_set<T>& points_;
    const point_tiles& tiles_;
    const buffer<double>& centers_;
    center_groups groups_;
    exact_type numbers_ = exact_type::doubles;
};

/// The nearest center of every point, one chunk after another.
template <class T>
image<std::int32_t, 1> nearest_labels(const point_set<T>& points, const buffer<double>& centers) {
    image<std::int32_t, 1> result(uninitialized, points.pixels.width(), points.pixels.height());
    const auto k = static_cast<std::ptrdiff_t>(centers.size()) / points.channels();
    thread_team alone(1, 1);
    const point_tiles tiles(points, alone);
    const nearest_finder<T> finder(points, tiles, centers);
    for (std::ptrdiff_t chunk = 0; chunk < points.chunks(k); ++chunk)
        finder.label_chunk(chunk, [&](std::ptrdiff_t first, std::span<const std::int32_t> labels) {
            std::copy_n(labels.data(), labels.size(), result.data() + first);
        });
    return result;
}

}  // namespace lloyd::inline v0::detail
