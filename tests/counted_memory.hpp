// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Counts every byte that the program has from operator new. For one source of a program only: it replaces them.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <new>

#include "aligned_memory.hpp"

namespace {

std::atomic<std::ptrdiff_t> in_use{0};
std::atomic<std::ptrdiff_t> peak{0};

/// The size of each block stands in front of it.
void* grant(std::size_t size, std::size_t alignment) {
    const std::size_t front = std::max(alignment, alignof(std::max_align_t));
    void* const block = allocate_aligned(size + front, alignment);
    if (block == nullptr) throw std::bad_alloc();
    *static_cast<std::size_t*>(block) = size;
    const auto now = in_use += static_cast<std::ptrdiff_t>(size);
    for (auto seen = peak.load(); seen < now && !peak.compare_exchange_weak(seen, now);) {
    }
    return static_cast<unsigned char*>(block) + front;
}

void take_back(void* memory, std::size_t alignment) {
    if (memory == nullptr) return;
    void* const block = static_cast<unsigned char*>(memory) - std::max(alignment, alignof(std::max_align_t));
    in_use -= static_cast<std::ptrdiff_t>(*static_cast<std::size_t*>(block));
    free_aligned(block);
}

constexpr std::size_t usual = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) { return grant(size, usual); }
void* operator new[](std::size_t size) { return grant(size, usual); }
void operator delete(void* block) noexcept { take_back(block, usual); }
void operator delete[](void* block) noexcept { take_back(block, usual); }
void operator delete(void* block, std::size_t) noexcept { take_back(block, usual); }
void operator delete[](void* block, std::size_t) noexcept { take_back(block, usual); }
void* operator new(std::size_t size, std::align_val_t to) { return grant(size, static_cast<std::size_t>(to)); }
void* operator new[](std::size_t size, std::align_val_t to) { return grant(size, static_cast<std::size_t>(to)); }
void operator delete(void* block, std::align_val_t to) noexcept { take_back(block, static_cast<std::size_t>(to)); }
void operator delete[](void* block, std::align_val_t to) noexcept { take_back(block, static_cast<std::size_t>(to)); }
void operator delete(void* block, std::size_t, std::align_val_t to) noexcept {
    take_back(block, static_cast<std::size_t>(to));
}
void operator delete[](void* block, std::size_t, std::align_val_t to) noexcept {
    take_back(block, static_cast<std::size_t>(to));
}

namespace {

/// The most that was in use during a call, beside what was before.
template <class Call>
std::ptrdiff_t peak_of(const Call& call) {
    const std::ptrdiff_t before = in_use;
    peak = before;
    call();
    return peak - before;
}

}  // namespace
