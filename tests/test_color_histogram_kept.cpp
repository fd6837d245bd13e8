// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Histograms that were kept as plain arrays, in a file or by another process, and come back.

#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/color_histogram.hpp>

#include "sample_images.hpp"
#include "sample_weights.hpp"

namespace {

using namespace samples;
using lloyd::color_histogram;
using numbers = std::vector<double>;
using bytes = std::vector<u8>;

TEST_CASE("comes back from plain arrays as it was") {
    dice random;
    CAPTURE(random.seed);
    const color_histogram colors(photo_like<3>(random, 50, 40));
    const auto kept_colors = elements_of(colors.colors());
    const numbers kept_counts(colors.counts().begin(), colors.counts().end());

    color_histogram<3> again;
    again.merge(lloyd::image_view<const u8, 3>(kept_colors.data(), colors.size(), 1), kept_counts);
    CHECK(same(again, colors));
}

TEST_CASE("merges plain arrays as it merges the histogram that they come from") {
    dice random;
    CAPTURE(random.seed);
    for (int i = 0; i < 20; ++i) {
        const color_histogram a(random_image<2>(random, 1 + random.below(30), 3, 9));
        const color_histogram b(random_image<2>(random, 1 + random.below(30), 3, 17));
        auto whole = a, parts = a;
        whole.merge(b);
        parts.merge(b.colors(), b.counts());
        CHECK(same(parts, whole));
        parts.merge({}, {});
        parts.merge(parts.colors(), parts.counts());
        whole.merge(whole);
        CHECK(same(parts, whole));
    }
}

TEST_CASE("refuses arrays that are no histogram, and stays as it was") {
    color_histogram<1> colors;
    colors.add(lloyd::image<u8, 1>(2, 2));
    const auto before = colors;
    const auto why = [&](const bytes& values, const numbers& counts) {
        const auto message = refusal(
            [&] { colors.merge(lloyd::image_view<const u8, 1>(values.data(), std::ssize(values), 1), counts); });
        if (message != "(not refused)") CHECK(same(colors, before));
        return message;
    };
    CHECK(why({1, 2}, {1}) == says{"color_histogram: counts has 1 values, but there are 2 colors"});
    CHECK(why({}, {1}) == says{"counts has 1 values, but there are 0 colors"});
    CHECK(why({1, 2}, {1, 0}) == says{"color_histogram: counts[1] is 0", "whole number from 1 to 2^53"});
    for (const double odd :
         {-1.0, 0.5, 1.5, 0x1p54, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        CHECK(why({1, 2}, {odd, 1}) == says{"color_histogram: counts[0] is ", "whole number"});
    CHECK(why({1, 1}, {1, 1}) == says{"color_histogram: color 1 is not above", "Morton order"});
    CHECK(why({7, 2}, {1, 1}) == says{"color_histogram: color 1 is not above", "Morton order"});

    const bytes values{1, 2};
    CHECK(refusal([&] {
              colors.merge(lloyd::image_view<const u8, 1>(values.data(), 1, 2), numbers{1, 1});
          }) == says{"color_histogram: colors have 2 rows", "1"});
    CHECK(why({1, 255}, {0x1p53, 1}) == "(not refused)");
    CHECK(elements_of(colors.colors()) == bytes{0, 1, 255});
}

}  // namespace
