// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The two arithmetics of K-Means: integers for 8-bit data with integer weights, doubles for all other data.
///
/// Each names the type of a cluster's sums and of potentials (Σ weight · D², see seeding.hpp), and computes means from
/// the sums; that of integers also the compactness.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/binned_sums.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Integer sums of each cluster: Σ weight, and Σ weight · x for each channel.
struct integer_sums {
    using amount = std::uint64_t;

    integer_sums(std::ptrdiff_t k, std::ptrdiff_t channels)
        : weights(static_cast<std::size_t>(k), 0), moments(static_cast<std::size_t>(k * channels), 0) {}

    std::ptrdiff_t size() const { return static_cast<std::ptrdiff_t>(weights.size()); }
    std::ptrdiff_t channels() const { return static_cast<std::ptrdiff_t>(moments.size() / weights.size()); }
    bool is_empty(std::ptrdiff_t j) const { return weights[j] == 0; }
    double weight(std::ptrdiff_t j) const { return static_cast<double>(weights[j]); }

    void clear() {
        weights.fill(0);
        moments.fill(0);
        changed = 0;
    }

    /// Adds the sums of other points.
    void merge(const integer_sums& other) {
        for (std::size_t j = 0; j < weights.size(); ++j) weights[j] += other.weights[j];
        for (std::size_t i = 0; i < moments.size(); ++i) moments[i] += other.moments[i];
        changed += other.changed;
    }

    buffer<amount> weights;      ///< k
    buffer<amount> moments;      ///< k × channels
    std::ptrdiff_t changed = 0;  ///< points of positive weight whose label changed in the last step
};

/// Every number is an integer, so no sum depends on its order.
struct integer_arithmetic {
    static constexpr double max_difference = 255;  ///< of two coordinates

    using amount = std::uint64_t;
    using sums = integer_sums;
    using potential_type = uint128;

    /// Both are integers.
    static potential_type weigh(double weight, double distance) {
        return multiply(static_cast<std::uint64_t>(weight), static_cast<std::uint64_t>(distance));
    }

    /// Writes the mean of a cluster that has weight: one number for each channel.
    static void mean(const integer_sums& sums, std::ptrdiff_t cluster, double* to) {
        for (std::ptrdiff_t c = 0; c < sums.channels(); ++c)
            to[c] = grid_quotient(sums.moments[cluster * sums.channels() + c], sums.weights[cluster]);
    }

    /// moment / weight, rounded half up to the grid: long division, 8 bits at a time, because moment · grid_steps may
    /// need 69 bits. The weight is at most 2^53.
    static double grid_quotient(amount moment, amount weight) {
        amount quotient = moment / weight;
        amount rest = moment % weight;
        for (int bits = 0; bits < grid_bits; bits += 8) {
            quotient = quotient << 8 | (rest << 8) / weight;
            rest = (rest << 8) % weight;
        }
        quotient += 2 * rest >= weight;
        return static_cast<double>(quotient) / grid_steps;
    }

    /// Σ w |x − c|² = Σ w |x|² − 2 Σ c · Σ w x + Σ |c|² Σ w, where `squares` is Σ w |x|². Computed in units of 2^-32.
    static double compactness(const integer_sums& sums, const double* centers, const uint128& squares) {
        const auto channels = static_cast<std::size_t>(sums.channels());
        uint128 plus = (squares << grid_bits) << grid_bits;
        uint128 minus;
        for (std::size_t i = 0; i < sums.moments.size(); ++i) {
            const auto c = static_cast<amount>(centers[i] * grid_steps);
            if (sums.weights[i / channels] == 0) continue;
            plus += multiply(sums.weights[i / channels], c * c);
            minus += multiply(sums.moments[i], c << (grid_bits + 1));
        }
        return static_cast<double>(plus - minus) / (grid_steps * grid_steps);
    }
};

/// Whether all coordinates are within 0 to 255, where the arithmetic of the octree is exact.
template <class = deferred>
bool are_colors(const buffer<double>& centers) {
    return std::all_of(centers.begin(), centers.end(), [](double c) { return 0 <= c && c <= 255; });
}

/// Doubles. Sums of points are exact, potentials are rounded.
struct real_arithmetic {
    using sums = binned_sums;
    using potential_type = double;

    static potential_type weigh(double weight, double distance) { return rounded_product(weight, distance); }
    static void mean(const binned_sums& sums, std::ptrdiff_t cluster, double* to) { sums.mean(cluster, to); }
};

}  // namespace lloyd::inline v0::detail
