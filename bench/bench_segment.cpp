// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From colours back to pixels: labels, the painted picture, a mask; and segmenting as a whole beside copying the photo.
/// Every output is allocated where it is timed, and touched for the first time.
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <numeric>
#include <vector>

#include <benchmark/benchmark.h>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/histogram/color_lookup.hpp>
#include <lloyd/detail/octree/lloyd_on_colors.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/dither.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "../tests/reference_dither.hpp"
#include "photo_bench.hpp"
#include "plain.hpp"

namespace {

using bench::subject;
using bench::u8;
using benchmark::State;
using lloyd::detail::uninitialized_image;
using labels_type = lloyd::image<u8, 1>;

const lloyd::kmeans_options ten_iterations{.max_iterations = 10, .epsilon = 1.0, .seed = 42};

void report(State& state, const subject& on, double bytes_per_pixel) {
    bench::time_per(state, "pixel", on.pixel_count());
    bench::rate(state, "bytes", on.pixel_count() * bytes_per_pixel);
}

/// The checksum tells whether two ways gave the same.
template <class Image>
void report(State& state, const subject& on, double bytes_per_pixel, const Image& result) {
    report(state, on, bytes_per_pixel);
    const auto elements = result.elements();
    state.counters["checksum"] = std::accumulate(elements.begin(), elements.end(), 0.0);
}

lloyd::detail::buffer<double> centers_of(const subject& on, int k) {
    const auto result = lloyd::kmeans(on.pixels, k, ten_iterations);
    lloyd::detail::buffer<double> centers(3 * static_cast<std::size_t>(k));
    std::ranges::copy(result.centers.elements(), centers.begin());
    return centers;
}

void label_colors(State& state, const subject& on, int k) {
    const auto centers = centers_of(on, k);
    for (auto _ : state) benchmark::DoNotOptimize(lloyd::detail::label_colors(on.tree, centers, 3));
    bench::time_per(state, "color", on.color_count());
    bench::rate(state, "distances", on.color_count() * k);
}

void label_pixels(State& state, const subject& on, int k) {
    lloyd::detail::thread_team alone(1, 1);
    const auto centers = centers_of(on, k);
    const auto of_colors = lloyd::detail::label_colors(on.tree, centers, 3);
    labels_type labels;
    for (auto _ : state)
        labels =
            lloyd::detail::label_pixels<u8>(lloyd::image_view<const u8, 3>(on.pixels), on.colors.colors(),
                                            of_colors.elements(), static_cast<std::size_t>(k), centers.span(), alone);
    report(state, on, 3 + 1, labels);
}

void label_pixels_plain(State& state, const subject& on, int k) {
    const auto centers = centers_of(on, k);
    labels_type labels;
    for (auto _ : state) {
        labels = uninitialized_image<u8, 1>(on.pixels.width(), on.pixels.height());
        for (std::ptrdiff_t i = 0; i < labels.size(); ++i) {
            double distance;
            labels.data()[i] = static_cast<u8>(bench::nearest(on.pixels.data() + 3 * i, centers.data(), k, distance));
        }
    }
    report(state, on, 3 + 1, labels);
    bench::rate(state, "distances", on.pixel_count() * k);
}

void recolor(State& state, const subject& on) {
    const auto s = lloyd::segment(on.pixels, 8, {.kmeans = ten_iterations});
    lloyd::image<u8, 3> painted;
    for (auto _ : state) painted = lloyd::recolor(s.labels, s.palette);
    report(state, on, 1 + 3, painted);
}

void recolor_plain(State& state, const subject& on) {
    const auto s = lloyd::segment(on.pixels, 8, {.kmeans = ten_iterations});
    lloyd::image<u8, 3> painted;
    for (auto _ : state) {
        painted = uninitialized_image<u8, 3>(on.pixels.width(), on.pixels.height());
        for (std::ptrdiff_t i = 0; i < painted.size(); ++i)
            for (int c = 0; c < 3; ++c) painted.data()[3 * i + c] = s.palette.data()[3 * s.labels.data()[i] + c];
    }
    report(state, on, 1 + 3, painted);
}

void mask(State& state, const subject& on) {
    const auto s = lloyd::segment(on.pixels, 8, {.kmeans = ten_iterations});
    labels_type inside;
    for (auto _ : state) inside = lloyd::mask(s.labels, 0);
    report(state, on, 1 + 1, inside);
}

void mask_plain(State& state, const subject& on) {
    const auto s = lloyd::segment(on.pixels, 8, {.kmeans = ten_iterations});
    labels_type inside;
    for (auto _ : state) {
        inside = uninitialized_image<u8, 1>(on.pixels.width(), on.pixels.height());
        for (std::ptrdiff_t i = 0; i < inside.size(); ++i)
            inside.data()[i] = static_cast<u8>(s.labels.data()[i] == 0 ? 255 : 0);
    }
    report(state, on, 1 + 1, inside);
}

void dither(State& state, const subject& on, int k) {
    const auto palette = lloyd::segment(on.pixels, k, {.kmeans = ten_iterations}).palette;
    labels_type labels;
    for (auto _ : state) labels = lloyd::dither(on.pixels, palette);
    report(state, on, 3 + 1, labels);
}

void dither_plain(State& state, const subject& on, int k) {
    const auto palette = lloyd::segment(on.pixels, k, {.kmeans = ten_iterations}).palette;
    labels_type labels;
    for (auto _ : state) labels = reference::dither(on.pixels, palette, 16);
    report(state, on, 3 + 1, labels);
}

/// The photo is read twice, labels are written and read, the picture is written.
void segment_and_recolor(State& state, const subject& on, int k) {
    lloyd::segmentation s;
    for (auto _ : state) {
        s = lloyd::segment(on.pixels, k, {.kmeans = ten_iterations});
        benchmark::DoNotOptimize(lloyd::recolor(s.labels, s.palette));
    }
    report(state, on, 3 + 3 + 1 + 1 + 3);
    state.counters["compactness"] = s.compactness;
}

void copy_over(State& state, const subject& on) {
    std::vector<u8> copy(on.pixels.elements().size(), 1);
    for (auto _ : state) {
        std::memcpy(copy.data(), on.pixels.data(), copy.size());
        benchmark::ClobberMemory();
    }
    report(state, on, 3 + 3);
}

void copy_into_fresh(State& state, const subject& on) {
    const auto size = on.pixels.elements().size();
    for (auto _ : state) {
        const std::unique_ptr<u8[]> copy(new u8[size]);
        std::memcpy(copy.get(), on.pixels.data(), size);
        benchmark::DoNotOptimize(copy.get());
    }
    report(state, on, 3 + 3);
}

/// In large pages, as far as the system grants them.
void copy_into_fresh_image(State& state, const subject& on) {
    for (auto _ : state) {
        auto copy = uninitialized_image<u8, 3>(on.pixels.width(), on.pixels.height());
        std::memcpy(copy.data(), on.pixels.data(), on.pixels.elements().size());
        benchmark::DoNotOptimize(copy.data());
    }
    report(state, on, 3 + 3);
}

}  // namespace

int main(int argc, char** argv) {
    return bench::run(argc, argv, [](const subject& on) {
        for (const int k : {3, 8, 16}) {
            bench::add("label_colors", on, label_colors, k);
            bench::add("label_pixels", on, label_pixels, k);
            bench::add("label_pixels_plain", on, label_pixels_plain, k);
            bench::add("segment_and_recolor", on, segment_and_recolor, k);
        }
        for (const int k : {4, 16, 64, 256}) bench::add("dither", on, dither, k);
        bench::add("dither_plain", on, dither_plain, 16);
        bench::add("recolor", on, recolor);
        bench::add("recolor_plain", on, recolor_plain);
        bench::add("mask", on, mask);
        bench::add("mask_plain", on, mask_plain);
        bench::add("copy_over", on, copy_over);
        bench::add("copy_into_fresh", on, copy_into_fresh);
        bench::add("copy_into_fresh_image", on, copy_into_fresh_image);
    });
}
