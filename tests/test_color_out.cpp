// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Where colours are read and written: any layout, in place, into a part of a larger image; and what is refused.

#include <lloyd/color.hpp>
#include <lloyd/segment.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sample_images.hpp"

namespace {

using namespace samples;
using lloyd::hsv_to_rgb;
using lloyd::image;
using lloyd::image_view;
using lloyd::rgb_to_gray;
using lloyd::rgb_to_hsv;

template <class T>
image<T, 3> random_pixels(dice& random, std::ptrdiff_t width, std::ptrdiff_t height) {
    image<T, 3> result(width, height);
    for (auto& element : result.elements()) element = static_cast<T>(random.below(256));
    return result;
}

// Worked by hand

TEST_CASE("what docs/color.md shows") {
    const auto photo = []() {
        image<u8, 3> result(3, 1);
        std::ranges::copy(std::vector<u8>{200, 0, 0, 0, 200, 0, 0, 0, 200}, result.data());
        return result;
    }();
    const auto hsv = lloyd::rgb_to_hsv(photo);
    const auto rgb = lloyd::hsv_to_rgb(hsv);
    const auto gray = lloyd::rgb_to_gray(photo);
    CHECK(elements_of(hsv) == std::vector<u8>{0, 255, 200, 60, 255, 200, 120, 255, 200});
    CHECK(same_pixels(rgb, photo));
    CHECK(elements_of(gray) == std::vector<u8>{60, 117, 23});

    auto frame = photo;
    image<u8, 1> gray_frame(3, 1);
    lloyd::rgb_to_gray(frame, gray_frame);
    lloyd::rgb_to_hsv(frame, frame);
    CHECK(same_pixels(gray_frame, gray));
    CHECK(same_pixels(frame, hsv));

    const auto s = lloyd::segment(photo, 3, {.space = lloyd::color_space::hsv_cone});
    CHECK(s.compactness == 0);
}

// Laws

TEST_CASE_TEMPLATE("the layout of what is read does not matter", T, u8, float) {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t width : {1, 2, 21, 22, 67, 130}) {
        const auto photo = random_pixels<T>(random, width, 5);
        const auto hsv = rgb_to_hsv(photo), rgb = hsv_to_rgb(photo);
        for (const auto& place : layouts(photo, T{77})) {
            CAPTURE(place.name);
            CHECK(same_pixels(rgb_to_hsv(place.view), hsv));
            CHECK(same_pixels(hsv_to_rgb(place.view), rgb));
            if constexpr (std::is_same_v<T, u8>) CHECK(same_pixels(rgb_to_gray(place.view), rgb_to_gray(photo)));
        }
    }
}

/// What lies around a view of `width`×`height` within 3 pixels of `border` stays as it was.
template <class T, std::size_t C, class Convert>
void check_into_part(dice& random, const image<T, C>& expected, const Convert& convert) {
    image<T, C> whole(expected.width() + 6, expected.height() + 4);
    for (auto& element : whole.elements()) element = static_cast<T>(random.below(256));
    const auto before = whole;
    for (const bool bottom_up : {false, true}) {
        whole = before;
        auto part = whole.crop(3, 2, expected.width(), expected.height());
        if (bottom_up)
            part =
                image_view<T, C>(part.row(part.height() - 1).data(), part.width(), part.height(), -part.row_stride());
        convert(part);
        CHECK(same_pixels(part, expected));
        for (std::ptrdiff_t y = 0; y < whole.height(); ++y)
            for (std::ptrdiff_t x = 0; x < whole.width(); ++x) {
                const bool inside = x >= 3 && x < 3 + expected.width() && y >= 2 && y < 2 + expected.height();
                if (!inside) REQUIRE(std::ranges::equal(whole(x, y), before(x, y)));
            }
    }
}

