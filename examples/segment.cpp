// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// segment: segments a photo into its k main colours.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include <lloyd/dither.hpp>
#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "exports.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "palettes.hpp"
#include "program.hpp"
#include "segment_request.hpp"
#include "segment_steps.hpp"

namespace {

void run(int argc, char** argv) {
    segment_steps::request wanted;
    segment_steps::exports exported;
    std::string output = "segmented.png";
    cli::command_line line("segment",
                           "Segments a photo into its k main colours by K-Means, and recolours it with them.");
    segment_steps::declare_files(line, wanted, output, "the picture to write: .png, .jpg, .bmp or .ppm");
    segment_steps::declare_options(line, wanted);
    int dither = -1;  // none
    line.option_without(16, "--dither", dither, 0, 16,
                        "show shades between the colours by dots; with less than 16 by fewer of them");
    segment_steps::declare(line, exported);
    line.option("--labels", exported.labels,
                "the labels as a gray PNG of 8 bits, too; 255 where a pixel does not count");
    if (!line.parse(argc, argv)) return;
    line.refuse_both("--dither", "--smallest");  // dots are small regions
    segment_steps::check(wanted);
    io::require_writable_picture(output);
    segment_steps::check(exported, wanted, output);
    const auto photo = segment_steps::read(wanted);
    segment_steps::check(exported, wanted, photo);

    const auto start = std::chrono::steady_clock::now();
    auto segments = segment_steps::segments_of(photo, wanted);
    const bool merges = wanted.smallest > 1;
    segment_steps::region_counts regions{};
    if (merges) regions = segment_steps::merge_small_regions(segments, photo, wanted.smallest);
    if (dither >= 0) segments.labels = lloyd::dither(photo.colors, segments.palette, dither);
    const auto picture = segment_steps::painted(photo, segments);
    const auto time = segment_steps::milliseconds_since(start);

    io::write(output, picture);
    segment_steps::write(exported, wanted, photo, segments);
    if (exported.json)
        return json::print(segment_steps::figures_of(wanted, photo, segments)
                               .add({{"output", output},
                                     {"regions", merges ? segment_steps::as_json(regions) : nullptr},
                                     {"milliseconds", json::object{{"segmenting", time}}}}));
    palettes::print(palettes::of(segments));
    if (const auto empty = std::ranges::count(segments.shares, 0.0); empty > 0)
        std::printf("empty        %td of %d segments have no pixels that count\n", empty, wanted.k);
    if (merges) segment_steps::print(regions, wanted.smallest);
    std::printf("compactness  %.6g\n", segments.compactness / (photo.weights.empty() ? 1 : 255));
    std::printf("iterations   %d%s\n", segments.iterations, segments.converged ? "" : " (the maximum)");
    std::printf("time         %.1f ms\n", time);
    segment_steps::print_written(exported, output);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("segment", [&] { run(argc, argv); });
}
