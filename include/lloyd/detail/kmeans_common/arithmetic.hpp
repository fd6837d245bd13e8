// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The arithmetic of K-Means for 8-bit data with integer weights: every number is an integer, so no sum depends on its
/// order. (Other data: binned_sums.hpp.)
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/uint128.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The integers that are summed count from `origin`, and means are rounded to multiples of 2^-bits.
struct integer_grid {
    double origin = 0;
    int bits = grid_bits;

    double steps() const { return static_cast<double>(std::uint64_t{1} << bits); }
};

/// moment / weight, rounded half up to a multiple of 2^-bits, 8 or 16: long division, 8 bits at a time, because
/// moment · 2^bits may need 69 bits. The weight is at most 2^53.
inline double grid_quotient(std::uint64_t moment, std::uint64_t weight, const integer_grid& grid = {}) {
    std::uint64_t quotient = moment / weight;
    std::uint64_t rest = moment % weight;
    for (int bits = 0; bits < grid.bits; bits += 8) {
        quotient = quotient << 8 | (rest << 8) / weight;
        rest = (rest << 8) % weight;
    }
    quotient += 2 * rest >= weight;
    return static_cast<double>(quotient) / grid.steps();
}

/// Integer sums of each cluster: Σ weight, and Σ weight · x for each channel, where x counts from the grid's origin.
struct integer_sums {
    integer_sums(std::ptrdiff_t k, std::ptrdiff_t channels, const integer_grid& of_means = {})
        : grid(of_means), weights(static_cast<std::size_t>(k), 0), moments(static_cast<std::size_t>(k * channels), 0) {}

    std::ptrdiff_t size() const { return static_cast<std::ptrdiff_t>(weights.size()); }
    std::ptrdiff_t channels() const { return static_cast<std::ptrdiff_t>(moments.size() / weights.size()); }
    double weight(std::ptrdiff_t j) const { return static_cast<double>(weights[j]); }

    /// Writes the mean of a cluster that has weight: one number for each channel.
    void mean(std::ptrdiff_t j, double* to) const {
        for (std::ptrdiff_t c = 0; c < channels(); ++c)
            to[c] = grid.origin + grid_quotient(moments[j * channels() + c], weights[j], grid);
    }

    /// Σ weight · (x − reference) of coordinate c; `reference` is an integer.
    double moment(std::ptrdiff_t j, std::ptrdiff_t c, double reference) const {
        return static_cast<double>(static_cast<std::int64_t>(moments[j * channels() + c] -
                                                             static_cast<std::uint64_t>(reference) * weights[j]));
    }

    /// Σ w |x − c|² = Σ w |x|² − 2 Σ c · Σ w x + Σ |c|² Σ w, where `squares` is Σ w |x|². All count from the origin;
    /// computed in squared units of the grid.
    double compactness(const double* centers, const uint128& squares) const {
        uint128 plus = (squares << grid.bits) << grid.bits;
        uint128 minus;
        for (std::size_t i = 0; i < moments.size(); ++i) {
            const auto weight = weights[static_cast<std::ptrdiff_t>(i) / channels()];
            if (weight == 0) continue;
            const auto c = static_cast<std::uint64_t>((centers[i] - grid.origin) * grid.steps());
            plus += multiply(weight, c * c);
            minus += multiply(moments[i], c << (grid.bits + 1));
        }
        return static_cast<double>(plus - minus) / (grid.steps() * grid.steps());
    }

    void clear() {
        weights.fill(0);
        moments.fill(0);
    }

    /// Adds the sums of other points.
    void merge(const integer_sums& other) {
        for (std::size_t j = 0; j < weights.size(); ++j) weights[j] += other.weights[j];
        for (std::size_t i = 0; i < moments.size(); ++i) moments[i] += other.moments[i];
    }

    integer_grid grid;
    buffer<std::uint64_t> weights;  ///< k
    buffer<std::uint64_t> moments;  ///< k × channels
};

/// Whether all coordinates are within 0 to 255, where the arithmetic of the octree is exact.
template <class = deferred>
bool are_colors(std::span<const double> centers) {
    return std::all_of(centers.begin(), centers.end(), [](double c) { return 0 <= c && c <= 255; });
}

/// Whether they are integers, too, as the seeds of the octree must be.
template <class = deferred>
bool are_integer_colors(std::span<const double> centers) {
    return are_colors(centers) &&
           std::all_of(centers.begin(), centers.end(), [](double c) { return c == math::floor(c); });
}

}  // namespace lloyd::inline v0::detail
