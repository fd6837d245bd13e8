// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "common_palette.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "files.hpp"
#include "json.hpp"
#include "output_files.hpp"
#include "palettes.hpp"
#include "printable.hpp"
#include "program.hpp"
#include "visible_pixels.hpp"

namespace common_palette {

bool parse(const char* program, int argc, char** argv, settings& s) {
    constexpr int any = std::numeric_limits<int>::max();
    cli::command_line line(program, "Recolours many photos with the k main colours of all of them.");
    line.positional("photos", s.photos, "PNG, JPEG, BMP or PNM files; a directory stands for the pictures in it");
    line.option("-k", s.k, 1, 256, "number of colours");
    line.option("-o", s.directory, "the directory to write to; created if it is missing");
    line.option("--palette", s.palette_file, "the palette as a file, too: .gpl, .json or .png");
    json::declare(line, s.json);
    line.option("--attempts", s.kmeans.attempts, 1, any, "runs from different seeds; the best one is kept");
    line.option("--seed", s.kmeans.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                "seed of the random numbers; the same seed gives the same result");
    line.option("--threads", s.kmeans.threads, 0, any,
                "number of threads; 0 uses all available CPUs; the result does not depend on it");
    line.option("--max-pixels", s.megapixels, 1, 1024, "the largest number of pixels in a photo, in millions");
    if (!line.parse(argc, argv)) return false;
    io::require_directory_name(s.directory);
    return true;
}

void require_outputs(const std::vector<io::photo_paths>& photos, const settings& s) {
    if (s.palette_file.empty()) return;
    std::vector<std::filesystem::path> inputs, outputs = {s.palette_file};
    for (const auto& photo : photos) inputs.push_back(photo.from), outputs.push_back(photo.to);
    io::require_apart(inputs, outputs);
    palettes::require_writable(s.palette_file);
}

void count(const io::photo_paths& photo, lloyd::color_histogram<3>& colors, const settings& s) {
    colors.add(pictures::visible_pixels(io::read(photo.from, s.megapixels)).colors());
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
    const pictures::visible_pixels pixels(io::read(photo.from, s.megapixels));
    const auto& colors = pixels.colors();
    auto painted = colors.empty() ? colors : lloyd::recolor(lloyd::assign(colors, palette), palette);
    io::write(photo.to, pixels.painted(std::move(painted)));
}

void report(const lloyd::kmeans_result<3>& result, const std::vector<io::photo_paths>& photos, const settings& s) {
    const auto ordered = palettes::by_share(result);
    const auto palette = ordered.all();
    if (!s.palette_file.empty())
        palettes::write(s.palette_file, palette,
                        std::to_string(s.k) + " colours of " + std::to_string(photos.size()) + " photos");
    if (s.json)
        return json::print(json::object{{"photos", json::array(photos, io::as_json)},
                                        {"k", s.k},
                                        {"palette", palettes::as_json(palette)},
                                        {"compactness", result.compactness},
                                        {"iterations", result.iterations},
                                        {"converged", result.converged}});
    palettes::print(palette);
    std::printf("compactness  %.6g\n", result.compactness);
    for (const auto& photo : photos) std::printf("written      %s\n", cli::printable(photo.to.string()).c_str());
    if (!s.palette_file.empty()) std::printf("written      %s\n", cli::printable(s.palette_file).c_str());
}

}  // namespace common_palette
