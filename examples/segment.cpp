// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// segment: segments a photo into its k main colours.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "printable.hpp"
#include "program.hpp"
#include "segment_steps.hpp"

namespace {

struct settings {
    std::string photo = LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg";
    std::string output = "segmented.png";
    std::string mask;
    int k = 3;
    int megapixels = io::default_megapixels;
    segment_steps::alpha_use alpha = segment_steps::alpha_use::weigh;
    lloyd::image<std::uint8_t, 3> fixed;
    lloyd::segment_options segment = {.kmeans = {.attempts = 5, .threads = 0}};
};

/// Sets `colors` to those in a text like "#1a2b3c,#ffffff". Returns a description of allowed texts if it is wrong.
std::string read_colors(std::string_view text, lloyd::image<std::uint8_t, 3>& colors) {
    std::vector<std::uint8_t> channels;
    std::set<unsigned> seen;
    for (std::size_t at = 0; at <= text.size(); at += 8) {
        const auto word = text.substr(at, 8);  // with the comma behind it
        const auto digits = word.substr(0, 7);
        unsigned color = 0;
        const bool is_color = digits.size() == 7 && digits[0] == '#' && (word.size() == 7 || word[7] == ',') &&
                              std::from_chars(digits.data() + 1, digits.data() + 7, color, 16).ptr == digits.data() + 7;
        if (!is_color) return "colours like #1a2b3c, with a comma between two";
        if (!seen.insert(color).second) return "different colours: " + std::string(digits) + " is there twice";
        for (const int shift : {16, 8, 0}) channels.push_back(static_cast<std::uint8_t>(color >> shift & 255));
    }
    colors = lloyd::image<std::uint8_t, 3>(std::ssize(seen), 1);
    std::ranges::copy(channels, colors.data());
    return {};
}

bool parse(int argc, char** argv, settings& s) {
    constexpr int any = std::numeric_limits<int>::max();
    auto& kmeans = s.segment.kmeans;
    cli::command_line line("segment",
                           "Segments a photo into its k main colours by K-Means, and recolours it with them.");
    line.positional("photo", s.photo, "a PNG, JPEG, BMP or PNM file (default: the bundled mountain-768.jpg)");
    line.option("-k", s.k, 1, 256, "number of colours");
    line.option("-o", s.output, "the picture to write: .png, .jpg, .bmp or .ppm");
    segment_steps::declare(line, s.segment.space, s.alpha);
    line.input("--mask", s.mask, "a gray picture of the photo's size that says how much each pixel counts");
    line.option(
        "--fixed", "'#rrggbb,...'", [&s](std::string_view text) { return read_colors(text, s.fixed); },
        "colours that stay as they are; the other colours are found beside them");
    line.option("--order", s.segment.order,
                {{"share", lloyd::segment_order::share}, {"lightness", lloyd::segment_order::lightness}},
                "the order of the colours: the largest share first, or the darkest colour first");
    line.option("--attempts", kmeans.attempts, 1, any, "runs from different seeds; the best one is kept");
    line.option("--init", kmeans.init, {{"plus-plus", lloyd::seeding::plus_plus}, {"random", lloyd::seeding::random}},
                "how the first colours are chosen");
    line.option("--max-iterations", kmeans.max_iterations, 1, any, "the largest number of steps in an attempt");
    line.option("--epsilon", kmeans.epsilon, 0, std::numeric_limits<double>::max(),
                "stop when no center moved farther than this, in units of the space");
    line.option("--seed", kmeans.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
    line.option("--threads", kmeans.threads, 0, any,
                "number of threads; 0 uses all available CPUs; the result does not depend on it");
    line.option("--max-pixels", s.megapixels, 1, 1024, "the largest number of pixels in a photo, in millions");
    if (!line.parse(argc, argv)) return false;
    if (s.fixed.size() > s.k)
        throw cli::failure(cli::usage, "--fixed has " + std::to_string(s.fixed.size()) + " colours, but -k is " +
                                           std::to_string(s.k) + "; raise -k, or leave colours out");
    return true;
}

/// Rewrites one line on the terminal after each iteration. (With a progress callback, attempts run one after another.)
bool show_progress(const lloyd::kmeans_progress& step) {
    std::fprintf(stderr, "\r\33[Kattempt %d, iteration %d: compactness %.6g", step.attempt, step.iteration,
                 step.compactness);
    return true;
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    io::require_writable_picture(s.output);
    auto photo = segment_steps::read(s.photo, s.megapixels, s.alpha);
    if (!s.mask.empty()) segment_steps::apply_mask(photo, s.mask, s.megapixels);

    const bool on_terminal = isatty(STDERR_FILENO) != 0;
    if (on_terminal) s.segment.kmeans.progress = show_progress;
    s.segment.weights = photo.weights;
    s.segment.fixed = s.fixed;
    const auto start = std::chrono::steady_clock::now();
    const auto segments = lloyd::segment(photo.colors, s.k, s.segment);
    const auto picture = segment_steps::painted(photo, segments);
    const auto time = segment_steps::milliseconds_since(start);
    if (on_terminal) std::fprintf(stderr, "\r\33[K");

    io::write(s.output, picture);
    segment_steps::print_palette(segments);
    if (const auto empty = std::ranges::count(segments.shares, 0.0); empty > 0)
        std::printf("empty        %td of %d segments have no pixels that count\n", empty, s.k);
    std::printf("compactness  %.6g\n", segments.compactness / (photo.weights.empty() ? 1 : 255));
    std::printf("iterations   %d%s\n", segments.iterations, segments.converged ? "" : " (the maximum)");
    std::printf("time         %.1f ms\n", time);
    std::printf("written      %s\n", cli::printable(s.output).c_str());
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("segment", [&] { run(argc, argv); });
}
