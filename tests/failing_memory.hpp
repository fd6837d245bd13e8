// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Memory that runs out after as many requests as a test grants, and a count of what is not given back. For one source of
/// a program only: it replaces operator new.
#pragma once

#include <atomic>
#include <cstddef>
#include <limits>
#include <new>

#include <doctest/doctest.h>

#include "aligned_memory.hpp"

namespace {

constexpr long no_limit = std::numeric_limits<long>::max() / 2;
std::atomic<long> left{no_limit};  ///< requests that will be granted
std::atomic<long> alive{0};        ///< blocks not yet given back

void* grant(std::size_t size, std::size_t alignment = alignof(std::max_align_t)) {
    if (left.fetch_sub(1) <= 0) throw std::bad_alloc();
    void* block = allocate_aligned(size == 0 ? 1 : size, alignment);
    if (block == nullptr) throw std::bad_alloc();
    ++alive;
    return block;
}

void take_back(void* block) {
    if (block != nullptr) --alive;
    free_aligned(block);
}

}  // namespace

void* operator new(std::size_t size) { return grant(size); }
void* operator new[](std::size_t size) { return grant(size); }
void operator delete(void* block) noexcept { take_back(block); }
void operator delete[](void* block) noexcept { take_back(block); }
void operator delete(void* block, std::size_t) noexcept { take_back(block); }
void operator delete[](void* block, std::size_t) noexcept { take_back(block); }
void* operator new(std::size_t size, std::align_val_t to) { return grant(size, static_cast<std::size_t>(to)); }
void* operator new[](std::size_t size, std::align_val_t to) { return grant(size, static_cast<std::size_t>(to)); }
void operator delete(void* block, std::align_val_t) noexcept { take_back(block); }
void operator delete[](void* block, std::align_val_t) noexcept { take_back(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { take_back(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { take_back(block); }

namespace {

/// Grants nothing while it lives.
struct no_memory {
    no_memory() { left = 0; }
    no_memory(const no_memory&) = delete;
    no_memory& operator=(const no_memory&) = delete;
    ~no_memory() { left = no_limit; }
};

/// Runs `work` with 0, 1, 2, … requests granted, until it needs no more. It must throw std::bad_alloc or return what it
/// returns otherwise, and give everything back. Returns how often it was refused.
template <class Work, class Same>
long run_short_of_memory(const Work& work, const Same& same) {
    const auto expected = work();
    for (long granted = 0;; ++granted) {
        CAPTURE(granted);
        const long before = alive;
        bool enough = false, as_expected = true;
        left = granted;
        try {
            const auto found = work();
            enough = left >= 0;
            left = no_limit;
            as_expected = same(found, expected);
        } catch (const std::bad_alloc&) {
            left = no_limit;
        }
        const bool all_back = alive == before;
        CHECK(as_expected);
        CHECK(all_back);
        if (enough || !as_expected || !all_back) return granted;
    }
}

}  // namespace
