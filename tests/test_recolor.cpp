// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// From labels to pictures: recolor and mask.

#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::image;
using lloyd::image_view;
using lloyd::mask;
using lloyd::recolor;
using bytes = std::vector<u8>;

template <class T, std::size_t C>
image<T, C> filled(std::ptrdiff_t width, std::ptrdiff_t height, const std::vector<T>& elements) {
    image<T, C> result(width, height);
    REQUIRE(result.elements().size() == elements.size());
    std::ranges::copy(elements, result.data());
    return result;
}

constexpr double infinity = std::numeric_limits<double>::infinity();

// Worked by hand

TEST_CASE("paints each pixel with its label's colour") {
    const auto labels = filled<u8, 1>(3, 2, {0, 1, 1, 2, 0, 1});
    const auto palette = filled<u8, 3>(3, 1, {10, 11, 12, 20, 21, 22, 30, 31, 32});
    const auto painted = recolor(labels, palette);
    static_assert(std::is_same_v<decltype(painted), const image<u8, 3>>);
    CHECK((painted.width() == 3 && painted.height() == 2));
    CHECK(elements_of(painted) == bytes{10, 11, 12, 20, 21, 22, 20, 21, 22, 30, 31, 32, 10, 11, 12, 20, 21, 22});
}

TEST_CASE("paints with centers of double, rounded half up and limited to 0..255") {
    const auto labels = filled<std::int32_t, 1>(2, 2, {3, 2, 1, 0});
    const auto centers = filled<double, 2>(4, 1, {0.5, 254.5, 0.49, 254.49, -0.5, 255.5, -1e300, 1e300});
    CHECK(elements_of(recolor(labels, centers)) == bytes{0, 255, 0, 255, 0, 254, 1, 255});
    const auto halves = filled<double, 1>(4, 1, {1.5, 2.5, -0.0, 127.99999});
    CHECK(elements_of(recolor(labels, halves)) == bytes{128, 0, 3, 2});
}

TEST_CASE("takes either labels with either palette, of any number of channels, fixed or not") {
    const auto bytes_of_labels = filled<u8, 1>(2, 1, {1, 0});
    const auto ints = filled<std::int32_t, 1>(2, 1, {1, 0});
    const auto colors = filled<u8, 4>(2, 1, {1, 2, 3, 4, 5, 6, 7, 8});
    const auto centers = filled<double, 4>(2, 1, {1, 2, 3, 4, 5, 6, 7, 8});
    const bytes expected{5, 6, 7, 8, 1, 2, 3, 4};
    CHECK(elements_of(recolor(bytes_of_labels, colors)) == expected);
    CHECK(elements_of(recolor(bytes_of_labels, centers)) == expected);
    CHECK(elements_of(recolor(ints, colors)) == expected);
    CHECK(elements_of(recolor(ints, centers)) == expected);
    const auto any = recolor(image_view<const std::int32_t>(ints), image_view<const double>(centers));
    static_assert(std::is_same_v<decltype(any), const image<u8>>);
    CHECK(any.channels() == 4);
    CHECK(elements_of(any) == expected);
    CHECK(elements_of(recolor(image<u8, 1>(1, 1), image<double>(1, 1, 7))) == bytes(7, 0));
}

TEST_CASE("a mask is 255 inside its segment and 0 elsewhere") {
    const auto labels = filled<u8, 1>(3, 2, {0, 2, 1, 2, 255, 0});
    static_assert(std::is_same_v<decltype(mask(labels, 2)), image<u8, 1>>);
    CHECK(elements_of(mask(labels, 2)) == bytes{0, 255, 0, 255, 0, 0});
    CHECK(elements_of(mask(labels, 0)) == bytes{255, 0, 0, 0, 0, 255});
    CHECK(elements_of(mask(labels, 255)) == bytes{0, 0, 0, 0, 255, 0});
    CHECK(elements_of(mask(labels, 7)) == bytes(6, 0));
    const auto ints = filled<std::int32_t, 1>(4, 1, {0, 256, -1, 2147483647});
    CHECK(elements_of(mask(ints, 0)) == bytes{255, 0, 0, 0});
    CHECK(elements_of(mask(ints, 256)) == bytes{0, 255, 0, 0});
    CHECK(elements_of(mask(ints, 2147483647)) == bytes{0, 0, 0, 255});
    CHECK(elements_of(mask(image_view<const u8>(labels), 1)) == bytes{0, 0, 255, 0, 0, 0});
}

TEST_CASE("nothing to paint or to mask makes an empty picture of the same size") {
    const image<u8, 3> palette(1, 1);
    CHECK(recolor(image<u8, 1>(), palette).empty());
    CHECK(recolor(image<u8, 1>(0, 5), palette).height() == 5);
    CHECK(recolor(image<u8, 1>(5, 0), image<double, 3>()).width() == 5);
    CHECK(recolor(image<u8, 1>(), image<double>()).empty());
    CHECK(mask(image<u8, 1>(0, 5), 3).height() == 5);
    CHECK(mask(image<std::int32_t, 1>(), 3).empty());
    CHECK(recolor(image<u8>(0, 4, 2), palette).height() == 4);
    CHECK(mask(image<std::int32_t>(4, 0, 2), 3).width() == 4);
}

