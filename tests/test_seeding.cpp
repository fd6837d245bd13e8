// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "sample_seeds.hpp"

namespace {

using namespace samples;
using lloyd::detail::random_stream;
using numbers = std::vector<double>;

// ── Worked by hand ──

TEST_CASE("draws the only points that can be drawn") {
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        for (const auto method : {how::random, how::plus_plus}) {
            CHECK(draw(table<u8>(1, {7}), {}, 1, method, seed) == numbers{7});
            CHECK(draw(table<float>(1, {7}), {}, 1, method, seed) == numbers{7});
            CHECK(draw(table<u8>(1, {5, 7, 9}), {0, 3, 0}, 1, method, seed) == numbers{7});
            CHECK(draw(table<float>(1, {5, 7, 9}), {0, 0.1, 0}, 1, method, seed) == numbers{7});
            auto both = draw(table<u8>(1, {5, 5, 8, 5, 9}), {1, 1, 1, 1, 0}, 2, method, seed);
            std::ranges::sort(both);
            CHECK(both == numbers{5, 8});
        }
}

TEST_CASE("repeats a point when no other value is left") {
    for (const auto method : {how::random, how::plus_plus}) {
        CHECK(draw(table<u8>(1, {5, 5, 5}), {}, 3, method, 1) == numbers{5, 5, 5});
        CHECK(draw(table<double>(2, {0.1, 0.2, 0.1, 0.2, 9, 9}), {1, 1, 0}, 3, method, 1) ==
              numbers{0.1, 0.2, 0.1, 0.2, 0.1, 0.2});
    }
}

TEST_CASE("random tells points apart that differ in their last coordinate, and takes 0 for −0") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto seeds = draw(table<float>(6, {1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 7}), {}, 2, how::random, seed);
        CHECK(seeds[5] + seeds[11] == 13);
        auto all = draw(table<double>(1, {0.0, -0.0, 5, -5}), {}, 3, how::random, seed);
        std::ranges::sort(all);
        CHECK(all == numbers{-5, 0, 5});
    }
}

// As where -ffast-math takes all weights for 0: some are too small to be normal numbers.
TEST_CASE("repeats the first point when none weighs anything") {
    for (const auto method : {how::random, how::plus_plus}) {
        CHECK(draw(table<float>(1, {7, 8}), {0, 0}, 1, method, 1) == numbers{7});
        CHECK(draw(table<double>(2, {1, 2, 3, 4, 5, 6}), {0, 0, 0}, 2, method, 1) == numbers{1, 2, 1, 2});
    }
}

// ── Laws ──

TEST_CASE_TEMPLATE("never draws a point without weight, nor a value twice while others are left", T, u8, u16, float,
                   double) {
    dice random;
    CAPTURE(random.seed);
    for (const auto method : {how::random, how::plus_plus})
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            const std::ptrdiff_t d = 1 + random.below(4);
            auto data = noise<T>(random, 60, d, 4);
            for (auto& element : data.elements()) element = static_cast<T>(std::floor(static_cast<double>(element)));
            const auto weights = whole_weights(random, 60, 1);
            std::set<numbers> allowed;
            for (std::ptrdiff_t i = 0; i < 60; ++i)
                if (weights[static_cast<std::size_t>(i)] > 0) allowed.emplace(data(i, 0).begin(), data(i, 0).end());
            const int k = static_cast<int>(std::ssize(allowed));
            if (k == 0) continue;
            const auto seeds = draw(data, weights, k, method, seed);
            std::set<numbers> drawn;
            for (auto at = seeds.begin(); at != seeds.end(); at += d) drawn.emplace(at, at + d);
            CHECK(drawn == allowed);
        }
}

TEST_CASE_TEMPLATE("draws the first seed by weight", T, u8, float) {
    const auto data = table<T>(1, {0, 1, 2, 3});
    const numbers weights{1, 2, 3, 4};
    for (const auto method : {how::random, how::plus_plus}) {
        std::vector<int> drawn(4);
        for (std::uint64_t seed = 0; seed < 5000; ++seed)
            ++drawn[static_cast<std::size_t>(draw(data, weights, 1, method, seed)[0])];
        for (std::size_t i = 0; i < 4; ++i)
            CHECK(std::abs(drawn[i] - 500 * weights[i]) < 200);  // six standard deviations
    }
}

template <class T>
void check_second_seed(const lloyd::image<T>& data) {
    // The first with 1/2, then the second and third as 1 : 4; the chance of the first two is 1/2 · 1/5 + 1/10 · 5/9.
    int pairs = 0;
    for (std::uint64_t seed = 0; seed < 5000; ++seed) {
        auto seeds = draw(data, {5, 1, 4}, 2, how::random, seed);
        std::ranges::sort(seeds);
        pairs += seeds == numbers(data.elements().begin(), data.elements().begin() + 2);
    }
    CHECK(std::abs(pairs - 5000 * (0.1 + 0.5 / 9)) < 160);
}

TEST_CASE("random draws the second seed by weight, too, however near it is") {
    check_second_seed(table<u8>(1, {0, 1, 200}));
    check_second_seed(table<float>(1, {0, 1, 200}));
    check_second_seed(table<double>(1, {0, 0.01, 0.02}));
}

