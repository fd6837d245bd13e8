// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "exports.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include "files.hpp"
#include "output_files.hpp"
#include "palettes.hpp"
#include "png_writer.hpp"
#include "printable.hpp"
#include "program.hpp"

namespace segment_steps {

void declare(cli::command_line& line, exports& wanted) {
    line.option("--palette", wanted.palette, "the palette as a file, too: .gpl, .json or .png");
    json::declare(line, wanted.json);
}

void check(const exports& wanted, const request& of, const std::filesystem::path& output) {
    io::require_apart({of.photo, of.mask}, {output, wanted.palette, wanted.labels});
    if (wanted.json) io::require_free_stdout({output, wanted.labels});
    if (!wanted.palette.empty()) palettes::require_writable(wanted.palette);
    if (wanted.labels.empty()) return;
    io::require_extension(wanted.labels, ".png");
    io::require_writable(wanted.labels);
}

void check(const exports& wanted, const request& of, const weighted_picture& picture) {
    if (!wanted.labels.empty() && of.k > no_label && std::ranges::count(picture.weights.elements(), 0) > 0)
        throw cli::failure(cli::usage,
                           "--labels marks pixels that do not count by 255, but -k is 256; take -k 255 or less");
}

void write(const exports& wanted, const request& of, const weighted_picture& picture,
           const lloyd::segmentation& segments) {
    const auto name = std::filesystem::path(of.photo).filename().string();
    if (!wanted.palette.empty())
        palettes::write(wanted.palette, palettes::of(segments), name + " in " + std::to_string(of.k) + " colours");
    if (wanted.labels.empty()) return;
    auto labels = segments.labels;
    if (!picture.weights.empty())
        std::ranges::transform(picture.weights.elements(), labels.elements(), labels.elements().begin(),
                               [](int weight, std::uint8_t label) { return weight == 0 ? no_label : label; });
    io::write_file(wanted.labels, io::encode_png(labels, true));
}

void print_written(const exports& wanted, const std::filesystem::path& output) {
    for (const auto& path : {output.string(), wanted.palette, wanted.labels})
        if (!path.empty()) std::printf("written      %s\n", cli::printable(path).c_str());
}

json::object figures_of(const request& of, const weighted_picture& picture, const lloyd::segmentation& segments) {
    return {{"input", of.photo},
            {"width", segments.labels.width()},
            {"height", segments.labels.height()},
            {"k", of.k},
            {"palette", palettes::as_json(palettes::of(segments))},
            {"compactness", segments.compactness / (picture.weights.empty() ? 1 : 255)},
            {"iterations", segments.iterations},
            {"converged", segments.converged}};
}

}  // namespace segment_steps
