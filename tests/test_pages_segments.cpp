// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// The C++ of docs/clustering.md and docs/color.md on segments, and what these pages say of it.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/color.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "sample_images.hpp"

namespace {

using samples::dice;
using samples::same_pixels;

/// 24×16 pixels: a red disc, alpha 255, on a ground of #00000c, alpha 0, which nobody sees.
lloyd::image<std::uint8_t, 4> logo() {
    lloyd::image<std::uint8_t, 4> rgba(24, 16);
    for (std::ptrdiff_t y = 0; y < 16; ++y)
        for (std::ptrdiff_t x = 0; x < 24; ++x) {
            const bool inside = (x - 12) * (x - 12) + (y - 8) * (y - 8) < 36;
            const auto shade = static_cast<std::uint8_t>(200 + 2 * x);
            std::ranges::copy(inside ? std::array<std::uint8_t, 4>{shade, 30, 30, 255}
                                     : std::array<std::uint8_t, 4>{0, 0, 12, 0},
                              rgba(x, y).begin());
        }
    return rgba;
}

TEST_CASE("clustering.md: segments, transparent pictures, order, fixed colours") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = samples::photo_like<3>(random, 24, 16);
    const auto rgba = logo();

    const auto s = lloyd::segment(photo, 5);
    const auto poster = lloyd::recolor(s.labels, s.palette);  // each pixel in the mean colour of its segment
    const auto largest = lloyd::mask(s.labels, 0);            // 255 inside segment 0, else 0
    const double share = s.shares[0];                         // the fraction of the pixels that it has
    CHECK(std::ranges::count(largest.elements(), 255) == std::lround(share * 24 * 16));
    CHECK((share >= s.shares[1] && std::ranges::equal(poster(3, 4), s.palette(s.labels(3, 4)[0], 0))));

    const auto rgb = lloyd::select_channels<0, 1, 2>(rgba);
    const auto alpha = lloyd::select_channels<3>(rgba);
    const auto seen = lloyd::segment(rgb, 3, {.weights = alpha});
    for (std::ptrdiff_t j = 0; j < 3; ++j) CHECK(seen.palette(j, 0)[0] >= 200);
    const auto unseen_too = lloyd::segment(rgb, 3);
    CHECK(std::ranges::equal(unseen_too.palette(0, 0), std::array<std::uint8_t, 3>{0, 0, 12}));

    const auto sixteen = lloyd::segment(photo, 16);
    const auto dots = lloyd::recolor(lloyd::dither(photo, sixteen.palette), sixteen.palette);
    CHECK(dots.size() == photo.size());

    const auto dark_first = lloyd::segment(photo, 5, {.order = lloyd::segment_order::lightness});
    const auto lightness = lloyd::rgb_to_lab(dark_first.palette);
    for (std::ptrdiff_t j = 1; j < 5; ++j) CHECK(lightness(j - 1, 0)[0] <= lightness(j, 0)[0] + 0.001F);
    CHECK(lightness(0, 0)[0] < lightness(4, 0)[0]);

    const std::uint8_t wanted[] = {255, 255, 255, 0, 0, 0};  // white and black
    const lloyd::image_view<const std::uint8_t, 3> colors(wanted, 2, 1);
    const auto with_both = lloyd::segment(photo, 6, {.fixed = colors});  // segment 0 is white, segment 1 black
    CHECK((same_pixels(with_both.palette.crop(0, 0, 2, 1), colors) && with_both.fixed == 2));
}

TEST_CASE("clustering.md: another photo, other labels, the next frame") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = samples::photo_like<3>(random, 24, 16);
    const auto another_photo = samples::photo_like<3>(random, 20, 10);

    const auto s = lloyd::segment(photo, 5, {.space = lloyd::color_space::oklab});
    const auto labels = lloyd::assign(another_photo, s);
    const auto like = lloyd::recolor(labels, s.palette);
    CHECK((like.width() == 20 && same_pixels(lloyd::assign(photo, s), s.labels)));

    auto cleaned = s.labels;  // by your own filter
    cleaned(0, 0)[0] = 3;
    const auto measured = lloyd::relabel(photo, s, cleaned);
    CHECK((same_pixels(measured.labels, cleaned) && same_pixels(measured.centers, s.centers)));
    CHECK(measured.compactness >= s.compactness);
    CHECK(std::lround(measured.shares[3] * 24 * 16) == std::ranges::count(cleaned.elements(), 3));

    // A red part that becomes smaller than the blue one. Shares alone would exchange the numbers.
    std::vector<lloyd::image<std::uint8_t, 3>> film(9, lloyd::image<std::uint8_t, 3>(20, 4)), written;
    for (std::ptrdiff_t t = 0; t < 9; ++t)
        for (std::ptrdiff_t i = 0; i < 80; ++i)
            film[static_cast<std::size_t>(t)](i % 20, i / 20)[i % 20 < 16 - t ? 0 : 2] = 200;
    const auto write = [&](const auto& picture) { written.push_back(picture); };

    auto now = lloyd::segment(film[0], 2, {.kmeans = {.attempts = 5}});
    for (const auto& frame : film) {
        now = lloyd::segment(frame, now);
        write(lloyd::recolor(now.labels, now.palette));
    }
    CHECK((now.labels(0, 0)[0] == 0 && now.labels(19, 0)[0] == 1 && now.shares[0] < now.shares[1]));
    CHECK(lloyd::segment(film[8], 2).labels(0, 0)[0] == 1);
    for (std::size_t t = 0; t < 9; ++t) CHECK(same_pixels(written[t], film[t]));
}

TEST_CASE("color.md: centers of HSV and Lab become RGB before they colour a picture") {
    lloyd::image<std::uint8_t, 3> photo(12, 4);  // grass under the sky
    for (std::ptrdiff_t i = 0; i < 48; ++i)
        std::ranges::copy(i < 24 ? std::array<std::uint8_t, 3>{150, 190, 240}
                                 : std::array<std::uint8_t, 3>{90, 140, 40},
                          photo(i % 12, i / 12).begin());

    const auto s = lloyd::segment(photo, 2, {.space = lloyd::color_space::oklab});
    const auto poster = lloyd::recolor(s.labels, s.palette);  // the palette is RGB, whatever the space
    CHECK(same_pixels(poster, photo));

    const auto clusters = lloyd::kmeans(lloyd::rgb_to_hsv(photo), 2);
    const auto wrong = lloyd::recolor(clusters.labels, clusters.centers);  // hue as red: these are no colours
    const auto right = lloyd::hsv_to_rgb(wrong);
    for (std::size_t i = 0; i < photo.elements().size(); ++i)
        CHECK(std::abs(right.elements()[i] - photo.elements()[i]) <= 5);
    CHECK(wrong(0, 3)[2] > wrong(0, 3)[0] + 30);  // its grass has more blue than red
}

}  // namespace
