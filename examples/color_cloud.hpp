// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The colours of a picture as a cloud of balls in the cube of red, green and blue, with the centers of its clusters.
#pragma once

#include <string>

#include <lloyd/color_histogram.hpp>
#include <lloyd/kmeans.hpp>

namespace plots {

enum class cloud_paint { own_colors, segments };

/// A file of SVG, 760×560, of some 200 KB at most: colours are gathered in cells, each a ball at their mean, as large as
/// they are many. `clusters` are those of kmeans on these colours, weighted by their counts.
std::string color_cloud_svg(const std::string& subject, const lloyd::color_histogram<3>& colors,
                            const lloyd::kmeans_result<3>& clusters, cloud_paint paint = cloud_paint::own_colors);

}  // namespace plots
