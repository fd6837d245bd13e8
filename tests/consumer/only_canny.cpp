// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Edges alone, for flags that take long to compile with: a white square has some, its inside has none.

#include <cstdint>

#include <lloyd/canny.hpp>

int main() {
    lloyd::image<std::uint8_t, 1> picture(64, 64);
    for (std::ptrdiff_t y = 16; y < 48; ++y)
        for (std::ptrdiff_t x = 16; x < 48; ++x) picture(x, y)[0] = 255;
    const auto edges = lloyd::canny(picture, 100, 200);
    int found = 0;
    for (const auto edge : edges.elements()) found += edge == 255;
    return found > 100 && edges(32, 32)[0] == 0 ? 0 : 1;
}
