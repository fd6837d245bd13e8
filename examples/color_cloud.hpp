// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The colours of a picture as a cloud of balls in the cube of red, green and blue, with the centers of its clusters.
#pragma once

#include <cstddef>
#include <string>

#include <lloyd/color_histogram.hpp>
#include <lloyd/kmeans.hpp>

namespace plots {

enum class cloud_paint { own_colors, segments };

/// An SVG file of 760×560, at most about 85 bytes for each ball. Colours are grouped into at most `most_balls` cells. Each
/// cell becomes a ball at the mean of its colours, and its size grows with their count. `clusters` is the result of kmeans
/// on these colours, weighted by counts.
std::string color_cloud_svg(const std::string& subject, const lloyd::color_histogram<3>& colors,
                            const lloyd::kmeans_result<3>& clusters, cloud_paint paint = cloud_paint::own_colors,
                            std::size_t most_balls = 2400);

}  // namespace plots
