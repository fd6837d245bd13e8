// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Sorting floats by the cells of a grid spares most points their scores, and changes no bit of a result.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/detail/kmeans/dispatch.hpp>
#include <lloyd/detail/points/cell_kernels.hpp>
#include <lloyd/detail/points/lloyd_on_cells.hpp>
#include <lloyd/detail/points/point_cells.hpp>
#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::detail::point_set;

constexpr std::ptrdiff_t many = 70'001;

/// What sorting by cells changes. The same numbers as doubles are not sorted.
std::string difference_by_cells(lloyd::image_view<const float> data, int k, const lloyd::kmeans_options& options) {
    lloyd::image<double> doubles(data.width(), data.height(), data.channels());
    for (std::ptrdiff_t y = 0; y < data.height(); ++y) std::ranges::copy(data.row(y), doubles.row(y).begin());
    return difference(lloyd::kmeans(data, k, options), lloyd::kmeans(doubles, k, options));
}

/// Whether kmeans would sort this data.
bool are_sorted(const lloyd::image<float>& data, int k, const lloyd::kmeans_options& options) {
    const lloyd::detail::weighted_pixels<float> pixels("test", data, {}, {});
    lloyd::detail::first_centers first{centers_of(lloyd::image<double>(options.initial_centers)), {}};
    first.scale(pixels.points().scale);
    return lloyd::detail::pays_cells(pixels.points(), k, options, first);
}

lloyd::image<float> sample(dice& random, const std::string& kind, std::ptrdiff_t n, std::ptrdiff_t channels) {
    if (kind == "blobs") return blobs<float>(random, n, channels, 5, 1, 0.05);
    if (kind == "far") return blobs<float>(random, n, channels, 5, 1000, 30);
    auto data = noise<float>(random, n, channels, 1);
    for (std::ptrdiff_t i = 0; i < n; ++i)
        for (float& c : data(i, 0)) {
            if (kind == "coarse") c = std::floor(c * 16);  // repeated points, and ties
            if (kind == "away") c += 100;
            if (kind == "one in the first" && &c == &data(i, 0)[0]) c = 0.3F;
            if (kind == "few values") c = c < 0.5F ? 0.0F : 1.0F;
            if (kind == "mostly one value") c = i % 64 == 0 ? c * 8 : 0.1F;  // their spread is rounding alone
            if (kind == "large") c = c * 1e15F - 1e14F;
            if (kind == "with outliers" && i % 100 == 0) c = (c - 0.5F) * 1e4F;
        }
    return data;
}

TEST_CASE("comes to the same bits as without sorting") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const char* kind : {"blobs", "far", "noise", "coarse", "away", "one in the first", "few values",
                                 "mostly one value", "large", "with outliers"})
            for (const std::ptrdiff_t channels : {2, 3})
                for (const int k : {2, 30}) {
                    CAPTURE(kind);
                    CAPTURE(channels);
                    CAPTURE(k);
                    const auto data = sample(random, kind, many, channels);
                    const auto start = start_for(random, data, k, 1);
                    const lloyd::kmeans_options options{.max_iterations = 8, .initial_centers = start, .threads = 1};
                    REQUIRE(are_sorted(data, k, options));
                    CHECK(difference_by_cells(data, k, options) == "");
                }
    }
}

TEST_CASE("comes to the same bits from seeds, with fixed centers, in a crop and on several threads") {
    dice random;
    CAPTURE(random.seed);
    const auto data = sample(random, "blobs", many, 3);
    for (const auto init : {lloyd::seeding::random, lloyd::seeding::plus_plus})
        CHECK(difference_by_cells(data, 6, {.init = init, .attempts = 2, .max_iterations = 8, .seed = 5}) == "");
    const auto fixed = some_points(random, data, 2);
    CHECK(difference_by_cells(data, 6, {.max_iterations = 9, .fixed_centers = fixed}) == "");
    const auto wide = noise<float>(random, 400 * 300, 2, 1);
    const lloyd::image_view<const float> rows(wide.data(), 400, 300, 2);
    CHECK(difference_by_cells(rows.crop(3, 5, 301, 290), 7, {.max_iterations = 8}) == "");
    const lloyd::kmeans_options on_one{.max_iterations = 8, .threads = 1}, on_three{.max_iterations = 8, .threads = 3};
    CHECK(difference(lloyd::kmeans(data, 9, on_one), lloyd::kmeans(data, 9, on_three)) == "");
}

