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

/// Half up; exact where x + 0.5 would not be.
inline double round_half_up(double x) {
    const double whole = std::floor(x);
    return x - whole >= 0.5 ? whole + 1 : whole;
}

inline double round_to_grid(double x) { return round_half_up(x * grid_steps) / grid_steps; }

/// Sums of each cluster: Σ weight, and per channel Σ weight · x (whole) or Σ weight · (x − anchor) (real), where the
/// anchor is a point of the cluster. Rounding is then that of the cluster's extent, not of its place, and the
/// mean of equal points is that point.
template <class Amount>
struct cluster_sums {
    static constexpr bool anchored = std::is_floating_point_v<Amount>;

    cluster_sums(std::ptrdiff_t k, std::ptrdiff_t channels)
        : weights(static_cast<std::size_t>(k), Amount{}),
          moments(static_cast<std::size_t>(k * channels), Amount{}),
          anchors(anchored ? moments.size() : 0) {}

    std::size_t channels() const { return moments.size() / weights.size(); }

    void clear() {
        weights.fill(Amount{});
        moments.fill(Amount{});
        changed = 0;
    }

    /// Adds the sums of other points. Real sums depend on the order of merging, within rounding.
    void merge(const cluster_sums& other) {
        for (std::size_t j = 0; j < weights.size(); ++j)
            merge_cluster(j, other.weights[j], other.anchors.data() + (anchored ? j * channels() : 0),
                          [&](std::size_t c) { return other.moments[j * channels() + c]; });
        changed += other.changed;
    }

    /// Adds a weight and, for each channel c, moment(c) about anchor[c], to one cluster.
    template <class Moment>
    void merge_cluster(std::size_t j, Amount weight, [[maybe_unused]] const double* anchor, const Moment& moment) {
        if (weight == Amount{}) return;
        for (std::size_t c = 0, i = j * channels(); c < channels(); ++c, ++i) {
            if constexpr (anchored) {
                if (weights[j] == Amount{}) anchors[i] = anchor[c];
                moments[i] += weight * (anchor[c] - anchors[i]);
            }
            moments[i] += moment(c);
        }
        weights[j] += weight;
    }

    buffer<Amount> weights;
    buffer<Amount> moments;
    buffer<double> anchors;      ///< of clusters that have weight (real only)
    std::ptrdiff_t changed = 0;  ///< points of positive weight whose label is not what it was
};

/// Everything is an integer, so no sum depends on its order.
struct whole_arithmetic {
    static constexpr double reach = 255;  ///< the longest way along a channel

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
    static double mean(const cluster_sums<amount>& sums, std::ptrdiff_t cluster, std::ptrdiff_t moment) {
        const amount weight = sums.weights.data()[cluster];
        amount quotient = sums.moments.data()[moment] / weight;
        amount rest = sums.moments.data()[moment] % weight;
        for (int bits = 0; bits < grid_bits; bits += 8) {
            quotient = quotient << 8 | (rest << 8) / weight;
            rest = (rest << 8) % weight;
        }
        quotient += 2 * rest >= weight;
        return static_cast<double>(quotient) / grid_steps;
    }

    /// Σ w |x − c|² = Σ w |x|² − 2 Σ c · Σ w x + Σ |c|² Σ w, in units of 2^-32.
    static double compactness(const cluster_sums<amount>& sums, const double* centers, const wide& squares) {
        const auto channels = sums.channels();
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

/// Doubles, summed in the order of the points.
struct real_arithmetic {
    using amount = double;
    using potential = double;

    static potential weigh(double weight, double distance) { return weight * distance; }
    static amount moment(double weight, double x, double anchor) { return weight * (x - anchor); }
    static double mean(const cluster_sums<amount>& sums, std::ptrdiff_t cluster, std::ptrdiff_t moment) {
        return sums.anchors.data()[moment] + sums.moments.data()[moment] / sums.weights.data()[cluster];
    }
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
