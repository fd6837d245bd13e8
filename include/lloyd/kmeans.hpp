// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// K-Means: k centers such that the points lie close to the nearest of them (Lloyd 1957, published 1982).
///
///     auto result = lloyd::kmeans(photo, 3, {.attempts = 10, .max_iterations = 10, .epsilon = 1.0, .seed = 42});
///     result.centers(0, 0)[2]     // blue of the first center
///     result.labels(x, y)[0]      // the center nearest to pixel (x, y)
///
/// Points are the pixels of an image, or the rows of a table seen through `points`. Elements are std::uint8_t,
/// std::uint16_t, float or double. The same seed gives the same bits on any number of threads and for any layout of the
/// data; for 8-bit data also on any CPU and with any compiler, and for other data too where the initial centers are given.
/// @file
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/points/lloyd_on_points.hpp>
#include <lloyd/image.hpp>

namespace lloyd::inline v0 {

/// How the first centers are chosen: `random` draws k points of different value; `plus_plus` draws them far from each
/// other (greedy k-means++: Arthur and Vassilvitskii 2007, with 2 + ⌊ln k⌋ candidates a step). Both draw by weight.
enum class seeding { random, plus_plus };

/// What a progress callback is told after each iteration.
struct kmeans_progress {
    int k;               ///< how many centers: what tells the steps of a sweep apart
    int attempt;         ///< from 0
    int iteration;       ///< from 1
    double compactness;  ///< of this iteration's labels and centers
    double max_shift;    ///< how far the farthest center moved, in data units
};

/// How to cluster. By default: one attempt from k-means++ seeds, until no label changes, on one thread.
struct kmeans_options {
    /// How the first centers are chosen.
    seeding init = seeding::plus_plus;
    /// Runs from different seeds, at least 1; the most compact one wins, the first of them on a tie.
    int attempts = 1;
    /// Updates of the centers in one attempt, at least 1.
    int max_iterations = 100;
    /// An attempt ends when no center moved farther than this, in data units, ≥ 0; it always ends when no label changed.
    double epsilon = 0;
    /// Attempt i draws from stream i of this seed: more attempts never make a worse result.
    std::uint64_t seed = 0;
    /// One per point, finite and ≥ 0, not all 0. Empty: all 1. A weight of 3 counts like three copies of the point.
    std::span<const double> weights = {};
    /// k centers to start from, instead of seeding; needs attempts == 1. Empty: seeding.
    image_view<const double> initial_centers = {};
    /// Called after each iteration, one attempt after another; false stops, with the best result so far.
    std::function<bool(const kmeans_progress&)> progress = {};
    /// At least 0; 0 takes as many as can run at a time: the CPUs that the process may use, no more than a container's
    /// quota. The result does not depend on it.
    int threads = 1;
};

/// Labels, centers, weights and compactness agree: labels are nearest to these centers, the rest is measured on them.
template <std::size_t Channels = std::dynamic_extent>
struct kmeans_result {
    image<double, Channels> centers;  ///< k×1; those of 8-bit data lie on a grid of 2^-16
    image<std::int32_t, 1> labels;    ///< 0 to k − 1, in the shape of the input; the lowest on a tie
    std::vector<double> weights;      ///< k: the weight each cluster holds
    double compactness = 0;           ///< Σ weight · squared distance to the nearest center (WCSS, inertia)
    int iterations = 0;               ///< of the winning attempt
    bool converged = false;           ///< whether it ended before max_iterations, by its own
    int attempt = 0;                  ///< which one won
};

/// Clusters the points of `data` around k centers, 1 ≤ k ≤ number of points.
///
/// 8-bit data of 1 to 3 channels is clustered by distinct colour, weighted by count: the same steps from the same centers,
/// sooner, as long as no cluster runs empty. An empty cluster takes the point farthest from its own center, and of such
/// data a colour with all its pixels. With fewer distinct points than k, surplus centers repeat a point and hold weight 0.
///
/// Throws std::invalid_argument for data that is empty or not finite and for options out of range, before any work;
/// whatever `progress` throws; std::bad_alloc.
/// Cost O(n · k · channels · (iterations + ln k) · attempts) with n the points, or the distinct colours of 8-bit data,
/// which need 64 MiB for each thread and 48 bytes for each colour at most. Other points take 4 bytes for each coordinate,
/// and 8 more where k · channels ≥ 1024.
template <any_image Image, class = detail::deferred>
kmeans_result<channels_of<Image>> kmeans(const Image& data, int k, const kmeans_options& options = {});

/// The index of the nearest center of each point, the lowest on a tie, in the shape of `data`. `centers` are k×1, of
/// double and as many channels as the data; for 8-bit data they are rounded to the grid of 2^-16 first.
/// assign(data, result.centers) equals result.labels.
/// Throws std::invalid_argument when data or centers are empty, not finite, or differ in channels.
template <any_image Image, any_image Centers, class = detail::deferred>
image<std::int32_t, 1> assign(const Image& data, const Centers& centers);

// Below: how. One attempt, the heart of it; then the best of several.

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_detail.inc>

/// The outcome of one attempt, in the units of the points as read.
struct attempt_result {
    buffer<double> centers{};
    image<std::int32_t, 1> labels{};
    std::vector<double> weights{};
    double compactness = 0;
    int iterations = 0;
    int attempt = 0;
    bool converged = false;
    bool stopped = false;  ///< by the progress callback

