// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "common_palette.hpp"

#include <cstddef>
#include <cstdint>
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
    line.positional("photos", s.photos,
                    "PNG, JPEG, BMP or PNM files, or folders of them; one that cannot be read stops the program");
    line.option("-k", s.k, 1, 256, "number of colours");
    line.folder("-o", s.directory, "the folder to write to; made if it is missing");
    line.option("--palette", s.palette_file, "the palette as a file, too: .gpl, .json or .png");
    json::declare(line, s.json);
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

void require_outputs(const std::vector<io::photo_paths>& photos, const settings& s) {
    if (s.palette_file.empty()) return;
    std::vector<std::filesystem::path> inputs, outputs = {s.palette_file};
    for (const auto& photo : photos) inputs.push_back(photo.from), outputs.push_back(photo.to);
    io::require_apart(inputs, outputs);
    palettes::require_writable(s.palette_file);
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

void report(const lloyd::kmeans_result<3>& result, const std::vector<io::photo_paths>& photos, const settings& s) {
    const auto ordered = palettes::by_share(result);
    const auto palette = ordered.all();
    if (!s.palette_file.empty()) palettes::write(s.palette_file, palette, std::to_string(photos.size()) + " photos");
    cli::report out;
    if (s.json) {
        out.print_data(json::object{{"photos", json::array(photos, io::as_json)},
                                    {"k", s.k},
                                    {"palette", palettes::as_json(palette)},
                                    {"compactness", result.compactness},
                                    {"iterations", result.iterations},
                                    {"converged", result.converged}}
                           .text());
        return out.emit();
    }
    palettes::print(palette, out);
    out.print("compactness  %.6g\n", result.compactness);
    for (const auto& photo : photos) out.print("written      %s\n", cli::printable(photo.to.string()).c_str());
    if (!s.palette_file.empty()) out.print("written      %s\n", cli::printable(s.palette_file.string()).c_str());
    out.emit();
}

}  // namespace common_palette
