// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// vectorize: turns photos into drawings of flat shapes, or of lines.

#include <cstddef>
#include <cstdint>
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
#include "photo_jobs.hpp"
#include "program.hpp"
#include "segment_request.hpp"
#include "segment_steps.hpp"

namespace {

struct settings {
    segment_steps::request wanted{.files = {.output = "drawing.svg", .endings = {".svg"}}};
    segment_steps::exports exported;
    double tolerance = 1;
    bool by_region = false, only_lines = false;
};

bool parse(int argc, char** argv, settings& s) {
    s.wanted.k = 8;
    s.wanted.smallest = 64;
    s.wanted.alpha = segment_steps::alpha_use::cut;
    cli::command_line line("vectorize", "Turns photos into drawings: flat shapes in their k main colours, as SVG.");
    line.option("-k K", s.wanted.k, 1, 256, "number of colours");
    s.wanted.files.declare(line, "the SVG drawing to write");
    line.option("--tolerance", s.tolerance, 0, std::numeric_limits<double>::max(),
                "how far lines may be from the sides of the pixels, in pixels; 0 keeps every pixel");
    line.flag("--regions", s.by_region, "one path for each region, not for each colour");
    line.flag("--lines", s.only_lines, "only the borders as lines, and the palette beside them");
    segment_steps::declare_options(line, s.wanted);
    segment_steps::declare(line, s.exported);
    json::declare(line, s.wanted.files.json);
    s.wanted.files.declare_limits(line);
    if (!line.parse(argc, argv)) return false;
    line.refuse_both("--regions", "--lines");
    segment_steps::check(s.wanted);
    segment_steps::check(s.exported, s.wanted);
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
drawing draw(const std::string& name, const settings& s, const Labels& labels,
             const lloyd::image<std::uint8_t, 3>& palette) {
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

void vectorize(photos::job& photo, const settings& s) {
    const auto picture = segment_steps::read(photo, s.wanted);
    auto segments = segment_steps::segments_of(picture, s.wanted, photo);
    photo.begin("merging", 0.6);
    const auto regions = segment_steps::merge_small_regions(segments, picture, s.wanted.smallest);
    photo.begin("drawing", 0.8);
    const auto name = photo.from.filename().string();
    const bool cuts = picture.hides && !picture.alpha.empty();
    const auto result = cuts ? draw(name, s, lloyd::cut(segments.labels, picture.alpha), segments.palette)
                             : draw(name, s, segments.labels, segments.palette);
    io::write_file(photo.begin_writing(), result.text);
    segment_steps::write(s.exported, photo, picture, segments);

    if (s.wanted.files.json)
        return photo.print_json(segment_steps::figures_of(picture, segments)
                                    .add({{"regions", segment_steps::as_json(regions)},
                                          {s.only_lines ? "lines" : "paths", result.parts},
                                          {"bytes", result.text.size()}}));
    photo.print_heading();
    palettes::print(palettes::of(segments), photo.out);
    segment_steps::print(regions, s.wanted.smallest, photo.out);
    photo.out.print("%s        %zu, in %zu bytes\n", s.only_lines ? "lines" : "paths", result.parts,
                    result.text.size());
    photo.print_end();
    segment_steps::print_written(s.exported, photo.out);
}

void run(int argc, char** argv) {
    settings s;
    if (!parse(argc, argv, s)) return;
    photos::for_each(s.wanted.files, [&s](photos::job& photo) { vectorize(photo, s); });
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run_main("vectorize", [&] { run(argc, argv); });
}
