// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a program does as one of many, on MPI: it learns its rank, fails together with the others, and reads the same
/// options as they do.
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

/// Rank 0's numbers become those of all.
inline void broadcast(std::span<double> numbers) {
    MPI_Bcast(numbers.data(), count_of(numbers.size()), MPI_DOUBLE, 0, MPI_COMM_WORLD);
}

/// Each number becomes the sum over all ranks, on each of them the same.
inline void add_up(std::span<double> numbers) {
    MPI_Allreduce(MPI_IN_PLACE, numbers.data(), count_of(numbers.size()), MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

/// What ends the program on all ranks at once. The reason is empty on all of them but the one that tells it.
struct common_failure {
    int exit_code;
    std::string reason;
};

/// Runs `work` on this rank, and waits for the others to run theirs. Where it fails on any, it fails on all of them:
/// throws common_failure, with the exit code and the reason of the first rank that failed.
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

/// The text that rank 0 has.
inline std::string text_of_first(std::string text) {
    auto length = static_cast<int>(text.size());
    MPI_Bcast(&length, 1, MPI_INT, 0, MPI_COMM_WORLD);
    text.resize(static_cast<std::size_t>(length));
    MPI_Bcast(text.data(), length, MPI_CHAR, 0, MPI_COMM_WORLD);
    return text;
}

/// Throws common_failure unless `text` is the same on all ranks. complain(text of rank 0) throws the reason on those
/// where it differs.
template <class Complain>
void require_same(const std::string& text, const Complain& complain) {
    const auto of_first = text_of_first(text);
    together([&] {
        if (text != of_first) complain(of_first);
    });
}

/// Calls parse() on rank 0, then on the others: what is wrong with the options, and the help, is told once. False after
/// the help. Throws common_failure unless all ranks were given the same words, and all can do with them what rank 0 can.
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

/// cli::run_main on every rank. What they failed at together, one of them tells. One that fails alone says why, and ends
/// the job: the others would wait for it.
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
