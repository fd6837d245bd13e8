// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Seeds: k points drawn one after another, far from each other (k-means++) or merely different.
///
/// k-means++ draws a point with a chance proportional to weight · D², D being its distance to the nearest seed so far
/// (Arthur and Vassilvitskii 2007); the greedy form draws a few candidates and keeps the one that leaves the least
/// Σ weight · D² (the potential). Random seeding is the same with D² replaced by 1, or 0 at a seed's own value.
#pragma once

#include <algorithm>
#include <cstddef>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// k seeds of `channels` coordinates each. When fewer points differ, the rest repeat the first seed.
///
/// A field knows each point's part of the potential: `total()`, `draw(number)` the point at a number below the total,
/// `best(candidates)` the one that would leave the least potential, `take(seed)` to lower every D² to a new seed.
template <class Sampler, class T>
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
