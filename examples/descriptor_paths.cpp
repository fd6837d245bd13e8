// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "descriptor_paths.hpp"

#include <charconv>
#include <fstream>
#include <string>

#include "file_system.hpp"

#ifdef __linux__
#include <sys/syscall.h>
#include <sys/vfs.h>
#endif

namespace io {
namespace {

namespace fs = std::filesystem;

/// The number, if the entire name is a number as the system writes it.
std::optional<int> number_in(const std::string& name) {
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc() || number < 0 || std::to_string(number) != name) return {};
    return number;
}

bool is_own(const fs::path& directory) {
    std::error_code ignored;
    for (const auto* own : {"/dev/fd", "/proc/self/fd", "/proc/thread-self/fd"})
        if (fs::equivalent(directory, own, ignored)) return true;
    return false;
}

/// The process whose descriptors, or those of one of its threads, are in `directory`. 0 if there is none.
pid_t owner_of(const fs::path& directory) {
    std::ifstream file(directory / "../status");
    for (std::string word; file >> word;) {
        pid_t process = 0;
        if (word == "Tgid:" && file >> process) return process;
    }
    return 0;
}

/// A copy of the descriptor of another process, with the rights of a debugger. Returns −1 and sets errno on failure.
int copy_from(pid_t process, int number) {
#if defined(SYS_pidfd_open) && defined(SYS_pidfd_getfd)
    const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    if (handle < 0) return -1;
    const open_file closes(handle);
    return static_cast<int>(::syscall(SYS_pidfd_getfd, handle, number, 0));
#else
    (void)process, (void)number;
    errno = ENOSYS;
    return -1;
#endif
}

bool is_same_file(const struct stat& a, const struct stat& b) { return a.st_dev == b.st_dev && a.st_ino == b.st_ino; }

std::optional<open_file> descriptor_of_another(const fs::path& path, int number) {
    struct stat status;
    if (::stat(path.c_str(), &status) != 0) throw_errno();
    const int copy = copy_from(owner_of(directory_of(path)), number);
    if (copy >= 0) {
        open_file file(copy);
        if (is_same_file(file.status(), status)) return file;
        errno = ESRCH;  // the number is that of a process in another namespace
    }
    if (S_ISREG(status.st_mode)) throw_errno();
    return {};
}

}  // namespace

bool is_link_of_system([[maybe_unused]] const fs::path& path) {
#ifdef __linux__
    constexpr auto proc = 0x9FA0;  // PROC_SUPER_MAGIC of linux/magic.h
    struct statfs system;
    return fs::is_symlink(fs::symlink_status(path)) && ::statfs(directory_of(path).c_str(), &system) == 0 &&
           system.f_type == proc;
#else
    return false;
#endif
}

fs::path follow_links(fs::path path) {
    while (fs::is_symlink(fs::symlink_status(path)) && !is_link_of_system(path))
        path = path.parent_path() / fs::read_symlink(path);
    return path;
}

std::optional<open_file> named_descriptor(const fs::path& path) {
    const auto end = follow_links(path);
    const auto number = number_in(end.filename().native());
    if (!number) return {};
    if (is_own(directory_of(end))) return open_file(::fcntl(*number, F_DUPFD_CLOEXEC, 0));
    if (is_link_of_system(end)) return descriptor_of_another(end, *number);
    return {};
}

}  // namespace io
