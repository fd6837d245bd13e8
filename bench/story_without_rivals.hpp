// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// In place of compare/story_rivals.hpp where OpenCV is not found.
#pragma once

namespace bench {

struct story_rivals {
    static constexpr const char* name = "";
    static void settle() {}

    template <class... Images>
    explicit story_rivals(const Images&...) {}

    void rgb_to_hsv() {}
    void hsv_to_rgb() {}
    void rgb_to_gray() {}
    void blur() {}
    void gradient() {}
    void canny() {}
    double kmeans(int, int) { return 0; }
    void regions(int) {}
};

}  // namespace bench
