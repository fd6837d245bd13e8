// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Paths that name an open descriptor: it is written where it stands, and no file of another name ever comes of it.

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "../examples/files.hpp"
#include "../examples/program.hpp"
#include "file_errors.hpp"
#include "scratch_directory.hpp"

namespace {

namespace fs = std::filesystem;

/// An open descriptor, closed at the end.
class descriptor {
public:
    explicit descriptor(int number) : number_(number) { REQUIRE(number >= 0); }
    descriptor(const fs::path& path, int flags) : descriptor(::open(path.c_str(), flags | O_CLOEXEC)) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() { ::close(number_); }

    int number() const { return number_; }
    std::string name() const { return "/dev/fd/" + std::to_string(number_); }
    off_t position() const { return ::lseek(number_, 0, SEEK_CUR); }
    void go_to(off_t position) const { REQUIRE(::lseek(number_, position, SEEK_SET) == position); }

    /// What can be read of it from where it stands, at most 100 bytes.
    std::string read() const {
        char bytes[100];
        const auto count = ::read(number_, bytes, sizeof bytes);
        return {bytes, count > 0 ? static_cast<std::size_t>(count) : 0};
    }

private:
    int number_;
};

/// Runs `work` with the directory as the current one.
template <class Work>
void in_directory(const fs::path& directory, Work work) {
    const auto before = fs::current_path();
    fs::current_path(directory);
    work();
    fs::current_path(before);
}

TEST_CASE("writes to an open descriptor at its position, by whichever path") {
    scratch_directory directory, links;
    fill(directory / "a", "0123456789");
    const descriptor open(directory / "a", O_RDWR);
    const auto number = std::to_string(open.number());
    fs::create_symlink(open.name(), links / "link");
    fs::create_directory(links / "below");
    fs::create_symlink("../link", links / "below/relative");
    fs::create_directory_symlink("/proc/self/fd", links / "descriptors");
    const auto check = [&](const fs::path& path) {
        CAPTURE(path);
        open.go_to(3);
        CHECK_NOTHROW(io::require_writable(path));
        CHECK(open.position() == 3);
        CHECK(write_error(path) == "");
        CHECK(content_of(directory / "a") == "012new6789");
        CHECK(open.position() == 6);
        open.go_to(3);
        REQUIRE(::write(open.number(), "345", 3) == 3);
    };
    for (const auto& path :
         {fs::path(open.name()), "/proc/self/fd" / fs::path(number), "/proc/thread-self/fd" / fs::path(number),
          "/proc" / fs::path(std::to_string(::getpid())) / "fd" / number, links / "link", links / "below/relative",
          links / "descriptors" / number})
        check(path);
    in_directory("/proc/self/fd", [&] { check(number); });
    in_directory(links / "below", [&] { check("relative"); });
    CHECK(directory.count() == 1);
    CHECK(links.count() == 3);
}

TEST_CASE("adds to what is open for appending") {
    scratch_directory directory;
    fill(directory / "log", "old\n");
    const descriptor log(directory / "log", O_WRONLY | O_APPEND);
    CHECK(write_error(log.name(), "new\n") == "");
    CHECK(write_error(log.name(), "newer\n") == "");
    CHECK(content_of(directory / "log") == "old\nnew\nnewer\n");
    CHECK(directory.count() == 1);
}

TEST_CASE("writes to a file that has lost its name, or never had one, and makes no other") {
    scratch_directory directory;
    const descriptor unlinked(directory / "a", O_RDWR | O_CREAT);
    fs::remove(directory / "a");
    const descriptor anonymous(::memfd_create("a", MFD_CLOEXEC)), nameless(directory.path(), O_RDWR | O_TMPFILE);
    in_directory(directory.path(), [&] {
        for (const auto* open : {&unlinked, &anonymous, &nameless}) {
            CHECK_NOTHROW(io::require_writable(open->name()));
            CHECK(write_error(open->name()) == "");
            CHECK(open->position() == 3);
            open->go_to(0);
            CHECK(open->read() == "new");
        }
    });
    CHECK(directory.count() == 0);
}

TEST_CASE("writes to pipes and sockets that are open") {
    int ends[2];
    REQUIRE(::pipe2(ends, O_NONBLOCK) == 0);
    const descriptor out(ends[0]), in(ends[1]);
    CHECK(write_error(in.name()) == "");
    CHECK(out.read() == "new");
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
    const descriptor here(ends[0]), there(ends[1]);
    CHECK(write_error(there.name()) == "");
    CHECK(here.read() == "new");
}

TEST_CASE("waits for the reader of a pipe that does not block") {
    int ends[2];
    REQUIRE(::pipe2(ends, O_NONBLOCK) == 0);
    const descriptor out(ends[0]);
    const auto child = [&] {
        const descriptor in(ends[1]);
        const std::string content(1 << 20, 'x');
        std::size_t before = 0;  // in the pipe, so that it is full
        while (::write(in.number(), "x", 1) == 1) ++before;
        const auto reader = ::fork();
        if (reader == 0) {
            ::close(in.number());
            ::fcntl(out.number(), F_SETFL, 0);
            std::vector<char> bytes(256);  // so that the writer is faster
            std::size_t size = 0;
            for (ssize_t count; (count = ::read(out.number(), bytes.data(), bytes.size())) > 0;)
                size += static_cast<std::size_t>(count);
            ::_exit(size == before + content.size() ? 0 : 1);
        }
        CHECK(write_error(in.name(), content) == "");
        return reader;
    }();
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
}

TEST_CASE("refuses a descriptor that is not open, open for reading only, or full, and makes no file") {
    scratch_directory directory;
    fill(directory / "a", "old");
    const descriptor read_only(directory / "a", O_RDONLY), full("/dev/full", O_WRONLY);
    in_directory(directory.path(), [&] {
        for (const auto& path : {read_only.name(), std::string("/dev/fd/999"), std::string("/proc/self/fd/999")}) {
            CAPTURE(path);
            CHECK_THROWS_AS(io::require_writable(path), cli::failure);
            CHECK(mentions(write_error(path), "cannot write " + path + ": Bad file descriptor"));
        }
        for (const auto* path : {"/dev/fd/01", "/dev/fd/99999999999", "/dev/fd/x"}) CHECK(write_error(path) != "");
        CHECK(mentions(write_error(full.name()), "No space left"));
    });
    CHECK(content_of(directory / "a") == "old");
    CHECK(directory.count() == 1);
}

/// Its own name is in no other test: a program that replaced /dev/stdout would do so for the whole machine.
TEST_CASE("writes to standard output and standard error") {
    scratch_directory directory;
    for (const int number : {1, 2}) {
        const auto path = number == 1 ? "/dev/stdout" : "/dev/stderr";
        REQUIRE(fs::is_symlink(path));
        fill(directory / "log", "old\n");
        const descriptor log(directory / "log", O_WRONLY | O_APPEND), before(::dup(number));
        REQUIRE(::dup2(log.number(), number) == number);
        io::write_file(path, "new\n");
        REQUIRE(::dup2(before.number(), number) == number);
        CHECK(content_of(directory / "log") == "old\nnew\n");
    }
    CHECK(directory.count() == 1);
}

TEST_CASE("writes to the descriptor of another process at its position, or not at all") {
    scratch_directory directory;
    fill(directory / "a", "0123456789");
    const descriptor open(directory / "a", O_RDWR);
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const descriptor out(ends[0]);
    const auto child = ::fork();
    if (child == 0) {  // has its own position, and lives until the pipe is closed
        ::close(ends[1]);
        const int own = ::open((directory / "a").c_str(), O_RDWR);
        const bool done = ::lseek(own, 3, SEEK_SET) == 3 && ::dup2(own, open.number()) == open.number();
        char byte;
        ::kill(::getpid(), SIGSTOP);
        while (::read(out.number(), &byte, 1) > 0) continue;
        ::_exit(done && ::lseek(open.number(), 0, SEEK_CUR) == 6 ? 0 : 1);
    }
    int status;
    REQUIRE(::waitpid(child, &status, WUNTRACED) == child);
    ::kill(child, SIGCONT);
    const auto path = "/proc/" + std::to_string(child) + "/fd/" + std::to_string(open.number());
    const auto error = write_error(path);
    ::close(ends[1]);
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(directory.count() == 1);
    CHECK(open.position() == 0);
    CHECK(content_of(directory / "a") == (error.empty() ? "012new6789" : "0123456789"));
    if (error.empty())
        CHECK(status == 0);
    else
        MESSAGE(error);
}

}  // namespace
