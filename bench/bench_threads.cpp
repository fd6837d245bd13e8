// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a second thread gains: `kmeans` of uniform points, or of photos, with one thread, with two, and as two calls of one
/// thread side by side, which shows what a second core of this machine is worth. They take turns; medians, as a Markdown
/// table.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <lloyd/detail/base/random.hpp>
#include <lloyd/kmeans.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
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

/// Prints a row: cluster(threads, other, round) clusters the data, or, where `other`, a copy of it.
template <class Cluster>
void compare(const std::string& name, int k, int iterations, int rounds, const Cluster& cluster) {
    std::vector<double> one, two, gain, possible;
    for (int round = 0; round < rounds; ++round) {
        one.push_back(milliseconds([&] { cluster(1, false, round); }));
        two.push_back(milliseconds([&] { cluster(2, false, round); }));
        const double both = milliseconds([&] {
            std::thread other([&] { cluster(1, true, round); });
            cluster(1, false, round);
            other.join();
        });
        gain.push_back(one.back() / two.back());
        possible.push_back(2 * one.back() / both);
    }
    std::printf("| %s | %d | %d | %.1f | %.1f | %.2f | %.2f |\n", name.c_str(), k, iterations, median(one), median(two),
                median(gain), median(possible));
    std::fflush(stdout);
}

void compare_points(const problem& what, int rounds) {
    const auto n = what.n, d = what.d;
    lloyd::detail::random_stream random(1, 0);
    std::vector<float> numbers(static_cast<std::size_t>(n * d));
    for (float& x : numbers) x = static_cast<float>(random.bits() >> 40) * 0x1p-24F;
    const auto others = numbers;
    const std::vector<double> centers(numbers.begin(), numbers.begin() + what.k * d);
    compare(std::to_string(n) + " × " + std::to_string(d), what.k, what.iterations, rounds,
            [&](int threads, bool other, int) {
                lloyd::kmeans(lloyd::points((other ? others : numbers).data(), n, d), what.k,
                              {.max_iterations = what.iterations,
                               .initial_centers = lloyd::points(centers.data(), what.k, d),
                               .threads = threads});
            });
}

/// One attempt, with another seed in each round.
void compare_photo(const std::filesystem::path& path, int k, int rounds) {
    constexpr int iterations = 10;
    const auto photo = io::read_rgb(path), copy = photo;
    compare(path.stem().string(), k, iterations, rounds, [&](int threads, bool other, int round) {
        lloyd::kmeans(other ? copy : photo, k,
                      {.max_iterations = iterations,
                       .epsilon = 1.0,
                       .seed = static_cast<std::uint64_t>(round),
                       .threads = threads});
    });
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_threads", [&] {
        int rounds = 15, k = 8;
        std::vector<std::filesystem::path> photos;
        cli::command_line line("bench_threads", "Times lloyd::kmeans with one thread and with two.");
        line.positional("photo", photos, "pictures, in place of points");
        line.option("-k K", k, 1, 256, "clusters of a photo");
        line.option("--rounds", rounds, 1, 1000, "of which the median counts");
        if (!line.parse(argc, argv)) return;
        std::printf("| %s | K | iterations | one thread, ms | two, ms | times as fast | two calls side by side |\n"
                    "|---|---|---|---|---|---|---|\n",
                    photos.empty() ? "points" : "photo");
        for (const auto& path : photos) compare_photo(path, k, rounds);
        if (photos.empty())
            for (const auto& what : problems) compare_points(what, rounds);
    });
}
