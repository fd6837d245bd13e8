// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The sweep over K: worked by hand, then what holds for every curve, then how often the knee is right, then refusals.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/elbow.hpp>

#include "palettes.hpp"
#include "reference.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using reference::integer;
using numbers = std::vector<double>;

template <std::size_t C>
numbers heights(const lloyd::elbow_result<C>& sweep) {
    numbers result;
    for (const auto& point : sweep.curve) result.push_back(point.wcss);
    return result;
}

/// What two sweeps differ in by as much as a bit; empty when they are the same.
template <std::size_t C, std::size_t D>
std::string difference(const lloyd::elbow_result<C>& a, const lloyd::elbow_result<D>& b) {
    if (a.curve.size() != b.curve.size() || a.centers.size() != b.centers.size()) return "length";
    std::string names;
    if (bits_of(heights(a)) != bits_of(heights(b))) names += " wcss";
    for (std::size_t i = 0; i < a.curve.size(); ++i)
        if (a.curve[i].k != b.curve[i].k || bits_of(elements_of(a.centers[i])) != bits_of(elements_of(b.centers[i])))
            names += " " + std::to_string(a.curve[i].k);
    const auto same = [](const lloyd::suggestion& x, const lloyd::suggestion& y) {
        return x.k == y.k && x.strength == y.strength;
    };
    const auto &x = a.suggestions, &y = b.suggestions;
    if (a.knee != b.knee || !same(x.last_drop, y.last_drop) || !same(x.log_curvature, y.log_curvature) ||
        !same(x.calinski_harabasz, y.calinski_harabasz) || !same(x.kneedle, y.kneedle))
        names += " judgement";
    return names;
}

TEST_CASE("sweeps four numbers from one center to four") {
    const auto sweep = lloyd::elbow_sweep(table<u8>(1, {0, 2, 10, 12}), {.k_max = 4});
    REQUIRE(sweep.curve.size() == 4);
    for (int k = 1; k <= 4; ++k) {
        CHECK(sweep.curve[static_cast<std::size_t>(k - 1)].k == k);
        CHECK(sweep.centers[static_cast<std::size_t>(k - 1)].width() == k);
    }
    CHECK(heights(sweep) == numbers{104, 4, 2, 0});  // 36 + 16 + 16 + 36; 1 a point; one pair is left
    CHECK(sweep.centers[0](0, 0)[0] == 6);
    CHECK(sweep.knee == 4);
    CHECK(sweep.suggestions.kneedle.strength == 1);
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
    CHECK(sweep.knee == lloyd::find_knee(sweep.curve));
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
    for (int round = 0; round < 12; ++round) {  // in the first of them, it would in three
        auto data = noise<double>(random, 5000, 1, 1);
        numbers weights(5000, 1.0);
        for (std::ptrdiff_t i = 0; i < 5000; i += 500) {  // the farthest points weigh nothing to speak of
            data(i, 0)[0] = 1000 + static_cast<double>(i);
            weights[static_cast<std::size_t>(i)] = 1e-30;
        }
        // Above K = 512 sums are merged from larger chunks, and rounded otherwise.
        const auto sweep = lloyd::elbow_sweep(
            data, {.k_min = 508, .k_max = 516, .kmeans = {.seed = random.bits(), .weights = weights}});
        const auto curve = heights(sweep);
        CHECK(std::is_sorted(curve.rbegin(), curve.rend()));
        CHECK(sweep.centers.back().width() == 516);
    }
}

/// The oracle: at every K the compactest of kmeans from the centers before and their farthest point, and of what kmeans
/// finds from its own seeds in attempts 1, 2, …
template <class T, class Number>
void check_chain(const lloyd::image<T>& data, const lloyd::kmeans_options& options) {
    const auto sweep = lloyd::elbow_sweep(data, {.k_max = 7, .kmeans = options});
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
            const lloyd::kmeans_options options{.attempts = attempts, .max_iterations = 4, .seed = random.bits()};
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
    const auto floats = table<float>(2, {1, 2, 3, 4, 6, 8});
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
    CHECK(lloyd::elbow_sweep(floats, {.k_max = 3}).knee == 3);
}

