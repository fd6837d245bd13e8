// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What holds for every result: its parts agree, nothing gets worse, and there is nothing left to do.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>

#include "reference.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using reference::integer;
using numbers = std::vector<double>;

constexpr auto both_seedings = {lloyd::seeding::random, lloyd::seeding::plus_plus};

/// Whole weights 0 to 4, fractional ones, and none at all.
std::vector<numbers> several_weights(dice& random, std::ptrdiff_t n) {
    std::vector<numbers> result(3);
    for (std::ptrdiff_t i = 0; i < n; ++i) {
        result[0].push_back(static_cast<double>(random.below(5)));
        result[1].push_back(static_cast<double>(random.below(1000)) / 300);
    }
    return result;
}

template <class Number, class Image, std::size_t C>
void check_parts_agree(const Image& data, const numbers& weights, const lloyd::kmeans_result<C>& result,
                       double tolerance) {
    const auto problem = reference::pixels_of<Number>(data, weights);
    const auto centers = reference::rows_of<Number>(result.centers);
    const auto labels = elements_of(result.labels);
    std::vector<Number> held(centers.size(), Number{0});
    std::size_t not_nearest = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto& point = problem.points[i];
        const auto& own = centers[static_cast<std::size_t>(labels[i])];
        const auto& best = centers[static_cast<std::size_t>(reference::nearest(point, centers))];
        const auto least = reference::squared_distance(point, best);
        if (tolerance == 0)
            not_nearest += labels[i] != reference::nearest(point, centers);
        else
            not_nearest += reference::squared_distance(point, own) > least + least * static_cast<Number>(1e-12L);
        held[static_cast<std::size_t>(labels[i])] += problem.weights[i];
    }
    CHECK(not_nearest == 0);
    for (std::size_t j = 0; j < held.size(); ++j)
        CHECK(close(static_cast<double>(held[j]), result.weights[j], tolerance));
    CHECK(close(reference::in_data_units(reference::compactness(problem, centers, labels)), result.compactness,
                tolerance));
}

TEST_CASE_TEMPLATE("returns labels, centers, weights and compactness that agree", T, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 2, 3, 4, 9})
        for (const std::ptrdiff_t n : {31, 700}) {
            const auto data = blobs<T>(random, n, d, 6, 1000, 60);
            for (const auto& weights : several_weights(random, n))
                for (const auto init : both_seedings) {
                    const auto result = lloyd::kmeans(
                        data, 7, {.init = init, .max_iterations = 4, .seed = random.bits(), .weights = weights});
                    check_parts_agree<long double>(data, weights, result, 1e-12);
                }
        }
}

TEST_CASE("agrees to the last bit with exact integers for 8-bit data") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 2, 3, 4, 9, 32, 33, 40})
        for (const std::ptrdiff_t n : {31, 700}) {
            const auto data = blobs<u8>(random, n, d, 6, 255, 15);
            auto weights = several_weights(random, n);
            for (const auto init : both_seedings)
                for (const std::size_t which : {0u, 2u})
                    check_parts_agree<integer>(
                        data, weights[which],
                        lloyd::kmeans(
                            data, 7,
                            {.init = init, .max_iterations = 3, .seed = random.bits(), .weights = weights[which]}),
                        0);
            const auto fractional =
                lloyd::kmeans(data, 7, {.max_iterations = 3, .seed = random.bits(), .weights = weights[1]});
            check_parts_agree<long double>(data, weights[1], fractional, 1e-12);
        }
}

TEST_CASE("agrees to the last bit for 8-bit data that is heavy") {
    dice random;
    CAPTURE(random.seed);
    for (int round = 0; round < 400; ++round) {  // sums near 2^53 and below
        const auto data = noise<u8>(random, 20, 3, 256);
        numbers weights;
        for (int i = 0; i < 20; ++i) weights.push_back(static_cast<double>(random.bits() >> (16 + round % 40)));
        const auto result = lloyd::kmeans(data, 4, {.seed = random.bits(), .weights = weights});
        check_parts_agree<integer>(data, weights, result, 0);
    }
}

