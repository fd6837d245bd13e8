// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Threads that do not start and callbacks that throw, at every place where either can happen.

#include <cstdint>

#include <doctest/doctest.h>

#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "failing_memory.hpp"
#if defined(__GLIBC__)
#include "failing_threads.hpp"
#endif
#include "sample_points.hpp"
#include "sample_sweeps.hpp"

namespace {

using namespace samples;

// ── Callbacks ──

struct enough {
    int call;
};

/// Calls work(progress) with a callback that throws at its 1st, 2nd … call, until it is called less often than that.
/// What it throws must arrive at once, and nothing be left behind. Returns how often it threw.
template <class Work>
int run_with_throwing_callback(const Work& work) {
    for (int last = 1;; ++last) {
        const long before = alive;
        int calls = 0, caught = 0;
        try {
            work([&](const lloyd::kmeans_progress&) {
                if (++calls == last) throw enough{last};
                return true;
            });
        } catch (const enough& thrown) {
            caught = thrown.call;
        }
        const bool all_back = alive == before;
        CHECK(all_back);
        if (caught == 0) return calls;
        CHECK(caught == last);
        CHECK(calls == last);
    }
}

TEST_CASE(
    "kmeans, segment and elbow_sweep pass on what the callback throws at any call, and give back what they took") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 20, 15);
    const auto points = noise<float>(random, 300, 2, 1);
    for (const int threads : {1, 3}) {
        lloyd::kmeans_options options{.attempts = 3, .max_iterations = 3, .threads = threads};
        const auto throwing = [&](const auto& work) {
            return run_with_throwing_callback([&](const auto& callback) {
                options.progress = callback;
                work();
                options.progress = {};
            });
        };
        CHECK(throwing([&] { lloyd::kmeans(points, 4, options); }) == 9);
        CHECK(throwing([&] { lloyd::kmeans(photo, 4, options); }) == 9);
        for (const auto space : {lloyd::color_space::rgb, lloyd::color_space::hsv, lloyd::color_space::hsv_cone,
                                 lloyd::color_space::lab, lloyd::color_space::oklab})
            CHECK(throwing([&] { lloyd::segment(photo, 4, {.space = space, .kmeans = options}); }) == 9);
        CHECK(throwing([&] { lloyd::elbow_sweep(points, {.k_max = 4, .kmeans = options}); }) > 20);
        CHECK(throwing([&] { lloyd::elbow_sweep(photo, {.k_max = 4, .kmeans = options}); }) > 20);
    }
}

// ── Threads ──

#if defined(__GLIBC__)

TEST_CASE("works with the threads that start, whichever of them is the first that does not, to the same bits") {
    dice random;
    CAPTURE(random.seed);
    const auto points = noise<float>(random, 9000, 2, 1);
    const auto photo = photo_like<3>(random, 40, 200);
    const auto same_results = [](const auto& a, const auto& b) { return difference(a, b).empty(); };
    const auto same_images = [](const auto& a, const auto& b) { return same_pixels(a, b); };

    for (const int attempts : {1, 5}) {
        const lloyd::kmeans_options options{.attempts = attempts, .max_iterations = 3, .threads = 4};
        CHECK(run_short_of_threads([&] { return lloyd::kmeans(points, 5, options); }, same_results) == 3);
        CHECK(run_short_of_threads([&] { return lloyd::kmeans(photo, 5, options); }, same_results) == 3);
        CHECK(run_short_of_threads([&] { return lloyd::elbow_sweep(photo, {.k_max = 4, .kmeans = options}); },
                                   same_results) == 3);
        CHECK(run_short_of_threads([&] { return lloyd::segment(photo, 5, {.kmeans = options}).labels; }, same_images) ==
              3);
    }
}

#endif

}  // namespace
