// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The sweep over K: worked by hand, then what holds for every curve, then refusals.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>

#include "reference.hpp"
#include "sample_sweeps.hpp"

namespace {

using namespace samples;
using reference::integer;
using numbers = std::vector<double>;

TEST_CASE("sweeps four numbers from one center to four") {
    const auto sweep = lloyd::elbow_sweep(table<u8>(1, {0, 2, 10, 12}), {.k_max = 4});
    REQUIRE(sweep.curve.size() == 4);
    for (int k = 1; k <= 4; ++k) {
        CHECK(sweep.curve[static_cast<std::size_t>(k - 1)].k == k);
        CHECK(sweep.centers[static_cast<std::size_t>(k - 1)].width() == k);
    }
    CHECK(heights(sweep) == numbers{104, 4, 2, 0});  // 36 + 16 + 16 + 36; 1 a point; one pair is left
    CHECK(sweep.centers[0](0, 0)[0] == 6);
    CHECK(sweep.knee == 2);  // a center for each point is not judged
    CHECK(sweep.suggestions.kneedle.strength == doctest::Approx(0.5 - 2.0 / 102));
}

TEST_CASE("finds three groups on a line") {
    numbers line;
    for (const double center : {0.0, 10.0, 20.0})
        for (const double step : {-0.3, -0.1, 0.0, 0.1, 0.3}) line.push_back(center + step);
    const auto sweep = lloyd::elbow_sweep(lloyd::points(line.data(), 15, 1), {.k_max = 6});
    CHECK(sweep.curve[0].wcss == doctest::Approx(1000 + 15 * 0.04));
    CHECK(sweep.curve[2].wcss == doctest::Approx(0.6));
    CHECK(sweep.knee == 3);
    CHECK(sweep.suggestions.last_drop.k == 3);
    CHECK(sweep.suggestions.log_curvature.k == 3);
    CHECK(sweep.suggestions.calinski_harabasz.k == 3);
    CHECK(sweep.suggestions.kneedle.k == 3);
}

TEST_CASE("begins anywhere, and needs K = 1 only for calinski_harabasz") {
    dice random;
    CAPTURE(random.seed);
    const auto data = blobs<float>(random, 400, 2, 4, 100, 1);
    const auto sweep = lloyd::elbow_sweep(data, {.k_min = 2, .k_max = 6, .kmeans = {.attempts = 4}});
    REQUIRE(sweep.curve.size() == 5);
    CHECK((sweep.curve.front().k == 2 && sweep.curve.back().k == 6));
    CHECK((!sweep.suggestions.calinski_harabasz.k && sweep.suggestions.last_drop.k));
    const auto one = lloyd::elbow_sweep(data, {.k_min = 3, .k_max = 3});
    CHECK((one.curve.size() == 1 && one.centers[0].width() == 3 && !one.knee));
}

// ── Laws ──

template <class T>
void check_curve(const lloyd::image<T>& data, const lloyd::elbow_options& options) {
    const auto sweep = lloyd::elbow_sweep(data, options);
    REQUIRE(std::ssize(sweep.curve) == options.k_max - options.k_min + 1);
    REQUIRE(sweep.centers.size() == sweep.curve.size());
    const auto curve = heights(sweep);
    CHECK(std::is_sorted(curve.rbegin(), curve.rend()));
    for (std::size_t i = 0; i < curve.size(); ++i) {
        REQUIRE(sweep.centers[i].width() == options.k_min + static_cast<int>(i));
        const auto labels = elements_of(lloyd::assign(data, sweep.centers[i]));
        using Number = std::conditional_t<std::is_same_v<T, u8>, integer, long double>;
        const auto measured =
            reference::in_data_units(reference::compactness(reference::pixels_of<Number>(data, options.kmeans.weights),
                                                            reference::rows_of<Number>(sweep.centers[i]), labels));
        if (std::is_same_v<T, u8>)
            CHECK(measured == curve[i]);
        else
            CHECK(measured == doctest::Approx(curve[i]).epsilon(1e-12));
    }
    const auto& weights = options.kmeans.weights;
    const double points =
        weights.empty() ? static_cast<double>(data.size()) : std::accumulate(weights.begin(), weights.end(), 0.0);
    const double rounding = std::is_integral_v<T> ? points * static_cast<double>(data.channels()) / 12 : 0;
    if (curve.back() > rounding) CHECK(sweep.knee == lloyd::find_knee(sweep.curve));
    const auto at_k_min = lloyd::kmeans(data, options.k_min, options.kmeans);
    CHECK(bits_of(elements_of(sweep.centers[0])) == bits_of(elements_of(at_k_min.centers)));
    CHECK(bits_of(numbers{curve[0]}) == bits_of(numbers{at_k_min.compactness}));
}

TEST_CASE_TEMPLATE("the curve never rises, equals kmeans at k_min, and each point is that of its centers", T, u8, u16,
                   float, double) {
    dice random;
    CAPTURE(random.seed);
    numbers weights;
    for (int i = 0; i < 300; ++i) weights.push_back(static_cast<double>(random.below(4)));
    for (const std::ptrdiff_t d : {1, 3, 4})
        for (const int attempts : {1, 3})
            for (const auto init : {lloyd::seeding::plus_plus, lloyd::seeding::random}) {
                const lloyd::kmeans_options plain{
                    .init = init, .attempts = attempts, .max_iterations = 3, .seed = random.bits()};
                auto weighted = plain;
                weighted.weights = weights;
                const auto data = blobs<T>(random, 300, d, 5, 250, 12);
                check_curve(data, {.k_max = 9, .kmeans = plain});
                check_curve(data, {.k_min = 3, .k_max = 9, .kmeans = weighted});
                check_curve(noise<T>(random, 12, d, 4), {.k_max = 12, .kmeans = plain});  // as many K as points
            }
}

TEST_CASE("the curve never rises where nothing but rounding is left to gain") {
    dice random;
    CAPTURE(random.seed);
    for (int round = 0; round < 20; ++round) {  // in some of them it would
        auto data = noise<double>(random, 10000, 1, 1);
        numbers weights(10000, 1.0);
        for (std::ptrdiff_t i = 0; i < 10000; i += 1000) {  // the farthest points weigh nothing to speak of
            data(i, 0)[0] = 1000 + static_cast<double>(i);
            weights[static_cast<std::size_t>(i)] = 1e-30;
        }
        // From K = 129 on chunks are larger, and what they sum up to is rounded otherwise.
        const auto sweep = lloyd::elbow_sweep(
            data, {.k_min = 127, .k_max = 130, .kmeans = {.seed = random.bits(), .weights = weights}});
        const auto curve = heights(sweep);
        CHECK(std::is_sorted(curve.rbegin(), curve.rend()));
        CHECK(sweep.centers.back().width() == 130);
    }
}

/// The oracle: at every K the compactest of kmeans from the centers before and their farthest point, and of what kmeans
/// finds from its own seeds in attempts 1, 2, …
template <class T, class Number>
void check_chain(const lloyd::image<T>& data, const lloyd::kmeans_options& options) {
    const auto sweep = lloyd::elbow_sweep(data, {.k_max = 9, .kmeans = options});
    const auto points = reference::rows_of<Number>(data);
    for (std::size_t i = 1; i < sweep.curve.size(); ++i) {
        CAPTURE(i);
        const auto k = sweep.curve[i].k;
        const auto before = reference::rows_of<Number>(sweep.centers[i - 1]);
        const auto own_distance = [&](const auto& point) {
            const auto own = static_cast<std::size_t>(reference::nearest(point, before));
            return reference::squared_distance(point, before[own]);
        };
        lloyd::image<double> start(k, 1, data.channels());
        std::ranges::copy(sweep.centers[i - 1].elements(), start.data());
        const auto farthest = std::ranges::max_element(points, {}, own_distance) - points.begin();
        std::ranges::copy(data(farthest, 0), start(k - 1, 0).begin());
        auto from_start = options;
        from_start.attempts = 1;
        from_start.initial_centers = start;
        double least = lloyd::kmeans(data, k, from_start).compactness;

        std::map<int, double> of_attempt;
        auto watched = options;
        watched.progress = [&](const auto& step) {
            of_attempt[step.attempt] = step.compactness;
            return true;
        };
        lloyd::kmeans(data, k, watched);
        of_attempt.erase(0);
        for (const auto& [attempt, compactness] : of_attempt) least = (std::min)(least, compactness);
        if (std::is_same_v<T, u8>)
            CHECK(sweep.curve[i].wcss == least);
        else
            CHECK(sweep.curve[i].wcss == doctest::Approx(least).epsilon(1e-12));
    }
}

TEST_CASE("every K begins at the centers before and their farthest point, besides the seeds of kmeans") {
    dice random;
    CAPTURE(random.seed);
    for (const int attempts : {1, 2, 4})
        for (int round = 0; round < 4; ++round) {
            const auto init = round % 4 == 3 ? lloyd::seeding::random : lloyd::seeding::plus_plus;
            const lloyd::kmeans_options options{
                .init = init, .attempts = attempts, .max_iterations = 4, .seed = random.bits()};
            check_chain<float, long double>(noise<float>(random, 300, 3, 1), options);
            const lloyd::color_histogram colors(random_image<3>(random, 30, 10));
            check_chain<u8, integer>(lloyd::image<u8>(colors.colors()), options);  // in that order ties fall alike
        }
}

TEST_CASE("more attempts at k_min are never worse") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<u8>(random, 300, 3, 250);
    for (const int k : {2, 6}) {
        double last = std::numeric_limits<double>::infinity();
        for (const int attempts : {1, 2, 5, 10}) {
            const lloyd::elbow_options options{
                .k_min = k, .k_max = k + 1, .kmeans = {.attempts = attempts, .max_iterations = 3}};
            const double wcss = lloyd::elbow_sweep(data, options).curve[0].wcss;
            CHECK(wcss <= last);
            last = wcss;
        }
    }
}

