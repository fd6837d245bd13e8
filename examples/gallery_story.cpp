// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "gallery_story.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <thread>
#include <vector>

#include <lloyd/color.hpp>
#include <lloyd/color_histogram.hpp>
#include <lloyd/elbow.hpp>
#include <lloyd/segment.hpp>
#include <lloyd/version.hpp>

#include "color_cells.hpp"
#include "elbow_plot.hpp"
#include "pictures.hpp"
#include "svg.hpp"
#include "thumbnails.hpp"

namespace gallery {
namespace {

using svg::escaped;

constexpr int told_k = 5;  // the number of colours that the cloud and the edges use too

std::string shown(const rgb_image& picture, std::string_view alt) {
    return image_tag(lloyd::image<std::uint8_t>(web::shrunk(picture, longest_side)), alt);
}

std::string shown(const gray_image& picture, std::string_view alt) {
    return image_tag(lloyd::image<std::uint8_t>(web::shrunk(picture, longest_side)), alt);
}

std::string hex_of(std::span<const std::uint8_t> color) { return svg::hex({color[0], color[1], color[2]}); }

// 1 and 2: the photo and its colours

void tell_photo(page& to, const told_photo& photo, const timed<lloyd::color_histogram<3>>& colors) {
    const auto& picture = photo.picture;
    const auto pixels = static_cast<double>(photo.pixels.colors().size()),
               distinct = static_cast<double>(colors.value.size());
    to.section("photo", "The photo");
    to.add("<div class=\"opening\">\n" +
           figure(shown(picture, "The photo, as it is"),
                  "<b>" + escaped(photo.name) + "</b>, " + grouped(picture.width()) + " × " +
                      grouped(picture.height()) + " pixels" + (photo.credit.empty() ? "" : ". ") + photo.credit,
                  "hero"));
    to.add("<dl class=\"facts\">\n<div><dt>pixels</dt><dd>" + grouped(picture.size()) +
           "</dd></div>\n<div><dt>different colours</dt><dd>" + grouped(colors.value.size()) +
           "</dd></div>\n<div><dt>pixels per colour</dt><dd>" +
           fixed(pixels / distinct, pixels < 20 * distinct ? 1 : 0) + "</dd></div>\n<div><dt>read in</dt><dd>" +
           duration(photo.reading_milliseconds) + "</dd></div>\n<div><dt>colours counted in</dt><dd>" +
           duration(colors.milliseconds) + "</dd></div>\n</dl>\n</div>\n");
    to.add(
        "<p>A pixel is three numbers from 0 to 255: the amounts of red, green and blue. Colours repeat, and the steps "
        "below depend on colours alone. So they are computed once per colour, weighted by how often it occurs, and "
        "not once per pixel. The answer is the same, but it comes sooner.</p>\n");
}

/// The cells, the segment of each, and the colours of the segments, for cloud.js.
std::string cloud_data(const std::vector<plots::color_cell>& cells, const lloyd::segmentation& segments) {
    const auto distance = [&](const std::array<double, 3>& mean, std::ptrdiff_t j) {
        double sum = 0;
        for (std::size_t c = 0; c < 3; ++c) sum += std::pow(mean[c] - segments.palette(j, 0)[c], 2);
        return sum;
    };
    std::string data = "{\"cells\":[";
    for (const auto& one : cells) {
        const auto mean = one.mean();
        std::ptrdiff_t nearest = 0;
        for (std::ptrdiff_t j = 1; j < segments.palette.width(); ++j)
            if (distance(mean, j) < distance(mean, nearest)) nearest = j;
        if (data.back() != '[') data += ',';
        data += '[';
        for (const double channel : mean) data += svg::number(std::round(channel)) + ",";
        data += fixed(one.count, 0) + "," + std::to_string(nearest) + "]";
    }
    data += "],\"palette\":[";
    for (std::ptrdiff_t j = 0; j < segments.palette.width(); ++j)
        data += (j == 0 ? "\"" : ",\"") + hex_of(segments.palette(j, 0)) + "\"";
    return data + "]}";
}

void tell_cloud(page& to, const lloyd::color_histogram<3>& colors, const lloyd::segmentation& segments) {
    const auto cells = plots::color_cells(colors, 1600);
    const auto k = std::to_string(told_k);
    to.section("colors", "Its colours in space");
    to.add(
        "<p>Three numbers are a point in space. Red, green and blue are the three directions of a cube: black in one "
        "corner, white in the opposite one. This drawing shows every colour of the photo in that cube. One ball stands "
        "for colours that are close to each other. The ball is larger if they have more pixels.</p>\n");
    to.add(
        "<figure class=\"cloud\">\n<canvas id=\"cloud\" tabindex=\"0\" role=\"application\" aria-roledescription=\""
        "turnable drawing\" aria-label=\"The colours of the photo, as " +
        grouped(std::ssize(cells)) +
        " balls in the cube of red, green and blue\" aria-describedby=\"cloud-hint\"></canvas>\n"
        "<figcaption><span id=\"cloud-hint\">Drag the drawing, or select it and press the arrow keys, to see it from "
        "another side. The key Home turns it back.</span>\n<label><input type=\"checkbox\" id=\"cloud-segments\"> give "
        "each ball the nearest of " +
        k + " colours</label></figcaption>\n</figure>\n");
    to.add("<noscript><p>A script in this page draws the cloud, but scripts are switched off.</p></noscript>\n");
    to.add("<script type=\"application/json\" id=\"cloud-data\">" + cloud_data(cells, segments) + "</script>\n");
    to.add("<p>To <dfn>cluster</dfn> the colours means to find groups in this cloud. K-Means finds K centers such that "
           "every colour is close to one of them. Tick the box to see the groups for K = " +
           k + ".</p>\n");
}

// 3: HSV

void tell_hsv(page& to, const rgb_image& photo) {
    const auto hsv = with_time([&] { return lloyd::rgb_to_hsv(photo); });
    to.section("hsv", "Hue, saturation, value");
    to.add(
        "<p>A colour has another description, which is closer to how people speak of colour: which colour it is (hue), "
        "how strong it is (saturation), and how bright it is (value). All pixels were converted in " +
        duration(hsv.milliseconds) + ".</p>\n<div class=\"three\">\n");
    to.add(
        figure(shown(pictures::hue_picture(hsv.value), "The hue of each pixel as a pure colour"),
               "<b>Hue</b> as a pure colour. Near gray, black and white there is hardly any colour, and hue is mostly "
               "noise."));
    to.add(figure(shown(lloyd::select_channels<1>(hsv.value), "The saturation of each pixel, white where it is strong"),
                  "<b>Saturation</b>: black is gray, white is as strong as that colour can be."));
    to.add(figure(shown(lloyd::select_channels<2>(hsv.value), "The value of each pixel, white where it is bright"),
                  "<b>Value</b>: the largest of red, green and blue."));
    to.add("</div>\n");
}

// 4: segments

std::string palette_of(const lloyd::segmentation& segments) {
    std::string bar = "<div class=\"shares\" aria-hidden=\"true\">", list = "<ul class=\"palette\">\n";
    for (std::ptrdiff_t j = 0; j < segments.palette.width(); ++j) {
        const auto color = hex_of(segments.palette(j, 0));
        const auto share = 100 * segments.shares[static_cast<std::size_t>(j)];
        bar += "<i style=\"background:" + color + ";flex-grow:" + fixed(share, 2) + "\"></i>";
        list +=
            "<li><i style=\"background:" + color + "\"></i><code>" + color + "</code> " + fixed(share, 1) + " %</li>\n";
    }
    return bar + "</div>\n" + list + "</ul>";
}

struct painted {
    lloyd::segmentation segments;
    rgb_image picture;
};

timed<painted> paint(const told_photo& photo, int k, lloyd::color_space space) {
    auto result = with_time([&] {
        auto segments = lloyd::segment(photo.pixels.colors(), k,
                                       {.space = space, .kmeans = {.attempts = 5, .seed = photo.seed, .threads = 0}});
        auto picture = lloyd::recolor(segments.labels, segments.palette);
        return painted{std::move(segments), std::move(picture)};
    });
    result.value.picture = pictures::on_white(photo.pixels.painted(std::move(result.value.picture)));
    return result;
}

std::string segments_figure(const timed<painted>& result, std::string_view space) {
    const auto k = std::to_string(result.value.segments.palette.width());
    const auto& segments = result.value.segments;
    return figure(shown(result.value.picture, "The photo in " + k + " colours, compared in " + std::string(space)) +
                      "\n" + palette_of(segments),
                  "compared in <b>" + std::string(space) + "</b>: " + duration(result.milliseconds) +
                      ", the best of 5 attempts took " + std::to_string(segments.iterations) + " iterations");
}

/// Shows segments for three K in three spaces. Returns the segments in RGB that later sections use.
timed<painted> tell_segments(page& to, const told_photo& photo, timed<painted> told) {
    to.section("segments", "In three, five and seven colours");
    to.add(
        "<p>K-Means begins with K colours of the photo and repeats two steps: every colour joins the nearest center; "
        "every center moves to the mean of its colours. It stops when no colour changes its center. Each pixel below "
        "has the mean colour of its group, which shows its <dfn>segment</dfn>. Below each picture are its colours, "
        "from the most frequent to the rarest.</p>\n"
        "<p>For the first picture of each row, distances are measured in RGB, the cube above. For the second, they are "
        "measured in the cone of HSV, where hue counts most, except for pale colours. For the third, they are measured "
        "in OKLab, where equal distances look about equally large to the eye.</p>\n");
    for (const int k : {3, told_k, 7}) {
        to.add("<h3>K = " + std::to_string(k) + "</h3>\n<div class=\"three\">\n");
        to.add(segments_figure(k == told_k ? told : paint(photo, k, lloyd::color_space::rgb), "RGB"));
        to.add(segments_figure(paint(photo, k, lloyd::color_space::hsv_cone), "the cone of HSV"));
        to.add(segments_figure(paint(photo, k, lloyd::color_space::oklab), "OKLab"));
        to.add("</div>\n");
    }
    return told;
}

// 5: the elbow

std::string suggestions_table(const lloyd::elbow_suggestions& suggestions) {
    std::string rows;
    for (const auto& [name, one] : plots::named(suggestions))
        rows += "<tr><th scope=\"row\">" + std::string(name) + "</th><td>" + (one.k ? std::to_string(*one.k) : "none") +
                "</td><td>" + (one.k ? fixed(one.strength, 2) : "–") + "</td></tr>\n";
    return "<table>\n<caption>The K that four methods suggest</caption>\n<thead><tr><th scope=\"col\">method</th>"
           "<th scope=\"col\">suggests K</th><th scope=\"col\">strength, 0 to 1</th></tr></thead>\n<tbody>\n" +
           rows + "</tbody>\n</table>\n";
}

std::string verdict(const lloyd::elbow_result<3>& sweep) {
    const auto perfect = std::ranges::find(sweep.curve, 0.0, &lloyd::elbow_point::wcss);
    const auto colors = perfect == sweep.curve.end() ? "" : std::to_string(perfect->k);
    if (sweep.knee && colors == std::to_string(*sweep.knee))
        return "<p class=\"verdict\"><b>A clear knee at K = " + colors + ".</b> The photo has " +
               (colors == "1" ? "one colour" : colors + " different colours, which are far from each other") +
               ": with a center for each of them, WCSS is 0.</p>\n";
    if (!sweep.knee && !colors.empty())
        return "<p class=\"verdict\"><b>No clear knee.</b> The photo has no more than " + colors +
               " different colours: with a center for each of them, WCSS is 0. But they are too close to each other, "
               "or some are too rare, to count as groups. A single colour with noise looks like this.</p>\n";
    if (sweep.knee)
        return "<p class=\"verdict\"><b>A clear knee at K = " + std::to_string(*sweep.knee) +
               ".</b> Up to this K every further colour gains at least three times as much as any after it: the photo "
               "has that many groups of colours.</p>\n";
    const auto lean = plots::majority(sweep.suggestions);
    return "<p class=\"verdict\"><b>No clear knee" + (lean.empty() ? lean : "; " + lean) +
           ".</b> This is not an error. It is usual for photographs: the colours "
           "of a "
           "scene blend into each other, and the right number depends on their purpose. The methods below "
           "still suggest a K, but none of these is reliable.</p>\n";
}

void tell_elbow(page& to, const told_photo& photo) {
    const auto sweep = with_time([&] {
        return lloyd::elbow_sweep(photo.pixels.colors(), {.kmeans = {.attempts = 5, .seed = photo.seed, .threads = 0}});
    });
    to.section("elbow", "How many colours? The elbow");
    to.add(
        "<p>More centers always fit better: the sum of squared distances to them (WCSS) can only fall. The question is "
        "when another center gains too little. If groups are real, the curve falls steeply until each group has its "
        "center, and hardly after that: it has an elbow, or knee. For all K from 1 to 10 this took " +
        duration(sweep.milliseconds) + ".</p>\n<div class=\"elbow\">\n");
    to.add(
        "<figure>\n" + plots::elbow_svg(photo.name, sweep.value.curve, sweep.value.knee, sweep.value.suggestions) +
        "<figcaption>The sum of squared distances of colours to their centers, for each K</figcaption>\n</figure>\n");
    to.add("</div>\n" + verdict(sweep.value) + suggestions_table(sweep.value.suggestions));
}

}  // namespace

std::string tell(const told_photo& photo) {
    page result("One photo, step by step",
                "How " + photo.name +
                    " is segmented by colour, and where its edges are: every step of lloyd, with its time "
                    "on this machine.");
    const auto colors = with_time([&] { return lloyd::color_histogram<3>(photo.pixels.colors()); });
    auto told = paint(photo, told_k, lloyd::color_space::rgb);
    tell_photo(result, photo, colors);
    tell_cloud(result, colors.value, told.value.segments);
    tell_hsv(result, photo.picture);
    told = tell_segments(result, photo, std::move(told));
    tell_elbow(result, photo);
    tell_edges(result, photo, told.value.picture);
    result.footer(
        "<p>Written by <code>gallery</code> of lloyd " + std::to_string(LLOYD_VERSION_MAJOR) + "." +
        std::to_string(LLOYD_VERSION_MINOR) + "." + std::to_string(LLOYD_VERSION_PATCH) +
        ". All pictures were computed in full size and then reduced for this page. Times are of one run, on " +
        std::to_string(std::max(std::thread::hardware_concurrency(), 1u)) +
        " threads where a step takes threads.</p>\n" +
        (photo.credit.empty() ? "" : "<p>" + photo.credit + ". Every picture on this page is made from it.</p>\n"));
    return result.str();
}

}  // namespace gallery
