// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A file that replaces another or is removed, also if a signal ends the program in between. (POSIX)
///
///     io::temporary_file temporary(directory, 0666);
///     temporary.file().write(bytes);
///     temporary.become(directory / "picture.png");
#pragma once

#include <filesystem>
#include <mutex>

#include "open_file.hpp"

namespace io {

/// Only one exists at a time: another thread waits in the constructor. SIGHUP, SIGINT, SIGQUIT, SIGTERM and SIGXCPU remove
/// the file before they end the program as usual. A signal that the program ignores, blocks or handles is not changed.
/// Errors of the system are thrown as std::system_error.
class temporary_file {
public:
    /// Creates a file with an unused name, open for writing. The system applies its file mode mask to `mode`.
    temporary_file(const std::filesystem::path& directory, mode_t mode);
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    ~temporary_file();

    open_file& file() { return file_; }

    /// Closes the file and renames it to `target`, in the same directory. An old file of that name is replaced.
    void become(const std::filesystem::path& target);

private:
    std::unique_lock<std::mutex> only_one_;
    std::filesystem::path path_;  ///< empty after become()
    open_file file_;
};

}  // namespace io
