// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// segment with weights of pixels, fixed colours and another order; other labels; other photos.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/color.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "sample_segments.hpp"

namespace {

using namespace samples;
using lloyd::color_space;
using lloyd::image;
using lloyd::image_view;
using lloyd::segment_options;
using lloyd::segment_order;
using lloyd::segmentation;
using bytes = std::vector<u8>;
using numbers = std::vector<double>;

/// Each pixel as often as its weight says, in one row.
image<u8, 3> repeated(const image<u8, 3>& photo, const image<u8, 1>& weights) {
    std::vector<color> colors;
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
            for (int i = 0; i < weights(x, y)[0]; ++i) {
                const auto pixel = photo(x, y);
                colors.push_back({pixel[0], pixel[1], pixel[2]});
            }
    return row_of(colors);
}

/// A photo with few and many colours, and weights of 0 to `max`, among which 0 is frequent.
image<u8, 1> random_weights(dice& random, const image<u8, 3>& photo, std::uint64_t max) {
    image<u8, 1> weights(photo.width(), photo.height());
    for (auto& weight : weights.elements())
        weight = static_cast<u8>(random.bits() % 3 == 0 ? 0 : random.bits() % (max + 1));
    weights.elements()[0] = static_cast<u8>(max);
    return weights;
}

// Weights of pixels

TEST_CASE("a pixel of weight w counts like w pixels, one of weight 0 not at all, in every space") {
    dice random;
    CAPTURE(random.seed);
    for (const auto space : spaces)
        for (const std::uint64_t max : {1U, 3U, 5U}) {
            CAPTURE(static_cast<int>(space));
            const auto photo = random_image<3>(random, 23, 19);
            const auto weights = random_weights(random, photo, max);
            const segment_options plain{.space = space, .kmeans = {.attempts = 2, .seed = max}};
            auto weighted = plain;
            weighted.weights = weights;
            const auto s = lloyd::segment(photo, 5, weighted);
            const auto expected = lloyd::segment(repeated(photo, weights), 5, plain);
            CHECK(same_segments(s, expected));
            CHECK(same_pixels(s.labels, lloyd::assign(photo, expected)));
        }
}

TEST_CASE("a mask of 0 and 255 gives the segments of the kept pixels, and 255 times their compactness") {
    dice random;
    CAPTURE(random.seed);
    for (const auto space : spaces) {
        CAPTURE(static_cast<int>(space));
        const auto photo = random_image<3>(random, 30, 21);
        auto mask = random_weights(random, photo, 1);
        auto kept = lloyd::segment(repeated(photo, mask), 6, {.space = space});
        for (auto& weight : mask.elements()) weight = static_cast<u8>(255 * weight);
        const auto s = lloyd::segment(photo, 6, {.space = space, .weights = mask});
        kept.compactness *= 255;
        CHECK(same_segments(s, kept));
        for (auto& weight : mask.elements()) weight = 255;
        auto all = lloyd::segment(photo, 6, {.space = space});
        all.compactness *= 255;
        CHECK(same(lloyd::segment(photo, 6, {.space = space, .weights = mask}), all));
    }
}

TEST_CASE("what a picture hides gets no segment") {
    // A red and a blue half on a ground that nobody sees; the ground is labelled by the nearer center.
    const auto logo = row_of({{0, 0, 12}, {0, 0, 12}, {0, 0, 12}, {200, 30, 30}, {30, 40, 220}, {0, 0, 12}});
    image<u8, 1> alpha(6, 1);
    alpha(3, 0)[0] = alpha(4, 0)[0] = 255;
    const auto s = lloyd::segment(logo, 2, {.weights = alpha});
    CHECK(elements_of(s.palette) == bytes{30, 40, 220, 200, 30, 30});
    CHECK(s.shares == numbers{0.5, 0.5});
    CHECK(elements_of(s.labels) == bytes{1, 1, 1, 1, 0, 1});
}

TEST_CASE("a colour may weigh more than 2^31") {
    image<u8, 3> photo(3000, 4000);
    image<u8, 1> weights(3000, 4000);
    for (std::ptrdiff_t y = 0; y < 4000; ++y) {
        std::ranges::fill(weights.row(y), static_cast<u8>(254 + y % 2));
        if (y < 3000) std::ranges::fill(photo.row(y), u8{200});  // 2.3e9 altogether
        if (y >= 3900) std::ranges::fill(photo.row(y), static_cast<u8>(y % 7));
    }
    const lloyd::color_histogram<3> colors(photo, weights);
    REQUIRE(*std::ranges::max_element(colors.counts()) > 0x1p31);
    for (const auto init : {lloyd::seeding::plus_plus, lloyd::seeding::random})
        for (const int k : {2, 3, 8}) {
            const auto plain = lloyd::kmeans(colors.colors(), k, {.init = init, .weights = colors.counts()});
            const auto s = lloyd::segment(photo, k, {.kmeans = {.init = init}, .weights = weights});
            CHECK(s.compactness == plain.compactness);
            CHECK(s.iterations == plain.iterations);
            CHECK(s.shares[0] == *std::ranges::max_element(plain.weights) / (254.5 * 12e6));
            if (k == 8) CHECK(s.compactness == 0);
        }
    const auto gray = lloyd::segment(photo, 2, {.space = color_space::oklab, .weights = weights});
    CHECK(gray.shares[0] == 0.75);
    CHECK(elements_of(gray.palette) == bytes{200, 200, 200, 0, 0, 0});
}

TEST_CASE("refuses weights of another shape, and weights that are all 0") {
    const auto photo = row_of({{1, 2, 3}, {4, 5, 6}});
    const image<u8, 1> column(1, 2), none(2, 1);
    CHECK(refusal([&] { lloyd::segment(photo, 1, {.weights = column}); }) ==
          "segment: weights are of 1x2 pixels, but the image has 2x1");
    CHECK(refusal([&] { lloyd::segment(photo, 1, {.weights = none}); }) ==
          "segment: weights are all 0, but at least one must be more");
}

// Fixed colours and order

TEST_CASE("fixed colours stay in the palette as they are, first and in their order, in every space") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 40, 30);
    const image<u8, 3> fixed = row_of({{255, 255, 255}, {10, 20, 200}, {10, 20, 200}});
    for (const auto space : spaces) {
        CAPTURE(static_cast<int>(space));
        const auto s = lloyd::segment(photo, 7, {.space = space, .fixed = fixed});
        CHECK(s.fixed == 3);
        CHECK(same_pixels(s.palette.crop(0, 0, 3, 1), fixed));
        CHECK(s.shares[2] == 0);
        CHECK(std::is_sorted(s.shares.rbegin(), s.shares.rend() - 3));
        CHECK(std::accumulate(s.shares.begin(), s.shares.end(), 0.0) == doctest::Approx(1));
        const auto all = lloyd::segment(photo, 3, {.space = space, .fixed = fixed});
        CHECK((all.iterations == 0 && all.converged));
        CHECK(same_pixels(all.centers, s.centers.crop(0, 0, 3, 1)));
        CHECK(same_pixels(all.palette, fixed));
    }
}

