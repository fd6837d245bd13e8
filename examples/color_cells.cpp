// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "color_cells.hpp"

namespace plots {
namespace {

/// Groups the colours into cells of `side` levels.
std::vector<color_cell> gather(const lloyd::color_histogram<3>& colors, std::size_t side) {
    const std::size_t n = 255 / side + 1;
    std::vector<color_cell> cells(n * n * n);
    for (std::ptrdiff_t i = 0; i < colors.size(); ++i) {
        const auto one = colors.colors()(i, 0);
        const double count = colors.counts()[static_cast<std::size_t>(i)];
        auto& into = cells[(one[0] / side * n + one[1] / side) * n + one[2] / side];
        into.count += count;
        for (std::size_t c = 0; c < 3; ++c) into.sum[c] += count * one[c];
    }
    std::erase_if(cells, [](const color_cell& one) { return one.count == 0; });
    return cells;
}

}  // namespace

std::vector<color_cell> color_cells(const lloyd::color_histogram<3>& colors, std::size_t most) {
    std::size_t side = 8;
    auto cells = gather(colors, side);
    while (cells.size() > most) cells = gather(colors, ++side);
    return cells;
}

}  // namespace plots
