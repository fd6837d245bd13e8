// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The machine's limits, which the other figures are judged by: memory read, copied and touched for the first time, and
/// multiply-adds in vectors.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include <benchmark/benchmark.h>

#include <lloyd/cpu.hpp>
#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include "multiply_add.hpp"

namespace {

using benchmark::State;
using lloyd::detail::simd;

constexpr std::int64_t in_cache = 1 << 18, in_memory = 1 << 27;

struct sum_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static std::uint64_t run(const std::uint64_t* from, std::size_t count) {
        using words = simd<std::uint64_t, Bytes>;
        constexpr std::size_t lanes = sizeof(words) / sizeof(std::uint64_t);
        words sums[4];
        for (auto& sum : sums) lloyd::detail::broadcast(sum, std::uint64_t{0});
        for (std::size_t i = 0; i < count; i += 4 * lanes)
#pragma GCC unroll 4
            for (std::size_t j = 0; j < 4; ++j) {
                words some;
                lloyd::detail::load(some, from + i + j * lanes);
                sums[j] += some;
            }
        std::uint64_t parts[lanes], total = 0;
        lloyd::detail::store(&parts[0], words(sums[0] + sums[1] + sums[2] + sums[3]));
        for (const auto part : parts) total += part;
        return total;
    }
};

void report(State& state, double bytes) {
    state.counters["bytes"] = benchmark::Counter(bytes, benchmark::Counter::kIsIterationInvariantRate);
}

void read(State& state) {
    const std::vector<std::uint64_t> from(static_cast<std::size_t>(state.range(0)) / 8, 1);
    for (auto _ : state) benchmark::DoNotOptimize(lloyd::detail::run_kernel<sum_kernel>(from.data(), from.size()));
    report(state, static_cast<double>(state.range(0)));
}

/// Bytes read and bytes written.
void copy(State& state) {
    const std::vector<char> from(static_cast<std::size_t>(state.range(0)), 1);
    std::vector<char> to(from.size(), 2);
    for (auto _ : state) {
        std::memcpy(to.data(), from.data(), from.size());
        benchmark::ClobberMemory();
    }
    report(state, 2.0 * static_cast<double>(state.range(0)));
}

void first_touch(State& state) {
    for (auto _ : state) {
        const std::unique_ptr<char[]> fresh(new char[std::size_t{in_memory}]);
        std::memset(fresh.get(), 1, std::size_t{in_memory});
        benchmark::DoNotOptimize(fresh.get());
    }
    report(state, static_cast<double>(in_memory));
}

void first_touch_large_pages(State& state) {
    for (auto _ : state) {
        const lloyd::detail::buffer<char> fresh(std::size_t{in_memory});
        std::memset(fresh.data(), 1, std::size_t{in_memory});
        benchmark::DoNotOptimize(fresh.data());
    }
    report(state, static_cast<double>(in_memory));
}

void multiply_add(State& state) {
    const auto level = static_cast<lloyd::cpu_level>(state.range(0));
    const auto best = lloyd::active_cpu_level();
    if (level > best) return state.SkipWithError("this machine lacks the level");
    lloyd::limit_cpu_level(level);
    float factor = 0.5F, result = 0;
    std::size_t done = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(factor);
        done = lloyd::detail::run_kernel<bench::multiply_add_kernel>(factor, &result);
        benchmark::DoNotOptimize(result);
    }
    state.counters["multiply_adds"] =
        benchmark::Counter(static_cast<double>(done), benchmark::Counter::kIsIterationInvariantRate);
    lloyd::limit_cpu_level(best);
}

BENCHMARK(read)->ArgName("bytes")->Arg(in_cache)->Arg(in_memory);
BENCHMARK(copy)->ArgName("bytes")->Arg(in_cache)->Arg(in_memory);
BENCHMARK(first_touch);
BENCHMARK(first_touch_large_pages);
BENCHMARK(multiply_add)->ArgName("level")->Arg(0)->Arg(1)->Arg(2);

}  // namespace
