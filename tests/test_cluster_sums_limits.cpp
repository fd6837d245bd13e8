// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Sums of clusters at their limits: how far they are exact, which data they can hold, and what they refuse.

#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/cluster_sums.hpp>
#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using numbers = std::vector<double>;

numbers numbers_of(const lloyd::cluster_sums<>& sums) { return {sums.numbers().begin(), sums.numbers().end()}; }

TEST_CASE("is exact for 8-bit sums up to 2^53, and close beyond") {
    const auto data = table<u8>(1, {0, 0, 1});
    const auto centers = table<double>(1, {0.25, 255});
    for (const double most : {0x1p53 - 2, 0x1p53, 0x1p60}) {
        lloyd::cluster_sums sums;
        for (std::ptrdiff_t i = 0; i < 3; ++i)
            sums.accumulate(data.crop(i, 0, 1, 1), centers, {.weights = numbers{i == 1 ? most - 2 : 1}});
        CHECK(sums.weights()[0] == most);
        CHECK(sums.means()(0, 0)[0] == 0);
        CHECK(close(sums.compactness(), (most - 1) / 16 + 9 / 16.0, 2e-16));
    }
}

TEST_CASE("rounds the means of 8-bit data once, not twice") {
    // The mean lies below the middle between two places of the grid, by less than a double near 100 can tell.
    const auto data = table<u8>(1, {100, 101});
    const auto center = table<double>(1, {100});
    const numbers weights{0x1p37 + 1 - 0x1p20, 0x1p20};
    lloyd::cluster_sums sums;
    sums.accumulate(data, center, {.weights = weights});
    CHECK(sums.means()(0, 0)[0] == 100);
    CHECK(lloyd::kmeans(data, 1, {.weights = weights, .initial_centers = center}).centers(0, 0)[0] == 100);
}

TEST_CASE("measures compactness from 8-bit data to centers that are no colours") {
    const auto data = table<u8>(2, {0, 0, 255, 10, 3, 4});
    for (const double c : {-2.5, 1e6, -1e9}) {
        const auto centers = table<double>(2, {c, 300});
        lloyd::cluster_sums sums;
        sums.accumulate(data, centers);
        const double expected = 3 * c * c - 2 * 258 * c + 65034 + 3 * 9e4 - 600 * 14 + 116;
        CHECK(close(sums.compactness(), expected, 1e-15));
        CHECK(elements_of(sums.means()) == numbers{86, 4 + 43691 / 65536.0});
    }
}

TEST_CASE("takes data of any scale, as far as sums can be held") {
    for (const double unit : {1e-200, 1e-30, 1.0, 1e100, 1e200}) {
        const auto data = times(table<double>(1, {-3, -2, 2, 4}), unit);
        lloyd::cluster_sums sums;
        sums.accumulate(data.crop(0, 0, 1, 1), times(table<double>(1, {-1, 1}), unit));
        sums.accumulate(data.crop(1, 0, 3, 1), times(table<double>(1, {-1, 1}), unit));
        CHECK(close(sums.means()(0, 0)[0], -2.5 * unit, 1e-15));
        CHECK(close(sums.means()(1, 0)[0], 3 * unit, 1e-15));
        CHECK((sums.weights()[0] == 2 && sums.weights()[1] == 2));
    }
    const auto largest = table<double>(1, {1.7e308, 1.7e308});
    lloyd::cluster_sums sums;
    CHECK(refusal([&] { sums.accumulate(largest, table<double>(1, {0})); }) ==
          says{"cluster_sums", "numbers[1] is inf", "must be finite"});
    CHECK(sums.empty());
    sums.accumulate(largest, table<double>(1, {1.7e308}));
    CHECK(sums.means()(0, 0)[0] == 1.7e308);
}

TEST_CASE("holds no NaN near the top of double, and the compactness that double can hold") {
    lloyd::cluster_sums far;
    far.accumulate(table<double>(1, {1.5e308}), table<double>(1, {0}));
    CHECK(numbers_of(far) == numbers{1, 1.5e308, std::numeric_limits<double>::infinity()});
    CHECK(far.compactness() == std::numeric_limits<double>::infinity());
    CHECK(far.means()(0, 0)[0] == 1.5e308);

    lloyd::cluster_sums heavy;
    heavy.accumulate(table<double>(1, {0.9}), table<double>(1, {0}), {.weights = numbers{1.2e308}});
    CHECK(close(heavy.compactness(), 0.81 * 1.2e308, 1e-15));
    CHECK(close(heavy.numbers()[1], 0.9 * 1.2e308, 1e-15));

    lloyd::cluster_sums bytes;  // about the whole number next to the center
    bytes.accumulate(table<u8>(1, {1}), table<double>(1, {0.75}), {.weights = numbers{1.2e308}});
    CHECK(close(bytes.compactness(), 0.0625 * 1.2e308, 1e-15));
}

