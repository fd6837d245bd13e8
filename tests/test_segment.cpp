// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include "sample_segments.hpp"

namespace {

using namespace samples;
using lloyd::image;
using lloyd::image_view;
using lloyd::segmentation;
using bytes = std::vector<u8>;
using numbers = std::vector<double>;

constexpr color red{206, 17, 38}, white{255, 255, 255}, blue{0, 40, 104};

/// Horizontal stripes, `width` pixels wide.
image<u8, 3> flag(std::ptrdiff_t width, const std::vector<color>& stripes) {
    image<u8, 3> result(width, static_cast<std::ptrdiff_t>(stripes.size()));
    for (std::ptrdiff_t y = 0; y < result.height(); ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x)
            std::ranges::copy(stripes[static_cast<std::size_t>(y)], result(x, y).begin());
    return result;
}

/// The mean of a segment's pixels, rounded half up, and how many they are.
template <class Photo>
std::pair<color, double> naive_mean(const Photo& photo, const image<u8, 1>& labels, int segment) {
    std::array<double, 3> sum{};
    double count = 0;
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x) {
            if (labels(x, y)[0] != segment) continue;
            ++count;
            for (std::size_t c = 0; c < 3; ++c) sum[c] += photo(x, y)[c];
        }
    color mean{};
    for (std::size_t c = 0; count > 0 && c < 3; ++c) mean[c] = static_cast<u8>(std::floor(sum[c] / count + 0.5));
    return {mean, count};
}

// Worked by hand

TEST_CASE("finds the three colours of a flag, the largest first") {
    const auto photo = flag(6, {white, red, red, blue, red, white});
    for (const std::uint64_t seed : {0u, 1u, 2u, 3u, 4u}) {
        CAPTURE(seed);
        const auto s = lloyd::segment(photo, 3, {.kmeans = {.seed = seed}});
        CHECK(elements_of(s.palette) == bytes{206, 17, 38, 255, 255, 255, 0, 40, 104});
        CHECK((s.palette.width() == 3 && s.palette.height() == 1));
        CHECK(s.shares == numbers{18.0 / 36, 12.0 / 36, 6.0 / 36});
        CHECK((s.labels.width() == 6 && s.labels.height() == 6));
        for (std::ptrdiff_t y = 0; y < 6; ++y)
            CHECK(elements_of(s.labels.crop(0, y, 6, 1)) ==
                  bytes(6, bytes{1, 0, 0, 2, 0, 1}[static_cast<std::size_t>(y)]));
        CHECK(s.compactness == 0);
        CHECK(s.converged);
        CHECK(s.iterations == 1);
        CHECK(same_pixels(lloyd::recolor(s.labels, s.palette), photo));
    }
}

TEST_CASE("numbers segments of equal size the same way for every seed") {
    for (const auto& photo : {flag(4, {blue, white, red}), flag(2, {{5, 0, 9}, {5, 7, 9}, {5, 200, 9}}),
                              flag(1, {{5, 6, 200}, {5, 6, 90}, {5, 6, 0}})}) {
        const auto expected = lloyd::segment(photo, 3);
        for (std::uint64_t seed = 1; seed < 16; ++seed) {
            CAPTURE(seed);
            CHECK(same(lloyd::segment(photo, 3, {.kmeans = {.seed = seed}}), expected));
        }
    }
}

TEST_CASE("orders segments of equal size by red, then green, then blue, from the lowest") {
    const auto s = lloyd::segment(row_of({{20, 100, 5}, {20, 100, 2}, {20, 50, 9}, {10, 200, 200}}), 4);
    CHECK(elements_of(s.palette) == bytes{10, 200, 200, 20, 50, 9, 20, 100, 2, 20, 100, 5});
}

TEST_CASE("rounds the mean of a segment half up") {
    CHECK(elements_of(lloyd::segment(row_of({{10, 0, 254}, {11, 1, 255}}), 1).palette) == bytes{11, 1, 255});
    CHECK(elements_of(lloyd::segment(row_of({{10, 0, 7}, {11, 0, 7}, {10, 1, 8}}), 1).palette) == bytes{10, 0, 7});
    CHECK(elements_of(lloyd::segment(row_of({{11, 9, 7}, {11, 9, 7}, {10, 8, 8}}), 1).palette) == bytes{11, 9, 7});
}

TEST_CASE("joins what is close and measures how far its pixels lie from their mean") {
    // Means 1 and 202, each pixel 1 or 2 away in red alone.
    const auto photo = row_of({{0, 0, 0}, {2, 0, 0}, {200, 0, 0}, {204, 0, 0}, {202, 0, 0}});
    const auto s = lloyd::segment(photo, 2);
    CHECK(elements_of(s.labels) == bytes{1, 1, 0, 0, 0});
    CHECK(elements_of(s.palette) == bytes{202, 0, 0, 1, 0, 0});
    CHECK(s.shares == numbers{0.6, 0.4});
    CHECK(s.compactness == 10);
    CHECK(s.converged);
}

