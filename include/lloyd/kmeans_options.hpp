// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How to cluster: seeds, attempts, when to stop, weights, threads.
/// @file
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include <lloyd/image.hpp>

namespace lloyd::inline v0 {

/// How the first centers are chosen: `random` draws k points of different value; `plus_plus` draws them far from each
/// other (greedy k-means++: Arthur and Vassilvitskii 2007, with 2 + ⌊ln k⌋ candidates a step). Both draw by weight.
enum class seeding { random, plus_plus };

/// What a progress callback is told after each iteration.
struct kmeans_progress {
    int k;               ///< how many centers: what tells the steps of a sweep apart
    int attempt;         ///< from 0
    int iteration;       ///< from 1
    double compactness;  ///< of this iteration's labels and centers
    double max_shift;    ///< how far the farthest center moved, in data units
};

/// How to cluster. By default: one attempt from k-means++ seeds, until no label changes, on one thread.
struct kmeans_options {
    /// How the first centers are chosen.
    seeding init = seeding::plus_plus;
    /// Runs from different seeds, at least 1; the most compact one wins, the first of them on a tie.
    int attempts = 1;
    /// Updates of the centers in one attempt, at least 1.
    int max_iterations = 100;
    /// An attempt ends when no center moved farther than this, in data units, ≥ 0; it always ends when no label changed.
    double epsilon = 0;
    /// Attempt i draws from stream i of this seed: more attempts never make a worse result.
    std::uint64_t seed = 0;
    /// One per point, finite and ≥ 0, not all 0. Empty: all 1. A weight of 3 counts like three copies of the point.
    std::span<const double> weights = {};
    /// k centers to start from, instead of seeding; needs attempts == 1. Empty: seeding.
    image_view<const double> initial_centers = {};
    /// Called after each iteration, one attempt after another; false stops, with the best result so far.
    std::function<bool(const kmeans_progress&)> progress = {};
    /// At least 0; 0 takes as many as can run at a time: the CPUs that the process may use, no more than a container's
    /// quota. The result does not depend on it.
    int threads = 1;
};

}  // namespace lloyd::inline v0
