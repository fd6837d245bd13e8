// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What one attempt of kmeans takes with ten iterations and with up to a hundred, by K: from a picture in memory to labels,
/// on one thread. Each argument is a picture, or a folder of pictures. Output is a Markdown table: of each picture the least
/// processor time of three rounds counts; of a folder the medians over its pictures.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <limits>
#include <vector>

#include <lloyd/kmeans.hpp>

#include "image_io.hpp"
#include "medians.hpp"

namespace {

using photo_type = lloyd::image<std::uint8_t, 3>;

constexpr int max_iterations[] = {10, 100};

std::vector<photo_type> read_pictures(const std::filesystem::path& path) {
    if (!std::filesystem::is_directory(path)) return {io::read_rgb(path)};
    std::vector<photo_type> pictures;
    for (const auto& entry : std::filesystem::directory_iterator(path))
        if (entry.path().extension() == ".png" || entry.path().extension() == ".jpg")
            pictures.push_back(io::read_rgb(entry.path()));
    return pictures;
}

void print_row(const std::filesystem::path& path, const std::vector<photo_type>& pictures, int k) {
    std::vector<double> times[2], ratios;
    for (const auto& picture : pictures) {
        double least[2];
        std::fill_n(&least[0], 2, std::numeric_limits<double>::max());
        for (int round = 0; round < 3; ++round)
            for (std::size_t i = 0; i < 2; ++i)
                least[i] = std::min(
                    least[i], bench::milliseconds_of(1, [&] {
                        lloyd::kmeans(picture, k,
                                      {.max_iterations = max_iterations[i], .epsilon = 0, .seed = 42, .threads = 1});
                    }));
        for (std::size_t i = 0; i < 2; ++i) times[i].push_back(least[i]);
        ratios.push_back(least[1] / least[0]);
    }
    std::printf("| %s | %d | %.1f | %.1f | %.2f |\n", path.stem().string().c_str(), k, bench::median(times[0]),
                bench::median(times[1]), bench::median(ratios));
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) try {
    std::printf("| pictures | K | ms, 10 iterations | ms, up to 100 | times as long |\n|---|---|---|---|---|\n");
    for (int i = 1; i < argc; ++i) {
        const std::filesystem::path path = argv[i];
        const auto pictures = read_pictures(path);
        for (const int k : {3, 8, 16, 64, 256}) print_row(path, pictures, k);
    }
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_iterations: %s\n", error.what());
    return 1;
}
