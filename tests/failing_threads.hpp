// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Threads that do not start once a test's number of them has. For one source of a program only, and for Linux with glibc:
/// it replaces pthread_create.
#pragma once

#include <atomic>
#include <cerrno>

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <pthread.h>

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
        threads_asked = 0;
        threads_left = granted;
        const bool as_expected = same(work(), expected);
        CHECK(as_expected);
        if (threads_asked <= granted) {
            threads_left = 1000;
            return granted;
        }
    }
}

}  // namespace
