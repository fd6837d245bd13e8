// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// elbow: estimates the number of colours of a photo by the elbow of its WCSS curve.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>

#include <unistd.h>

#include <lloyd/color_histogram.hpp>
#include <lloyd/elbow.hpp>

#include "command_line.hpp"
#include "elbow_plot.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "output_files.hpp"
#include "printable.hpp"
#include "program.hpp"
#include "visible_pixels.hpp"

namespace {

struct settings {
    std::string photo = LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg";
    std::string output = "elbow.svg";
    bool csv = false, json = false, draws = true;
    int megapixels = io::default_megapixels;
    lloyd::elbow_options elbow = {.kmeans = {.attempts = 5, .threads = 0}};
};

bool parse(int argc, char** argv, settings& s) {
    constexpr int any = std::numeric_limits<int>::max();
    cli::command_line line("elbow", "Clusters the colours of a photo for each K, draws the curve of WCSS, and "
                                    "prints the K that each method suggests.");
    line.positional("photo", s.photo, "a PNG, JPEG, BMP or PNM file (default: the bundled mountain-768.jpg)");
    line.option("--k-min", s.elbow.k_min, 1, 256, "the first K");
    line.option("--k-max", s.elbow.k_max, 1, 256, "the last K");
    line.option("-o", s.output, "the SVG drawing to write");
    line.flag("--csv", s.csv, "print only the curve, as CSV; draw only if -o is given");
    json::declare(line, s.json);
    line.option("--attempts", s.elbow.kmeans.attempts, 1, any, "runs for each K; the best one is kept");
    line.option("--max-iterations", s.elbow.kmeans.max_iterations, 1, any, "the largest number of steps in an attempt");
    line.option("--seed", s.elbow.kmeans.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
    line.option("--threads", s.elbow.kmeans.threads, 0, any,
                "number of threads; 0 uses all available CPUs; the result does not depend on it");
    line.option("--max-pixels", s.megapixels, 1, 1024, "the largest number of pixels in a photo, in millions");
    if (!line.parse(argc, argv)) return false;
    line.refuse_both("--csv", "--json");
    s.draws = !s.csv || line.is_given("-o");
    if (s.draws) io::require_extension(s.output, ".svg");
    return true;
}

/// Rewrites one line on the terminal after each iteration. (With a progress callback, attempts run one after another.)
bool show_progress(const lloyd::kmeans_progress& step) {
    std::fprintf(stderr, "\r\33[KK = %d, attempt %d, iteration %d", step.k, step.attempt, step.iteration);
    return true;
}

void print_csv(const lloyd::elbow_result<3>& sweep) {
    std::printf("k,wcss\n");
    for (const auto& [k, wcss] : sweep.curve) std::printf("%d,%.17g\n", k, wcss);
}

void print_table(const lloyd::elbow_result<3>& sweep) {
    std::printf("  K  WCSS\n");
    for (const auto& [k, wcss] : sweep.curve) std::printf("%3d  %.6g%s\n", k, wcss, sweep.knee == k ? "  <- knee" : "");
    std::printf("\n");
    for (const auto& [name, suggestion] : plots::named(sweep.suggestions))
        if (suggestion.k)
            std::printf("K = %-3d  strength %.2f  %s\n", *suggestion.k, suggestion.strength, name);
        else
            std::printf("no K                    %s\n", name);
    if (sweep.knee)
        std::printf("knee      K = %d\n", *sweep.knee);
    else if (const auto lean = plots::majority(sweep.suggestions); !lean.empty())
        std::printf("knee      no clear knee; %s\n", lean.c_str());
    else
        std::printf("knee      no clear knee\n");
}

/// The K at which WCSS becomes 0. This alone does not mean that there are so many groups of colours.
void print_color_count(std::ptrdiff_t colors) {
    std::printf("%td different colour%s; WCSS is 0 from K = %td\n", colors, colors == 1 ? "" : "s", colors);
}

void print_json(const settings& s, const pictures::visible_pixels& photo, const lloyd::elbow_result<3>& sweep) {
    const auto curve = json::array(sweep.curve, [](const auto& point) {
        return json::object{{"k", point.k}, {"wcss", point.wcss}};
    });
    const auto suggestions = json::array(plots::named(sweep.suggestions), [](const auto& method) {
        const auto& [k, strength] = method.suggestion;
        return json::object{{"method", method.name}, {"k", k}, {"strength", strength}};
    });
    json::print(json::object{{"input", s.photo},
                             {"output", s.output},
                             {"width", photo.width()},
                             {"height", photo.height()},
                             {"colors", lloyd::color_histogram(photo.colors()).size()},
                             {"curve", curve},
                             {"knee", sweep.knee},
                             {"suggestions", suggestions}});
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    if (s.draws) io::require_writable(s.output);
    if (s.json) io::require_free_stdout({s.output});
    const auto photo = pictures::read_visible(s.photo, s.megapixels);

    const bool on_terminal = isatty(STDERR_FILENO) != 0;
    if (on_terminal) s.elbow.kmeans.progress = show_progress;
    const auto sweep = lloyd::elbow_sweep(photo.colors(), s.elbow);
    if (on_terminal) std::fprintf(stderr, "\r\33[K");

    const auto name = std::filesystem::path(s.photo).filename().string();
    if (s.draws) io::write_file(s.output, plots::elbow_svg(name, sweep.curve, sweep.knee, sweep.suggestions));
    if (s.csv) return print_csv(sweep);
    if (s.json) return print_json(s, photo, sweep);
    print_table(sweep);
    if (sweep.curve.back().wcss == 0) print_color_count(lloyd::color_histogram(photo.colors()).size());
    std::printf("written   %s\n", cli::printable(s.output).c_str());
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("elbow", [&] { run(argc, argv); });
}
