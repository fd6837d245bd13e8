// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// K-Means as in the textbook (Lloyd 1957, published 1982): one attempt, and the best of several.
///
/// run_attempt is the algorithm; each step is a call of an engine, which knows the points and how they are stored.
/// lloyd_on_points goes through all of them; lloyd_on_colors takes boxes of an octree at once.
#pragma once

#include <concepts>
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

/// The steps of Lloyd's algorithm over some points. Centers are k × channels numbers in the scale of the points as
/// read.
/// - begin() starts an attempt.
/// - seed(by_distance, random) is k first centers, drawn by D² (k-means++) or at random.
/// - assign(centers) finds the nearest center of each point, and sums up each cluster.
/// - move_to_means(centers) moves each center to the mean of its cluster; returns the largest distance that one moved.
/// - settled() is whether the last assign changed no label.
/// - compactness(centers) is Σ weight · squared distance to the nearest center, and weight(j) the weight of cluster j,
///   both as of the last assign.
/// - take_labels() moves the labels out at the end of an attempt, or gives an empty image, where they are cheaper to
///   find from the centers.
template <class Engine>
concept lloyd_engine = requires(Engine& engine, bool by_distance, random_stream random, buffer<double>& centers,
                                const buffer<double>& fixed_centers, std::ptrdiff_t j) {
    engine.begin();
    { engine.seed(by_distance, random) } -> std::same_as<buffer<double>>;
    engine.assign(fixed_centers);
    { engine.move_to_means(centers) } -> std::same_as<double>;
    { engine.settled() } -> std::same_as<bool>;
    { engine.compactness(fixed_centers) } -> std::same_as<double>;
    { engine.weight(j) } -> std::same_as<double>;
    { engine.take_labels() } -> std::same_as<image<std::int32_t, 1>>;
};

/// The outcome of one attempt, in the scale of the points as read; weights are in the user's units.
struct attempt_result {
    buffer<double> centers{};         ///< k × channels
    image<std::int32_t, 1> labels{};  ///< of each point
    std::vector<double> weights{};    ///< of each cluster
    double compactness = 0;
    int iterations = 0;  ///< 0: no attempt yet
    int attempt = 0;
    bool converged = false;
    bool stopped = false;  ///< by the progress callback

    /// Lower compactness wins; on a tie the lower attempt.
    bool beats(const attempt_result& other) const {
        return other.iterations == 0 || compactness < other.compactness ||
               (compactness == other.compactness && attempt < other.attempt);
    }
};

/// One attempt: from k seeds, or from the initial centers if these are not empty and it is the first attempt.
template <lloyd_engine Engine, class T>
attempt_result run_attempt(Engine& engine, const point_set<T>& points, int k, const kmeans_options& options,
                           const buffer<double>& initial_centers, int attempt) {
    attempt_result result;
    result.attempt = attempt;

    // 1. Choose k centers, and assign every point to the nearest.
    engine.begin();
    const bool is_seeded = attempt > 0 || initial_centers.size() == 0;
    const random_stream random(options.seed, static_cast<std::uint64_t>(attempt));
    result.centers =
        is_seeded ? engine.seed(options.init == seeding::plus_plus, random) : copy_of<double>(initial_centers.span());
    engine.assign(result.centers);

    // 2. Move every center to the mean of its points, and assign the points again; until nothing moves.
    while (!result.converged && !result.stopped && result.iterations < options.max_iterations) {
        const double shift = engine.move_to_means(result.centers) / points.scale;
        engine.assign(result.centers);
        ++result.iterations;
        result.converged = engine.settled() || shift <= options.epsilon;
        result.stopped =
            options.progress && !options.progress({k, attempt, result.iterations,
                                                   points.to_compactness(engine.compactness(result.centers)), shift});
    }

    // 3. Measure the clusters found.
    result.compactness = engine.compactness(result.centers);
    for (int j = 0; j < k; ++j) result.weights.push_back(engine.weight(j) * points.weight_unit);
    result.labels = engine.take_labels();
    return result;
}

/// The most compact of several attempts. With at least one attempt for each thread, and no progress callback, attempts
/// run side by side, each on one thread; otherwise one after another, and all threads share each step.
/// make_engine(team) is called once for each attempt that runs at a time; its engine is used for one attempt after
/// another.
template <class MakeEngine, class T>
attempt_result best_attempt(const MakeEngine& make_engine, const point_set<T>& points, int k,
                            const kmeans_options& options, const buffer<double>& initial_centers, thread_team& team) {
    const bool side_by_side = static_cast<std::size_t>(options.attempts) >= team.size() && !options.progress;
    const std::size_t at_a_time = side_by_side ? team.size() : 1;
    thread_team alone(1, 1);
    std::vector<decltype(make_engine(team))> engines;
    engines.reserve(at_a_time);
    while (engines.size() < at_a_time) engines.push_back(make_engine(at_a_time > 1 ? alone : team));
    std::vector<attempt_result> best(at_a_time);  // of each engine
    team.for_each(at_a_time, [&](std::size_t e) {
        for (int i = static_cast<int>(e); i < options.attempts && !best[e].stopped; i += static_cast<int>(at_a_time)) {
            auto result = run_attempt(engines[e], points, k, options, initial_centers, i);
            const bool stopped = result.stopped;
            if (result.beats(best[e])) best[e] = std::move(result);
            best[e].stopped = stopped;
        }
    });
    for (auto& other : best)
        if (other.beats(best.front())) best.front() = std::move(other);
    return std::move(best.front());
}

}  // namespace lloyd::inline v0::detail
