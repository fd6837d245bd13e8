// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// segment: segments a photo into its k main colours.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>

#include <unistd.h>

#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "printable.hpp"
#include "program.hpp"
#include "visible_pixels.hpp"

namespace {

struct settings {
    std::string photo = LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg";
    std::string output = "segmented.png";
    int k = 3;
    int megapixels = io::default_megapixels;
    lloyd::color_space space = lloyd::color_space::rgb;
    lloyd::kmeans_options kmeans = {.attempts = 5, .threads = 0};
};

bool parse(int argc, char** argv, settings& s) {
    constexpr int any = std::numeric_limits<int>::max();
    cli::command_line line("segment",
                           "Segments a photo into its k main colours by K-Means, and recolours it with them.");
    line.positional("photo", s.photo, "a PNG, JPEG, BMP or PNM file (default: a bundled photo)");
    line.option("-k", s.k, 1, 256, "number of colours");
    line.option("-o", s.output, "the picture to write: .png, .jpg, .bmp or .ppm");
    line.option("--space", s.space,
                {{"rgb", lloyd::color_space::rgb},
                 {"hsv", lloyd::color_space::hsv},
                 {"hsv_cone", lloyd::color_space::hsv_cone}},
                "colour space of the distances; red is one colour in rgb and hsv_cone");
    line.option("--attempts", s.kmeans.attempts, 1, any, "runs from different seeds; the best one is kept");
    line.option("--init", s.kmeans.init, {{"plus-plus", lloyd::seeding::plus_plus}, {"random", lloyd::seeding::random}},
                "how the first colours are chosen");
    line.option("--max-iterations", s.kmeans.max_iterations, 1, any, "the largest number of steps in an attempt");
    line.option("--epsilon", s.kmeans.epsilon, 0, std::numeric_limits<double>::max(),
                "stop when no center moved farther than this, in units of the space");
    line.option("--seed", s.kmeans.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
    line.option("--threads", s.kmeans.threads, 0, any,
                "number of threads; 0 uses all available CPUs; the result does not depend on it");
    line.option("--max-pixels", s.megapixels, 1, 1024, "the largest number of pixels in a photo, in millions");
    return line.parse(argc, argv);
}

/// Rewrites one line on the terminal after each iteration. (With a progress callback, attempts run one after another.)
bool show_progress(const lloyd::kmeans_progress& step) {
    std::fprintf(stderr, "\r\33[Kattempt %d, iteration %d: compactness %.6g", step.attempt, step.iteration,
                 step.compactness);
    return true;
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void print_palette(const lloyd::segmentation& segments) {
    for (std::ptrdiff_t j = 0; j < segments.palette.width(); ++j) {
        const auto color = segments.palette(j, 0);
        std::printf("#%02x%02x%02x  %5.1f %%\n", color[0], color[1], color[2],
                    100 * segments.shares[static_cast<std::size_t>(j)]);
    }
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    io::require_writable_picture(s.output);
    const auto photo = pictures::read_visible(s.photo, s.megapixels);

    const bool on_terminal = isatty(STDERR_FILENO) != 0;
    if (on_terminal) s.kmeans.progress = show_progress;
    const auto start = std::chrono::steady_clock::now();
    const auto segments = lloyd::segment(photo.colors(), s.k, {.space = s.space, .kmeans = s.kmeans});
    auto colors = lloyd::recolor(segments.labels, segments.palette);
    const auto time = milliseconds_since(start);
    if (on_terminal) std::fprintf(stderr, "\r\33[K");

    io::write(s.output, photo.painted(std::move(colors)));
    print_palette(segments);
    std::printf("compactness  %.6g\n", segments.compactness);
    std::printf("iterations   %d%s\n", segments.iterations, segments.converged ? "" : " (the maximum)");
    std::printf("time         %.1f ms\n", time);
    std::printf("written      %s\n", cli::printable(s.output).c_str());
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("segment", [&] { run(argc, argv); });
}
