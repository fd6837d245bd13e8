// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a second thread gains: `kmeans` of uniform points with one thread, with two, and as two calls of one thread side by
/// side, which shows what a second core of this machine is worth. They take turns; medians, as a Markdown table.
#include <cstdio>
#include <thread>
#include <vector>

#include <lloyd/detail/base/random.hpp>
#include <lloyd/kmeans.hpp>

#include "command_line.hpp"
#include "medians.hpp"
#include "program.hpp"

namespace {

using bench::median;
using bench::milliseconds;

struct problem {
    std::ptrdiff_t n, d;
    int k, iterations;
};

constexpr problem problems[] = {{1'000'000, 2, 8, 20}, {1'000'000, 3, 16, 10}, {500'000, 3, 64, 10},
                                {200'000, 8, 32, 20},  {200'000, 16, 64, 10},  {100'000, 64, 100, 10},
                                {50'000, 128, 256, 10}};

void compare(const problem& what, int rounds) {
    const auto n = what.n, d = what.d;
    const int k = what.k, iterations = what.iterations;
    lloyd::detail::random_stream random(1, 0);
    std::vector<float> numbers(static_cast<std::size_t>(n * d));
    for (float& x : numbers) x = static_cast<float>(random.bits() >> 40) * 0x1p-24F;
    const auto others = numbers;
    const std::vector<double> centers(numbers.begin(), numbers.begin() + k * d);
    const auto cluster = [&](const std::vector<float>& points, int threads) {
        return lloyd::kmeans(lloyd::points(points.data(), n, d), k,
                             {.max_iterations = iterations,
                              .initial_centers = lloyd::points(centers.data(), k, d),
                              .threads = threads})
            .compactness;
    };
    std::vector<double> one, two, gain, possible;
    for (int round = 0; round < rounds; ++round) {
        one.push_back(milliseconds([&] { cluster(numbers, 1); }));
        two.push_back(milliseconds([&] { cluster(numbers, 2); }));
        const double both = milliseconds([&] {
            std::thread other([&] { cluster(others, 1); });
            cluster(numbers, 1);
            other.join();
        });
        gain.push_back(one.back() / two.back());
        possible.push_back(2 * one.back() / both);
    }
    std::printf("| %td × %td | %d | %d | %.1f | %.1f | %.2f | %.2f |\n", n, d, k, iterations, median(one), median(two),
                median(gain), median(possible));
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_threads", [&] {
        int rounds = 15;
        cli::command_line line("bench_threads", "Times lloyd::kmeans with one thread and with two.");
        line.option("--rounds", rounds, 1, 1000, "of which the median counts");
        if (!line.parse(argc, argv)) return;
        std::printf("| points | K | iterations | one thread, ms | two, ms | times as fast | two calls side by side |\n"
                    "|---|---|---|---|---|---|---|\n");
        for (const auto& what : problems) compare(what, rounds);
    });
}
