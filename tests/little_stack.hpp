// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A thread with little stack.
#pragma once

#include <algorithm>
#include <cstddef>

#include <doctest/doctest.h>
#include <pthread.h>
#include <unistd.h>

/// Runs `work` in a thread with a stack of 64 KiB, or of the least that the system grants.
template <class Work>
void in_little_stack(Work work) {
    pthread_attr_t attributes;
    REQUIRE(pthread_attr_init(&attributes) == 0);
#if defined(_WIN32)
    constexpr std::size_t least = 0;
#else
    const auto least = static_cast<std::size_t>(sysconf(_SC_THREAD_STACK_MIN));
#endif
    REQUIRE(pthread_attr_setstacksize(&attributes, std::max(std::size_t{64} << 10, least)) == 0);
    pthread_t thread;
    const auto run = [](void* argument) -> void* {
        (*static_cast<Work*>(argument))();
        return nullptr;
    };
    REQUIRE(pthread_create(&thread, &attributes, run, &work) == 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
}
