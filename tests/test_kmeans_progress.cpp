// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The progress callback: what it is told, how it stops a run, and what passes through it.

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using steps = std::vector<lloyd::kmeans_progress>;

const auto climbing = table<u8>(1, {1, 2, 3, 10});  // from 1 and 2: means 1 and 5, then 2 and 10
const auto at_its_foot = table<double>(1, {1, 2});

/// A callback that notes what it is told, and stops at the given call.
auto note(steps& told, std::size_t last = std::numeric_limits<std::size_t>::max()) {
    return [&told, last](const lloyd::kmeans_progress& step) {
        told.push_back(step);
        return told.size() < last;
    };
}

TEST_CASE("tells k, attempt, iteration, compactness and the longest way of a center") {
    steps told;
    lloyd::kmeans(climbing, 2, {.initial_centers = at_its_foot, .progress = note(told)});
    REQUIRE(told.size() == 2);
    CHECK(told[0].k == 2);
    CHECK(told[0].attempt == 0);
    CHECK(told[0].iteration == 1);
    CHECK(told[0].compactness == 30);
    CHECK(told[0].max_shift == 3);
    CHECK(told[1].iteration == 2);
    CHECK(told[1].compactness == 2);
    CHECK(told[1].max_shift == 5);
}

TEST_CASE("tells in the units of the data, at any scale") {
    for (const double scale : {1e-30, 1.0, 1024.0, 1e100}) {
        const auto data = times(table<double>(1, {1, 2, 3, 13}), scale);  // means 1 and 6, then 2 and 13
        const auto start = times(at_its_foot, scale);
        steps told;
        lloyd::kmeans(data, 2, {.initial_centers = start, .progress = note(told)});
        REQUIRE(told.size() == 2);
        CHECK(told[0].compactness == doctest::Approx(54 * scale * scale).epsilon(1e-12));
        CHECK(told[0].max_shift == doctest::Approx(4 * scale).epsilon(1e-12));
    }
}

TEST_CASE("runs attempts in order, one at a time, on the calling thread, whatever the number of threads") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<float>(random, 500, 3, 100);
    for (const int threads : {1, 2, 7}) {
        steps told;
        bool elsewhere = false;
        const auto caller = std::this_thread::get_id();
        const auto result = lloyd::kmeans(data, 6,
                                          {.attempts = 4,
                                           .max_iterations = 5,
                                           .progress =
                                               [&](const auto& step) {
                                                   told.push_back(step);
                                                   elsewhere = elsewhere || std::this_thread::get_id() != caller;
                                                   return true;
                                               },
                                           .threads = threads});
        CHECK_FALSE(elsewhere);
        int attempt = 0, iteration = 0;
        double best = std::numeric_limits<double>::infinity(), last = 0;
        for (const auto& step : told) {
            if (step.attempt != attempt) {
                best = (std::min)(best, last);
                CHECK(step.attempt == attempt + 1);
                attempt = step.attempt;
                iteration = 0;
            }
            CHECK(step.iteration == ++iteration);
            last = step.compactness;
        }
        CHECK(attempt == 3);
        CHECK((std::min)(best, last) == result.compactness);
    }
}

TEST_CASE("gives the same result watched and unwatched") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<double>(random, 3000, 2, 1);
    for (const int threads : {1, 3}) {
        steps told;
        const auto watched =
            lloyd::kmeans(data, 5, {.attempts = 4, .max_iterations = 5, .progress = note(told), .threads = threads});
        CHECK(difference(watched, lloyd::kmeans(data, 5, {.attempts = 4, .max_iterations = 5, .threads = threads})) ==
              "");
    }
}

TEST_CASE("stops at false with what there is, as if max_iterations had said so") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<u8>(random, 500, 3, 250);
    for (const int last : {1, 2, 3}) {
        steps told;
        const auto stopped =
            lloyd::kmeans(data, 6, {.progress = note(told, static_cast<std::size_t>(last)), .threads = 2});
        CHECK(told.size() == static_cast<std::size_t>(last));
        CHECK_FALSE(stopped.converged);
        CHECK(difference(stopped, lloyd::kmeans(data, 6, {.max_iterations = last})) == "");
    }
}

TEST_CASE("stops at false with the best attempt so far, the one at hand included") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<u8>(random, 500, 3, 250);
    steps all;
    lloyd::kmeans(data, 6, {.attempts = 3, .max_iterations = 4, .progress = note(all)});
    for (std::size_t last = 1; last <= all.size(); ++last) {
        steps told;
        const auto stopped = lloyd::kmeans(data, 6, {.attempts = 3, .max_iterations = 4, .progress = note(told, last)});
        CHECK(told.size() == last);
        std::size_t best = last - 1;  // the attempt at hand; those before it count with their last iteration
        for (std::size_t i = 0; i + 1 < last; ++i) {
            const bool ended = all[i + 1].attempt != all[i].attempt;
            if (ended && all[i].compactness <= all[best].compactness) best = i;
        }
        CHECK(stopped.attempt == all[best].attempt);
        CHECK(stopped.iterations == all[best].iteration);
        CHECK(stopped.compactness == all[best].compactness);
        CHECK(same_pixels(lloyd::assign(data, stopped.centers), stopped.labels));
    }
}

TEST_CASE("says that it converged when the callback stops what has") {
    steps told;
    const auto result = lloyd::kmeans(climbing, 2, {.initial_centers = at_its_foot, .progress = note(told, 2)});
    CHECK(result.converged);
    CHECK(result.iterations == 2);
}

TEST_CASE("passes on what the callback throws, and leaves nothing behind") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<float>(random, 9000, 2, 1);
    for (const int threads : {1, 2, 7})
        for (const int throwing_call : {1, 3, 6}) {
            int calls = 0;
            const lloyd::kmeans_options options{.attempts = 3,
                                                .max_iterations = 3,
                                                .progress =
                                                    [&](const auto&) {
                                                        if (++calls == throwing_call)
                                                            throw std::runtime_error("enough");
                                                        return true;
                                                    },
                                                .threads = threads};
            CHECK_THROWS_WITH_AS(lloyd::kmeans(data, 5, options), "enough", std::runtime_error);
            CHECK(calls == throwing_call);
        }
}

TEST_CASE("may cluster something else meanwhile") {
    int inner = 0;
    const auto result = lloyd::kmeans(climbing, 2,
                                      {.initial_centers = at_its_foot,
                                       .progress =
                                           [&](const auto&) {
                                               inner += lloyd::kmeans(climbing, 4, {.threads = 2}).converged;
                                               return true;
                                           },
                                       .threads = 2});
    CHECK(inner == 2);
    CHECK(result.compactness == 2);
}

}  // namespace
