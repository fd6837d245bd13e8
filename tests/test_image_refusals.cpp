// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// What image.hpp refuses, and that it names the parameter, its value and what is allowed.

#include <lloyd/image.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sample_images.hpp"

namespace {

using namespace samples;
using lloyd::image;
using lloyd::image_view;

constexpr auto largest = (std::numeric_limits<std::ptrdiff_t>::max)();
constexpr auto lowest = (std::numeric_limits<std::ptrdiff_t>::min)();

u8 bytes[100];
float numbers[100];

std::string text(std::ptrdiff_t number) { return std::to_string(number); }

TEST_CASE("refuses negative sizes") {
    CHECK(refusal([] { image_view<u8, 3>(bytes, -1, 2); }) == says{"image_view", "width is -1", "at least 0"});
    CHECK(refusal([] { image_view<u8, 3>(bytes, 2, -1); }) == says{"image_view", "height is -1", "at least 0"});
    CHECK(refusal([] { image_view<u8, 3>(bytes, -1, -1, 3); }) == says{"width is -1"});
    CHECK(refusal([] { image_view<u8>(bytes, lowest, 2, 3); }) == says{"width is " + text(lowest)});
    CHECK(refusal([] { image_view<u8>(bytes, 0, lowest, 3, 9); }) == says{"height is " + text(lowest)});
    CHECK(refusal([] { image<u8, 3>(-1, 2); }) == says{"image", "width is -1", "at least 0"});
    CHECK(refusal([] { image<u8, 3>(2, -7); }) == says{"image", "height is -7", "at least 0"});
    CHECK(refusal([] { image<float>(-1, 2, 3); }) == says{"width is -1"});
}

TEST_CASE("refuses fewer than one channel") {
    for (const auto channels : {std::ptrdiff_t{0}, std::ptrdiff_t{-1}, lowest}) {
        const auto value = "channels is " + text(channels);
        CHECK(refusal([=] { image_view<float>(numbers, 2, 2, channels); }) == says{"image_view", value, "at least 1"});
        CHECK(refusal([=] { image_view<float>(numbers, 2, 2, channels, 9); }) == says{value, "at least 1"});
        CHECK(refusal([=] { image_view<float>(nullptr, 0, 0, channels); }) == says{value, "at least 1"});
        CHECK(refusal([=] { image<float>(2, 2, channels); }) == says{"image", value, "at least 1"});
    }
}

TEST_CASE("refuses null data where there are pixels") {
    CHECK(refusal([] { image_view<u8, 3>(nullptr, 4, 5); }) == says{"image_view", "data is null", "4x5"});
    CHECK(refusal([] { image_view<const u8, 3>(nullptr, 1, 1, 3); }) == says{"data is null", "1x1"});
    CHECK(refusal([] { image_view<const float>(nullptr, 2, 3, 4); }) == says{"data is null", "2x3"});
    CHECK(refusal([] { image_view<const float>(nullptr, 2, 3, 4, 8); }) == says{"data is null", "2x3"});
    CHECK(refusal([] { lloyd::points(static_cast<float*>(nullptr), 2, 3); }) == says{"data is null"});
}

TEST_CASE("refuses more pixels than memory can hold, wherever the product overflows") {
    const says too_large{"pixels", "more than memory can hold"};
    constexpr auto half = std::ptrdiff_t{1} << 4 * sizeof(std::ptrdiff_t);  // of the bits, so that its square is 0
    CHECK(refusal([] { image_view<u8, 3>(bytes, largest, 1); }) == too_large);
    CHECK(refusal([] { image_view<u8, 3>(bytes, largest / 3 + 1, 1); }) == too_large);
    CHECK(refusal([] { image_view<u8, 3>(bytes, largest / 3, 2); }) == too_large);
    CHECK(refusal([] { image_view<u8, 3>(bytes, half, half); }) == too_large);
    CHECK(refusal([] { image_view<u8, 1>(bytes, largest, largest); }) == too_large);
    CHECK(refusal([] { image_view<const u8, 1>(bytes, largest, largest, 0); }) == too_large);
    CHECK(refusal([] { image_view<u8>(bytes, 2, 1, largest); }) == too_large);
    CHECK(refusal([] { image_view<u8>(bytes, 1, 2, largest); }) == too_large);
    CHECK(refusal([] { image_view<u8>(bytes, largest, largest, largest); }) == too_large);
    CHECK(refusal([] { image_view<float, 1>(numbers, largest / 4 + 1, 1); }) == too_large);
    CHECK(refusal([] { image_view<float>(numbers, 1, 1, largest / 4 + 1); }) == too_large);
    CHECK(refusal([] { image<u8, 3>(largest, largest); }) == too_large);
    CHECK(refusal([] { image<double, 1>(std::ptrdiff_t{1} << 30, std::ptrdiff_t{1} << 30); }) == too_large);
    CHECK(refusal([] { image<double>(1, 1, largest); }) == too_large);
    CHECK(refusal([] { lloyd::points(numbers, largest, 2); }) == too_large);
    CHECK(refusal([] { image_view<u8, 3>(bytes, 1000, largest / 100); }) ==
          says{"1000x" + text(largest / 100), "3 channels", text(largest)});
}

TEST_CASE("takes as many pixels as memory can hold") {
    CHECK(image_view<u8, 1>(bytes, largest, 1).size() == largest);
    CHECK(image_view<u8, 1>(bytes, 1, largest).size() == largest);
    CHECK(image_view<u8, 3>(bytes, largest / 3, 1).size() == largest / 3);
    CHECK(image_view<float>(numbers, 1, 1, largest / 4).channels() == largest / 4);
    CHECK(image_view<const u8, 1>(bytes, largest / 2, 2, 0).size() == largest / 2 * 2);
    CHECK(image_view<u8, 3>(nullptr, 0, largest).empty());
    CHECK(image_view<u8, 3>(nullptr, largest / 3, 0).empty());
}

TEST_CASE("refuses rows that overlap in a writable view") {
    for (const std::ptrdiff_t stride : {5, 1, 0, -1, -5}) {
        CAPTURE(stride);
        CHECK(refusal([=] { image_view<u8, 3>(bytes + 50, 2, 2, stride); }) ==
              says{"row_stride is " + text(stride), "rows of 6", "overlap"});
        CHECK(refusal([=] { image_view<float>(numbers + 50, 2, 2, 3, stride); }) ==
              says{"row_stride is " + text(stride), "overlap"});
        CHECK(image_view<const u8, 3>(bytes + 50, 2, 2, stride).row_stride() == stride);
        CHECK(image_view<u8, 3>(bytes + 50, 2, 1, stride).row_stride() == stride);
    }
    CHECK(image_view<u8, 3>(bytes, 2, 2, 6).row_stride() == 6);
    CHECK(image_view<u8, 3>(bytes + 6, 2, 2, -6).row_stride() == -6);
}

TEST_CASE("refuses a stride that reaches beyond all memory") {
    for (const auto stride : {largest, lowest, lowest + 1, largest / 2 + 1}) {
        CAPTURE(stride);
        CHECK(refusal([=] { image_view<const u8, 1>(bytes, 1, 3, stride); }) ==
              says{"image_view", "row_stride is " + text(stride)});
        CHECK(refusal([=] { image_view<u8>(bytes, 1, 3, 1, stride); }) == says{"row_stride is " + text(stride)});
        CHECK(refusal([=] { image_view<float, 1>(numbers, 1, 2, stride); }) == says{"row_stride is " + text(stride)});
    }
    const auto limit = (largest - 4) / 2;  // three rows: the last starts two strides on and holds 4 bytes
    CHECK(image_view<const u8, 2>(bytes, 2, 3, limit).row_stride() == limit);
    CHECK(image_view<const u8, 2>(bytes, 2, 3, -limit).row_stride() == -limit);
    CHECK(refusal([=] { image_view<const u8, 2>(bytes, 2, 3, limit + 1); }) == says{"row_stride is", text(limit)});
    CHECK(refusal([=] { image_view<const u8, 2>(bytes, 2, 3, -limit - 1); }) == says{"row_stride is", text(limit)});
}

TEST_CASE("a view of one row takes any stride: there is no other row") {
    for (const auto stride : {largest, lowest, std::ptrdiff_t{0}}) {
        const image_view<u8, 3> view(bytes, 2, 1, stride);
        CHECK(view.is_contiguous());
        CHECK(view.elements().size() == 6);
        CHECK(view.crop(1, 0, 1, 1).data() == bytes + 3);
        CHECK(same_pixels(image<u8, 3>(view), view));
    }
}

TEST_CASE("refuses crops that leave the view") {
    const image_view<u8, 1> view(bytes, 10, 5);
    CHECK(refusal([&] { view.crop(-1, 0, 1, 1); }) == says{"crop", "x is -1", "must be 0 to 10"});
    CHECK(refusal([&] { view.crop(11, 0, 0, 1); }) == says{"crop", "x is 11", "must be 0 to 10"});
    CHECK(refusal([&] { view.crop(0, -1, 1, 1); }) == says{"crop", "y is -1", "must be 0 to 5"});
    CHECK(refusal([&] { view.crop(0, 6, 1, 0); }) == says{"crop", "y is 6", "must be 0 to 5"});
    CHECK(refusal([&] { view.crop(3, 0, 8, 1); }) == says{"crop", "w is 8", "must be 0 to 7"});
    CHECK(refusal([&] { view.crop(3, 0, -1, 1); }) == says{"crop", "w is -1", "must be 0 to 7"});
    CHECK(refusal([&] { view.crop(0, 2, 1, 4); }) == says{"crop", "h is 4", "must be 0 to 3"});
    CHECK(refusal([&] { view.crop(0, 2, 1, -4); }) == says{"crop", "h is -4", "must be 0 to 3"});
    CHECK(refusal([&] { view.crop(5, 0, largest, 1); }) == says{"w is " + text(largest)});
    CHECK(refusal([&] { view.crop(lowest, lowest, lowest, lowest); }) == says{"x is " + text(lowest)});
    CHECK(refusal([&] { view.crop(0, 0, 10, 5).crop(0, 0, 10, 6); }) == says{"h is 6", "must be 0 to 5"});
    CHECK(refusal([] { image_view<u8, 3>().crop(0, 0, 1, 1); }) == says{"w is 1", "must be 0 to 0"});
    image<u8, 3> picture(3, 3);
    CHECK(refusal([&] { picture.crop(1, 1, 3, 1); }) == says{"w is 3", "must be 0 to 2"});
}

TEST_CASE("refuses to give rows that are apart as one span") {
    const image_view<u8, 3> padded(bytes, 2, 2, 8);
    CHECK(refusal([&] { padded.elements(); }) == says{"elements", "row_stride is 8", "must be 6"});
    CHECK(refusal([] { image_view<u8, 3>(bytes + 6, 2, 2, -6).elements(); }) == says{"row_stride is -6", "must be 6"});
    CHECK(refusal([] { image_view<const u8, 3>(bytes, 2, 2, 0).elements(); }) == says{"row_stride is 0", "must be 6"});
    CHECK(refusal([] { image_view<u8, 3>(bytes, 3, 3).crop(0, 0, 2, 2).elements(); }) == says{"row_stride is 9"});
}

TEST_CASE("refuses run-time channels that do not match fixed ones") {
    const image_view<const u8> four(bytes, 2, 2, 4);
    CHECK(refusal([&] { image_view<const u8, 3> rgb(four); }) == says{"4 channels", "3"});
    CHECK(refusal([&] { image_view<const u8, 5> five(four); }) == says{"4 channels", "5"});
    CHECK(refusal([&] { image<u8, 3> rgb(four); }) == says{"4 channels", "3"});
    const image<float> one(2, 2, 1);
    CHECK(refusal([&] { image_view<const float, 2> two(one); }) == says{"1 channels", "2"});
}

TEST_CASE("refuses data sets without size or dimension") {
    CHECK(refusal([] { lloyd::points(numbers, -1, 2); }) == says{"points", "n is -1", "at least 0"});
    CHECK(refusal([] { lloyd::points(numbers, 2, 0); }) == says{"points", "d is 0", "at least 1"});
    CHECK(refusal([] { lloyd::points(numbers, 2, -3); }) == says{"points", "d is -3", "at least 1"});
    CHECK(refusal([] { lloyd::points(numbers, 0, lowest); }) == says{"d is " + text(lowest)});
}

TEST_CASE("refuses to select a channel that is not there") {
    const image_view<const u8> two(bytes, 2, 2, 2);
    CHECK(refusal([&] { lloyd::select_channels<0, 2>(two); }) == says{"select_channels", "2", "2 channels"});
    CHECK(refusal([&] { lloyd::select_channels<7, 0>(two); }) == says{"channel is 7", "2 channels"});
}

}  // namespace
