// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// segment: segments photos into their k main colours.

#include <algorithm>

#include <lloyd/dither.hpp>
#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "exports.hpp"
#include "image_io.hpp"
#include "json.hpp"
#include "palettes.hpp"
#include "photo_jobs.hpp"
#include "program.hpp"
#include "segment_request.hpp"
#include "segment_steps.hpp"

namespace {

void segment(photos::job& photo, const segment_steps::request& wanted, const segment_steps::exports& exported,
             int dither) {
    const auto picture = segment_steps::read(photo, wanted);
    segment_steps::check(exported, wanted, picture);
    auto segments = segment_steps::segments_of(picture, wanted, photo);
    const bool merges = wanted.smallest > 1;
    segment_steps::region_counts regions{};
    if (merges) regions = segment_steps::merge_small_regions(segments, picture, wanted.smallest);
    if (dither >= 0) segments.labels = lloyd::dither(picture.colors, segments.palette, dither);
    const auto painted = segment_steps::painted(picture, segments);
    io::write(photo.begin_writing(), painted);
    segment_steps::write(exported, photo, picture, segments);

    if (wanted.files.json)
        return photo.print_json(segment_steps::figures_of(picture, segments)
                                    .add({{"regions", merges ? segment_steps::as_json(regions) : nullptr}}));
    photo.print_heading();
    palettes::print(palettes::of(segments), photo.out);
    if (const auto empty = std::ranges::count(segments.shares, 0.0); empty > 0)
        photo.out.print("empty        %td of %d segments have no pixels that count\n", empty, wanted.k);
    if (merges) segment_steps::print(regions, wanted.smallest, photo.out);
    photo.out.print("compactness  %.6g\n", segments.compactness / (picture.weights.empty() ? 1 : 255));
    photo.out.print("iterations   %d%s\n", segments.iterations, segments.converged ? "" : " (the maximum)");
    photo.print_end();
    segment_steps::print_written(exported, photo.out);
}

void run(int argc, char** argv) {
    segment_steps::request wanted{.files = {.output = "segmented.png"}};
    cli::command_line line("segment",
                           "Segments photos into their k main colours by K-Means, and recolours them with these.");
    line.option("-k K", wanted.k, 1, 256, "number of colours");
    wanted.files.declare(line, "the picture to write: .png, .jpg, .bmp or .ppm");
    segment_steps::declare_options(line, wanted);
    segment_steps::exports exported;
    segment_steps::declare(line, exported);
    line.option("--labels", exported.labels,
                "the labels of one photo as a gray PNG of 8 bits, too; 255 where a pixel does not count");
    int dither = -1;  // none
    line.option_without(16, "--dither", dither, 0, 16,
                        "show shades between the colours by dots; with less than 16 by fewer of them");
    json::declare(line, wanted.files.json);
    wanted.files.declare_limits(line);
    if (!line.parse(argc, argv)) return;
    line.refuse_both("--dither", "--smallest");  // dots are small regions
    segment_steps::check(wanted);
    segment_steps::check(exported, wanted);
    photos::for_each(wanted.files, [&](photos::job& photo) { segment(photo, wanted, exported, dither); });
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("segment", [&] { run(argc, argv); });
}