TEST_CASE("a WCSS of 0 stays 0, with as many centers as K") {
    lloyd::image<u8, 3> photo(20, 10);
    for (std::ptrdiff_t i = 0; i < photo.size(); ++i) photo(i % 20, i / 20)[0] = static_cast<u8>(80 * (i % 3));
    const auto sweep = lloyd::elbow_sweep(photo, {.k_max = 9, .kmeans = {.attempts = 2}});
    const auto wcss = heights(sweep);
    CHECK(wcss[1] > 0);
    for (std::size_t i = 2; i < 9; ++i) {
        CHECK(wcss[i] == 0);
        CHECK(sweep.centers[i].width() == static_cast<std::ptrdiff_t>(i) + 1);
        CHECK(same_pixels(lloyd::assign(photo, sweep.centers[i]), lloyd::assign(photo, sweep.centers[2])));
    }
    CHECK(sweep.knee == 3);
    const auto flat = lloyd::elbow_sweep(lloyd::image<u8, 3>(4, 4), {.k_max = 16});
    CHECK((flat.knee == 1 && flat.curve.back().wcss == 0));
    const auto repeated = table<float>(2, {1, 2, 3, 4, 6, 8, 6, 8});
    CHECK(lloyd::elbow_sweep(repeated, {.k_max = 4}).knee == 3);
}

