// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What the benchmarks over photographs share: each program takes pictures on its command line, before or after
/// Google Benchmark's own options, and registers its steps for each of them.
///
/// Counters are derived from the bounds of the loops: bytes are what a step must read and write at least, distances are
/// those that the plain loop takes, whether or not the step timed gets by with fewer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/kmeans.hpp>

#include "image_io.hpp"
#include "program.hpp"

namespace bench {

using u8 = std::uint8_t;
using photo_type = lloyd::image<u8, 3>;

/// The octree of an image's colours, built by one thread.
inline lloyd::detail::color_tree tree_of(const lloyd::color_histogram<3>& colors) {
    lloyd::detail::thread_team alone(1, 1);
    return lloyd::detail::build_color_tree(colors.colors(), colors.counts(), alone);
}

/// A photo, and what is known of it when a step begins.
struct subject {
    explicit subject(const std::filesystem::path& path)
        : name(path.stem().string()),
          pixels(io::read_rgb(path)),
          colors(pixels),
          points(colors.colors(), colors.counts()),
          tree(tree_of(colors)) {}
    subject(const subject&) = delete;

    double pixel_count() const { return static_cast<double>(pixels.size()); }
    double color_count() const { return static_cast<double>(colors.size()); }

    std::string name;
    photo_type pixels;
    lloyd::color_histogram<3> colors;
    lloyd::detail::point_set points;
    lloyd::detail::color_tree tree;
};

/// One benchmark: `step(state, photo, k...)` over one photo.
template <class Step, class... K>
void add(const char* step_name, const subject& on, Step step, K... k) {
    const std::string name = (on.name + "/" + step_name + ... + ("/k:" + std::to_string(k)));
    benchmark::RegisterBenchmark(name.c_str(), [&on, step, k...](benchmark::State& state) {
        step(state, on, k...);
    })->Unit(benchmark::kMillisecond);
}

/// `count` things a second, `count` being those of one iteration.
inline void rate(benchmark::State& state, const char* of, double count) {
    state.counters[of] = benchmark::Counter(count, benchmark::Counter::kIsIterationInvariantRate);
}

/// The time that each of the `count` things of one iteration takes.
inline void time_per(benchmark::State& state, const char* thing, double count) {
    state.counters[std::string("s/") + thing] = benchmark::Counter(
        count, benchmark::Counter::Flags(benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert));
}

/// Every large array comes fresh from the system, as in the first call of a program: otherwise malloc hands out again
/// what the iteration before has touched already, and no first touch is timed.
inline void take_fresh_memory() {
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

/// The main of a benchmark program; add_steps(const subject&) registers what it times on one photo.
template <class AddSteps>
int run(int argc, char** argv, AddSteps add_steps) {
    take_fresh_memory();
    benchmark::Initialize(&argc, argv);
    return cli::run_main(argv[0], [&] {
        std::vector<std::filesystem::path> paths(argv + 1, argv + argc);
        if (paths.empty())
            paths = {LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg", LLOYD_EXAMPLE_DATA_DIR "/brushes-683.jpg"};
        std::vector<std::unique_ptr<subject>> subjects;
        for (const auto& path : paths) add_steps(*subjects.emplace_back(std::make_unique<subject>(path)));
        benchmark::RunSpecifiedBenchmarks();
        benchmark::ClearRegisteredBenchmarks();
    });
}

}  // namespace bench
