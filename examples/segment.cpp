// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// segment: segments photos into their k main colours.

#include <algorithm>

#include <lloyd/dither.hpp>
#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "image_io.hpp"
#include "photo_jobs.hpp"
#include "program.hpp"
#include "segment_request.hpp"
#include "segment_steps.hpp"

namespace {

void segment(photos::job& photo, const segment_steps::request& wanted, int dither) {
    const auto picture = segment_steps::read(photo, wanted);
    auto segments = segment_steps::segments_of(picture, wanted, photo);
    const bool merges = wanted.smallest > 1;
    segment_steps::region_counts regions{};
    if (merges) regions = segment_steps::merge_small_regions(segments, picture, wanted.smallest);
    if (dither >= 0) segments.labels = lloyd::dither(picture.colors, segments.palette, dither);
    const auto painted = segment_steps::painted(picture, segments);
    io::write(photo.begin_writing(), painted);

    photo.print_heading();
    segment_steps::print_palette(segments, photo.out);
    if (const auto empty = std::ranges::count(segments.shares, 0.0); empty > 0)
        photo.out.print("empty        %td of %d segments have no pixels that count\n", empty, wanted.k);
    if (merges) segment_steps::print(regions, wanted.smallest, photo.out);
    photo.out.print("compactness  %.6g\n", segments.compactness / (picture.weights.empty() ? 1 : 255));
    photo.out.print("iterations   %d%s\n", segments.iterations, segments.converged ? "" : " (the maximum)");
    photo.print_end();
}

void run(int argc, char** argv) {
    segment_steps::request wanted{.files = {.output = "segmented.png"}};
    cli::command_line line("segment",
                           "Segments photos into their k main colours by K-Means, and recolours them with these.");
    line.option("-k", wanted.k, 1, 256, "number of colours");
    wanted.files.declare(line, "the picture to write: .png, .jpg, .bmp or .ppm");
    segment_steps::declare_options(line, wanted);
    int dither = -1;  // none
    line.option_without(16, "--dither", dither, 0, 16,
                        "show shades between the colours by dots; with less than 16 by fewer of them");
    wanted.files.declare_limits(line);
    if (!line.parse(argc, argv)) return;
    line.refuse_both("--dither", "--smallest");  // dots are small regions
    segment_steps::check(wanted);
    photos::for_each(wanted.files, [&](photos::job& photo) { segment(photo, wanted, dither); });
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("segment", [&] { run(argc, argv); });
}
