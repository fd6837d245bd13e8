// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A file that becomes another, or is gone: also when a signal ends the program meanwhile. (POSIX)
///
///     io::temporary_file temporary(directory, 0666);
///     temporary.file().write(bytes);
///     temporary.become(directory / "picture.png");
#pragma once

#include <filesystem>
#include <mutex>

#include "open_file.hpp"

namespace io {

/// There is one at a time: another thread that wants one waits. SIGHUP, SIGINT, SIGQUIT, SIGTERM and SIGXCPU remove it
/// before they end the program as they always do. One that the program ignores, blocks or handles is left to it.
/// What the system refuses is thrown as std::system_error.
class temporary_file {
public:
    /// Makes a file with a name that nothing has yet, open for writing. The system takes its mask from `mode`.
    temporary_file(const std::filesystem::path& directory, mode_t mode);
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    ~temporary_file();

    open_file& file() { return file_; }

    /// Closes the file and gives it the name of `target`, in the same directory, whose file loses that name.
    void become(const std::filesystem::path& target);

private:
    std::unique_lock<std::mutex> only_one_;
    std::filesystem::path path_;  ///< empty once it is another's
    open_file file_;
};

}  // namespace io
