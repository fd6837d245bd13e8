// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Blur and gradient, beside plain loops. Every output is allocated where it is timed.
#include <benchmark/benchmark.h>

#include <lloyd/color.hpp>
#include <lloyd/filter.hpp>

#include "photo_bench.hpp"
#include "plain_edges.hpp"

namespace {

using bench::subject;
using benchmark::State;

void blur(State& state, const subject& on) {
    const auto gray = lloyd::rgb_to_gray(on.pixels);
    bench::gray_type blurred;
    for (auto _ : state) blurred = lloyd::gaussian_blur(gray, 5, 0);
    bench::report_pixels(state, on, 1 + 1, blurred);
}

void blur_plain(State& state, const subject& on) {
    const auto gray = lloyd::rgb_to_gray(on.pixels);
    bench::gray_type blurred;
    for (auto _ : state) blurred = bench::plain_blur(gray);
    bench::report_pixels(state, on, 1 + 1, blurred);
}

void blur_rgb(State& state, const subject& on) {
    bench::photo_type blurred;
    for (auto _ : state) blurred = lloyd::gaussian_blur(on.pixels, 5, 0);
    bench::report_pixels(state, on, 3 + 3, blurred);
}

void sobel(State& state, const subject& on) {
    const auto gray = lloyd::rgb_to_gray(on.pixels);
    lloyd::sobel_gradient gradient;
    for (auto _ : state) gradient = lloyd::sobel(gray, 3, lloyd::gradient_norm::l1);
    bench::report_pixels(state, on, 1 + 2 + 2 + 4, gradient.magnitude);
}

void sobel_plain(State& state, const subject& on) {
    const auto gray = lloyd::rgb_to_gray(on.pixels);
    lloyd::sobel_gradient gradient;
    for (auto _ : state) gradient = bench::plain_sobel(gray);
    bench::report_pixels(state, on, 1 + 2 + 2 + 4, gradient.magnitude);
}

}  // namespace

int main(int argc, char** argv) {
    return bench::run(argc, argv, [](const subject& on) {
        bench::add("blur", on, blur);
        bench::add("blur_plain", on, blur_plain);
        bench::add("blur_rgb", on, blur_rgb);
        bench::add("sobel", on, sobel);
        bench::add("sobel_plain", on, sobel_plain);
    });
}
