// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Which vector instructions the kernels use: for tests, benchmarks and bug reports.
/// @file
#pragma once

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/entry.hpp>
#include <lloyd/detail/simd/cpu_level.hpp>

#include <lloyd/detail/base/open_entries.inc>

template <class = entry>
void limit_level(cpu_level level);

#include <lloyd/detail/base/close_entries.inc>

namespace lloyd {
inline namespace v0 {

/// `cpu_level` and `active_cpu_level()`, the level in use, come from detail/simd/cpu_level.hpp.

/// Uses no more than `level` from now on, in the whole process; atomic. Calls that run meanwhile may use either:
/// for 8-bit data all give the same bits. Files compiled for more than that (-march=x86-64-v3, native) still use what
/// they are compiled for. Throws std::invalid_argument for a level this machine lacks.
template <class = detail::deferred>
[[gnu::always_inline]] inline void limit_cpu_level(cpu_level level) {
    detail::limit_level(level);
}

}  // namespace v0
}  // namespace lloyd

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/base/checks.hpp>

#include <lloyd/detail/base/open_entries.inc>

template <class>
void limit_level(cpu_level level) {
    const auto best = best_cpu_level();
    if (level < cpu_level::baseline || level > best)
        refuse("limit_cpu_level: level is ", static_cast<int>(level), ", but this machine allows 0 to ",
               static_cast<int>(best));
    current_cpu_level().store(level, std::memory_order_relaxed);
}

#include <lloyd/detail/base/close_entries.inc>

#endif
