// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Succeeds when lloyd was found, included and linked. It calls little, to compile soon: main.cpp calls nearly everything.

#include <cstdint>

#include <lloyd/lloyd.hpp>

int main() {
    const std::uint8_t pixels[] = {200, 30, 30, 20, 40, 220};
    const lloyd::image_view<const std::uint8_t, 3> photo(pixels, 2, 1);
    const lloyd::color_histogram colors(photo);
    const bool right = colors.size() == 2 && lloyd::rgb_to_gray(photo)(1, 0)[0] == 55;
    return right && LLOYD_VERSION_MAJOR >= 0 ? 0 : 1;
}
