// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The sums of one step of K-Means over a block of points, as doubles in the units of the data, so that the sums of
/// several blocks are added number by number.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/lloyd_on_points.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Where the numbers of k clusters lie in an array: first k weights, then k × channels moments, which are
/// Σ weight · (x − reference), last Σ weight · |x − reference|² of all points. The reference point of a cluster is its
/// center or near it.
struct sums_layout {
    std::size_t clusters, channels;

    std::size_t size() const { return clusters * (channels + 1) + 1; }
    /// The places of the weight and the moment of coordinate i, 0 to k · channels − 1, of all centers.
    std::size_t weight(std::size_t i) const { return i / channels; }
    std::size_t moment(std::size_t i) const { return clusters + i; }
};

/// A coordinate of a center's reference point: the same; for 8-bit data the nearest integer from 0 to 255, so that all
/// sums are integers.
inline double reference_of(double center, bool bytes) {
    return bytes ? round_half_up(std::clamp(center, 0.0, 255.0)) : center;
}

/// Σ weight · |x − reference|² − Σ weight · |x − center|². (Halves and quarters keep the numbers, which may be as large
/// as doubles go, from overflow.)
template <class = deferred>
double shift_correction(const sums_layout& layout, std::span<const double> numbers, std::span<const double> centers,
                        std::span<const double> references) {
    double sum = 0;
    for (std::size_t i = 0; i < centers.size(); ++i) {
        const double shift = centers[i] - references[i];
        if (shift == 0) continue;
        const double half_moment =
            numbers[layout.moment(i)] / 2 - rounded_product(shift / 4, numbers[layout.weight(i)]);
        sum += rounded_product(4 * shift, half_moment);
    }
    return sum;
}

/// Assigns every point to its nearest center, as kmeans does, and writes the sums. Centers and references are in the
/// units of the data.
template <class = deferred>
void sum_block(const point_set& points, std::span<const double> centers, std::span<const double> references,
               int threads, std::span<double> numbers) {
    const sums_layout at{centers.size() / static_cast<std::size_t>(points.channels()),
                         static_cast<std::size_t>(points.channels())};
    const auto k = static_cast<std::ptrdiff_t>(at.clusters);
    const auto scaled = copy_of(centers);
    for (double& c : scaled) c *= points.scale;
    thread_team team(threads, points.chunks(k));
    const point_tiles<> tiles(points, team);
    lloyd_on_points<> engine(points, tiles, k, team);
    engine.begin();
    engine.assign(scaled);

    std::fill(numbers.begin(), numbers.end(), 0.0);
    for (std::ptrdiff_t j = 0; j < k; ++j)
        numbers[static_cast<std::size_t>(j)] = points.in_user_units(engine.weight(j), 0);
    for (std::size_t i = 0; i < centers.size(); ++i) {
        const auto j = static_cast<std::ptrdiff_t>(i) / points.channels();
        if (engine.weight(j) == 0) continue;
        const auto c = static_cast<std::ptrdiff_t>(i) % points.channels();
        numbers[at.moment(i)] = points.in_user_units(engine.sums().moment(j, c, references[i] * points.scale), 1);
    }
    if (points.in_integers())
        numbers.back() = points.to_compactness(engine.compactness(copy_of(references)));
    else
        numbers.back() =
            points.to_compactness(engine.compactness(scaled)) + shift_correction(at, numbers, centers, references);
}

/// The sums of points, and what they refer to.
struct summed_points {
    sums_layout at;
    std::span<const double> numbers, centers, references;
    bool bytes;  ///< whether the points are of 8-bit elements
};

/// The sums in the form that kmeans has for 8-bit data: unsigned integers, with 0 as the reference point.
template <class = deferred>
struct integer_sums_from {
    explicit integer_sums_from(const summed_points& points)
        : sums(static_cast<std::ptrdiff_t>(points.at.clusters), static_cast<std::ptrdiff_t>(points.at.channels)),
          exact(points.bytes && std::all_of(points.numbers.begin(), points.numbers.end(), is_exact)) {
        if (!exact) return;
        squares = static_cast<std::uint64_t>(static_cast<std::int64_t>(points.numbers.back()));
        for (std::size_t i = 0; i < points.references.size(); ++i)
            restore(i, points.numbers[points.at.weight(i)], points.numbers[points.at.moment(i)],
                    static_cast<std::uint64_t>(points.references[i]));
    }

    integer_sums sums;
    uint128 squares{};  ///< Σ weight · |x|²
    bool exact;         ///< false: sums are beyond 2^53, or no integers, as the weights were none

private:
    static bool is_exact(double number) { return math::magnitude(number) <= 0x1p53 && math::floor(number) == number; }

    void restore(std::size_t i, double weight, double moment, std::uint64_t reference) {
        const auto points = static_cast<std::uint64_t>(static_cast<std::int64_t>(weight));
        sums.weights[i / static_cast<std::size_t>(sums.channels())] = points;
        sums.moments[i] = reference * points + static_cast<std::uint64_t>(static_cast<std::int64_t>(moment));
        squares += multiply(2 * reference, sums.moments[i]);
        squares -= multiply(reference * reference, points);
    }
};

/// Writes the mean of each cluster that has weight; leaves the others.
template <class = deferred>
void write_means(const summed_points& points, std::span<double> means) {
    const integer_sums_from<> integers(points);
    for (std::size_t i = 0; i < means.size(); ++i) {
        const auto j = points.at.weight(i);
        const double weight = points.numbers[j];
        if (weight == 0) continue;
        means[i] = integers.exact ? grid_quotient(integers.sums.moments[i], integers.sums.weights[j])
                                  : points.references[i] + points.numbers[points.at.moment(i)] / weight;
        if (points.bytes) means[i] = round_to_grid(means[i]);
    }
}

/// Σ weight · squared distance to the nearest center.
template <class = deferred>
double compactness_of(const summed_points& points) {
    const integer_sums_from<> integers(points);
    const auto centers = copy_of(points.centers);
    if (integers.exact && are_colors(centers)) return integers.sums.compactness(centers.data(), integers.squares);
    return (std::max)(0.0, points.numbers.back() -
                               shift_correction(points.at, points.numbers, points.centers, points.references));
}

}  // namespace lloyd::inline v0::detail
