// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The hot loop of K-Means: the nearest of k centers, for a block of points that fits the first cache.
/// Counters are derived from the loop bounds; every CPU level computes the same labels, which `labels` sums up.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <lloyd/cpu.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/points/distance_kernels.hpp>

namespace {

constexpr std::ptrdiff_t channels = 3;
constexpr std::ptrdiff_t points = 512;

/// Colours in planes, and centers on the grid of 8-bit data.
struct workload {
    explicit workload(std::int32_t count) : k(count), centers(static_cast<std::size_t>(count) * channels) {
        lloyd::detail::random_stream random(1, 2);
        for (double& x : planes) x = static_cast<double>(random.bits() >> 56);
        for (double& c : centers) c = static_cast<double>(random.bits() >> 40) / 0x1p16;
    }
    std::int32_t k;
    std::vector<double> planes = std::vector<double>(points * channels);
    std::vector<double> centers;
    std::vector<double> distances = std::vector<double>(points);
    std::vector<std::int32_t> labels = std::vector<std::int32_t>(points);
};

void report(benchmark::State& state, const workload& work) {
    const auto distances = static_cast<double>(state.iterations()) * points * work.k;
    state.counters["distances"] = benchmark::Counter(distances, benchmark::Counter::kIsRate);
    state.counters["labels"] = std::accumulate(work.labels.begin(), work.labels.end(), 0.0);
}

void plain_loop(const workload& work, std::int32_t* labels, double* distances) {
    for (std::ptrdiff_t i = 0; i < points; ++i) {
        distances[i] = std::numeric_limits<double>::max();
        for (std::int32_t j = 0; j < work.k; ++j) {
            double sum = 0;
            for (std::ptrdiff_t c = 0; c < channels; ++c) {
                const double difference = work.planes.data()[c * points + i] - work.centers.data()[j * channels + c];
                sum += difference * difference;
            }
            if (sum < distances[i]) {
                distances[i] = sum;
                labels[i] = j;
            }
        }
    }
}

void nearest_center_plain(benchmark::State& state) {
    workload work(static_cast<std::int32_t>(state.range(0)));
    for (auto _ : state) {
        plain_loop(work, work.labels.data(), work.distances.data());
        benchmark::ClobberMemory();
    }
    report(state, work);
}

void nearest_center(benchmark::State& state) {
    const auto level = static_cast<lloyd::cpu_level>(state.range(1));
    const auto best = lloyd::active_cpu_level();
    if (level > best) return state.SkipWithError("this machine lacks the level");
    lloyd::limit_cpu_level(level);
    workload work(static_cast<std::int32_t>(state.range(0)));
    for (auto _ : state) {
        lloyd::detail::run_kernel<lloyd::detail::nearest_kernel>(work.planes.data(), points, channels, points,
                                                                 work.centers.data(), work.k, work.labels.data());
        benchmark::ClobberMemory();
    }
    report(state, work);
    lloyd::limit_cpu_level(best);
}

BENCHMARK(nearest_center_plain)->ArgName("k")->Arg(3)->Arg(8)->Arg(16)->Arg(64);
BENCHMARK(nearest_center)->ArgNames({"k", "level"})->ArgsProduct({{3, 8, 16, 64}, {0, 1, 2}});

}  // namespace
