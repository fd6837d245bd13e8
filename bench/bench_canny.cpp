// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stages 3 to 5 of Canny and the whole, beside plain loops. Every output is allocated where it is timed.
#include <benchmark/benchmark.h>

#include <lloyd/canny.hpp>
#include <lloyd/color.hpp>

#include "photo_bench.hpp"
#include "plain_edges.hpp"

namespace {

using bench::subject;
using benchmark::State;

constexpr double low = 150, high = 200;

/// What each stage begins with.
struct stages {
    explicit stages(const subject& on)
        : gray(lloyd::rgb_to_gray(on.pixels)),
          gradient(lloyd::sobel(lloyd::gaussian_blur(gray, 5, 0), 3, lloyd::gradient_norm::l1)),
          ridges(lloyd::suppress_non_maxima(gradient)),
          strength(lloyd::double_threshold(ridges, low, high)) {}
    bench::gray_type gray;
    lloyd::sobel_gradient gradient;
    lloyd::edge_ridges ridges;
    bench::gray_type strength;
};

void suppress(State& state, const subject& on) {
    const stages before(on);
    lloyd::edge_ridges ridges;
    for (auto _ : state) ridges = lloyd::suppress_non_maxima(before.gradient);
    bench::report_pixels(state, on, 2 + 2 + 4 + 4, ridges.magnitude);
}

void suppress_plain(State& state, const subject& on) {
    const stages before(on);
    lloyd::edge_ridges ridges;
    for (auto _ : state) ridges = bench::plain_suppress(before.gradient);
    bench::report_pixels(state, on, 2 + 2 + 4 + 4, ridges.magnitude);
}

void threshold(State& state, const subject& on) {
    const stages before(on);
    bench::gray_type strength;
    for (auto _ : state) strength = lloyd::double_threshold(before.ridges, low, high);
    bench::report_pixels(state, on, 4 + 1, strength);
}

void trace(State& state, const subject& on) {
    const stages before(on);
    bench::gray_type edges;
    for (auto _ : state) edges = lloyd::hysteresis(before.strength);
    bench::report_pixels(state, on, 1 + 1, edges);
}

void trace_plain(State& state, const subject& on) {
    const stages before(on);
    bench::gray_type edges;
    for (auto _ : state) edges = bench::plain_trace(before.strength);
    bench::report_pixels(state, on, 1 + 1, edges);
}

/// sigma 1.1 has the weights 1 4 6 4 1 nearly: times are those of any other.
void canny(State& state, const subject& on, int blurred, int threads) {
    const auto gray = lloyd::rgb_to_gray(on.pixels);
    bench::gray_type edges;
    for (auto _ : state) edges = lloyd::canny(gray, low, high, {.sigma = blurred != 0 ? 1.1 : 0, .threads = threads});
    bench::report_pixels(state, on, 1 + 1, edges);
}

void canny_rgb(State& state, const subject& on) {
    bench::gray_type edges;
    for (auto _ : state) edges = lloyd::canny(on.pixels, low, high);
    bench::report_pixels(state, on, 3 + 1, edges);
}

void canny_plain(State& state, const subject& on) {
    const auto gray = lloyd::rgb_to_gray(on.pixels);
    bench::gray_type edges;
    for (auto _ : state)
        edges = bench::plain_trace(lloyd::double_threshold(bench::plain_suppress(bench::plain_sobel(gray)), low, high));
    bench::report_pixels(state, on, 1 + 1, edges);
}

}  // namespace

int main(int argc, char** argv) {
    return bench::run(argc, argv, [](const subject& on) {
        bench::add("suppress", on, suppress);
        bench::add("suppress_plain", on, suppress_plain);
        bench::add("threshold", on, threshold);
        bench::add("trace", on, trace);
        bench::add("trace_plain", on, trace_plain);
        bench::add("canny", on, [](State& state, const subject& photo) { canny(state, photo, 0, 1); });
        bench::add("canny_plain", on, canny_plain);
        bench::add("blur_and_canny", on, [](State& state, const subject& photo) { canny(state, photo, 1, 1); });
        bench::add("blur_and_canny_2", on, [](State& state, const subject& photo) { canny(state, photo, 1, 2); });
        bench::add("blur_and_canny_rgb", on, canny_rgb);
    });
}
