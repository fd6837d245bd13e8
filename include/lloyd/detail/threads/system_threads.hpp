// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The threads of the system. POSIX threads where there are any: <thread>, <mutex> and <condition_variable> would be a
/// sixth of the compile time of lloyd.hpp. Elsewhere std::thread.
///
/// Threads sleep in std::atomic::wait. Where libstdc++ has no futex (Windows, for example) that function loses wake-ups
/// (seen with g++ 12): there a mutex and a condition variable are used. LLOYD_PLAIN_WAITS selects them anywhere.
#pragma once

#include <atomic>
#include <cstdint>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#include <sched.h>
#include <unistd.h>
#else
#include <exception>
#include <thread>
#endif

#if defined(LLOYD_PLAIN_WAITS) || (defined(__GLIBCXX__) && !defined(_GLIBCXX_HAVE_LINUX_FUTEX))
#include <condition_variable>
#include <mutex>
#endif

#include <lloyd/detail/threads/cpu_quota.hpp>

#include <lloyd/detail/base/open_detail.inc>

#if defined(__unix__) || defined(__APPLE__)

using thread_handle = pthread_t;

/// Calls run(argument) on a new thread, which must be joined. False when the system starts none.
inline bool start_thread(thread_handle& thread, void* (*run)(void*), void* argument) {
    return pthread_create(&thread, nullptr, run, argument) == 0;
}
inline void join_thread(thread_handle& thread) { pthread_join(thread, nullptr); }
inline void let_others_run() { sched_yield(); }

/// On Linux the CPUs that the calling thread may run on, of at most 32768; elsewhere all CPUs.
inline int allowed_cpus() {
#if defined(__linux__)
    cpu_set_t sets[4096 / sizeof(cpu_set_t)];
    if (sched_getaffinity(0, sizeof sets, sets) == 0) return CPU_COUNT_S(sizeof sets, sets);
#endif
    return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
}

/// The CPUs of a quota, where there is one (above 0) that is smaller than `cpus`.
inline int within_quota(int cpus, std::int64_t granted) {
    return 0 < granted && granted < cpus ? static_cast<int>(granted) : cpus;
}

/// How many threads can run at a time: the CPUs that the process may use, but no more than its quota; at least 1.
inline int hardware_threads() {
    const int cpus = allowed_cpus();
#if defined(__linux__)
    if (cpus > 1) return within_quota(cpus, quota_cpus());
#endif
    return cpus > 0 ? cpus : 1;
}

#else

using thread_handle = std::thread;

inline bool start_thread(thread_handle& thread, void* (*run)(void*), void* argument) {
#if defined(__cpp_exceptions)
    try {
        thread = std::thread(run, argument);
    } catch (const std::exception&) {
        return false;
    }
#else
    thread = std::thread(run, argument);
#endif
    return true;
}
inline void join_thread(thread_handle& thread) { thread.join(); }
inline void let_others_run() { std::this_thread::yield(); }
/// On Windows, the CPUs that the process may use.
inline int hardware_threads() {
    const auto threads = std::thread::hardware_concurrency();
    return threads > 0 ? static_cast<int>(threads) : 1;
}

#endif

#if defined(LLOYD_PLAIN_WAITS) || (defined(__GLIBCXX__) && !defined(_GLIBCXX_HAVE_LINUX_FUTEX))

/// Threads sleep here until a number changes. The thread that changes it calls wake() afterwards.
class sleepers {
public:
    void sleep_while_equal(const std::atomic<std::uint32_t>& number, std::uint32_t value) {
        std::unique_lock<std::mutex> lock(mutex_);
        changed_.wait(lock, [&] { return number != value; });
    }
    /// While the mutex is held, no thread is between reading the number and sleeping, so none misses the call.
    void wake(std::atomic<std::uint32_t>&) {
        mutex_.lock();
        mutex_.unlock();
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

#else

class sleepers {
public:
    static void sleep_while_equal(const std::atomic<std::uint32_t>& number, std::uint32_t value) { number.wait(value); }
    static void wake(std::atomic<std::uint32_t>& number) { number.notify_all(); }
};

#endif

}  // namespace lloyd::inline v0::detail
