// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The kernels against plain loops, at every CPU level, for every number of points that a vector does not divide.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/detail/points/distance_kernels.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::detail::block_d2;
using lloyd::detail::nearest_kernel;
using lloyd::detail::potential_kernel;
using lloyd::detail::run_kernel;
using lloyd::detail::seed_list;

constexpr std::ptrdiff_t stride = 96;  // of each plane: three times what any kernel takes at once
constexpr std::ptrdiff_t at_once = 32;

/// Whole numbers 0 to most − 1.
template <class Lane>
std::vector<Lane> whole_numbers(dice& random, std::ptrdiff_t count, std::ptrdiff_t most) {
    std::vector<Lane> result;
    for (std::ptrdiff_t i = 0; i < count; ++i) result.push_back(static_cast<Lane>(random.below(most)));
    return result;
}

template <class Lane>
Lane squared_distance(const std::vector<Lane>& planes, std::ptrdiff_t i, const Lane* center, std::ptrdiff_t channels) {
    Lane sum = 0;
    for (std::ptrdiff_t c = 0; c < channels; ++c) {
        const Lane difference = planes[static_cast<std::size_t>(c * stride + i)] - center[c];
        sum += difference * difference;
    }
    return sum;
}

void check_nearest(dice& random, std::ptrdiff_t channels, std::int32_t k, std::ptrdiff_t count, std::ptrdiff_t most) {
    const auto planes = whole_numbers<double>(random, channels * stride, most);
    auto centers = whole_numbers<double>(random, channels * k, most);
    if (k > 2) std::copy_n(centers.begin() + channels, channels, centers.begin() + 2 * channels);  // a tie for all
    std::vector<std::int32_t> labels(stride + at_once, -5);
    run_kernel<nearest_kernel>(planes.data(), stride, channels, count, centers.data(), k, labels.data());
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        std::int32_t best = 0;
        double least = std::numeric_limits<double>::max();
        for (std::int32_t j = 0; j < k; ++j) {
            const double distance = squared_distance(planes, i, centers.data() + j * channels, channels);
            if (distance < least) {
                least = distance;
                best = j;
            }
        }
        REQUIRE(labels[static_cast<std::size_t>(i)] == best);
    }
    for (auto i = static_cast<std::size_t>((count + at_once - 1) / at_once * at_once); i < labels.size(); ++i)
        REQUIRE(labels[i] == -5);  // nothing is written beyond what one step takes
}

void check_nearest_everywhere(std::ptrdiff_t most) {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const std::ptrdiff_t channels : {1, 2, 3, 4, 5, 33})
            for (const std::int32_t k : {1, 2, 3, 9, 70})
                for (std::ptrdiff_t count = 0; count <= stride; count += count < 34 ? 1 : 31) {
                    CAPTURE(channels);
                    CAPTURE(k);
                    CAPTURE(count);
                    check_nearest(random, channels, k, count, most);
                }
    }
}

TEST_CASE("nearest_kernel finds the nearest center, the lowest on a tie") {
    check_nearest_everywhere(4);
    check_nearest_everywhere(256);
}

TEST_CASE("nearest_kernel compares distances of any finite size") {
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const double scale : {1e-150, 1.0, 1e150}) {
            std::vector<double> planes(stride, 1e-150);
            for (std::size_t i = 0; i < 10; ++i) planes[i] = scale * static_cast<double>(i);
            const std::vector<double> centers{8 * scale, 0, 3 * scale};
            std::vector<std::int32_t> labels(stride);
            run_kernel<nearest_kernel>(planes.data(), stride, std::ptrdiff_t{1}, std::ptrdiff_t{10}, centers.data(),
                                       std::int32_t{3}, labels.data());
            labels.resize(10);
            CHECK(labels == std::vector<std::int32_t>{1, 1, 2, 2, 2, 2, 0, 0, 0, 0});
        }
    }
}

TEST_CASE("potential_kernel adds in one order at every CPU level") {
    dice random;
    std::vector<double> planes(stride), weights(stride), d2(stride, 1e300);
    for (double& x : planes) x = random.normal();
    for (double& w : weights) w = 1 + 0.1 * random.normal();
    const double seed = 0.3;
    std::vector<double> sums;
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        run_kernel<potential_kernel>(planes.data(), stride, std::ptrdiff_t{1}, stride, weights.data(),
                                     block_d2{d2.data(), {}}, seed_list{&seed, 1}, &sums.emplace_back());
    }
    for (const double sum : sums) CHECK(sum == sums.front());
}

/// Lowers D² to pending seeds, and compares two candidates.
void check_potential(dice& random, std::ptrdiff_t channels, std::ptrdiff_t count, bool weighted, bool keep,
                     std::ptrdiff_t pending) {
    const auto planes = whole_numbers<double>(random, channels * stride, 4);
    const auto seeds = whole_numbers<double>(random, pending * channels, 4);
    const auto candidates = whole_numbers<double>(random, 2 * channels, 4);
    auto weights = whole_numbers<double>(random, stride, 5);
    std::fill(weights.begin() + count, weights.end(), 0.0);  // as point_block promises
    const bool known = pending != 1;
    const auto before = known ? whole_numbers<double>(random, stride + at_once, 10 * channels)
                              : std::vector<double>(stride + at_once, std::numeric_limits<double>::max());
    auto lowered = before;
    double sums[3] = {-1, -1, -1};
    run_kernel<potential_kernel>(
        planes.data(), stride, channels, count, weighted ? weights.data() : nullptr,
        block_d2{known ? before.data() : nullptr, {seeds.data(), pending}, keep ? lowered.data() : nullptr},
        seed_list{candidates.data(), 2}, sums);
    double expected[2] = {};
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        double least = before[at];
        for (std::ptrdiff_t j = 0; j < pending; ++j)
            least = (std::min)(least, squared_distance(planes, i, seeds.data() + j * channels, channels));
        REQUIRE(lowered[at] == (keep ? least : before[at]));
        for (std::ptrdiff_t j = 0; j < 2; ++j) {
            const double left =
                (std::min)(least, squared_distance(planes, i, candidates.data() + j * channels, channels));
            expected[j] += weighted ? weights[at] * left : left;
        }
    }
    REQUIRE(sums[0] == expected[0]);
    REQUIRE(sums[1] == expected[1]);
    REQUIRE(sums[2] == -1);
    const auto end = (count + at_once - 1) / at_once * at_once;
    REQUIRE(std::equal(lowered.begin() + end, lowered.end(), before.begin() + end));
}

TEST_CASE("potential_kernel sums up what each candidate would leave, and keeps D² where it is asked to") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const std::ptrdiff_t channels : {1, 2, 3, 4, 5, 33})
            for (std::ptrdiff_t count = 0; count <= stride; count += count < 34 ? 1 : 31)
                for (const bool weighted : {false, true})
                    for (const bool keep : {false, true}) {
                        if (!weighted && count % 32 != 0) continue;
                        CAPTURE(channels);
                        CAPTURE(count);
                        for (const std::ptrdiff_t pending : {0, 1, 3})
                            check_potential(random, channels, count, weighted, keep, pending);
                    }
    }
}

}  // namespace
