// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How the example programs end: an exception becomes one line on stderr and an exit code.
#pragma once

#include <atomic>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <lloyd/version.hpp>

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

/// Whether only errors are printed: after the option -q.
inline bool is_quiet = false;

/// Whether - on the command line stands for /dev/stdin, or for /dev/stdout. In the second case reports are printed on stderr.
inline bool stdin_is_input = false, stdout_is_output = false;

/// A path as it is on the command line.
inline std::string given(const std::filesystem::path& path) {
    const bool is_dash = (stdin_is_input && path == "/dev/stdin") || (stdout_is_output && path == "/dev/stdout");
    return is_dash ? "-" : path.string();
}

inline void print_version(const std::string& program) {
    std::printf("%s of lloyd %d.%d.%d\n", program.c_str(), LLOYD_VERSION_MAJOR, LLOYD_VERSION_MINOR,
                LLOYD_VERSION_PATCH);
}

/// What erases the line of progress on the terminal while there is one (progress.hpp), and "" otherwise.
inline std::atomic<const char*> eraser = "";

/// Prints a message on stderr, in one line. The program goes on. The message may contain names with any bytes.
inline void note(const std::string& message) {
    if (!is_quiet) std::fprintf(stderr, "%snote: %s\n", eraser.load(), printable(message).c_str());
}

/// Prints in one line on stderr why a program or its work on a photo ends. Returns the exit code.
inline int complain(const std::string& program, int code, std::string message, const std::string& lines = {}) {
    if (!message.starts_with(program + ": "))
        message.insert(0, program + ": ");  // a library function may have that name
    std::fprintf(stderr, "%s%s\n%s", eraser.load(), printable(message).c_str(), lines.c_str());
    return code;
}

/// The same for the exception that is being handled: the exit code of a failure, 2 for input that the library refuses
/// (std::invalid_argument), 1 for any other. A message that does not name `photo` gets it in front.
inline int complain_of_exception(const std::string& program, const std::string& photo = {}) {
    const auto about = [&photo](const std::string& message) {
        return message.find(photo) != message.npos ? message : photo + ": " + message;
    };
    try {
        throw;
    } catch (const failure& error) {
        return complain(program, error.exit_code, about(error.what()), error.lines);
    } catch (const std::invalid_argument& error) {
        return complain(program, usage, about(error.what()));
    } catch (const std::bad_alloc&) {
        return complain(program, unforeseen, about("out of memory; try a smaller photo"));
    } catch (const std::exception& error) {
        return complain(program, unforeseen, about(error.what()));
    }
}

#if defined(_WIN32)
/// Makes the standard streams take bytes as they are, and consoles show UTF-8. (Elsewhere they do.)
void prepare_streams();
#else
/// A closed pipe, or a file that grows too large, then makes write() fail and does not end the process.
inline void prepare_streams() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}
#endif

/// Runs `body`, and then checks that all its output on stdout was written. Returns the exit code for main.
template <class Body>
int run_main(const char* program, Body body) {
    prepare_streams();
    try {
        body();
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
            return complain(program, unwritable, "cannot write to standard output; check its target");
        return 0;
    } catch (const std::exception&) {
        return complain_of_exception(program);
    }
}

/// The same for a program without options. `words` are its name and what follows it: "hello [photo.jpg]". If the first word
/// is --help or -h, they are printed, after --version the version, and `body` does not run.
template <class Body>
int run_main(const std::string& words, int argc, const char* const* argv, Body body) {
    const std::string name = words.substr(0, words.find(' ')), first = argc > 1 ? argv[1] : "";
    return run_main(name.c_str(), [&] {
        if (first == "--version") return print_version(name);
        if (first != "--help" && first != "-h") return body();
        std::printf("usage: %s\n", words.c_str());
    });
}

}  // namespace cli
