// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The seeds that clustering draws, as coordinates: the one place of the tests that knows how they are asked for.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/kmeans_common/seeding.hpp>
#include <lloyd/detail/octree/lloyd_on_colors.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>
#include <lloyd/detail/points/point_seeding.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/random_seeding.hpp>
#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace samples {

enum class how { random, plus_plus };

/// The coordinates of k seeds, one after another: in whole numbers for 8-bit data, in real ones for the rest.
template <class T>
std::vector<double> draw(const lloyd::image<T>& data, const std::vector<double>& weights, int k, how method,
                         const lloyd::detail::random_stream& random, int threads = 1) {
    const lloyd::detail::point_set points(data, weights);
    lloyd::detail::thread_team team(threads, points.chunks(k));
    const bool by_distance = method == how::plus_plus;
    const auto draw_by = [&](auto&& sampler) {
        const auto seeds = lloyd::detail::draw_seeds(sampler, points, k, by_distance, random);
        return std::vector<double>(seeds.begin(), seeds.end());
    };
    if (by_distance) return draw_by(lloyd::detail::point_d2_sampler<>(points, k, team));
    const lloyd::detail::point_tiles<> tiles(points, team);
    return draw_by(lloyd::detail::point_weight_sampler<>(points, tiles, k, team));
}

template <class T>
std::vector<double> draw(const lloyd::image<T>& data, const std::vector<double>& weights, int k, how method,
                         std::uint64_t seed) {
    return draw(data, weights, k, method, lloyd::detail::random_stream(seed, 0));
}

/// The same of distinct colours, box by box.
template <std::size_t C>
std::vector<double> draw(const lloyd::color_histogram<C>& colors, int k, how method, std::uint64_t seed) {
    const lloyd::detail::point_set points(colors.colors(), colors.counts());
    lloyd::detail::thread_team alone(1, 1);
    const auto tree = lloyd::detail::build_color_tree(colors.colors(), colors.counts(), alone);
    lloyd::detail::lloyd_on_colors<> clusters(points, tree, k);
    const auto seeds = clusters.seed(k, method == how::plus_plus, lloyd::detail::random_stream(seed, 0), {});
    return {seeds.begin(), seeds.end()};
}

/// 0 to `most` for each point.
inline std::vector<double> whole_weights(dice& random, std::ptrdiff_t n, std::ptrdiff_t most = 4) {
    std::vector<double> result;
    for (std::ptrdiff_t i = 0; i < n; ++i) result.push_back(static_cast<double>(random.below(most + 1)));
    return result;
}

}  // namespace samples
