// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// K-Means on photographs: seeding, one Lloyd step (assignment and update), and all of it.
/// Each stands beside plain loops; compactness says that both did the same, or how well each did.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include <lloyd/detail/kmeans_common/center_update.hpp>
#include <lloyd/detail/kmeans_common/seeding.hpp>
#include <lloyd/detail/octree/color_seeding.hpp>
#include <lloyd/detail/octree/lloyd_on_colors.hpp>
#include <lloyd/detail/points/lloyd_on_points.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/kmeans.hpp>

#include "photo_bench.hpp"
#include "plain.hpp"

namespace {

using bench::subject;
using benchmark::State;
using lloyd::detail::buffer;

const lloyd::kmeans_options ten_iterations{.max_iterations = 10, .epsilon = 1.0, .seed = 42};

/// Where a run is after some iterations: neither as far off as seeds nor at rest.
std::vector<double> centers_midway(const subject& on, int k) {
    const auto result = lloyd::kmeans(on.pixels, k, {.max_iterations = 3, .seed = 42});
    const auto centers = result.centers.elements();
    return {centers.begin(), centers.end()};
}

void report_step(State& state, const subject& on, int k, double compactness) {
    bench::time_per(state, "color", on.color_count());
    bench::rate(state, "distances", on.color_count() * k);
    state.counters["compactness"] = compactness;
}

template <class Clustering>
void run_steps(State& state, const subject& on, int k, Clustering&& clusters) {
    const auto start = centers_midway(on, k);
    buffer<double> centers(start.size());
    clusters.begin();
    int steps = 0;
    for (auto _ : state) {  // ten steps, over and over: the same centers again would cost next to nothing
        if (steps++ % 10 == 0) std::ranges::copy(start, centers.begin());
        clusters.assign(centers);
        benchmark::DoNotOptimize(lloyd::detail::move_to_means(on.points, clusters, centers, 0, true));
    }
    std::ranges::copy(start, centers.begin());
    report_step(state, on, k, clusters.compactness(centers));
}

void step(State& state, const subject& on, int k) {
    run_steps(state, on, k, lloyd::detail::lloyd_on_colors<>(on.points, on.tree, k));
}

/// The library's way for points that are not colours: every distance, in vectors.
void step_vectors(State& state, const subject& on, int k) {
    lloyd::detail::thread_team alone(1, 1);
    const lloyd::detail::point_tiles<> tiles(on.points, alone);
    run_steps(state, on, k, lloyd::detail::lloyd_on_points<>(on.points, tiles, k, alone));
}

void step_plain(State& state, const subject& on, int k) {
    const auto start = centers_midway(on, k);
    const auto weight = [&](std::ptrdiff_t i) { return on.points.weights[static_cast<std::size_t>(i)]; };
    double compactness = 0, shift;
    for (auto _ : state) {
        auto centers = start;
        compactness = bench::plain_step(on.colors.colors().data(), on.colors.size(), weight, centers, shift);
        benchmark::DoNotOptimize(centers.data());
    }
    report_step(state, on, k, compactness);
}

/// Each seed but the first is the best of some candidates; each but the last lowers every D².
void report_seeding(State& state, const subject& on, int k, const buffer<double>& seeds) {
    const double tries = 2 + std::floor(std::log(k));
    bench::time_per(state, "color", on.color_count());
    bench::rate(state, "distances", on.color_count() * (k - 1) * (tries + 1));
    lloyd::detail::lloyd_on_colors<> clusters(on.points, on.tree, k);
    clusters.assign(seeds);
    state.counters["compactness"] = clusters.compactness(seeds);
}

template <class MakeSampler>
void draw_all_seeds(State& state, const subject& on, int k, MakeSampler make_sampler) {
    buffer<double> seeds;
    for (auto _ : state) {
        auto sampler = make_sampler();
        seeds = lloyd::detail::draw_seeds(sampler, on.points, k, true, lloyd::detail::random_stream(42, 0));
    }
    report_seeding(state, on, k, seeds);
}

void seeding(State& state, const subject& on, int k) {
    lloyd::detail::seeding_state room(on.tree);
    draw_all_seeds(state, on, k, [&] { return lloyd::detail::color_d2_sampler<>(on.points, on.tree, room); });
}

void seeding_plain(State& state, const subject& on, int k) {
    draw_all_seeds(state, on, k, [&] { return bench::plain_sampler(on.colors.colors().data(), on.colors.counts()); });
}

void report_whole(State& state, const subject& on, double compactness, int iterations) {
    bench::time_per(state, "pixel", on.pixel_count());
    state.counters["compactness"] = compactness;
    state.counters["steps"] = iterations;
}

void run_kmeans(State& state, const subject& on, int k, const lloyd::kmeans_options& options) {
    lloyd::kmeans_result<3> result;
    for (auto _ : state) result = lloyd::kmeans(on.pixels, k, options);
    report_whole(state, on, result.compactness, result.iterations);
}

void whole(State& state, const subject& on, int k) { run_kmeans(state, on, k, ten_iterations); }

void to_the_end(State& state, const subject& on, int k) {
    run_kmeans(state, on, k, {.max_iterations = 100, .epsilon = 0, .seed = 42});
}

void whole_plain(State& state, const subject& on, int k) {
    double compactness = 0;
    int steps = 0;
    for (auto _ : state) {
        auto centers = bench::plain_seeds(on.pixels.data(), on.pixels.size(), k);
        double shift = 2 * ten_iterations.epsilon;
        for (steps = 0; steps < ten_iterations.max_iterations && shift > ten_iterations.epsilon; ++steps)
            bench::plain_step(
                on.pixels.data(), on.pixels.size(), [](auto) { return 1.0; }, centers, shift);
        lloyd::image<std::int32_t, 1> labels(on.pixels.width(), on.pixels.height());
        compactness = 0;
        for (std::ptrdiff_t i = 0; i < labels.size(); ++i) {
            double distance;
            labels.data()[i] = bench::nearest(on.pixels.data() + 3 * i, centers.data(), k, distance);
            compactness += distance;
        }
    }
    report_whole(state, on, compactness, steps);
}

}  // namespace

int main(int argc, char** argv) {
    return bench::run(argc, argv, [](const subject& on) {
        for (const int k : {3, 8, 16}) {
            bench::add("seeding", on, seeding, k);
            bench::add("seeding_plain", on, seeding_plain, k);
            bench::add("step", on, step, k);
            bench::add("step_vectors", on, step_vectors, k);
            bench::add("step_plain", on, step_plain, k);
            bench::add("kmeans", on, whole, k);
            bench::add("kmeans_plain", on, whole_plain, k);
        }
        for (const int k : {64, 256}) {
            bench::add("seeding", on, seeding, k);
            bench::add("kmeans", on, whole, k);
            bench::add("kmeans_to_the_end", on, to_the_end, k);
        }
    });
}
