// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "files.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.hpp"

namespace io {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_errno(int code = errno) { throw std::system_error(code, std::generic_category()); }

/// Owns an open file. The destructor closes it; only close() tells whether that went well.
class open_file {
public:
    open_file(const fs::path& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
        if (descriptor_ < 0) throw_errno();
    }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    ~open_file() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    /// Up to out.size() bytes; 0 at the end.
    std::size_t read(std::span<std::uint8_t> out) {
        for (;;) {
            const auto count = ::read(descriptor_, out.data(), out.size());
            if (count >= 0) return static_cast<std::size_t>(count);
            if (errno != EINTR) throw_errno();
        }
    }

    /// All of `bytes`, down to the disk where there is one.
    void write(std::span<const std::uint8_t> bytes) {
        while (!bytes.empty()) {
            const auto count = ::write(descriptor_, bytes.data(), bytes.size());
            if (count < 0 && errno != EINTR) throw_errno();
            if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));
        }
        if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP) throw_errno();
    }

    struct stat status() const {
        struct stat status;
        if (::fstat(descriptor_, &status) != 0) throw_errno();
        return status;
    }

    void set_mode(mode_t mode) {
        if (::fchmod(descriptor_, mode) != 0) throw_errno();
    }

    void close() {
        if (::close(std::exchange(descriptor_, -1)) != 0) throw_errno();
    }

private:
    int descriptor_;
};

/// A name in the same directory, and so on the same disk, that nothing has yet.
fs::path name_beside(const fs::path& target) {
    for (int i = 0;; ++i) {
        const auto name = ".lloyd-" + std::to_string(::getpid()) + "-" + std::to_string(i);
        auto path = target.parent_path() / name;
        if (!fs::exists(fs::symlink_status(path))) return path;
    }
}

/// Where a chain of symbolic links ends. The last one may point to nothing yet. (The system has refused circles.)
fs::path follow_links(fs::path path) {
    while (fs::is_symlink(fs::symlink_status(path))) path = path.parent_path() / fs::read_symlink(path);
    return path;
}

bool is_replaceable(const fs::file_status& status) { return !fs::exists(status) || fs::is_regular_file(status); }

/// What can be known of `path` before it is written.
void check_target(const fs::path& path) {
    if (path.empty()) throw_errno(ENOENT);
    const auto status = fs::status(path);
    if (fs::is_directory(status)) throw_errno(EISDIR);
    if (fs::exists(status) && ::access(path.c_str(), W_OK) != 0) throw_errno();
    if (!is_replaceable(status)) return;
    const auto directory = follow_links(path).parent_path();
    if (::access(directory.empty() ? "." : directory.c_str(), W_OK | X_OK) != 0) throw_errno();
}

void replace(const fs::path& target, std::span<const std::uint8_t> bytes) {
    const auto temporary = name_beside(target);
    open_file file(temporary, O_WRONLY | O_CREAT | O_EXCL);
    try {
        if (fs::exists(target)) file.set_mode(static_cast<mode_t>(fs::status(target).permissions()));
        file.write(bytes);
        file.close();
        fs::rename(temporary, target);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
}

void write_in_place(const fs::path& path, std::span<const std::uint8_t> bytes) {
    open_file file(path, O_WRONLY);
    file.write(bytes);
    file.close();
}

/// Runs `work`; what the system refuses becomes a failure that names the path.
template <class Work>
void or_fail_writing(const fs::path& path, Work work) {
    try {
        work();
    } catch (const std::system_error& error) {
        throw cli::failure(cli::unwritable, "cannot write " + path.string() + ": " + error.code().message() +
                                                "; choose another path, or make room for this one");
    }
}

std::vector<std::uint8_t> read_all(open_file& file, std::size_t limit) {
    const auto status = file.status();
    if (S_ISDIR(status.st_mode)) throw_errno(EISDIR);
    if (S_ISREG(status.st_mode) && static_cast<std::uintmax_t>(status.st_size) > limit) throw_errno(EFBIG);
    const auto expected = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
    std::vector<std::uint8_t> bytes(std::min(limit, std::max<std::size_t>(expected, 1 << 16)) + 1);
    for (std::size_t size = 0;;) {
        if (size > limit) throw_errno(EFBIG);
        if (size == bytes.size()) bytes.resize(std::min(limit + 1, 2 * size));
        const auto count = file.read(std::span(bytes).subspan(size));
        size += count;
        if (count > 0) continue;
        bytes.resize(size);
        return bytes;
    }
}

}  // namespace

std::vector<std::uint8_t> read_file(const fs::path& path, std::size_t limit) {
    try {
        open_file file(path, O_RDONLY);
        return read_all(file, limit);
    } catch (const std::system_error& error) {
        auto reason = error.code().message() + "; check the path";
        if (error.code().value() == EFBIG)
            reason =
                "it has more than " + std::to_string(limit) + " bytes, the limit; shrink it, or raise --max-pixels";
        throw cli::failure(cli::unreadable, "cannot read " + path.string() + ": " + reason);
    }
}

void write_file(const fs::path& path, std::span<const std::uint8_t> bytes) {
    or_fail_writing(path, [&] {
        check_target(path);
        if (is_replaceable(fs::status(path)))
            replace(follow_links(path), bytes);
        else
            write_in_place(path, bytes);
    });
}

void write_file(const fs::path& path, std::string_view text) {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    write_file(path, bytes);
}

void require_writable(const fs::path& path) {
    or_fail_writing(path, [&] { check_target(path); });
}

std::string extension_of(const fs::path& path) {
    auto extension = path.extension().string();
    for (char& letter : extension) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return extension;
}

void require_extension(const fs::path& path, const std::string& allowed) {
    const auto extension = extension_of(path);
    if (extension.empty() || extension == allowed) return;
    throw cli::failure(cli::usage,
                       "cannot write " + path.string() + ": " + extension + " is another format; use " + allowed);
}

void require_directory_name(const fs::path& path) {
    const auto extension = extension_of(path);
    constexpr std::string_view files[] = {".html", ".htm", ".svg", ".png", ".jpg",
                                          ".jpeg", ".bmp", ".pnm", ".ppm", ".pgm"};
    std::error_code ignored;
    if (std::ranges::count(files, extension) == 0 || fs::is_directory(path, ignored)) return;
    throw cli::failure(cli::usage, "-o names a directory, but " + path.string() + " ends like a file; use " +
                                       path.stem().string() + ", or make that directory first");
}

void make_directory(const fs::path& path) {
    or_fail_writing(path, [&] {
        if (!fs::is_directory(path)) fs::create_directories(path);
    });
}

}  // namespace io
