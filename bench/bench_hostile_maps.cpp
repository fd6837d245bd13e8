// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Regions, borders and outlines of maps that take as much time and memory as any of their size: one thread.
///
/// Each call runs in a process of its own, which first makes what the call reads. A cell has the time of the processor, the
/// memory that the call takes at most beside its input (its result included), and what the result counts: regions,
/// regions left, borders, corners of simplified borders, and rings. Output is a Markdown table.
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>

#include "../tests/hostile_maps.hpp"
#include "command_line.hpp"
#include "medians.hpp"
#include "program.hpp"

namespace {

using samples::label_map;

struct sized_map {
    samples::hostile_map map;
    std::ptrdiff_t width, height;
};

std::vector<sized_map> hostile_maps(std::ptrdiff_t side) {
    const auto noise = [side](auto x, auto y) {
        auto bits = static_cast<std::uint64_t>(y * side + x) * 0x9e37'79b9'7f4a'7c15;
        bits = (bits ^ bits >> 29) * 0xbf58'476d'1ce4'e5b9;
        return static_cast<std::ptrdiff_t>(bits >> 61);
    };
    std::vector<sized_map> all;
    for (auto& one : samples::hostile_maps(side)) all.push_back({std::move(one), side, side});
    all.push_back({{"noise, 8 labels", noise}, side, side});
    all.push_back({{"noise, 2 labels", [noise](auto x, auto y) { return noise(x, y) % 2; }}, side, side});
    all.push_back({{"one row", [](auto x, auto) { return x % 2; }}, side * side, 1});
    all.push_back({{"one column", [](auto, auto y) { return y % 2; }}, 1, side * side});
    return all;
}

/// VmRSS or VmHWM of this process, in MB.
double megabytes(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (double kilobytes = 0; word == name + ":" && status >> kilobytes) return kilobytes / 1024;
    return 0;
}

/// Prints a cell: what `work` took, and the count of its result, which stays until the clock has stopped.
template <class Work, class Count>
void print_cell(const Work& work, const Count& count) {
    malloc_trim(0);                               // what was made before leaves no memory to take again
    std::ofstream("/proc/self/clear_refs") << 5;  // forgets the peak so far
    const auto before = megabytes("VmRSS");
    decltype(work()) result;
    const auto taken = bench::milliseconds_of(1, [&] { result = work(); });
    const auto peak = megabytes("VmHWM") - before;
    std::printf(" %.2f s, %.0f MB, %zu |", taken / 1e3, peak, static_cast<std::size_t>(count(result)));
}

constexpr const char* calls[] = {"find_regions", "merge_small_regions", "find_borders", "simplify", "outlines"};

/// How many corners, or rings, there are in all.
template <class Whole, class Parts>
std::size_t count_in(const std::vector<Whole>& all, Parts Whole::*parts) {
    std::size_t count = 0;
    for (const auto& one : all) count += (one.*parts).size();
    return count;
}

void measure(int call, const label_map& labels, std::ptrdiff_t min_area) {
    using namespace lloyd;
    std::vector<border> borders;
    if (call > 2) borders = find_borders(labels);
    if (call > 3) borders = simplify(borders, 1);
    switch (call) {
        case 0: return print_cell([&] { return find_regions(labels); }, [](auto& map) { return map.regions.size(); });
        case 1:
            return print_cell([&] { return merge_small_regions(labels, min_area); },
                              [](auto& merged) { return find_regions(merged).regions.size(); });
        case 2: return print_cell([&] { return find_borders(labels); }, [](auto& all) { return all.size(); });
        case 3:
            return print_cell([&] { return simplify(borders, 1); },
                              [](auto& all) { return count_in(all, &border::corners); });
        default:
            return print_cell([&] { return outlines(borders); },
                              [](auto& all) { return count_in(all, &outline::rings); });
    }
}

/// In a process of its own: what one call takes is not what others left.
void measure_apart(int call, const label_map& labels, std::ptrdiff_t min_area) {
    std::fflush(stdout);
    const auto child = fork();
    if (child == 0) {
        measure(call, labels, min_area);
        std::fflush(stdout);
        _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) std::printf(" failed |");
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_hostile_maps", [&] {
        int side = 4000, min_area = 64, only = 0;
        cli::command_line line("bench_hostile_maps", "Time and memory of regions and outlines of hostile maps.");
        line.option("--side", side, 2, 20000, "of the maps, in pixels; those of one row have as many pixels");
        line.option("--smallest", min_area, 0, 1 << 30, "pixels of a region that is not merged");
        line.option("--map", only, 0, 17, "1 to 17: only that one");
        if (!line.parse(argc, argv)) return;
        std::printf("| map |");
        for (const char* call : calls) std::printf(" `%s` |", call);
        std::printf("\n|---|---|---|---|---|---|\n");
        const auto maps = hostile_maps(side);
        for (std::size_t i = 0; i < maps.size(); ++i) {
            if (only > 0 && i + 1 != static_cast<std::size_t>(only)) continue;
            const auto& [map, width, height] = maps[i];
            const auto labels = samples::map_of(width, height, map.label);
            std::printf("| %s |", map.name.c_str());
            for (int call = 0; call < std::ssize(calls); ++call) measure_apart(call, labels, min_area);
            std::printf("\n");
            std::fflush(stdout);
        }
    });
}
