// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What points.py calls: kmeans from given centers, through a C interface.
#include <algorithm>
#include <cstddef>

#include <lloyd/cpu.hpp>
#include <lloyd/kmeans.hpp>

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

/// 0: baseline, 1: AVX2, 2: AVX-512.
extern "C" int cpu_level() { return static_cast<int>(lloyd::active_cpu_level()); }
