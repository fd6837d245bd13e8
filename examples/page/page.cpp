// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What the page of examples/page/ computes, compiled to WebAssembly: one photo, its segments, regions, shapes, edges and
/// elbow. worker.js calls the exported functions and reads their results from memory. A call with a wrong order or size, and
/// memory that runs out, stop the module by a trap.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <lloyd/canny.hpp>
#include <lloyd/color_histogram.hpp>
#include <lloyd/elbow.hpp>
#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>
#include <lloyd/segment.hpp>

#include "drawings.hpp"
#include "page/color_sheet.hpp"
#include "png_writer.hpp"

#define PAGE_EXPORT(name) extern "C" __attribute__((export_name(#name)))

namespace {

using u8 = std::uint8_t;
using rgb_image = lloyd::image<u8, 3>;
using gray_image = lloyd::image<u8, 1>;

constexpr int attempts = 5;               // as `segment` and `elbow` take by default
constexpr double shown_pixels = 1 << 21;  // larger pictures are reduced before the page shows them

/// The photo, and what was found last. Each step keeps its result until the photo or one of its parameters changes.
struct {
    rgb_image photo;
    std::vector<u8> rows;  // RGBA, as the browser has them
    lloyd::color_histogram<3> colors;
    std::unique_ptr<pages::color_sheet> sheet;
    std::vector<std::uint32_t> numbers;  // of colours, of each pixel
    lloyd::segmentation segments;        // as lloyd::segment finds them
    lloyd::segmentation merged;          // without small regions
    bool is_merged = false;
    lloyd::image<u8> picture;  // in full size: RGB, or gray
    std::vector<u8> shown;     // RGBA, reduced
    std::ptrdiff_t shown_width = 0;
    std::string title;
    std::vector<double> weights;  // of colours, for the elbow
    std::vector<u8> file;
    std::array<double, 64> results{};
} page;

const lloyd::segmentation& shown_segments() { return page.is_merged ? page.merged : page.segments; }

/// How many pixels of a picture, across and down, the page shows as one.
std::ptrdiff_t reduction_of(const lloyd::image<u8>& picture) {
    const auto pixels = static_cast<double>(picture.size());
    return static_cast<std::ptrdiff_t>(std::max(std::ceil(std::sqrt(pixels / shown_pixels)), 1.0));
}

/// Whether a pixel of this part has another label than its right or lower neighbour.
bool regions_meet(const gray_image& labels, std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t width,
                  std::ptrdiff_t height) {
    const auto right = std::min(x + width, labels.width() - 1), bottom = std::min(y + height, labels.height() - 1);
    for (auto v = y; v < y + height; ++v)
        for (auto u = x; u < x + width; ++u) {
            const auto label = labels(u, v)[0];
            if (labels(std::min(u + 1, right), v)[0] != label || labels(u, std::min(v + 1, bottom))[0] != label)
                return true;
        }
    return false;
}

/// Reduces page.picture by a whole factor into page.shown: means of colours; of edges, white where there is one.
template <std::size_t Channels>
void show(lloyd::image_view<const u8, Channels> from) {
    const auto factor = reduction_of(page.picture);
    const auto width = (from.width() + factor - 1) / factor, height = (from.height() + factor - 1) / factor;
    page.shown_width = width;
    page.shown.resize(static_cast<std::size_t>(4 * width * height));
    std::vector<std::array<unsigned, Channels>> sums(static_cast<std::size_t>(width));
    auto to = page.shown.begin();
    for (std::ptrdiff_t y = 0; y < height; ++y) {
        std::fill(sums.begin(), sums.end(), std::array<unsigned, Channels>{});
        const auto end = std::min((y + 1) * factor, from.height());
        for (auto row = y * factor; row < end; ++row) {
            const u8* pixel = from.row(row).data();
            auto left = from.width();
            for (auto& block : sums) {
                auto sum = block;
                for (auto x = std::min(factor, left); x > 0; --x, --left, pixel += Channels)
                    for (std::size_t c = 0; c < Channels; ++c) sum[c] += pixel[c];
                block = sum;
            }
        }
        auto left = from.width();
        for (const auto& block : sums) {
            const auto pixels = static_cast<unsigned>(std::min(factor, left) * (end - y * factor));
            left -= factor;
            for (std::size_t c = 0; c < 3; ++c)
                *to++ = static_cast<u8>(Channels == 3 ? (2 * block[c] + pixels) / (2 * pixels)
                                                      : 255 * unsigned{block[0] > 0});
            *to++ = 255;
        }
    }
}

void show_picture() {
    if (page.picture.channels() == 3)
        show(lloyd::image_view<const u8, 3>(page.picture));
    else
        show(lloyd::image_view<const u8, 1>(page.picture));
}

}  // namespace

