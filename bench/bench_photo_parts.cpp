// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The parts of one call of `kmeans` on a photograph, one attempt: processor time with one thread and of all threads
/// together, which other programs change little, and what follows for more threads by Amdahl's law. Memory is kept from
/// round to round, as it is from call to call in a program, so that parts have no page faults that the call has not.
/// Markdown tables; the fastest of many rounds, which take turns.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <lloyd/detail/histogram/color_counter.hpp>
#include <lloyd/detail/histogram/color_listing.hpp>
#include <lloyd/detail/histogram/color_lookup.hpp>
#include <lloyd/detail/histogram/counted_colors.hpp>
#include <lloyd/detail/kmeans/dispatch.hpp>
#include <lloyd/kmeans.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "medians.hpp"
#include "program.hpp"
#include "settled_memory.hpp"

namespace {

using namespace lloyd::detail;
using photo_type = lloyd::image<std::uint8_t, 3>;

struct part {
    const char* name;
    bool is_shared;  ///< by threads
};
constexpr part parts[] = {{"start threads", false},   {"count pixels", true},   {"list colours", true},
                          {"build the octree", true}, {"seed, iterate", false}, {"label colours", false},
                          {"pages of labels", true},  {"label pixels", true},   {"the whole call", false}};
constexpr std::size_t whole = std::size(parts) - 1;
using times = std::array<double, std::size(parts)>;

/// What each part of one call takes, in ms; the whole call is one of its own.
times measure(const photo_type& photo, int k, const lloyd::kmeans_options& options) {
    times taken{};
    const auto part_of = [&](std::size_t i, const auto& work) { taken[i] = bench::milliseconds_of(1, work); };
    taken[whole] = bench::milliseconds_of(1, [&] { lloyd::kmeans(photo, k, options); });
    const lloyd::image_view<const std::uint8_t, 3> pixels(photo);
    part_of(0, [&] { const thread_team team(options.threads, photo.height() + 1); });
    thread_team team(options.threads, photo.height() + 1);
    counted_parts<3, std::uint8_t> counted;
    part_of(1, [&] { counted = count_colors<std::uint8_t>(pixels, lloyd::image_view<const std::uint8_t, 1>(), team); });
    owned_colors<3> list(0);
    part_of(2, [&] {
        const color_listing<3, std::uint8_t> listing(counted.counters, team);
        list = owned_colors<3>(listing.distinct());
        listing.write(list.colors.data(), list.counts.data(), team);
    });
    const auto weights = list.counts.elements();
    color_tree tree;
    part_of(3, [&] { tree = build_color_tree<3>(list.colors, weights, team); });
    attempt_result found;
    part_of(4, [&] {
        const auto points = color_points<3>(list.colors, weights, {});
        found = cluster_boxes<lloyd_on_colors<>>(points, tree, k, options, {}, team);
    });
    lloyd::image<std::int32_t, 1> labels;
    part_of(5, [&] { labels = label_colors(tree, found.centers, 3); });
    part_of(6, [&] {
        const color_lookup<3, std::uint8_t> pages(list.colors, labels.elements(), static_cast<std::size_t>(k), team);
    });
    part_of(7, [&] {
        label_pixels<std::int32_t, 3>(pixels, list.colors, labels.elements(), static_cast<std::size_t>(k),
                                      found.centers.span(), team);
    });
    taken[7] -= taken[6];  // label_pixels makes pages, too
    return taken;
}

double fastest_of(const std::vector<times>& rounds, std::size_t i) {
    return (*std::ranges::min_element(rounds, {}, [i](const times& round) { return round[i]; }))[i];
}

void print(const std::string& name, const photo_type& photo, int k, int rounds, int threads) {
    std::vector<times> one, several;
    for (int round = 0; round < rounds; ++round)
        for (const int n : {1, threads}) {
            const lloyd::kmeans_options options{
                .max_iterations = 10, .epsilon = 1.0, .seed = static_cast<std::uint64_t>(round), .threads = n};
            (n == 1 ? one : several).push_back(measure(photo, k, options));
        }
    std::printf("%s, K = %d:\n\n| part | shared | ms, 1 thread | ms of %d threads together |\n|---|---|---|---|\n",
                name.c_str(), k, threads);
    double serial = 0, shared = 0, shared_together = 0;
    for (std::size_t i = 0; i < std::size(parts); ++i) {
        const double a = fastest_of(one, i), b = fastest_of(several, i);
        if (i < whole) (parts[i].is_shared ? shared : serial) += a;
        if (parts[i].is_shared) shared_together += b;
        std::printf("| %s | %s | %.2f | %.2f |\n", parts[i].name,
                    i == whole           ? ""
                    : parts[i].is_shared ? "yes"
                                         : "no",
                    a, b);
    }
    std::printf("\n%d threads that always run: %.2f times as fast, by the last column\n", threads,
                (serial + shared) / (serial + shared_together / threads));
    std::printf("\n| threads | 2 | 4 | 8 | 16 |\n|---|---|---|---|---|\n| times as fast by Amdahl's law |");
    for (const double n : {2.0, 4.0, 8.0, 16.0}) std::printf(" %.2f |", (serial + shared) / (serial + shared / n));
    std::puts("\n");
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_photo_parts", [&] {
        std::filesystem::path path;
        int k = 8, rounds = 30, threads = 2;
        cli::command_line line("bench_photo_parts", "Times the parts of lloyd::kmeans on a photo.");
        line.positional("photo", path, "a picture");
        line.option("-k K", k, 1, 256, "clusters");
        line.option("--rounds", rounds, 1, 1000, "of which the fastest counts");
        line.option("--threads", threads, 2, 1024, "beside one");
        if (!line.parse(argc, argv)) return;
        bench::settle_memory(false);
        print(std::filesystem::path(path).stem().string(), io::read_rgb(path), k, rounds, threads);
    });
}
