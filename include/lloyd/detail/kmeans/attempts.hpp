// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Lloyd's algorithm: one attempt, and the best of several.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>

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
