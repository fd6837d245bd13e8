// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From pixels to distinct colours with their counts, and from those to the tree.
/// Beside counting: a flat table of all 2^24 colours, sorted pixels, and a hash table.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include <benchmark/benchmark.h>

#include <lloyd/color_histogram.hpp>

#include "photo_bench.hpp"

namespace {

using bench::subject;
using benchmark::State;

struct color_list {
    void add(std::uint32_t color, std::uint32_t count) {
        for (const int shift : {16, 8, 0}) colors.push_back(static_cast<bench::u8>(color >> shift));
        counts.push_back(count);
    }
    std::vector<bench::u8> colors;
    std::vector<double> counts;
};

std::uint32_t packed(const bench::u8* pixel) {
    return static_cast<std::uint32_t>(pixel[0] << 16 | pixel[1] << 8 | pixel[2]);
}

/// Three bytes are read for each pixel; what is written depends on the photo.
void report(State& state, const subject& on, std::size_t colors) {
    bench::time_per(state, "pixel", on.pixel_count());
    bench::rate(state, "bytes", on.pixel_count() * 3);
    state.counters["colors"] = static_cast<double>(colors);
}

void count(State& state, const subject& on) {
    lloyd::color_histogram<3> colors;
    for (auto _ : state) colors = lloyd::color_histogram(on.pixels);
    report(state, on, static_cast<std::size_t>(colors.size()));
}

/// Weights are one more byte a pixel.
template <class Weight>
void count_weighted(State& state, const subject& on, const Weight& weight) {
    const auto width = on.pixels.width(), height = on.pixels.height();
    lloyd::image<bench::u8, 1> weights(width, height);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x) weights(x, y)[0] = static_cast<bench::u8>(weight(x, y));
    lloyd::color_histogram<3> colors;
    for (auto _ : state) colors = lloyd::color_histogram(on.pixels, weights);
    report(state, on, static_cast<std::size_t>(colors.size()));
    bench::rate(state, "bytes", on.pixel_count() * 4);
}

/// 255 in a disc, 0 around it.
void count_masked(State& state, const subject& on) {
    const auto width = on.pixels.width(), height = on.pixels.height(), least = std::min(width, height);
    count_weighted(state, on, [&](std::ptrdiff_t x, std::ptrdiff_t y) {
        const auto across = 2 * x - width, down = 2 * y - height;
        return across * across + down * down < least * least ? 255 : 0;
    });
}

/// From 0 on the left to 255 on the right.
void count_graded(State& state, const subject& on) {
    count_weighted(state, on, [&](std::ptrdiff_t x, std::ptrdiff_t) { return 256 * x / on.pixels.width(); });
}

void count_flat_table(State& state, const subject& on) {
    std::size_t found = 0;
    for (auto _ : state) {
        std::vector<std::uint32_t> table(std::size_t{1} << 24);
        for (std::ptrdiff_t i = 0; i < on.pixels.size(); ++i) ++table[packed(on.pixels.data() + 3 * i)];
        color_list list;
        for (std::uint32_t color = 0; color < table.size(); ++color)
            if (table[color] > 0) list.add(color, table[color]);
        found = list.counts.size();
    }
    report(state, on, found);
}

void count_by_sorting(State& state, const subject& on) {
    std::size_t found = 0;
    for (auto _ : state) {
        std::vector<std::uint32_t> pixels;
        for (std::ptrdiff_t i = 0; i < on.pixels.size(); ++i) pixels.push_back(packed(on.pixels.data() + 3 * i));
        std::ranges::sort(pixels);
        color_list list;
        for (std::size_t i = 0, end; i < pixels.size(); i = end) {
            for (end = i; end < pixels.size() && pixels[end] == pixels[i];) ++end;
            list.add(pixels[i], static_cast<std::uint32_t>(end - i));
        }
        found = list.counts.size();
    }
    report(state, on, found);
}

void count_by_hashing(State& state, const subject& on) {
    std::size_t found = 0;
    for (auto _ : state) {
        std::unordered_map<std::uint32_t, std::uint32_t> table;
        for (std::ptrdiff_t i = 0; i < on.pixels.size(); ++i) ++table[packed(on.pixels.data() + 3 * i)];
        color_list list;
        for (const auto& [color, times] : table) list.add(color, times);
        found = list.counts.size();
    }
    report(state, on, found);
}

/// A colour is read, 11 bytes, and written to an octet, 8 bytes.
void report_tree(State& state, const subject& on) {
    bench::time_per(state, "color", on.color_count());
    bench::rate(state, "bytes", on.color_count() * (11 + 8));
}

void build_tree(State& state, const subject& on) {
    for (auto _ : state) benchmark::DoNotOptimize(bench::tree_of(on.colors));
    report_tree(state, on);
}

/// What any tree must do at least: take each colour over and add up its weight, moments and square, here by cubes of 8
/// a side.
void build_tree_plain(State& state, const subject& on) {
    for (auto _ : state) {
        std::vector<std::array<std::uint64_t, 5>> cubes(std::size_t{1} << 15);
        std::vector<std::array<std::uint32_t, 2>> colors(static_cast<std::size_t>(on.colors.size()));
        for (std::size_t i = 0; i < colors.size(); ++i) {
            const bench::u8* x = on.colors.colors().data() + 3 * i;
            const auto weight = static_cast<std::uint32_t>(on.points.weights[i]);
            colors[i] = {packed(x), weight};
            auto& cube = cubes[static_cast<std::size_t>(x[0] >> 3 << 10 | x[1] >> 3 << 5 | x[2] >> 3)];
            cube[0] += weight;
            std::uint32_t square = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                cube[c + 1] += std::uint64_t{weight} * x[c];
                square += std::uint32_t{x[c]} * x[c];
            }
            cube[4] += std::uint64_t{weight} * square;
        }
        benchmark::DoNotOptimize(colors.data());
        benchmark::DoNotOptimize(cubes.data());
    }
    report_tree(state, on);
}

}  // namespace

int main(int argc, char** argv) {
    return bench::run(argc, argv, [](const subject& on) {
        bench::add("count", on, count);
        bench::add("count_masked", on, count_masked);
        bench::add("count_graded", on, count_graded);
        bench::add("count_flat_table", on, count_flat_table);
        bench::add("count_by_sorting", on, count_by_sorting);
        bench::add("count_by_hashing", on, count_by_hashing);
        bench::add("build_tree", on, build_tree);
        bench::add("build_tree_plain", on, build_tree_plain);
    });
}
