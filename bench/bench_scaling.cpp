// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How the time of kmeans grows with the photo: no faster than pixels + distinct colours · K · iterations.
///
/// Smaller photos are cut from the middle of the one given. Larger ones are enlarged smoothly, with noise of ±1 so that
/// colours between its colours appear, as in a photo with more pixels. Output is a Markdown table, and what a pixel and
/// a distance cost when those two alone are to explain it.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/kmeans.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "medians.hpp"
#include "program.hpp"

namespace {

using u8 = std::uint8_t;
using photo_type = lloyd::image<u8, 3>;

struct settings {
    int k = 8;
    int iterations = 10;
    double epsilon = 1.0;
    int rounds = 9;
    int threads = 1;
    int largest = 64;
};

photo_type middle_of(const photo_type& photo, std::ptrdiff_t width, std::ptrdiff_t height) {
    return photo_type(photo.crop((photo.width() - width) / 2, (photo.height() - height) / 2, width, height));
}

/// Where a pixel of the large photo lies between two of the small one.
struct between {
    between(std::ptrdiff_t i, std::ptrdiff_t large, std::ptrdiff_t small_size) {
        const double at = static_cast<double>(i) * static_cast<double>(small_size - 1) / static_cast<double>(large);
        first = static_cast<std::ptrdiff_t>(at);
        share = at - std::floor(at);
        second = (std::min)(first + 1, small_size - 1);
    }
    std::ptrdiff_t first, second;
    double share;  ///< of the second
};

photo_type enlarged(const photo_type& photo, std::ptrdiff_t width, std::ptrdiff_t height) {
    photo_type large(width, height);
    lloyd::detail::random_stream random(1, 0);
    for (std::ptrdiff_t y = 0; y < height; ++y) {
        const between row(y, height, photo.height());
        for (std::ptrdiff_t x = 0; x < width; ++x) {
            const between column(x, width, photo.width());
            auto noise = random.bits();
            for (std::size_t c = 0; c < 3; ++c, noise /= 3) {
                const auto on_row = [&](std::ptrdiff_t source) {
                    return (1 - column.share) * photo(column.first, source)[c] +
                           column.share * photo(column.second, source)[c];
                };
                const double smooth = (1 - row.share) * on_row(row.first) + row.share * on_row(row.second);
                const double noisy = smooth + static_cast<double>(noise % 3) - 1;
                large(x, y)[c] = static_cast<u8>(std::clamp(noisy + 0.5, 0.0, 255.0));
            }
        }
    }
    return large;
}

/// The photo at so many megapixels, in its own shape.
photo_type resized(const photo_type& photo, double megapixels) {
    const double factor = std::sqrt(megapixels * 1e6 / static_cast<double>(photo.size()));
    const auto width = static_cast<std::ptrdiff_t>(std::lround(factor * static_cast<double>(photo.width())));
    const auto height = static_cast<std::ptrdiff_t>(std::lround(factor * static_cast<double>(photo.height())));
    return factor <= 1 ? middle_of(photo, width, height) : enlarged(photo, width, height);
}

struct measurement {
    double milliseconds, pixels, distances;  ///< distinct colours · K · iterations
    double colors, compactness;
    int iterations;
};

/// The fastest of some equal rounds: the rest is what else the machine was busy with.
measurement measure(const photo_type& photo, const settings& with) {
    const auto pixels = static_cast<double>(photo.size());
    const auto colors = static_cast<double>(lloyd::color_histogram(photo).size());
    std::vector<measurement> rounds;
    for (int round = 0; round < with.rounds; ++round) {
        lloyd::kmeans_result<3> result;
        const double time = bench::milliseconds_of(with.threads, [&] {
            result = lloyd::kmeans(
                photo, with.k,
                {.max_iterations = with.iterations, .epsilon = with.epsilon, .seed = 42, .threads = with.threads});
        });
        rounds.push_back(
            {time, pixels, colors * with.k * result.iterations, colors, result.compactness, result.iterations});
    }
    return *std::ranges::min_element(rounds, {}, &measurement::milliseconds);
}

/// What a pixel and a distance cost, in milliseconds.
struct cost_model {
    double pixel, distance;

    double of(const measurement& one) const { return pixel * one.pixels + distance * one.distances; }
};

/// The costs, neither below 0, that come closest to what was measured; a percent counts the same at any size.
cost_model fit(const std::vector<measurement>& measured) {
    double pp = 0, pd = 0, dd = 0, p = 0, d = 0;
    for (const auto& one : measured) {
        const double pixels = one.pixels / one.milliseconds, distances = one.distances / one.milliseconds;
        pp += pixels * pixels;
        pd += pixels * distances;
        dd += distances * distances;
        p += pixels;
        d += distances;
    }
    const double determinant = pp * dd - pd * pd;
    const cost_model both{(p * dd - d * pd) / determinant, (d * pp - p * pd) / determinant};
    if (both.pixel >= 0 && both.distance >= 0) return both;
    return both.pixel < 0 ? cost_model{0, d / dd} : cost_model{p / pp, 0};
}

void print_growth(const photo_type& photo, const settings& with) {
    std::vector<measurement> measured;
    for (int megapixels = 1; megapixels <= with.largest; megapixels *= 2)
        measured.push_back(measure(resized(photo, megapixels), with));
    const auto model = fit(measured);
    std::printf("| MP | distinct colours | iterations | ms | ns per pixel | of the model | compactness per pixel |\n"
                "|---|---|---|---|---|---|---|\n");
    for (const auto& one : measured)
        std::printf("| %.0f | %.0f | %d | %.1f | %.2f | %.2f | %.1f |\n", one.pixels / 1e6, one.colors, one.iterations,
                    one.milliseconds, one.milliseconds * 1e6 / one.pixels, one.milliseconds / model.of(one),
                    one.compactness / one.pixels);
    std::printf("\nthe model: %.2f ns · pixels + %.3f ns · distinct colours · K · iterations\n", model.pixel * 1e6,
                model.distance * 1e6);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("bench_scaling", [&] {
        std::filesystem::path path = LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg";
        settings with;
        cli::command_line line("bench_scaling",
                               "Times lloyd::kmeans on a photo at 1, 2, 4 … megapixels. A unit of work "
                               "is a pixel, or a colour's distance in one iteration.");
        line.positional("photo", path, "a picture");
        line.option("-k K", with.k, 1, 256, "clusters");
        line.option("--iterations", with.iterations, 1, 1000, "at most");
        line.option("--epsilon", with.epsilon, 0, 1e6, "how far centers move at rest");
        line.option("--rounds", with.rounds, 1, 1000, "of which the fastest counts");
        line.option("--threads", with.threads, 0, 1024, "0: all");
        line.option("--largest", with.largest, 1, 256, "megapixels to go up to");
        if (!line.parse(argc, argv)) return;
        print_growth(io::read_rgb(path), with);
    });
}
