// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// An open file of the system. Errors of the system are thrown as std::system_error. (POSIX)
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_system.hpp"

namespace io {

/// Owns a descriptor. The destructor closes it and ignores errors. close() throws them.
class open_file {
public:
    open_file(const std::filesystem::path& path, int flags, mode_t mode = 0666)
        : open_file(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}

    /// Takes over the result of a system call: a descriptor, or −1 with errno set.
    explicit open_file(int descriptor) : descriptor_(descriptor) {
        if (descriptor_ < 0) throw_errno();
    }

    open_file(open_file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    open_file& operator=(open_file&&) = delete;
    ~open_file() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    /// Reads up to out.size() bytes, and returns their number; 0 at the end.
    std::size_t read(std::span<std::uint8_t> out) {
        for (;;) {
            const auto count = ::read(descriptor_, out.data(), out.size());
            if (count >= 0) return static_cast<std::size_t>(count);
            if (errno != EINTR) throw_errno();
        }
    }

    /// Writes all of `bytes`, and flushes them to the disk if there is one.
    void write(std::span<const std::uint8_t> bytes) {
        while (!bytes.empty()) {
            const auto count = ::write(descriptor_, bytes.data(), bytes.size());
            if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));
            if (count == 0) throw_errno(EIO);
            if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
                wait_until_writable();
            else if (count < 0 && errno != EINTR)
                throw_errno();
        }
        if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP) throw_errno();
    }

    struct stat status() const {
        struct stat status;
        if (::fstat(descriptor_, &status) != 0) throw_errno();
        return status;
    }

    /// Throws unless it was opened for writing.
    void require_writable() const {
        const int flags = ::fcntl(descriptor_, F_GETFL);
        if (flags < 0) throw_errno();
        if ((flags & O_ACCMODE) == O_RDONLY) throw_errno(EBADF);
    }

    void set_mode(mode_t mode) {
        if (::fchmod(descriptor_, mode) != 0) throw_errno();
    }

    /// Returns whether the system permits it. −1 keeps the owner or the group.
    bool set_owner(uid_t owner, gid_t group) { return ::fchown(descriptor_, owner, group) == 0; }

    void set_size(std::size_t size) {
        if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) throw_errno();
    }

    void close() {
        if (::close(std::exchange(descriptor_, -1)) != 0) throw_errno();
    }

private:
    /// Waits for a pipe or socket that is open in non-blocking mode.
    void wait_until_writable() const {
        pollfd one = {descriptor_, POLLOUT, 0};
        if (::poll(&one, 1, -1) < 0 && errno != EINTR) throw_errno();
    }

    int descriptor_;
};

}  // namespace io
