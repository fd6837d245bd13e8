// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using labels = std::vector<std::int32_t>;
using numbers = std::vector<double>;

TEST_CASE("moves each center to the mean of the points nearest to it") {
    const auto data = table<u8>(1, {0, 2, 10, 12});
    const auto start = table<double>(1, {0, 12});
    const auto result = lloyd::kmeans(data, 2, {.initial_centers = start});
    CHECK(elements_of(result.centers) == numbers{1, 11});
    CHECK(elements_of(result.labels) == labels{0, 0, 1, 1});
    CHECK(result.weights == numbers{2, 2});
    CHECK(result.compactness == 4);
    CHECK(result.iterations == 1);
    CHECK(result.converged);
    CHECK(result.attempt == 0);
}

// From 1 and 2: the means are 1 and 5, and 3 is as far from the one as from the other. Then 2 and 10.
const auto climbing = table<u8>(1, {1, 2, 3, 10});
const auto at_its_foot = table<double>(1, {1, 2});

TEST_CASE("labels a point as near to two centers with the lower one") {
    const auto result = lloyd::kmeans(climbing, 2, {.max_iterations = 1, .initial_centers = at_its_foot});
    CHECK(elements_of(result.labels) == labels{0, 0, 0, 1});
    CHECK(elements_of(lloyd::assign(climbing, table<double>(1, {5, 1}))) == labels{1, 1, 0, 0});
}

TEST_CASE("goes on until no label changes") {
    const auto result = lloyd::kmeans(climbing, 2, {.initial_centers = at_its_foot});
    CHECK(elements_of(result.centers) == numbers{2, 10});
    CHECK(result.compactness == 2);
    CHECK(result.iterations == 2);
    CHECK(result.converged);
}

TEST_CASE("stops after max_iterations, with labels and compactness of the centers it has reached") {
    const auto result = lloyd::kmeans(climbing, 2, {.max_iterations = 1, .initial_centers = at_its_foot});
    CHECK(elements_of(result.centers) == numbers{1, 5});
    CHECK(result.weights == numbers{3, 1});
    CHECK(result.compactness == 0 + 1 + 4 + 25);
    CHECK(result.iterations == 1);
    CHECK_FALSE(result.converged);
}

TEST_CASE("stops when no center moved farther than epsilon, which is included") {
    const auto with_epsilon = [](double epsilon) {
        return lloyd::kmeans(climbing, 2, {.epsilon = epsilon, .initial_centers = at_its_foot});
    };
    CHECK(with_epsilon(3).iterations == 1);
    CHECK(with_epsilon(3).converged);
    CHECK(with_epsilon(2.999).iterations == 2);
}

TEST_CASE("measures epsilon by the Euclidean way of the center that moved farthest") {
    const auto data = table<float>(2, {0, 0, 6, 8, 190, 190, 210, 210});
    const auto start = table<double>(2, {0, 0, 200, 200.5});  // the first moves by (3, 4), the second by (0, -0.5)
    CHECK(lloyd::kmeans(data, 2, {.max_iterations = 1, .epsilon = 5, .initial_centers = start}).converged);
    const auto swapped = table<double>(2, {200, 200.5, 0, 0});
    CHECK(lloyd::kmeans(data, 2, {.max_iterations = 1, .epsilon = 5, .initial_centers = swapped}).converged);
    double way = 0;
    lloyd::kmeans(data, 2, {.initial_centers = start, .progress = [&](const lloyd::kmeans_progress& step) {
                                way = step.max_shift;
                                return false;
                            }});
    CHECK(way == 5);
}

TEST_CASE("counts a point of weight 3 as three points") {
    const auto data = table<u8>(1, {0, 10});
    const numbers weights{3, 1};
    const auto result = lloyd::kmeans(data, 1, {.weights = weights});
    CHECK(elements_of(result.centers) == numbers{2.5});
    CHECK(result.compactness == 3 * 6.25 + 56.25);
    CHECK(result.weights == numbers{4});
}

TEST_CASE("takes weights that are not whole") {
    const auto data = table<u8>(1, {0, 10});
    const numbers weights{0.3, 0.1};
    const auto result = lloyd::kmeans(data, 1, {.weights = weights});
    CHECK(elements_of(result.centers) == numbers{2.5});
    CHECK(result.compactness == doctest::Approx(7.5).epsilon(1e-14));
    CHECK(result.weights[0] == doctest::Approx(0.4).epsilon(1e-15));
}

