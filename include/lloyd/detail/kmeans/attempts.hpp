// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// K-Means as in the textbook (Lloyd 1957, published 1982): one attempt, and the best of several.
///
/// run_attempt is the algorithm; each step is a call of an engine, which knows the points and how they are stored.
/// lloyd_on_points goes through all of them; lloyd_on_colors takes boxes of an octree at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/kmeans_common/center_update.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/lloyd_engine.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The outcome of one attempt, in the scale of the points as read; weights are in the user's units.
struct attempt_result {
    buffer<double> centers{};         ///< k × channels
    image<std::int32_t, 1> labels{};  ///< of each point
    std::vector<double> weights{};    ///< of each cluster
    double compactness = 0;
    int iterations = 0;
    int attempt = -1;  ///< −1: no attempt yet
    bool converged = false;
    bool stopped = false;  ///< by the progress callback

    /// Lower compactness wins; on a tie the lower attempt.
    bool beats(const attempt_result& other) const {
        return other.attempt < 0 || compactness < other.compactness ||
               (compactness == other.compactness && attempt < other.attempt);
    }
};

/// The seeds of an attempt.
template <class = deferred>
buffer<double> seeds_of_attempt(lloyd_engine& engine, const point_set& points, int k, const kmeans_options& options,
                                const first_centers& first, int attempt) {
    const auto draw = [&](std::ptrdiff_t count) {
        const random_stream random(options.seed, static_cast<std::uint64_t>(attempt));
        return engine.seed(count, options.init == seeding::plus_plus, random, first.fixed.span());
    };
    if (first.kept == nullptr || attempt == 0) return draw(k);
    auto& seeds = first.kept->of_attempt[static_cast<std::size_t>(attempt)];
    if (seeds.size() == 0) seeds = draw(first.kept->count);
    return copy_of<double>(seeds.span().first(static_cast<std::size_t>(k * points.channels())));
}

/// One attempt: from k seeds, or from given centers if there are any and it is the first attempt.
template <class = deferred>
attempt_result run_attempt(lloyd_engine& engine, const point_set& points, int k, const kmeans_options& options,
                           const first_centers& first, int attempt) {
    const auto fixed = static_cast<std::ptrdiff_t>(first.fixed.size()) / points.channels();
    attempt_result result;
    result.attempt = attempt;
    result.converged = fixed == k;

    // 1. Choose k centers, and assign every point to the nearest.
    engine.begin();
    const bool is_seeded = attempt > 0 || first.all.size() == 0;
    result.centers =
        is_seeded ? seeds_of_attempt(engine, points, k, options, first, attempt) : copy_of<double>(first.all.span());
    result.converged ? engine.assign_last(result.centers) : engine.assign(result.centers);

    // 2. Move every center to the mean of its points, and assign the points again; until nothing moves.
    while (!result.converged && !result.stopped && result.iterations < options.max_iterations) {
        const double shift = move_to_means(points, engine, result.centers, fixed, first.repairs) / points.scale;
        ++result.iterations;
        const bool is_close = shift <= options.epsilon,
                   is_last = is_close || result.iterations == options.max_iterations;
        is_last ? engine.assign_last(result.centers) : engine.assign(result.centers);
        result.converged = engine.settled() || is_close;
        result.stopped =
            options.progress && !options.progress({k, attempt, result.iterations,
                                                   points.to_compactness(engine.compactness(result.centers)), shift});
    }

    // 3. Measure the clusters found.
    result.compactness = engine.compactness(result.centers);
    for (int j = 0; j < k; ++j) result.weights.push_back(engine.weight(j) * points.unit.size);
    result.labels = engine.take_labels();
    return result;
}

/// Owns the engines of attempts that run at a time.
class engine_list {
public:
    explicit engine_list(std::size_t capacity) { engines_.reserve(capacity); }
    engine_list(const engine_list&) = delete;
    engine_list& operator=(const engine_list&) = delete;
    ~engine_list() {
        for (lloyd_engine* engine : engines_) delete engine;
    }

    /// Takes an engine that was made by new; no more of them than the capacity.
    void take(lloyd_engine* engine) { engines_.push_back(engine); }
    lloyd_engine& operator[](std::size_t i) const { return *engines_[i]; }

private:
    std::vector<lloyd_engine*> engines_;
};

/// The most compact of several attempts. With at least one attempt for each thread, and no progress callback, attempts
/// run side by side, each on one thread; otherwise one after another, and all threads share each step.
/// make_engine(team) makes an engine, by new; it is called once for each attempt that runs at a time, and the engine is
/// used for one attempt after another.
template <class = deferred>
attempt_result best_attempt(const std::function<lloyd_engine*(thread_team&)>& make_engine, const point_set& points,
                            int k, const kmeans_options& options, const first_centers& first, thread_team& team) {
    const bool side_by_side = static_cast<std::size_t>(options.attempts) >= team.size() && !options.progress;
    const std::size_t at_a_time = side_by_side ? team.size() : 1;
    thread_team alone(1, 1);
    engine_list engines(at_a_time);
    for (std::size_t i = 0; i < at_a_time; ++i) engines.take(make_engine(at_a_time > 1 ? alone : team));
    std::vector<attempt_result> best(at_a_time);  // of each engine
    team.for_each(at_a_time, [&](std::size_t e) {
        for (int i = static_cast<int>(e); i < options.attempts && !best[e].stopped; i += static_cast<int>(at_a_time)) {
            auto result = run_attempt(engines[e], points, k, options, first, i);
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
