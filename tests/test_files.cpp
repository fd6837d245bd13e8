// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "../examples/files.hpp"
#include "../examples/program.hpp"
#include "file_errors.hpp"
#include "scratch_directory.hpp"

namespace {

namespace fs = std::filesystem;

/// As long as it lives no file grows beyond `size` bytes: a disk that runs full at a known place.
class file_size_limit {
public:
    explicit file_size_limit(rlim_t size) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit = {size, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    file_size_limit(const file_size_limit&) = delete;
    file_size_limit& operator=(const file_size_limit&) = delete;
    ~file_size_limit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    void (*handler_)(int);
    rlimit before_{};
};

/// As long as it lives the process has no rights but anybody's, to whom some files are read-only. False where the system
/// does not let root be somebody else.
class ordinary_user {
public:
    ordinary_user() : was_root_(::geteuid() == 0) {
        if (was_root_) is_ordinary_ = ::setresuid(nobody, nobody, 0) == 0;
    }
    ordinary_user(const ordinary_user&) = delete;
    ordinary_user& operator=(const ordinary_user&) = delete;
    ~ordinary_user() {
        if (was_root_ && is_ordinary_) CHECK(::setresuid(0, 0, 0) == 0);
    }

    explicit operator bool() const { return is_ordinary_; }
    bool was_root() const { return was_root_; }

private:
    static constexpr uid_t nobody = 65534;
    bool was_root_;
    bool is_ordinary_ = true;
};

}  // namespace

TEST_CASE("writes a new file and replaces an old one, and leaves nothing beside it") {
    scratch_directory directory;
    CHECK(write_error(directory / "a.txt", "first, and longer") == "");
    CHECK(write_error(directory / "a.txt", "second") == "");
    CHECK(content_of(directory / "a.txt") == "second");
    CHECK(write_error(directory / "empty", "") == "");
    CHECK(fs::file_size(directory / "empty") == 0);
    CHECK(directory.count() == 2);
}

TEST_CASE("replaces a file as a whole: who has the old one open keeps it") {
    scratch_directory directory;
    fill(directory / "a.txt", "old");
    std::ifstream reader(directory / "a.txt");
    CHECK(write_error(directory / "a.txt") == "");
    CHECK(std::string(std::istreambuf_iterator<char>(reader), {}) == "old");
}

TEST_CASE("keeps the old file, and leaves nothing beside it, when the disk is full") {
    scratch_directory directory;
    fill(directory / "a.txt", "old");
    const std::string content(10000, 'x');
    {
        const file_size_limit limit(5000);
        CHECK(mentions(write_error(directory / "a.txt", content), "File too large"));
        CHECK(mentions(write_error(directory / "new.txt", content), "new.txt"));
    }
    CHECK(content_of(directory / "a.txt") == "old");
    CHECK(directory.count() == 1);
    CHECK(write_error(directory / "a.txt", content) == "");
    CHECK(content_of(directory / "a.txt") == content);
}

TEST_CASE("keeps the mode of the file it replaces, and gives a new one the usual") {
    scratch_directory directory;
    const auto mode = [&](const char* name) { return fs::status(directory / name).permissions(); };
    fill(directory / "usual", "");
    CHECK(write_error(directory / "new") == "");
    CHECK(mode("new") == mode("usual"));
    fs::permissions(directory / "usual", fs::perms(0640));
    CHECK(write_error(directory / "usual") == "");
    CHECK(mode("usual") == fs::perms(0640));
}

TEST_CASE("follows symbolic links and leaves them in place") {
    scratch_directory directory;
    fs::create_directory(directory / "there");
    fill(directory / "there/target", "old");
    fs::create_symlink("there/target", directory / "near");
    fs::create_symlink(directory / "near", directory / "far");
    CHECK(write_error(directory / "far") == "");
    CHECK(content_of(directory / "there/target") == "new");
    CHECK(fs::is_symlink(directory / "far"));
    CHECK(fs::is_symlink(directory / "near"));
    CHECK_FALSE(fs::is_symlink(directory / "there/target"));

    fs::create_symlink("there/fresh", directory / "dangling");
    CHECK(write_error(directory / "dangling") == "");
    CHECK(content_of(directory / "there/fresh") == "new");

    fs::create_symlink("loop", directory / "loop");
    CHECK(mentions(write_error(directory / "loop"), "symbolic links"));
    CHECK(fs::is_symlink(directory / "loop"));
}

TEST_CASE("writes to devices and pipes, and never replaces them") {
    scratch_directory devices;
    const auto null = device(devices, "null"), full = device(devices, "full");
    if (!null.empty()) {
        CHECK(write_error(null) == "");
        CHECK(fs::is_character_file(null));
    }
    scratch_directory directory;
    if (!full.empty()) {
        CHECK(mentions(write_error(full), "full: No space left"));
        fs::create_symlink(full, directory / "link");
        CHECK(mentions(write_error(directory / "link"), "link: No space left"));
        CHECK(fs::is_character_file(full));
        fs::remove(directory / "link");
    }
    REQUIRE(::mkfifo((directory / "pipe").c_str(), 0600) == 0);
    const int reader = ::open((directory / "pipe").c_str(), O_RDONLY | O_NONBLOCK);
    CHECK(write_error(directory / "pipe") == "");
    char received[8] = {};
    CHECK(::read(reader, received, sizeof received) == 3);
    CHECK(std::string(received) == "new");
    ::close(reader);
    CHECK(fs::is_fifo(directory / "pipe"));
    CHECK(directory.count() == 1);
}

TEST_CASE("says which path cannot be written, why, and what to do") {
    scratch_directory directory;
    fill(directory / "file", "old");
    for (const auto& path : {directory.path(), directory / "missing/a", directory / "file/a", fs::path("")}) {
        CAPTURE(path);
        const auto message = write_error(path);
        CHECK(mentions(message, "cannot write " + path.string() + ": "));
        CHECK(mentions(message, "; choose another path"));
        CHECK_THROWS_AS(io::require_writable(path), cli::failure);
    }
    CHECK(content_of(directory / "file") == "old");
    CHECK(directory.count() == 1);
    CHECK_NOTHROW(io::require_writable(directory / "new"));
    CHECK_NOTHROW(io::require_writable(directory / "file"));
    const auto before = fs::current_path();
    fs::current_path(directory.path());
    CHECK_NOTHROW(io::require_writable("relative"));
    fs::current_path(before);
    CHECK(directory.count() == 1);
}

TEST_CASE("respects that a file or directory is read-only") {
    scratch_directory directory;
    fill(directory / "file", "old");
    fs::permissions(directory / "file", fs::perms(0444));
    fs::permissions(directory.path(), fs::perms(0555));
    const ordinary_user user;
    if (!user) return;
    CHECK(mentions(write_error(directory / "file"), "Permission denied"));
    CHECK(mentions(write_error(directory / "new"), "Permission denied"));
    CHECK_THROWS_AS(io::require_writable(directory / "file"), cli::failure);
    CHECK_THROWS_AS(io::require_writable(directory / "new"), cli::failure);
    CHECK_THROWS_AS(io::make_directory(directory / "deep/er"), cli::failure);
    CHECK(content_of(directory / "file") == "old");
    CHECK(directory.count() == 1);
}

TEST_CASE("leaves nothing beside a file that it may write but not replace") {
    scratch_directory directory;
    fill(directory / "file", "old");
    fs::permissions(directory / "file", fs::perms(0666));
    fs::permissions(directory.path(), fs::perms(01777));  // sticky: only owners rename
    const ordinary_user user;
    if (!user || !user.was_root()) return;
    CHECK(mentions(write_error(directory / "file"), "Operation not permitted"));
    CHECK(content_of(directory / "file") == "old");
    CHECK(directory.count() == 1);
}

TEST_CASE("says which path cannot be read, and why") {
    scratch_directory directory;
    fill(directory / "secret", "old");
    fs::permissions(directory / "secret", fs::perms::none);
    fs::permissions(directory.path(), fs::perms(0755));
    const ordinary_user user;
    if (!user) return;
    CHECK(mentions(read_error(directory / "secret"), "secret: Permission denied; check the path"));
    CHECK(mentions(read_error(directory / "missing"), "missing: No such file"));
}

TEST_CASE("makes a directory with those above it, and accepts one that is there") {
    scratch_directory directory;
    io::make_directory(directory / "a/b");
    io::make_directory(directory / "a/b");
    CHECK(fs::is_directory(directory / "a/b"));
    fill(directory / "file", "old");
    CHECK_THROWS_AS(io::make_directory(directory / "file"), cli::failure);
    CHECK_THROWS_AS(io::make_directory(directory / "file/b"), cli::failure);
    CHECK(content_of(directory / "file") == "old");
}

TEST_CASE("reads up to the limit and not a byte beyond") {
    scratch_directory directory;
    const std::string content(100000, 'x');
    fill(directory / "a", content);
    CHECK(io::read_file(directory / "a", 100000) == std::vector<std::uint8_t>(100000, 'x'));
    CHECK_THROWS_AS(io::read_file(directory / "a", 99999), cli::failure);
    CHECK_THROWS_AS(io::read_file("/dev/zero", 99999), cli::failure);
    CHECK_THROWS_AS(io::read_file(directory.path(), 99999), cli::failure);
    CHECK(io::read_file("/dev/null", 0).empty());

    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    REQUIRE(::write(pipe[1], "abc", 3) == 3);
    ::close(pipe[1]);
    CHECK(io::read_file("/dev/fd/" + std::to_string(pipe[0]), 3) == std::vector<std::uint8_t>{'a', 'b', 'c'});
    ::close(pipe[0]);
}
