// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// colors3d: draws a photo's colours in the cube of red, green and blue, with the centers of their clusters.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

#include <lloyd/color_histogram.hpp>
#include <lloyd/kmeans.hpp>

#include "color_cloud.hpp"
#include "command_line.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "output_files.hpp"
#include "palettes.hpp"
#include "printable.hpp"
#include "program.hpp"
#include "report.hpp"
#include "visible_pixels.hpp"

namespace {

struct settings {
    std::filesystem::path photo = LLOYD_EXAMPLE_DATA_DIR "/mountain-768.jpg";
    std::filesystem::path output = "colors.svg";
    int k = 3;
    bool json = false;
    plots::cloud_paint paint = plots::cloud_paint::own_colors;
    int megapixels = io::default_megapixels;
    lloyd::kmeans_options kmeans = {.attempts = 5, .threads = 0};
};

bool parse(int argc, char** argv, settings& s) {
    constexpr int any = std::numeric_limits<int>::max();
    cli::command_line line("colors3d", "Draws the colours of a photo in three dimensions, with the centers of k "
                                       "clusters.");
    line.positional("photo", s.photo, "a PNG, JPEG, BMP or PNM file (default: the bundled mountain-768.jpg)");
    line.option("-k", s.k, 1, 256, "number of clusters");
    line.option("-o", s.output, "the SVG drawing to write");
    line.option("--paint", s.paint,
                {{"own", plots::cloud_paint::own_colors}, {"segment", plots::cloud_paint::segments}},
                "colour of each ball: its own, or that of its segment");
    json::declare(line, s.json);
    line.option("--attempts", s.kmeans.attempts, 1, any, "runs from different seeds; the best one is kept");
    line.option("--seed", s.kmeans.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
    line.option("--threads", s.kmeans.threads, 0, any,
                "number of threads; 0 uses all available CPUs; the result does not depend on it");
    line.option("--max-pixels", s.megapixels, 1, 1024, "the largest number of pixels in a photo, in millions");
    return line.parse(argc, argv);
}

json::object figures_of(const settings& s, const pictures::visible_pixels& photo, std::ptrdiff_t colors,
                        const lloyd::kmeans_result<3>& clusters) {
    return {{"input", s.photo.string()},
            {"output", s.output.string()},
            {"width", photo.width()},
            {"height", photo.height()},
            {"colors", colors},
            {"k", s.k},
            {"palette", palettes::as_json(palettes::by_share(clusters).all())},
            {"compactness", clusters.compactness},
            {"iterations", clusters.iterations},
            {"converged", clusters.converged}};
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    io::require_extension(s.output, {".svg"});
    io::require_writable(s.output);
    io::require_apart({s.photo}, {s.output});
    if (s.json) io::require_free_stdout({s.output});
    const auto photo = pictures::read_visible(s.photo, s.megapixels);
    const auto clusters = lloyd::kmeans(photo.colors(), s.k, s.kmeans);
    const auto name = s.photo.filename().string();
    const lloyd::color_histogram colors(photo.colors());
    io::write_file(s.output, plots::color_cloud_svg(name, colors, clusters, s.paint));
    cli::report out;
    if (s.json) {
        out.print_data(figures_of(s, photo, colors.size(), clusters).text());
        return out.emit();
    }
    out.print("colours   %td\n", colors.size());
    out.print("written   %s\n", cli::printable(s.output.string()).c_str());
    out.emit();
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("colors3d", [&] { run(argc, argv); });
}
