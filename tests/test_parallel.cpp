// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#if defined(__GLIBC__)
#include <pthread.h>
#endif

#include <doctest/doctest.h>

#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/kmeans.hpp>

#if !defined(LLOYD_PLAIN_WAITS)  // which what is instantiated once has not
#endif
#include "sample_points.hpp"

namespace {

using lloyd::detail::thread_team;

TEST_CASE("calls each index once") {
    for (const int threads : {1, 2, 3, 8})
        for (const std::size_t count : {0u, 1u, 2u, 3u, 7u, 8u, 9u, 1000u}) {
            thread_team team(threads, 1000);
            std::vector<std::atomic<int>> calls(count);
            team.for_each(count, [&](std::size_t i) { ++calls[i]; });
            for (const auto& number : calls) REQUIRE(number == 1);
        }
}

TEST_CASE("works side by side") {
    // Each task waits for the other: one thread alone would never end.
    thread_team team(2, 2);
    REQUIRE(team.size() == 2);
    std::atomic<int> arrived{0};
    team.for_each(2, [&](std::size_t) {
        ++arrived;
        while (arrived < 2) std::this_thread::yield();
    });
    CHECK(arrived == 2);
}

/// Which thread ran each of 1000 tasks, by two threads that have both begun before one goes on.
std::vector<std::thread::id> runners_of_tasks() {
    thread_team team(2, 2);
    REQUIRE(team.size() == 2);
    std::vector<std::thread::id> runners(1000);
    std::atomic<bool> begun[2]{};
    const auto caller = std::this_thread::get_id();
    team.for_each(runners.size(), [&](std::size_t i) {
        const auto runner = runners[i] = std::this_thread::get_id();
        begun[runner == caller] = true;
        while (!begun[0] || !begun[1]) std::this_thread::yield();
    });
    return runners;
}

TEST_CASE("a thread takes neighbouring tasks, a quarter of those left to two threads, and at last one by one") {
    const auto runners = runners_of_tasks();
    const auto of_one = [&](std::size_t first, std::size_t end) {
        return std::count(runners.begin() + static_cast<std::ptrdiff_t>(first),
                          runners.begin() + static_cast<std::ptrdiff_t>(end),
                          runners[first]) == static_cast<std::ptrdiff_t>(end - first);
    };
    CHECK(of_one(0, 250));
    CHECK(runners[0] != runners[250]);
    for (std::size_t first = 0, run; first < runners.size(); first += run) {
        run = (runners.size() - first + 3) / 4;
        CHECK(of_one(first, first + run));
    }
}

TEST_CASE("two tasks, and as many as threads, are taken one by one") {
    // Each task waits for all others.
    for (const std::size_t threads : {2u, 3u, 5u}) {
        thread_team team(static_cast<int>(threads), 100);
        REQUIRE(team.size() == threads);
        std::atomic<std::size_t> arrived{0};
        team.for_each(threads, [&](std::size_t) {
            ++arrived;
            while (arrived < threads) std::this_thread::yield();
        });
        CHECK(arrived == threads);
    }
}

TEST_CASE("has no more threads than tasks, and at least the caller") {
    CHECK(thread_team(1, 100).size() == 1);
    CHECK(thread_team(3, 100).size() == 3);
    CHECK(thread_team(100, 2).size() == 2);
    CHECK(thread_team(100, 1).size() == 1);
    CHECK(thread_team(100, 0).size() == 1);
    CHECK(thread_team(1, 0).size() == 1);
    CHECK(thread_team(0, 1).size() == 1);
}

TEST_CASE("does all tasks on the calling thread when alone") {
    thread_team team(1, 100);
    const auto caller = std::this_thread::get_id();
    std::vector<std::size_t> order;
    team.for_each(5, [&](std::size_t i) {
        CHECK(std::this_thread::get_id() == caller);
        order.push_back(i);
    });
    CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("takes many rounds, one after another, and sees what each has written") {
    thread_team team(3, 100);
    std::vector<long> sums(7, 0);
    long total = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto count = static_cast<std::size_t>(round % 8);
        team.for_each(count, [&](std::size_t i) { sums[i] += round; });
        total += round * static_cast<long>(count);
        REQUIRE(std::accumulate(sums.begin(), sums.end(), 0L) == total);
    }
}

TEST_CASE("starts and ends without work") {
    for (int i = 0; i < 200; ++i) thread_team team(4, 100);
}

TEST_CASE("rethrows one exception of many, and goes on working") {
    for (const int threads : {1, 2, 5}) {
        thread_team team(threads, 100);
        for (int round = 0; round < 100; ++round) {
            std::atomic<int> calls{0};
            int caught = 0;
            try {
                team.for_each(50, [&](std::size_t i) {
                    ++calls;
                    if (i % 7 == 3) throw std::runtime_error(std::to_string(i));
                });
            } catch (const std::runtime_error& error) {
                ++caught;
                CHECK(std::stoi(error.what()) % 7 == 3);
            }
            CHECK(caught == 1);
            CHECK(calls >= 1);
            std::atomic<int> later{0};
            team.for_each(50, [&](std::size_t) { ++later; });
            CHECK(later == 50);
        }
    }
}

TEST_CASE("drops the tasks that had not begun when one threw") {
    thread_team alone(1, 100), team(2, 100000);
    std::atomic<int> calls{0};
    const auto body = [&](std::size_t i) {
        ++calls;
        if (i == 2) throw 7;
    };
    CHECK_THROWS_AS(alone.for_each(50, body), int);
    CHECK(calls == 3);
    calls = 0;
    CHECK_THROWS_AS(team.for_each(100'000'000, body), int);
    CHECK(calls < 100'000'000);
}

TEST_CASE("drops the rest of the run in which a task threw") {
    thread_team team(2, 2);
    REQUIRE(team.size() == 2);
    std::vector<std::atomic<int>> calls(1000);
    const auto body = [&](std::size_t i) {
        ++calls[i];
        if (i == 3) throw 7;
    };
    CHECK_THROWS_AS(team.for_each(calls.size(), body), int);
    for (std::size_t i = 0; i < 250; ++i) REQUIRE(calls[i] == (i <= 3 ? 1 : 0));
    for (const auto& number : calls) REQUIRE(number <= 1);
}

TEST_CASE("passes on an exception of any thread") {
    // The caller waits until the other thread has thrown.
    thread_team team(2, 2);
    REQUIRE(team.size() == 2);
    const auto caller = std::this_thread::get_id();
    std::atomic<int> arrived{0};
    const auto body = [&](std::size_t) {
        ++arrived;
        while (arrived < 2) std::this_thread::yield();
        if (std::this_thread::get_id() != caller) throw std::runtime_error("elsewhere");
    };
    CHECK_THROWS_WITH_AS(team.for_each(2, body), "elsewhere", std::runtime_error);
}

TEST_CASE("a team may work inside a task of another") {
    thread_team outer(3, 100);
    std::atomic<int> calls{0};
    outer.for_each(6, [&](std::size_t) {
        thread_team alone(1, 100), pair(2, 100);
        alone.for_each(10, [&](std::size_t) { ++calls; });
        pair.for_each(10, [&](std::size_t) { ++calls; });
    });
    CHECK(calls == 6 * 20);
}

TEST_CASE("a team may be used again inside its own round when that has a single task") {
    thread_team team(3, 100);
    std::atomic<int> calls{0};
    team.for_each(1, [&](std::size_t) { team.for_each(10, [&](std::size_t) { ++calls; }); });
    CHECK(calls == 10);
    thread_team alone(1, 100);
    alone.for_each(5, [&](std::size_t) { alone.for_each(10, [&](std::size_t) { ++calls; }); });
    CHECK(calls == 60);
}

#if defined(__GLIBC__)

/// Makes every thread ask for more stack than there is address space, so that none can be started.
class no_more_threads {
public:
    no_more_threads() {
        pthread_attr_t large;
        pthread_getattr_default_np(&usual_);
        pthread_attr_init(&large);
        REQUIRE(pthread_attr_setstacksize(&large, std::size_t{1} << (sizeof(void*) == 8 ? 56 : 31)) == 0);
        REQUIRE(pthread_setattr_default_np(&large) == 0);
        pthread_attr_destroy(&large);
    }
    no_more_threads(const no_more_threads&) = delete;
    no_more_threads& operator=(const no_more_threads&) = delete;
    ~no_more_threads() {
        pthread_setattr_default_np(&usual_);
        pthread_attr_destroy(&usual_);
    }

private:
    pthread_attr_t usual_;
};

TEST_CASE("works with the threads it gets when others cannot be started, to the same bits") {
    samples::dice random;
    CAPTURE(random.seed);
    const auto data = samples::noise<float>(random, 9000, 2, 1);
    const auto expected = lloyd::kmeans(data, 5, {.attempts = 5, .max_iterations = 3, .threads = 4});
    const no_more_threads limit;
    CHECK_THROWS_AS(std::thread([] {}).join(), std::system_error);
    thread_team team(4, 100);
    CHECK(team.size() == 1);
    int calls = 0;
    team.for_each(20, [&](std::size_t) { ++calls; });
    CHECK(calls == 20);
    CHECK(samples::difference(lloyd::kmeans(data, 5, {.attempts = 5, .max_iterations = 3, .threads = 4}), expected) ==
          "");
}

#endif

}  // namespace
