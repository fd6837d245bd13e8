// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <lloyd/color_histogram.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "sample_images.hpp"
#include "sample_weights.hpp"

namespace {

using namespace samples;
using lloyd::color_histogram;
using lloyd::image;
using lloyd::image_view;
using bytes = std::vector<u8>;
using numbers = std::vector<double>;

template <std::size_t C>
double total(const color_histogram<C>& colors) {
    return std::accumulate(colors.counts().begin(), colors.counts().end(), 0.0);
}

/// Every channel's highest bit, the first channel's first; then every channel's next bit; and so on.
std::uint32_t interleaved(std::span<const u8> color) {
    std::uint32_t code = 0;
    for (unsigned bit = 8; bit-- > 0;)
        for (const unsigned value : color) code = 2 * code + (value >> bit) % 2;
    return code;
}

/// Counts one pixel after another.
template <std::size_t C>
std::map<std::uint32_t, double> naive_counts(image_view<const u8, C> photo) {
    std::map<std::uint32_t, double> result;
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x) ++result[interleaved(photo(x, y))];
    return result;
}

template <std::size_t C>
void check_against_map(const image<u8, C>& photo) {
    const color_histogram<C> colors(photo);
    const auto expected = naive_counts<C>(photo);
    REQUIRE(colors.size() == static_cast<std::ptrdiff_t>(expected.size()));
    std::ptrdiff_t i = 0;
    for (const auto& [code, count] : expected) {  // in the order of the codes
        REQUIRE(interleaved(colors.colors()(i, 0)) == code);
        REQUIRE(colors.counts()[static_cast<std::size_t>(i)] == count);
        ++i;
    }
    CHECK(total(colors) == static_cast<double>(photo.size()));
}

image<u8, 3> one_color(std::ptrdiff_t width, std::ptrdiff_t height, std::array<u8, 3> color) {
    image<u8, 3> result(width, height);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x) std::ranges::copy(color, result(x, y).begin());
    return result;
}

// Worked by hand