TEST_CASE("writes into a part of an image, and not a byte beside it") {
    dice random;
    CAPTURE(random.seed);
    for (std::ptrdiff_t width = 1; width <= 140; ++width) {
        CAPTURE(width);
        const auto photo = random_pixels<u8>(random, width, 3);
        check_into_part(random, rgb_to_hsv(photo), [&](const auto& out) { rgb_to_hsv(photo, out); });
        check_into_part(random, hsv_to_rgb(photo), [&](const auto& out) { hsv_to_rgb(photo, out); });
        check_into_part(random, rgb_to_gray(photo), [&](const auto& out) { rgb_to_gray(photo, out); });
        const auto reals = random_pixels<float>(random, width, 2);
        check_into_part(random, rgb_to_hsv(reals), [&](const auto& out) { rgb_to_hsv(reals, out); });
    }
}

TEST_CASE_TEMPLATE("converts in place", T, u8, float) {
    dice random;
    CAPTURE(random.seed);
    for (std::ptrdiff_t width = 1; width <= 200; ++width) {
        CAPTURE(width);
        const auto photo = random_pixels<T>(random, width, 2);
        auto work = photo;
        rgb_to_hsv(work, work);
        REQUIRE(same_pixels(work, rgb_to_hsv(photo)));
        work = photo;
        hsv_to_rgb(work, work);
        REQUIRE(same_pixels(work, hsv_to_rgb(photo)));
        auto part = work.crop(width / 2, 0, width - width / 2, 2);
        const auto expected = rgb_to_hsv(part);
        rgb_to_hsv(image_view<const T, 3>(part), part);
        REQUIRE(same_pixels(part, expected));
    }
}

/// Whether two views have a byte in common, found byte by byte.
template <class A, class B>
bool share_bytes(const A& a, const B& b, std::vector<u8>& arena) {
    std::vector<bool> used(arena.size());
    for (std::ptrdiff_t y = 0; y < a.height(); ++y)
        for (const auto& element : a.row(y)) used[static_cast<std::size_t>(&element - arena.data())] = true;
    for (std::ptrdiff_t y = 0; y < b.height(); ++y)
        for (const auto& element : b.row(y))
            if (used[static_cast<std::size_t>(&element - arena.data())]) return true;
    return false;
}

TEST_CASE("refuses exactly what overlaps, but for the image itself") {
    dice random;
    CAPTURE(random.seed);
    constexpr std::ptrdiff_t size = 160;
    std::vector<u8> arena(size);
    int refused = 0, taken = 0, same = 0;
    const auto place = [&](std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels, bool readable) {
        const auto least = readable ? 0 : width * channels;
        auto stride = least + random.below((size - width * channels) / height - least + 1);
        const auto first = random.below(size - (height - 1) * stride - width * channels + 1);
        if (random.below(2) == 0) return std::pair(first, stride);
        return std::pair(first + (height - 1) * stride, -stride);
    };
    for (int i = 0; i < 40000; ++i) {
        const auto width = 1 + random.below(4), height = 1 + random.below(5);
        const auto read = place(width, height, 3, true);
        const auto out_channels = i % 2 == 0 ? 3 : 1;
        const auto written = i % 64 == 0 ? read : place(width, height, out_channels, false);
        if (i % 64 == 0 && std::abs(read.second) < 3 * width && height > 1) continue;
        const image_view<const u8, 3> from(arena.data() + read.first, width, height, read.second);
        std::string message;
        bool share = false, is_same = false;
        if (out_channels == 3) {
            const image_view<u8, 3> to(arena.data() + written.first, width, height, written.second);
            share = share_bytes(from, to, arena);
            is_same = from.data() == to.data() && (from.row_stride() == to.row_stride() || height == 1);
            message = refusal([&] { rgb_to_hsv(from, to); });
        } else {
            const image_view<u8, 1> to(arena.data() + written.first, width, height, written.second);
            share = share_bytes(from, to, arena);
            message = refusal([&] { rgb_to_gray(from, to); });
        }
        CAPTURE(message);
        REQUIRE((message == "(not refused)") == (!share || is_same));
        same += is_same;
        (share ? refused : taken) += 1;
    }
    CHECK(std::min({refused / 1000, taken / 1000, same / 100}) > 0);  // or too little was tried
}

TEST_CASE("two halves of one image lie apart") {
    image<u8, 3> photo(8, 4);
    std::ranges::fill(photo.elements(), u8{9});
    rgb_to_hsv(photo.crop(0, 0, 4, 4), photo.crop(4, 0, 4, 4));
    CHECK(photo(3, 3)[2] == 9);
    CHECK(photo(4, 0)[0] == 0);
}