TEST_CASE("in rgb, fixed colours are those of kmeans") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 40, 30);
    const auto fixed = row_of({{255, 255, 255}, {0, 0, 0}});
    const auto centers = table<double>(3, {255, 255, 255, 0, 0, 0});
    const auto s = lloyd::segment(photo, 6, {.kmeans = {.attempts = 3}, .fixed = fixed});
    const auto plain = lloyd::kmeans(photo, 6, {.attempts = 3, .fixed_centers = centers});
    CHECK(s.compactness == plain.compactness);
    CHECK(s.iterations == plain.iterations);
}

TEST_CASE("orders the free segments by lightness, the darkest first, those without pixels last") {
    const auto photo = row_of({{250, 250, 250}, {9, 9, 9}, {200, 0, 0}, {200, 0, 0}, {0, 200, 0}, {0, 0, 200}});
    const auto s = lloyd::segment(photo, 6, {.order = segment_order::lightness});
    CHECK(elements_of(s.palette) ==
          bytes{9, 9, 9, 0, 0, 200, 200, 0, 0, 0, 200, 0, 250, 250, 250, 200, 0, 0});  // the last repeats the largest
    CHECK(s.shares[5] == 0);
    const auto fixed = row_of({{250, 250, 250}});
    const auto some = lloyd::segment(photo, 4, {.fixed = fixed, .order = segment_order::lightness});
    CHECK(elements_of(some.palette.crop(0, 0, 1, 1)) == bytes{250, 250, 250});
}

TEST_CASE("refuses more fixed colours than segments, and another order") {
    const auto photo = row_of({{1, 2, 3}, {4, 5, 6}});
    CHECK(refusal([&] { lloyd::segment(photo, 1, {.fixed = photo}); }) == "segment: fixed has 2 colours, but k is 1");
    CHECK(refusal([&] { lloyd::segment(photo, 1, {.order = static_cast<segment_order>(2)}); }) ==
          says{"segment: order is 2", "share", "lightness"});
    const auto centers = table<double>(3, {1, 2, 3});
    CHECK(refusal([&] { lloyd::segment(photo, 1, {.kmeans = {.fixed_centers = centers}}); }) ==
          says{"segment: fixed_centers must be empty"});
}

// Labels of other photos, and other labels

TEST_CASE("assign gives the labels of segment, and those of the nearest center for other photos, in every space") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 40, 30), other = random_image<3>(random, 13, 50);
    for (const auto space : spaces)
        for (const int k : {1, 4, 40}) {
            CAPTURE(static_cast<int>(space));
            const auto s = lloyd::segment(photo, k, {.space = space});
            CHECK((s.space == space && s.centers.size() == k && s.fixed == 0));
            CHECK(same_pixels(lloyd::assign(photo, s), s.labels));
            for (const int threads : {1, 3})
                for (const auto& placed : layouts(other, u8{7}))
                    CHECK(same_pixels(lloyd::assign(placed.view, s, {.threads = threads}), lloyd::assign(other, s)));
            if (space != color_space::rgb) continue;
            const auto labels = lloyd::assign(other, s.centers);
            CHECK(std::ranges::equal(labels.elements(), lloyd::assign(other, s).elements()));
        }
}