TEST_CASE("a photo, its colours with their counts, and a view of any channels give the same sweep") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 60, 40);
    const lloyd::elbow_options options{.k_max = 7, .kmeans = {.attempts = 2, .max_iterations = 5}};
    const auto sweep = lloyd::elbow_sweep(photo, options);
    static_assert(std::is_same_v<decltype(sweep), const lloyd::elbow_result<3>>);
    const lloyd::color_histogram colors(photo);
    auto weighted = options;
    weighted.kmeans.weights = colors.counts();
    CHECK(difference(lloyd::elbow_sweep(colors.colors(), weighted), sweep) == "");
    CHECK(difference(lloyd::elbow_sweep(lloyd::image_view<const u8>(photo), options), sweep) == "");
    for (const auto& placed : layouts(photo, u8{201})) {
        CAPTURE(placed.name);
        CHECK(difference(lloyd::elbow_sweep(placed.view, options), sweep) == "");
    }
}

TEST_CASE("gives the same bits on any number of threads, and for 8-bit data at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 120, 80);
    const auto four = noise<u8>(random, 700, 4, 250);
    const auto real = blobs<double>(random, 3000, 2, 5, 100, 9);
    for (const int attempts : {1, 3}) {
        lloyd::elbow_options options{.k_max = 6, .kmeans = {.attempts = attempts, .max_iterations = 6}};
        const auto of_photo = lloyd::elbow_sweep(photo, options);
        const auto of_four = lloyd::elbow_sweep(four, options);
        const auto of_real = lloyd::elbow_sweep(real, options);
        for (const int threads : {2, 7}) {
            options.kmeans.threads = threads;
            CHECK(difference(lloyd::elbow_sweep(photo, options), of_photo) == "");
            CHECK(difference(lloyd::elbow_sweep(four, options), of_four) == "");
            CHECK(difference(lloyd::elbow_sweep(real, options), of_real) == "");
        }
        for (const auto level : cpu_levels()) {
            const cpu_limit limit(level);
            CHECK(difference(lloyd::elbow_sweep(photo, options), of_photo) == "");
            CHECK(difference(lloyd::elbow_sweep(four, options), of_four) == "");
        }
    }
}

TEST_CASE("judges data of any scale, and weights of any unit, alike") {
    dice random;
    CAPTURE(random.seed);
    const auto data = blobs<double>(random, 500, 3, 4, 100, 2);
    const lloyd::elbow_options options{.k_max = 7, .kmeans = {.attempts = 5}};
    const auto expected = lloyd::elbow_sweep(data, options);
    REQUIRE(expected.knee == 4);
    for (const int power : {-900, -300, 20, 900}) {
        const auto sweep = lloyd::elbow_sweep(times(data, std::ldexp(1.0, power)), options);
        CHECK(sweep.knee == expected.knee);
        CHECK(sweep.suggestions.last_drop.strength == expected.suggestions.last_drop.strength);
        CHECK(sweep.suggestions.calinski_harabasz.strength == expected.suggestions.calinski_harabasz.strength);
    }
    const numbers tiny(500, 0x1p-900), huge(500, 0x1p+1000);
    for (const auto& weights : {tiny, huge}) {
        auto weighted = options;
        weighted.kmeans.weights = weights;
        const auto sweep = lloyd::elbow_sweep(data, weighted);
        CHECK(sweep.knee == expected.knee);
        for (std::size_t i = 0; i < 7; ++i)
            CHECK(sweep.curve[i].wcss == doctest::Approx(expected.curve[i].wcss * weights[0]).epsilon(1e-12));
    }
}

