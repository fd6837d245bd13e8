// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/detail/color_seeding.hpp>
#include <lloyd/detail/point_seeding.hpp>
#include <lloyd/detail/seeding.hpp>
#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::detail::random_stream;
using lloyd::detail::wide;
using numbers = std::vector<double>;

enum class how { random, plus_plus };

template <class T>
using arithmetic_of =
    std::conditional_t<std::is_same_v<T, u8>, lloyd::detail::whole_arithmetic, lloyd::detail::real_arithmetic>;

/// The coordinates of k seeds, one after another: in whole numbers for 8-bit data, in real ones for the rest.
template <class T>
numbers draw(const lloyd::image<T>& data, const numbers& weights, int k, how method, std::uint64_t seed,
             int threads = 1) {
    const lloyd::detail::point_set<T> points{data, weights};
    lloyd::detail::thread_team team(threads, points.chunks(k));
    const bool by_distance = method == how::plus_plus;
    lloyd::detail::point_field<T, arithmetic_of<T>> field(points, k, by_distance, team);
    const auto seeds = lloyd::detail::draw_seeds(field, points, k, by_distance, random_stream(seed, 0));
    return {seeds.begin(), seeds.end()};
}

/// The same of distinct colours, cube by cube.
template <std::size_t C>
numbers draw(const lloyd::color_histogram<C>& colors, int k, how method, std::uint64_t seed) {
    const lloyd::detail::point_set<u8> points{colors.colors(), colors.counts()};
    const lloyd::detail::color_cubes cubes(colors.colors(), colors.counts());
    const bool by_distance = method == how::plus_plus;
    lloyd::detail::color_field field(points, cubes, by_distance);
    const auto seeds = lloyd::detail::draw_seeds(field, points, k, by_distance, random_stream(seed, 0));
    return {seeds.begin(), seeds.end()};
}

numbers whole_weights(dice& random, std::ptrdiff_t n, std::ptrdiff_t most = 4) {
    numbers result;
    for (std::ptrdiff_t i = 0; i < n; ++i) result.push_back(static_cast<double>(random.below(most + 1)));
    return result;
}

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

TEST_CASE_TEMPLATE("random draws the second seed by weight, too", T, u8, float) {
    // 0 first with 1/2, then 1 : 2 as 1 : 4; the chance of the pair {0, 1} is 1/2 · 1/5 + 1/10 · 5/9.
    const auto data = table<T>(1, {0, 1, 2});
    int pairs = 0;
    for (std::uint64_t seed = 0; seed < 5000; ++seed) {
        auto seeds = draw(data, {5, 1, 4}, 2, how::random, seed);
        std::ranges::sort(seeds);
        pairs += seeds == numbers{0, 1};
    }
    CHECK(std::abs(pairs - 5000 * (0.1 + 0.5 / 9)) < 160);
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

// ── Oracle: the same method in plain loops over whole numbers ──

class plain_seeder {
public:
    template <class T>
    plain_seeder(const lloyd::image<T>& data, const numbers& weights)
        : nearest_(static_cast<std::size_t>(data.size())) {
        for (std::ptrdiff_t i = 0; i < data.size(); ++i) {
            points_.emplace_back(data(i, 0).begin(), data(i, 0).end());
            weights_.push_back(weights.empty() ? 1 : static_cast<std::uint64_t>(weights[static_cast<std::size_t>(i)]));
        }
    }

    template <class Total>
    numbers draw(int k, how method, random_stream random) {
        const int candidates = method == how::random ? 1 : 2 + static_cast<int>(std::floor(std::log(k)));
        std::ranges::fill(nearest_, 1u);
        const auto first = points_[pick<Total>(random)];
        std::ranges::fill(nearest_, ~std::uint64_t{0} >> 20);
        numbers seeds;
        for (int j = 0; j < k; ++j) {
            auto seed = first;
            if (j > 0 && potential(nearest_) > 0)
                seed = points_[best_of(candidates, method, [&] { return pick<Total>(random); })];
            seeds.insert(seeds.end(), seed.begin(), seed.end());
            nearest_ = lowered(seed, method);
        }
        return seeds;
    }

private:
    using squares = std::vector<std::uint64_t>;

    template <class Pick>
    std::size_t best_of(int candidates, how method, const Pick& pick) {
        std::vector<std::size_t> drawn;
        for (int i = 0; i < candidates; ++i) drawn.push_back(pick());
        return *std::ranges::min_element(drawn, {},
                                         [&](std::size_t i) { return potential(lowered(points_[i], method)); });
    }

    squares lowered(const numbers& seed, how method) const {
        auto result = nearest_;
        for (std::size_t i = 0; i < points_.size(); ++i) {
            double distance = 0;
            for (std::size_t c = 0; c < seed.size(); ++c)
                distance += (points_[i][c] - seed[c]) * (points_[i][c] - seed[c]);
            if (method == how::random) distance = distance > 0;
            result[i] = (std::min)(result[i], static_cast<std::uint64_t>(distance));
        }
        return result;
    }

    std::uint64_t potential(const squares& nearest) const {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < nearest.size(); ++i) sum += weights_[i] * nearest[i];
        return sum;
    }

    template <class Total>
    std::size_t pick(random_stream& random) const {
        auto left = random.below(Total(potential(nearest_)));
        for (std::size_t i = 0;; ++i) {
            const auto part = Total(weights_[i] * nearest_[i]);
            if (left < part) return i;
            left -= part;
        }
    }

    std::vector<numbers> points_;
    squares weights_, nearest_;
};

