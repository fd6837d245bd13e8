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
#include <cstddef>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/kmeans_common/d2_sampler.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A number from 0 to below the total, each as likely as any other.
inline potential draw_below(const potential& total, random_stream& random) {
    if (total.real > 0) return {{}, random.below(total.real)};
    return {random.below(total.integer), 0};
}

/// How many candidates are drawn for each of k seeds after the first.
inline std::ptrdiff_t candidates_per_seed(std::ptrdiff_t k, bool by_distance) {
    return by_distance ? 2 + static_cast<std::ptrdiff_t>(math::log(static_cast<double>(k))) : 1;
}

/// The largest count up to `k_max` whose seeds begin with the seeds of k: as many candidates are drawn for each, and
/// real potentials are summed in the same chunks.
template <class = deferred>
std::ptrdiff_t last_with_same_seeds(const point_set& points, std::ptrdiff_t k, std::ptrdiff_t k_max, bool by_distance) {
    const auto candidates = candidates_per_seed(k, by_distance), blocks = points.blocks_per_chunk(k);
    while (k < k_max && candidates_per_seed(k + 1, by_distance) == candidates &&
           points.blocks_per_chunk(k + 1) == blocks)
        ++k;
    return k;
}

/// k seeds of `channels` coordinates each, of which the first are `fixed`. When fewer points differ, the rest repeat the
/// first seed.
template <class = deferred>
buffer<double> draw_seeds(d2_sampler& sampler, const point_set& points, std::ptrdiff_t k, bool by_distance,
                          random_stream random, std::span<const double> fixed = {}) {
    const auto d = points.channels();
    const auto fixed_count = std::ssize(fixed) / d;
    const auto tries = candidates_per_seed(k, by_distance);
    buffer<double> seeds(static_cast<std::size_t>(k * d));
    buffer<double> candidates(static_cast<std::size_t>(tries * d));
    points.read_point(0, seeds.data());  // repeated where -ffast-math flushes all weights to 0
    std::copy(fixed.begin(), fixed.end(), seeds.data());
    for (std::ptrdiff_t j = 0; j < fixed_count && j + 1 < k; ++j) sampler.add_fixed_seed(seeds.data() + j * d, j == 0);
    for (auto j = fixed_count; j < k; ++j) {
        std::ptrdiff_t best = 0;
        if (sampler.total() == potential{}) {
            std::copy_n(seeds.data(), d, candidates.data());
        } else {
            const auto drawn = j == 0 ? 1 : tries;
            for (std::ptrdiff_t i = 0; i < drawn; ++i)
                points.read_point(sampler.draw(draw_below(sampler.total(), random)), candidates.data() + i * d);
            if (drawn > 1) best = sampler.best_candidate(candidates.data(), drawn);
        }
        std::copy_n(candidates.data() + best * d, d, seeds.data() + j * d);
        if (j + 1 < k) sampler.add_seed(seeds.data() + j * d, j == 0);
    }
    return seeds;
}

}  // namespace lloyd::inline v0::detail
