// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "common_palette.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "files.hpp"
#include "printable.hpp"
#include "program.hpp"
#include "visible_pixels.hpp"

namespace common_palette {

bool parse(const char* program, int argc, char** argv, settings& s) {
    constexpr int any = std::numeric_limits<int>::max();
    cli::command_line line(program, "Recolours many photos with the k main colours of all of them.");
    line.positional("photos", s.photos,
                    "PNG, JPEG, BMP or PNM files, or folders of them; one that cannot be read stops the program");
    line.option("-k", s.k, 1, 256, "number of colours");
    line.folder("-o", s.directory, "the folder to write to; made if it is missing");
    line.option("--attempts", s.kmeans.attempts, 1, any, "runs from different seeds; the best one is kept");
    line.option("--seed", s.kmeans.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
    line.option("--threads", s.kmeans.threads, 0, any,
                "number of threads; 0 uses all available CPUs; the result does not depend on it");
    line.option("--max-pixels", s.megapixels, 1, 1024, "the largest number of pixels in a photo, in millions");
    if (!line.parse(argc, argv)) return false;
    if (std::ranges::count(s.photos, "/dev/stdin") > 0)
        throw cli::failure(cli::usage, "each photo is read twice, which stdin cannot be; save it in a file first");
    io::require_folder(s.directory);
    return true;
}

pictures::visible_pixels read(const io::photo_paths& photo, const settings& s) {
    return pictures::visible_pixels(io::read(photo.from, s.megapixels));
}

lloyd::kmeans_result<3> find(const lloyd::color_histogram<3>& colors, const settings& s) {
    if (colors.size() == 0)
        throw cli::failure(cli::unreadable,
                           "the photos are completely transparent; save them without their alpha channel");
    if (colors.size() < s.k)
        throw cli::failure(cli::usage, "-k is " + std::to_string(s.k) + ", but the photos have only " +
                                           std::to_string(colors.size()) + " colours");
    auto options = s.kmeans;
    options.weights = colors.counts();
    return lloyd::kmeans(colors.colors(), s.k, options);
}

void paint(const io::photo_paths& photo, const lloyd::image<double, 3>& palette, const settings& s) {
    const auto pixels = read(photo, s);
    const auto& colors = pixels.colors();
    auto painted = colors.empty() ? colors : lloyd::recolor(lloyd::assign(colors, palette), palette);
    io::write(photo.to, pixels.painted(std::move(painted)));
}

void print(const lloyd::kmeans_result<3>& palette, const std::vector<io::photo_paths>& photos, cli::report& to) {
    const double pixels = std::accumulate(palette.weights.begin(), palette.weights.end(), 0.0);
    const auto weight = [&](std::int32_t j) { return palette.weights[static_cast<std::size_t>(j)]; };
    lloyd::image<std::int32_t, 1> order(palette.centers.width(), 1);
    std::iota(order.elements().begin(), order.elements().end(), 0);
    std::ranges::stable_sort(order.elements(), std::ranges::greater(), weight);
    const auto colors = lloyd::recolor(order, palette.centers);
    for (std::ptrdiff_t j = 0; j < colors.width(); ++j)
        to.print("#%02x%02x%02x  %5.1f %%\n", colors(j, 0)[0], colors(j, 0)[1], colors(j, 0)[2],
                 100 * weight(order(j, 0)[0]) / pixels);
    to.print("compactness  %.6g\n", palette.compactness);
    for (const auto& photo : photos) to.print("written      %s\n", cli::printable(photo.to.string()).c_str());
}

}  // namespace common_palette
