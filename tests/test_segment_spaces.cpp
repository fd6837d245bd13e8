// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Segments in HSV, along a line of hues, and in its cone.

#include <lloyd/color.hpp>
#include <lloyd/detail/kmeans/color_steps.hpp>
#include <lloyd/detail/points/point_seeding.hpp>
#include <lloyd/detail/segments/space_coordinates.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "reference_color.hpp"
#include "sample_points.hpp"
#include "sample_segments.hpp"

namespace {

using namespace samples;
using lloyd::color_space;
using lloyd::image;
using lloyd::segment;
using lloyd::segmentation;

/// A red ball, hues 328° to 32° from left to right, lit from above, on a green lawn under a blue sky.
image<u8, 3> red_ball(dice& random, std::ptrdiff_t size) {
    image<double, 3> hsv(size, size);
    for (std::ptrdiff_t y = 0; y < size; ++y)
        for (std::ptrdiff_t x = 0; x < size; ++x) {
            const double across = (2.0 * static_cast<double>(x) + 1) / static_cast<double>(size) - 1;
            const double down = (2.0 * static_cast<double>(y) + 1) / static_cast<double>(size) - 1;
            const double from_middle = std::hypot(across, down) / 0.8;
            std::array<double, 3> color{down < 0.3 ? 215.0 : 110.0, 0.7, down < 0.3 ? 220.0 - 40 * down : 150};
            if (from_middle < 1) color = {40 * across, 0.85, 215 - 50 * down};
            for (std::size_t c = 0; c < 3; ++c) hsv(x, y)[c] = color[c];
            hsv(x, y)[2] += 3 * random.normal();
        }
    const auto rgb = lloyd::hsv_to_rgb(hsv);
    image<u8, 3> photo(size, size);
    std::ranges::transform(rgb.elements(), photo.data(), [](double c) { return to_element<u8>(c); });
    return photo;
}

/// The segments that have pixels of the ball well inside of it.
std::set<int> segments_of_ball(const segmentation& s) {
    std::set<int> found;
    const auto size = s.labels.width();
    for (std::ptrdiff_t y = size / 4; y < 3 * size / 4; ++y)
        for (std::ptrdiff_t x = size / 4; x < 3 * size / 4; ++x) found.insert(s.labels(x, y)[0]);
    return found;
}

// Worked by hand

TEST_CASE("a line of hues cuts red in two, the cone does not") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = red_ball(random, 96);
    const auto line = segment(photo, 3, {.space = color_space::hsv, .kmeans = {.attempts = 5}});
    const auto cone = segment(photo, 3, {.space = color_space::hsv_cone, .kmeans = {.attempts = 5}});
    CHECK(segments_of_ball(line).size() == 2);
    CHECK(segments_of_ball(cone).size() == 1);
    // Sky, lawn and ball: the corners are of two segments that are not the ball's.
    std::set<int> all = segments_of_ball(cone);
    all.insert({cone.labels(0, 0)[0], cone.labels(0, 95)[0]});
    CHECK(all.size() == 3);
}

TEST_CASE("distances are those of the space, the palette is of RGB") {
    // Red and pure yellow are 30 apart as hues of 0..179, and 60° in the cone, on a circle of 255.
    image<u8, 3> photo(2, 1);
    std::ranges::copy(std::array<u8, 6>{255, 0, 0, 255, 255, 0}, photo.data());
    const auto line = segment(photo, 1, {.space = color_space::hsv});
    CHECK(line.compactness == 2 * 15.0 * 15.0);
    CHECK(elements_of(line.palette) == std::vector<u8>{255, 128, 0});
    const auto cone = segment(photo, 1, {.space = color_space::hsv_cone});
    CHECK(cone.compactness == doctest::Approx(255.0 * 255.0 / 2).epsilon(1e-4));
    CHECK(elements_of(cone.palette) == std::vector<u8>{255, 128, 0});
    CHECK(segment(photo, 1).compactness == 255.0 * 255.0 / 2);
}