TEST_CASE("counts distinct colours, the first channel's bits on top of the last one's") {
    const bytes data{0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    const color_histogram colors(image_view<const u8, 3>(data.data(), 3, 2));
    static_assert(std::is_same_v<decltype(colors), const color_histogram<3>>);
    CHECK(colors.size() == 4);
    CHECK_FALSE(colors.empty());
    CHECK(elements_of(colors.colors()) == bytes{0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0});
    CHECK(counts_of(colors) == numbers{1, 3, 1, 1});
    CHECK((colors.colors().width() == 4 && colors.colors().height() == 1));
}

TEST_CASE("orders by the highest bit that differs, whichever channel has it") {
    // 128 in blue goes after 127 in red and green, and before 128 in green.
    const bytes data{0, 128, 0, 0, 0, 128, 127, 127, 127, 128, 0, 0, 127, 127, 0};
    const color_histogram colors(image_view<const u8, 3>(data.data(), 5, 1));
    CHECK(elements_of(colors.colors()) == bytes{127, 127, 0, 127, 127, 127, 0, 0, 128, 0, 128, 0, 128, 0, 0});
}

TEST_CASE("counts one channel by value and two channels interleaved") {
    const bytes data{200, 3, 3, 255, 3, 0, 200, 3};
    const color_histogram gray(image_view<const u8, 1>(data.data(), 8, 1));
    CHECK(elements_of(gray.colors()) == bytes{0, 3, 200, 255});
    CHECK(counts_of(gray) == numbers{1, 4, 2, 1});
    const color_histogram pairs(image_view<const u8, 2>(data.data(), 2, 2));
    CHECK(elements_of(pairs.colors()) == bytes{3, 0, 3, 255, 200, 3});
    CHECK(counts_of(pairs) == numbers{1, 1, 2});
}

TEST_CASE("starts empty, and empty images add nothing") {
    color_histogram<3> colors;
    CHECK((colors.empty() && colors.size() == 0 && colors.counts().empty() && colors.colors().empty()));
    colors.add(image<u8, 3>());
    colors.add(image<u8, 3>(0, 5));
    colors.add(image_view<const u8>());
    colors.merge(color_histogram<3>());
    CHECK(colors.empty());
    const auto photo = one_color(2, 2, {1, 2, 3});
    colors.add(photo);
    colors.merge(color_histogram<3>());
    CHECK(counts_of(colors) == numbers{4});
    color_histogram<3> other;
    other.merge(colors);
    CHECK(same(other, colors));
    CHECK(color_histogram<3>(image<u8, 3>(7, 0)).empty());
}

TEST_CASE("merges what only one has and adds what both have, to the last colour of either") {
    const bytes low{1, 1, 5, 9}, high{5, 20, 21, 21};
    const color_histogram a(image_view<const u8, 1>(low.data(), 4, 1));
    const color_histogram b(image_view<const u8, 1>(high.data(), 4, 1));
    auto ab = a;
    ab.merge(b);
    CHECK(elements_of(ab.colors()) == bytes{1, 5, 9, 20, 21});
    CHECK(counts_of(ab) == numbers{2, 2, 1, 1, 2});
    auto ba = b;
    ba.merge(a);
    CHECK(same(ab, ba));
    CHECK(counts_of(a) == numbers{2, 1, 1});
}

TEST_CASE("counts to 128, 256 and their multiples and neighbours") {
    image<u8, 1> gray(1000, 100);
    numbers expected;
    u8* next = gray.data();
    for (const std::ptrdiff_t count : {255, 256, 257, 128, 384, 513, 1, 65535, 30000, 2671}) {
        next = std::fill_n(next, count, static_cast<u8>(7 * expected.size()));
        expected.push_back(static_cast<double>(count));
    }
    REQUIRE(next == gray.data() + gray.size());
    const color_histogram colors(gray);
    CHECK(elements_of(colors.colors()) == bytes{0, 7, 14, 21, 28, 35, 42, 49, 56, 63});
    CHECK(counts_of(colors) == expected);
    CHECK(counts_of(color_histogram(lloyd::select_channels<0, 0>(gray))) == expected);
    CHECK(counts_of(color_histogram(lloyd::select_channels<0, 0, 0>(gray))) == expected);
    CHECK(counts_of(color_histogram(one_color(16, 16, {255, 255, 255}))) == numbers{256});
    CHECK(counts_of(color_histogram(one_color(256, 256, {0, 0, 0}))) == numbers{65536});
}

TEST_CASE("counts past 2^32 and stays exact") {
    color_histogram<3> colors(one_color(3, 1, {10, 20, 30}));
    double expected = 3;
    for (int doubling = 0; doubling < 40; ++doubling) {
        colors.merge(colors);
        expected *= 2;
    }
    colors.add(one_color(1, 1, {10, 20, 30}));
    colors.add(one_color(1, 5, {10, 20, 31}));
    CHECK(counts_of(colors) == numbers{expected + 1, 5});
}

// Laws

TEST_CASE("a histogram does not depend on how the pixels lie in memory") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 31, 17, 6);
    const color_histogram expected(photo);
    for (const auto& place : layouts(photo, u8{77})) {
        CAPTURE(place.name);
        CHECK(same(color_histogram(place.view), expected));
        CHECK(same(color_histogram<3>(image_view<const u8>(place.view)), expected));
    }
    const auto row = photo.crop(0, 0, 31, 1);
    color_histogram<3> once(row), thrice(image_view<const u8, 3>(row.data(), 31, 3, 0));
    CHECK(total(thrice) == 93);
    auto merged = once;
    merged.merge(once);
    merged.merge(once);
    CHECK(same(merged, thrice));
}

TEST_CASE("adding an image is counting both at once, and merging their histograms") {
    dice random;
    CAPTURE(random.seed);
    const auto both = random_image<3>(random, 20, 30, 5);
    const color_histogram expected(both);
    for (const std::ptrdiff_t cut : {0, 1, 13, 29, 30}) {
        const auto top = both.crop(0, 0, 20, cut), bottom = both.crop(0, cut, 20, 30 - cut);
        color_histogram<3> added(top), merged(top);
        added.add(bottom);
        merged.merge(color_histogram<3>(bottom));
        CHECK(same(added, expected));
        CHECK(same(merged, expected));
    }
}