template <class T, class Total>
void check_like_plain_loops() {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t n : {1, 9, 600, 5000})
        for (const std::ptrdiff_t d : {1, 2, 3, 4, 33})
            for (const int k : {1, 2, 8, 25})
                for (const auto method : {how::random, how::plus_plus}) {
                    if (k > n || n * d * k > 400'000) continue;
                    CAPTURE(n);
                    CAPTURE(d);
                    CAPTURE(k);
                    auto data = noise<T>(random, n, d, 256);
                    for (auto& element : data.elements())
                        element = static_cast<T>(std::floor(static_cast<double>(element)));
                    auto weights = random.below(2) == 0 ? numbers{} : whole_weights(random, n);
                    if (!weights.empty()) weights[0] = 1;
                    const auto seed = random.bits();
                    const auto expected =
                        plain_seeder(data, weights).template draw<Total>(k, method, random_stream(seed, 0));
                    for (const auto level : cpu_levels()) {
                        const cpu_limit limit(level);
                        CHECK(draw(data, weights, k, method, seed) == expected);
                    }
                    CHECK(draw(data, weights, k, method, seed, 3) == expected);
                }
}

TEST_CASE("draws as plain loops over integers do") { check_like_plain_loops<u8, wide>(); }

template <std::size_t C>
void check_colors_like_plain_loops(dice& random) {
    for (const std::ptrdiff_t n : {1, 2, 30, 5000})
        for (const std::ptrdiff_t levels : {6, 50, 256})
            for (const int k : {1, 2, 8, 25, 70})
                for (const auto method : {how::random, how::plus_plus}) {
                    const lloyd::color_histogram<C> colors(random_image<C>(random, n, 1, levels));
                    if (k > colors.size() + 3) continue;
                    CAPTURE(n);
                    CAPTURE(k);
                    const auto seed = random.bits();
                    const numbers counts(colors.counts().begin(), colors.counts().end());
                    const auto expected = plain_seeder(lloyd::image<u8>(colors.colors()), counts)
                                              .template draw<wide>(k, method, random_stream(seed, 0));
                    for (const auto level : cpu_levels()) {
                        const cpu_limit limit(level);
                        CHECK(draw(colors, k, method, seed) == expected);
                    }
                }
}

TEST_CASE("draws colours cube by cube as plain loops over them do") {
    dice random;
    CAPTURE(random.seed);
    check_colors_like_plain_loops<1>(random);
    check_colors_like_plain_loops<2>(random);
    check_colors_like_plain_loops<3>(random);
}

TEST_CASE("draws as plain loops do in doubles, where whole numbers leave nothing to round") {
    check_like_plain_loops<float, double>();
    check_like_plain_loops<u16, double>();
}

TEST_CASE("draws the same seeds whether a weight is small or near 2^53") {
    // Potentials then need more than 64 bits; scaled by a power of two, each draw is scaled, too.
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 3, 40})
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const auto data = noise<u8>(random, 700, d, 256);
            const auto weights = whole_weights(random, 700, 3);
            auto heavy = weights;
            for (double& w : heavy) w *= 0x1p40;
            for (const auto method : {how::random, how::plus_plus})
                CHECK(draw(data, heavy, 9, method, seed) == draw(data, weights, 9, method, seed));
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

}  // namespace