// ── Refusals ──

TEST_CASE("refuses what makes no sense, by name, before any work") {
    const auto data = table<float>(2, {1, 2, 3, 4, 5, 6, 7, 8});
    int calls = 0;
    const auto refused = [&](lloyd::elbow_options options) {
        options.kmeans.progress = [&](const auto&) { return ++calls > 0; };
        return refusal([&] { lloyd::elbow_sweep(data, options); });
    };
    CHECK(refused({.k_min = 0, .k_max = 3}) == "elbow_sweep: k_min is 0, but must be at least 1");
    CHECK(refused({.k_min = 3, .k_max = 2}) == "elbow_sweep: k_max is 2, but must be at least k_min, which is 3");
    CHECK(refused({.k_max = 5}) == "elbow_sweep: k_max is 5, but there are only 4 points");
    CHECK(refused({}) == says{"k_max is 10", "only 4 points"});
    const auto start = table<double>(2, {1, 2});
    CHECK(refused({.k_max = 1, .kmeans = {.initial_centers = start}}) == says{"elbow_sweep: initial_centers"});
    CHECK(refused({.k_max = 2, .kmeans = {.attempts = 0}}) == "elbow_sweep: attempts is 0, but must be at least 1");
    CHECK(refused({.k_max = 2, .kmeans = {.max_iterations = 0}}) == says{"elbow_sweep: max_iterations is 0"});
    CHECK(refused({.k_max = 2, .kmeans = {.epsilon = -1}}) == says{"elbow_sweep: epsilon is -1"});
    CHECK(refused({.k_max = 2, .kmeans = {.threads = -1}}) == says{"elbow_sweep: threads is -1"});
    const numbers three{1, 1, 1}, negative{1, -1, 1, 1};
    CHECK(refused({.k_max = 2, .kmeans = {.weights = three}}) == says{"elbow_sweep: weights has 3", "4 points"});
    CHECK(refused({.k_max = 2, .kmeans = {.weights = negative}}) == says{"elbow_sweep: weights[1] is -1"});
    CHECK(calls == 0);

    CHECK(refusal([] { lloyd::elbow_sweep(lloyd::image<u8, 3>(), {}); }) ==
          says{"elbow_sweep: the data has no points"});
    const auto nan = table<float>(1, {1, std::numeric_limits<float>::quiet_NaN()});
    CHECK(refusal([&] { lloyd::elbow_sweep(nan, {.k_max = 2}); }) == says{"elbow_sweep: point 1, channel 0 is nan"});
    const lloyd::image<u8, 3> photo(2, 1);
    CHECK(refusal([&] { lloyd::elbow_sweep(photo, {.k_max = 2, .kmeans = {.weights = three}}); }) ==
          says{"elbow_sweep: weights has 3", "2 points"});
}

}  // namespace
