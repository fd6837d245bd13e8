// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The nearest center of the few points whose scores in float leave it uncertain, computed without error for 8-bit data
/// and in double for other data.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/weights.hpp>
#include <lloyd/detail/points/distance_kernels.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Squared distances between 8-bit points and centers on the grid are integer multiples of its steps, squared: below
/// 2^53 of these a double holds them, below 2^63 an integer; 128 bits hold them for centers up to 2^45 from the origin.
/// Centers farther out, which are no means of such points, are compared in double, as other data is.
enum class exact_type { doubles, integers, uint128s };

template <class = deferred>
exact_type exact_type_for(const buffer<double>& centers, std::ptrdiff_t channels) {
    double max_difference = 255;  // of a coordinate of any 8-bit point and one of a center
    for (const double c : centers)
        max_difference = (std::max)({max_difference, math::magnitude(c), math::magnitude(255 - c)});
    const double distance = max_difference * max_difference * static_cast<double>(channels);
    if (distance <= 0x1p21 || max_difference >= 0x1p45) return exact_type::doubles;
    return distance < 0x1p31 ? exact_type::integers : exact_type::uint128s;
}

/// |a − b|² of steps, to be summed in `Number`.
inline void add_square(std::int64_t& sum, std::int64_t difference) { sum += difference * difference; }
inline void add_square(uint128& sum, std::int64_t difference) {
    const auto magnitude = static_cast<std::uint64_t>(difference < 0 ? -difference : difference);
    sum += multiply(magnitude, magnitude);
}

/// What nearest_kernel does, for points and centers in steps of the grid. Points are planes of `stride` coordinates.
template <class Number>
[[gnu::cold]] void nearest_in_steps(const buffer<std::int64_t>& planes, std::ptrdiff_t stride, std::ptrdiff_t channels,
                                    std::ptrdiff_t count, const buffer<std::int64_t>& centers, std::int32_t* labels) {
    const auto k = static_cast<std::ptrdiff_t>(centers.size()) / channels;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        Number best{};
        for (std::ptrdiff_t j = 0; j < k; ++j) {
            Number distance{};
            for (std::ptrdiff_t c = 0; c < channels; ++c)
                add_square(distance, planes[c * stride + i] - centers[j * channels + c]);
            if (j > 0 && !(distance < best)) continue;
            best = distance;
            labels[i] = static_cast<std::int32_t>(j);
        }
    }
}

/// Compares points with all centers. Uncertain points are gathered, and compared when there are 32.
template <class = deferred>
class exact_nearest {
public:
    exact_nearest(const point_set& points, const buffer<double>& centers)
        : points_(points),
          centers_(centers),
          channels_(points.channels()),
          k_(static_cast<std::int32_t>(static_cast<std::ptrdiff_t>(centers.size()) / channels_)),
          planes_(static_cast<std::size_t>(channels_ * capacity), 0.0) {
        if (points.bytes) type_ = exact_type_for(centers, channels_);
        if (type_ == exact_type::doubles) return;
        integer_planes_ = buffer<std::int64_t>(planes_.size());
        integer_centers_ = buffer<std::int64_t>(centers.size());
        for (std::size_t i = 0; i < centers.size(); ++i) integer_centers_[i] = to_grid(centers[i]);
    }

    /// Finds the labels of those of points first, first + 1 … whose label is negative.
    [[gnu::noinline]] void relabel_uncertain(std::ptrdiff_t first, std::span<std::int32_t> labels) {
        relabel_uncertain(labels, [&](std::size_t i) { return first + static_cast<std::ptrdiff_t>(i); });
    }

    /// The same of points number_of(0), number_of(1) …
    template <class NumberOf>
    void relabel_uncertain(std::span<std::int32_t> labels, const NumberOf& number_of) {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i] >= 0) continue;
            points_.read_point(number_of(i), point_.data());
            for (std::ptrdiff_t c = 0; c < channels_; ++c) planes_[c * capacity + count_] = point_[c];
            places_[count_] = i;
            if (++count_ == capacity) label_gathered(labels);
        }
        if (count_ > 0) label_gathered(labels);
    }

private:
    static constexpr std::ptrdiff_t capacity = 32;  ///< full vectors of every kernel

    static std::int64_t to_grid(double coordinate) { return static_cast<std::int64_t>(coordinate * grid_steps); }

    void label_gathered(std::span<std::int32_t> labels) {
        if (type_ == exact_type::doubles) {
            run_kernel<nearest_kernel>(planes_.data(), capacity, channels_, count_, centers_.data(), k_, nearest_);
            for (std::ptrdiff_t i = 0; i < count_; ++i) compare_tiny_distances(i);
        } else {
            find_nearest_in_steps();
        }
        for (std::ptrdiff_t i = 0; i < count_; ++i) labels[places_[i]] = nearest_[i];
        count_ = 0;
    }

    void find_nearest_in_steps() {
        for (std::size_t i = 0; i < planes_.size(); ++i) integer_planes_[i] = to_grid(planes_[i]);
        (type_ == exact_type::integers
             ? nearest_in_steps<std::int64_t>
             : nearest_in_steps<uint128>)(integer_planes_, capacity, channels_, count_, integer_centers_, nearest_);
    }

    /// Squares of differences below 2^-450 or so underflow; data of such differences beside larger numbers is compared
    /// again, with differences scaled to about 1 before they are squared.
    void compare_tiny_distances(std::ptrdiff_t i) {
        constexpr double trusted = 0x1p-900;
        auto& label = nearest_[i];
        if (squared_distance(i, label, 1) >= trusted) return;
        double typical = (std::numeric_limits<double>::max)();  // the least of the largest differences
        for (std::int32_t j = 0; j < k_; ++j) typical = (std::min)(typical, max_difference(i, j));
        const double scale = typical == 0 ? (std::numeric_limits<double>::max)() : scale_to_one(typical);
        double nearest = (std::numeric_limits<double>::max)();
        for (std::int32_t j = 0; j < k_; ++j) {
            const double distance = squared_distance(i, j, scale);
            if (distance < nearest) label = j;
            nearest = (std::min)(nearest, distance);
        }
    }

    double difference(std::ptrdiff_t i, std::int32_t j, std::ptrdiff_t c) const {
        return planes_[c * capacity + i] - centers_[j * channels_ + c];
    }

    double max_difference(std::ptrdiff_t i, std::int32_t j) const {
        double largest = 0;
        for (std::ptrdiff_t c = 0; c < channels_; ++c)
            largest = (std::max)(largest, math::magnitude(difference(i, j, c)));
        return largest;
    }

    double squared_distance(std::ptrdiff_t i, std::int32_t j, double scale) const {
        double sum = 0;
        for (std::ptrdiff_t c = 0; c < channels_; ++c)
            sum += rounded_product(difference(i, j, c) * scale, difference(i, j, c) * scale);
        return sum;
    }

    const point_set& points_;
    const buffer<double>& centers_;
    std::ptrdiff_t channels_;
    std::int32_t k_;
    exact_type type_ = exact_type::doubles;
    buffer<double> planes_;                                      ///< channels × capacity: the points gathered
    buffer<std::int64_t> integer_planes_{}, integer_centers_{};  ///< in steps of the grid; empty for doubles
    buffer<double> point_{static_cast<std::size_t>(channels_)};
    std::ptrdiff_t count_ = 0;
    std::size_t places_[capacity];    ///< of the points gathered, in the labels given
    std::int32_t nearest_[capacity];  ///< centers
};

}  // namespace lloyd::inline v0::detail
