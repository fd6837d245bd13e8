// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Clusters, sweeps K and finds edges in a picture that is computed, with 1, 3 and 7 threads, and compares with what Linux
// gives: for systems that the other tests do not run on. Says on stderr what differs.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <lloyd/lloyd.hpp>

namespace {

constexpr std::uint64_t golden_labels = 0xc682'414f'9303'54e5;
constexpr std::uint64_t golden_centers = 0x5a1d'd1d5'301c'fd0d;
constexpr std::uint64_t golden_curve = 0x56d3'fc70'ce6e'56d2;
constexpr std::uint64_t golden_edges = 0xcbbc'f363'6a18'fa25;
constexpr int golden_knee = 5;

/// Five stripes of one colour each, and a little noise.
lloyd::image<std::uint8_t, 3> striped_picture() {
    constexpr std::uint8_t colors[5][3] = {{200, 30, 30}, {20, 40, 220}, {240, 240, 230}, {30, 160, 60}, {15, 15, 20}};
    lloyd::image<std::uint8_t, 3> picture(160, 120);
    std::uint32_t noise = 1;
    for (std::ptrdiff_t y = 0; y < picture.height(); ++y)
        for (std::ptrdiff_t x = 0; x < picture.width(); ++x)
            for (std::size_t c = 0; c < 3; ++c) {
                noise = noise * 1664525 + 1013904223;
                picture(x, y)[c] = static_cast<std::uint8_t>(colors[(x + y / 2) / 45][c] + (noise >> 29));
            }
    return picture;
}

/// FNV-1a of 64 bits (Fowler, Noll and Vo 1991), of the numbers as multiples of 2^-16.
template <class Numbers>
std::uint64_t hash_of(const Numbers& numbers) {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
    for (const auto number : numbers) {
        auto bits = static_cast<std::uint64_t>(static_cast<double>(number) * 65536);
        for (int i = 0; i < 8; ++i, bits >>= 8) hash = (hash ^ (bits & 255)) * 0x100'0000'01b3;
    }
    return hash;
}

std::uint64_t hash_of(const std::vector<lloyd::elbow_point>& curve) {
    std::vector<double> sums;
    for (const auto& point : curve) sums.push_back(point.wcss);
    return hash_of(sums);
}

bool is_equal(const char* what, int threads, std::uint64_t ours, std::uint64_t golden) {
    if (ours == golden) return true;
    std::fprintf(stderr, "%s with %d threads: 0x%llx\n", what, threads, static_cast<unsigned long long>(ours));
    return false;
}

bool is_golden(const lloyd::image<std::uint8_t, 3>& picture, int threads) {
    const lloyd::kmeans_options options{.attempts = 4, .seed = 1, .threads = threads};
    const auto clusters = lloyd::kmeans(picture, 5, options);
    const auto sweep = lloyd::elbow_sweep(picture, {.k_max = 7, .kmeans = options});
    const auto edges = lloyd::canny(picture, 100, 200, {.threads = threads});
    bool same = is_equal("labels", threads, hash_of(clusters.labels.elements()), golden_labels);
    same &= is_equal("centers", threads, hash_of(clusters.centers.elements()), golden_centers);
    same &= is_equal("curve", threads, hash_of(sweep.curve), golden_curve);
    same &= is_equal("knee", threads, static_cast<std::uint64_t>(sweep.knee.value_or(0)), golden_knee);
    return same & is_equal("edges", threads, hash_of(edges.elements()), golden_edges);
}

/// Points of float: compared with one thread's.
bool is_same_for_points(int threads) {
    std::vector<float> numbers(20000);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i * 7919 % 10007);
    const auto points = lloyd::points(numbers.data(), 10000, 2);
    const auto alone = lloyd::kmeans(points, 5, {.attempts = 5});
    const auto together = lloyd::kmeans(points, 5, {.attempts = 5, .threads = threads});
    return is_equal("points", threads, hash_of(together.labels.elements()), hash_of(alone.labels.elements()));
}

void keep_busy(int steps) {
    volatile int done = 0;
    for (int i = 0; i < steps; ++i) done = done + 1;
}

/// Rounds in which now the caller, now another is late, so that all fall asleep: ends if nobody misses a call.
bool wakes_all(int threads) {
    lloyd::detail::thread_team team(threads, 100);
    std::vector<std::uint64_t> calls(8);
    for (std::size_t round = 0; round < 600; ++round) {
        team.for_each(calls.size(), [&](std::size_t i) {
            keep_busy(i == round % calls.size() ? 20000 : 10);
            ++calls[i];
        });
        if (round % 3 == 0) keep_busy(100000);
    }
    bool all = true;
    for (const auto number : calls) all &= is_equal("calls", threads, number, 600);
    return all;
}

}  // namespace

int main() {
    const auto picture = striped_picture();
    bool golden = true;
    for (const int threads : {1, 3, 7}) golden &= is_golden(picture, threads) & is_same_for_points(threads);
    golden &= wakes_all(3);
    return golden ? 0 : 1;
}
