// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From the same initial centers, the textbook loops of reference.hpp come to the same end in long double, but for rounding.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>

#include "reference.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;

bool within(double value, long double expected, double tolerance) {
    return std::abs(value - static_cast<double>(expected)) <= tolerance;
}

/// Whether the result is the reference's. Where that met a tie within rounding, either way is right.
template <class Image>
bool like_long_double(const Image& data, int k, const lloyd::kmeans_options& options, double range) {
    const auto problem = reference::pixels_of<long double>(data, options.weights);
    const auto start = reference::rows_of<long double>(options.initial_centers);
    const auto expected =
        reference::kmeans(problem, start, {.max_iterations = options.max_iterations, .epsilon = options.epsilon},
                          reference::exact_mean<long double>, static_cast<std::size_t>(options.fixed_centers.size()));
    const auto result = lloyd::kmeans(data, k, options);
    if (expected.closest_call < 1e-11L) return true;
    bool same = elements_of(result.labels) == expected.labels && result.iterations == expected.iterations &&
                result.converged == expected.converged;
    const auto total = static_cast<double>(data.size());
    for (std::size_t j = 0; j < expected.centers.size(); ++j) {
        const auto center = result.centers(static_cast<std::ptrdiff_t>(j), 0);
        for (std::size_t c = 0; c < center.size(); ++c)
            same = same && within(center[c], expected.centers[j][c], 1e-9 * range);
        same = same && within(result.weights[j], expected.weights[j], 1e-12 * total);
    }
    return same && within(result.compactness, expected.compactness, 1e-10 * total * range * range);
}

TEST_CASE_TEMPLATE("comes to the same clusters as long double", T, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t n : {1, 2, 13, 100, 600})
        for (const std::ptrdiff_t d : {1, 2, 3, 4, 7, 17})
            for (const int k : {1, 2, 5, 16}) {
                if (k > n) continue;
                CAPTURE(n);
                CAPTURE(d);
                CAPTURE(k);
                const auto data = blobs<T>(random, n, d, 6, 60000, 3000);
                const auto start = start_for(random, data, k, 60000);
                CHECK(like_long_double(data, k, {.initial_centers = start}, 60000));
                CHECK(like_long_double(data, k, {.max_iterations = 2, .initial_centers = start}, 60000));
                for (const int fixed : {1, (k + 1) / 2, k})
                    CHECK(like_long_double(
                        data, k, {.initial_centers = start, .fixed_centers = start.crop(0, 0, fixed, 1)}, 60000));
                const auto weights = fractional_weights(random, n);
                if (std::ranges::all_of(weights, [](double w) { return w == 0; })) continue;
                CHECK(
                    like_long_double(data, k, {.epsilon = 55.5, .weights = weights, .initial_centers = start}, 60000));
            }
}

TEST_CASE("comes to the same clusters as long double over several chunks") {
    dice random;
    CAPTURE(random.seed);
    const auto data = blobs<float>(random, 7000, 2, 4, 100, 8);
    const auto weights = fractional_weights(random, 7000);
    const auto start = some_points(random, data, 5);
    CHECK(like_long_double(data, 5, {.max_iterations = 6, .weights = weights, .initial_centers = start}, 100));
}

TEST_CASE_TEMPLATE("comes to the same clusters from centers far outside the data", T, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    const auto data = blobs<T>(random, 50, 2, 3, 1000, 20);
    for (const double away : {1e4, -1e7, 1e12}) {
        CAPTURE(away);
        const auto one = table<double>(2, {away, away});
        CHECK(like_long_double(data, 1, {.initial_centers = one}, 1000));
        const auto two = table<double>(2, {500, away, away, 400});
        CHECK(like_long_double(data, 2, {.initial_centers = two}, 1000));
    }
}

TEST_CASE_TEMPLATE("a center beyond all reach wins nothing", T, u8, u16, float, double) {
    const auto data = table<T>(1, {0, 1, 60, 61});
    for (const double away : {1e18, 1e50, 1e100, 1e170, 1e300, -1e308}) {
        CAPTURE(away);
        const auto start = table<double>(1, {away, 0, 61});
        CHECK(elements_of(lloyd::assign(data, start)) == std::vector<std::int32_t>{1, 1, 2, 2});
        CHECK(lloyd::kmeans(data, 3, {.initial_centers = start}).compactness == 0.5);
    }
}

}  // namespace
