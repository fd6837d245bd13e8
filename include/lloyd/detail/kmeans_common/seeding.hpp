// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Seeds: k points drawn one after another, far from each other (k-means++) or merely different.
///
/// k-means++ draws a point with a chance proportional to weight · D², D being its distance to the nearest seed so far
/// (Arthur and Vassilvitskii, *k-means++: the advantages of careful seeding*, 2007). Its greedy form draws a few
/// candidates and keeps the one that leaves the least Σ weight · D² (the potential). Random seeding is the same with D²
/// replaced by 1, and by 0 at the value of a seed.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Keeps the part of each point in the potential: its weight before the first seed, weight · D² after it.
/// - potential() is the sum over all points, and 0 once no point differs from all seeds.
/// - draw(number) is the index of the point whose part holds `number`, 0 ≤ number < potential(), when all parts lie end
///   to end.
/// - best_candidate(candidates, count) is the index of the one of `count` points, each of `channels` coordinates, that
///   would leave the least potential as a seed; the first on a tie.
/// - add_seed(seed, is_first) lowers every D² to a new seed: after a call of best_candidate, to the point that it
///   chose.
template <class Sampler>
concept d2_sampler = requires(Sampler& sampler, typename Sampler::potential_type number, const double* coordinates,
                              std::ptrdiff_t count, bool is_first) {
    { sampler.potential() } -> std::same_as<typename Sampler::potential_type>;
    { sampler.draw(number) } -> std::same_as<std::ptrdiff_t>;
    { sampler.best_candidate(coordinates, count) } -> std::same_as<std::ptrdiff_t>;
    sampler.add_seed(coordinates, is_first);
};

/// k seeds of `channels` coordinates each. When fewer points differ, the rest repeat the first seed.
template <d2_sampler Sampler, class T>
buffer<double> draw_seeds(Sampler& sampler, const point_set<T>& points, std::ptrdiff_t k, bool by_distance,
                          random_stream random) {
    const auto d = points.channels();
    const std::ptrdiff_t tries = by_distance ? 2 + static_cast<std::ptrdiff_t>(math::log(static_cast<double>(k))) : 1;
    buffer<double> seeds(static_cast<std::size_t>(k * d));
    buffer<double> candidates(static_cast<std::size_t>(tries * d));
    points.read_point(0, seeds.data());  // repeated where -ffast-math flushes all weights to 0
    for (std::ptrdiff_t j = 0; j < k; ++j) {
        std::ptrdiff_t best = 0;
        if (sampler.potential() == typename Sampler::potential_type{}) {
            std::copy_n(seeds.data(), d, candidates.data());
        } else {
            const auto drawn = j == 0 ? 1 : tries;
            for (std::ptrdiff_t i = 0; i < drawn; ++i)
                points.read_point(sampler.draw(random.below(sampler.potential())), candidates.data() + i * d);
            if (drawn > 1) best = sampler.best_candidate(candidates.data(), drawn);
        }
        std::copy_n(candidates.data() + best * d, d, seeds.data() + j * d);
        if (j + 1 < k) sampler.add_seed(seeds.data() + j * d, j == 0);
    }
    return seeds;
}

}  // namespace lloyd::inline v0::detail
