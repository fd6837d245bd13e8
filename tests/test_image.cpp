// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// What a view sees.

#include <lloyd/image.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include "sample_images.hpp"

namespace {

using namespace samples;
using lloyd::image_view;
using bytes = std::vector<u8>;

/// 0, 1, 2, …
bytes counting(std::size_t size) {
    bytes result(size);
    std::iota(result.begin(), result.end(), u8{0});
    return result;
}

template <class Span>
bytes list(Span elements) {
    return {elements.begin(), elements.end()};
}

constexpr auto largest = (std::numeric_limits<std::ptrdiff_t>::max)();

// Worked by hand

TEST_CASE("a view finds the channels of each pixel") {
    const auto data = counting(18);
    const image_view<const u8, 3> view(data.data(), 3, 2);
    CHECK(list(view(0, 0)) == bytes{0, 1, 2});
    CHECK(list(view(2, 0)) == bytes{6, 7, 8});
    CHECK(list(view(0, 1)) == bytes{9, 10, 11});
    CHECK(list(view(2, 1)) == bytes{15, 16, 17});
    CHECK(view(1, 1)[0] == 12);
    CHECK(&view(1, 1)[2] == data.data() + 14);
}

TEST_CASE("a view tells its shape and its place") {
    const auto data = counting(18);
    const image_view<const u8, 3> view(data.data(), 3, 2);
    CHECK(view.width() == 3);
    CHECK(view.height() == 2);
    CHECK(view.channels() == 3);
    CHECK(view.size() == 6);
    CHECK(view.data() == data.data());
    CHECK(view.row_stride() == 9);
    CHECK_FALSE(view.empty());
    CHECK(view.is_contiguous());
    CHECK(list(view.elements()) == data);
    CHECK(view.elements().data() == data.data());
}

TEST_CASE("a view gives a row as one span") {
    const auto data = counting(18);
    const image_view<const u8, 3> view(data.data(), 3, 2);
    CHECK(list(view.row(0)) == bytes{0, 1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(list(view.row(1)) == bytes{9, 10, 11, 12, 13, 14, 15, 16, 17});
}

TEST_CASE("a view skips what pads its rows") {
    const auto data = counting(11);
    const image_view<const u8, 2> view(data.data(), 2, 2, 7);
    CHECK(list(view.row(0)) == bytes{0, 1, 2, 3});
    CHECK(list(view.row(1)) == bytes{7, 8, 9, 10});
    CHECK(list(view(1, 1)) == bytes{9, 10});
    CHECK(view.row_stride() == 7);
    CHECK_FALSE(view.is_contiguous());
}

TEST_CASE("a view with a negative stride starts at the top row, which is stored last") {
    const auto data = counting(12);
    const image_view<const u8, 2> view(data.data() + 8, 2, 3, -4);
    CHECK(list(view.row(0)) == bytes{8, 9, 10, 11});
    CHECK(list(view.row(1)) == bytes{4, 5, 6, 7});
    CHECK(list(view.row(2)) == bytes{0, 1, 2, 3});
    CHECK(list(view(1, 2)) == bytes{2, 3});
    CHECK(view.data() == data.data() + 8);
    CHECK(view.row_stride() == -4);
    CHECK_FALSE(view.is_contiguous());
}

TEST_CASE("a const view may show one row many times, or rows that overlap") {
    const auto data = counting(6);
    const image_view<const u8, 1> repeated(data.data(), 3, 4, 0);
    for (std::ptrdiff_t y = 0; y < 4; ++y) CHECK(list(repeated.row(y)) == bytes{0, 1, 2});
    const image_view<const u8, 1> sliding(data.data(), 3, 4, 1);
    CHECK(list(sliding.row(0)) == bytes{0, 1, 2});
    CHECK(list(sliding.row(3)) == bytes{3, 4, 5});
    CHECK_FALSE(repeated.is_contiguous());
}

TEST_CASE("a view takes its channels at run time") {
    std::vector<float> data(24);
    std::iota(data.begin(), data.end(), 0.0f);
    const image_view<const float> packed(data.data(), 2, 2, 5);
    CHECK(packed.channels() == 5);
    CHECK(packed.row_stride() == 10);
    CHECK(packed(1, 1).size() == 5);
    CHECK(packed(1, 1)[4] == 19);
    CHECK(packed.row(1).size() == 10);
    const image_view<const float> padded(data.data(), 2, 2, 5, 13);
    CHECK(padded.row_stride() == 13);
    CHECK(padded(1, 1)[0] == 18);
    const image_view<const float> bottom_up(data.data() + 10, 2, 2, 5, -10);
    CHECK(bottom_up(0, 1)[0] == 0);
}

TEST_CASE("a view of mutable pixels writes them, though the view is const") {
    bytes data(8, 0);
    const image_view<u8, 2> view(data.data(), 2, 2);
    view(1, 0)[1] = 5;
    view.row(1)[0] = 6;
    view.elements()[7] = 7;
    view.crop(1, 1, 1, 1)(0, 0)[0] = 8;
    CHECK(data == bytes{0, 0, 0, 5, 6, 0, 8, 7});
}

TEST_CASE("a crop is a view of a part") {
    const auto data = counting(36);
    const image_view<const u8, 3> view(data.data(), 4, 3);
    const auto part = view.crop(1, 1, 2, 2);
    CHECK(part.width() == 2);
    CHECK(part.height() == 2);
    CHECK(part.row_stride() == 12);
    CHECK(part.data() == data.data() + 15);
    CHECK(list(part.row(0)) == bytes{15, 16, 17, 18, 19, 20});
    CHECK(list(part.row(1)) == bytes{27, 28, 29, 30, 31, 32});
    CHECK_FALSE(part.is_contiguous());
}

TEST_CASE("a crop of whole rows is contiguous, and so is a crop of one row") {
    const auto data = counting(36);
    const image_view<const u8, 3> view(data.data(), 4, 3);
    CHECK(list(view.crop(0, 1, 4, 2).elements()) == bytes(data.begin() + 12, data.end()));
    CHECK(list(view.crop(1, 2, 2, 1).elements()) == bytes{27, 28, 29, 30, 31, 32});
    CHECK(view.crop(0, 0, 4, 3).data() == view.data());
}

TEST_CASE("a crop may be empty, anywhere up to the far edges") {
    const auto data = counting(36);
    const image_view<const u8, 3> view(data.data(), 4, 3);
    const auto right = view.crop(4, 0, 0, 3);
    CHECK((right.width() == 0 && right.height() == 3 && right.empty()));
    const auto below = view.crop(0, 3, 4, 0);
    CHECK((below.width() == 4 && below.height() == 0 && below.empty()));
    CHECK(view.crop(4, 3, 0, 0).empty());
    CHECK(view.crop(2, 1, 0, 0).empty());
    CHECK(view.crop(4, 0, 0, 3).elements().empty());
    CHECK(right.row(2).empty());
    CHECK(image_view<const u8, 3>().crop(0, 0, 0, 0).empty());
}

TEST_CASE("the bottom row of a bottom-up crop is stored first") {
    const auto data = counting(12);
    const image_view<const u8, 1> view(data.data() + 8, 4, 3, -4);
    const auto part = view.crop(1, 1, 2, 2);
    CHECK(list(part.row(0)) == bytes{5, 6});
    CHECK(list(part.row(1)) == bytes{1, 2});
}

TEST_CASE("views without pixels need no data, whatever their other size") {
    const image_view<const u8, 3> nothing;
    CHECK((nothing.width() == 0 && nothing.height() == 0 && nothing.size() == 0 && nothing.data() == nullptr));
    CHECK((nothing.empty() && nothing.is_contiguous() && nothing.elements().empty() && nothing.channels() == 3));
    const image_view<const u8, 3> tall(nullptr, 0, 5);
    CHECK((tall.height() == 5 && tall.empty() && tall.row(4).empty() && tall.elements().empty()));
    const image_view<const u8, 3> wide(nullptr, 5, 0);
    CHECK((wide.width() == 5 && wide.empty() && wide.elements().empty()));
    CHECK(image_view<double>(nullptr, 0, largest, 3).height() == largest);
    CHECK(image_view<const float>().empty());
}

TEST_CASE("points are an n x 1 view with coordinates for channels") {
    const std::vector<double> data{1, 2, 3, 4, 5, 6};
    const auto set = lloyd::points(data.data(), 3, 2);
    static_assert(std::is_same_v<decltype(set), const image_view<const double>>);
    CHECK((set.width() == 3 && set.height() == 1 && set.channels() == 2 && set.size() == 3));
    CHECK(set(2, 0)[1] == 6);
    std::vector<float> numbers(6);
    lloyd::points(numbers.data(), 2, 3)(1, 0)[0] = 9;
    CHECK(numbers[3] == 9);
    CHECK(lloyd::points(numbers.data(), 0, 2).empty());
    CHECK(lloyd::points(static_cast<float*>(nullptr), 0, 2).channels() == 2);
}

TEST_CASE("views without pixels take any stride, and their rows are empty") {
    u8 byte = 0;
    for (const auto stride : {std::ptrdiff_t{10}, std::ptrdiff_t{-10}, largest, -largest - 1}) {
        CAPTURE(stride);
        for (u8* data : {&byte, static_cast<u8*>(nullptr)}) {
            const image_view<u8, 3> view(data, 0, 4, stride);
            for (std::ptrdiff_t y = 0; y < 4; ++y) CHECK(view.row(y).empty());
            CHECK(lloyd::image<u8, 3>(view).height() == 4);
            CHECK(lloyd::select_channels<2, 1, 0>(view).empty());
            CHECK(view.crop(0, 1, 0, 3).elements().empty());
        }
    }
}

// Laws

TEST_CASE("pixels, rows and crops agree on where things are, in every layout") {
    dice random;
    CAPTURE(random.seed);
    for (const auto& place : layouts(random_image<3>(random, 7, 5), u8{0})) {
        const auto& view = place.view;
        CAPTURE(place.name);
        for (std::ptrdiff_t y = 0; y < view.height(); ++y)
            for (std::ptrdiff_t x = 0; x < view.width(); ++x) {
                const u8* pixel = view.data() + y * view.row_stride() + x * 3;
                REQUIRE(view(x, y).data() == pixel);
                REQUIRE(view.row(y).data() + 3 * x == pixel);
                REQUIRE(view.crop(x, y, view.width() - x, view.height() - y).data() == pixel);
                REQUIRE(view.crop(x, y, 1, 1)(0, 0).data() == pixel);
            }
    }
}

TEST_CASE("a crop of a crop is one crop") {
    dice random;
    CAPTURE(random.seed);
    for (const auto& place : layouts(random_image<2>(random, 11, 9), u8{0})) {
        const auto& view = place.view;
        CAPTURE(place.name);
        for (int round = 0; round < 200; ++round) {
            const auto x = random.below(11), y = random.below(9);
            const auto w = 1 + random.below(11 - x), h = 1 + random.below(9 - y);
            const auto x2 = random.below(w), y2 = random.below(h);
            const auto w2 = random.below(w - x2 + 1), h2 = random.below(h - y2 + 1);
            const auto twice = view.crop(x, y, w, h).crop(x2, y2, w2, h2);
            REQUIRE(same_pixels(twice, view.crop(x + x2, y + y2, w2, h2)));
            if (!twice.empty()) REQUIRE(twice.data() == view(x + x2, y + y2).data());
        }
    }
}

TEST_CASE("fixed and run-time channels show the same") {
    dice random;
    CAPTURE(random.seed);
    for (const auto& place : layouts(random_image<3>(random, 6, 4), u8{0})) {
        const auto& view = place.view;
        CAPTURE(place.name);
        const image_view<const u8> any(view.data(), 6, 4, 3, view.row_stride());
        CHECK(same_pixels(any, view));
        CHECK(any.is_contiguous() == view.is_contiguous());
        CHECK(same_pixels(any.crop(2, 1, 3, 2), view.crop(2, 1, 3, 2)));
    }
}

// What the types promise

static_assert(std::is_same_v<decltype(image_view<const u8, 3>()(0, 0)), std::span<const u8, 3>>);
static_assert(std::is_same_v<decltype(image_view<u8, 3>()(0, 0)), std::span<u8, 3>>);
static_assert(std::is_same_v<decltype(image_view<const float>()(0, 0)), std::span<const float>>);
static_assert(std::is_same_v<decltype(image_view<u8, 3>().row(0)), std::span<u8>>);
static_assert(std::is_same_v<decltype(image_view<const u8, 3>().elements()), std::span<const u8>>);
static_assert(std::is_same_v<decltype(image_view<u8, 3>().data()), u8*>);
static_assert(std::is_same_v<decltype(image_view<u8, 3>().width()), std::ptrdiff_t>);
static_assert(std::is_same_v<decltype(image_view<u8, 3>().size()), std::ptrdiff_t>);
static_assert(std::is_same_v<decltype(image_view<u8, 3>().crop(0, 0, 0, 0)), image_view<u8, 3>>);
static_assert(std::is_nothrow_copy_constructible_v<image_view<u8, 3>> && std::is_trivially_copyable_v<image_view<u8>>);

static_assert(std::is_same_v<image_view<const u8, 3>::element_type, const u8>);
static_assert(std::is_same_v<image_view<const u8, 3>::value_type, u8>);
static_assert(image_view<const u8, 3>::extent == 3 && image_view<u8>::extent == std::dynamic_extent);

}  // namespace