    bool beats(const attempt_result& other) const {
        return other.iterations == 0 || compactness < other.compactness ||
               (compactness == other.compactness && attempt < other.attempt);
    }
};

/// Lloyd's algorithm from one start. `clusters` knows the points and how to take each step over them. Initial centers
/// are those of the first attempt.
template <class Clustering, class T>
attempt_result run_attempt(Clustering& clusters, const point_set<T>& points, int k, const kmeans_options& options,
                           const buffer<double>& initial_centers, int attempt) {
    attempt_result result;
    result.attempt = attempt;

    // 1. Choose k centers and assign every point to the nearest.
    clusters.begin();
    if (attempt == 0 && initial_centers.size() > 0) {
        result.centers = buffer<double>(initial_centers.size());
        std::copy(initial_centers.begin(), initial_centers.end(), result.centers.begin());
    } else {
        const random_stream random(options.seed, static_cast<std::uint64_t>(attempt));
        result.centers = clusters.seed(options.init == seeding::plus_plus, random);
    }
    clusters.assign(result.centers);

    // 2. Move every center to the mean of its points, assign again; until nothing moves.
    while (!result.converged && !result.stopped && result.iterations < options.max_iterations) {
        const double shift = clusters.move_to_means(result.centers) / points.scale;
        clusters.assign(result.centers);
        ++result.iterations;
        result.converged = clusters.settled() || shift <= options.epsilon;
        result.stopped =
            options.progress && !options.progress({k, attempt, result.iterations,
                                                   points.to_compactness(clusters.compactness(result.centers)), shift});
    }

    result.compactness = clusters.compactness(result.centers);
    for (int j = 0; j < k; ++j) result.weights.push_back(clusters.weight(j) * points.weight_unit);
    result.labels = clusters.take_labels();
    return result;
}

/// The most compact of several attempts. They run side by side when there are enough for all threads and nobody watches;
/// otherwise one after another, with the threads sharing each step. start(team) makes the state that attempts of one
/// thread use one after another.
template <class Start, class T>
attempt_result best_attempt(const Start& start, const point_set<T>& points, int k, const kmeans_options& options,
                            const buffer<double>& initial_centers, thread_team& team) {
    const bool side_by_side = static_cast<std::size_t>(options.attempts) >= team.size() && !options.progress;
    const int lanes = side_by_side ? static_cast<int>(team.size()) : 1;
    thread_team alone(1, 1);
    std::vector<decltype(start(team))> states;
    states.reserve(static_cast<std::size_t>(lanes));
    while (states.size() < static_cast<std::size_t>(lanes)) states.push_back(start(lanes > 1 ? alone : team));
    std::vector<attempt_result> best(states.size());
    team.for_each(best.size(), [&](std::size_t lane) {
        for (int i = static_cast<int>(lane); i < options.attempts && !best[lane].stopped; i += lanes) {
            auto result = run_attempt(states[lane], points, k, options, initial_centers, i);
            const bool stopped = result.stopped;
            if (result.beats(best[lane])) best[lane] = std::move(result);
            best[lane].stopped = stopped;
        }
    });
    for (auto& other : best)
        if (other.beats(best.front())) best.front() = std::move(other);
    return std::move(best.front());
}

}  // namespace lloyd::inline v0::detail

// The ways in, with the definitions of kmeans and assign. Sideways from there to color_histogram.hpp, because 8-bit
// images are clustered through their distinct colours.
#include <lloyd/detail/kmeans/dispatch.hpp>
