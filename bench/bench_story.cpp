// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Ten steps in ten lines: milliseconds of lloyd, of a plain loop and of OpenCV, one thread each, summed over the photos.
///
/// The three take turns, the rival first; each time is the median of the rounds, in the processor's time. OpenCV wants
/// float pixels for K-Means: converting to them is not counted. malloc keeps all that it is given back, which suits OpenCV
/// best. Without OpenCV its columns are empty.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <benchmark/benchmark.h>

#include <lloyd/canny.hpp>
#include <lloyd/color.hpp>
#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/regions.hpp>
#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "medians.hpp"
#include "plain.hpp"
#include "plain_colors.hpp"
#include "plain_edges.hpp"
#include "plain_regions.hpp"
#include "printable.hpp"
#include "program.hpp"
#ifdef LLOYD_BENCH_OPENCV
#include "compare/story_rivals.hpp"
#else
#include "story_without_rivals.hpp"
#endif

namespace {

using bench::gray_type;
using bench::photo_type;

/// As in the tutorials: ten attempts of nine updates, until no center moves farther than 1.
lloyd::kmeans_options usual(int attempts) { return {.attempts = attempts, .max_iterations = 9, .epsilon = 1.0}; }

/// The same in plain loops over all pixels. Returns the compactness.
double plain_kmeans(const photo_type& photo, int k, int attempts) {
    double best = std::numeric_limits<double>::infinity();
    for (int attempt = 0; attempt < attempts; ++attempt) {
        auto centers = bench::plain_seeds(photo.data(), photo.size(), k);
        double compactness = 0, shift = 2;
        for (int i = 0; i < 9 && shift > 1; ++i)
            compactness = bench::plain_step(
                photo.data(), photo.size(), [](std::ptrdiff_t) { return 1.0; }, centers, shift);
        best = std::min(best, compactness);
    }
    return best;
}

/// What the steps read and write, for one photo.
struct subject {
    explicit subject(const std::filesystem::path& path)
        : photo(io::read_rgb(path)),
          hsv(lloyd::rgb_to_hsv(photo)),
          gray(lloyd::rgb_to_gray(photo)),
          labels(lloyd::segment(photo, 8).labels),
          color_out(photo.width(), photo.height()),
          gray_out(photo.width(), photo.height()),
          theirs(photo, hsv, gray, labels) {}

