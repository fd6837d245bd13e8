// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What malloc does with large blocks while something is timed.
#pragma once

#include <limits>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace bench {

/// What malloc does with large blocks otherwise depends on those it has seen before: here (with glibc) it keeps them all,
/// or, where `fresh`, it takes them from the system each time and gives them back, as in a program's first call.
inline void settle_memory([[maybe_unused]] bool fresh) {
#if defined(__GLIBC__)
    if (fresh) {
        mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    } else {
        mallopt(M_MMAP_MAX, 0);
        mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
    }
#endif
}

}  // namespace bench
