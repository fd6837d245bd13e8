// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Clustering colours box by box is a shortcut: everything it gives must be what the plain steps give, bit for bit.
#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include <lloyd/cpu.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/kmeans/dispatch.hpp>
#include <lloyd/kmeans.hpp>

#include "sample_images.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::detail::attempt_result;
using lloyd::detail::buffer;

/// Clouds of colours with noise, some of them saturated, so that cubes are full, sparse and cut off.
template <std::size_t Channels>
lloyd::image<u8, Channels> clouds(std::uint64_t seed, std::ptrdiff_t pixels, int spread) {
    lloyd::detail::random_stream random(seed, 0);
    lloyd::image<u8, Channels> result(pixels, 1);
    for (std::ptrdiff_t x = 0; x < pixels; ++x) {
        const auto cloud = random.bits() % 5;
        for (std::size_t c = 0; c < Channels; ++c) {
            const int middle = static_cast<int>((cloud * 67 + c * 91) % 256);
            const int noise = static_cast<int>(random.bits() % static_cast<unsigned>(2 * spread + 1)) - spread;
            result(x, 0)[c] = static_cast<u8>(std::clamp(middle + noise, 0, 255));
        }
    }
    return result;
}

void check_equal(const attempt_result& cubes, const attempt_result& plain) {
    CHECK(cubes.compactness == plain.compactness);
    CHECK(cubes.iterations == plain.iterations);
    CHECK(cubes.attempt == plain.attempt);
    CHECK(cubes.converged == plain.converged);
    CHECK(cubes.weights == plain.weights);
    CHECK(std::ranges::equal(cubes.centers, plain.centers));
    CHECK(std::ranges::equal(cubes.labels.elements(), plain.labels.elements()));
}

template <std::size_t Channels>
void compare_weighted(const lloyd::color_histogram<Channels>& colors, std::span<const double> weights, int k,
                      const lloyd::kmeans_options& options, const buffer<double>& centers = {},
                      const buffer<double>& fixed = {}) {
    const lloyd::detail::point_set points(colors.colors(), weights);
    lloyd::detail::thread_team alone(1, 1);
    const lloyd::detail::first_centers first{lloyd::detail::copy_of<double>(centers.span()),
                                             lloyd::detail::copy_of<double>(fixed.span())};
    const auto photo = colors.colors();
    check_equal(
        lloyd::detail::cluster_colors(photo, lloyd::detail::color_points(photo, weights, {}), k, options, first, alone),
        lloyd::detail::cluster(points, k, options, first, alone));
}

template <std::size_t Channels>
void compare(const lloyd::image<u8, Channels>& photo, int k, const lloyd::kmeans_options& options,
             const buffer<double>& centers = {}, const buffer<double>& fixed = {}) {
    const lloyd::color_histogram colors(photo);
    compare_weighted(colors, colors.counts(), k, options, centers, fixed);
}

TEST_CASE("gives box by box the bits of the plain steps, whatever the seeding, k and channels") {
    for (std::uint64_t seed = 0; seed < 3; ++seed)
        for (const auto init : {lloyd::seeding::plus_plus, lloyd::seeding::random})
            for (const int k : {1, 2, 3, 5, 8, 16, 63, 64, 65, 130}) {
                CAPTURE(seed);
                CAPTURE(k);
                const lloyd::kmeans_options options{.init = init, .attempts = 2, .max_iterations = 12, .seed = seed};
                const int spread = 4 + 40 * static_cast<int>(seed);
                compare(clouds<3>(seed, 2000, spread), k, options);
                compare(clouds<2>(seed, 1200, spread), k, options);
                compare(clouds<1>(seed, 500, spread), k, options);
            }
}

TEST_CASE("gives box by box the bits of the plain steps at every CPU level") {
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        compare(clouds<3>(7, 20000, 60), 9, {.max_iterations = 30});
        compare(clouds<3>(8, 20000, 20), 70, {.max_iterations = 5});
    }
}

TEST_CASE("gives the bits of the plain steps where colours lie dense, and boundaries run along them") {
    compare(color_block(), 3, {.max_iterations = 20});
    compare(color_block(), 8, {.max_iterations = 4, .seed = 3});
    compare(color_block(), 20, {.init = lloyd::seeding::random, .max_iterations = 4});
    buffer<double> centers(2 * 3);  // the colours halfway between them are ties
    const double ends[] = {64, 200, 7, 94, 230, 37};
    std::copy_n(ends, 6, centers.begin());
    compare(color_block(), 2, {.max_iterations = 1}, centers);
}

TEST_CASE("gives the bits of the plain steps for weights of any size that fit") {
    const auto photo = clouds<3>(11, 6000, 40);
    const lloyd::color_histogram colors(photo);
    lloyd::detail::random_stream random(5, 5);
    for (const int bits : {0, 4, 12, 20}) {
        CAPTURE(bits);
        std::vector<double> weights;
        for (std::ptrdiff_t i = 0; i < colors.size(); ++i)
            weights.push_back(static_cast<double>(random.bits() >> (63 - bits)));
        weights[0] = 0x7fff'ffff;
        weights[1] = 1;
        REQUIRE(lloyd::detail::color_tree::fit(weights));
        for (const int k : {2, 5, 17}) compare_weighted(colors, weights, k, {.max_iterations = 12});
    }
}

TEST_CASE("breaks ties between equal and mirrored centers the same way") {
    lloyd::image<u8, 3> grid(16 * 16 * 16, 1);
    for (std::ptrdiff_t i = 0; i < grid.size(); ++i)
        for (int c = 0; c < 3; ++c) grid(i, 0)[static_cast<std::size_t>(c)] = static_cast<u8>((i >> 4 * c & 15) * 17);
    buffer<double> centers(4 * 3);
    const double corners[] = {0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 0, 255};
    std::copy_n(corners, 12, centers.begin());
    compare(grid, 4, {.max_iterations = 1}, centers);
    compare(grid, 4, {}, centers);
    compare(grid, 27, {.init = lloyd::seeding::random});
}

TEST_CASE("repairs empty clusters the same way") {
    const auto photo = clouds<3>(3, 4000, 25);
    buffer<double> centers(6 * 3);
    for (std::size_t i = 0; i < centers.size(); ++i) centers[i] = i < 3 ? 100.0 : 0.0;  // five centers in one place
    compare(photo, 6, {}, centers);
    compare(photo, 6, {.max_iterations = 2}, centers);
}

TEST_CASE("gives the bits of the plain steps to the end, with many centers, some of them fixed or empty at first") {
    const auto photo = clouds<3>(21, 5000, 60);
    buffer<double> fixed(3 * 3), centers(64 * 3, 0.0);  // 61 centers in one place
    const double colors[] = {0, 0, 0, 128, 130, 140, 255, 255, 255};
    std::copy_n(colors, 9, fixed.begin());
    std::copy_n(colors, 9, centers.begin());
    const lloyd::kmeans_options to_the_end{.attempts = 2, .max_iterations = 200, .epsilon = 0, .seed = 5};
    for (const int k : {64, 130, 300}) {
        compare(photo, k, to_the_end);
        compare(photo, k, to_the_end, {}, fixed);
    }
    compare(photo, 64, to_the_end, centers);
    compare(photo, 64, to_the_end, centers, fixed);
}

TEST_CASE("holds fewer colours than centers") {
    lloyd::image<u8, 3> photo(8, 1);
    photo(3, 0)[1] = 200;
    photo(5, 0)[2] = 9;
    compare(photo, 7, {});
    compare(photo, 7, {.init = lloyd::seeding::random, .attempts = 3});
}

}  // namespace
