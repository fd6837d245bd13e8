// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The options of kmeans: seeds, attempts, when to stop, weights, threads; and those of assign.
/// @file
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include <lloyd/image.hpp>

namespace lloyd {
inline namespace v0 {

/// How the first centers are chosen. `random` draws k points of different value; `plus_plus` draws points far from each
/// other (greedy k-means++: Arthur and Vassilvitskii 2007, with 2 + ⌊ln k⌋ candidates for each center after the first).
/// In both the chance of a point is proportional to its weight.
enum class seeding { random, plus_plus };

/// The argument of the progress callback, after each iteration.
struct kmeans_progress {
    int k;               ///< the number of centers, which grows in an elbow_sweep
    int attempt;         ///< from 0
    int iteration;       ///< from 1
    double compactness;  ///< of this iteration's labels and centers
    double max_shift;    ///< the largest distance that a center moved in this iteration, in data units
};

/// Options of kmeans. By default: one attempt from k-means++ seeds, at most 100 iterations, on one thread.
struct kmeans_options {
    /// How the first centers are chosen.
    seeding init = seeding::plus_plus;
    /// Runs from different seeds, at least 1. The one of least compactness is returned, the first of them on a tie.
    int attempts = 1;
    /// The most updates of the centers in one attempt, at least 1.
    int max_iterations = 100;
    /// An attempt ends when no center moved farther than this, in data units, ≥ 0; and, in any case, when no label
    /// changed.
    double epsilon = 0;
    /// Attempt i draws from random stream i of this seed, so more attempts never give a worse result.
    std::uint64_t seed = 0;
    /// One for each point, finite and ≥ 0, not all 0. Empty: all 1. A point of weight 3 counts like three points.
    std::span<const double> weights = {};
    /// k×1 centers to start from instead of seeds; they need attempts == 1. Empty: seeds.
    image_view<const double> initial_centers = {};
    /// f×1 centers, f ≤ k, that stay where they are: the first f of the result. The others are seeded as if these had
    /// been drawn first; initial_centers, where given, begin with them. With f = k nothing is left to do: 0 iterations,
    /// no progress. For 8-bit data they are rounded to multiples of 2^-16. Empty: every center moves.
    image_view<const double> fixed_centers = {};
    /// Called after each iteration; attempts then run one after another. Returning false stops, with the best result so
    /// far.
    std::function<bool(const kmeans_progress&)> progress = {};
    /// At least 0; 0 uses as many as can run at a time: the CPUs that the process may use, but no more than a
    /// container's quota. The result does not depend on it.
    int threads = 1;
};

/// Options of assign.
struct assign_options {
    int threads = 1;  ///< as in kmeans_options
};

}  // namespace v0
}  // namespace lloyd
