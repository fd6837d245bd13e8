// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What the sweep over K does not depend on, how it is stopped, and how often its knee is right.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>

#include "palettes.hpp"
#include "sample_sweeps.hpp"

namespace {

using namespace samples;
using numbers = std::vector<double>;

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

TEST_CASE("finds the number of colours of palettes without noise, as bytes and as real numbers") {
    for (int k = 2; k <= 8; ++k)
        for (std::uint64_t i = 0; i < 12; ++i) {
            CAPTURE(k);
            CAPTURE(i);
            const auto flat = palettes::painter(0, static_cast<std::uint64_t>(100 * k) + i).palette(k, {.sigma = 0});
            lloyd::image<double, 3> real(flat.width(), 1);
            std::ranges::transform(flat.elements(), real.data(), [](u8 level) { return level / 255.0; });
            CHECK(lloyd::elbow_sweep(flat, {.kmeans = {.attempts = 3}}).knee == k);
            CHECK(lloyd::elbow_sweep(real, {.kmeans = {.attempts = 3}}).knee == k);
        }
}

/// A flat gray with noise: `levels` neighbouring levels, each in the middle more often than the one outside of it, or all
/// as often.
lloyd::image<u8, 3> noisy_gray(int levels, bool even) {
    lloyd::image<u8, 3> photo(100, 21);
    std::ptrdiff_t i = 0;
    for (auto& element : photo.elements()) {
        const auto pixel = i++ / 3;
        const auto step = even ? pixel % levels : (pixel % levels + pixel / levels % levels) / 2;
        element = static_cast<u8>(120 + step);
    }
    return photo;
}

TEST_CASE("claims no knee in a gray with noise of a few neighbouring levels") {
    for (int levels = 2; levels <= 10; ++levels)
        for (const bool even : {false, true}) {
            CAPTURE(levels);
            const auto sweep = lloyd::elbow_sweep(noisy_gray(levels, even));
            REQUIRE(sweep.curve.back().wcss == 0);
            CHECK_FALSE(sweep.knee);
            CHECK(sweep.suggestions.last_drop.strength < 0.5);
        }
}

TEST_CASE("finds two grays, however little the noise on them is") {
    auto photo = noisy_gray(2, true);
    for (const auto row : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
        for (auto& element : photo.row(row)) element = static_cast<u8>(element - 70);
    const auto sweep = lloyd::elbow_sweep(photo);
    CHECK(sweep.curve[3].wcss == 0);
    CHECK(sweep.knee == 2);
}

TEST_CASE("claims no knee where the curve begins behind the last colour, nor where every point has its own center") {
    lloyd::image<u8, 3> two(8, 4);
    for (auto& element : two.row(0)) element = 200;
    CHECK(lloyd::elbow_sweep(two, {.k_max = 5}).knee == 2);
    for (const int k_min : {2, 3}) {
        const auto sweep = lloyd::elbow_sweep(two, {.k_min = k_min, .k_max = 6});
        const auto& says = sweep.suggestions;
        CHECK_FALSE(sweep.knee);
        for (const auto& one : {says.last_drop, says.log_curvature, says.calinski_harabasz, says.kneedle})
            CHECK_FALSE(one.k);
    }
    const lloyd::elbow_options all{.k_max = 5, .kmeans = {.attempts = 5}};
    CHECK_FALSE(lloyd::elbow_sweep(table<double>(1, {0, 80, 160, 240, 20}), all).knee);
    CHECK_FALSE(lloyd::elbow_sweep(table<u8>(1, {0, 80, 160, 240, 20}), all).knee);
}

TEST_CASE("claims a knee in noise no more than once in ten times") {
    int claimed = 0;
    for (std::uint64_t i = 0; i < 40; ++i)
        claimed += lloyd::elbow_sweep(palettes::painter(i, 0).noise(), {.kmeans = {.attempts = 3}}).knee.has_value();
    CHECK(claimed <= 4);
}

}  // namespace
