// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The colours of a picture, grouped into cells of the cube of red, green and blue, for drawing.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include <lloyd/color_histogram.hpp>

namespace plots {

/// The colours in one cell.
struct color_cell {
    double count = 0;
    std::array<double, 3> sum{};

    std::array<double, 3> mean() const { return {sum[0] / count, sum[1] / count, sum[2] / count}; }
};

/// The cells that are not empty: cubes with the smallest side, at least 8 levels, for which there are at most `most`.
std::vector<color_cell> color_cells(const lloyd::color_histogram<3>& colors, std::size_t most);

}  // namespace plots
