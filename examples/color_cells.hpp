// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The colours of a picture gathered in cells of the cube of red, green and blue, for drawing.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include <lloyd/color_histogram.hpp>

namespace plots {

/// The colours that fell into one cell.
struct color_cell {
    double count = 0;
    std::array<double, 3> sum{};

    std::array<double, 3> mean() const { return {sum[0] / count, sum[1] / count, sum[2] / count}; }
};

/// None of them empty, in the smallest cubes, of 8 levels a side or more, that are at most `most`.
std::vector<color_cell> color_cells(const lloyd::color_histogram<3>& colors, std::size_t most);

}  // namespace plots