TEST_CASE("rows without pixels take no time, however many they are") {
    constexpr auto most = (std::numeric_limits<std::ptrdiff_t>::max)();
    const image<u8, 1> tall(0, most);
    CHECK(recolor(tall, image<u8, 3>(1, 1)).height() == most);
    CHECK(recolor(tall, tall).height() == most);
    CHECK(mask(tall, 3).height() == most);
}

// Laws

TEST_CASE("layouts of labels and palette do not matter") {
    dice random;
    CAPTURE(random.seed);
    image<u8, 1> labels(13, 9);
    for (auto& label : labels.elements()) label = static_cast<u8>(random.below(6));
    const auto palette = random_image<3>(random, 6, 1);
    const auto expected = recolor(labels, palette);
    for (const auto& place : layouts(labels, u8{200})) {
        CAPTURE(place.name);
        CHECK(same_pixels(recolor(place.view, palette), expected));
        CHECK(same_pixels(mask(place.view, 3), mask(labels, 3)));
        for (const auto& colors : layouts(palette, u8{201}))
            CHECK(same_pixels(recolor(place.view, colors.view), expected));
    }
}

/// Two rows of labels below 7, apart from each other.
template <class Label>
image_view<const Label, 1> two_rows(dice& random, std::vector<Label>& memory, std::ptrdiff_t width) {
    memory.assign(static_cast<std::size_t>(2 * width + 3), Label{99});  // which the palette lacks
    for (std::ptrdiff_t x = 0; x < width; ++x)
        for (const auto row : {std::ptrdiff_t{0}, width + 3})
            memory[static_cast<std::size_t>(row + x)] = static_cast<Label>(random.below(7));
    return image_view<const Label, 1>(memory.data(), width, 2, width + 3);
}

template <class Label, std::size_t C>
void check_every_width(dice& random) {
    const auto palette = random_image<C>(random, 7, 1);
    std::vector<Label> memory;
    for (std::ptrdiff_t width = 1; width <= 140; ++width) {
        CAPTURE(width);
        const auto labels = two_rows(random, memory, width);
        const auto painted = recolor(labels, palette);
        const auto inside = mask(labels, 4);
        for (std::ptrdiff_t y = 0; y < 2; ++y)
            for (std::ptrdiff_t x = 0; x < width; ++x) {
                REQUIRE(std::ranges::equal(painted(x, y), palette(static_cast<std::ptrdiff_t>(labels(x, y)[0]), 0)));
                REQUIRE(inside(x, y)[0] == (labels(x, y)[0] == 4 ? 255 : 0));
            }
    }
}

TEST_CASE("paints and masks rows of any width at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        check_every_width<u8, 1>(random);
        check_every_width<u8, 3>(random);
        check_every_width<u8, 4>(random);
        check_every_width<std::int32_t, 2>(random);
        check_every_width<std::int32_t, 3>(random);
    }
}

template <class Label>
void check_bad_anywhere(dice& random, Label bad) {
    const image<u8, 3> palette(7, 1);
    std::vector<Label> memory;
    for (const std::ptrdiff_t width : {1, 3, 15, 16, 17, 63, 64, 65, 131}) {
        const auto labels = two_rows(random, memory, width);
        CHECK(recolor(labels, palette).width() == width);
        for (std::ptrdiff_t at = width + 3; at < 2 * width + 3; ++at) {
            const auto kept = std::exchange(memory[static_cast<std::size_t>(at)], bad);
            REQUIRE(refusal([&] { recolor(labels, palette); }) ==
                    says{"recolor: a label is " + std::to_string(bad) + ", but must be 0 to 6"});
            memory[static_cast<std::size_t>(at)] = kept;
        }
    }
}

TEST_CASE("a label that has no colour is found wherever it is, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const int bad : {7, 127, 128, 255}) check_bad_anywhere(random, static_cast<u8>(bad));
        for (const std::int32_t bad : {7, 128, 256, 65536, -1, -2147483647 - 1, 2147483647})
            check_bad_anywhere(random, bad);
    }
}

TEST_CASE("a palette may have more colours than its labels can name") {
    const image<u8, 3> palette(300, 1);
    CHECK(elements_of(recolor(filled<u8, 1>(2, 1, {255, 0}), palette)) == bytes(6, 0));
    CHECK(recolor(filled<std::int32_t, 1>(1, 1, {299}), palette).size() == 1);
    CHECK(refusal([&] { recolor(filled<std::int32_t, 1>(1, 1, {300}), palette); }) == says{"is 300", "0 to 299"});
}

