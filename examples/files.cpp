// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "files.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <string>
#include <system_error>

#include "file_system.hpp"
#include "program.hpp"

namespace io {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

std::vector<std::uint8_t> read_file(const fs::path& path, std::size_t limit) {
    try {
        return load(path, limit);
    } catch (const std::system_error& error) {
        auto reason = error.code().message() + "; check the path";
        if (error.code().value() == EFBIG)
            reason =
                "it has more than the allowed " + std::to_string(limit) + " bytes; shrink it, or raise --max-pixels";
        throw cli::failure(cli::unreadable, "cannot read " + cli::given(path) + ": " + reason);
    }
}

void write_file(const fs::path& path, std::span<const std::uint8_t> bytes) {
    or_fail_writing(path, [&] { save(path, bytes); });
}

void write_file(const fs::path& path, std::string_view text) {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    write_file(path, bytes);
}

void require_writable(const fs::path& path) {
    or_fail_writing(path, [&] { require_savable(path); });
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
        require_writable_directory(place);
    });
}

void make_directory(const fs::path& path) {
    or_fail_writing(path, [&] {
        if (!fs::is_directory(path)) fs::create_directories(path);
    });
}

}  // namespace io
