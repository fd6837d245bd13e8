// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// What both ways compute from the same picture, handed from unit to unit as lloyd's own types.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/lloyd.hpp>

struct results {
    lloyd::segmentation segments;
    lloyd::image<std::uint8_t, 3> poster;
    lloyd::image<std::uint8_t, 1> dots;
    lloyd::kmeans_result<3> clusters;
    lloyd::kmeans_result<> points;
    lloyd::kmeans_result<7> wide;
    lloyd::elbow_result<3> sweep;
    lloyd::cluster_sums<3> sums;
    lloyd::color_histogram<3> colors;
    lloyd::image<std::uint8_t, 1> edges;
    lloyd::image<float, 3> hsv, lab;
    lloyd::image<std::uint8_t, 3> back;
    lloyd::region_map regions;
    lloyd::image<std::uint8_t, 1> clean;
    std::vector<lloyd::outline> shapes;
};

results compute_header_only(const lloyd::image<std::uint8_t, 3>& photo);

inline lloyd::image<std::uint8_t, 3> sample_photo() {
    lloyd::image<std::uint8_t, 3> photo(61, 43);
    std::uint32_t number = 1;
    for (auto& value : photo.elements()) {
        number = number * 1664525 + 1013904223;
        value = static_cast<std::uint8_t>(number >> 25 << (number >> 31));
    }
    return photo;
}

// `static`: each unit has its own.
static results compute(const lloyd::image<std::uint8_t, 3>& photo) {
    results r;
    r.segments = lloyd::segment(photo, 5, {.kmeans = {.attempts = 3}});
    r.poster = lloyd::recolor(r.segments.labels, r.segments.palette);
    r.dots = lloyd::dither(photo, r.segments.palette);
    r.clusters = lloyd::kmeans(photo, 4, {.threads = 2});
    std::vector<float> numbers(photo.elements().begin(), photo.elements().end());
    r.points = lloyd::kmeans(lloyd::points(numbers.data(), 400, 7), 6);
    r.wide = lloyd::kmeans(lloyd::image_view<const float, 7>(numbers.data(), 400, 1), 6);
    r.sweep = lloyd::elbow_sweep(photo, {.k_max = 4});
    r.sums.accumulate(photo, r.clusters.centers);
    r.colors.add(photo);
    r.edges = lloyd::canny(photo, 150, 200);
    r.regions = lloyd::find_regions(r.segments.labels, lloyd::connectivity::eight);
    r.clean = lloyd::merge_small_regions(r.segments.labels, 20);
    r.shapes = lloyd::outlines(lloyd::simplify(lloyd::find_borders(r.clean), 1));
    lloyd::image<float, 3> real(photo.width(), photo.height());
    std::ranges::copy(numbers, real.data());
    r.hsv = lloyd::rgb_to_hsv(real);
    r.lab = lloyd::rgb_to_lab(photo);
    r.back = lloyd::oklab_to_rgb<std::uint8_t>(lloyd::rgb_to_oklab(photo));
    return r;
}
