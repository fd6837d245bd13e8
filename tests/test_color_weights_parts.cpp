// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of counting pixels with weights, by threads and at every CPU level.

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/segments/measured_segments.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "sample_points.hpp"
#include "sample_weights.hpp"

namespace {

using namespace samples;
using lloyd::color_histogram;
using lloyd::image;
using lloyd::image_view;
using namespace lloyd::detail;
using bytes = std::vector<u8>;
using numbers = std::vector<double>;

/// Whether parts counted by several threads, of at least 500 pixels each, are the image counted by one.
template <class Cell, std::size_t C>
void check_parts(const image<u8, C>& photo, const image<u8, 1>& weights, double unit) {
    const color_histogram expected(photo, weights);
    for (const int threads : {1, 2, 5}) {
        CAPTURE(threads);
        thread_team team(threads, 100);
        const auto counted =
            count_colors<Cell>(image_view<const u8, C>(photo), image_view<const u8, 1>(weights), team, 500);
        const color_listing<C, Cell> listing(counted.counters, team);
        REQUIRE(listing.distinct() == expected.size());
        image<u8, C> colors(listing.distinct(), 1);
        numbers counts(static_cast<std::size_t>(listing.distinct()));
        listing.write(colors.data(), counts.data(), team);
        for (double& count : counts) count *= unit;
        CHECK(same_pixels(colors, expected.colors()));
        CHECK(std::ranges::equal(counts, expected.counts()));
    }
}

TEST_CASE("weights give the same histogram at every CPU level and on any number of threads") {
    dice random;
    CAPTURE(random.seed);
    for (const auto& which : kinds_of_weights) {
        CAPTURE(which.name);
        const auto weights = weights_of(which, random, 301, 70);
        const auto photo = photo_like<3>(random, 301, 70);
        const auto few = random_image<2>(random, 301, 70, 2);
        const auto noise = random_image<3>(random, 301, 70);
        const auto expected = naive_sums<3>(photo, weights);
        for (const auto level : cpu_levels()) {
            CAPTURE(static_cast<int>(level));
            const cpu_limit limit(level);
            CHECK(equals(color_histogram(photo, weights), expected));
            check_parts<std::uint16_t>(photo, weights, 1);
            check_parts<std::uint16_t>(few, weights, 1);
            check_parts<std::uint16_t>(noise, weights, 1);
            if (const int common = common_weight(image_view<const u8, 1>(weights)); common > 0) {
                check_parts<u8>(photo, weights, common);
                check_parts<u8>(few, weights, common);
            }
        }
    }
}

TEST_CASE("lists the colours of all pixels, with the sums of weights in a unit where those that are not 0 are equal") {
    dice random;
    CAPTURE(random.seed);
    thread_team team(2, 100);
    const auto photo = photo_like<3>(random, 300, 200);
    const color_histogram all(photo);
    for (const int unit : {1, 3, 100, 255}) {
        auto weights = random_image<1>(random, 300, 200, 2);
        for (u8& weight : weights.elements()) weight = static_cast<u8>(weight / 255 * unit);
        for (const bool differ : {false, true}) {
            if (differ) weights(299, 199)[0] = static_cast<u8>(unit == 255 ? 254 : unit + 1);
            const lloyd::detail::counted_photo<> counted(photo, weights, team);
            CHECK(counted.unit == (differ ? 1 : unit));
            CHECK(same_pixels(counted.colors.colors(), all.colors()));
            std::vector<double> counts;
            for (const double count : counted.colors.counts())
                if (count > 0) counts.push_back(count * counted.unit);
            const color_histogram expected(photo, weights);
            CHECK(std::ranges::equal(counts, expected.counts()));
        }
    }
    const lloyd::detail::counted_photo<> plain(photo, {}, team);
    CHECK(plain.unit == 1);
    CHECK(same(plain.colors, all));
}

TEST_CASE("finds the weight that differs, wherever it is") {
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t width : {1, 7, 31, 32, 33, 64, 100})
            for (std::ptrdiff_t place = 0; place < 2 * width; ++place)
                for (const int common : {0, 1, 128, 255})
                    for (const int other : {1, 2, 127, 128, 254, 255}) {
                        auto weights = all_of(width + 3, 2, static_cast<u8>(common));
                        const auto view = image_view<const u8, 1>(weights).crop(0, 0, width, 2);
                        weights(place % width, place / width)[0] = static_cast<u8>(other);
                        const bool alike = common == 0 || common == other || view.size() == 1;
                        REQUIRE(common_weight(view) == (alike ? other : -1));
                    }
    }
}

TEST_CASE("finds the next weight that is not 0") {
    for (std::ptrdiff_t size = 0; size < 200; size += 1 + size / 20)
        for (std::ptrdiff_t place = 0; place <= size; ++place)
            for (std::ptrdiff_t first = 0; first <= size; first += 13) {
                bytes weights(static_cast<std::size_t>(size));
                if (place < size) weights[static_cast<std::size_t>(place)] = 1;
                REQUIRE(next_weight(weights, first) == (place < first ? size : place));
            }
}

}  // namespace
