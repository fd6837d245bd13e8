// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How the example programs end: an exception becomes one line on stderr and an exit code.
#pragma once

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "printable.hpp"

namespace cli {

/// Exit codes. 0 means success, and 1 an unforeseen error.
inline constexpr int unforeseen = 1, usage = 2, unreadable = 3, unwritable = 4;

/// Ends the program. what() is a message for the user: it names the file or option, the reason and what to do. It may
/// contain names with any bytes: run_main makes them printable. `lines` are printed below it, and contain no names.
struct failure : std::runtime_error {
    failure(int code, const std::string& message, std::string more = {})
        : std::runtime_error(message), exit_code(code), lines(std::move(more)) {}
    int exit_code;
    std::string lines;
};

/// Prints a message on stderr, in one line. The program goes on. The message may contain names with any bytes.
inline void note(const std::string& message) { std::fprintf(stderr, "note: %s\n", printable(message).c_str()); }

/// Runs `body`, and then checks that all its output on stdout was written. Returns the exit code for main: that of a
/// failure, 2 for input that the library refuses (std::invalid_argument), 1 for any other exception.
template <class Body>
int run_main(const char* program, Body body) {
    const auto complain = [program](int code, std::string message, const std::string& lines = {}) {
        const auto name = std::string(program) + ": ";
        if (!message.starts_with(name)) message.insert(0, name);  // a library function may have the same name
        std::fprintf(stderr, "%s\n%s", printable(message).c_str(), lines.c_str());
        return code;
    };
    // A closed pipe, or a file that grows too large, then makes write() fail and does not end the process.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        body();
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
            return complain(unwritable, "cannot write to standard output; check its target");
        return 0;
    } catch (const failure& error) {
        return complain(error.exit_code, error.what(), error.lines);
    } catch (const std::invalid_argument& error) {
        return complain(usage, error.what());
    } catch (const std::bad_alloc&) {
        return complain(unforeseen, "out of memory; try a smaller photo");
    } catch (const std::exception& error) {
        return complain(unforeseen, error.what());
    }
}

}  // namespace cli