TEST_CASE("every pixel is in the mask of exactly one segment") {
    dice random;
    CAPTURE(random.seed);
    const auto s = lloyd::segment(photo_like<3>(random, 40, 30), 5);
    image<int, 1> times(40, 30);
    for (int j = 0; j < 5; ++j) {
        const auto inside = mask(s.labels, j);
        double pixels = 0;
        for (std::size_t i = 0; i < 1200; ++i) {
            times.elements()[i] += inside.elements()[i];
            pixels += inside.elements()[i] / 255.0;
        }
        CHECK(pixels / 1200 == s.shares[static_cast<std::size_t>(j)]);
    }
    CHECK(std::ranges::count(times.elements(), 255) == 1200);
}

TEST_CASE("a photo is recoloured from kmeans as from segment, but for the rounding of a mean on its grid") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 70, 50);
    const auto s = lloyd::segment(photo, 6);
    const auto clusters = lloyd::kmeans(photo, 6);
    const auto a = elements_of(recolor(s.labels, s.palette));
    const auto b = elements_of(recolor(clusters.labels, clusters.centers));
    REQUIRE(s.converged);  // then centers are the means
    CHECK(a == b);
}

TEST_CASE("recolours from kmeans with more clusters than a byte can number") {
    image<u8, 3> photo(30, 10);
    for (int i = 0; i < 300; ++i) {
        const auto pixel = photo(i % 30, i / 30);
        pixel[0] = static_cast<u8>(i % 20 * 12);
        pixel[1] = static_cast<u8>(i / 20 * 16);
    }
    for (const int k : {255, 256, 257, 300}) {
        CAPTURE(k);
        const auto clusters = lloyd::kmeans(photo, k);
        CHECK(std::ranges::max(clusters.labels.elements()) == k - 1);
        CHECK(same_pixels(clusters.labels, lloyd::assign(photo, clusters.centers)));
        if (k == 300) CHECK(same_pixels(recolor(clusters.labels, clusters.centers), photo));
    }
}

// Refusals

TEST_CASE("refuses a label that has no colour") {
    const image<u8, 3> three(3, 1), none;
    CHECK(recolor(filled<u8, 1>(1, 1, {2}), three).size() == 1);
    CHECK(refusal([&] { recolor(filled<u8, 1>(2, 1, {0, 3}), three); }) == says{"recolor", "label is 3", "0 to 2"});
    CHECK(refusal([&] { recolor(filled<u8, 1>(1, 1, {255}), three); }) == says{"recolor", "label is 255", "0 to 2"});
    for (const std::int32_t label : {3, -1, 2147483647, -2147483647 - 1}) {
        const auto labels = filled<std::int32_t, 1>(2, 2, {0, 1, 2, label});
        CHECK(refusal([&] { recolor(labels, three); }) ==
              says{"recolor", "label is " + std::to_string(label), "0 to 2"});
        CHECK(refusal([&] { recolor(labels, image<double>(3, 1, 2)); }) == says{"recolor", "label is"});
    }
    CHECK(refusal([&] { recolor(image<u8, 1>(1, 1), none); }) == says{"recolor", "0"});
}

TEST_CASE("refuses a palette that is not finite") {
    const image<u8, 1> labels(1, 1);
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(), infinity, -infinity}) {
        CHECK(refusal([&] {
                  recolor(labels, filled<double, 3>(1, 1, {0, bad, 0}));
              }) == says{"recolor", "palette", "finite"});
        CHECK(refusal([&] { recolor(labels, filled<double, 1>(2, 1, {0, bad})); }) == says{"recolor", "finite"});
    }
}

TEST_CASE("refuses labels of more than one channel") {
    const image<u8, 3> palette(1, 1);
    CHECK(refusal([&] { recolor(image<u8, 3>(1, 1), palette); }) == says{"recolor", "labels", "3 channels", "1"});
    CHECK(refusal([&] { recolor(image<u8>(1, 1, 2), palette); }) == says{"recolor", "labels", "2 channels", "1"});
    CHECK(refusal([] { mask(image<u8, 3>(1, 1), 0); }) == says{"mask", "labels", "3 channels", "1"});
    CHECK(refusal([] { mask(image<std::int32_t>(1, 1, 4), 0); }) == says{"mask", "labels", "4 channels", "1"});
}

TEST_CASE("refuses the mask of a segment that no label can name") {
    const image<u8, 1> labels(1, 1);
    CHECK(refusal([&] { mask(labels, -1); }) == says{"mask", "segment is -1", "must be 0 to 255"});
    CHECK(refusal([&] { mask(labels, 256); }) == says{"mask", "segment is 256", "must be 0 to 255"});
    CHECK(refusal([] { mask(image<std::int32_t, 1>(1, 1), -1); }) ==
          says{"mask", "segment is -1", "must be 0 to 2147483647"});
}

}  // namespace
