// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Canny on several threads, each with a strip of the photo.

#include <lloyd/canny.hpp>

#include <algorithm>

#include <doctest/doctest.h>

#include "sample_images.hpp"

namespace {

using namespace samples;
using lloyd::canny;

TEST_CASE("gives the same edges on any number of threads, also where they cross from strip to strip") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = faint_stripes(random, 150, 1500);
    const auto edges = canny(photo, 50, 250);
    REQUIRE(std::ranges::count(edges.elements(), 255) == 18 * photo.height());
    for (const int threads : {0, 2, 3, 7, 64}) CHECK(same_pixels(canny(photo, 50, 250, {.threads = threads}), edges));
}

}  // namespace
