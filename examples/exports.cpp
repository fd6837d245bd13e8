// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "exports.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "files.hpp"
#include "output_files.hpp"
#include "palettes.hpp"
#include "png_writer.hpp"
#include "printable.hpp"
#include "program.hpp"

namespace segment_steps {

void declare(cli::command_line& line, exports& wanted) {
    line.option("--palette", wanted.palette, "the palette of one photo as a file, too: .gpl, .json or .png");
}

void check(const exports& wanted, const request& of) {
    if (of.files.names_several() && (!wanted.palette.empty() || !wanted.labels.empty()))
        throw cli::failure(cli::usage,
                           "--palette and --labels name one file, but there are several photos; name one photo");
    std::vector<std::filesystem::path> inputs = {of.mask}, outputs = {wanted.palette, wanted.labels};
    for (const auto& photo : of.files.checked()) {
        inputs.push_back(photo.from);
        outputs.push_back(photo.to);
    }
    io::require_apart(inputs, outputs);
    if (!wanted.palette.empty()) palettes::require_writable(wanted.palette);
    if (wanted.labels.empty()) return;
    io::require_extension(wanted.labels, {".png"});
    io::require_writable(wanted.labels);
    if (of.files.json) io::require_free_stdout({wanted.labels});
}

void check(const exports& wanted, const request& of, const weighted_picture& picture) {
    if (!wanted.labels.empty() && of.k > no_label && std::ranges::count(picture.weights.elements(), 0) > 0)
        throw cli::failure(cli::usage,
                           "--labels marks pixels that do not count by 255, but -k is 256; take -k 255 or less");
}

void write(const exports& wanted, const photos::job& photo, const weighted_picture& picture,
           const lloyd::segmentation& segments) {
    if (!wanted.palette.empty())
        palettes::write(wanted.palette, palettes::of(segments), photo.from.filename().string());
    if (wanted.labels.empty()) return;
    auto labels = segments.labels;
    if (!picture.weights.empty())
        std::ranges::transform(picture.weights.elements(), labels.elements(), labels.elements().begin(),
                               [](int weight, std::uint8_t label) { return weight == 0 ? no_label : label; });
    io::write_file(wanted.labels, io::encode_png(labels, true));
}

void print_written(const exports& wanted, cli::report& to) {
    for (const auto& path : {wanted.palette, wanted.labels})
        if (!path.empty()) to.print("written      %s\n", cli::printable(path.string()).c_str());
}

json::object figures_of(const weighted_picture& picture, const lloyd::segmentation& segments) {
    return {{"width", segments.labels.width()},
            {"height", segments.labels.height()},
            {"k", segments.palette.width()},
            {"palette", palettes::as_json(palettes::of(segments))},
            {"compactness", segments.compactness / (picture.weights.empty() ? 1 : 255)},
            {"iterations", segments.iterations},
            {"converged", segments.converged}};
}

}  // namespace segment_steps
