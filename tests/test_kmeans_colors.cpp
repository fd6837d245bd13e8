// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// 8-bit images of 1 to 3 channels are clustered by distinct colour, weighted by count.

#include <cstdint>
#include <map>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/color_histogram.hpp>
#include <lloyd/kmeans.hpp>

#include "reference.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using numbers = std::vector<double>;

/// The label of each pixel, from those of the colours.
template <std::size_t C>
bool labels_follow(const lloyd::image<std::int32_t, 1>& labels, const lloyd::image<u8, C>& photo,
                   const lloyd::color_histogram<C>& colors, const lloyd::image<std::int32_t, 1>& of_colors) {
    std::map<std::uint64_t, std::int32_t> label_of;
    for (std::ptrdiff_t i = 0; i < colors.size(); ++i)
        label_of[reference::morton(colors.colors()(i, 0))] = of_colors(i, 0)[0];
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
            if (labels(x, y)[0] != label_of.at(reference::morton(photo(x, y)))) return false;
    return true;
}

template <std::size_t C>
void check_same_as_colors(const lloyd::image<u8, C>& photo, int k, lloyd::kmeans_options options) {
    const auto of_photo = lloyd::kmeans(photo, k, options);
    const lloyd::color_histogram<C> colors(photo);
    options.weights = colors.counts();
    auto of_colors = lloyd::kmeans(colors.colors(), k, options);
    CHECK(labels_follow(of_photo.labels, photo, colors, of_colors.labels));
    of_colors.labels = of_photo.labels;
    CHECK(difference(of_photo, of_colors) == "");
}

TEST_CASE("clusters a photo as its colours with their counts, bit for bit") {
    dice random;
    CAPTURE(random.seed);
    for (const auto init : {lloyd::seeding::random, lloyd::seeding::plus_plus})
        for (const int k : {1, 2, 7, 16}) {
            const lloyd::kmeans_options options{
                .init = init, .attempts = 3, .max_iterations = 8, .seed = random.bits()};
            check_same_as_colors(photo_like<3>(random, 90, 70), k, options);
            check_same_as_colors(photo_like<2>(random, 50, 30), k, options);
            check_same_as_colors(photo_like<1>(random, 40, 41), k, options);
        }
}

TEST_CASE("clusters a photo as its colours when all counts are even, or large") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t copies : {2, 8, 12}) {
        const auto small = random_image<3>(random, 30, 20);
        lloyd::image<u8, 3> photo(30 * copies, 20);
        for (std::ptrdiff_t y = 0; y < 20; ++y)
            for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
                std::ranges::copy(small(x / copies, y), photo(x, y).begin());
        for (const std::uint64_t seed : {1u, 2u, 3u})
            check_same_as_colors(photo, 6, {.attempts = 2, .max_iterations = 5, .seed = seed});
    }
}

TEST_CASE("does not see the order of pixels") {
    dice random;
    CAPTURE(random.seed);
    auto photo = photo_like<3>(random, 60, 40);
    const auto before = lloyd::kmeans(photo, 5, {.seed = 2});
    for (std::ptrdiff_t i = photo.size() - 1; i > 0; --i) {
        const auto j = random.below(i + 1);
        std::ranges::swap_ranges(photo(i % 60, i / 60), photo(j % 60, j / 60));
    }
    auto after = lloyd::kmeans(photo, 5, {.seed = 2});
    CHECK(same_pixels(after.labels, lloyd::assign(photo, before.centers)));
    after.labels = before.labels;
    CHECK(difference(after, before) == "");
}

template <std::size_t C>
bool equal_pixels_share_labels(const lloyd::image<u8, C>& photo, const lloyd::image<std::int32_t, 1>& labels) {
    std::map<std::uint64_t, std::int32_t> label_of;
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
            if (label_of.emplace(reference::morton(photo(x, y)), labels(x, y)[0]).first->second != labels(x, y)[0])
                return false;
    return true;
}

TEST_CASE("gives equal pixels one label, even where two centers are as near") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 40, 30, 4);
    for (const int k : {2, 5, 64, 100})
        CHECK(equal_pixels_share_labels(photo, lloyd::kmeans(photo, k, {.max_iterations = 3}).labels));
    const auto start = noise<double>(random, 8, 3, 255);
    CHECK(equal_pixels_share_labels(photo, lloyd::assign(photo, start)));
}

TEST_CASE("adds up the weights of the pixels of a colour") {
    dice random;
    CAPTURE(random.seed);
    for (const bool whole : {true, false}) {
        const auto photo = random_image<3>(random, 40, 30, 5);
        numbers weights;
        for (std::ptrdiff_t i = 0; i < photo.size(); ++i)
            weights.push_back(static_cast<double>(random.below(40)) * (whole ? 1 : 0.37));
        const auto [colors, color_of_pixel] = reference::colors_of<long double>(photo, weights);
        lloyd::image<u8, 3> distinct(std::ssize(colors.points), 1);
        numbers sums;
        for (std::size_t i = 0; i < colors.points.size(); ++i) {
            for (std::size_t c = 0; c < 3; ++c)
                distinct(static_cast<std::ptrdiff_t>(i), 0)[c] = static_cast<u8>(colors.points[i][c]);
            sums.push_back(static_cast<double>(colors.weights[i]));
        }
        const auto a = lloyd::kmeans(photo, 6, {.seed = 3, .weights = weights});
        auto b = lloyd::kmeans(distinct, 6, {.seed = 3, .weights = sums});
        for (std::ptrdiff_t i = 0; i < photo.size(); ++i)
            REQUIRE(a.labels(i % 40, i / 40)[0] ==
                    b.labels(static_cast<std::ptrdiff_t>(color_of_pixel[static_cast<std::size_t>(i)]), 0)[0]);
        CHECK(a.compactness == doctest::Approx(b.compactness).epsilon(1e-13));
        b.labels = a.labels;
        if (whole) CHECK(difference(a, b) == "");
    }
}

TEST_CASE("counts pixels, not colours, when k is too many") {
    lloyd::image<u8, 3> photo(3, 2);
    CHECK(lloyd::kmeans(photo, 6).compactness == 0);
    CHECK(refusal([&] { lloyd::kmeans(photo, 7); }) == says{"kmeans", "7", "6 points"});
    const lloyd::color_histogram colors(photo);
    CHECK(refusal([&] { lloyd::kmeans(colors.colors(), 6); }) == says{"kmeans", "6", "1 point"});
}

TEST_CASE("clusters the palette of several photos at once") {
    dice random;
    CAPTURE(random.seed);
    const auto left = photo_like<3>(random, 30, 20), right = photo_like<3>(random, 30, 20);
    lloyd::image<u8, 3> both(30, 40);
    for (std::ptrdiff_t y = 0; y < 20; ++y) {
        std::ranges::copy(left.row(y), both.row(y).begin());
        std::ranges::copy(right.row(y), both.row(y + 20).begin());
    }
    lloyd::color_histogram colors(left);
    colors.add(right);
    const auto a = lloyd::kmeans(both, 8, {.seed = 6});
    auto b = lloyd::kmeans(colors.colors(), 8, {.seed = 6, .weights = colors.counts()});
    b.labels = a.labels;
    CHECK(difference(a, b) == "");
}

}  // namespace
