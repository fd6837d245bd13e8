// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Threads, and nothing else in the library names them. Work is cut into numbered tasks; which thread runs a task is
/// left to chance, so a task writes only what is its own, and results are merged in the order of the numbers.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// The threads of one call: started once, joined at the end, asleep between two rounds of tasks.
class thread_team {
public:
    /// `threads` in all, the caller included; 0: as many as the machine grants. No more than there are tasks, and no
    /// more than will start.
    thread_team(int threads, std::ptrdiff_t tasks) {
        const auto wanted = static_cast<std::ptrdiff_t>(threads > 0 ? threads : hardware_threads());
        const auto granted = static_cast<std::size_t>(wanted < tasks ? wanted : tasks);
        try_to([&] {
            helpers_.reserve(granted - 1);
            while (helpers_.size() + 1 < granted) helpers_.emplace_back([this] { help(); });
        });
    }
    thread_team(const thread_team&) = delete;
    thread_team& operator=(const thread_team&) = delete;
    ~thread_team() {
        start_round(nullptr);
        for (auto& helper : helpers_) helper.join();
    }

    std::size_t size() const { return helpers_.size() + 1; }

    /// Calls body(0) … body(count − 1), each once, and returns when all are done. When a body throws, tasks not yet
    /// begun are dropped and the first exception is rethrown here.
    template <class Body>
    void for_each(std::size_t count, const Body& body) {
        if (helpers_.empty() || count <= 1) {
            for (std::size_t i = 0; i < count; ++i) body(i);
            return;
        }
        round work{count, &body, [](const void* f, std::size_t i) { (*static_cast<const Body*>(f))(i); }};
        start_round(&work);
        work.run();
        finish_round();
        if (work.failure) std::rethrow_exception(work.failure);
    }

private:
    struct round {
        std::size_t count;
        const void* body;
        void (*call)(const void*, std::size_t);
        std::atomic<std::size_t> next{0};
        std::atomic<bool> failed{false};
        std::exception_ptr failure{};

        void run() {
            for (std::size_t i; (i = next.fetch_add(1)) < count;) run_task(i);
        }
        void run_task(std::size_t i) {
#if defined(__cpp_exceptions)
            try {
                call(body, i);
            } catch (...) {
                next.store(count);
                if (!failed.exchange(true)) failure = std::current_exception();
            }
#else
            call(body, i);
#endif
        }
    };

    static int hardware_threads() {
        const auto n = std::thread::hardware_concurrency();
        return n > 0 ? static_cast<int>(n) : 1;
    }

    /// Threads that cannot be started, for want of a slot or of memory, are done without.
    template <class Action>
    static void try_to(const Action& action) {
#if defined(__cpp_exceptions)
        try {
            action();
        } catch (const std::exception&) {
        }
#else
        action();
#endif
    }

    void help() {
        for (std::size_t seen = 0;;) {
            round* work = wait_for_round(seen);
            if (work == nullptr) return;
            work->run();
            const std::lock_guard lock(mutex_);
            if (--busy_ == 0) finished_.notify_one();
        }
    }

    round* wait_for_round(std::size_t& seen) {
        watch([&] { return rounds_ != seen; });
        std::unique_lock lock(mutex_);
        started_.wait(lock, [&] { return rounds_ != seen; });
        seen = rounds_;
        return work_;
    }

    void start_round(round* work) {
        const std::lock_guard lock(mutex_);
        work_ = work;
        busy_ = helpers_.size();
        ++rounds_;
        started_.notify_all();
    }

    void finish_round() {
        watch([&] { return busy_ == 0; });
        std::unique_lock lock(mutex_);
        finished_.wait(lock, [&] { return busy_ == 0; });
    }

    /// Rounds follow upon each other within microseconds, and a sleeper takes some ten of them to wake: so look around for
    /// a moment before falling asleep, and let others run meanwhile.
    template <class Condition>
    static void watch(const Condition& condition) {
        for (int i = 0; i < 100 && !condition(); ++i) std::this_thread::yield();
    }

    std::mutex mutex_;
    std::condition_variable started_;
    std::condition_variable finished_;
    round* work_ = nullptr;
    std::atomic<std::size_t> busy_{0};
    std::atomic<std::size_t> rounds_{0};
    std::vector<std::thread> helpers_;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
