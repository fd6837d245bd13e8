// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The two arithmetics of K-Means: whole numbers for 8-bit data with whole weights, real numbers for the rest.
///
/// Each says how a point enters its cluster's sums, how the mean and the compactness follow from them, and which
/// numbers hold the potentials that seeds are drawn by.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/wide.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Centers of 8-bit data lie on this grid: products with 8-bit coordinates are then exact in double.
inline constexpr int grid_bits = 16;
inline constexpr double grid_steps = 65536.0;

inline double round_to_grid(double x) { return std::floor(x * grid_steps + 0.5) / grid_steps; }

/// Sums of one cluster: Σ weight, and per channel Σ weight · x (whole) or Σ weight · (x − anchor) (real).
template <class Amount>
struct cluster_sums {
    cluster_sums(std::ptrdiff_t k, std::ptrdiff_t channels)
        : weights(static_cast<std::size_t>(k), Amount{}), moments(static_cast<std::size_t>(k * channels), Amount{}) {}

    void clear() {
        weights.fill(Amount{});
        moments.fill(Amount{});
        distances = 0;
        changed = 0;
    }
    void merge(const cluster_sums& other) {
        for (std::size_t j = 0; j < weights.size(); ++j) weights[j] += other.weights[j];
        for (std::size_t j = 0; j < moments.size(); ++j) moments[j] += other.moments[j];
        distances += other.distances;
        changed += other.changed;
    }

    buffer<Amount> weights;
    buffer<Amount> moments;
    double distances = 0;        ///< Σ weight · squared distance (real only)
    std::ptrdiff_t changed = 0;  ///< labels that are not what they were
};

/// Everything is an integer, so no sum depends on its order.
struct whole_arithmetic {
    using amount = std::uint64_t;
    using potential = wide;

    static potential weigh(double weight, double distance) {
        return multiply(static_cast<std::uint64_t>(weight), static_cast<std::uint64_t>(distance));
    }

    static amount moment(double weight, double x, double /*anchor*/) {
        return static_cast<amount>(weight) * static_cast<amount>(x);
    }

    /// moment / weight in steps of the grid, half up: long division, 8 bits at a time, since the product with the grid
    /// may need 69 bits. The weight is at most 2^53.
    static double mean(amount moment, amount weight, double /*anchor*/) {
        amount quotient = moment / weight;
        amount rest = moment % weight;
        for (int bits = 0; bits < grid_bits; bits += 8) {
            quotient = quotient << 8 | (rest << 8) / weight;
            rest = (rest << 8) % weight;
        }
        quotient += 2 * rest >= weight;
        return static_cast<double>(quotient) / grid_steps;
    }

    /// Σ w |x − c|² = Σ w |x|² − 2 Σ c · Σ w x + Σ |c|² Σ w, in units of 2^-32.
    static double compactness(const cluster_sums<amount>& sums, const double* centers, const wide& squares) {
        const auto channels = sums.moments.size() / sums.weights.size();
        wide plus = (squares << grid_bits) << grid_bits;
        wide minus;
        for (std::size_t i = 0; i < sums.moments.size(); ++i) {
            const auto c = static_cast<amount>(centers[i] * grid_steps);
            if (sums.weights[i / channels] == 0) continue;
            plus += multiply(sums.weights[i / channels], c * c);
            minus += multiply(sums.moments[i], c << (grid_bits + 1));
        }
        return static_cast<double>(plus - minus) / (grid_steps * grid_steps);
    }
};

/// Doubles. Moments are taken about the old center, so that their rounding is that of the cluster's extent, not of its
/// place, and a cluster whose points all lie on its center stays there exactly.
struct real_arithmetic {
    using amount = double;
    using potential = double;

    static potential weigh(double weight, double distance) { return weight * distance; }
    static amount moment(double weight, double x, double anchor) { return weight * (x - anchor); }
    static double mean(amount moment, amount weight, double anchor) { return anchor + moment / weight; }
    static double compactness(const cluster_sums<amount>& sums, const double*, const wide&) { return sums.distances; }
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
