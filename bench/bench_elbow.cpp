// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The elbow: what a sweep costs beside one kmeans at its last K, how compact each of its points is, what it says of
/// photographs, whole or the middle of them; and, with --palettes, how often each method finds the number of colours of
/// synthetic ones.
///
/// Sweep and kmeans take turns, and medians are compared. Output are Markdown tables.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>

#include "../tests/palettes.hpp"
#include "command_line.hpp"
#include "elbow_plot.hpp"
#include "image_io.hpp"
#include "medians.hpp"
#include "program.hpp"

namespace {

using bench::median;
using bench::milliseconds_of;

using photo_type = lloyd::image<std::uint8_t, 3>;
using sweep_type = lloyd::elbow_result<3>;

struct settings {
    lloyd::elbow_options elbow = {.kmeans = {.attempts = 3, .max_iterations = 30}};
    int rounds = 9;
    double megapixels = 0;
    int palette_seeds = 4;
    bool palettes = false;
};

/// The middle of a photo, in its proportions; all of it when that is no larger, or `megapixels` is 0.
photo_type middle_of(const photo_type& photo, double megapixels) {
    const double share = std::sqrt(megapixels * 1e6 / static_cast<double>(photo.size()));
    if (share == 0 || share >= 1) return photo;
    const auto shortened = [share](std::ptrdiff_t side) {
        return std::max(std::lround(share * static_cast<double>(side)), 1L);
    };
    const auto width = shortened(photo.width()), height = shortened(photo.height());
    return photo_type(photo.crop((photo.width() - width) / 2, (photo.height() - height) / 2, width, height));
}

/// How much less compact the worst point is than the best of ten attempts at its K.
struct comparison {
    double worst = 0;
    int k = 0;
};

comparison compare_points(const photo_type& photo, const sweep_type& sweep, lloyd::kmeans_options options) {
    options.attempts = 10;
    comparison result;
    for (const auto& [k, wcss] : sweep.curve) {
        const double of_best = wcss / lloyd::kmeans(photo, k, options).compactness;
        if (of_best > result.worst) result = {of_best, k};
    }
    return result;
}

std::string cell(const lloyd::suggestion& one) {
    char text[32];
    std::snprintf(text, sizeof text, "%d (%.2f)", one.k.value_or(0), one.strength);
    return one.k ? text : "–";
}

void print_photos(const std::vector<std::filesystem::path>& paths, const settings& with) {
    std::printf(
        "| photo | MP | sweep ms | kmeans ms | times as long | worst point, of a best of ten | knee | last drop | "
        "log-curvature | Calinski–Harabasz | Kneedle |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (const auto& path : paths) {
        const auto photo = middle_of(io::read_rgb(path), with.megapixels);
        std::vector<double> sweeps, single;
        const int threads = with.elbow.kmeans.threads;
        sweep_type sweep;
        for (int round = 0; round < with.rounds; ++round) {
            sweeps.push_back(milliseconds_of(threads, [&] { sweep = lloyd::elbow_sweep(photo, with.elbow); }));
            single.push_back(
                milliseconds_of(threads, [&] { lloyd::kmeans(photo, with.elbow.k_max, with.elbow.kmeans); }));
        }
        const auto worst = compare_points(photo, sweep, with.elbow.kmeans);
        const auto& says = sweep.suggestions;
        std::printf("| %s | %.1f | %.1f | %.1f | %.2f | %.3f at K = %d | %s | %s | %s | %s | %s |\n",
                    std::filesystem::path(path).stem().string().c_str(), static_cast<double>(photo.size()) / 1e6,
                    median(sweeps), median(single), median(sweeps) / median(single), worst.worst, worst.k,
                    sweep.knee ? std::to_string(*sweep.knee).c_str() : "–", cell(says.last_drop).c_str(),
                    cell(says.log_curvature).c_str(), cell(says.calinski_harabasz).c_str(), cell(says.kneedle).c_str());
        std::fflush(stdout);
    }
}

/// Palettes of 2 to 8 colours, twelve of each for every seed.
class palette_trial {
public:
    palette_trial(const char* name, const palettes::making& how, int attempts, int seeds)
        : name_(name), how_(how), options_{.kmeans = {.attempts = attempts}}, seeds_(seeds) {}

