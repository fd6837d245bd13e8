// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// vectorize: turns a photo into a drawing of flat shapes, or of lines.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>
#include <lloyd/segment.hpp>

#include "command_line.hpp"
#include "drawings.hpp"
#include "exports.hpp"
#include "files.hpp"
#include "json.hpp"
#include "palettes.hpp"
#include "program.hpp"
#include "segment_request.hpp"
#include "segment_steps.hpp"

namespace {

using segment_steps::milliseconds_since;

struct settings {
    segment_steps::request wanted;
    segment_steps::exports exported;
    std::string output = "drawing.svg";
    double tolerance = 1;
    bool by_region = false, only_lines = false;
};

bool parse(int argc, char** argv, settings& s) {
    s.wanted.k = 8;
    s.wanted.smallest = 64;
    s.wanted.alpha = segment_steps::alpha_use::cut;
    cli::command_line line("vectorize", "Turns a photo into a drawing: flat shapes in its k main colours, as SVG.");
    segment_steps::declare_files(line, s.wanted, s.output, "the SVG drawing to write");
    line.option("--tolerance", s.tolerance, 0, std::numeric_limits<double>::max(),
                "how far lines may be from the sides of the pixels, in pixels; 0 keeps every pixel");
    line.flag("--regions", s.by_region, "one path for each region, not for each colour");
    line.flag("--lines", s.only_lines, "only the borders as lines, and the palette beside them");
    segment_steps::declare_options(line, s.wanted);
    segment_steps::declare(line, s.exported);
    if (!line.parse(argc, argv)) return false;
    line.refuse_both("--regions", "--lines");
    segment_steps::check(s.wanted);
    io::require_extension(s.output, ".svg");
    return true;
}

/// An SVG file, and what it is made of: so many paths, or lines.
struct drawing {
    std::string text;
    std::size_t parts;
};

drawing filled(const drawings::frame& frame, const std::vector<lloyd::border>& borders,
               const lloyd::image<std::uint8_t, 3>& palette) {
    const auto shapes = lloyd::outlines(borders);
    return {drawings::of_shapes(frame, shapes, palette), shapes.size()};
}

/// Draws labels; −1 is left out.
template <class Labels>
drawing draw(const settings& s, const Labels& labels, const lloyd::image<std::uint8_t, 3>& palette) {
    const auto name = std::filesystem::path(s.wanted.photo).filename().string();
    const drawings::frame frame{labels.width(), labels.height(),
                                name + " in " + std::to_string(s.wanted.k) + " colours"};
    if (s.by_region) {
        const auto map = lloyd::find_regions(labels);
        lloyd::image<std::int32_t, 1> label_of(std::ssize(map.regions), 1);
        for (std::size_t id = 0; id < map.regions.size(); ++id) label_of.elements()[id] = map.regions[id].label;
        const auto borders = lloyd::simplify(lloyd::find_borders(map.ids), s.tolerance);
        return filled(frame, borders, lloyd::recolor(label_of, palette));
    }
    const auto borders = lloyd::simplify(lloyd::find_borders(labels), s.tolerance);
    if (s.only_lines) return {drawings::of_lines(frame, borders, palette), borders.size()};
    return filled(frame, borders, palette);
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    io::require_writable(s.output);
    segment_steps::check(s.exported, s.wanted, s.output);
    const auto photo = segment_steps::read(s.wanted);

    using clock = std::chrono::steady_clock;
    const auto clustering_start = clock::now();
    auto segments = segment_steps::segments_of(photo, s.wanted);
    const auto clustering = milliseconds_since(clustering_start);
    const auto merging_start = clock::now();
    const auto regions = segment_steps::merge_small_regions(segments, photo, s.wanted.smallest);
    const auto merging = milliseconds_since(merging_start);
    const auto drawing_start = clock::now();
    const bool cuts = photo.hides && !photo.alpha.empty();
    const auto result = cuts ? draw(s, lloyd::cut(segments.labels, photo.alpha), segments.palette)
                             : draw(s, segments.labels, segments.palette);
    const auto drawing_time = milliseconds_since(drawing_start);

    io::write_file(s.output, result.text);
    segment_steps::write(s.exported, s.wanted, photo, segments);
    if (s.exported.json)
        return json::print(
            segment_steps::figures_of(s.wanted, photo, segments)
                .add({{"output", s.output},
                      {"regions", segment_steps::as_json(regions)},
                      {s.only_lines ? "lines" : "paths", result.parts},
                      {"bytes", result.text.size()},
                      {"milliseconds",
                       json::object{{"segmenting", clustering}, {"merging", merging}, {"drawing", drawing_time}}}}));
    palettes::print(palettes::of(segments));
    segment_steps::print(regions, s.wanted.smallest);
    std::printf("%s        %zu, in %zu bytes\n", s.only_lines ? "lines" : "paths", result.parts, result.text.size());
    std::printf("time         %.1f ms to segment, %.1f ms to merge regions, %.1f ms to draw\n", clustering, merging,
                drawing_time);
    segment_steps::print_written(s.exported, s.output);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("vectorize", [&] { run(argc, argv); });
}