TEST_CASE("segments beyond the distinct colours are empty and repeat a colour") {
    const auto photo = row_of({red, blue, red, red, blue, red});
    const auto s = lloyd::segment(photo, 5);
    CHECK(elements_of(s.labels) == bytes{0, 1, 0, 0, 1, 0});
    CHECK(s.shares == numbers{4.0 / 6, 2.0 / 6, 0, 0, 0});
    REQUIRE(s.palette.width() == 5);
    for (std::ptrdiff_t j = 2; j < 5; ++j) {
        CAPTURE(j);
        CHECK((std::ranges::equal(s.palette(j, 0), red) || std::ranges::equal(s.palette(j, 0), blue)));
    }
    CHECK(s.compactness == 0);
    CHECK(same_pixels(lloyd::recolor(s.labels, s.palette), photo));
    CHECK(elements_of(lloyd::segment(row_of({red, red}), 2).labels) == bytes{0, 0});
}

TEST_CASE("takes as many segments as a byte can number") {
    image<u8, 3> photo(32, 8);
    for (int i = 0; auto& element : photo.elements()) element = static_cast<u8>(i++ / 3 * 7);
    const auto s = lloyd::segment(photo, 256);
    CHECK(s.compactness == 0);
    CHECK(s.shares == numbers(256, 1.0 / 256));
    CHECK(same_pixels(lloyd::recolor(s.labels, s.palette), photo));
    auto used = elements_of(s.labels);
    std::ranges::sort(used);
    CHECK(std::ranges::adjacent_find(used) == used.end());
}

// Laws

TEST_CASE("shares fall and are what the labels hold; the palette is the rounded mean of each segment") {
    dice random;
    CAPTURE(random.seed);
    for (const auto& photo :
         {photo_like<3>(random, 97, 61), random_image<3>(random, 40, 30), random_image<3>(random, 30, 20, 3)})
        for (const int k : {1, 2, 5, 16}) {
            CAPTURE(k);
            const auto s = lloyd::segment(photo, k, {.kmeans = {.max_iterations = 3}});
            REQUIRE((s.shares.size() == static_cast<std::size_t>(k) && s.palette.width() == k));
            CHECK(std::ranges::is_sorted(s.shares, std::greater<>()));
            CHECK(std::accumulate(s.shares.begin(), s.shares.end(), 0.0) == doctest::Approx(1).epsilon(1e-14));
            CHECK(std::ranges::max(s.labels.elements()) < k);
            for (int j = 0; j < k; ++j) {
                const auto [mean, count] = naive_mean(photo, s.labels, j);
                CHECK(s.shares[static_cast<std::size_t>(j)] == count / static_cast<double>(photo.size()));
                CHECK((count == 0 || std::ranges::equal(s.palette(j, 0), mean)));
            }
        }
}

TEST_CASE("is kmeans with the clusters renumbered") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 80, 60);
    for (const auto init : {lloyd::seeding::random, lloyd::seeding::plus_plus})
        for (const int k : {1, 3, 9, 64}) {
            CAPTURE(k);
            const lloyd::kmeans_options options{
                .init = init, .attempts = 3, .max_iterations = 20, .epsilon = 0.5, .seed = 7};
            const auto s = lloyd::segment(photo, k, {.kmeans = options});
            const auto clusters = lloyd::kmeans(photo, k, options);
            CHECK(s.compactness == clusters.compactness);
            CHECK(s.iterations == clusters.iterations);
            CHECK(s.converged == clusters.converged);
            std::vector<int> segment_of(static_cast<std::size_t>(k), -1), cluster_of(static_cast<std::size_t>(k), -1);
            for (std::ptrdiff_t y = 0; y < 60; ++y)
                for (std::ptrdiff_t x = 0; x < 80; ++x) {
                    const int segment = s.labels(x, y)[0], cluster = clusters.labels(x, y)[0];
                    auto& there = segment_of[static_cast<std::size_t>(cluster)];
                    auto& back = cluster_of[static_cast<std::size_t>(segment)];
                    if (there == -1) there = segment;
                    if (back == -1) back = cluster;
                    REQUIRE((there == segment && back == cluster));
                }
            auto weights = clusters.weights;
            std::ranges::sort(weights, std::greater<>());
            for (auto& weight : weights) weight /= 4800;
            CHECK(s.shares == weights);
        }
}

TEST_CASE("gives the same bits on any number of threads, in any layout and with run-time channels") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 150, 90);
    for (const int attempts : {1, 5}) {
        const auto with_threads = [&](int threads) {
            return lloyd::segment_options{.kmeans = {.attempts = attempts, .max_iterations = 15, .threads = threads}};
        };
        const auto expected = lloyd::segment(photo, 6, with_threads(1));
        for (const int threads : {0, 2, 3, 7}) {
            CAPTURE(threads);
            CHECK(same(lloyd::segment(photo, 6, with_threads(threads)), expected));
        }
        for (const auto& place : layouts(photo, u8{91})) {
            CAPTURE(place.name);
            CHECK(same(lloyd::segment(place.view, 6, with_threads(1)), expected));
            CHECK(same(lloyd::segment(image_view<const u8>(place.view), 6, with_threads(2)), expected));
        }
    }
}

