// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What segment costs in each space, and with weights of pixels, beside segment in RGB without weights, on photographs.
///
/// The two take turns, and each round has another seed. A row gives medians over the rounds: of times, of their ratios, of
/// iterations and of compactness. Output is a Markdown table.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "medians.hpp"
#include "program.hpp"

namespace {

using bench::median;
using bench::milliseconds_of;
using lloyd::color_space;
using u8 = std::uint8_t;
using photo_type = lloyd::image<u8, 3>;
using weights_type = lloyd::image<u8, 1>;

struct settings {
    int k = 8;
    int rounds = 9;
    int iterations = 10;
    int threads = 1;
};

struct measured {
    std::vector<double> times, iterations, compactness;

    void run(const photo_type& photo, int k, const lloyd::segment_options& options) {
        lloyd::segmentation s;
        times.push_back(milliseconds_of(options.kmeans.threads, [&] { s = lloyd::segment(photo, k, options); }));
        iterations.push_back(s.iterations);
        compactness.push_back(s.compactness);
    }
};

class comparison {
public:
    comparison(const std::string& path, const settings& with)
        : name_(std::filesystem::path(path).stem().string()), photo_(io::read_rgb(path)), with_(with) {}

    const photo_type& photo() const { return photo_; }

    /// One row: options.kmeans is that of the settings.
    void compare(const char* what, lloyd::segment_options options) const {
        measured ours, plain;
        std::vector<double> ratios;
        for (int round = 0; round < with_.rounds; ++round) {
            options.kmeans = {.max_iterations = with_.iterations,
                              .seed = static_cast<std::uint64_t>(round),
                              .threads = with_.threads};
            plain.run(photo_, with_.k, {.kmeans = options.kmeans});
            ours.run(photo_, with_.k, options);
            ratios.push_back(ours.times.back() / plain.times.back());
        }
        std::printf("| %s | %s | %.1f | %.1f | %.2f | %.0f | %.0f | %.6g |\n", name_.c_str(), what, median(ours.times),
                    median(plain.times), median(ratios), median(ours.iterations), median(plain.iterations),
                    median(ours.compactness));
        std::fflush(stdout);
    }

private:
    std::string name_;
    photo_type photo_;
    settings with_;
};

/// One weight for each pixel, of its place: of(x, y), from 0 to 1 on both axes.
template <class Of>
weights_type weights_of(const photo_type& photo, Of of) {
    weights_type weights(photo.width(), photo.height());
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
            weights(x, y)[0] = static_cast<u8>(of(static_cast<double>(x) / static_cast<double>(photo.width()),
                                                  static_cast<double>(y) / static_cast<double>(photo.height())));
    return weights;
}

/// The next of a sequence of 32-bit numbers without pattern (a linear congruence, its upper half).
class noise {
public:
    std::uint32_t next() {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::uint32_t>(state_ >> 32);
    }

private:
    std::uint64_t state_ = 1;
};

void compare_all(const std::string& path, const settings& with) {
    const comparison rows(path, with);
    rows.compare("rgb again", {});
    rows.compare("hsv_cone", {.space = color_space::hsv_cone});
    rows.compare("lab", {.space = color_space::lab});
    rows.compare("oklab", {.space = color_space::oklab});

    const auto disc = weights_of(rows.photo(), [](double x, double y) {
        return (x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5) < 0.16 ? 255 : 0;
    });
    rows.compare("mask: a disc", {.weights = disc});
    noise random;
    const auto half = weights_of(rows.photo(), [&](double, double) { return random.next() % 2 == 0 ? 255 : 0; });
    rows.compare("mask: every second pixel, at random", {.weights = half});
    const auto slope = weights_of(rows.photo(), [](double x, double) { return 256 * x; });
    rows.compare("weights: 0 to 255 from left to right", {.weights = slope});
    const auto any = weights_of(rows.photo(), [&](double, double) { return random.next() % 256; });
    rows.compare("weights: 0 to 255 at random", {.weights = any});
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_spaces", [&] {
        std::vector<std::filesystem::path> photos{LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg",
                                                  LLOYD_EXAMPLE_DATA_DIR "/brushes-683.jpg"};
        settings with;
        bool to_convergence = false;
        cli::command_line line("bench_spaces", "Compares the spaces and the weights of segment on photos.");
        line.positional("photo", photos, "pictures (default: the two of the examples)");
        line.option("-k K", with.k, 1, 256, "number of segments");
        line.option("--iterations", with.iterations, 1, 1000, "at most");
        line.flag("--to-convergence", to_convergence, "as many iterations as it takes");
        line.option("--rounds", with.rounds, 1, 1000, "each with another seed; medians count");
        line.option("--threads", with.threads, 0, 1024, "0: all");
        if (!line.parse(argc, argv)) return;
        if (to_convergence) with.iterations = std::numeric_limits<int>::max();
        std::printf("| photo | segment with | ms | rgb ms | times as long | iterations | of rgb | compactness |\n"
                    "|---|---|---|---|---|---|---|---|\n");
        for (const auto& photo : photos) compare_all(photo, with);
    });
}