TEST_CASE_TEMPLATE("plus_plus draws by weight times squared distance", T, u8, float) {
    // 0 weighs so much that it is always first. The worth of 1, 2 and 10 is then 4, 4 and 100 (of 108), and the better
    // of two candidates is kept: 10 whenever it is drawn, 1 (which leaves 2·1 more) only when it is drawn twice.
    const auto data = table<T>(1, {0, 1, 2, 10});
    const numbers weights{1e9, 4, 1, 1};
    std::vector<int> drawn(11);
    for (std::uint64_t seed = 0; seed < 5000; ++seed)
        ++drawn[static_cast<std::size_t>(draw(data, weights, 2, how::plus_plus, seed)[1])];
    CHECK(std::abs(drawn[10] - 5000 * (1 - 64.0 / 11664)) < 32);
    CHECK(drawn[1] + drawn[2] > 5);
}

TEST_CASE_TEMPLATE("is much better with plus_plus than at random on separate blobs", T, u8, float) {
    dice random;
    CAPTURE(random.seed);
    const auto data = blobs<T>(random, 400, 2, 20, 255, 0.5);
    double with_random = 0, with_plus_plus = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        with_random +=
            lloyd::kmeans(data, 20, {.init = lloyd::seeding::random, .max_iterations = 1, .seed = seed}).compactness;
        with_plus_plus += lloyd::kmeans(data, 20, {.max_iterations = 1, .seed = seed}).compactness;
    }
    CHECK(with_plus_plus < 0.25 * with_random);
}

// ── What kmeans does with it ──

TEST_CASE("kmeans starts from the seeds drawn, attempt i from those of stream i, whatever the points weigh") {
    dice random;
    CAPTURE(random.seed);
    for (const int bits : {1, 8, 20, 26, 31, 32, 40}) {
        CAPTURE(bits);
        const lloyd::color_histogram colors(random_image<3>(random, 1500, 1));
        numbers weights;
        for (std::ptrdiff_t i = 0; i < colors.size(); ++i)
            weights.push_back(static_cast<double>(random.bits() >> (64 - bits) | 1));
        const lloyd::image<u8> data(colors.colors());
        for (const auto method : {how::random, how::plus_plus}) {
            const auto init = method == how::random ? lloyd::seeding::random : lloyd::seeding::plus_plus;
            const auto seeded = lloyd::kmeans(
                colors.colors(), 12, {.init = init, .attempts = 4, .max_iterations = 2, .seed = 5, .weights = weights});
            const auto start = table<double>(
                3, draw(data, weights, 12, method, random_stream(5, static_cast<std::uint64_t>(seeded.attempt))));
            auto started =
                lloyd::kmeans(colors.colors(), 12, {.max_iterations = 2, .weights = weights, .initial_centers = start});
            started.attempt = seeded.attempt;
            CHECK(difference(seeded, started) == "");
        }
    }
}

// ── Goldens ──

// What a seed draws: with other numbers every seeded result would change. They may change with a version that
// announces it, such as one with another number of candidates or another order of colours.
TEST_CASE("draws the same seeds for ever") {
    std::vector<u8> ramp;
    for (unsigned i = 0; i < 100; ++i) ramp.push_back(static_cast<u8>(i));
    const auto colors = table<u8>(1, ramp);
    const auto floats = table<float>(1, {ramp.begin(), ramp.end()});
    for (const auto& seeds : {draw(colors, {}, 5, how::random, 42), draw(floats, {}, 5, how::random, 42)})
        CHECK(seeds == numbers{67, 72, 49, 59, 12});
    for (const auto& seeds : {draw(colors, {}, 5, how::plus_plus, 42), draw(floats, {}, 5, how::plus_plus, 42)})
        CHECK(seeds == numbers{67, 20, 92, 40, 5});
}

template <class T>
void check_first_seeds(dice& random, std::ptrdiff_t d) {
    const auto data = noise<T>(random, 3000, d, 250);
    const lloyd::detail::point_set points(data);
    for (const auto method : {how::random, how::plus_plus})
        for (int k = 1; k <= 12; ++k) {
            CAPTURE(k);
            const auto last = lloyd::detail::last_with_same_seeds(points, k, 12, method == how::plus_plus);
            CHECK(last == (method == how::random || k > 7 ? 12 : k > 2 ? 7 : 2));
            const auto seeds = draw(data, {}, k, method, 5), more = draw(data, {}, static_cast<int>(last), method, 5);
            CHECK(std::ranges::equal(seeds, std::span(more).first(seeds.size())));
        }
    // From K = 129 on chunks are larger, and what they sum up to is rounded otherwise.
    CHECK(lloyd::detail::last_with_same_seeds(points, 121, 200, true) == 128);
    CHECK(lloyd::detail::last_with_same_seeds(points, 8, 20, true) == 20);
    CHECK(lloyd::detail::last_with_same_seeds(points, 8, 30, true) == 20);
}

TEST_CASE("few seeds are the first ones of more that draw as many candidates for each") {
    dice random;
    CAPTURE(random.seed);
    check_first_seeds<u8>(random, 3);
    check_first_seeds<float>(random, 2);
}

}  // namespace
