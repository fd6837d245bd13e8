// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a program does as one of many, on MPI: it learns its rank, fails for all when it fails, and reads its options
/// like the others.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

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

/// Calls parse() on rank 0 first: what is wrong with the options, and the help, is told once. False after the help.
template <class Parse>
bool parse_options(const Parse& parse) {
    int goes_on = rank() == 0 ? parse() : 0;
    MPI_Bcast(&goes_on, 1, MPI_INT, 0, MPI_COMM_WORLD);
    if (rank() != 0 && goes_on != 0) parse();
    return goes_on != 0;
}

/// cli::run_main on every rank. One that fails says why, and ends the job: the others would wait for it.
template <class Body>
int run_main(const char* program, int argc, char** argv, const Body& body) {
    MPI_Init(&argc, &argv);
    const int exit_code = cli::run_main(program, [&] { body(argc, argv); });
    if (exit_code != 0) MPI_Abort(MPI_COMM_WORLD, exit_code);
    MPI_Finalize();
    return exit_code;
}

}  // namespace mpi