    void run() {
        for (int k = 2; k <= 8; ++k)
            for (int seed = 0; seed < seeds_; ++seed)
                for (int i = 0; i < 12; ++i) judge(k, seed, i);
    }

    /// Percent right for each number of colours, then of all.
    void print_row(const char* method, std::size_t index) const {
        std::printf("| %s | %s ", name_, method);
        int right = 0;
        for (std::size_t k = 2; k <= 8; ++k) {
            right += right_[index][k];
            std::printf("| %.0f ", 100.0 * right_[index][k] / (12 * seeds_));
        }
        std::printf("| %.1f |\n", 100.0 * right / (84 * seeds_));
    }

private:
    void judge(int k, int seed, int i) {
        palettes::painter painter(static_cast<std::uint64_t>(seed), static_cast<std::uint64_t>(100 * k + i));
        const auto sweep = lloyd::elbow_sweep(painter.palette(k, how_), options_);
        const auto& says = sweep.suggestions;
        const std::array answers{sweep.knee, says.last_drop.k, says.log_curvature.k, says.calinski_harabasz.k,
                                 says.kneedle.k};
        for (std::size_t method = 0; method < answers.size(); ++method)
            right_[method][static_cast<std::size_t>(k)] += answers[method] == k;
    }

    const char* name_;
    palettes::making how_;
    lloyd::elbow_options options_;
    int seeds_;
    std::array<std::array<int, 9>, 5> right_{};
};

void print_palettes(int seeds) {
    constexpr std::array methods{"knee", "last drop", "log-curvature", "Calinski–Harabasz", "Kneedle"};
    std::printf(
        "| palettes | method | 2 | 3 | 4 | 5 | 6 | 7 | 8 | all, %% |\n|---|---|---|---|---|---|---|---|---|---|\n");
    const auto print = [&](palette_trial trial) {
        trial.run();
        for (std::size_t method = 0; method < methods.size(); ++method) trial.print_row(methods[method], method);
        std::fflush(stdout);
    };
    print({"even shares", {}, 3, seeds});
    print({"one attempt", {}, 1, seeds});
    print({"uneven shares", {.uneven = true}, 3, seeds});
    print({"wide spread (20)", {.sigma = 20}, 3, seeds});
    print({"no noise", {.sigma = 0}, 3, seeds});

    int claimed = 0;
    const int pictures = 20 * seeds;
    for (int i = 0; i < pictures; ++i)
        claimed +=
            lloyd::elbow_sweep(palettes::painter(static_cast<std::uint64_t>(i), 0).noise(), {.kmeans = {.attempts = 3}})
                .knee.has_value();
    std::printf("\nnoise: a knee claimed in %d of %d\n", claimed, pictures);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_elbow", [&] {
        std::vector<std::filesystem::path> photos{LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg",
                                                  LLOYD_EXAMPLE_DATA_DIR "/brushes-683.jpg"};
        settings with;
        cli::command_line line("bench_elbow", "Measures the elbow on photos, or judges it on palettes.");
        line.positional("photo", photos, "pictures (default: the two of the examples)");
        line.flag("--palettes", with.palettes, "synthetic palettes instead of photos");
        line.option("--palette-seeds", with.palette_seeds, 1, 1000, "84 palettes each");
        line.option("--k-max", with.elbow.k_max, 2, 256, "the last K");
        line.option("--attempts", with.elbow.kmeans.attempts, 1, 1000, "for each K");
        line.option("--iterations", with.elbow.kmeans.max_iterations, 1, 1000, "at most");
        line.option("--seed", with.elbow.kmeans.seed, 0, UINT64_MAX, "of kmeans");
        line.option("--threads", with.elbow.kmeans.threads, 0, 1024, "0: all");
        line.option("--middle", with.megapixels, 0, 1024, "millions of pixels to cut from each photo's middle; 0: all");
        line.option("--rounds", with.rounds, 1, 1000, "of which the median counts");
        if (!line.parse(argc, argv)) return;
        if (with.palettes) return print_palettes(with.palette_seeds);
        print_photos(photos, with);
    });
}