    photo_type photo, hsv;
    gray_type gray;
    lloyd::image<std::uint8_t, 1> labels;
    photo_type color_out;
    gray_type gray_out;
    bench::hsv_tables factors;
    bench::story_rivals theirs;
};

/// A way to do a step. Returns the compactness, or 0 where there is none.
using way = std::function<double(subject&)>;

template <class Work>
way without_compactness(Work work) {
    return [work](subject& on) {
        if constexpr (std::is_void_v<decltype(work(on))>) {
            work(on);
        } else {
            auto result = work(on);
            benchmark::DoNotOptimize(&result);
        }
        return 0.0;
    };
}

struct step {
    const char* name;
    int rounds;
    way lloyd, plain, rival;
};

std::vector<step> color_steps() {
    return {{"RGB to HSV", 15, without_compactness([](subject& on) { lloyd::rgb_to_hsv(on.photo, on.color_out); }),
             without_compactness([](subject& on) {
                 bench::for_each_pixel(on.photo, on.color_out, [&](const std::uint8_t* from, std::uint8_t* to) {
                     bench::plain_hsv(from, to, on.factors);
                 });
             }),
             without_compactness([](subject& on) { on.theirs.rgb_to_hsv(); })},
            {"HSV to RGB", 15, without_compactness([](subject& on) { lloyd::hsv_to_rgb(on.hsv, on.color_out); }),
             without_compactness([](subject& on) { bench::for_each_pixel(on.hsv, on.color_out, bench::plain_rgb); }),
             without_compactness([](subject& on) { on.theirs.hsv_to_rgb(); })},
            {"RGB to gray", 15, without_compactness([](subject& on) { lloyd::rgb_to_gray(on.photo, on.gray_out); }),
             without_compactness([](subject& on) { bench::for_each_pixel(on.photo, on.gray_out, bench::plain_gray); }),
             without_compactness([](subject& on) { on.theirs.rgb_to_gray(); })}};
}

std::vector<step> edge_steps() {
    return {{"blur, 5x5", 15, without_compactness([](subject& on) { return lloyd::gaussian_blur(on.gray, 5, 0); }),
             without_compactness([](subject& on) { return bench::plain_blur(on.gray); }),
             without_compactness([](subject& on) { on.theirs.blur(); })},
            {"gradient (OpenCV: without magnitude)", 15,
             without_compactness([](subject& on) { return lloyd::sobel(on.gray, 3, lloyd::gradient_norm::l1); }),
             without_compactness([](subject& on) { return bench::plain_sobel(on.gray); }),
             without_compactness([](subject& on) { on.theirs.gradient(); })},
            {"Canny, no blur", 15,
             without_compactness([](subject& on) { return lloyd::canny(on.gray, 150, 200, {.sigma = 0}); }),
             without_compactness([](subject& on) {
                 return bench::plain_trace(
                     lloyd::double_threshold(bench::plain_suppress(bench::plain_sobel(on.gray)), 150, 200));
             }),
             without_compactness([](subject& on) { on.theirs.canny(); })}};
}

std::vector<step> clustering_steps() {
    return {
        {"K-Means, K = 8, 1 attempt", 5, [](subject& on) { return lloyd::kmeans(on.photo, 8, usual(1)).compactness; },
         [](subject& on) { return plain_kmeans(on.photo, 8, 1); }, [](subject& on) { return on.theirs.kmeans(8, 1); }},
        {"K-Means, K = 5, 10 attempts", 3,
         [](subject& on) { return lloyd::kmeans(on.photo, 5, usual(10)).compactness; },
         [](subject& on) { return plain_kmeans(on.photo, 5, 10); },
         [](subject& on) { return on.theirs.kmeans(5, 10); }},
        {"elbow, K = 1 to 10, 1 attempt", 3,
         [](subject& on) { return lloyd::elbow_sweep(on.photo, {.kmeans = usual(1)}).curve.back().wcss; },
         [](subject& on) {
             double last = 0;
             for (int k = 1; k <= 10; ++k) last = plain_kmeans(on.photo, k, 1);
             return last;
         },
         [](subject& on) {
             double last = 0;
             for (int k = 1; k <= 10; ++k) last = on.theirs.kmeans(k, 1);
             return last;
         }},
        {"regions of 8 labels", 5, without_compactness([](subject& on) { return lloyd::find_regions(on.labels); }),
         without_compactness([](subject& on) {
             lloyd::image<std::int32_t, 1> ids;
             bench::plain_areas(on.labels, ids);
         }),
         without_compactness([](subject& on) { on.theirs.regions(8); })}};
}

struct figures {
    double milliseconds = 0, compactness = 0;  // sums over the photos
};

struct line {
    const char* name;
    figures lloyd, plain, rival;
};

/// The three by turns.
line measure(const step& of, std::vector<subject>& photos) {
    line result{of.name, {}, {}, {}};
    for (auto& photo : photos) {
        const way* const ways[] = {&of.rival, &of.plain, &of.lloyd};
        figures* const sums[] = {&result.rival, &result.plain, &result.lloyd};
        std::vector<double> times[3];
        double compactness[3] = {};
        for (int round = 0; round < of.rounds; ++round)
            for (std::size_t i = 0; i < 3; ++i)
                times[i].push_back(bench::milliseconds_of(1, [&] { compactness[i] = (*ways[i])(photo); }));
        for (std::size_t i = 0; i < 3; ++i) {
            sums[i]->milliseconds += bench::median(times[i]);
            sums[i]->compactness += compactness[i];
        }
    }
    return result;
}

std::string number(const char* format, double value, bool there = true) {
    char text[32] = "-";
    if (there) std::snprintf(text, sizeof text, format, value);
    return text;
}

void print(const line& of) {
    const bool has_rival = bench::story_rivals::name[0] != '\0';
    const auto quality = of.lloyd.compactness / of.rival.compactness;
    std::printf("%-37s %9.2f %9.2f %9s %8s %12s\n", of.name, of.lloyd.milliseconds, of.plain.milliseconds,
                number("%.2f", of.rival.milliseconds, has_rival).c_str(),
                number("%.1f", of.rival.milliseconds / of.lloyd.milliseconds, has_rival).c_str(),
                number("%.3f", quality, has_rival && of.lloyd.compactness > 0).c_str());
    std::fflush(stdout);
}

std::string json(const line& of) {
    char text[400];
    std::snprintf(text, sizeof text,
                  "  {\"step\": \"%s\", \"lloyd_ms\": %.4f, \"plain_ms\": %.4f, \"rival_ms\": %.4f, "
                  "\"lloyd_compactness\": %.6g, \"rival_compactness\": %.6g}",
                  of.name, of.lloyd.milliseconds, of.plain.milliseconds, of.rival.milliseconds, of.lloyd.compactness,
                  of.rival.compactness);
    return text;
}

void run(int argc, char** argv) {
    std::vector<std::filesystem::path> paths{LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg",
                                             LLOYD_EXAMPLE_DATA_DIR "/brushes-683.jpg"};
    std::filesystem::path output = "bench.json";
    cli::command_line line("bench_story", "Times ten steps beside plain loops and OpenCV, one thread each.");
    line.positional("photo", paths, "pictures (default: the two of the examples)");
    line.option("-o", output, "the JSON file to write");
    if (!line.parse(argc, argv)) return;
    io::require_writable(output);
    bench::story_rivals::settle();
    std::vector<subject> photos(paths.begin(), paths.end());

    std::printf("%-37s %9s %9s %9s %8s %12s\n", "milliseconds, one thread", "lloyd", "plain", "OpenCV", "times as",
                "compactness,");
    std::printf("%-37s %9s %9s %9s %8s %12s\n", "", "", "loop", "", "fast", "of OpenCV's");
    std::string rows;
    for (const auto& steps : {color_steps(), edge_steps(), clustering_steps()})
        for (const auto& one : steps) {
            const auto measured = measure(one, photos);
            print(measured);
            rows += (rows.empty() ? "" : ",\n") + json(measured);
        }
    io::write_file(output,
                   std::string("{\"rival\": \"") + bench::story_rivals::name + "\", \"steps\": [\n" + rows + "\n]}\n");
    std::printf("written      %s\n", cli::printable(output.string()).c_str());
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_story", [&] { run(argc, argv); });
}
