// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The CPU levels, and which of them is in use.
#pragma once

#include <atomic>

#include <lloyd/detail/base/requirements.hpp>

namespace lloyd::inline v0 {

/// `baseline` is what the compiler assumes (SSE2 on x86-64, NEON on aarch64); `avx2` includes FMA;
/// `avx512` means F, BW, DQ and VL.
enum class cpu_level { baseline, avx2, avx512 };

/// The level in use: the best this machine has, unless limited.
[[gnu::always_inline]] inline cpu_level active_cpu_level();

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_detail.inc>

inline cpu_level best_cpu_level() {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(LLOYD_PLAIN_VECTORS)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return cpu_level::avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return cpu_level::avx2;
#endif
    return cpu_level::baseline;
}

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0::detail {

/// One for all units and shared libraries of a program, whatever flags they were compiled with.
[[gnu::always_inline, gnu::visibility("default")]] inline std::atomic<cpu_level>& current_cpu_level() {
    static std::atomic<cpu_level> level{best_cpu_level()};
    return level;
}

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0 {

[[gnu::always_inline]] inline cpu_level active_cpu_level() {
    return detail::current_cpu_level().load(std::memory_order_relaxed);
}

}  // namespace lloyd::inline v0