TEST_CASE("rounds means of 8-bit data to the grid of 2^-16, half up") {
    const auto mean_of_0_and_1 = [](double zeros, double ones) {
        const numbers weights{zeros, ones};
        return lloyd::kmeans(table<u8>(1, {0, 1}), 1, {.weights = weights}).centers(0, 0)[0] * 65536;
    };
    CHECK(mean_of_0_and_1(2, 1) == 21845);       // 21,845.33
    CHECK(mean_of_0_and_1(1, 2) == 43691);       // 43,690.67
    CHECK(mean_of_0_and_1(131071, 1) == 1);      // 0.5
    CHECK(mean_of_0_and_1(131072, 1) == 0);      // a little less
    CHECK(mean_of_0_and_1(1, 131071) == 65536);  // 65,535.5
    CHECK(mean_of_0_and_1(1, 131070) == 65535);
}

TEST_CASE("does not round means of other data") {
    const std::vector<float> floats{0, 0, 1};
    CHECK(lloyd::kmeans(lloyd::points(floats.data(), 3, 1), 1).centers(0, 0)[0] ==
          doctest::Approx(1.0 / 3).epsilon(1e-15));
    const std::vector<u16> shorts{0, 0, 1};
    CHECK(lloyd::kmeans(lloyd::points(shorts.data(), 3, 1), 1).centers(0, 0)[0] ==
          doctest::Approx(1.0 / 3).epsilon(1e-15));
}

TEST_CASE("measures compactness on the grid, not on the unrounded means") {
    // The mean of 131,071 zeros and a one is c = 2^-16 on the grid: 131,071 c² + (1 − c)² is 1 exactly.
    const numbers weights{131071, 1};
    CHECK(lloyd::kmeans(table<u8>(1, {0, 1}), 1, {.weights = weights}).compactness == 1);
}

TEST_CASE("rounds initial centers of 8-bit data to the grid") {
    // Half a step below 4 is rounded up to 4, as near to 5 as 6 is; a little more than half a step goes down.
    const auto data = table<u8>(1, {5});
    CHECK(elements_of(lloyd::assign(data, table<double>(1, {4 - 0x1p-17, 6}))) == labels{0});
    CHECK(elements_of(lloyd::assign(data, table<double>(1, {4 - 0x1.1p-17, 6}))) == labels{1});
    CHECK(elements_of(lloyd::assign(data, table<double>(1, {4, 6 - 0x1p-17}))) == labels{0});
    CHECK(elements_of(lloyd::assign(data, table<double>(1, {4, 6 - 0x1.1p-17}))) == labels{1});
}

template <class T, std::size_t C>
void check_shape() {
    lloyd::image<T, C> photo(3, 2);
    for (const std::ptrdiff_t x : {1, 2}) photo(x, 1)[0] = 200;
    lloyd::image<double> start(2, 1, static_cast<std::ptrdiff_t>(C));
    start(0, 0)[0] = 200;
    const numbers weights{1, 2, 4, 8, 16, 32};
    const auto result = lloyd::kmeans(photo, 2, {.weights = weights, .initial_centers = start});
    CHECK(result.labels.width() == 3);
    CHECK(result.labels.height() == 2);
    CHECK(elements_of(result.labels) == labels{1, 1, 1, 1, 0, 0});
    CHECK(result.centers.width() == 2);
    CHECK(result.centers.height() == 1);
    CHECK(elements_of(result.centers) == elements_of(start));
    CHECK(result.weights == numbers{16 + 32, 1 + 2 + 4 + 8});
    CHECK(elements_of(lloyd::assign(photo, start)) == labels{1, 1, 1, 1, 0, 0});
}

TEST_CASE("labels in the shape of the image, and takes weights in the order of its rows") {
    check_shape<u8, 1>();
    check_shape<u8, 3>();
    check_shape<u8, 4>();
    check_shape<u16, 2>();
    check_shape<float, 1>();
    check_shape<double, 3>();
}