TEST_CASE("counts weight 4 as four copies, and takes fractional weights") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 30, 20);
    lloyd::image<u8, 3> copies(60, 40);
    for (std::ptrdiff_t i = 0; i < copies.size(); ++i)
        std::ranges::copy(photo(i % 30, i / 60 % 20), copies(i % 60, i / 60).begin());
    const numbers fours(600, 4), fractions(600, 0.3);
    lloyd::elbow_options options{.k_max = 6, .kmeans = {.attempts = 2}};
    const auto of_copies = lloyd::elbow_sweep(copies, options);
    options.kmeans.weights = fours;
    CHECK(difference(lloyd::elbow_sweep(photo, options), of_copies) == "");
    options.kmeans.weights = fractions;
    const auto sweep = lloyd::elbow_sweep(photo, options);
    for (int k = 1; k <= 6; ++k)
        CHECK(lloyd::kmeans(photo, k,
                            {.weights = fractions, .initial_centers = sweep.centers[static_cast<std::size_t>(k - 1)]})
                  .compactness == doctest::Approx(sweep.curve[static_cast<std::size_t>(k - 1)].wcss).epsilon(1e-6));
}

// ── Watching and stopping ──

TEST_CASE("tells of every K in turn, and stops with the K in work and the best found for it") {
    dice random;
    CAPTURE(random.seed);
    for (const auto& data : {noise<u8>(random, 200, 3, 250), noise<u8>(random, 150, 5, 250)}) {
        lloyd::elbow_options options{.k_max = 4, .kmeans = {.attempts = 2, .max_iterations = 3}};
        const auto whole = lloyd::elbow_sweep(data, options);
        std::vector<lloyd::kmeans_progress> all;
        options.kmeans.progress = [&](const auto& step) {
            all.push_back(step);
            return true;
        };
        CHECK(difference(lloyd::elbow_sweep(data, options), whole) == "");
        REQUIRE(std::ranges::is_sorted(all, {}, &lloyd::kmeans_progress::k));
        CHECK((all.front().k == 1 && all.back().k == 4 && all.back().attempt == 1));

        for (std::size_t last = 1; last <= all.size(); ++last) {
            std::size_t calls = 0;
            options.kmeans.progress = [&](const auto&) { return ++calls < last; };
            options.kmeans.threads = static_cast<int>(last % 3);
            const auto stopped = lloyd::elbow_sweep(data, options);
            CHECK(calls == last);
            const auto curve = heights(stopped);
            REQUIRE(std::ssize(curve) == all[last - 1].k);
            CHECK(stopped.centers.size() == curve.size());
            CHECK(std::is_sorted(curve.rbegin(), curve.rend()));
            for (std::size_t i = 0; i + 1 < curve.size(); ++i) CHECK(curve[i] == whole.curve[i].wcss);
            double best = all[last - 1].compactness;  // the attempt in work; one before it counts as it ended
            for (std::size_t i = 0; i + 1 < last; ++i)
                if (all[i].k == all[last - 1].k && all[i + 1].attempt != all[i].attempt)
                    best = (std::min)(best, all[i].compactness);
            CHECK(curve.back() == best);
            CHECK(stopped.knee == lloyd::find_knee(stopped.curve));
        }
    }
}

TEST_CASE("passes on what the callback throws") {
    const auto data = table<u8>(1, {1, 5, 9, 100, 120, 255});
    const lloyd::elbow_options options{.k_max = 4,
                                       .kmeans = {.progress =
                                                      [](const auto& step) {
                                                          if (step.k == 2) throw std::runtime_error("enough");
                                                          return true;
                                                      },
                                                  .threads = 2}};
    CHECK_THROWS_WITH_AS(lloyd::elbow_sweep(data, options), "enough", std::runtime_error);
}

// ── How often it is right ──

TEST_CASE("finds the number of colours of 84 palettes of 2 to 8, nine times in ten or more") {
    int right = 0;
    for (int k = 2; k <= 8; ++k)
        for (std::uint64_t i = 0; i < 12; ++i) {
            palettes::painter painter(0, static_cast<std::uint64_t>(100 * k) + i);
            right += lloyd::elbow_sweep(painter.palette(k), {.kmeans = {.attempts = 3}}).knee == k;
        }
    CHECK(right >= 76);
}

TEST_CASE("claims a knee in noise no more than once in ten times") {
    int claimed = 0;
    for (std::uint64_t i = 0; i < 40; ++i)
        claimed += lloyd::elbow_sweep(palettes::painter(i, 0).noise(), {.kmeans = {.attempts = 3}}).knee.has_value();
    CHECK(claimed <= 4);
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
