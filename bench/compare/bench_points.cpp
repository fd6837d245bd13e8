// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What points.py calls: kmeans from given centers, k-means++ alone, and the CPU's peak, through a C interface.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <numeric>

#include <lloyd/cpu.hpp>
#include <lloyd/detail/kmeans_common/seeding.hpp>
#include <lloyd/detail/points/filtered_seeding.hpp>
#include <lloyd/detail/points/point_seeding.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/kmeans.hpp>

#include "../multiply_add.hpp"

/// Clusters n×d points from k centers, which it moves. Returns the compactness; `iterations` becomes those made.
extern "C" double cluster_points(const float* points, std::ptrdiff_t n, std::ptrdiff_t d, double* centers, int k,
                                 int* iterations, int threads) {
    const auto result = lloyd::kmeans(
        lloyd::points(points, n, d), k,
        {.max_iterations = *iterations, .initial_centers = lloyd::points(centers, k, d), .threads = threads});
    std::copy_n(result.centers.data(), k * d, centers);
    *iterations = result.iterations;
    return result.compactness;
}

/// Draws k of n×d points by greedy k-means++.
extern "C" void seed_points(const float* points, std::ptrdiff_t n, std::ptrdiff_t d, int k, std::uint64_t seed,
                            double* centers, int threads) {
    using namespace lloyd::detail;
    const point_set set(lloyd::points(points, n, d));
    thread_team team(threads, set.chunks(k));
    const auto draw = [&](auto&& sampler) {
        const auto seeds = draw_seeds(sampler, set, k, true, random_stream(seed, 0));
        std::copy_n(seeds.data(), k * d, centers);
    };
    if (!pays_filtering(set, k)) return draw(point_d2_sampler<>(set, k, team));
    const point_tiles<> tiles(set, team);  // which kmeans has anyway
    draw(filtered_d2_sampler<>(set, tiles, k, team));
}

/// kmeans with one iteration from seeds: of k-means++, or random ones.
extern "C" void iterate_once(const float* points, std::ptrdiff_t n, std::ptrdiff_t d, int k, int by_distance,
                             int threads) {
    const auto init = by_distance != 0 ? lloyd::seeding::plus_plus : lloyd::seeding::random;
    lloyd::kmeans(lloyd::points(points, n, d), k, {.init = init, .max_iterations = 1, .threads = threads});
}

/// The sum of the bits of n numbers: what reading them takes at least.
extern "C" std::uint64_t sum_of(const float* numbers, std::ptrdiff_t n) {
    std::uint64_t sums[8] = {}, bits[8];
    for (std::ptrdiff_t i = 0; i + 16 <= n; i += 16) {
        std::memcpy(&bits, numbers + i, sizeof bits);
        for (int l = 0; l < 8; ++l) sums[l] += bits[l];
    }
    return std::accumulate(sums, sums + 8, std::uint64_t{0});
}

/// As many multiply-adds of floats as the CPU can do in a second of one thread.
extern "C" double multiply_adds_per_second() {
    volatile float factor = 0.5F;
    float result = 0;
    double done = 0;
    const auto start = std::clock();
    auto now = start;
    while (now - start < CLOCKS_PER_SEC / 200) {
        for (int i = 0; i < 100; ++i)
            done += static_cast<double>(lloyd::detail::run_kernel<bench::multiply_add_kernel>(factor, &result));
        factor = result > 0 ? 0.5F : 0.25F;  // so that the sums are needed
        now = std::clock();
    }
    return done * CLOCKS_PER_SEC / static_cast<double>(now - start);
}

/// 0: baseline, 1: AVX2, 2: AVX-512.
extern "C" int cpu_level() { return static_cast<int>(lloyd::active_cpu_level()); }