// Refusals

TEST_CASE("refuses an out that overlaps, before it is written") {
    image<u8, 3> photo(8, 4);
    for (int i = 0; auto& element : photo.elements()) element = static_cast<u8>(i++);
    const auto before = photo;
    const image_view<u8, 3> flipped(photo.row(3).data(), 8, 4, -24);
    const auto left = photo.crop(0, 0, 7, 4), right = photo.crop(1, 0, 7, 4);
    CHECK(refusal([&] { rgb_to_hsv(photo, flipped); }) == says{"rgb_to_hsv: out overlaps the image", "image itself"});
    CHECK(refusal([&] { hsv_to_rgb(left, right); }) == says{"hsv_to_rgb: out overlaps the image"});
    CHECK(refusal([&] { hsv_to_rgb(right, left); }) == says{"hsv_to_rgb: out overlaps the image"});
    const image_view<u8, 1> gray(photo.data(), 8, 4);
    CHECK(refusal([&] { rgb_to_gray(photo, gray); }) == says{"rgb_to_gray: out overlaps the image", "lie apart"});
    CHECK(same_pixels(photo, before));
}

TEST_CASE("refuses an out of another size") {
    const image<u8, 3> photo(4, 3);
    image<u8, 3> out(3, 4);
    image<u8, 1> gray(4, 2);
    CHECK(refusal([&] { rgb_to_hsv(photo, out); }) == says{"rgb_to_hsv: out is 3x4", "the image is 4x3"});
    CHECK(refusal([&] { hsv_to_rgb(photo, out); }) == says{"hsv_to_rgb: out is 3x4", "the image is 4x3"});
    CHECK(refusal([&] { rgb_to_gray(photo, gray); }) == says{"rgb_to_gray: out is 4x2", "the image is 4x3"});
}

TEST_CASE("out must be writable, of the same elements, and outlive the call") {
    using lloyd::detail::is_out_for;
    static_assert(is_out_for<image<u8, 3>&, u8, 3> && is_out_for<image<u8>&, u8, 3>);
    static_assert(is_out_for<image_view<u8, 3>, u8, 3> && is_out_for<const image_view<u8>&, u8, 3>);
    static_assert(!is_out_for<image<u8, 3>, u8, 3> && !is_out_for<const image<u8, 3>&, u8, 3>);
    static_assert(!is_out_for<image_view<const u8, 3>, u8, 3> && !is_out_for<image<float, 3>&, u8, 3>);
    static_assert(!is_out_for<image<u8, 4>&, u8, 3> && !is_out_for<image<u8, 3>&, u8, 1>);
}

TEST_CASE("refuses channels that are not 3") {
    const image<u8, 3> photo(1, 1);
    for (const std::ptrdiff_t channels : {1, 2, 4, 300}) {
        image<u8> other(1, 1, channels);
        const auto text = "has " + std::to_string(channels) + " channels";
        CHECK(refusal([&] { rgb_to_hsv(other); }) == says{"rgb_to_hsv: the image", text, "must have 3"});
        CHECK(refusal([&] { hsv_to_rgb(other); }) == says{"hsv_to_rgb: the image", text, "select_channels"});
        CHECK(refusal([&] { rgb_to_gray(other); }) == says{"rgb_to_gray: the image", text});
        CHECK(refusal([&] { rgb_to_hsv(photo, other); }) == says{"rgb_to_hsv: out", text, "must have 3"});
        if (channels != 1)
            CHECK(refusal([&] { rgb_to_gray(photo, other); }) == says{"rgb_to_gray: out", text, "have 1"});
    }
    CHECK(refusal([&] { rgb_to_hsv(image<float>(1, 1, 4)); }) == says{"4 channels"});
    image<u8> empty(0, 5, 2);
    CHECK(refusal([&] { rgb_to_hsv(empty); }) == says{"rgb_to_hsv: the image", "2 channels", "must have 3"});
    CHECK(refusal([&] { rgb_to_hsv(image<u8, 3>(0, 5), empty); }) == says{"rgb_to_hsv: out", "2 channels"});
}

}  // namespace