TEST_CASE("holds sums and compactness where the unit of weights and that of data, alone, leave the range of double") {
    struct units {
        double data, weight;
    };
    for (const auto unit : {units{0x1p868, 0x1p-1074}, units{0x1p-868, 0x1p1000}}) {
        const auto points = table<double>(1, {0, unit.data, 1.5 * unit.data});
        const auto centers = table<double>(1, {0, unit.data});
        const numbers weights(3, unit.weight);
        lloyd::cluster_sums sums;
        sums.accumulate(points, centers, {.weights = weights});
        CHECK(numbers_of(sums) == numbers{unit.weight, 2 * unit.weight, 0, unit.data * unit.weight / 2,
                                          unit.data * unit.weight * unit.data / 4});
        const auto result = lloyd::kmeans(points, 2, {.weights = weights, .initial_centers = centers});
        CHECK(result.compactness == unit.data * unit.weight * unit.data / 8);
    }
}

TEST_CASE("sums are those of the points that have weight, wherever others lie") {
    lloyd::cluster_sums sums;
    sums.accumulate(table<double>(1, {0, 1e-10, 1e300}), table<double>(1, {0, 1e-10}), {.weights = numbers{1, 1, 0}});
    CHECK(numbers_of(sums) == numbers{1, 1, 0, 0, 0});
}

TEST_CASE("refuses what does not match or is not finite, and stays as it was") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const auto data = table<float>(2, {0, 0, 1, 1, 2, 2, 3, 3});
    const auto centers = table<double>(2, {0, 0, 2, 2}), others = table<double>(2, {0, 0, 2, 2.5});
    lloyd::cluster_sums sums;
    sums.accumulate(data, centers);
    const auto before = numbers_of(sums);
    const auto why = [&](const auto& block, const auto& at, const lloyd::accumulate_options& options = {}) {
        const auto message = refusal([&] { sums.accumulate(block, at, options); });
        CHECK(numbers_of(sums) == before);
        return message;
    };
    CHECK(why(data, lloyd::image<double>()) == says{"cluster_sums", "centers is empty", "at least 1"});
    CHECK(why(data, table<double>(1, {0, 2})) == says{"cluster_sums: centers have 1 channels, but the data has 2"});
    CHECK(why(data, table<double>(2, {0, nan})) == says{"cluster_sums: centers 0, channel 1 is", "finite"});
    CHECK(why(table<float>(2, {0, std::numeric_limits<float>::infinity()}), centers) ==
          says{"cluster_sums: point 0, channel 1 is inf", "finite"});
    CHECK(why(data, others) == says{"cluster_sums", "centers", "are about"});
    CHECK(why(data, table<double>(2, {0, 0})) == says{"cluster_sums", "centers", "are about"});
    CHECK(why(table<u8>(2, {1, 1}), centers) == says{"cluster_sums: elements have 8 bits", "more"});
    CHECK(why(data, centers, {.weights = numbers{1, 2}}) == says{"weights has 2 values", "4 points"});
    CHECK(why(data, centers, {.weights = numbers{1, 2, -1, 0}}) == says{"weights[2] is -1", "at least 0"});
    CHECK(why(data, centers, {.weights = numbers{1, 2, 3, nan}}) == says{"weights[3] is", "finite"});
    CHECK(why(data, centers, {.threads = -1}) == says{"cluster_sums", "threads is -1", "at least 0"});
    CHECK(why(data, centers, {.weights = numbers{1e308, 1e308, 1e308, 1e308}}) == says{"numbers[0] is inf"});

    lloyd::cluster_sums<3> of_colors;
    CHECK(refusal([&] { of_colors.accumulate(data, centers); }) == says{"data has 2 channels", "sums have 3"});
    lloyd::cluster_sums elsewhere;
    elsewhere.accumulate(data, others);
    CHECK(refusal([&] { sums.merge(elsewhere); }) == says{"cluster_sums", "merge", "other centers"});
    CHECK(numbers_of(sums) == before);
}

TEST_CASE("comes through numbers that no points could have") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
    for (const double odd : {-1.0, nan, infinity, -infinity, 1e300, 0.5, -0x1p53})
        for (std::size_t i = 0; i < 4; ++i) {
            lloyd::cluster_sums sums;
            sums.accumulate(table<u8>(2, {0, 7}), table<double>(2, {3, 3}));
            sums.numbers()[i] = odd;
            CHECK(sums.means().size() == 1);
            CHECK_FALSE(sums.compactness() < 0);
        }
}

}  // namespace
