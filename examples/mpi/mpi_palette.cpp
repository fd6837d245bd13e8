// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// mpi_palette: the work of `palette` in many processes. Each rank counts the colours of its own photos. Rank 0 merges the
/// counts and finds the palette. Each rank recolours its own photos.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <lloyd/color_histogram.hpp>

#include "../common_palette.hpp"
#include "../files.hpp"
#include "../photo_lists.hpp"
#include "../printable.hpp"
#include "world.hpp"

namespace {

using histogram = lloyd::color_histogram<3>;

void send(const histogram& colors, int to) {
    const auto size = mpi::count_of(static_cast<std::size_t>(colors.size()));
    MPI_Send(&size, 1, MPI_INT, to, 0, MPI_COMM_WORLD);
    MPI_Send(colors.colors().data(), 3 * size, MPI_UINT8_T, to, 0, MPI_COMM_WORLD);
    MPI_Send(colors.counts().data(), size, MPI_DOUBLE, to, 0, MPI_COMM_WORLD);
}

void receive_and_merge(histogram& colors, int from) {
    int size;
    MPI_Recv(&size, 1, MPI_INT, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    lloyd::image<std::uint8_t, 3> values(size, 1);
    std::vector<double> counts(static_cast<std::size_t>(size));
    MPI_Recv(values.data(), 3 * size, MPI_UINT8_T, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Recv(counts.data(), size, MPI_DOUBLE, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    colors.merge(values, counts);
}

/// Merges the colours of all ranks on rank 0, along a tree. No rank holds more than two histograms at a time.
void merge_to_first(histogram& colors) {
    for (int step = 1; step < mpi::size(); step *= 2) {
        if (mpi::rank() % (2 * step) != 0) return send(colors, mpi::rank() - step);
        if (mpi::rank() + step < mpi::size()) receive_and_merge(colors, mpi::rank() + step);
    }
}

std::string text_of(const std::vector<io::photo_paths>& photos) {
    std::string text;
    for (const auto& photo : photos) text += photo.from.string() + '\0' + photo.to.string() + '\0';
    return text;
}

void run(int argc, char** argv) {
    common_palette::settings s;
    s.kmeans.threads = 1;  // default: a machine often runs a rank on each core
    std::vector<io::photo_paths> photos;
    const auto parse = [&] {
        if (!common_palette::parse("mpi_palette", argc, argv, s)) return false;
        photos = io::list_photos(s.photos, s.directory);
        if (mpi::rank() == 0) common_palette::require_outputs(photos, s);
        return true;
    };
    if (!mpi::parse_options(argc, argv, parse)) return;
    mpi::require_same(text_of(photos), [](const std::string&) {
        throw cli::failure(cli::unreadable, "rank " + std::to_string(mpi::rank()) +
                                                " has other photos than rank 0; give all ranks the same files");
    });
    const auto each_of_mine = [&](const auto& use) {
        for (auto i = static_cast<std::size_t>(mpi::rank()); i < photos.size();
             i += static_cast<std::size_t>(mpi::size()))
            use(photos[i]);
    };

    cli::stopwatch times;
    histogram colors;
    mpi::together(
        [&] { each_of_mine([&](const auto& photo) { colors.add(common_palette::read(photo, s).colors()); }); });
    merge_to_first(colors);
    times.end("reading and counting");

    lloyd::kmeans_result<3> palette;
    mpi::together([&] {
        if (mpi::rank() != 0) return void(palette.centers = lloyd::image<double, 3>(s.k, 1));
        palette = common_palette::find(colors, s);
        io::make_directory(s.directory);
    });
    mpi::broadcast(palette.centers.elements());
    times.end("clustering");
    mpi::together([&] {
        io::make_directory(s.directory);  // rank 0 has made it, but perhaps on another disk
        each_of_mine([&](const auto& photo) { common_palette::paint(photo, palette.centers, s); });
    });
    times.end("painting and writing");
    if (mpi::rank() == 0) common_palette::report(palette, photos, times, s);
}

}  // namespace

int main(int argc, char** argv) { return mpi::run_main("mpi_palette", argc, argv, run); }
