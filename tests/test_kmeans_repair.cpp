// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Clusters that run empty, and data with fewer distinct points than clusters.

#include <cstdint>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using labels = std::vector<std::int32_t>;
using numbers = std::vector<double>;

/// The compactness after each iteration.
template <class Image>
numbers curve(const Image& data, int k, lloyd::kmeans_options options) {
    numbers result;
    options.progress = [&](const lloyd::kmeans_progress& step) {
        result.push_back(step.compactness);
        return true;
    };
    lloyd::kmeans(data, k, options);
    return result;
}

// ── Worked by hand ──

TEST_CASE("gives empty clusters the farthest points, one after another") {
    // From 2, 100 and 200 all go to the first cluster, whose mean is 3. The farthest from it are 9, then 0; the centers
    // are 3, 9 and 0, and the next means 2.5, 9 and 0.5.
    const auto start = table<double>(1, {2, 100, 200});
    const auto check = [&](const auto& data) {
        CHECK(curve(data, 3, {.initial_centers = start}) == numbers{2, 1});
        const auto first = lloyd::kmeans(data, 3, {.max_iterations = 1, .initial_centers = start});
        CHECK(elements_of(first.centers) == numbers{3, 9, 0});
        CHECK(elements_of(first.labels) == labels{2, 2, 0, 0, 1});
        const auto last = lloyd::kmeans(data, 3, {.initial_centers = start});
        CHECK(elements_of(last.centers) == numbers{2.5, 9, 0.5});
        CHECK(last.iterations == 2);
        CHECK(last.converged);
    };
    check(table<u8>(1, {0, 1, 2, 3, 9}));
    check(table<u16>(1, {0, 1, 2, 3, 9}));
    check(table<float>(1, {0, 1, 2, 3, 9}));
    check(table<double>(1, {0, 1, 2, 3, 9}));
}

TEST_CASE("takes the lowest index of the points farthest away") {
    const auto start = table<double>(1, {5, 100});
    const auto down = table<float>(1, {10, 5, 0});
    CHECK(elements_of(lloyd::kmeans(down, 2, {.initial_centers = start}).centers) == numbers{2.5, 10});
    const auto up = table<float>(1, {0, 5, 10});
    CHECK(elements_of(lloyd::kmeans(up, 2, {.initial_centers = start}).centers) == numbers{7.5, 0});
}

TEST_CASE("never takes the last point of a cluster, and leaves the donor's mean until the next iteration") {
    // The means are 5 and 101. The third cluster takes 0 from the first one, the fourth then 100: 10 is as far from 5,
    // but the last of its cluster. With 5 still in place that costs (10 − 5)² + (102 − 101)².
    const auto start = table<double>(1, {5, 101, 1000, 2000});
    const auto check = [&](const auto& data) {
        CHECK(curve(data, 4, {.initial_centers = start}) == numbers{26, 0});
        const auto first = lloyd::kmeans(data, 4, {.max_iterations = 1, .initial_centers = start});
        CHECK(elements_of(first.centers) == numbers{5, 101, 0, 100});
        CHECK(elements_of(lloyd::kmeans(data, 4, {.initial_centers = start}).centers) == numbers{10, 102, 0, 100});
    };
    check(table<u8>(1, {0, 10, 100, 102}));
    check(table<double>(1, {0, 10, 100, 102}));
}

TEST_CASE("goes on after a repair, though no point changes hands") {
    // From 4 all go to the first cluster. 9 repairs the second one, and stays there; the first mean must yet follow.
    const auto data = table<u8>(1, {3, 4, 5, 9});
    const auto start = table<double>(1, {4, 200});
    const auto result = lloyd::kmeans(data, 2, {.initial_centers = start});
    CHECK(elements_of(result.centers) == numbers{4, 9});
    CHECK(result.iterations == 2);
    CHECK(result.converged);
}

TEST_CASE("repairs with points that have weight, and takes a cluster of none for empty") {
    const numbers weights{1, 1, 1, 0};
    const auto check = [&](const auto& data) {
        for (const double second : {5000.0, 190.0}) {  // the second cluster holds nothing, or only what weighs nothing
            const auto start = table<double>(1, {1, second});
            const auto first =
                lloyd::kmeans(data, 2, {.max_iterations = 1, .weights = weights, .initial_centers = start});
            CHECK(elements_of(first.centers) == numbers{1, 0});
            CHECK(first.compactness == 1);
            CHECK(elements_of(lloyd::kmeans(data, 2, {.weights = weights, .initial_centers = start}).centers) ==
                  numbers{1.5, 0});
        }
    };
    check(table<u8>(1, {0, 1, 2, 200}));
    check(table<float>(1, {0, 1, 2, 200}));
}

