// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Calls of the system that fail, or are interrupted, as a test wants it. For one source of a program only, and for Linux
/// with glibc: it replaces open, fsync and rename.
#pragma once

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <functional>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

std::function<int(const char* path)> before_creating;  ///< of a file that must be new; returns an error, or 0
std::function<void()> after_creating;
mode_t created_mode = 0;  ///< that was asked for, last
std::function<void()> before_syncing;
int rename_error = 0;

}  // namespace

extern "C" int open(const char* path, int flags, ...) {
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0) {
        std::va_list more;
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    if ((flags & O_EXCL) != 0) {
        created_mode = mode;
        if (const int error = before_creating ? before_creating(path) : 0) {
            errno = error;
            return -1;
        }
    }
    const int descriptor = ::openat(AT_FDCWD, path, flags, mode);
    if ((flags & O_EXCL) != 0 && after_creating) after_creating();
    return descriptor;
}

extern "C" int fsync(int descriptor) {
    if (before_syncing) before_syncing();
    static const auto sync = reinterpret_cast<decltype(&fsync)>(::dlsym(RTLD_NEXT, "fsync"));
    return sync(descriptor);
}

extern "C" int rename(const char* from, const char* to) noexcept {
    if (rename_error == 0) return ::renameat(AT_FDCWD, from, AT_FDCWD, to);
    errno = rename_error;
    return -1;
}