TEST_CASE("the cone's coordinates are rounded to the nearest 2^-8, and none is near a tie") {
    long double nearest_tie = 1;
    std::vector<u8> colors;
    std::vector<std::int32_t> all;
    for (int chroma = 0; chroma < 256; ++chroma)
        for (int rest = 0; rest <= chroma; ++rest)
            for (int turn = 0; turn < 6; ++turn) {
                std::array<int, 3> order{0, 1, 2};
                for (int i = 0; i < turn; ++i) std::next_permutation(order.begin(), order.end());
                std::array<u8, 3> rgb{};
                rgb[static_cast<std::size_t>(order[0])] = static_cast<u8>(chroma);
                rgb[static_cast<std::size_t>(order[1])] = static_cast<u8>(rest);
                std::array<std::int32_t, 3> steps{};
                lloyd::detail::cone_steps(lloyd::image_view<const u8, 3>(rgb.data(), 1, 1), steps.data());
                const auto hsv = reference::hsv(reference::to_real(rgb));
                const long double angle = hsv[0] * std::numbers::pi_v<long double> / 180;
                const long double exact[] = {chroma * std::cos(angle) * 256, chroma * std::sin(angle) * 256};
                for (std::size_t i = 0; i < 2; ++i) {
                    REQUIRE(std::abs(steps[i] - exact[i]) <= 0.5L);
                    const long double past = exact[i] - std::floor(exact[i]) - 0.5L;
                    nearest_tie = (std::min)(nearest_tie, std::abs(past));
                }
                REQUIRE(steps[2] == chroma * 256);
                colors.insert(colors.end(), rgb.begin(), rgb.end());
                all.insert(all.end(), steps.begin(), steps.end());
            }
    CHECK(nearest_tie > 2e-5L);
    const lloyd::image_view<const u8, 3> row(colors.data(), std::ssize(colors) / 3, 1);
    std::vector<std::int32_t> again(all.size());
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        lloyd::detail::cone_steps(row, again.data());
        CHECK(again == all);
    }
}

// Laws

TEST_CASE("segments of hsv are the clusters of the HSV image, bit for bit") {
    dice random;
    CAPTURE(random.seed);
    const image<u8, 3> photos[] = {photo_like<3>(random, 90, 60), red_ball(random, 50), random_image<3>(random, 31, 17),
                                   random_image<3>(random, 9, 9, 2)};
    for (const auto& photo : photos)
        for (const int k : {1, 2, 5, 16, 80})
            for (const auto init : {lloyd::seeding::plus_plus, lloyd::seeding::random}) {
                CAPTURE(k);
                const lloyd::kmeans_options options{.init = init, .attempts = 2, .seed = random.bits()};
                const auto s = segment(photo, k, {.space = color_space::hsv, .kmeans = options});
                const auto clusters = lloyd::kmeans(lloyd::rgb_to_hsv(photo), k, options);
                CHECK(s.compactness == clusters.compactness);
                CHECK(s.iterations == clusters.iterations);
                CHECK(s.converged == clusters.converged);
                std::set<std::pair<int, int>> pairs;
                for (std::size_t i = 0; i < s.labels.elements().size(); ++i)
                    pairs.insert({s.labels.elements()[i], clusters.labels.elements()[i]});
                auto weights = clusters.weights;
                std::ranges::sort(weights, std::greater<>());
                for (double& weight : weights) weight /= static_cast<double>(photo.size());
                CHECK(s.shares == weights);
                const auto used = std::ranges::count_if(weights, [](double weight) { return weight > 0; });
                CHECK(std::ssize(pairs) == used);  // one to one
            }
}

/// The nearest of the clusters' means in the cone, and the sum of squared distances to them, in long double.
void check_cone(const image<u8, 3>& photo, const segmentation& s) {
    using point = std::array<double, 3>;
    std::vector<point> points(static_cast<std::size_t>(photo.size())), means(s.shares.size());
    std::vector<double> counts(means.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto x = static_cast<std::ptrdiff_t>(i) % photo.width(),
                   y = static_cast<std::ptrdiff_t>(i) / photo.width();
        std::array<std::int32_t, 3> steps{};
        lloyd::detail::cone_steps(photo.crop(x, y, 1, 1), steps.data());
        for (std::size_t c = 0; c < 3; ++c) points[i][c] = steps[c] / 256.0;
        const auto label = s.labels.elements()[i];
        ++counts[label];
        for (std::size_t c = 0; c < 3; ++c) means[label][c] += points[i][c];
    }
    for (std::size_t j = 0; j < means.size(); ++j)
        for (double& coordinate : means[j]) coordinate /= (std::max)(counts[j], 1.0);
    const auto distance = [&](std::size_t i, std::size_t j) {
        double sum = 0;
        for (std::size_t c = 0; c < 3; ++c) sum += (points[i][c] - means[j][c]) * (points[i][c] - means[j][c]);
        return sum;
    };
    double sum = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto own = distance(i, s.labels.elements()[i]);
        sum += own;
        for (std::size_t j = 0; j < means.size(); ++j)
            if (counts[j] > 0) REQUIRE(own <= distance(i, j) + 1e-2);
    }
    CHECK(s.compactness == doctest::Approx(sum).epsilon(1e-7));
}

