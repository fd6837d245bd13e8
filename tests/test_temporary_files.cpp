// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The file that is written beside another, to take its place: what it is called, what becomes of it when the program is
/// told to die, and what is done where it cannot take that place.

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "../examples/files.hpp"
#include "failing_files.hpp"
#include "file_errors.hpp"
#include "scratch_directory.hpp"

namespace {

namespace fs = std::filesystem;

constexpr int deadly[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU};

struct stat status_of(const fs::path& path) {
    struct stat status = {};
    CHECK(::stat(path.c_str(), &status) == 0);
    return status;
}

/// Runs `work` in a process of its own, and returns its status as waitpid has it. Exit code 0 means that `work` was true.
template <class Work>
int in_a_child(Work work) {
    const auto child = ::fork();
    if (child == 0) {
        const rlimit no_core = {};
        ::setrlimit(RLIMIT_CORE, &no_core);
        bool is_right = false;
        try {
            is_right = work();
        } catch (...) {
        }
        ::_exit(is_right ? 0 : 1);
    }
    int status = -1;
    CHECK(::waitpid(child, &status, 0) == child);
    return status;
}

TEST_CASE("takes another name when somebody has just taken the first") {
    scratch_directory directory;
    fill(directory / "a", "old");
    std::vector<std::string> taken;
    before_creating = [&](const char* path) {
        if (taken.size() < 3) fill(taken.emplace_back(path), "of another program");
        return 0;
    };
    CHECK(write_error(directory / "a") == "");
    before_creating = {};
    CHECK(content_of(directory / "a") == "new");
    REQUIRE(taken.size() == 3);
    for (const auto& path : taken) CHECK(content_of(path) == "of another program");
    CHECK(directory.count() == 4);
}

TEST_CASE("leaves nothing beside the old file when a signal ends the program, which dies of that signal") {
    scratch_directory directory;
    fill(directory / "a", "old");
    for (const int signal : deadly)
        for (const auto* name : {"a", "fresh"}) {
            CAPTURE(signal);
            const int status = in_a_child([&] {
                std::signal(signal, SIG_DFL);
                before_syncing = [&] { ::raise(signal); };
                io::write_file(directory / name, "new");
                return false;
            });
            CHECK(WIFSIGNALED(status));
            CHECK(WTERMSIG(status) == signal);
            CHECK(content_of(directory / "a") == "old");
            CHECK(directory.count() == 1);
        }
}

TEST_CASE("leaves nothing behind when a signal comes to another thread while the file is created") {
    scratch_directory directory;
    const int status = in_a_child([&] {
        std::signal(SIGTERM, SIG_DFL);
        std::thread([] {
            for (;;) ::pause();
        }).detach();
        after_creating = [] {
            ::kill(::getpid(), SIGTERM);  // the other thread takes it: it is blocked in this one
            ::usleep(20'000);
        };
        io::write_file(directory / "a", "new");
        return false;
    });
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM));
    CHECK(directory.count() == 0);
}

TEST_CASE("finds its file by a relative path when a signal ends the program") {
    scratch_directory directory;
    const int status = in_a_child([&] {
        fs::current_path(directory.path());
        std::signal(SIGTERM, SIG_DFL);
        before_syncing = [] { ::raise(SIGTERM); };
        io::write_file("a", "new");
        return false;
    });
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM));
    CHECK(directory.count() == 0);
}

TEST_CASE("goes on writing through a signal that is ignored, as under nohup, blocked, or handled by others") {
    scratch_directory directory;
    static volatile std::sig_atomic_t handled = 0;
    for (const int signal : deadly) {
        CAPTURE(signal);
        const auto written = [&] {
            before_syncing = [&] { ::raise(signal); };
            io::write_file(directory / "a", "new");
            return content_of(directory / "a") == "new" && directory.count() == 1;
        };
        CHECK(in_a_child([&] {
                  std::signal(signal, SIG_IGN);
                  return written() && std::signal(signal, SIG_DFL) == SIG_IGN;
              }) == 0);
        CHECK(in_a_child([&] {
                  std::signal(signal, [](int) { handled = handled + 1; });
                  return written() && handled == 1 && std::signal(signal, SIG_DFL) != SIG_DFL;
              }) == 0);
        CHECK(in_a_child([&] {
                  sigset_t set;
                  ::sigemptyset(&set);
                  ::sigaddset(&set, signal);
                  ::sigprocmask(SIG_BLOCK, &set, nullptr);
                  const bool is_written = written();
                  sigset_t pending;
                  ::sigpending(&pending);
                  return is_written && ::sigismember(&pending, signal) == 1;
              }) == 0);
        fs::remove(directory / "a");
    }
}

TEST_CASE("leaves signals as they were, whether it has written or failed") {
    scratch_directory directory;
    CHECK(in_a_child([&] {
              for (const int signal : deadly) std::signal(signal, SIG_DFL);
              io::write_file(directory / "a", "new");
              rename_error = EIO;
              const bool has_failed = !write_error(directory / "a").empty();
              bool same = true;
              for (const int signal : deadly) same &= std::signal(signal, SIG_DFL) == SIG_DFL;
              sigset_t blocked;
              ::sigprocmask(SIG_BLOCK, nullptr, &blocked);
              for (const int signal : deadly) same &= ::sigismember(&blocked, signal) == 0;
              return has_failed && same;
          }) == 0);
    CHECK(directory.count() == 1);
}