TEST_CASE("merging commutes, associates and doubles") {
    dice random;
    CAPTURE(random.seed);
    for (int round = 0; round < 20; ++round) {
        const color_histogram a(random_image<2>(random, 1 + random.below(30), 3, 9));
        const color_histogram b(random_image<2>(random, 1 + random.below(30), 3, 17));
        const color_histogram c(random_image<2>(random, 1 + random.below(30), 3));
        const auto sum = [](color_histogram<2> left, const color_histogram<2>& right) {
            left.merge(right);
            return left;
        };
        REQUIRE(same(sum(a, b), sum(b, a)));
        REQUIRE(same(sum(sum(a, b), c), sum(a, sum(b, c))));
        REQUIRE(total(sum(sum(a, b), c)) == total(a) + total(b) + total(c));
        auto twice = a;
        twice.merge(twice);
        REQUIRE(same(twice, sum(a, a)));
    }
}

TEST_CASE("a copy is deep and a histogram that is moved from is empty") {
    color_histogram<3> colors(one_color(2, 2, {1, 2, 3}));
    const auto copy = colors;
    colors.add(one_color(1, 1, {4, 5, 6}));
    CHECK(counts_of(copy) == numbers{4});
    const auto taken = std::move(colors);
    CHECK(counts_of(taken) == numbers{4, 1});
    CHECK((colors.empty() && colors.counts().empty()));
    colors.add(one_color(1, 1, {7, 8, 9}));
    CHECK(elements_of(colors.colors()) == bytes{7, 8, 9});
}

// Oracle

TEST_CASE_TEMPLATE("agrees with a map that counts one pixel after another", Channels,
                   std::integral_constant<std::size_t, 1>, std::integral_constant<std::size_t, 2>,
                   std::integral_constant<std::size_t, 3>) {
    constexpr auto C = Channels::value;
    dice random;
    CAPTURE(random.seed);
    check_against_map(random_image<C>(random, 120, 80));
    check_against_map(random_image<C>(random, 50, 40, 2));
    check_against_map(photo_like<C>(random, 160, 100));
    check_against_map(random_image<C>(random, 1, 1));
    check_against_map(random_image<C>(random, 1, 7));
    check_against_map(image<u8, C>(9, 9));
}

TEST_CASE("counts a picture of all 16,777,216 colours") {
    image<u8, 3> all(4096, 4096);
    u8* element = all.data();
    for (std::uint32_t i = 0; i < 1u << 24; ++i) {
        const auto color = i * 2654435761u % (1u << 24);  // each once, far from its neighbours
        *element++ = static_cast<u8>(color >> 16);
        *element++ = static_cast<u8>(color >> 8);
        *element++ = static_cast<u8>(color);
    }
    const color_histogram colors(all);
    REQUIRE(colors.size() == 1 << 24);
    CHECK(std::ranges::count(colors.counts(), 1.0) == 1 << 24);
    for (std::ptrdiff_t i = 0; i < colors.size(); i += 1021)
        REQUIRE(interleaved(colors.colors()(i, 0)) == static_cast<std::uint32_t>(i));
}

// Refusals

TEST_CASE("refuses an image with another number of channels and stays as it was") {
    color_histogram<3> colors(one_color(2, 3, {1, 2, 3}));
    const auto before = colors;
    for (const std::ptrdiff_t channels : {1, 2, 4}) {
        const image<u8> other(2, 2, channels);
        CHECK(refusal([&] { colors.add(other); }) == says{std::to_string(channels) + " channels", "3"});
        CHECK(refusal([&] { color_histogram<3> fresh(other); }) == says{std::to_string(channels) + " channels"});
    }
    CHECK(same(colors, before));
    colors.add(image<u8>(1, 1, 3));
    CHECK(counts_of(colors) == numbers{1, 6});
}

template <class Histogram>
concept lends_colors = requires(Histogram&& h) { std::forward<Histogram>(h).colors(); };
template <class Histogram>
concept lends_counts = requires(Histogram&& h) { std::forward<Histogram>(h).counts(); };
static_assert(lends_colors<color_histogram<3>&> && !lends_colors<color_histogram<3>>);
static_assert(lends_counts<color_histogram<3>&> && !lends_counts<color_histogram<3>>);

}  // namespace
