// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A team of threads for one call of the library. Work is cut into numbered tasks. Any thread may run any task, so a
/// task writes only its own part of the result, and parts are merged in the order of the numbers: the same bits on any
/// number of threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>

#include <lloyd/detail/threads/system_threads.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Threads that start once, sleep between two rounds of tasks, and are joined by the destructor.
class thread_team {
public:
    /// Starts threads so that there are `threads` in all, the caller included; 0: as many as can run at a time. There
    /// are never more than `tasks`, and fewer where the system does not start them.
    thread_team(int threads, std::ptrdiff_t tasks) {
        if (tasks <= 1) return;
        const auto wanted = static_cast<std::ptrdiff_t>(threads > 0 ? threads : hardware_threads());
        const auto granted = wanted < tasks ? wanted : tasks;
        if (granted <= 1) return;
        handles_ = make_room(static_cast<std::size_t>(granted - 1));
        while (handles_ != nullptr && started_ + 1 < granted && start_thread(handles_[started_], help, this))
            ++started_;
    }
    thread_team(const thread_team&) = delete;
    thread_team& operator=(const thread_team&) = delete;
    ~thread_team() {
        start_round(nullptr);
        for (std::ptrdiff_t i = 0; i < started_; ++i) join_thread(handles_[i]);
        delete[] handles_;
    }

    std::size_t size() const { return static_cast<std::size_t>(started_) + 1; }

    /// Calls body(0) … body(count − 1), each once, and returns when all have returned. When one throws, tasks that have
    /// not begun are dropped, and the first exception is rethrown here.
    ///
    /// A thread takes a run of neighbouring tasks, so that threads write far apart: next to each other they would share
    /// cache lines, and zero the same large page twice. Runs get shorter, so that all threads end at about the same time
    /// (guided self-scheduling: Polychronopoulos and Kuck 1987).
    template <class Body>
    void for_each(std::size_t count, const Body& body) {
        call_each(count, &body, [](const void* f, std::size_t i) { (*static_cast<const Body*>(f))(i); });
    }

private:
    /// (Not inlined: each call would be another copy.)
    [[gnu::noinline]] void call_each(std::size_t count, const void* body, void (*call)(const void*, std::size_t)) {
        if (started_ == 0 || count <= 1) {
            for (std::size_t i = 0; i < count; ++i) call(body, i);
            return;
        }
        round work{count, 2 * size(), body, call};
        start_round(&work);
        work.run();
        finish_round();
        if (work.failure) std::rethrow_exception(work.failure);
    }

    struct round {
        std::size_t count;
        std::size_t divisor;  ///< a run is this part of the tasks left, rounded up
        const void* body;
        void (*call)(const void*, std::size_t);
        std::atomic<std::size_t> next{0};
        std::atomic<std::uint32_t> failures{0};  ///< (a byte would need libatomic on RISC-V)
        std::exception_ptr failure{};

        void run() {
            for (std::size_t i = 0, end; (end = take_run(i)) > i;)
                for (; i < end && failures == 0; ++i) run_task(i);
        }
        /// Sets where the next run begins, and returns its end. It is empty where no task is left.
        std::size_t take_run(std::size_t& first) {
            first = next;
            for (std::size_t end;;) {
                end = first + (count - first + divisor - 1) / divisor;
                if (next.compare_exchange_weak(first, end)) return end;
            }
        }
        void run_task(std::size_t i) {
#if defined(__cpp_exceptions)
            try {
                call(body, i);
            } catch (...) {
                if (failures.fetch_add(1) == 0) failure = std::current_exception();
            }
#else
            call(body, i);
#endif
        }
    };

    /// nullptr where memory for the handles cannot be allocated: then all tasks run on the calling thread. Not by
    /// new (std::nothrow): programs that replace operator new often do not replace that form.
    static thread_handle* make_room(std::size_t count) {
#if defined(__cpp_exceptions)
        try {
            return new thread_handle[count];
        } catch (const std::bad_alloc&) {
            return nullptr;
        }
#else
        return new thread_handle[count];
#endif
    }

    static void* help(void* itself) {
        auto& team = *static_cast<thread_team*>(itself);
        for (std::uint32_t seen = 0;;) {
            team.wait_while_equal(team.rounds_, seen);
            ++seen;
            if (team.work_ == nullptr) return nullptr;
            team.work_->run();
            if (team.busy_.fetch_sub(1) == 1) team.sleepers_.wake(team.busy_);
        }
    }

    void start_round(round* work) {
        work_ = work;
        busy_ = static_cast<std::uint32_t>(started_);
        ++rounds_;
        sleepers_.wake(rounds_);
    }

    void finish_round() {
        for (std::uint32_t busy; (busy = busy_) > 0;) wait_while_equal(busy_, busy);
    }

    /// Rounds follow each other within microseconds, and a sleeping thread needs about ten to wake. So a thread polls
    /// for a moment, and yields meanwhile, before it sleeps.
    void wait_while_equal(const std::atomic<std::uint32_t>& number, std::uint32_t value) {
        for (int i = 0; i < 100; ++i) {
            if (number != value) return;
            let_others_run();
        }
        sleepers_.sleep_while_equal(number, value);
    }

    round* work_ = nullptr;
    std::atomic<std::uint32_t> busy_{0};    ///< helpers at work in this round
    std::atomic<std::uint32_t> rounds_{0};  ///< how many were started
    [[no_unique_address]] sleepers sleepers_;
    thread_handle* handles_ = nullptr;
    std::ptrdiff_t started_ = 0;
};

}  // namespace lloyd::inline v0::detail
