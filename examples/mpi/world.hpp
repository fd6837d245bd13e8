// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A program as one of many processes on MPI: its rank, failures that end all ranks together, and options that are the same
/// on all ranks.
#pragma once

#include <cstddef>
#include <exception>
#include <limits>
#include <new>
#include <span>
#include <stdexcept>
#include <string>

#include <mpi.h>

#include "../program.hpp"

namespace mpi {

inline int rank() {
    int result;
    MPI_Comm_rank(MPI_COMM_WORLD, &result);
    return result;
}

inline int size() {
    int result;
    MPI_Comm_size(MPI_COMM_WORLD, &result);
    return result;
}

/// MPI counts in int.
inline int count_of(std::size_t count) {
    if (count > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw cli::failure(cli::usage,
                           std::to_string(count) + " numbers are too many for one message; take a smaller -k");
    return static_cast<int>(count);
}

/// Copies the numbers of rank 0 to all ranks.
inline void broadcast(std::span<double> numbers) {
    MPI_Bcast(numbers.data(), count_of(numbers.size()), MPI_DOUBLE, 0, MPI_COMM_WORLD);
}

/// Replaces each number by its sum over all ranks. All ranks get the same sums.
inline void add_up(std::span<double> numbers) {
    MPI_Allreduce(MPI_IN_PLACE, numbers.data(), count_of(numbers.size()), MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

/// Ends the program on all ranks together. The reason is empty on all ranks except the one that prints it.
struct common_failure {
    int exit_code;
    std::string reason;
};

/// Runs `work` on this rank, and waits until the other ranks have run theirs. If it fails on any rank, all ranks throw
/// common_failure, with the exit code and the reason of the first rank that failed.
template <class Work>
void together(const Work& work) {
    common_failure own{0, {}};
    try {
        work();
    } catch (const cli::failure& error) {
        own = {error.exit_code, error.what()};
    } catch (const std::invalid_argument& error) {
        own = {cli::usage, error.what()};
    } catch (const std::bad_alloc&) {
        own = {cli::unforeseen, "out of memory on rank " + std::to_string(rank()) + "; take more ranks"};
    } catch (const std::exception& error) {
        own = {cli::unforeseen, error.what()};
    }
    int first = own.exit_code == 0 ? size() : rank();
    MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    if (first == size()) return;
    if (rank() != first) own.reason.clear();
    MPI_Bcast(&own.exit_code, 1, MPI_INT, first, MPI_COMM_WORLD);
    throw own;
}

/// The text of rank 0.
inline std::string text_of_first(std::string text) {
    auto length = static_cast<int>(text.size());
    MPI_Bcast(&length, 1, MPI_INT, 0, MPI_COMM_WORLD);
    text.resize(static_cast<std::size_t>(length));
    MPI_Bcast(text.data(), length, MPI_CHAR, 0, MPI_COMM_WORLD);
    return text;
}

/// Throws common_failure unless `text` is the same on all ranks. On ranks with another text, complain(text of rank 0) must
/// throw the reason.
template <class Complain>
void require_same(const std::string& text, const Complain& complain) {
    const auto of_first = text_of_first(text);
    together([&] {
        if (text != of_first) complain(of_first);
    });
}

/// Calls parse() on rank 0, and then on the others, so that an error or the help is printed once. Returns false after the
/// help. Throws common_failure if the arguments differ between ranks, or if parse() fails on any rank.
template <class Parse>
bool parse_options(int argc, const char* const* argv, const Parse& parse) {
    std::string words;
    for (int i = 1; i < argc; ++i) words.append(argv[i]).push_back('\0');
    require_same(words, [](const std::string&) {
        throw cli::failure(cli::usage, "rank " + std::to_string(rank()) +
                                           " has other arguments than rank 0; give all ranks the same");
    });
    int goes_on = 0;
    together([&] { goes_on = rank() == 0 && parse(); });
    MPI_Bcast(&goes_on, 1, MPI_INT, 0, MPI_COMM_WORLD);
    together([&] {
        if (rank() != 0 && goes_on != 0) parse();
    });
    return goes_on != 0;
}

/// cli::run_main on every rank. One rank prints the reason of a common failure. A rank that fails alone prints its reason and
/// ends the job, because the others would wait for it.
template <class Body>
int run_main(const char* program, int argc, char** argv, const Body& body) {
    MPI_Init(&argc, &argv);
    int common = 0;
    const int own = cli::run_main(program, [&] {
        try {
            body(argc, argv);
        } catch (const common_failure& failure) {
            common = failure.exit_code;
            if (!failure.reason.empty()) throw cli::failure(failure.exit_code, failure.reason);
        }
    });
    if (own != 0 && common == 0) MPI_Abort(MPI_COMM_WORLD, own);
    MPI_Finalize();
    return common != 0 ? common : own;
}

}  // namespace mpi
