// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Regions and outlines of the labels of a photo: found, beside plain loops with runs and union-find; merged; borders,
/// simplified, and as outlines, of the labels as they are and of clean ones.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <benchmark/benchmark.h>

#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>
#include <lloyd/segment.hpp>

#include "photo_bench.hpp"
#include "plain_regions.hpp"

namespace {

using bench::subject;
using bench::u8;
using benchmark::State;
using labels_type = lloyd::image<u8, 1>;

labels_type labels_of(const subject& on, int k) {
    return lloyd::segment(on.pixels, k, {.kmeans = {.max_iterations = 10, .epsilon = 1.0, .seed = 42}}).labels;
}

void report(State& state, const subject& on, const char* what, std::size_t count) {
    bench::time_per(state, "pixel", on.pixel_count());
    state.counters[what] = static_cast<double>(count);
}

void find_regions(State& state, const subject& on, int k) {
    const auto labels = labels_of(on, k);
    lloyd::region_map map;
    for (auto _ : state) map = lloyd::find_regions(labels);
    report(state, on, "regions", map.regions.size());
}

void find_regions_plain(State& state, const subject& on, int k) {
    const auto labels = labels_of(on, k);
    lloyd::image<std::int32_t, 1> ids;
    std::size_t count = 0;
    for (auto _ : state) count = bench::plain_areas(labels, ids).size();
    report(state, on, "regions", count);
}

void merge_small_regions(State& state, const subject& on, int k) {
    const auto labels = labels_of(on, k);
    labels_type clean;
    for (auto _ : state) clean = lloyd::merge_small_regions(labels, 64);
    report(state, on, "regions", lloyd::find_regions(clean).regions.size());
}

/// Labels as they are, or with no region below min_area.
labels_type cleaned(const subject& on, int k, int min_area) {
    return lloyd::merge_small_regions(labels_of(on, k), min_area);
}

void find_borders(State& state, const subject& on, int k, int min_area) {
    const auto labels = cleaned(on, k, min_area);
    std::vector<lloyd::border> borders;
    for (auto _ : state) borders = lloyd::find_borders(labels);
    report(state, on, "borders", borders.size());
}

void simplify(State& state, const subject& on, int k, int min_area) {
    const auto borders = lloyd::find_borders(cleaned(on, k, min_area));
    std::vector<lloyd::border> simple;
    for (auto _ : state) simple = lloyd::simplify(borders, 1);
    std::size_t corners = 0;
    for (const auto& one : simple) corners += one.corners.size();
    report(state, on, "corners", corners);
}

void outlines(State& state, const subject& on, int k, int min_area) {
    const auto borders = lloyd::simplify(lloyd::find_borders(cleaned(on, k, min_area)), 1);
    std::vector<lloyd::outline> shapes;
    for (auto _ : state) shapes = lloyd::outlines(borders);
    std::size_t rings = 0;
    for (const auto& one : shapes) rings += one.rings.size();
    report(state, on, "rings", rings);
}

}  // namespace

int main(int argc, char** argv) {
    return bench::run(argc, argv, [](const subject& on) {
        bench::add("find_regions", on, find_regions, 8);
        bench::add("find_regions_plain", on, find_regions_plain, 8);
        bench::add("merge_small_regions", on, merge_small_regions, 8);
        bench::add(
            "find_borders", on, [](State& s, const subject& o, int k) { find_borders(s, o, k, 64); }, 8);
        bench::add(
            "simplify", on, [](State& s, const subject& o, int k) { simplify(s, o, k, 64); }, 8);
        bench::add(
            "outlines", on, [](State& s, const subject& o, int k) { outlines(s, o, k, 64); }, 8);
        bench::add(
            "find_borders_of_specks", on, [](State& s, const subject& o, int k) { find_borders(s, o, k, 0); }, 8);
        bench::add(
            "simplify_specks", on, [](State& s, const subject& o, int k) { simplify(s, o, k, 0); }, 8);
        bench::add(
            "outlines_of_specks", on, [](State& s, const subject& o, int k) { outlines(s, o, k, 0); }, 8);
    });
}
