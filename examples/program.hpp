// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How the example programs end: what they throw becomes one line on stderr and an exit code.
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

/// Exit codes. 0 is fine, and 1 what nobody foresaw.
inline constexpr int unforeseen = 1, usage = 2, unreadable = 3, unwritable = 4;

/// Ends the program. what() is for its user: it names the file or option, the reason and the way out. Names stand in it
/// as they are; run_main makes them printable. `lines`, which no name is in, are printed below.
struct failure : std::runtime_error {
    failure(int code, const std::string& message, std::string more = {})
        : std::runtime_error(message), exit_code(code), lines(std::move(more)) {}
    int exit_code;
    std::string lines;
};

/// Says something on stderr, in one line, that does not end the program. Names may stand in it as they are.
inline void note(const std::string& message) { std::fprintf(stderr, "note: %s\n", printable(message).c_str()); }

/// Runs `body`, then makes sure that all it printed on stdout arrived. Returns the exit code for main:
/// that of a failure, 2 for what the library refuses (std::invalid_argument), 1 for anything else.
template <class Body>
int run_main(const char* program, Body body) {
    const auto complain = [program](int code, std::string message, const std::string& lines = {}) {
        const auto name = std::string(program) + ": ";
        if (!message.starts_with(name)) message.insert(0, name);  // a library function may be called the same
        std::fprintf(stderr, "%s\n%s", printable(message).c_str(), lines.c_str());
        return code;
    };
    // A closed pipe and a file grown too large shall be errors of write(), not the end of the process.
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