TEST_CASE("in the cone every pixel is nearest to the mean of its own segment, and compactness is measured so") {
    dice random;
    CAPTURE(random.seed);
    for (const auto& photo : {photo_like<3>(random, 60, 40), red_ball(random, 40), random_image<3>(random, 20, 20)})
        for (const int k : {1, 3, 8, 30}) {
            CAPTURE(k);
            const auto s = segment(photo, k, {.space = color_space::hsv_cone, .kmeans = {.max_iterations = 1000}});
            REQUIRE(s.converged);
            check_cone(photo, s);
        }
}

TEST_CASE("whatever the space, equal bits for every CPU level, number of threads and layout") {
    dice random;
    CAPTURE(random.seed);
    auto photo = photo_like<3>(random, 80, 70);
    std::ranges::fill(photo.crop(0, 0, 80, 20).row(3), u8{200});
    for (const auto space : spaces)
        for (const int k : {3, 12}) {
            CAPTURE(static_cast<int>(space));
            const lloyd::segment_options options{.space = space, .kmeans = {.attempts = 2, .seed = random.bits()}};
            const auto expected = segment(photo, k, options);
            for (const auto level : cpu_levels()) {
                const cpu_limit limit(level);
                CHECK(same(segment(photo, k, options), expected));
            }
            for (const int threads : {2, 5}) {
                auto with_threads = options;
                with_threads.kmeans.threads = threads;
                CHECK(same(segment(photo, k, with_threads), expected));
            }
            for (const auto& place : layouts(photo, u8{1})) CHECK(same(segment(place.view, k, options), expected));
        }
}

TEST_CASE("in the cone potentials are exact however much a colour weighs, and means lie on a grid") {
    using lloyd::detail::uint128;
    // Two places at opposite ends and one beside the first, in steps of 2^-8. Products of weight and squared distance
    // need more than the 53 bits of a double.
    const image<float, 3> places = [] {
        image<float, 3> result(3, 1);
        result(0, 0)[0] = -255;
        result(1, 0)[0] = 255;
        result(2, 0)[0] = -255 + 0x1p-8F;
        return result;
    }();
    const std::vector<double> weights{5, 0x1p40 + 1, 0x1p40 + 3};
    const auto points = lloyd::detail::step_points(places, weights);
    lloyd::detail::thread_team alone(1, 1);
    lloyd::detail::point_d2_sampler<> sampler(points, 2, alone);
    const double seed[] = {-255 * 256.0, 0, 0};
    sampler.add_seed(seed, true);
    auto expected = lloyd::detail::multiply((std::uint64_t{1} << 40) + 1, std::uint64_t{130560} * 130560);
    expected += uint128((std::uint64_t{1} << 40) + 3);
    CHECK(sampler.total().integer == expected);

    // 10 + 1/3 is 2645.33 / 256, in steps of 2^-8: 2560 + 85.33
    CHECK(points.representable(2560 + 256.0 / 3) == 2645.33203125);
}

TEST_CASE("whatever the space, shares fall, and surplus segments are empty") {
    image<u8, 3> photo(6, 1);
    std::ranges::copy(std::array<u8, 18>{9, 9, 9, 200, 0, 0, 9, 9, 9, 9, 9, 9, 200, 0, 0, 0, 50, 0}, photo.data());
    for (const auto space : spaces) {
        CAPTURE(static_cast<int>(space));
        const auto s = segment(photo, 5, {.space = space});
        CHECK(s.shares == std::vector<double>{3.0 / 6, 2.0 / 6, 1.0 / 6, 0, 0});
        CHECK(s.compactness == 0);
        CHECK(same_pixels(lloyd::recolor(s.labels, s.palette), photo));
    }
}

// Refusals

TEST_CASE("refuses a space that is none") {
    const image<u8, 3> photo(2, 2);
    for (const int space : {-1, 5, 99})
        CHECK(refusal([&] { segment(photo, 2, {.space = static_cast<color_space>(space)}); }) ==
              says{"segment: space is " + std::to_string(space), "hsv_cone"});
}

}  // namespace