TEST_CASE("rounds the compactness of 8-bit data once, not twice") {
    // Between 1.5 and 2 times 2^64 steps of 2^-32: rounding the lower 64 bits first would show.
    const auto data = table<u8>(1, {0, 255});
    int wrong = 0;
    for (double w = 210'000; w < 210'200; ++w) {
        const numbers weights{w, w + 1};
        const auto result = lloyd::kmeans(data, 1, {.weights = weights});
        const auto exact = reference::compactness(reference::pixels_of<integer>(data, weights),
                                                  reference::rows_of<integer>(result.centers), {0, 0});
        wrong += result.compactness != reference::in_data_units(exact);
    }
    CHECK(wrong == 0);
}

template <class T>
void check_assign_repeats_labels(dice& random, double range) {
    const auto picture = [&] {
        lloyd::image<T, 3> result(23, 19);
        std::ranges::copy(noise<T>(random, 23 * 19, 3, range).elements(), result.elements().begin());
        return result;
    }();
    for (const auto& placed : layouts(picture, T{200})) {
        CAPTURE(placed.name);
        const auto result = lloyd::kmeans(placed.view, 5, {.max_iterations = 3, .seed = 1});
        CHECK(same_pixels(lloyd::assign(placed.view, result.centers), result.labels));
        const lloyd::image_view<const T> any = placed.view;
        CHECK(same_pixels(lloyd::assign(any, result.centers), result.labels));
        CHECK(same_pixels(lloyd::assign(picture, lloyd::image<double>(result.centers)), result.labels));
    }
    const auto wide = blobs<T>(random, 3000, 6, 9, range, range / 30);
    const auto result = lloyd::kmeans(wide, 9, {.max_iterations = 3, .seed = 2});
    CHECK(same_pixels(lloyd::assign(wide, result.centers), result.labels));
}

TEST_CASE("labels as assign does with the centers returned") {
    dice random;
    CAPTURE(random.seed);
    check_assign_repeats_labels<u8>(random, 255);
    check_assign_repeats_labels<u16>(random, 65535);
    check_assign_repeats_labels<float>(random, 1e-6);
    check_assign_repeats_labels<float>(random, 1e30);
    check_assign_repeats_labels<double>(random, 1);
    check_assign_repeats_labels<double>(random, 1e-310);
    check_assign_repeats_labels<double>(random, 1e307);
}

TEST_CASE(
    "labels as assign does with the centers returned, though they are rounded to multiples of the smallest number") {
    // In such multiples the means would be 0.75 and 5.2; of 1 and 5, what they are rounded to, 3 goes to the first.
    const auto data = times(table<double>(1, {0, 0, 1, 2, 3, 5, 6, 6, 6}), 5e-324);
    const auto start = times(table<double>(1, {0, 5}), 5e-324);
    const auto result = lloyd::kmeans(data, 2, {.initial_centers = start});
    CHECK(same_pixels(lloyd::assign(data, result.centers), result.labels));
    CHECK(result.weights == numbers{5, 4});
}

TEST_CASE_TEMPLATE("assigns to the nearest center, however far it is from the data", T, float, double) {
    for (const T unit : {T(1e-30), std::numeric_limits<T>::min()})
        for (const double far_away : {1.0, 1e120, 1e200, 1e300}) {
            const auto data = table<T>(1, {-unit, 0, unit});
            const auto label_of = [&](const numbers& centers) {
                return elements_of(lloyd::assign(data, table<double>(1, centers)));
            };
            CHECK(label_of({3 * far_away, 2 * far_away}) == std::vector<std::int32_t>{1, 1, 1});
            CHECK(label_of({-2 * far_away, 3 * far_away, 2 * far_away}) == std::vector<std::int32_t>{0, 0, 0});
        }
}

TEST_CASE("has finite centers of the largest numbers, also where their weights vanish beside others") {
    constexpr double largest = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::denorm_min();
    const numbers data{-largest, largest, 117, -16}, start{-largest, largest, 0};
    const auto points = lloyd::points(data.data(), 4, 1), centers = lloyd::points(start.data(), 3, 1);
    for (double little = least; little < 1; little *= little < 1e-300 ? 1.5 : 1e10) {
        CAPTURE(little);
        const numbers weights{little, little, 64, 64};
        for (const int iterations : {1, 100}) {
            const auto result = lloyd::kmeans(
                points, 3, {.max_iterations = iterations, .weights = weights, .initial_centers = centers});
            CHECK(std::ranges::all_of(result.centers.elements(), [](double c) { return std::isfinite(c); }));
        }
    }
}

