// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Clustering when memory runs out, at every place where it asks for some.

#include <cstdint>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/cluster_sums.hpp>
#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "failing_memory.hpp"
#include "sample_points.hpp"
#include "sample_sweeps.hpp"

namespace {

using namespace samples;

const auto same_results = [](const auto& a, const auto& b) { return difference(a, b).empty(); };
const auto same_images = [](const auto& a, const auto& b) { return same_pixels(a, b); };

template <class Image>
void check_kmeans(const Image& data, lloyd::kmeans_options options) {
    for (const int threads : {1, 3}) {
        options.threads = threads;
        CHECK(run_short_of_memory([&] { return lloyd::kmeans(data, 4, options); }, same_results) > 10);
    }
}

TEST_CASE("kmeans passes on bad_alloc, gives back what it took, and is right when it returns") {
    dice random;
    CAPTURE(random.seed);
    const auto floats = noise<float>(random, 2100, 2, 1);
    const std::vector<double> weights(2100, 0.3);
    check_kmeans(floats, {.max_iterations = 2, .weights = weights});
    check_kmeans(floats, {.attempts = 4, .max_iterations = 1});
    check_kmeans(random_image<3>(random, 60, 40), {.max_iterations = 2});
    check_kmeans(random_image<4>(random, 60, 40), {.init = lloyd::seeding::random, .max_iterations = 2});
}

TEST_CASE("assign passes on bad_alloc, gives back what it took, and is right when it returns") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 60, 40);
    const auto centers = noise<double>(random, 5, 3, 255);
    CHECK(run_short_of_memory([&] { return lloyd::assign(photo, centers); }, same_images) > 5);
}

TEST_CASE("elbow_sweep passes on bad_alloc, gives back what it took, and is right when it returns") {
    dice random;
    CAPTURE(random.seed);
    const auto sweep = [](const auto& data, int threads) {
        const lloyd::elbow_options options{.k_max = 4,
                                           .kmeans = {.attempts = 2, .max_iterations = 2, .threads = threads}};
        return run_short_of_memory([&] { return lloyd::elbow_sweep(data, options); }, same_results);
    };
    const auto photo = random_image<3>(random, 20, 15);
    const auto points = noise<float>(random, 300, 2, 1);
    for (const int threads : {1, 3}) {
        CHECK(sweep(photo, threads) > 40);
        CHECK(sweep(points, threads) > 40);
    }
    const auto curve = lloyd::elbow_sweep(photo, {.k_max = 5}).curve;
    run_short_of_memory([&] { return lloyd::find_knee(curve); }, [](auto a, auto b) { return a == b; });
}

TEST_CASE("segment passes on bad_alloc in every space, gives back what it took, and is right when it returns") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 20, 15);
    const auto weights = random_image<1>(random, 20, 15, 3);
    const auto same = [](const auto& a, const auto& b) {
        return same_pixels(a.labels, b.labels) && same_pixels(a.palette, b.palette) && a.shares == b.shares &&
               a.compactness == b.compactness && a.iterations == b.iterations && a.converged == b.converged;
    };
    for (const auto space : {lloyd::color_space::rgb, lloyd::color_space::hsv, lloyd::color_space::hsv_cone,
                             lloyd::color_space::lab, lloyd::color_space::oklab})
        for (const int threads : {1, 3}) {
            const lloyd::segment_options options{.space = space, .kmeans = {.max_iterations = 2, .threads = threads}};
            CHECK(run_short_of_memory([&] { return lloyd::segment(photo, 4, options); }, same) > 20);
            if (threads > 1) continue;
            auto weighed = options;
            weighed.weights = weights;
            CHECK(run_short_of_memory([&] { return lloyd::segment(photo, 4, weighed); }, same) > 20);
            const auto s = lloyd::segment(photo, 4, options);
            CHECK(run_short_of_memory([&] { return lloyd::segment(photo, s, weighed); }, same) > 20);
            CHECK(run_short_of_memory([&] { return lloyd::assign(photo, s); }, same_images) > 10);
            CHECK(run_short_of_memory([&] { return lloyd::relabel(photo, s, s.labels, weights); }, same) > 8);
        }
    const auto s = lloyd::segment(photo, 4);
    CHECK(run_short_of_memory([&] { return lloyd::recolor(s.labels, s.palette); }, same_images) >= 2);
    CHECK(run_short_of_memory([&] { return lloyd::mask(s.labels, 1); }, same_images) == 1);
}

TEST_CASE("a histogram that cannot grow stays as it was") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 30, 20), other = random_image<3>(random, 20, 20);
    const lloyd::color_histogram colors(photo), others(other);
    const auto same = [](const auto& a, const auto& b) {
        return same_pixels(a.colors(), b.colors()) && std::ranges::equal(a.counts(), b.counts());
    };
    const auto check = [&](const auto& change) {
        bool kept = true;
        const auto grow = [&] {
            auto histogram = colors;
            try {
                change(histogram);
            } catch (const std::bad_alloc&) {
                kept = kept && same(histogram, colors);
                throw;
            }
            return histogram;
        };
        CHECK(run_short_of_memory(grow, same) >= 4);
        CHECK(kept);
    };
    check([&](auto& histogram) { histogram.add(other); });
    check([&](auto& histogram) { histogram.add(other, lloyd::select_channels<0>(other)); });
    check([&](auto& histogram) { histogram.merge(others); });
}

TEST_CASE("sums of clusters that cannot grow stay as they were") {
    dice random;
    CAPTURE(random.seed);
    const auto block = noise<float>(random, 300, 2, 1), another = noise<float>(random, 200, 2, 1);
    const auto centers = some_points(random, block, 3);
    lloyd::cluster_sums before, others;
    before.accumulate(block, centers);
    others.accumulate(another, centers);
    const auto same = [](const auto& a, const auto& b) { return std::ranges::equal(a.numbers(), b.numbers()); };
    const auto check = [&](const auto& change) {
        bool kept = true;
        const auto grow = [&] {
            auto sums = before;
            try {
                change(sums);
            } catch (const std::bad_alloc&) {
                kept = kept && same(sums, before) && same_pixels(sums.means(), before.means());
                throw;
            }
            return sums;
        };
        CHECK(run_short_of_memory(grow, same) >= 3);
        CHECK(kept);
    };
    check([&](auto& sums) { sums.accumulate(another, centers); });
    check([&](auto& sums) { sums.accumulate(another, centers, {.threads = 3}); });
    check([&](auto& sums) { sums.merge(others); });
}

TEST_CASE("large images pass on bad_alloc and give back what they took") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 600, 600, 10);
    const lloyd::image<u8, 3> palette(4, 1);
    const auto paint = [&] {
        auto labels = lloyd::assign(photo, lloyd::image<double>(4, 1, 3));
        auto moved = std::move(labels);
        labels = moved;
        return lloyd::recolor(labels, palette);
    };
    const lloyd::image<u8, 3> large(1000, 1000);
    CHECK(reinterpret_cast<std::uintptr_t>(large.data()) % lloyd::detail::large_page == 0);
    CHECK(run_short_of_memory(paint, same_images) > 8);
    const auto count = [&] { return lloyd::color_histogram<3>(photo); };
    const auto same_colors = [](const auto& a, const auto& b) { return same_pixels(a.colors(), b.colors()); };
    CHECK(run_short_of_memory(count, same_colors) >= 5);
}

}  // namespace
