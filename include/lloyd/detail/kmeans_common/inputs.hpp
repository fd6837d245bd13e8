// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Checks data, weights, centers and options once, and finds units in which the arithmetic is exact or cannot overflow.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/kmeans_common/magnitudes.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// 2^-e for the e with 2^e ≤ magnitude < 2^(e+1), or 1 for 0. Times this, the magnitude is from 1 to 2, so that its
/// square neither overflows nor underflows.
inline double scale_to_one(double magnitude) {
    return magnitude == 0 ? 1 : math::ldexp(1.0, (std::min)(-exponent_of(magnitude), 1023));
}

/// The scale of coordinates, and the range of scaled ones: multiples of 2^lowest of at most 2^highest. By default that
/// of integer data.
struct coordinate_range {
    double scale = 1;  ///< a power of two that coordinates are multiplied with when read
    int lowest = 0;
    int highest = 16;
};

/// The range of an image's elements, with the largest scaled to between 1 and 2. So squares do not overflow, and
/// underflow only for elements far below the largest. Refuses what is not finite.
template <class T>
coordinate_range range_of(const char* who, image_view<const T> data) {
    if constexpr (std::is_floating_point_v<T>) {
        using limits = std::numeric_limits<T>;
        const auto found = magnitudes_of(who, "point", data);
        const double scale = scale_to_one(static_cast<double>(found.largest));
        if (found.largest == 0) return {scale, 0, 0};
        const int finest = (std::max)(exponent_of(static_cast<double>(found.smallest)), limits::min_exponent - 1) -
                           (limits::digits - 1);
        return {scale, finest + exponent_of(scale), 1};
    } else {
        return {};
    }
}

/// The same beside centers, which may lie anywhere: centers far from the data lower the scale, so that squared
/// distances to them do not overflow either. 8-bit data keeps its scale.
template <class T>
coordinate_range range_of(const char* who, image_view<const T> data, const buffer<double>& centers) {
    auto range = range_of(who, data);
    if constexpr (std::is_same_v<T, std::uint8_t>) return range;
    constexpr double max_magnitude = 0x1p500;  // half or twice would do as well: squares of 2^1002 leave room for sums
    double magnitude = 0;
    for (const double c : centers) magnitude = (std::max)(magnitude, math::magnitude(c));
    if (magnitude * range.scale <= max_magnitude) return range;
    const double scale = scale_to_one(magnitude) * max_magnitude;
    const int shift = exponent_of(scale) - exponent_of(range.scale);
    return {scale, range.lowest + shift, range.highest + shift};
}

/// The unit that a user's weights are counted in. Where weights are integer multiples of a power of two, and sum up to
/// at most 2^53 of it, that is the unit; otherwise it is a power of two near the largest weight.
struct weight_unit {
    double size = 1;
    bool integer = true;  ///< whether weights are integers in this unit
};

/// The exponent of the lowest bit that is set in a positive number.
inline int lowest_bit(double number) {
    int exponent = 0;
    auto mantissa = static_cast<std::uint64_t>(math::ldexp(math::frexp(number, &exponent), 53));
    exponent -= 53;
    while ((mantissa & 1) == 0) {
        mantissa >>= 1;
        ++exponent;
    }
    return exponent;
}

/// The unit of weights, one for each point; they may all be 0. Refuses another number of weights, and weights that are
/// not finite and ≥ 0.
inline weight_unit check_each_weight(const char* who, std::span<const double> weights, std::ptrdiff_t points) {
    if (weights.empty()) return {};
    if (weights.size() != static_cast<std::size_t>(points))
        refuse(who, ": weights has ", weights.size(), " values, but there are ", points, " points");
    int lowest = 0;
    double largest = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (!is_finite(weights[i]) || weights[i] < 0)
            refuse(who, ": weights[", i, "] is ", weights[i], ", but must be finite and at least 0");
        if (weights[i] == 0) continue;
        lowest = largest == 0 ? lowest_bit(weights[i]) : (std::min)(lowest, lowest_bit(weights[i]));
        largest = (std::max)(largest, weights[i]);
    }
    if (largest == 0) return {};
    double units = 0;
    for (const double weight : weights) units += math::ldexp(weight, -lowest);
    if (units <= 0x1p53) return {math::ldexp(1.0, lowest), true};
    return {1 / scale_to_one(largest), false};
}

/// The same, and refuses weights that are all 0.
inline weight_unit check_weights(const char* who, std::span<const double> weights, std::ptrdiff_t points) {
    const auto unit = check_each_weight(who, weights, points);
    if (!weights.empty() && std::all_of(weights.begin(), weights.end(), [](double weight) { return weight == 0; }))
        refuse(who, ": weights are all 0, but at least one must be more");
    return unit;
}

/// A copy of centers as k × channels numbers. Refuses another number of channels and what is not finite.
inline buffer<double> checked_centers(const char* who, const char* what, image_view<const double> centers,
                                      std::ptrdiff_t channels) {
    if (centers.channels() != channels)
        refuse(who, ": ", what, " have ", centers.channels(), " channels, but the data has ", channels);
    magnitudes_of(who, what, centers);
    buffer<double> copy(static_cast<std::size_t>(centers.size() * channels));
    double* to = copy.data();
    for (std::ptrdiff_t y = 0; y < centers.height(); ++y)
        for (const double coordinate : centers.row(y)) *to++ = coordinate;
    return copy;
}

/// The same for elements of type T: centers of 8-bit data are rounded to their grid. No centers give an empty buffer.
template <class T>
buffer<double> start_centers(const char* who, const char* what, image_view<const double> centers,
                             std::ptrdiff_t channels) {
    if (centers.empty()) return {};
    auto copy = checked_centers(who, what, centers, channels);
    if constexpr (std::is_same_v<T, std::uint8_t>)
        for (double& c : copy) c = round_to_grid(c);
    return copy;
}

/// The types of elements that can be clustered.
template <class T>
inline constexpr bool is_coordinate = std::is_same_v<T, std::uint8_t> || std::is_same_v<T, std::uint16_t> ||
                                      std::is_same_v<T, float> || std::is_same_v<T, double>;

inline void check_threads(const char* who, int threads) {
    if (threads < 0) refuse(who, ": threads is ", threads, ", but must be at least 0 (0: all)");
}

/// Refuses options out of range; `who` is the function that the message names.
inline void check_kmeans(const char* who, std::ptrdiff_t points, int k, const kmeans_options& options) {
    if (points == 0) refuse(who, ": the data has no points, but needs at least 1");
    if (k < 1) refuse(who, ": k is ", k, ", but must be at least 1");
    if (k > points) refuse(who, ": k is ", k, ", but there are only ", points, " points");
    if (options.attempts < 1) refuse(who, ": attempts is ", options.attempts, ", but must be at least 1");
    if (options.max_iterations < 1)
        refuse(who, ": max_iterations is ", options.max_iterations, ", but must be at least 1");
    if (!is_finite(options.epsilon) || options.epsilon < 0)
        refuse(who, ": epsilon is ", options.epsilon, ", but must be finite and at least 0");
    check_threads(who, options.threads);
    if (options.init != seeding::random && options.init != seeding::plus_plus)
        refuse(who, ": init is ", static_cast<int>(options.init),
               ", but must be seeding::random or seeding::plus_plus");
    const auto centers = options.initial_centers.size();
    if (centers > 0 && centers != k) refuse(who, ": initial_centers has ", centers, " centers, but k is ", k);
    if (centers > 0 && options.attempts != 1)
        refuse(who, ": attempts is ", options.attempts, ", but must be 1 with initial_centers");
}

}  // namespace lloyd::inline v0::detail