TEST_CASE("centers are in the space: the conversion of a colour that is alone") {
    const auto photo = row_of({{206, 17, 38}});
    for (const auto space : spaces) {
        const auto s = lloyd::segment(photo, 1, {.space = space});
        const auto center = s.centers(0, 0);
        lloyd::image<float, 3> expected(1, 1);
        double scale = 1;
        if (space == color_space::lab) expected = lloyd::rgb_to_lab(photo), scale = 2.55;
        if (space == color_space::oklab) expected = lloyd::rgb_to_oklab(photo), scale = 255;
        if (scale == 1) continue;
        for (std::size_t c = 0; c < 3; ++c)
            CHECK(std::abs(center[c] - scale * static_cast<double>(expected(0, 0)[c])) <= 0.5 / 256 + 1e-3);
    }
    CHECK(elements_of(lloyd::segment(photo, 1).centers) == numbers{206, 17, 38});
    CHECK(elements_of(lloyd::segment(photo, 1, {.space = color_space::hsv}).centers) == numbers{177, 234, 206});
}

TEST_CASE("relabel with its own labels gives the segmentation, in every space, weighted or not") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 31, 17);
    const auto fixed = row_of({{0, 0, 0}});
    for (const auto space : spaces)
        for (const std::uint64_t max : {0U, 1U, 255U}) {
            CAPTURE(static_cast<int>(space));
            auto weights = max > 0 ? random_weights(random, photo, max) : image<u8, 1>();
            for (auto& weight : weights.elements())
                weight = max == 1 && weight == 1 ? 51 : weight;  // one common weight
            const auto s = lloyd::segment(photo, 6, {.space = space, .weights = weights, .fixed = fixed});
            CHECK(same(lloyd::relabel(photo, s, s.labels, weights), s));
            image<std::int32_t, 1> integers(31, 17);
            std::ranges::copy(s.labels.elements(), integers.data());
            CHECK(same(lloyd::relabel(photo, s, integers, weights), s));
        }
}

TEST_CASE("relabel measures palette, shares and compactness anew, each pixel against the center of its label") {
    const auto photo = row_of({{10, 0, 0}, {12, 0, 0}, {200, 0, 0}, {202, 0, 0}});
    const auto s = lloyd::segment(photo, 2, {.kmeans = {.seed = 1}});
    CHECK(elements_of(s.centers) == numbers{11, 0, 0, 201, 0, 0});
    auto labels = s.labels;
    labels(2, 0)[0] = 0;
    const auto r = lloyd::relabel(photo, s, labels);
    CHECK(elements_of(r.palette) == bytes{74, 0, 0, 202, 0, 0});
    CHECK(r.shares == numbers{0.75, 0.25});
    CHECK(r.compactness == 1 + 1 + 189 * 189 + 1);
    CHECK(same_pixels(r.centers, s.centers));
    const auto emptied = lloyd::relabel(photo, s, image<u8, 1>(4, 1));
    CHECK(elements_of(emptied.palette) == bytes{106, 0, 0, 201, 0, 0});
    CHECK(emptied.shares == numbers{1, 0});
}

TEST_CASE("relabel and assign refuse what does not belong to the photo or is malformed") {
    const auto photo = row_of({{10, 0, 0}, {200, 0, 0}});
    const auto s = lloyd::segment(photo, 2);
    const image<u8, 1> column(1, 2);
    CHECK(refusal([&] { lloyd::relabel(photo, s, column); }) ==
          "relabel: labels are of 1x2 pixels, but the image has 2x1");
    image<std::int32_t, 1> labels(2, 1);
    labels(1, 0)[0] = 2;
    CHECK(refusal([&] { lloyd::relabel(photo, s, labels); }) == "relabel: a label is 2, but must be 0 to 1");
    labels(1, 0)[0] = -1;
    CHECK(refusal([&] { lloyd::relabel(photo, s, labels); }) == "relabel: a label is -1, but must be 0 to 1");
    const image<u8, 1> none(2, 1);
    CHECK(refusal([&] { lloyd::relabel(photo, s, s.labels, none); }) ==
          "relabel: weights are all 0, but at least one must be more");
    CHECK(refusal([&] { lloyd::assign(photo, s, {.threads = -1}); }) == says{"assign: threads is -1"});
    CHECK(refusal([&] { lloyd::assign(photo, segmentation()); }) == says{"assign", "has 0 centers", "1 to 256"});
    auto outside = s;
    outside.centers(1, 0)[2] = 256;
    CHECK(refusal([&] { lloyd::assign(photo, outside); }) ==
          "assign: a coordinate of center 1 of the segmentation is 256, but must be 0 to 255");
}

}  // namespace
