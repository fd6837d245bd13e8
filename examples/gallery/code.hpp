// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The C++ of each step of the gallery's page, which shows these lines: those of a step stand between its name and the next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <lloyd/canny.hpp>
#include <lloyd/color.hpp>
#include <lloyd/color_histogram.hpp>
#include <lloyd/elbow.hpp>
#include <lloyd/outlines.hpp>
#include <lloyd/regions.hpp>
#include <lloyd/segment.hpp>

namespace gallery {

/// What the steps find.
struct code_results {
    std::ptrdiff_t colors = 0, regions = 0;
    lloyd::image<std::uint8_t, 3> hsv, poster;
    std::optional<int> knee;
    lloyd::image<std::uint8_t, 1> clean;
    std::vector<lloyd::outline> shapes;
    lloyd::image<std::uint8_t, 1> traced, edges, classic;
};

/// Runs the lines of all steps. A photo of at least 10 pixels; the other numbers are those that the page finds for it.
inline code_results run_code(const lloyd::image<std::uint8_t, 3>& photo, std::ptrdiff_t min_area, double tolerance,
                             double low, double high) {
    // step: colors
    const lloyd::color_histogram<3> colors(photo);  // the distinct colours, and how often each occurs

    // step: hsv
    const auto hsv = lloyd::rgb_to_hsv(photo);  // H 0 to 179, S and V 0 to 255

    // step: segments
    const auto s = lloyd::segment(photo, 5, {.space = lloyd::color_space::rgb, .kmeans = {.attempts = 5}});
    const auto poster = lloyd::recolor(s.labels, s.palette);

    // step: elbow
    const auto sweep = lloyd::elbow_sweep(photo, {.k_max = 10, .kmeans = {.attempts = 5}});
    const auto knee = sweep.knee;  // empty if none is clear

    // step: regions
    const auto map = lloyd::find_regions(s.labels);
    const auto clean = lloyd::merge_small_regions(s.labels, min_area);
    const auto borders = lloyd::simplify(lloyd::find_borders(clean), tolerance);
    const auto shapes = lloyd::outlines(borders);

    // step: stages
    const auto gray = lloyd::rgb_to_gray(photo);
    const auto smooth = lloyd::gaussian_blur(gray, 5, 1.4);
    const auto gradient = lloyd::sobel(smooth, 3, lloyd::gradient_norm::l1);
    const auto ridges = lloyd::suppress_non_maxima(gradient);
    const auto strength = lloyd::double_threshold(ridges, low, high);
    const auto traced = lloyd::hysteresis(strength);

    // step: edges
    const auto edges = lloyd::canny(gray, low, high);                  // the five stages at once
    const auto classic = lloyd::canny(photo, 150, 200, {.sigma = 0});  // cv2.Canny(photo, 150, 200)

    // step: end
    return {.colors = colors.size(),
            .regions = std::ssize(map.regions),
            .hsv = hsv,
            .poster = poster,
            .knee = knee,
            .clean = clean,
            .shapes = shapes,
            .traced = traced,
            .edges = edges,
            .classic = classic};
}

}  // namespace gallery
