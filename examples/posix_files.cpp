// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "file_system.hpp"

#include <cerrno>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor_paths.hpp"
#include "open_file.hpp"
#include "program.hpp"
#include "temporary_file.hpp"

namespace io {
namespace {

namespace fs = std::filesystem;

/// What a path to write to refers to.
struct destination {
    std::optional<open_file> descriptor;  ///< written at its position, if there is one
    fs::path file;                        ///< otherwise this file, after following links
    bool is_replaced = false;             ///< whether the file is replaced, or written in place
};

/// Throws unless a new file can be created. A read-only directory may contain a writable file, if that file is mounted
/// alone.
void require_place_for_new_file(const fs::path& directory, bool target_is_writable) {
    if (::access(directory.c_str(), W_OK | X_OK) == 0) return;
    if (errno != EROFS || !target_is_writable) throw_errno();
}

/// Throws every error that can be detected before anything is written.
destination destination_of(const fs::path& path) {
    if (path.empty()) throw_errno(ENOENT);
    const auto status = fs::status(path);
    if (auto descriptor = named_descriptor(path)) {
        descriptor->require_writable();
        return {std::move(descriptor), {}};
    }
    if (fs::is_directory(status)) throw_errno(EISDIR);
    if (fs::is_socket(status)) throw_errno(ENXIO);
    const bool exists = fs::exists(status);
    if (exists && ::access(path.c_str(), W_OK) != 0) throw_errno();
    const auto end = follow_links(path);
    const bool is_replaced = !exists || (fs::is_regular_file(status) && !is_link_of_system(end));
    if (is_replaced) require_place_for_new_file(directory_of(end), exists);
    return {{}, end, is_replaced};
}

/// Gives a new file the owner, group and mode of the file that it replaces, as far as the system permits. If the new file
/// has another group, that group gets only those rights of the old group that everybody has.
void take_over(open_file& file, const struct stat& old) {
    auto mode = old.st_mode & 0777;
    constexpr auto same_owner = static_cast<uid_t>(-1);
    if (!file.set_owner(old.st_uid, old.st_gid) && !file.set_owner(same_owner, old.st_gid))
        mode = (mode & 0707) | (mode & ((mode & 07) << 3));
    file.set_mode(mode);
}

/// Replaces the file `target`, which may not exist (`old` is null), by a new one with one rename.
void replace(const fs::path& target, const struct stat* old, std::span<const std::uint8_t> bytes) {
    temporary_file temporary(target.parent_path(), old != nullptr ? 0600 : 0666);
    if (old != nullptr) take_over(temporary.file(), *old);
    temporary.file().write(bytes);
    temporary.become(target);
}

/// Overwrites a file that cannot be replaced.
void overwrite(const fs::path& target, std::span<const std::uint8_t> bytes) {
    open_file file(target, O_WRONLY);
    try {
        file.write(bytes);
        file.set_size(bytes.size());
        file.close();
    } catch (const std::system_error& error) {
        throw cli::failure(cli::unwritable, "cannot write " + target.string() + ": " + error.code().message() +
                                                "; it had to be overwritten in place, and its old content is lost");
    }
}

void replace_or_overwrite(const fs::path& target, std::span<const std::uint8_t> bytes) {
    struct stat old;
    const bool exists = ::stat(target.c_str(), &old) == 0;
    try {
        replace(target, exists ? &old : nullptr, bytes);
    } catch (const std::system_error& error) {
        // The file is mounted alone: it cannot be replaced, or its directory is read-only.
        const int code = error.code().value();
        if (!exists || (code != EBUSY && code != EXDEV && code != EROFS)) throw;
        overwrite(target, bytes);
    }
}

/// Writes to a device or pipe.
void write_in_place(open_file file, std::span<const std::uint8_t> bytes) {
    file.write(bytes);
    file.close();
}

}  // namespace

std::vector<std::uint8_t> load(const fs::path& path, std::size_t limit) {
    static_cast<void>(fs::status(path));  // refuses circles of links
    auto descriptor = named_descriptor(path);
    open_file file = descriptor ? *std::move(descriptor) : open_file(path, O_RDONLY);
    const auto status = file.status();
    if (S_ISDIR(status.st_mode)) throw_errno(EISDIR);
    if (S_ISREG(status.st_mode) && static_cast<std::uintmax_t>(status.st_size) > limit) throw_errno(EFBIG);
    const auto expected = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
    return read_to_end(expected, limit, [&file](std::span<std::uint8_t> out) { return file.read(out); });
}

void save(const fs::path& path, std::span<const std::uint8_t> bytes) {
    auto to = destination_of(path);
    if (to.descriptor)
        write_in_place(std::move(*to.descriptor), bytes);
    else if (to.is_replaced)
        replace_or_overwrite(to.file, bytes);
    else
        write_in_place(open_file(path, O_WRONLY), bytes);
}

void require_savable(const fs::path& path) { destination_of(path); }

void require_writable_directory(const fs::path& directory) {
    if (::access(directory.c_str(), W_OK | X_OK) != 0) throw_errno();
}

bool is_descriptor(const fs::path& path) { return named_descriptor(path).has_value(); }

bool is_stdout(const fs::path& path) {
    struct stat file, output;
    return ::stat(path.c_str(), &file) == 0 && ::fstat(STDOUT_FILENO, &output) == 0 && file.st_dev == output.st_dev &&
           file.st_ino == output.st_ino && !S_ISCHR(file.st_mode);
}

}  // namespace io