TEST_CASE("keeps the old file, and leaves nothing beside it, when it may not take its place") {
    scratch_directory directory;
    fill(directory / "a", "old");
    rename_error = EPERM;
    CHECK(mentions(write_error(directory / "a"), "Operation not permitted"));
    for (const int error : {EBUSY, EXDEV}) {  // these have nothing to say of a file that is not there
        rename_error = error;
        CHECK(write_error(directory / "fresh") != "");
    }
    rename_error = 0;
    CHECK(content_of(directory / "a") == "old");
    CHECK(directory.count() == 1);
}

TEST_CASE("writes in place what cannot be replaced, as a file that is mounted alone") {
    scratch_directory directory;
    for (const int error : {EBUSY, EXDEV}) {
        fill(directory / "a", "old and longer");
        fs::permissions(directory / "a", fs::perms(0640));
        const auto before = status_of(directory / "a");
        rename_error = error;
        CHECK(write_error(directory / "a") == "");
        rename_error = 0;
        CHECK(content_of(directory / "a") == "new");
        CHECK(status_of(directory / "a").st_ino == before.st_ino);
        CHECK(status_of(directory / "a").st_mode == before.st_mode);
        CHECK(directory.count() == 1);
    }
    before_creating = [](const char*) { return EROFS; };
    CHECK(write_error(directory / "a", "newer") == "");
    CHECK(mentions(write_error(directory / "fresh"), "Read-only file system"));
    before_creating = {};
    CHECK(content_of(directory / "a") == "newer");
    CHECK(directory.count() == 1);
}

TEST_CASE("says so when a file that had to be written in place is lost") {
    scratch_directory directory;
    fill(directory / "a", "old");
    CHECK(in_a_child([&] {
              std::signal(SIGXFSZ, SIG_IGN);
              const rlimit limit = {5000, 5000};
              ::setrlimit(RLIMIT_FSIZE, &limit);
              before_creating = [](const char*) { return EROFS; };
              const auto message = write_error(directory / "a", std::string(10000, 'x'));
              return mentions(message, "a: File too large; ") && mentions(message, "its old content is lost");
          }) == 0);
}

TEST_CASE("writes onto a file that is mounted on another, also where its directory is read-only") {
    scratch_directory inside, outside;
    fill(inside / "a", "");
    fill(outside / "a", "old and longer");
    constexpr const char* none = nullptr;
    const int status = in_a_child([&] {
        const auto in = inside.path(), file = inside / "a";
        const auto bind = [](const fs::path& from, const fs::path& to, unsigned long more = 0) {
            return ::mount(from.c_str(), to.c_str(), none, MS_BIND | more, nullptr) == 0;
        };
        if (::unshare(CLONE_NEWNS) != 0 || ::mount(none, "/", none, MS_REC | MS_PRIVATE, nullptr) != 0) ::_exit(2);
        if (!bind(outside / "a", file)) ::_exit(2);
        bool is_right = write_error(file) == "" && content_of(outside / "a") == "new";
        ::umount(file.c_str());
        if (!bind(in, in) || !bind(in, in, MS_REMOUNT | MS_RDONLY) || !bind(outside / "a", file)) ::_exit(2);
        io::require_writable(file);
        is_right &= write_error(file, "newer") == "" && content_of(outside / "a") == "newer";
        return is_right && mentions(write_error(in / "fresh"), "Read-only file system");
    });
    REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2) {
        MESSAGE("not tried: nothing can be mounted here");
        return;
    }
    CHECK(status == 0);
    CHECK((inside.count() == 1 && outside.count() == 1));
}

TEST_CASE("gives a replaced file the owner and group it had, and other names of it keep what they had") {
    scratch_directory directory;
    fill(directory / "a", "old");
    fs::create_hard_link(directory / "a", directory / "b");
    constexpr uid_t nobody = 65534;
    const bool is_other = ::chown((directory / "a").c_str(), nobody, nobody) == 0;
    fs::permissions(directory / "a", fs::perms(0640));
    CHECK(write_error(directory / "a") == "");
    const auto status = status_of(directory / "a");
    CHECK(status.st_uid == (is_other ? nobody : ::geteuid()));
    CHECK(status.st_gid == status_of(directory / "b").st_gid);
    CHECK((status.st_mode & 07777) == 0640);
    CHECK(content_of(directory / "a") == "new");
    CHECK(content_of(directory / "b") == "old");
}

TEST_CASE("lets nobody read what replaces a private file, while it is written or after") {
    scratch_directory directory;
    fill(directory / "a", "old");
    fs::permissions(directory / "a", fs::perms(0600));
    CHECK(write_error(directory / "a") == "");
    CHECK(created_mode == 0600);
    CHECK(write_error(directory / "fresh") == "");
    CHECK(created_mode == 0666);
    if (::geteuid() != 0) return;

    // A writer who is not in the file's group cannot give it to that group: then the group has no more rights than all.
    fs::permissions(directory.path(), fs::perms(0777));
    REQUIRE(::chown((directory / "a").c_str(), 65534, 1) == 0);
    fs::permissions(directory / "a", fs::perms(0664));
    CHECK(in_a_child([&] {
              if (::setgroups(0, nullptr) != 0 || ::setresgid(65534, 65534, 65534) != 0) ::_exit(0);
              if (::setresuid(65534, 65534, 65534) != 0) ::_exit(0);
              return write_error(directory / "a") == "" && (status_of(directory / "a").st_mode & 07777) == 0644;
          }) == 0);
}

}  // namespace