TEST_CASE("more attempts never make it less compact") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 60, 40);
    double least = std::numeric_limits<double>::infinity();
    for (int attempts = 1; attempts <= 8; ++attempts) {
        const auto s = lloyd::segment(photo, 8, {.kmeans = {.attempts = attempts, .max_iterations = 5}});
        CHECK(s.compactness <= least);
        least = s.compactness;
    }
}

TEST_CASE("a progress callback watches every iteration and can stop with the best so far") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 60, 50);
    std::vector<lloyd::kmeans_progress> seen;
    const auto stop_at = [&](std::size_t calls) {
        seen.clear();
        return lloyd::segment(photo, 7,
                              {.kmeans = {.attempts = 3, .max_iterations = 4, .progress = [&, calls](const auto& p) {
                                              seen.push_back(p);
                                              return seen.size() < calls;
                                          }}});
    };
    const auto all = stop_at(100);
    CHECK(seen.size() == 12);
    CHECK((seen[4].k == 7 && seen[4].attempt == 1 && seen[4].iteration == 1));
    CHECK(same(all, lloyd::segment(photo, 7, {.kmeans = {.attempts = 3, .max_iterations = 4}})));
    const auto stopped = stop_at(2);
    CHECK(seen.size() == 2);
    CHECK((stopped.iterations == 2 && !stopped.converged));
    CHECK(stopped.compactness == seen.back().compactness);
    CHECK(same(stopped, lloyd::segment(photo, 7, {.kmeans = {.max_iterations = 2}})));
    CHECK_THROWS_AS(
        lloyd::segment(photo, 7, {.kmeans = {.progress = [](const auto&) -> bool { throw std::logic_error("no"); }}}),
        std::logic_error);
}

// Refusals

TEST_CASE("refuses options that are out of range, and names them") {
    const auto photo = row_of({red, white, blue, blue});
    const auto refused = [&](int k, const lloyd::kmeans_options& options) {
        return refusal([&] { lloyd::segment(photo, k, {.kmeans = options}); });
    };
    CHECK(refused(0, {}) == says{"segment", "k is 0", "1 to 256"});
    CHECK(refused(-3, {}) == says{"segment", "k is -3", "1 to 256"});
    CHECK(refused(257, {}) == says{"segment", "k is 257", "1 to 256"});
    CHECK(refused(5, {}) == "segment: k is 5, but there are only 4 pixels");
    const std::vector<double> four(4, 1.0), nine(9, 1.0);
    CHECK(refused(2, {.weights = four}) == says{"segment", "weights"});
    CHECK(refused(2, {.initial_centers = lloyd::points(nine.data(), 2, 3)}) == says{"segment", "initial_centers"});
    CHECK(refused(2, {.attempts = 0}) == says{"segment", "attempts is 0", "at least 1"});
    CHECK(refused(2, {.max_iterations = 0}) == says{"segment", "max_iterations is 0", "at least 1"});
    CHECK(refused(2, {.epsilon = -1}) == says{"segment", "epsilon is -1", "at least 0"});
    CHECK(refused(2, {.epsilon = std::numeric_limits<double>::quiet_NaN()}) == says{"segment", "epsilon is", "finite"});
    CHECK(refused(2, {.threads = -1}) == says{"segment", "threads is -1", "at least 0"});
    CHECK(refusal([&] { lloyd::segment(photo, 2, {.space = static_cast<lloyd::color_space>(99)}); }) ==
          says{"segment", "space is 99"});
}

TEST_CASE("refuses an image without pixels and one that has not 3 channels") {
    CHECK(refusal([] { lloyd::segment(image<u8, 3>(), 1); }) == says{"segment", "no pixels, but needs at least 1"});
    CHECK(refusal([] { lloyd::segment(image<u8, 3>(0, 5), 1); }) == says{"segment", "no pixels, but needs at least 1"});
    CHECK(refusal([] { lloyd::segment(image<u8>(2, 2, 4), 1); }) == says{"4 channels", "3"});
    CHECK(refusal([] { lloyd::segment(image<u8>(2, 2, 1), 1); }) == says{"1 channels", "3"});
}

static_assert(std::is_default_constructible_v<segmentation> && std::is_aggregate_v<segmentation>);
static_assert(std::is_same_v<decltype(segmentation::labels), image<u8, 1>>);
static_assert(std::is_same_v<decltype(segmentation::palette), image<u8, 3>>);
static_assert(std::is_same_v<decltype(segmentation::shares), std::vector<double>>);

}  // namespace
