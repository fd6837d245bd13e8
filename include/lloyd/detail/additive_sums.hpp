// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a step of K-Means finds out about a block of points, as doubles in the units of the data, so that those of
/// several blocks simply add.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <lloyd/detail/arithmetic.hpp>
#include <lloyd/detail/binned_sums.hpp>
#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/clustering.hpp>
#include <lloyd/detail/color_clustering.hpp>
#include <lloyd/detail/deferred.hpp>
#include <lloyd/detail/math.hpp>
#include <lloyd/detail/parallel.hpp>
#include <lloyd/detail/point_set.hpp>
#include <lloyd/detail/point_tiles.hpp>
#include <lloyd/detail/rounding.hpp>
#include <lloyd/detail/wide.hpp>

#include <lloyd/detail/open_detail.inc>

/// Where the numbers of k clusters lie in an array: the weight of each, the moments Σ weight · (x − origin) of each and
/// channel, and Σ weight · |x − origin|² of all.
struct sums_layout {
    std::size_t clusters, channels;

    std::size_t size() const { return clusters * (channels + 1) + 1; }
    /// Of coordinate i of all centers: its weight and moment.
    std::size_t weight(std::size_t i) const { return i / channels; }
    std::size_t moment(std::size_t i) const { return clusters + i; }
};

/// What the sums of a center's coordinate are about. Those of 8-bit data take the whole number nearest to it: then all
/// sums are whole numbers.
inline double origin_of(double center, bool bytes) {
    return bytes ? round_half_up(std::clamp(center, 0.0, 255.0)) : center;
}

/// Σ weight · |x − origin|² − Σ weight · |x − center|². (No number is taken twice: it may be as large as doubles go.)
template <class = deferred>
double squares_beyond_centers(const sums_layout& layout, std::span<const double> numbers,
                              std::span<const double> centers, std::span<const double> origins) {
    double sum = 0;
    for (std::size_t i = 0; i < centers.size(); ++i) {
        const double way = centers[i] - origins[i];
        if (way == 0) continue;
        const double half_moment = numbers[layout.moment(i)] / 2 - rounded_product(way / 4, numbers[layout.weight(i)]);
        sum += rounded_product(4 * way, half_moment);
    }
    return sum;
}

template <class = deferred>
buffer<double> times(std::span<const double> numbers, double factor) {
    buffer<double> result(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) result[i] = numbers[i] * factor;
    return result;
}

inline double moment_about(const whole_sums& sums, std::ptrdiff_t j, std::ptrdiff_t c, double origin) {
    const auto place = static_cast<std::uint64_t>(origin);
    const auto moment = sums.moments.data()[j * sums.channels() + c];
    return static_cast<double>(static_cast<std::int64_t>(moment - place * sums.weights.data()[j]));
}

inline double moment_about(const binned_sums& sums, std::ptrdiff_t j, std::ptrdiff_t c, double origin) {
    return sums.moment(j, c, origin);
}

/// Takes the first half of a Lloyd step, as kmeans does, and writes what it finds. Centers are those of the user, in the
/// units of the data.
template <class Arithmetic, class T>
void sum_step(const point_set<T>& points, std::span<const double> centers, std::span<const double> origins, int threads,
              std::span<double> numbers) {
    const sums_layout at{centers.size() / static_cast<std::size_t>(points.channels()),
                         static_cast<std::size_t>(points.channels())};
    const auto k = static_cast<std::ptrdiff_t>(at.clusters);
    const auto scaled = times(centers, points.scale);
    thread_team team(threads, points.chunks(k));
    const point_tiles tiles(points, team);
    clustering<T, Arithmetic> steps(points, tiles, k, team);
    steps.begin();
    steps.assign(scaled);

    const auto& sums = steps.sums();
    std::fill(numbers.begin(), numbers.end(), 0.0);
    for (std::ptrdiff_t j = 0; j < k; ++j)
        numbers[static_cast<std::size_t>(j)] = points.in_user_units(steps.weight(j), 0);
    for (std::size_t i = 0; i < centers.size(); ++i) {
        const auto j = static_cast<std::ptrdiff_t>(i) / points.channels();
        if (steps.weight(j) == 0) continue;
        const auto c = static_cast<std::ptrdiff_t>(i) % points.channels();
        numbers[at.moment(i)] = points.in_user_units(moment_about(sums, j, c, origins[i] * points.scale), 1);
    }
    if constexpr (std::is_same_v<Arithmetic, whole_arithmetic>)
        numbers.back() = points.to_compactness(steps.compactness(copy_of(origins)));
    else
        numbers.back() =
            points.to_compactness(steps.compactness(scaled)) + squares_beyond_centers(at, numbers, centers, origins);
}

