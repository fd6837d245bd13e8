// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "files.hpp"

#include <algorithm>
#include <cctype>
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

/// Runs `work`. An error of the system becomes a failure that names the path.
template <class Work>
void or_fail_writing(const fs::path& path, Work work) {
    try {
        work();
    } catch (const std::system_error& error) {
        throw cli::failure(cli::unwritable, "cannot write " + cli::given(path) + ": " + error.code().message() +
                                                "; choose another path, or make sure that this one can be written");
    }
}

[[noreturn]] void refuse_extension(const fs::path& path, const std::string& instead) {
    throw cli::failure(cli::usage, "cannot write " + cli::given(path) + ": this program does not write " +
                                       extension_of(path) + "; use " + instead);
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
        static_cast<void>(fs::status(path));  // refuses circles of links
        auto descriptor = named_descriptor(path);
        open_file file = descriptor ? *std::move(descriptor) : open_file(path, O_RDONLY);
        return read_all(file, limit);
    } catch (const std::system_error& error) {
        auto reason = error.code().message() + "; check the path";
        if (error.code().value() == EFBIG)
            reason =
                "it has more than the allowed " + std::to_string(limit) + " bytes; shrink it, or raise --max-pixels";
        throw cli::failure(cli::unreadable, "cannot read " + cli::given(path) + ": " + reason);
    }
}

void write_file(const fs::path& path, std::span<const std::uint8_t> bytes) {
    or_fail_writing(path, [&] {
        auto to = destination_of(path);
        if (to.descriptor)
            write_in_place(std::move(*to.descriptor), bytes);
        else if (to.is_replaced)
            replace_or_overwrite(to.file, bytes);
        else
            write_in_place(open_file(path, O_WRONLY), bytes);
    });
}

void write_file(const fs::path& path, std::string_view text) {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    write_file(path, bytes);
}

void require_writable(const fs::path& path) {
    or_fail_writing(path, [&] { destination_of(path); });
}

std::string extension_of(const fs::path& path) {
    auto extension = path.extension().string();
    for (char& letter : extension) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return extension;
}

void require_extension(const fs::path& path, const std::vector<std::string>& allowed) {
    const auto extension = extension_of(path);
    if (extension.empty() || std::ranges::count(allowed, extension) > 0) return;
    std::string list;
    for (const auto& one : allowed) list += (list.empty() ? "" : &one == &allowed.back() ? " or " : ", ") + one;
    refuse_extension(path, list);
}

void require_folder(const fs::path& path) {
    constexpr std::string_view of_files[] = {".html", ".htm", ".svg", ".png", ".jpg",
                                             ".jpeg", ".bmp", ".pnm", ".ppm", ".pgm"};
    const auto name = path.has_filename() ? path : path.parent_path();  // without a slash at its end
    std::error_code ignored;
    const bool exists = fs::exists(name, ignored);
    if (exists && !fs::is_directory(name, ignored))
        throw cli::failure(cli::usage, "cannot write to the folder " + cli::given(path) +
                                           ": it is a file; choose another name, or remove that file");
    if (!exists && std::ranges::count(of_files, extension_of(path)) > 0)
        refuse_extension(path, "the name of a folder, such as " + path.stem().string());
    or_fail_writing(path, [&] {
        auto place = name;  // what exists of it
        while (!place.empty() && !fs::exists(place)) place = place.parent_path();
        if (place.empty()) place = ".";
        if (!fs::is_directory(place)) throw_errno(ENOTDIR);
        if (::access(place.c_str(), W_OK | X_OK) != 0) throw_errno();
    });
}

void make_directory(const fs::path& path) {
    or_fail_writing(path, [&] {
        if (!fs::is_directory(path)) fs::create_directories(path);
    });
}

}  // namespace io
