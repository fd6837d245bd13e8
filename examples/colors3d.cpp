// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// colors3d: draws the colours of photos in the cube of red, green and blue, with the centers of their clusters.

#include <cstddef>
#include <cstdint>
#include <limits>

#include <lloyd/color_histogram.hpp>
#include <lloyd/kmeans.hpp>

#include "color_cloud.hpp"
#include "command_line.hpp"
#include "files.hpp"
#include "json.hpp"
#include "palettes.hpp"
#include "photo_jobs.hpp"
#include "program.hpp"
#include "visible_pixels.hpp"

namespace {

struct settings {
    photos::request files{.output = "colors.svg", .endings = {".svg"}};
    int k = 3;
    plots::cloud_paint paint = plots::cloud_paint::own_colors;
    lloyd::kmeans_options kmeans = {.attempts = 5};
};

bool parse(int argc, char** argv, settings& s) {
    constexpr int any = std::numeric_limits<int>::max();
    cli::command_line line("colors3d", "Draws the colours of photos in three dimensions, with the centers of k "
                                       "clusters.");
    line.option("-k K", s.k, 1, 256, "number of clusters");
    s.files.declare(line, "the SVG drawing to write");
    line.option("--paint", s.paint,
                {{"own", plots::cloud_paint::own_colors}, {"segment", plots::cloud_paint::segments}},
                "colour of each ball: its own, or that of its segment");
    line.option("--attempts", s.kmeans.attempts, 1, any, "runs from different seeds; the best one is kept");
    line.option("--seed", s.kmeans.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
    json::declare(line, s.files.json);
    s.files.declare_limits(line);
    return line.parse(argc, argv);
}

json::object figures_of(const pictures::visible_pixels& pixels, std::ptrdiff_t colors,
                        const lloyd::kmeans_result<3>& clusters) {
    return {{"width", pixels.width()},
            {"height", pixels.height()},
            {"colors", colors},
            {"k", clusters.centers.width()},
            {"palette", palettes::as_json(palettes::by_share(clusters).all())},
            {"compactness", clusters.compactness},
            {"iterations", clusters.iterations},
            {"converged", clusters.converged}};
}

void draw(photos::job& photo, const settings& s) {
    const auto pixels = pictures::read_visible(photo.from, s.files.megapixels);
    photo.begin("clustering", 0.4);
    auto options = s.kmeans;
    options.threads = photo.threads;
    const auto clusters = lloyd::kmeans(pixels.colors(), s.k, options);
    photo.begin("drawing", 0.5);
    const lloyd::color_histogram colors(pixels.colors());
    const auto svg = plots::color_cloud_svg(photo.from.filename().string(), colors, clusters, s.paint);
    io::write_file(photo.begin_writing(), svg);
    if (s.files.json) return photo.print_json(figures_of(pixels, colors.size(), clusters));
    photo.print_heading();
    photo.out.print("colours      %td\n", colors.size());
    photo.print_end();
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    photos::for_each(s.files, [&s](photos::job& photo) { draw(photo, s); });
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("colors3d", [&] { run(argc, argv); });
}
