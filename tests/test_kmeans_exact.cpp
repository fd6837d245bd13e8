// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From the same initial centers, the textbook loops of reference.hpp come to the same bits in whole numbers: 8-bit data.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>

#include "reference.hpp"
#include "sample_points.hpp"
#include "sample_seeds.hpp"

namespace {

using namespace samples;
using reference::integer;
using row = reference::row<integer>;
using numbers = std::vector<double>;

template <std::size_t C>
std::string difference_from(const reference::clusters<integer>& expected, const std::vector<std::int32_t>& labels,
                            const lloyd::kmeans_result<C>& result) {
    std::string names;
    if (elements_of(result.labels) != labels) names += " labels";
    if (reference::rows_of<integer>(result.centers) != expected.centers) names += " centers";
    for (const double c : result.centers.elements())
        if (c * 65536 != std::floor(c * 65536)) names += " off-grid";
    for (std::size_t j = 0; j < result.weights.size(); ++j)
        if (result.weights[j] != static_cast<double>(expected.weights[j])) names += " weights";
    if (result.compactness != reference::in_data_units(expected.compactness)) names += " compactness";
    if (result.iterations != expected.iterations) names += " iterations";
    if (result.converged != expected.converged) names += " converged";
    return names;
}

/// Colours for 1 to 3 channels, pixels for more.
template <class Image>
std::string difference_from_integers(const Image& data, int k, const lloyd::kmeans_options& options) {
    const auto start = reference::rows_of<integer>(options.initial_centers);
    const reference::stop_rules stop{options.max_iterations, options.epsilon};
    const auto result = lloyd::kmeans(data, k, options);
    if (data.channels() > 3) {
        const auto expected = reference::kmeans(reference::pixels_of<integer>(data, options.weights), start, stop);
        return difference_from(expected, expected.labels, result);
    }
    const auto [colors, color_of_pixel] = reference::colors_of<integer>(data, options.weights);
    const auto expected = reference::kmeans(colors, start, stop);
    std::vector<std::int32_t> labels;
    for (const auto color : color_of_pixel) labels.push_back(expected.labels[color]);
    return difference_from(expected, labels, result);
}

TEST_CASE("comes to the same bits as exact integers for 8-bit data") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t n : {1, 2, 13, 100, 600})
        for (const std::ptrdiff_t d : {1, 2, 3, 4, 5, 32, 33, 40})
            for (const int k : {1, 2, 5, 16, 70})
                for (const bool coarse : {false, true}) {  // few values: repeated points, ties
                    if (k > n || (k > 16 && d > 3)) continue;
                    CAPTURE(n);
                    CAPTURE(d);
                    CAPTURE(k);
                    auto data = blobs<u8>(random, n, d, 6, 255, 20);
                    for (auto& element : data.elements())
                        if (coarse) element = static_cast<u8>(element / 50 * 50);
                    const auto start = start_for(random, data, k, 255);
                    CHECK(difference_from_integers(data, k, {.initial_centers = start}) == "");
                    CHECK(difference_from_integers(data, k, {.max_iterations = 2, .initial_centers = start}) == "");
                    const auto weights = whole_weights(random, n);
                    if (std::ranges::count(weights, 0.0) == n) continue;
                    CHECK(difference_from_integers(data, k,
                                                   {.epsilon = 1, .weights = weights, .initial_centers = start}) == "");
                }
}

TEST_CASE("comes to the same bits as exact integers with weights up to a sum of 2^53") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 2, 3, 4, 40})
        for (int round = 0; round < 20; ++round) {
            const auto data = noise<u8>(random, 60, d, 256);
            numbers weights;
            for (int i = 0; i < 60; ++i) weights.push_back(static_cast<double>(random.bits() >> (17 + 2 * round)));
            const auto start = some_points(random, data, 5);
            CHECK(difference_from_integers(data, 5, {.weights = weights, .initial_centers = start}) == "");
        }
}

TEST_CASE("comes to the same bits as exact integers where heavy colours lie side by side") {
    dice random;
    CAPTURE(random.seed);
    lloyd::image<u8, 3> cube(512, 1);  // bright, and each of its sums beyond 2^53
    numbers weights;
    for (std::ptrdiff_t i = 0; i < 512; ++i) {
        for (int c = 0; c < 3; ++c) cube(i, 0)[static_cast<std::size_t>(c)] = static_cast<u8>(248 + (i >> 3 * c & 7));
        weights.push_back(static_cast<double>(random.bits() >> 34 | 1));
    }
    const auto start = some_points(random, lloyd::image<u8>(cube), 5);
    CHECK(difference_from_integers(cube, 5, {.weights = weights, .initial_centers = start}) == "");
}

TEST_CASE("comes to the same bits from centers outside of 0 to 255, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t d : {1, 2, 3, 4, 9})
            for (const double away : {300.0, 2000.0, 20000.0, 40000.0, 300000.0}) {
                CAPTURE(d);
                CAPTURE(away);
                const auto data = noise<u8>(random, 200, d, 256);
                auto start = noise<double>(random, 6, d, 2 * away);
                for (auto& c : start.elements()) c -= away;
                CHECK(difference_from_integers(data, 6, {.initial_centers = start}) == "");
            }
    }
}