/// Begins a photo. Returns where the page writes rows of it, RGBA, as many as `rows_at_once`.
PAGE_EXPORT(open_photo) u8* open_photo(int width, int height, int rows_at_once) {
    page = {};
    page.photo = rgb_image(width, height);
    page.rows.resize(4 * static_cast<std::size_t>(width) * static_cast<std::size_t>(rows_at_once));
    return page.rows.data();
}

/// Takes the rows from y to y + count − 1.
PAGE_EXPORT(take_rows) void take_rows(int y, int count) {
    const u8* from = page.rows.data();
    for (u8 *to = page.photo.row(y).data(), *end = to + count * page.photo.width() * 3; to < end; to += 3, from += 4)
        std::copy_n(from, 3, to);
}

/// Counts the colours, after all rows. Returns how many there are.
PAGE_EXPORT(count_colors) int count_colors() {
    page.rows = {};
    page.colors = lloyd::color_histogram<3>(page.photo);
    page.sheet = std::make_unique<pages::color_sheet>(page.colors);
    page.numbers = pages::numbers_of_colors(page.photo, page.colors);
    return static_cast<int>(page.colors.size());
}

PAGE_EXPORT(colors) const u8* colors() { return page.colors.colors().data(); }
PAGE_EXPORT(counts) const double* counts() { return page.colors.counts().data(); }

/// The segments of the photo: those of lloyd::segment, bit for bit.
PAGE_EXPORT(segment) void segment(int k, int space) {
    page.segments = lloyd::segment(page.sheet->picture, k,
                                   {.space = static_cast<lloyd::color_space>(space),
                                    .kmeans = {.attempts = attempts},
                                    .weights = page.sheet->weights});
    std::vector<u8> label_of;
    for (const auto at : page.sheet->first) label_of.push_back(page.segments.labels(at, 0)[0]);
    page.segments.labels = gray_image(page.photo.width(), page.photo.height());
    std::transform(page.numbers.begin(), page.numbers.end(), page.segments.labels.data(),
                   [&](std::uint32_t number) { return label_of[number]; });
    page.is_merged = false;
}

/// Merges regions of fewer than `smallest` pixels into their neighbours, as `segment --smallest` does.
PAGE_EXPORT(merge) void merge(int smallest) {
    page.is_merged = smallest > 1;
    if (!page.is_merged) return;
    const auto labels = lloyd::merge_small_regions(page.segments.labels, smallest);
    page.merged = lloyd::relabel(page.photo, page.segments, labels);
}

PAGE_EXPORT(palette) const u8* palette() { return shown_segments().palette.data(); }
PAGE_EXPORT(shares) const double* shares() { return shown_segments().shares.data(); }

PAGE_EXPORT(count_regions) int count_regions() {
    return static_cast<int>(lloyd::find_regions(shown_segments().labels).regions.size());
}

// What is drawn in full size, and reduced to be shown.

PAGE_EXPORT(draw_photo) void draw_photo() {
    page.picture = lloyd::image<u8>(page.photo);
    show_picture();
}

PAGE_EXPORT(draw_segments) void draw_segments() {
    page.picture = lloyd::image<u8>(lloyd::recolor(shown_segments().labels, shown_segments().palette));
    show_picture();
}

