// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Files and streams on Windows.

#include "file_system.hpp"

#include <climits>
#include <string>
#include <utility>

#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <sys/stat.h>
#include <windows.h>

#include "program.hpp"

namespace io {
namespace {

namespace fs = std::filesystem;

/// The descriptor of a file, or −1 with errno set.
int opened(const fs::path& path, int flags) {
    return ::_wopen(path.c_str(), flags | _O_BINARY | _O_NOINHERIT, _S_IREAD | _S_IWRITE);
}

/// Owns a descriptor that reads and writes bytes as they are. The destructor closes it and ignores errors.
class open_file {
public:
    /// Takes over the result of a call: a descriptor, or −1 with errno set.
    explicit open_file(int descriptor) : descriptor_(descriptor) {
        if (descriptor_ < 0) throw_errno();
        ::_setmode(descriptor_, _O_BINARY);
    }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    ~open_file() {
        if (descriptor_ >= 0) ::_close(descriptor_);
    }

    std::size_t read(std::span<std::uint8_t> out) {
        const int count = ::_read(descriptor_, out.data(), size_of_call(out.size()));
        if (count < 0) throw_errno();
        return static_cast<std::size_t>(count);
    }

    /// Writes all of `bytes`, and flushes them to the disk if there is one.
    void write(std::span<const std::uint8_t> bytes) {
        while (!bytes.empty()) {
            const int count = ::_write(descriptor_, bytes.data(), size_of_call(bytes.size()));
            if (count < 0) throw_errno();
            if (count == 0) throw_errno(EIO);
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        }
        ::_commit(descriptor_);  // fails for what is no file
    }

    void close() {
        if (::_close(std::exchange(descriptor_, -1)) != 0) throw_errno();
    }

private:
    static unsigned size_of_call(std::size_t size) {
        return static_cast<unsigned>(std::min<std::size_t>(size, 1 << 20));
    }

    int descriptor_;
};

/// The number of the descriptor that the path stands for: /dev/stdin is 0, /dev/stdout 1, /dev/stderr 2. −1 for a file.
int stream_of(const fs::path& path) {
    const auto name = path.generic_string();
    for (int i = 0; const auto* stream : {"/dev/stdin", "/dev/stdout", "/dev/stderr"}) {
        if (name == stream) return i;
        ++i;
    }
    return -1;
}

/// The descriptor of a device or pipe to write to, such as NUL; −1 for what is a file, or does not exist.
int opened_device(const fs::path& path) {
    const int descriptor = opened(path, _O_WRONLY);
    if (descriptor < 0) return -1;
    const auto handle = reinterpret_cast<HANDLE>(::_get_osfhandle(descriptor));
    if (::GetFileType(handle) != FILE_TYPE_DISK) return descriptor;
    ::_close(descriptor);
    return -1;
}

/// Creates a file in the directory under a name that no other has, and sets `path` to it.
int create(const fs::path& directory, fs::path& path) {
    for (int i = 0;; ++i) {
        path = directory / (".lloyd-" + std::to_string(::_getpid()) + "-" + std::to_string(i));
        const int descriptor = opened(path, _O_WRONLY | _O_CREAT | _O_EXCL);
        if (descriptor >= 0 || errno != EEXIST || i == 10'000) return descriptor;
    }
}

void write_and_close(int descriptor, std::span<const std::uint8_t> bytes) {
    open_file file(descriptor);
    file.write(bytes);
    file.close();
}

/// Replaces the file `target`, which may not exist, by a new one with one rename. (A program that is ended before the rename
/// leaves the new file, .lloyd-…, behind.)
void replace(const fs::path& target, std::span<const std::uint8_t> bytes) {
    fs::path temporary;
    const int descriptor = create(target.parent_path(), temporary);
    if (descriptor < 0) throw_errno();
    try {
        write_and_close(descriptor, bytes);
        fs::rename(temporary, target);
    } catch (const std::system_error&) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        throw;
    }
}

}  // namespace

std::vector<std::uint8_t> load(const fs::path& path, std::size_t limit) {
    const int stream = stream_of(path);
    if (stream < 0 && fs::is_directory(path)) throw_errno(EISDIR);
    open_file file(stream < 0 ? opened(path, _O_RDONLY) : ::_dup(stream));
    return read_to_end(0, limit, [&file](std::span<std::uint8_t> out) { return file.read(out); });
}

void save(const fs::path& path, std::span<const std::uint8_t> bytes) {
    const int stream = stream_of(path);
    const int in_place = stream >= 0 ? ::_dup(stream) : opened_device(path);
    if (in_place >= 0)
        write_and_close(in_place, bytes);
    else
        replace(path, bytes);
}

void require_savable(const fs::path& path) {
    if (path.empty()) throw_errno(ENOENT);
    if (is_descriptor(path)) return;
    constexpr int may_be_written = 2;
    if (fs::is_directory(path)) throw_errno(EISDIR);
    if (fs::exists(path) && ::_waccess(path.c_str(), may_be_written) != 0) throw_errno();
    if (!fs::is_directory(directory_of(path))) throw_errno(ENOENT);
}

void require_writable_directory(const fs::path&) {}  // only trying would show it

bool is_descriptor(const fs::path& path) { return stream_of(path) >= 0; }

bool is_stdout(const fs::path& path) { return stream_of(path) == 1; }

}  // namespace io

namespace cli {

void prepare_streams() {
    for (const int stream : {0, 1, 2}) ::_setmode(stream, _O_BINARY);
    ::SetConsoleOutputCP(CP_UTF8);
    for (const DWORD stream : {STD_OUTPUT_HANDLE, STD_ERROR_HANDLE}) {
        const HANDLE handle = ::GetStdHandle(stream);
        DWORD mode = 0;
        if (::GetConsoleMode(handle, &mode) != 0)
            ::SetConsoleMode(handle, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);  // obeys escape sequences
    }
}

}  // namespace cli
