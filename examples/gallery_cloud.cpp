// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "color_cells.hpp"
#include "color_cloud.hpp"
#include "gallery_story.hpp"
#include "svg.hpp"

namespace gallery {
namespace {

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

/// The same cloud as a picture, for readers without scripts.
std::string still_cloud(const std::string& name, const lloyd::color_histogram<3>& colors,
                        const lloyd::segmentation& segments) {
    constexpr std::size_t most_balls = 700;
    lloyd::kmeans_result<3> clusters;
    clusters.centers = segments.centers;
    clusters.weights = segments.shares;
    return plots::color_cloud_svg(name, colors, clusters, plots::cloud_paint::own_colors, most_balls);
}

}  // namespace

void tell_cloud(page& to, const std::string& name, const lloyd::color_histogram<3>& colors,
                const lloyd::segmentation& segments) {
    const auto cells = plots::color_cells(colors, 1600);
    const auto k = std::to_string(segments.palette.width());
    to.section("colors", "Its colours in space");
    to.add(
        "<p>Three numbers are a point in space. Red, green and blue are the three directions of a cube: black in one "
        "corner, white in the opposite one. This drawing shows every colour of the photo in that cube. One ball stands "
        "for colours that are close to each other. The ball is larger if they have more pixels.</p>\n");
    to.add(
        "<figure class=\"cloud\" id=\"cloud-figure\" hidden>\n<canvas id=\"cloud\" tabindex=\"0\" role=\"application\" "
        "aria-roledescription=\""
        "turnable drawing\" aria-label=\"The colours of the photo, as " +
        grouped(std::ssize(cells)) +
        " balls in the cube of red, green and blue\" aria-describedby=\"cloud-hint\"></canvas>\n"
        "<figcaption><span id=\"cloud-hint\">Drag the drawing, or select it and press the arrow keys, to see it from "
        "another side. The key Home turns it back.</span>\n<label><input type=\"checkbox\" id=\"cloud-segments\"> give "
        "each ball the nearest of " +
        k + " colours</label></figcaption>\n</figure>\n");
    to.add("<noscript>" +
           figure(still_cloud(name, colors, segments),
                  "The colours, and the centers of " + k +
                      " groups. With scripts switched on, this drawing can be turned.",
                  "still") +
           "</noscript>\n");
    to.add("<script type=\"application/json\" id=\"cloud-data\">" + cloud_data(cells, segments) + "</script>\n");
    to.add("<p>To <dfn>cluster</dfn> the colours means to find groups in this cloud. K-Means finds K centers such that "
           "every colour is close to one of them. Here K is " +
           k + ".</p>\n");
    to.code("colors", "clustering.md");
}

}  // namespace gallery