/// In whole numbers where that is exact, in real ones otherwise.
template <class T>
void sum_block(const point_set<T>& points, bool whole_weights, std::span<const double> centers,
               std::span<const double> origins, int threads, std::span<double> numbers) {
    if constexpr (std::is_same_v<T, std::uint8_t>)
        if (whole_weights) return sum_step<whole_arithmetic>(points, centers, origins, threads, numbers);
    sum_step<real_arithmetic>(points, centers, origins, threads, numbers);
}

/// All that is known of points once they are summed.
struct summed_points {
    sums_layout at;
    std::span<const double> numbers, centers, origins;
    bool bytes;
};

/// The same numbers as kmeans has them of 8-bit data: unsigned, about 0.
template <class = deferred>
struct restored_sums {
    explicit restored_sums(const summed_points& points)
        : sums(static_cast<std::ptrdiff_t>(points.at.clusters), static_cast<std::ptrdiff_t>(points.at.channels)),
          exact(points.bytes && std::all_of(points.numbers.begin(), points.numbers.end(), is_exact)) {
        if (!exact) return;
        squares = static_cast<std::uint64_t>(static_cast<std::int64_t>(points.numbers.back()));
        for (std::size_t i = 0; i < points.origins.size(); ++i)
            restore(i, points.numbers[points.at.weight(i)], points.numbers[points.at.moment(i)],
                    static_cast<std::uint64_t>(points.origins[i]));
    }

    whole_sums sums;
    wide squares{};  ///< Σ weight · |x|²
    bool exact;      ///< otherwise sums are too large, or weights are no whole numbers

private:
    static bool is_exact(double number) { return math::magnitude(number) <= 0x1p53 && math::floor(number) == number; }

    void restore(std::size_t i, double weight, double moment, std::uint64_t origin) {
        const auto points = static_cast<std::uint64_t>(static_cast<std::int64_t>(weight));
        sums.weights[i / static_cast<std::size_t>(sums.channels())] = points;
        sums.moments[i] = origin * points + static_cast<std::uint64_t>(static_cast<std::int64_t>(moment));
        squares += multiply(2 * origin, sums.moments[i]);
        squares -= multiply(origin * origin, points);
    }
};

/// The mean of each cluster that has weight.
template <class = deferred>
void write_means(const summed_points& points, std::span<double> means) {
    const restored_sums<> whole(points);
    for (std::size_t i = 0; i < means.size(); ++i) {
        const double weight = points.numbers[points.at.weight(i)];
        if (weight == 0) continue;
        means[i] = whole.exact ? whole_arithmetic::mean(whole.sums, static_cast<std::ptrdiff_t>(points.at.weight(i)),
                                                        static_cast<std::ptrdiff_t>(i % points.at.channels))
                               : points.origins[i] + points.numbers[points.at.moment(i)] / weight;
        if (points.bytes) means[i] = round_to_grid(means[i]);
    }
}

template <class = deferred>
double compactness_of(const summed_points& points) {
    const restored_sums<> whole(points);
    const auto centers = copy_of(points.centers);
    if (whole.exact && are_colors(centers))
        return whole_arithmetic::compactness(whole.sums, centers.data(), whole.squares);
    return (std::max)(0.0, points.numbers.back() -
                               squares_beyond_centers(points.at, points.numbers, points.centers, points.origins));
}

}  // namespace lloyd::inline v0::detail