TEST_CASE_TEMPLATE("stays where it has converged", T, u8, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 3, 4}) {
        const auto data = blobs<T>(random, 500, d, 5, 250, 20);
        for (const auto& weights : several_weights(random, 500)) {
            const auto found = lloyd::kmeans(data, 5, {.seed = random.bits(), .weights = weights});
            REQUIRE(found.converged);
            const auto again = lloyd::kmeans(data, 5, {.weights = weights, .initial_centers = found.centers});
            CHECK(again.iterations == 1);
            CHECK(same_pixels(again.labels, found.labels));
            CHECK(close(again.compactness, found.compactness, 1e-12));
            for (std::size_t i = 0; i < found.centers.elements().size(); ++i)
                CHECK(close(again.centers.elements()[i], found.centers.elements()[i], 1e-13));
            if (std::is_same_v<T, u8> && found.weights[0] == std::floor(found.weights[0])) {
                CHECK(bits_of(again.centers.elements()) == bits_of(found.centers.elements()));
                CHECK(again.weights == found.weights);
                CHECK(again.compactness == found.compactness);
            }
        }
    }
}

TEST_CASE_TEMPLATE("never raises compactness from one iteration to the next", T, u8, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 2, 3, 5})
        for (const auto& weights : several_weights(random, 300)) {
            const auto data = blobs<T>(random, 300, d, 12, 250, 25);
            // Far from the data or close together, so that clusters run empty.
            for (const double reach : {250.0, 2000.0, 3.0}) {
                const auto start = noise<double>(random, 12, d, reach);
                double last = std::numeric_limits<double>::infinity();
                int rises = 0;
                lloyd::kmeans(data, 12,
                              {.weights = weights, .initial_centers = start, .progress = [&](const auto& step) {
                                   rises += step.compactness > last * (std::is_same_v<T, u8> ? 1 : 1 + 1e-14);
                                   last = step.compactness;
                                   return true;
                               }});
                CHECK(rises == 0);
            }
        }
}

TEST_CASE_TEMPLATE("never gets worse with more attempts", T, u8, float) {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<T>(random, 400, 3, 250);
    int better = 0;
    for (const std::uint64_t seed : {1u, 2u, 3u, 4u})
        for (const auto init : both_seedings) {
            lloyd::kmeans_options options{.init = init, .max_iterations = 4, .seed = seed};
            auto best = lloyd::kmeans(data, 9, options);
            for (options.attempts = 2; options.attempts <= 12; ++options.attempts) {
                const auto next = lloyd::kmeans(data, 9, options);
                if (next.attempt == options.attempts - 1) {  // the new one won
                    CHECK(next.compactness < best.compactness);
                    ++better;
                    best = next;
                }
                CHECK(difference(next, best) == "");
            }
        }
    CHECK(better > 4);  // or this data shows nothing
}

TEST_CASE("keeps the first of equally good attempts") {
    const auto data = table<u8>(1, {0, 1, 100, 101});
    CHECK(lloyd::kmeans(data, 2, {.attempts = 20}).attempt == 0);
    CHECK(lloyd::kmeans(data, 2, {.attempts = 20, .threads = 3}).attempt == 0);
}

TEST_CASE("finds well-separated blobs") {
    dice random;
    CAPTURE(random.seed);
    lloyd::image<float> data(900, 1, 2);
    for (std::ptrdiff_t i = 0; i < 900; ++i) {
        data(i, 0)[0] = static_cast<float>(100 * static_cast<double>(i % 3) + random.normal());
        data(i, 0)[1] = static_cast<float>(100 * static_cast<double>(i / 300) + random.normal());
    }
    const auto result = lloyd::kmeans(data, 9, {.attempts = 5});
    CHECK(result.weights == numbers(9, 100.0));
    CHECK(result.compactness / 1800 == doctest::Approx(1).epsilon(0.15));
}

}  // namespace
