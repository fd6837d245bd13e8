// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Threads that do not start and callbacks that throw, at every place where either can happen.

#include <atomic>
#include <cerrno>
#include <cstdint>

#if defined(__GLIBC__)
#include <dlfcn.h>
#include <pthread.h>
#endif

#include <doctest/doctest.h>

#include <lloyd/canny.hpp>
#include <lloyd/elbow.hpp>
#include <lloyd/segment.hpp>

#include "failing_memory.hpp"
#include "instances.hpp"
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
        for (const auto space : {lloyd::color_space::rgb, lloyd::color_space::hsv, lloyd::color_space::hsv_cone})
            CHECK(throwing([&] { lloyd::segment(photo, 4, {.space = space, .kmeans = options}); }) == 9);
        CHECK(throwing([&] { lloyd::elbow_sweep(points, {.k_max = 4, .kmeans = options}); }) > 20);
        CHECK(throwing([&] { lloyd::elbow_sweep(photo, {.k_max = 4, .kmeans = options}); }) > 20);
    }
}

}  // namespace

// ── Threads ──

#if defined(__GLIBC__)

namespace {

std::atomic<int> threads_left{1000};  ///< threads that will start
std::atomic<int> threads_asked{0};

}  // namespace

/// The sanitizers have one of their own, which starts the threads they watch.
extern "C" [[gnu::weak]] int __interceptor_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* how, void* (*run)(void*), void* with) {
    ++threads_asked;
    if (threads_left.fetch_sub(1) <= 0) return EAGAIN;
    if (__interceptor_pthread_create != nullptr) return __interceptor_pthread_create(thread, how, run, with);
    static const auto create = reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
    return create(thread, how, run, with);
}

namespace {

/// Runs `work` with 0, 1, 2, … threads beside the caller's, until it gets all it wants. It must always return what it
/// returns with all of them. Returns how many it wants.
template <class Work, class Same>
int run_short_of_threads(const Work& work, const Same& same) {
    threads_left = 1000;
    const auto expected = work();
    for (int granted = 0;; ++granted) {
        CAPTURE(granted);
        const long before = alive;
        threads_asked = 0;
        threads_left = granted;
        const bool as_expected = same(work(), expected);
        const bool all_back = alive == before;
        CHECK(as_expected);
        CHECK(all_back);
        if (threads_asked <= granted) return granted;
    }
}

TEST_CASE("works with the threads that start, whichever of them is the first that does not, to the same bits") {
    dice random;
    CAPTURE(random.seed);
    const auto points = noise<float>(random, 9000, 2, 1);
    const auto photo = photo_like<3>(random, 40, 200);
    const auto same_results = [](const auto& a, const auto& b) { return difference(a, b).empty(); };
    const auto same_images = [](const auto& a, const auto& b) { return same_pixels(a, b); };

    threads_left = 2;
    CHECK(lloyd::detail::thread_team(4, 100).size() == 3);
    for (const int attempts : {1, 5}) {
        const lloyd::kmeans_options options{.attempts = attempts, .max_iterations = 3, .threads = 4};
        CHECK(run_short_of_threads([&] { return lloyd::kmeans(points, 5, options); }, same_results) == 3);
        CHECK(run_short_of_threads([&] { return lloyd::kmeans(photo, 5, options); }, same_results) == 3);
        CHECK(run_short_of_threads([&] { return lloyd::elbow_sweep(photo, {.k_max = 4, .kmeans = options}); },
                                   same_results) == 3);
        CHECK(run_short_of_threads([&] { return lloyd::segment(photo, 5, {.kmeans = options}).labels; }, same_images) ==
              3);
    }
    const auto tall = photo_like<1>(random, 150, 1500);
    CHECK(run_short_of_threads([&] { return lloyd::canny(tall, 10, 200, {.threads = 4}); }, same_images) == 3);
}

}  // namespace

#endif
