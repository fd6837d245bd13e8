// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Prefetches: hints to the CPU to read memory into its caches, which never fail.
#pragma once

#include <cstddef>

#include <lloyd/detail/base/open_detail.inc>

/// Prefetches the cache line of this byte into the second-level cache. Kernels prefetch the rows that are read later,
/// one vector at a time: a row at once would stall.
[[gnu::always_inline]] inline void prefetch(const void* from) {
#if defined(__GNUC__)
    constexpr int to_read = 0, second_cache = 2;
    __builtin_prefetch(from, to_read, second_cache);
#else
    static_cast<void>(from);
#endif
}

/// Prefetches what a kernel that reads an array from front to back reads 1.5 KiB after these `Bytes` bytes. `left` bytes,
/// these included, are left of the array.
template <int Bytes>
[[gnu::always_inline]] inline void prefetch_ahead(const void* from, std::ptrdiff_t left) {
    constexpr int ahead = 1536, line = 64;
    if (left < ahead + Bytes) return;
#pragma GCC unroll 3
    for (int i = 0; i < Bytes; i += line) prefetch(static_cast<const unsigned char*>(from) + ahead + i);
}

}  // namespace lloyd::inline v0::detail
