// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "color_cloud.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <numeric>
#include <string_view>
#include <vector>

#include "color_cells.hpp"
#include "svg.hpp"

namespace plots {
namespace {

using svg::point;
using color = std::array<double, 3>;

constexpr std::string_view rules = R"(
.lloyd circle { stroke: #000; stroke-opacity: 0.25; stroke-width: 0.5; }
.lloyd .floor { fill: #f6f8fa; }
.lloyd .axis-r, .lloyd .axis-g, .lloyd .axis-b { stroke-width: 2; }
.lloyd line.axis-r { stroke: #cf222e; } .lloyd text.axis-r { fill: #cf222e; }
.lloyd line.axis-g { stroke: #1a7f37; } .lloyd text.axis-g { fill: #1a7f37; }
.lloyd line.axis-b { stroke: #0969da; } .lloyd text.axis-b { fill: #0969da; }
.lloyd .stem { stroke-dasharray: 2 3; stroke-width: 1.2; }
.lloyd circle.halo { fill: none; stroke: #fff; stroke-opacity: 1; stroke-width: 5; }
.lloyd circle.center { stroke: #1f2328; stroke-opacity: 1; stroke-width: 2; }
.lloyd text.on-bright, .lloyd text.on-dark { font-size: 12px; stroke: none; }
.lloyd text.on-bright { fill: #000; } .lloyd text.on-dark { fill: #fff; }
)";

constexpr std::string_view dark_rules = R"(
.lloyd circle { stroke: #fff; stroke-opacity: 0.18; }
.lloyd .floor { fill: #151b23; }
.lloyd line.axis-r { stroke: #ff7b72; } .lloyd text.axis-r { fill: #ff7b72; }
.lloyd line.axis-g { stroke: #3fb950; } .lloyd text.axis-g { fill: #3fb950; }
.lloyd line.axis-b { stroke: #58a6ff; } .lloyd text.axis-b { fill: #58a6ff; }
.lloyd circle.halo { stroke: #0d1117; }
.lloyd circle.center { stroke: #e6edf3; }
.lloyd text.on-bright { fill: #000; } .lloyd text.on-dark { fill: #fff; }
)";

/// The position of a colour in the drawing: red runs to the right and towards the viewer, green to the right and away, blue
/// up.
struct place {
    point at;
    double distance;  ///< from the middle of the cube, away from the viewer
    double scale;     ///< the size of objects there
};

place project(const color& of) {
    constexpr double turn = 0.5, tilt = 0.38, eye = 4.2, zoom = 282;  // radians; sides of the cube; pixels
    const double r = of[0] / 255 - 0.5, g = of[1] / 255 - 0.5, b = of[2] / 255 - 0.5;
    const double across = r * std::cos(turn) + g * std::sin(turn);
    const double into = g * std::cos(turn) - r * std::sin(turn);
    const double up = b * std::cos(tilt) + into * std::sin(tilt);
    const double distance = into * std::cos(tilt) - b * std::sin(tilt);
    const double scale = eye / (eye + distance);
    return {{286 + zoom * scale * across, 290 - zoom * scale * up}, distance, scale};
}

std::array<std::uint8_t, 3> rounded(const color& from) {
    std::array<std::uint8_t, 3> result;
    for (std::size_t c = 0; c < 3; ++c)
        result[c] = static_cast<std::uint8_t>(std::clamp(std::floor(from[c] + 0.5), 0.0, 255.0));
    return result;
}

bool is_bright(const color& c) { return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2] > 140; }

/// The floor and the two back walls, with lines every 64 levels, and the axes in front.
void draw_room(svg::drawing& to) {
    const auto at = [](double r, double g, double b) { return project({r, g, b}).at; };
    const std::string axes[] = {"axis-r", "axis-g", "axis-b"};
    to.polygon({at(0, 0, 0), at(255, 0, 0), at(255, 255, 0), at(0, 255, 0)}, "floor");
    for (const double level : {0.0, 64.0, 128.0, 192.0, 255.0}) {
        to.polyline({at(level, 0, 0), at(level, 255, 0), at(level, 255, 255)}, "grid");
        to.polyline({at(255, level, 0), at(0, level, 0), at(0, level, 255)}, "grid");
        to.polyline({at(0, 0, level), at(0, 255, level), at(255, 255, level)}, "grid");
    }
    to.line(at(0, 0, 0), at(255, 0, 0), axes[0]);
    to.line(at(255, 0, 0), at(255, 255, 0), axes[1]);
    to.line(at(0, 0, 0), at(0, 0, 255), axes[2]);
    for (const double level : {0.0, 128.0, 255.0}) {
        const auto r = at(level, 0, 0), g = at(255, level, 0), b = at(0, 0, level);
        const auto text = svg::number(level);
        to.text({r.x - 6, r.y + 20}, text, "soft middle number");
        if (level > 0) to.text({g.x + 12, g.y + 12}, text, "soft number");
        if (level > 0) to.text({b.x - 10, b.y + 5}, text, "soft end number");
    }
    const auto r = at(190, 0, 0), g = at(255, 190, 0), b = at(0, 0, 190);
    to.text({r.x - 10, r.y + 30}, "red", axes[0] + " middle bold");
    to.text({g.x + 20, g.y + 22}, "green", axes[1] + " bold");
    to.text({b.x - 14, b.y + 5}, "blue", axes[2] + " end bold");
}

/// Draws the balls, the farthest first. The volume of a ball is in proportion to its share of the pixels.
void draw_balls(svg::drawing& to, std::vector<color_cell> cells, const lloyd::kmeans_result<3>& clusters,
                cloud_paint paint) {
    const auto nearness = [](const color_cell& one) { return -project(one.mean()).distance; };
    std::ranges::stable_sort(cells, {}, nearness);
    double largest = 0;
    for (const auto& one : cells) largest = std::max(largest, one.count);
    lloyd::image<double, 3> means(std::ssize(cells), 1);
    for (std::ptrdiff_t i = 0; i < means.size(); ++i)
        std::ranges::copy(cells[static_cast<std::size_t>(i)].mean(), means(i, 0).begin());
    const auto nearest = lloyd::assign(means, clusters.centers);
    for (std::ptrdiff_t i = 0; i < means.size(); ++i) {
        const auto& one = cells[static_cast<std::size_t>(i)];
        const auto seen = project(one.mean());
        auto painted = one.mean();
        if (paint == cloud_paint::segments) std::ranges::copy(clusters.centers(nearest(i, 0)[0], 0), painted.begin());
        to.circle(seen.at, std::max(15 * seen.scale * std::cbrt(one.count / largest), 0.8), {},
                  svg::hex(rounded(painted)));
    }
}

void draw_center(svg::drawing& to, point at, const color& painted, std::size_t number) {
    to.circle(at, 11, "halo");
    to.circle(at, 11, "center", svg::hex(rounded(painted)));
    to.text({at.x, at.y + 4}, std::to_string(number), is_bright(painted) ? "on-bright middle" : "on-dark middle");
}

/// Draws the centers, numbered from the largest weight down, in the cube and in a list beside it.
void draw_centers(svg::drawing& to, const lloyd::kmeans_result<3>& clusters) {
    const auto color_of = [&](std::size_t j) {
        const auto center = clusters.centers(static_cast<std::ptrdiff_t>(j), 0);
        return color{center[0], center[1], center[2]};
    };
    std::vector<std::size_t> order(clusters.weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater(), [&](std::size_t j) { return clusters.weights[j]; });
    const double pixels = std::accumulate(clusters.weights.begin(), clusters.weights.end(), 0.0);

    for (const auto j : order) {
        const auto center = color_of(j);
        to.line(project(center).at, project({center[0], center[1], 0}).at, "stem");
    }
    for (std::size_t i = order.size(); i-- > 0;)
        draw_center(to, project(color_of(order[i])).at, color_of(order[i]), i + 1);

    constexpr std::size_t rows = 15;
    constexpr double left = 590;
    to.text({left - 12, 74}, std::to_string(order.size()) + (order.size() == 1 ? " center" : " centers"), "soft");
    for (std::size_t i = 0; i < std::min(order.size(), rows); ++i) {
        const double y = 102 + 29 * static_cast<double>(i);
        draw_center(to, {left, y}, color_of(order[i]), i + 1);
        char share[16];
        std::snprintf(share, sizeof share, "%.1f %%", 100 * clusters.weights[order[i]] / pixels);
        to.text({left + 20, y + 4.5}, svg::hex(rounded(color_of(order[i]))), "number");
        to.text({left + 144, y + 4.5}, share, "soft end number");
    }
    if (order.size() > rows) to.text({left - 12, 540}, "and " + std::to_string(order.size() - rows) + " more", "soft");
}

}  // namespace

std::string color_cloud_svg(const std::string& subject, const lloyd::color_histogram<3>& colors,
                            const lloyd::kmeans_result<3>& clusters, cloud_paint paint, std::size_t most_balls) {
    const auto k = std::to_string(clusters.weights.size());
    svg::drawing drawing(
        760, 560, "The colours of " + subject + " in the cube of red, green and blue, with " + k + " cluster centers");
    drawing.style(rules, dark_rules);
    drawing.text({28, 36}, "Colours of " + subject, "large bold");
    draw_room(drawing);
    draw_balls(drawing, color_cells(colors, most_balls), clusters, paint);
    draw_centers(drawing, clusters);
    return drawing.str();
}

}  // namespace plots
