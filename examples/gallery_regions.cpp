// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>

#include "drawings.hpp"
#include "gallery_story.hpp"
#include "gallery_strip.hpp"
#include "svg.hpp"

namespace gallery {
namespace {

using label_map = lloyd::image<std::int32_t, 1>;

/// The labels in the colours of the palette; −1 is white.
rgb_image painted_map(const label_map& labels, const rgb_image& palette) {
    rgb_image picture(labels.width(), labels.height());
    auto to = picture.elements().begin();
    for (const auto label : labels.elements())
        to = label < 0 ? std::ranges::fill_n(to, 3, std::uint8_t{255}) : std::ranges::copy(palette(label, 0), to).out;
    return picture;
}

/// Regions that are large enough, and their shapes.
struct cleaned {
    std::ptrdiff_t min_area;
    double tolerance;
    timed<label_map> labels = {};
    timed<std::vector<lloyd::outline>> shapes = {};
    std::string drawing = {};
};

/// The smallest min_area, of 64 or a 6000th of the pixels and its doubles, whose drawing takes at most 150 KB. Lines are as
/// exact as the page shows them.
cleaned clean(const label_map& labels, const rgb_image& palette, const std::string& title) {
    constexpr std::size_t most_bytes = 150'000;
    const auto longer = static_cast<double>(std::max(labels.width(), labels.height()));
    cleaned result{.min_area = std::max<std::ptrdiff_t>(labels.size() / 6000, 64),
                   .tolerance = std::max(longer / static_cast<double>(longest_side), 1.0)};
    for (;; result.min_area *= 2) {
        result.labels = with_time([&] { return lloyd::merge_small_regions(labels, result.min_area); });
        result.shapes = with_time([&] {
            return lloyd::outlines(lloyd::simplify(lloyd::find_borders(result.labels.value), result.tolerance));
        });
        result.drawing = drawings::of_shapes({labels.width(), labels.height(), title}, result.shapes.value, palette);
        if (result.drawing.size() <= most_bytes || result.min_area > labels.size()) return result;
    }
}

/// The drawing, and the same part of it as in the pictures before.
void add_shapes(const stage_strip& strip, window part, const cleaned& from) {
    auto drawing = from.drawing;
    drawing.insert(drawing.find(' '), " id=\"drawing\"");
    std::ptrdiff_t rings = 0;
    for (const auto& shape : from.shapes.value) rings += std::ssize(shape.rings);
    strip.add_html(drawing, same_picture("drawing", part, "The drawing: the marked part, enlarged"), "As shapes",
                   "The borders of the regions as lines, without the corners that are at most " +
                       fixed(from.tolerance, 1) + " pixels away from the line that replaces them: " + grouped(rings) +
                       " closed lines, in a drawing (SVG) of " + grouped(std::ssize(drawing) / 1000) +
                       " KB that can be shown in any size. " + duration(from.shapes.milliseconds));
}

}  // namespace

void tell_regions(page& to, const told_photo& photo, const lloyd::segmentation& segments) {
    const auto labels = photo.pixels.placed(segments.labels);
    const auto before = with_time([&] { return lloyd::find_regions(labels); });
    const auto k = std::to_string(segments.palette.width());
    const auto result = clean(labels, segments.palette, "The photo as shapes of " + k + " colours");
    const auto after = lloyd::find_regions(result.labels.value);
    const auto specks = std::ranges::count_if(before.value.regions,
                                              [&](const lloyd::region& one) { return one.area < result.min_area; });
    const auto is_merged = [&](std::ptrdiff_t x, std::ptrdiff_t y) {
        return labels(x, y)[0] == result.labels.value(x, y)[0] ? 0 : 1;
    };
    const auto part = heaviest_window(labels.width(), labels.height(), is_merged);
    const stage_strip strip(to, labels.width(), labels.height(), part);

    to.section("regions", "From colours to regions");
    to.add(
        "<p>A segment does not know where its pixels are: it takes all of a similar colour. Pixels of one segment that "
        "touch each other, side by side, are a <dfn>region</dfn>. Most regions are specks of few pixels. To remove "
        "them, the smallest region again and again takes the colour of the neighbour with which it shares the longest "
        "border, until none is smaller than a given area. No colour appears where it was not adjacent before.</p>\n");
    to.add("<dl class=\"facts\">\n<div><dt>regions before</dt><dd>" + grouped(std::ssize(before.value.regions)) +
           "</dd></div>\n<div><dt>of fewer than " + grouped(result.min_area) + " pixels</dt><dd>" + grouped(specks) +
           "</dd></div>\n<div><dt>regions after</dt><dd>" + grouped(std::ssize(after.regions)) +
           "</dd></div>\n</dl>\n");
    to.add("<div class=\"stages\">\n");
    const auto what = "The photo in " + k + " colours";
    strip.add_html(same_picture("told-segments", {0, 0, labels.width(), labels.height()}, what + ": the whole picture"),
                   strip.part_of(painted_map(labels, segments.palette), what), "Before",
                   what + ", compared in RGB, as above. Its regions were found in " + duration(before.milliseconds));
    strip.add(painted_map(result.labels.value, segments.palette), "After", "The same without small regions",
              "The same, without regions of fewer than " + grouped(result.min_area) + " pixels. Merged in " +
                  duration(result.labels.milliseconds));
    add_shapes(strip, part, result);
    to.add("</div>\n");
    to.code("regions", "regions.md");
}

}  // namespace gallery
