// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The potential that k-means++ draws from, over the tree of colours, is exact: whatever the weights, seed after seed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sample_images.hpp"
#include "sample_seeds.hpp"

namespace {

using namespace samples;
using lloyd::detail::color_d2_sampler;
using lloyd::detail::uint128;

/// Σ weight · D² in plain loops.
struct plain_field {
    explicit plain_field(const lloyd::color_histogram<3>& histogram, const std::vector<double>& weights)
        : colors(histogram), weight(weights), nearest(weights.size(), ~std::uint64_t{0} >> 24) {}

    std::uint64_t distance(std::ptrdiff_t i, const double* seed) const {
        double sum = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            const double difference = colors.colors()(i, 0)[c] - seed[c];
            sum += difference * difference;
        }
        return static_cast<std::uint64_t>(sum);
    }

    std::uint64_t potential_with(const double* seed) const {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < nearest.size(); ++i)
            sum += static_cast<std::uint64_t>(weight[i]) *
                   std::min(nearest[i], distance(static_cast<std::ptrdiff_t>(i), seed));
        return sum;
    }

    void take(const double* seed) {
        for (std::size_t i = 0; i < nearest.size(); ++i)
            nearest[i] = std::min(nearest[i], distance(static_cast<std::ptrdiff_t>(i), seed));
    }

    const lloyd::color_histogram<3>& colors;
    const std::vector<double>& weight;
    std::vector<std::uint64_t> nearest;
};

void check_potentials(dice& random, const lloyd::color_histogram<3>& colors, const std::vector<double>& weights) {
    lloyd::detail::thread_team alone(1, 1);
    const auto tree = lloyd::detail::build_color_tree(colors.colors(), weights, alone);
    const lloyd::detail::point_set points(colors.colors(), weights);
    lloyd::detail::seeding_state state(tree);
    color_d2_sampler<> sampler(points, tree, state);
    plain_field plain(colors, weights);
    const auto any_color = [&](double* to) { points.read_point(random.below(colors.size()), to); };
    for (int j = 0; j < 12; ++j) {
        double candidates[4][3];
        for (auto& candidate : candidates) any_color(&candidate[0]);
        std::ptrdiff_t best = 0;
        if (j > 0) best = sampler.best_candidate(&candidates[0][0], 4);
        for (const auto& candidate : candidates)
            CHECK(plain.potential_with(&candidates[best][0]) <= (j > 0 ? plain.potential_with(&candidate[0]) : ~0ULL));
        sampler.add_seed(&candidates[best][0], j == 0);
        plain.take(&candidates[best][0]);
        const uint128 expected(plain.potential_with(&candidates[best][0]));
        CHECK(sampler.total().integer == expected);
    }
}

TEST_CASE("knows the potential to the last unit, and the candidate that leaves the least") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t n : {1, 400, 3000, 60000})
        for (const std::ptrdiff_t levels : {30, 256})
            for (const int bits : {0, 8, 16}) {
                CAPTURE(n);
                CAPTURE(bits);
                const lloyd::color_histogram<3> colors(random_image<3>(random, n, 1, levels));
                std::vector<double> weights;
                for (std::ptrdiff_t i = 0; i < colors.size(); ++i)
                    weights.push_back(static_cast<double>(1 + random.below(std::int64_t{1} << bits)));
                for (const auto level : cpu_levels()) {
                    const cpu_limit limit(level);
                    check_potentials(random, colors, weights);
                }
            }
}

}  // namespace