/// The segments, with lines where regions meet: dark, or bright within dark segments. They are made of squares of as many
/// pixels as the page shows as one.
PAGE_EXPORT(draw_regions) void draw_regions() {
    const auto& labels = shown_segments().labels;
    page.picture = lloyd::image<u8>(lloyd::recolor(labels, shown_segments().palette));
    const auto square = reduction_of(page.picture);
    for (std::ptrdiff_t y = 0; y < labels.height(); y += square)
        for (std::ptrdiff_t x = 0; x < labels.width(); x += square) {
            const auto width = std::min(square, labels.width() - x), height = std::min(square, labels.height() - y);
            if (!regions_meet(labels, x, y, width, height)) continue;
            const auto color = page.picture(x, y);
            const u8 level = color[0] + 2 * color[1] + color[2] < 256 ? 200 : 24;
            for (auto row = y; row < y + height; ++row) std::fill_n(page.picture(x, row).data(), 3 * width, level);
        }
    show_picture();
}

/// Sets numbers 0 and 1 to the thresholds that suit the photo by Otsu's method.
PAGE_EXPORT(find_thresholds) void find_thresholds() {
    const auto found = lloyd::thresholds_from_otsu(
        lloyd::sobel(lloyd::gaussian_blur(page.photo, 5, 1.4), 3, lloyd::gradient_norm::l1));
    page.results[0] = found.low;
    page.results[1] = found.high;
}

PAGE_EXPORT(draw_edges) void draw_edges(double low, double high) {
    page.picture = lloyd::image<u8>(lloyd::canny(page.photo, low, high));
    show_picture();
}

PAGE_EXPORT(shown_pixels) const u8* pixels_shown() { return page.shown.data(); }
PAGE_EXPORT(shown_width) int width_shown() { return static_cast<int>(page.shown_width); }
PAGE_EXPORT(shown_size) int size_shown() { return static_cast<int>(page.shown.size()); }
PAGE_EXPORT(numbers) const double* numbers() { return page.results.data(); }

/// What was drawn last, as a PNG file. Returns its size.
PAGE_EXPORT(write_png) int write_png() {
    page.file = io::encode_png(page.picture);
    return static_cast<int>(page.file.size());
}

/// Where the page writes the title of drawings, UTF-8 of so many bytes.
PAGE_EXPORT(set_title) char* set_title(int size) {
    page.title.resize(static_cast<std::size_t>(size));
    return page.title.data();
}

/// The shapes of the segments as an SVG file, as `vectorize` draws them. Returns its size.
PAGE_EXPORT(write_svg) int write_svg(double tolerance) {
    const auto& [labels, palette] = std::tie(shown_segments().labels, shown_segments().palette);
    const auto shapes = lloyd::outlines(lloyd::simplify(lloyd::find_borders(labels), tolerance));
    const auto text = drawings::of_shapes({labels.width(), labels.height(), page.title}, shapes, palette);
    page.file.assign(text.begin(), text.end());
    return static_cast<int>(page.file.size());
}

PAGE_EXPORT(file) const u8* file() { return page.file.data(); }

/// Room for n colours and their counts, of a photo that another worker has opened.
PAGE_EXPORT(open_colors) u8* open_colors(int n) {
    page.photo = rgb_image(n, 1);
    page.weights.resize(static_cast<std::size_t>(n));
    return page.photo.data();
}
PAGE_EXPORT(open_counts) double* open_counts() { return page.weights.data(); }

/// The elbow of these colours in RGB, as `elbow` finds it: number 0 is the knee or 0, numbers 1 to 4 are the K that the four
/// methods suggest, or 0; then the curve from K = 1. Returns how many points it has.
PAGE_EXPORT(find_elbow) int find_elbow(int k_max) {
    const auto sweep =
        lloyd::elbow_sweep(page.photo, {.k_max = k_max, .kmeans = {.attempts = attempts, .weights = page.weights}});
    const auto& [drop, log, ratio, kneedle] = sweep.suggestions;
    double* to = page.results.data();
    *to++ = sweep.knee.value_or(0);
    for (const auto& one : {drop, log, ratio, kneedle}) *to++ = one.k.value_or(0);
    for (const auto& point : sweep.curve) *to++ = point.wcss;
    return static_cast<int>(sweep.curve.size());
}