TEST_CASE("knows the nearer of two far centers exactly, at every CPU level") {
    // (c + 1, y) and (c, t), in steps of the grid, are as far from 0 but for t² − y² = (t − y)(t + y) against 2c + 1:
    // with t − y small, the difference is a few steps of 2^-32, which doubles lose where c is far off.
    const auto data = table<u8>(2, {0, 0});
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const std::int64_t away : {300, 1000, 30000, 45000, 1000000, 30000000}) {
            CAPTURE(away);
            int wrong = 0;
            for (std::int64_t product = 121; product < 321; product += 2) {
                const std::int64_t c = away * 65536, sum = (2 * c + 1) / product | 1;
                const auto step = [](std::int64_t steps) { return static_cast<double>(steps) / 65536; };
                for (const bool swapped : {false, true}) {
                    numbers both{step(c + 1), step((sum - product) / 2), step(c), step((sum + product) / 2)};
                    if (swapped) std::rotate(both.begin(), both.begin() + 2, both.end());
                    const auto centers = table<double>(2, both);
                    const auto exact = reference::nearest(row{0, 0}, reference::rows_of<integer>(centers));
                    wrong += lloyd::assign(data, centers)(0, 0)[0] != exact;
                }
            }
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("knows the nearer of two centers of many channels exactly, at every CPU level") {
    // Both are 255 away in 40 channels but for a few steps, which add up to the same: the difference is even smaller.
    dice random;
    CAPTURE(random.seed);
    const lloyd::image<u8, 40> data(1, 1);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        int wrong = 0;
        for (int round = 0; round < 300; ++round) {
            lloyd::image<double, 40> centers(2, 1);
            for (const std::ptrdiff_t j : {0, 1}) {
                for (double& c : centers(j, 0)) c = 255;
                for (int i = 0; i < 60; ++i) centers(j, 0)[static_cast<std::size_t>(random.below(40))] -= 0x1p-16;
            }
            const auto exact = reference::nearest(row(40, integer{0}), reference::rows_of<integer>(centers));
            wrong += lloyd::assign(data, centers)(0, 0)[0] != exact;
        }
        CHECK(wrong == 0);
    }
}

TEST_CASE("tells points apart beside one without weight that is larger than their difference can bear") {
    const double places[] = {1e300, 0, 1e-200, 3e-200};
    const double weights[] = {0, 1, 1, 1};
    for (const auto init : {lloyd::seeding::plus_plus, lloyd::seeding::random}) {
        const auto found = lloyd::kmeans(lloyd::points(places, 4, 1), 3, {.init = init, .weights = weights});
        const auto elements = found.centers.elements();
        std::vector<double> centers(elements.begin(), elements.end());
        std::sort(centers.begin(), centers.end());
        CHECK(centers == std::vector<double>{0, 1e-200, 3e-200});
        CHECK(found.compactness == 0);
    }
}

TEST_CASE("takes a weight that vanishes beside others for 0, and labels its point") {
    const double places[] = {0, 1, 4, 5}, vanishing[] = {0x1p1000, 0x1p-1000, 0x1p1000, 0x1p-1074},
                 none[] = {0x1p1000, 0, 0x1p1000, 0};
    const auto data = lloyd::points(places, 4, 1);
    const auto found = lloyd::kmeans(data, 2, {.weights = vanishing});
    CHECK(samples::difference(found, lloyd::kmeans(data, 2, {.weights = none})) == "");
    CHECK(found.labels.elements()[1] == found.labels.elements()[0]);
    CHECK(found.labels.elements()[3] == found.labels.elements()[2]);
}

TEST_CASE("rounds the means of 8-bit data with fractional weights to the grid too") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 3, 4}) {
        const auto data = blobs<u8>(random, 200, d, 5, 255, 15);
        const auto weights = fractional_weights(random, 200);
        const auto start = some_points(random, data, 5);
        const auto result = lloyd::kmeans(data, 5, {.weights = weights, .initial_centers = start});
        auto [problem, color_of_pixel] = reference::colors_of<long double>(data, weights);
        if (d > 3) problem = reference::pixels_of<long double>(data, weights);
        const auto expected = reference::kmeans(
            problem, reference::rows_of<long double>(start), {},
            [](long double sum, long double weight) { return std::floor(sum / weight * 65536 + 0.5L) / 65536; });
        CHECK(reference::rows_of<long double>(result.centers) == expected.centers);
        CHECK(result.iterations == expected.iterations);
        CHECK(result.compactness == doctest::Approx(static_cast<double>(expected.compactness)).epsilon(1e-12));
        for (std::size_t i = 0; i < 200; ++i)
            CHECK(result.labels(static_cast<std::ptrdiff_t>(i), 0)[0] ==
                  expected.labels[d > 3 ? i : color_of_pixel[i]]);
    }
}

}  // namespace