TEST_CASE("does not count points without weight when it spares the last of a cluster") {
    // 10 is the farthest from its mean, 5, but for 0 it is the last that has weight once 0 is gone; 7 has none.
    const auto data = table<float>(1, {0, 7, 10, 100, 102});
    const numbers weights{1, 0, 1, 1, 1};
    const auto start = table<double>(1, {5, 101, 1000, 2000});
    CHECK(elements_of(
              lloyd::kmeans(data, 4, {.max_iterations = 1, .weights = weights, .initial_centers = start}).centers) ==
          numbers{5, 101, 0, 100});
}

// ── Laws ──

/// What holds whenever at most k points differ.
template <std::size_t C>
void check_perfect(const lloyd::kmeans_result<C>& result, double weight) {
    CHECK(result.compactness == 0);
    CHECK(result.converged);
    CHECK(result.iterations <= 4);
    double sum = 0;
    for (const double w : result.weights) sum += w;
    CHECK(sum == weight);
    for (const double c : result.centers.elements()) CHECK(lloyd::detail::is_finite(c));
}

TEST_CASE_TEMPLATE("ends with compactness 0 when fewer points differ than there are clusters", T, u8, u16, float,
                   double) {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 2, 3, 5})
        for (const std::ptrdiff_t distinct : {1, 2, 4, 7}) {
            const auto values = noise<T>(random, distinct, d, 200);
            lloyd::image<T> data(60, 1, d);
            for (std::ptrdiff_t i = 0; i < 60; ++i) std::ranges::copy(values(i % distinct, 0), data(i, 0).begin());
            std::set<std::vector<double>> different;  // of T, libstdc++ 12 would compare half of u16 on big-endian CPUs
            for (std::ptrdiff_t i = 0; i < distinct; ++i) different.emplace(values(i, 0).begin(), values(i, 0).end());
            for (const int k : {7, 9, 60})
                for (const auto init : {lloyd::seeding::random, lloyd::seeding::plus_plus}) {
                    const auto result = lloyd::kmeans(data, k, {.init = init, .seed = random.bits()});
                    check_perfect(result, 60);
                    CHECK(std::ranges::count(result.weights, 0.0) == k - std::ssize(different));
                    for (std::ptrdiff_t j = 0; j < k; ++j) {  // surplus centers repeat a point
                        const auto center = result.centers(j, 0);
                        CHECK(different.contains({center.begin(), center.end()}));
                    }
                }
        }
}

TEST_CASE_TEMPLATE("puts every point into a cluster of its own when k is their number", T, u8, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    const auto data = table<T>(1, {0, 10, 7, 3, 8, 100, 1});
    for (const auto init : {lloyd::seeding::random, lloyd::seeding::plus_plus}) {
        const auto result = lloyd::kmeans(data, 7, {.init = init, .seed = random.bits()});
        check_perfect(result, 7);
        CHECK(std::ranges::count(result.weights, 1.0) == 7);
    }
}

TEST_CASE_TEMPLATE("takes a single point, and a single cluster", T, u8, u16, float, double) {
    const auto one = lloyd::kmeans(table<T>(3, {5, 6, 7}), 1);
    check_perfect(one, 1);
    CHECK(elements_of(one.centers) == numbers{5, 6, 7});
    const auto mean = lloyd::kmeans(table<T>(2, {0, 1, 2, 3, 4, 8}), 1);
    CHECK(elements_of(mean.centers) == numbers{2, 4});
    CHECK(mean.compactness == 8 + 26);
    CHECK(mean.weights == numbers{3});
}

TEST_CASE_TEMPLATE("lies on its points exactly, wherever it started", T, u8, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (int round = 0; round < 50; ++round) {
        const std::ptrdiff_t d = 1 + random.below(4);
        const auto values = noise<T>(random, 4, d, 250);
        lloyd::image<T> data(12, 1, d);  // each value three times
        for (std::ptrdiff_t i = 0; i < 12; ++i) std::ranges::copy(values(i % 4, 0), data(i, 0).begin());
        auto start = noise<double>(random, 4, d, round % 2 == 0 ? 250 : 1e9);
        CHECK(lloyd::kmeans(data, 4, {.initial_centers = start}).compactness == 0);
        CHECK(lloyd::kmeans(values, 4, {.initial_centers = start}).compactness == 0);
    }
}

TEST_CASE("labels all points with the lowest of equal centers") {
    const auto data = table<u8>(2, {9, 9, 9, 9, 9, 9});
    CHECK(elements_of(lloyd::assign(data, table<double>(2, {9, 9, 9, 9}))) == labels{0, 0, 0});
    CHECK(elements_of(lloyd::assign(data, table<double>(2, {1, 1, 9, 9, 9, 9}))) == labels{1, 1, 1});
}

TEST_CASE("takes a photo of one colour with k = 9") {
    lloyd::image<u8, 3> photo(4, 3);
    for (auto& element : photo.elements()) element = 77;
    const auto result = lloyd::kmeans(photo, 9);
    check_perfect(result, 12);
    for (const double c : result.centers.elements()) CHECK(c == 77);
    CHECK(same_pixels(result.labels, lloyd::image<std::int32_t, 1>(4, 3)));
}

}  // namespace
