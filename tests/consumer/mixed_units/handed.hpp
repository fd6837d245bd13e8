// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// What two units, compiled with different flags, hand to each other: the library's types.
#pragma once

#include <cstdint>
#include <vector>

#include <lloyd/lloyd.hpp>

struct handed {
    lloyd::image<std::uint8_t, 3> photo;
    lloyd::image<float> samples;
    lloyd::color_histogram<3> colors;
    lloyd::cluster_sums<> sums;
    lloyd::kmeans_options options;
    lloyd::kmeans_result<3> clusters;
    lloyd::kmeans_result<> classes;
    lloyd::elbow_result<3> sweep;
    lloyd::segmentation segments;
    lloyd::sobel_gradient gradient;
    lloyd::edge_ridges ridges;
    lloyd::image<std::uint8_t, 1> edges;
    lloyd::region_map regions;
    std::vector<lloyd::border> borders;
    std::vector<lloyd::outline> shapes;
};

// Of each unit: fills in all of it, by nearly all functions there are; and goes on with what another unit has made. False:
// something came out wrong.
bool make_in_plain_unit(handed&);
bool take_in_plain_unit(const handed&);
bool make_in_other_unit(handed&);
bool take_in_other_unit(const handed&);
