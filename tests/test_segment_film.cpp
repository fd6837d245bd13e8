// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The next frame of a film: numbers stay with their colours.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/segment.hpp>

#include "sample_segments.hpp"

namespace {

using namespace samples;
using lloyd::color_space;
using lloyd::image;
using lloyd::segmentation;
using bytes = std::vector<u8>;
using numbers = std::vector<double>;

TEST_CASE("the same frame again keeps every label, and ends at once") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 40, 30);
    for (const auto space : spaces) {
        CAPTURE(static_cast<int>(space));
        const auto s = lloyd::segment(photo, 6, {.space = space});
        REQUIRE(s.converged);
        const auto next = lloyd::segment(photo, s);
        CHECK(same_pixels(next.labels, s.labels));
        CHECK(same_pixels(next.palette, s.palette));
        CHECK(same_pixels(next.centers, s.centers));
        CHECK(next.compactness == s.compactness);
        CHECK(next.shares == s.shares);
        CHECK((next.iterations == 1 && next.converged && next.space == space));
    }
}

TEST_CASE("a segment without pixels keeps number, center and colour, and takes pixels again") {
    const auto all = row_of({{200, 0, 0}, {200, 0, 0}, {200, 0, 0}, {0, 200, 0}, {0, 200, 0}, {0, 0, 200}});
    const auto s = lloyd::segment(all, 3);
    const auto without_blue = row_of({{202, 0, 0}, {0, 198, 0}});
    const auto next = lloyd::segment(without_blue, s);
    CHECK(elements_of(next.centers) == numbers{202, 0, 0, 0, 198, 0, 0, 0, 200});
    CHECK(elements_of(next.palette) == bytes{202, 0, 0, 0, 198, 0, 0, 0, 200});
    CHECK(next.shares == numbers{0.5, 0.5, 0});
    const auto back = lloyd::segment(row_of({{0, 0, 190}, {0, 0, 190}, {0, 200, 0}}), next);
    CHECK(elements_of(back.labels) == bytes{2, 2, 1});
    CHECK(elements_of(back.palette) == bytes{202, 0, 0, 0, 200, 0, 0, 0, 190});
    CHECK(back.shares == numbers{0, 1.0 / 3, 2.0 / 3});
}

TEST_CASE("fixed segments stay fixed in the next frame") {
    const auto fixed = row_of({{255, 255, 255}});
    const auto s = lloyd::segment(row_of({{250, 250, 250}, {10, 10, 10}, {12, 10, 10}}), 2, {.fixed = fixed});
    const auto next = lloyd::segment(row_of({{240, 240, 240}, {20, 20, 20}}), s);
    CHECK(next.fixed == 1);
    CHECK(elements_of(next.centers) == numbers{255, 255, 255, 20, 20, 20});
    CHECK(elements_of(next.palette) == bytes{255, 255, 255, 20, 20, 20});
}

TEST_CASE("a frame may have another size, fewer pixels than segments, and weights") {
    dice random;
    const auto photo = random_image<3>(random, 40, 30);
    const auto s = lloyd::segment(photo, 9);
    const auto tiny = lloyd::segment(photo.crop(3, 4, 2, 2), s);
    CHECK((tiny.labels.width() == 2 && tiny.centers.size() == 9));
    image<u8, 1> left_half(40, 30);
    for (std::ptrdiff_t y = 0; y < 30; ++y) std::ranges::fill(left_half.row(y).first(20), u8{255});
    const auto half = lloyd::segment(photo, s, {.kmeans = {.max_iterations = 3}, .weights = left_half});
    auto cropped = lloyd::segment(photo.crop(0, 0, 20, 30), s, {.kmeans = {.max_iterations = 3}});
    CHECK(same_pixels(half.centers, cropped.centers));
    CHECK(half.compactness == 255 * cropped.compactness);
    CHECK(half.shares == cropped.shares);
}

/// While a window of 480×360 moves over a photo: the share of the pixels in both of two frames, one after another, that
/// change their number.
double changed_numbers(const image<u8, 3>& photo, int k, color_space space) {
    const auto frame = [&](std::ptrdiff_t t) { return photo.crop(4 * t, 2 * t, 480, 360); };
    auto s = lloyd::segment(frame(0), k, {.space = space});
    double changed = 0, compared = 0;
    for (std::ptrdiff_t t = 1; t <= 20; ++t) {
        const auto next = lloyd::segment(frame(t), s, {.kmeans = {.max_iterations = 5}});
        const lloyd::image_view<const u8, 1> before = s.labels.crop(4, 2, 476, 358), now = next.labels;
        for (std::ptrdiff_t y = 0; y < 358; ++y)
            for (std::ptrdiff_t x = 0; x < 476; ++x, ++compared) changed += before(x, y)[0] != now(x, y)[0];
        s = next;
    }
    return changed / compared;
}

TEST_CASE("while a window moves over a photo, at most 1 % of the pixels change their number") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 600, 420);
    for (const int k : {4, 8}) {
        CAPTURE(k);
        CHECK(changed_numbers(photo, k, color_space::rgb) <= 0.01);
        CHECK(changed_numbers(photo, k, color_space::oklab) <= 0.01);
    }
}

TEST_CASE("refuses malformed segments, and options that say otherwise") {
    const auto photo = row_of({{1, 2, 3}, {200, 5, 6}});
    const auto s = lloyd::segment(photo, 2, {.space = color_space::hsv});
    const auto why = [&](const segmentation& previous, const lloyd::segment_options& options = {}) {
        return refusal([&] { lloyd::segment(photo, previous, options); });
    };
    CHECK(why(s) == "(not refused)");
    CHECK(why(s, {.space = color_space::hsv}) == "(not refused)");
    CHECK(why(s, {.space = color_space::lab}) == says{"segment: space is 3", "previous is 1"});
    CHECK(why(s, {.kmeans = {.attempts = 2}}) == "segment: attempts is 2, but must be 1 with previous");
    CHECK(why(s, {.fixed = photo}) == says{"segment: fixed must be empty with previous"});
    const image<u8, 1> none(2, 1);
    CHECK(why(s, {.weights = none}) == says{"segment: weights are all 0"});
    CHECK(why(segmentation()) == says{"segment: previous has 0 centers", "1 to 256"});
    CHECK(refusal([&] { lloyd::segment(image<u8, 3>(), s); }) == says{"segment", "no pixels, but needs at least 1"});
    auto wrong = s;
    wrong.centers(1, 0)[1] = std::numeric_limits<double>::quiet_NaN();
    CHECK(why(wrong) == says{"segment: a coordinate of center 1 of previous is", "nan", "0 to 255"});
    wrong = s;
    wrong.centers(0, 0)[2] = -std::numeric_limits<double>::infinity();
    CHECK(why(wrong) == says{"segment: a coordinate of center 0 of previous is -inf"});
    wrong = s;
    wrong.palette = image<u8, 3>(3, 1);
    CHECK(why(wrong) == "segment: the palette colours of previous are 3x1, but must be 2x1");
    wrong.palette = image<u8, 3>(1, 2);
    CHECK(why(wrong) == "segment: the palette colours of previous are 1x2, but must be 2x1");
    wrong = s;
    wrong.centers = image<double, 3>(1, 2);
    CHECK(why(wrong) == "segment: the centers of previous are 1x2, but must be 2x1");
    wrong = s;
    wrong.fixed = 3;
    CHECK(why(wrong) == "segment: fixed of previous is 3, but must be 0 to 2");
    wrong = s;
    wrong.space = static_cast<color_space>(9);
    CHECK(why(wrong) == says{"segment: space", "is 9"});
}

}  // namespace