template <class T>
void check_far_changes() {
    // 3,000 points that never change, then the climbing example of above 250 times, 100 higher.
    lloyd::image<T, 4> data(4000, 1);
    for (std::ptrdiff_t i = 3000; i < 4000; ++i) data(i, 0)[0] = static_cast<T>(100 + climbing(i % 4, 0)[0]);
    const auto start = table<double>(4, {0, 0, 0, 0, 101, 0, 0, 0, 102, 0, 0, 0});
    const auto result = lloyd::kmeans(data, 3, {.initial_centers = start});
    CHECK(elements_of(result.centers) == numbers{0, 0, 0, 0, 102, 0, 0, 0, 110, 0, 0, 0});
    CHECK(result.weights == numbers{3000, 750, 250});
    CHECK(result.compactness == 250 * 2);
    CHECK(result.iterations == 2);
}

TEST_CASE("sees what changes in a part of the data only") {
    check_far_changes<u8>();
    check_far_changes<u16>();
    check_far_changes<float>();
    check_far_changes<double>();
}

TEST_CASE("labels with the lower of two centers at the same distance, near or far") {
    for (const double away : {1.0, 300.0, 3000.0, 1e6, 1e9, 1e12}) {
        CAPTURE(away);
        const auto there_and_back = table<double>(1, {100 + away, 100 - away, 100 + away});
        const auto back_and_there = table<double>(1, {100 - away, 100 + away, 100 - away});
        CHECK(elements_of(lloyd::assign(table<u8>(1, {100}), there_and_back)) == labels{0});
        CHECK(elements_of(lloyd::assign(table<u8>(1, {100}), back_and_there)) == labels{0});
        CHECK(elements_of(lloyd::assign(table<float>(1, {100}), there_and_back)) == labels{0});
        CHECK(elements_of(lloyd::assign(table<float>(1, {100}), back_and_there)) == labels{0});
    }
}

TEST_CASE("is called as the design page calls it") {
    const lloyd::image<u8, 3> photo(5, 4);
    const auto result = lloyd::kmeans(photo, 3, {.attempts = 10, .max_iterations = 10, .epsilon = 1.0, .seed = 42});
    static_assert(std::is_same_v<decltype(result), const lloyd::kmeans_result<3>>);
    static_assert(std::is_same_v<decltype(result.centers), lloyd::image<double, 3>>);
    static_assert(std::is_same_v<decltype(result.labels), lloyd::image<std::int32_t, 1>>);
    const lloyd::image<std::int32_t, 1> again = lloyd::assign(photo, result.centers);
    CHECK(same_pixels(again, result.labels));

    const numbers weights(20, 1.0);
    const lloyd::kmeans_options all{.init = lloyd::seeding::random,
                                    .attempts = 1,
                                    .max_iterations = 5,
                                    .epsilon = 0.5,
                                    .seed = 7,
                                    .weights = weights,
                                    .initial_centers = result.centers,
                                    .progress = [](const lloyd::kmeans_progress&) { return true; },
                                    .threads = 0};
    CHECK(lloyd::kmeans(photo, 3, all).compactness == 0);

    const std::vector<float> samples{0, 0, 1, 1};
    const auto data_set = lloyd::points(samples.data(), 2, 2);
    const lloyd::kmeans_result<> of_points = lloyd::kmeans(data_set, 2);
    CHECK(of_points.centers.channels() == 2);
    CHECK(lloyd::kmeans(lloyd::image<double, 2>(3, 1), 1).compactness == 0);  // a temporary
}

TEST_CASE("has defaults worth knowing") {
    const lloyd::kmeans_options options;
    CHECK(options.init == lloyd::seeding::plus_plus);
    CHECK(options.attempts == 1);
    CHECK(options.max_iterations == 100);
    CHECK(options.epsilon == 0);
    CHECK(options.seed == 0);
    CHECK(options.weights.empty());
    CHECK(options.initial_centers.empty());
    CHECK_FALSE(options.progress);
    CHECK(options.threads == 1);
}

TEST_CASE("makes results that can be stored before there is one") {
    lloyd::kmeans_result<> any;
    lloyd::kmeans_result<3> rgb;
    CHECK(any.labels.empty());
    CHECK(rgb.centers.empty());
    CHECK(rgb.weights.empty());
    CHECK(rgb.compactness == 0);
    CHECK(rgb.iterations == 0);
    CHECK_FALSE(rgb.converged);
    rgb = lloyd::kmeans(lloyd::image<u8, 3>(2, 2), 1);
    CHECK(rgb.labels.size() == 4);
}

}  // namespace
