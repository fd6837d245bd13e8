// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Fixed centers: they stay, and the others behave as if these had been drawn first. (test_kmeans_oracle.cpp compares them
/// with long double.)

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>

#include "reference.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::seeding;
using numbers = std::vector<double>;
using integer = reference::integer;

TEST_CASE("keeps fixed centers where they are, and moves the others") {
    // 0 and 10 pull at the points; what is nearer to 30 goes to the free center.
    const auto data = table<double>(1, {0, 1, 2, 9, 10, 30, 32, 34});
    const auto fixed = table<double>(1, {0, 10});
    const auto result = lloyd::kmeans(data, 3, {.fixed_centers = fixed});
    CHECK(elements_of(result.centers) == numbers{0, 10, 32});
    CHECK(result.weights == numbers{3, 2, 3});
    CHECK(result.compactness == 0 + 1 + 4 + 1 + 0 + 4 + 0 + 4);
}

TEST_CASE("a center that is fixed twice holds nothing the second time") {
    const auto data = table<u8>(1, {0, 1, 2, 200, 202});
    const auto fixed = table<double>(1, {1, 1});
    const auto result = lloyd::kmeans(data, 3, {.fixed_centers = fixed});
    CHECK(elements_of(result.centers) == numbers{1, 1, 201});
    CHECK(result.weights == numbers{3, 0, 2});
}

TEST_CASE_TEMPLATE("with all centers fixed there is nothing to do but to assign", T, u8, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 3, 4}) {
        const auto data = blobs<T>(random, 300, d, 4, 200, 20);
        const auto centers = noise<double>(random, 5, d, 200);
        int calls = 0;
        const auto result = lloyd::kmeans(
            data, 5, {.attempts = 3, .fixed_centers = centers, .progress = [&](const auto&) { return ++calls > 0; }});
        CHECK(calls == 0);
        CHECK((result.iterations == 0 && result.converged && result.attempt == 0));
        CHECK(same_pixels(result.labels, lloyd::assign(data, centers)));
    }
}

/// The result is the naive one from the same seeds; these are the centers of one iteration that moves nothing.
TEST_CASE("8-bit data comes to the end that integers give, whatever is fixed") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 2, 3, 4})
        for (const int fixed : {1, 3})
            for (const double step : {1.0, 0.25}) {  // whole numbers, and others
                const auto data = blobs<u8>(random, 400, d, 6, 255, 25);
                auto start = noise<double>(random, 6, d, 255);
                for (double& c : start.elements()) c = step * std::floor(c / step);
                const auto problem =
                    d > 3 ? reference::pixels_of<integer>(data) : reference::colors_of<integer>(data).first;
                const auto expected = reference::kmeans(problem, reference::rows_of<integer>(start), {},
                                                        reference::exact_mean<integer>, std::size_t(fixed));
                const auto result =
                    lloyd::kmeans(data, 6, {.initial_centers = start, .fixed_centers = start.crop(0, 0, fixed, 1)});
                CHECK(result.iterations == expected.iterations);
                CHECK(result.compactness == reference::in_data_units(expected.compactness));
                CHECK(same_pixels(result.centers.crop(0, 0, fixed, 1), start.crop(0, 0, fixed, 1)));
            }
}

TEST_CASE("free seeds are drawn as if the fixed ones had been drawn first") {
    // Three far groups: with two of them fixed, k-means++ finds the third from any seed.
    const auto data = table<u8>(3, {0, 0, 0, 1, 0, 0, 0, 255, 0, 0, 254, 0, 0, 0, 255, 0, 0, 254});
    for (const auto& fixed : {table<double>(3, {0, 0, 0, 0, 255, 0}), table<double>(3, {0.5, 0, 0, 0, 254.75, 0}),
                              table<double>(3, {-9, 0, 0, 0, 300, 0})})
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const auto result = lloyd::kmeans(data, 3, {.seed = seed, .fixed_centers = fixed});
            CHECK(elements_of(result.centers.crop(2, 0, 1, 1)) == numbers{0, 0, 254.5});
        }
    // D² is a fraction here, 0.75 and 1.75: a heavy point is drawn although it is nearer than 1 to the fixed center.
    const auto heavy_and_light = table<u8>(4, {0, 0, 0, 0, 0, 0, 0, 1});
    const numbers weights{1000, 1};
    const auto close = table<double>(4, {0.5, 0.5, 0.5, 0});
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto result =
            lloyd::kmeans(heavy_and_light, 2, {.seed = seed, .weights = weights, .fixed_centers = close});
        CHECK(result.weights == numbers{0, 1001});
    }
    // Random seeds have other values than the fixed ones: of three colours the third is left.
    const auto three = table<u8>(1, {7, 7, 7, 50, 200});
    const auto two = table<double>(1, {7, 200});
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto result = lloyd::kmeans(three, 3, {.init = seeding::random, .seed = seed, .fixed_centers = two});
        CHECK(elements_of(result.centers) == numbers{7, 200, 50});
    }
}

TEST_CASE("fixed centers give the same bits on any CPU level and any number of threads") {
    dice random;
    CAPTURE(random.seed);
    const auto data = blobs<u8>(random, 5000, 3, 9, 255, 30);
    for (const auto& fixed :
         {table<double>(3, {12, 40, 200, 0, 0, 0}), table<double>(3, {12.5, 40.25, 200, 0, 0.125, 0})})
        for (const auto init : {seeding::random, seeding::plus_plus}) {
            const lloyd::kmeans_options options{.init = init, .attempts = 2, .fixed_centers = fixed};
            const auto expected = lloyd::kmeans(data, 9, options);
            for (const auto level : cpu_levels()) {
                const cpu_limit limit(level);
                for (const int threads : {1, 3}) {
                    auto other = options;
                    other.threads = threads;
                    CHECK(difference(lloyd::kmeans(data, 9, other), expected) == "");
                }
            }
        }
}

TEST_CASE("more steps never make the result less compact, and a fixed center may be far from all points") {
    dice random;
    CAPTURE(random.seed);
    const auto data = blobs<float>(random, 600, 2, 7, 1, 0.1);
    const auto fixed = table<double>(2, {0.5, 0.5, 40, -3});  // the second is far from all points
    double before = 1e300;
    for (const int iterations : {1, 2, 3, 5, 100}) {
        const auto result = lloyd::kmeans(data, 7, {.max_iterations = iterations, .fixed_centers = fixed});
        CHECK(result.compactness <= before);
        CHECK(same_pixels(result.centers.crop(0, 0, 2, 1), fixed));
        CHECK(result.weights[1] == 0);
        before = result.compactness;
    }
}

}  // namespace
