// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// mpi_kmeans: clusters a file of points that may be too large for one machine. Each rank reads its part of the file once.
/// An iteration sends only sums.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <lloyd/cluster_sums.hpp>
#include <lloyd/kmeans.hpp>

#include "../command_line.hpp"
#include "../files.hpp"
#include "point_file.hpp"
#include "world.hpp"

namespace {

enum class element { real32, real64, whole8, whole16 };

struct settings {
    std::filesystem::path points, output;
    element type = element::real32;
    int channels = 3;
    int k = 8;
    int max_iterations = 100;
    int sample = 20000;
    int threads = 1;
    std::uint64_t seed = 0;
};

bool parse(int argc, char** argv, settings& s) {
    constexpr int any = std::numeric_limits<int>::max();
    cli::command_line line("mpi_kmeans", "Clusters the points of a file, which many processes share.");
    line.positional("points", s.points, "a file of numbers only, point after point");
    line.option(
        "--type", s.type,
        {{"float", element::real32}, {"double", element::real64}, {"u8", element::whole8}, {"u16", element::whole16}},
        "type of the numbers");
    line.option("-d", s.channels, 1, 1 << 20, "numbers in each point");
    line.option("-k K", s.k, 1, any, "number of clusters");
    line.option("-o", s.output, "a text file to write centers and weights to (default: none)");
    line.option("--max-iterations", s.max_iterations, 1, any, "the largest number of steps");
    line.option("--sample", s.sample, 1, any, "number of points in the sample for the first centers");
    line.option("--seed", s.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
    line.option("--threads", s.threads, 0, any,
                "threads of each process; 0 uses all available CPUs; the result does not depend on it");
    if (!line.parse(argc, argv)) return false;
    if (s.points.empty()) throw cli::failure(cli::usage, "there is no file of points; give its path");
    if (mpi::rank() == 0 && !s.output.empty()) io::require_writable(s.output);
    return true;
}

/// Checks, before any work or allocation, that the file has the same length on every rank and enough points for k centers.
template <class T>
void check(const io::point_file<T>& file, const settings& s) {
    const auto size = std::to_string(file.size()) + " points on rank ";
    mpi::require_same(std::to_string(file.size()), [&](const std::string& of_first) {
        file.fail("it has " + size + std::to_string(mpi::rank()) + ", but " + of_first +
                  " on rank 0; give all ranks the same file");
    });
    mpi::together([&] {
        if (file.size() < s.k)
            throw cli::failure(cli::usage, "-k is " + std::to_string(s.k) + ", but there are only " +
                                               std::to_string(file.size()) + " points");
        mpi::count_of(static_cast<std::size_t>(s.k) * (static_cast<std::size_t>(s.channels) + 2));
    });
}

/// The centers of a sample of points, spread evenly over the file: the same for any number of ranks.
template <class T>
lloyd::image<double> first_centers(io::point_file<T>& file, const settings& s) {
    const auto n = (std::min)(file.size(), std::ptrdiff_t{(std::max)(s.sample, s.k)});
    lloyd::image<T> sample(n, 1, s.channels);
    for (std::ptrdiff_t i = 0; i < n; ++i)
        file.read(i * (file.size() / n) + i * (file.size() % n) / n, sample.crop(i, 0, 1, 1));
    return lloyd::kmeans(sample, s.k, {.seed = s.seed}).centers;
}

/// The points of this rank.
template <class T>
lloyd::image<T> my_points(io::point_file<T>& file, int channels) {
    const auto share = file.size() / mpi::size(), rest = file.size() % mpi::size();
    const std::ptrdiff_t rank = mpi::rank();
    lloyd::image<T> points(share + (rank < rest), 1, channels);
    file.read(rank * share + (std::min)(rank, rest), points);
    return points;
}

std::string to_text(const lloyd::cluster_sums<>& sums) {
    std::string text;
    char number[32];
    for (std::ptrdiff_t j = 0; j < sums.size(); ++j) {
        for (const double coordinate : sums.centers()(j, 0)) {
            std::snprintf(number, sizeof number, "%.17g ", coordinate);
            text += number;
        }
        std::snprintf(number, sizeof number, "%.17g\n", sums.weights()[static_cast<std::size_t>(j)]);
        text += number;
    }
    return text;
}

/// Runs `work` on every rank. If the library refuses the numbers of the file, the failure names the file.
template <class T, class Work>
void together_on(const io::point_file<T>& file, const Work& work) {
    mpi::together([&] {
        try {
            work();
        } catch (const std::invalid_argument& error) {
            file.fail("it contains points that cannot be clustered (rank " + std::to_string(mpi::rank()) +
                      "): " + error.what());
        }
    });
}

/// Lloyd's algorithm. Every rank does the same with its own points. It stops when compactness no longer falls.
template <class T>
void cluster(io::point_file<T>& file, const settings& s) {
    check(file, s);
    lloyd::image<double> centers;
    lloyd::image<T> points;
    together_on(file, [&] {
        centers = mpi::rank() == 0 ? first_centers(file, s) : lloyd::image<double>(s.k, 1, s.channels);
        points = my_points(file, s.channels);
        file.require_unchanged();
    });
    mpi::broadcast(centers.elements());

    const auto step = [&](const lloyd::image<double>& from) {
        lloyd::cluster_sums sums;
        together_on(file, [&] { sums.accumulate(points, from, {.threads = s.threads}); });
        mpi::add_up(sums.numbers());
        return sums;
    };
    auto sums = step(centers);
    int iterations = 0;
    for (bool falls = true; falls && iterations < s.max_iterations; ++iterations) {
        auto next = step(sums.means());
        falls = next.compactness() < sums.compactness();
        sums = std::move(next);
    }

    if (mpi::rank() != 0) return;
    std::printf("points       %td on %d ranks\n", file.size(), mpi::size());
    std::printf("compactness  %.17g\n", sums.compactness());
    std::printf("iterations   %d\n", iterations);
    if (!s.output.empty()) io::write_file(s.output, to_text(sums));
}

template <class T>
void cluster_file(const settings& s) {
    std::optional<io::point_file<T>> file;
    mpi::together([&] { file.emplace(s.points, s.channels); });
    cluster(*file, s);
}

void run(int argc, char** argv) {
    settings s;
    if (!mpi::parse_options(argc, argv, [&] { return parse(argc, argv, s); })) return;
    switch (s.type) {
        case element::real32: return cluster_file<float>(s);
        case element::real64: return cluster_file<double>(s);
        case element::whole8: return cluster_file<std::uint8_t>(s);
        case element::whole16: return cluster_file<std::uint16_t>(s);
    }
}

}  // namespace

int main(int argc, char** argv) { return mpi::run_main("mpi_kmeans", argc, argv, run); }