TEST_CASE("tells the progress callback the same compactness as without sorting") {
    dice random;
    CAPTURE(random.seed);
    const auto data = sample(random, "noise", many, 2);
    lloyd::image<double> doubles(data.width(), 1, 2);
    std::ranges::copy(data.elements(), doubles.elements().begin());
    std::vector<double> told[2];
    const auto note = [](std::vector<double>& all) {
        return [&all](const lloyd::kmeans_progress& now) {
            all.push_back(now.compactness);
            return all.size() < 5;
        };
    };
    lloyd::kmeans(data, 5, {.max_iterations = 8, .progress = note(told[0])});
    lloyd::kmeans(doubles, 5, {.max_iterations = 8, .progress = note(told[1])});
    CHECK(told[0].size() == 5);
    CHECK(told[0] == told[1]);
}

TEST_CASE("finds the smallest box around the points of a cell, whose last tile is not full") {
    using lloyd::detail::points_per_tile;
    for (const std::ptrdiff_t channels : {2, 3}) {
        CAPTURE(channels);
        lloyd::detail::point_cell cell;
        cell.count = points_per_tile + 3;
        std::vector<float> records(static_cast<std::size_t>(2 * points_per_tile * (channels + 1) + 1));
        for (std::ptrdiff_t i = 0; i < cell.count * (channels + 1); ++i)
            records.data()[i] = static_cast<float>(i % (channels + 1)) + static_cast<float>(i / (channels + 1) % 5 + 8);
        const float middle[3] = {4, 4, 4};
        lloyd::detail::run_kernel<lloyd::detail::cell_planes_kernel>(records.data(), channels, middle, cell);
        for (std::ptrdiff_t c = 0; c < channels; ++c) {  // from 8 + c to 12 + c
            CHECK(cell.middle[c] == static_cast<float>(6 + c));
            CHECK(cell.half[c] == 2.0F);
        }
    }
}

TEST_CASE("lists every center that is the nearest to a point of the box, and few others") {
    dice random;
    CAPTURE(random.seed);
    constexpr std::ptrdiff_t k = 20, stride = 24;
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        std::ptrdiff_t listed = 0, needed = 0;
        for (int round = 0; round < 200; ++round) {
            float coordinates[3 * stride] = {}, half_squares[stride];
            std::fill_n(half_squares, stride, 0x1p100F);
            for (std::ptrdiff_t j = 0; j < k; ++j) {
                double square = 0;
                for (std::ptrdiff_t c = 0; c < 3; ++c) {
                    const float x = static_cast<float>(random.below(2001) - 1000) * 1e-3F;
                    coordinates[c * stride + j] = x;
                    square += static_cast<double>(x) * static_cast<double>(x);
                }
                half_squares[j] = static_cast<float>(square / 2);
            }
            lloyd::detail::point_cell cell;
            for (std::size_t c = 0; c < 3; ++c) {
                cell.middle[c] = static_cast<float>(random.below(2001) - 1000) * 1e-3F;
                cell.half[c] = 0.1F;
            }
            std::int32_t candidates[stride], nearest = -1;
            const auto count = lloyd::detail::run_kernel<lloyd::detail::candidates_kernel>(
                cell, lloyd::detail::center_planes{coordinates, half_squares, stride, 3}, 1e-5F, candidates, nearest);
            CHECK(std::count(candidates, candidates + count, nearest) == 1);
            CHECK(std::is_sorted(candidates, candidates + count));
            std::vector<bool> found(k);
            for (int i = 0; i < 1000; ++i) {
                double best = std::numeric_limits<double>::max();
                std::int32_t label = 0;
                double x[3];
                for (std::size_t c = 0; c < 3; ++c)
                    x[c] = static_cast<double>(cell.middle[c]) + 0.1 * (static_cast<double>(random.below(3)) - 1);
                for (std::int32_t j = 0; j < k; ++j) {
                    double distance = 0;
                    for (std::ptrdiff_t c = 0; c < 3; ++c) {
                        const double way = x[c] - static_cast<double>(coordinates[c * stride + j]);
                        distance += way * way;
                    }
                    if (distance < best) label = j;
                    best = std::min(best, distance);
                }
                found[static_cast<std::size_t>(label)] = true;
            }
            for (std::int32_t j = 0; j < k; ++j)
                if (found[static_cast<std::size_t>(j)]) CHECK(std::count(candidates, candidates + count, j) == 1);
            listed += count;
            needed += std::ranges::count(found, true);
        }
        CHECK(listed < 2 * needed);
    }
}

}  // namespace
