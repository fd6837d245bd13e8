// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Checks data, centers and options once, and finds the scale in which the arithmetic cannot overflow.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/kmeans_common/magnitudes.hpp>
#include <lloyd/detail/kmeans_common/weights.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>

#include <lloyd/detail/base/open_detail.inc>

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

/// A copy of centers as k × channels numbers. Refuses another number of channels and what is not finite.
template <class = deferred>
buffer<double> checked_centers(const char* who, const char* what, image_view<const double> centers,
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

/// The same; centers of bytes are rounded to their grid. No centers give an empty buffer.
template <class = deferred>
buffer<double> start_centers(const char* who, const char* what, image_view<const double> centers,
                             std::ptrdiff_t channels, bool bytes) {
    if (centers.empty()) return {};
    auto copy = checked_centers(who, what, centers, channels);
    if (bytes)
        for (double& c : copy) c = round_to_grid(c);
    return copy;
}

/// Multiplies each number in place.
inline void multiply_all(std::span<double> numbers, double factor) {
    for (double& number : numbers) number *= factor;
}

/// Seeds of attempts of which calls with fewer centers take the first ones (see last_with_same_seeds).
struct kept_seeds {
    std::ptrdiff_t count = 0;                  ///< of each attempt
    std::vector<buffer<double>> of_attempt{};  ///< count × channels; empty until an attempt has drawn them
};

/// The centers that attempts begin with, in the scale of the points.
struct first_centers {
    buffer<double> all{};        ///< k × channels, of the first attempt; empty: seeds
    buffer<double> fixed{};      ///< f × channels: the first f centers of each attempt, which never move
    bool repairs = true;         ///< whether an empty cluster takes the farthest point
    kept_seeds* kept = nullptr;  ///< for all attempts but the first; null: each call draws its own

    /// Multiplies all coordinates.
    void scale(double factor) {
        multiply_all(all.span(), factor);
        multiply_all(fixed.span(), factor);
    }
};

/// Those of the options. Refuses what start_centers refuses, and initial centers that do not begin with the fixed ones.
template <class = deferred>
first_centers checked_first_centers(const char* who, const kmeans_options& options, std::ptrdiff_t channels,
                                    bool bytes) {
    first_centers first{start_centers(who, "initial_centers", options.initial_centers, channels, bytes),
                        start_centers(who, "fixed_centers", options.fixed_centers, channels, bytes)};
    if (first.all.size() == 0) return first;
    for (std::size_t i = 0; i < first.fixed.size(); ++i)
        if (first.all[i] != first.fixed[i])
            refuse(who, ": initial_centers ", i / static_cast<std::size_t>(channels), ", channel ",
                   i % static_cast<std::size_t>(channels), ", is ", first.all[i], ", but must be ", first.fixed[i],
                   " as in fixed_centers");
    return first;
}

inline void check_threads(const char* who, int threads) {
    if (threads < 0) refuse(who, ": threads is ", threads, ", but must be at least 0 (0: all)");
}

/// Refuses options out of range; `who` is the function that the message names.
inline void check_kmeans(const char* who, std::ptrdiff_t points, int k, const kmeans_options& options) {
    if (points == 0) refuse(who, ": the data has no points, but needs at least 1");
    if (k < 1) refuse(who, ": k is ", k, ", but must be 1 to ", points, ", the number of points");
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
    if (options.fixed_centers.size() > k)
        refuse(who, ": fixed_centers has ", options.fixed_centers.size(), " centers, but k is ", k);
}

}  // namespace lloyd::inline v0::detail
