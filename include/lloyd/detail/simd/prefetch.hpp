// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Prefetches: hints to the CPU to read memory into its caches, which never fail.
#pragma once

#include <cstddef>
#include <cstdint>

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

/// Prefetches what a kernel that reads an array from front to back reads 1.5 KiB after these `Bytes` bytes. (By numbers: a
/// pointer past the end of an array would not be valid.)
template <std::size_t Bytes>
[[gnu::always_inline]] inline void prefetch_ahead(const void* from) {
    constexpr std::uintptr_t ahead = 1536, line = 64;
#pragma GCC unroll 3
    for (std::size_t i = 0; i < Bytes; i += line)
        prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(from) + ahead + i));
}

}  // namespace lloyd::inline v0::detail
