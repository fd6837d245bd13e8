// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Seeds of points of many coordinates, whose candidates are compared by scores in float first.

#include <algorithm>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/detail/points/filtered_seeding.hpp>

#include "sample_seeds.hpp"

namespace {

using namespace samples;
using lloyd::detail::filtered_d2_sampler;
using lloyd::detail::point_set;
using lloyd::detail::random_stream;
using numbers = std::vector<double>;

template <class T>
numbers filtered_draw(const lloyd::image<T>& data, const numbers& weights, int k, std::uint64_t seed, int threads = 1,
                      const numbers& fixed = {}) {
    const point_set points(data, weights);
    lloyd::detail::thread_team team(threads, points.chunks(k));
    const lloyd::detail::point_tiles<> tiles(points, team);
    filtered_d2_sampler<> sampler(points, tiles, k, team);
    const auto seeds = lloyd::detail::draw_seeds(sampler, points, k, true, random_stream(seed, 0), fixed);
    return {seeds.begin(), seeds.end()};
}

TEST_CASE("repeats a point when no other value is left, however many coordinates it has") {
    CHECK(filtered_draw(table<float>(1, {5, 5, 5}), {}, 3, 1) == numbers{5, 5, 5});
    CHECK(filtered_draw(table<double>(2, {0.1, 0.2, 0.1, 0.2, 9, 9}), {1, 1, 0}, 3, 1) ==
          numbers{0.1, 0.2, 0.1, 0.2, 0.1, 0.2});
    CHECK(filtered_draw(table<double>(2, {1, 2, 3, 4, 5, 6}), {0, 0, 0}, 2, 1) == numbers{1, 2, 1, 2});
}

TEST_CASE_TEMPLATE("draws the seeds that doubles alone draw, of any shape, weights and CPU", T, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t d : {1, 3, 8, 13, 33, 140})
            for (const int k : {2, 9, 25}) {
                CAPTURE(d);
                CAPTURE(k);
                auto data = blobs<T>(random, 600, d, 12, 1000, 30);
                for (std::ptrdiff_t i = 0; i < 100; ++i) std::ranges::copy(data(i, 0), data(599 - i, 0).begin());
                numbers weights;
                if (k > 2) weights = whole_weights(random, data.size());
                if (k > 9)
                    for (double& weight : weights) weight *= 0.3;
                CHECK(filtered_draw(data, weights, k, 5) == draw(data, weights, k, how::plus_plus, 5));
            }
    }
}

TEST_CASE("chooses between candidates that floats cannot tell apart") {
    dice random;
    CAPTURE(random.seed);
    lloyd::image<double> data(40, 1, 40);  // each point on an axis of its own: all gain nearly the same
    for (std::ptrdiff_t i = 0; i < 40; ++i)
        data(i, 0)[static_cast<std::size_t>(i)] = 1 + 1e-9 * static_cast<double>(random.below(1000));
    for (std::uint64_t seed = 0; seed < 10; ++seed)
        CHECK(filtered_draw(data, {}, 12, seed) == draw(data, {}, 12, how::plus_plus, seed));
}

TEST_CASE("draws the same seeds from rows of any width, at every CPU level, with any number of threads") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<float>(random, 4800, 20, 1);
    const auto expected = filtered_draw(data, {}, 30, 3);
    for (const std::ptrdiff_t width : {1, 32, 50, 960}) {
        lloyd::image<float> rows(width, 4800 / width, 20);
        std::ranges::copy(data.elements(), rows.data());
        CHECK(filtered_draw(rows, {}, 30, 3) == expected);
    }
    CHECK(filtered_draw(data, {}, 30, 3, 3) == expected);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        CHECK(filtered_draw(data, {}, 30, 3) == expected);
    }
}

TEST_CASE("knows how near the fixed seeds are, wherever they lie") {
    dice random;
    CAPTURE(random.seed);
    const auto data = blobs<double>(random, 600, 16, 10, 100, 1);
    for (const double away : {0.0, 1e4, 1e40}) {
        numbers fixed(data(0, 0).begin(), data(0, 0).end());
        fixed.insert(fixed.end(), data(7, 0).begin(), data(7, 0).end());
        fixed[0] += away;
        const point_set points(data);
        lloyd::detail::thread_team alone(1, 1);
        lloyd::detail::point_d2_sampler<> sampler(points, 12, alone, fixed);
        const auto seeds = lloyd::detail::draw_seeds(sampler, points, 12, true, random_stream(9, 0), fixed);
        CHECK(filtered_draw(data, {}, 12, 9, 1, fixed) == numbers(seeds.begin(), seeds.end()));
    }
}

TEST_CASE("kmeans of many coordinates starts from these seeds") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<u16>(random, 700, 32, 60000);
    const auto seeds = filtered_draw(data, {}, 20, 11);
    const auto start =
        lloyd::kmeans(data, 20, {.max_iterations = 1, .initial_centers = lloyd::points(seeds.data(), 20, 32)});
    const auto seeded = lloyd::kmeans(data, 20, {.max_iterations = 1, .seed = 11});
    CHECK(std::ranges::equal(seeded.centers.elements(), start.centers.elements()));
}

}  // namespace
