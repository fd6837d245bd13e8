// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "temporary_file.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <climits>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <string>

#include <poll.h>

namespace io {
namespace {

namespace fs = std::filesystem;

constexpr std::array deadly = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU};

std::mutex one_at_a_time;

// The data of the signal handler. It may run at any time on any thread. So it reads only these, and calls only functions
// that POSIX allows in a handler.
char doomed[PATH_MAX];
std::atomic<bool> is_doomed{false}, is_changing{false}, is_dying{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void remove_and_die(int signal) {
    is_dying = true;
    while (is_changing) ::poll(nullptr, 0, 1);  // another thread creates or renames
    if (is_doomed.load(std::memory_order_acquire)) ::unlink(doomed);
    ::raise(signal);  // ends the program after this function returns, because of SA_RESETHAND
}

sigset_t deadly_set() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : deadly) sigaddset(&set, signal);
    return set;
}

/// While this object exists, these signals wait: in this thread they are blocked, and in others the handler waits. So it
/// always has the path of a file that is created or renamed.
class waiting_signals {
public:
    waiting_signals() {
        const auto set = deadly_set();
        ::pthread_sigmask(SIG_BLOCK, &set, &before_);
        is_changing = true;
    }
    waiting_signals(const waiting_signals&) = delete;
    waiting_signals& operator=(const waiting_signals&) = delete;
    ~waiting_signals() {
        is_changing = false;
        while (is_dying) ::pause();  // until the handler in another thread ends the program
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

private:
    sigset_t before_;
};

std::array<bool, deadly.size()> is_handled{};

void handle_signals() {
    struct sigaction ours = {}, before;
    ours.sa_handler = remove_and_die;
    ours.sa_flags = static_cast<int>(SA_RESETHAND);
    ours.sa_mask = deadly_set();
    for (std::size_t i = 0; i < deadly.size(); ++i) {
        ::sigaction(deadly[i], nullptr, &before);
        is_handled[i] = (before.sa_flags & SA_SIGINFO) == 0 && before.sa_handler == SIG_DFL;
        if (is_handled[i]) ::sigaction(deadly[i], &ours, nullptr);
    }
}

void leave_signals() {
    for (std::size_t i = 0; i < deadly.size(); ++i)
        if (is_handled[i]) std::signal(deadly[i], SIG_DFL);
    is_doomed.store(false, std::memory_order_release);
}

/// Creates a new file and sets `path` to its path. (Processes in other containers may share the directory, and may have the
/// same process number.)
open_file create(const fs::path& directory, mode_t mode, fs::path& path) {
    for (int i = 0;; ++i) {
        path = directory / (".lloyd-" + std::to_string(::getpid()) + "-" + std::to_string(i));
        if (path.native().size() >= sizeof doomed) throw_errno(ENAMETOOLONG);
        const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor < 0 && errno == EEXIST && i < 10'000) continue;
        open_file file(descriptor);
        std::ranges::copy(path.native(), doomed);
        doomed[path.native().size()] = '\0';
        is_doomed.store(true, std::memory_order_release);
        return file;
    }
}

/// The same, from which on signals remove the file.
open_file create_doomed(const fs::path& directory, mode_t mode, fs::path& path) {
    const waiting_signals waiting;
    handle_signals();
    try {
        return create(directory, mode, path);
    } catch (...) {
        leave_signals();
        throw;
    }
}

}  // namespace

temporary_file::temporary_file(const fs::path& directory, mode_t mode)
    : only_one_(one_at_a_time), file_(create_doomed(directory, mode, path_)) {}

temporary_file::~temporary_file() {
    if (path_.empty()) return;
    const waiting_signals waiting;
    ::unlink(path_.c_str());
    leave_signals();
}

void temporary_file::become(const fs::path& target) {
    file_.close();
    const waiting_signals waiting;
    if (std::rename(path_.c_str(), target.c_str()) != 0) throw_errno();
    leave_signals();
    path_.clear();
}

}  // namespace io
