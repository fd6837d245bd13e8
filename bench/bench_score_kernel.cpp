// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The hot loop of K-Means over points of any kind: the nearest of k centers by scores in float, for points that fit the
/// first caches.
///
/// After each call as many multiply-adds as the machine can do are timed too, so that both run at the same clock:
/// `of_peak` is the median of their ratios.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <vector>

#include <lloyd/cpu.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/image.hpp>

#include "multiply_add.hpp"

namespace {

using clock_type = std::chrono::steady_clock;
using lloyd::detail::buffer;

double seconds_since(clock_type::time_point start) {
    return std::chrono::duration<double>(clock_type::now() - start).count();
}

/// Evenly spread points, and centers among them.
struct workload {
    workload(std::ptrdiff_t channels, std::ptrdiff_t k)
        : d(channels), numbers(static_cast<std::size_t>(points * d)), centers(static_cast<std::size_t>(k * d)) {
        lloyd::detail::random_stream random(1, 2);
        for (float& x : numbers) x = static_cast<float>(random.bits() >> 40) * 0x1p-24F;
        for (double& c : centers) c = static_cast<double>(random.bits() >> 40) * 0x1p-24;
    }

    static constexpr std::ptrdiff_t points = 512;
    std::ptrdiff_t d;
    std::vector<float> numbers;
    buffer<double> centers;
    std::vector<std::int32_t> labels = std::vector<std::int32_t>(points);
};

void nearest_by_score(benchmark::State& state) {
    workload work(state.range(0), state.range(1));
    lloyd::detail::thread_team alone(1, 1);
    const lloyd::detail::point_set set(lloyd::points(work.numbers.data(), work.points, work.d));
    const lloyd::detail::point_tiles<> tiles(set, alone);
    const lloyd::detail::center_groups groups(work.centers, work.d, tiles.middle());
    const auto products = static_cast<double>(work.points * state.range(0) * state.range(1));
    std::vector<double> of_peak;
    for (auto _ : state) {
        const auto start = clock_type::now();
        lloyd::detail::run_kernel<lloyd::detail::score_kernel>(tiles.at(0, work.points), groups.view(),
                                                               lloyd::detail::scored_points{work.labels.data()});
        const double time = seconds_since(start);
        benchmark::ClobberMemory();
        state.SetIterationTime(time);

        const auto peak_start = clock_type::now();
        float factor = 0.5F, result = 0;
        std::size_t done = 0;
        while (static_cast<double>(done) < products) {
            benchmark::DoNotOptimize(factor);
            done += lloyd::detail::run_kernel<bench::multiply_add_kernel>(factor, &result);
            benchmark::DoNotOptimize(result);
        }
        of_peak.push_back(products / time / (static_cast<double>(done) / seconds_since(peak_start)));
    }
    std::ranges::nth_element(of_peak, of_peak.begin() + std::ssize(of_peak) / 2);
    state.counters["of_peak"] = of_peak[of_peak.size() / 2];
    state.counters["products"] = benchmark::Counter(products, benchmark::Counter::kIsIterationInvariantRate);
    state.counters["labels"] = std::accumulate(work.labels.begin(), work.labels.end(), 0.0);
}

BENCHMARK(nearest_by_score)
    ->ArgNames({"d", "k"})
    ->Args({2, 8})
    ->Args({3, 16})
    ->Args({3, 64})
    ->Args({8, 32})
    ->Args({16, 64})
    ->Args({64, 100})
    ->Args({128, 256})
    ->UseManualTime();

}  // namespace
