// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The D² sampler over points of any kind, block by block (see draw_seeds in seeding.hpp).
///
/// Each new seed costs one pass over the points, not two: comparing candidates computes the potential that each would
/// leave of each block; the chosen one becomes a pending seed, to which D² are lowered when points are next read.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/d2_sampler.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/block_sampler.hpp>
#include <lloyd/detail/points/distance_kernels.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Whether potential_kernel is exact for a block with integer coordinates and weights: no sum reaches 2^53.
inline bool potential_fits_double(const point_block& block, const point_set& points) {
    double weight = 0;
    for (const double w : block.weights) weight += w;
    const double difference = points.max_difference();
    return weight * static_cast<double>(points.channels()) * (difference * difference) < 0x1p53;
}

/// What potential_kernel does, with sums of 128 bits and in units of 1 / steps.
template <class = deferred>
[[gnu::cold]] void potentials_in_uint128(const point_block& block, std::ptrdiff_t channels, const block_d2& d2,
                                         const seed_list& candidates, double steps, uint128* sums) {
    std::fill_n(sums, candidates.count, uint128{});
    for (std::ptrdiff_t i = 0; i < block.count; ++i) {
        const auto nearer = [&](double least, const double* seed) {
            double distance = 0;
            for (std::ptrdiff_t c = 0; c < channels; ++c)
                distance += rounded_product(block.plane(c)[i] - seed[c], block.plane(c)[i] - seed[c]);
            return (std::min)(least, distance);
        };
        double least = d2.known == nullptr ? (std::numeric_limits<double>::max)() : d2.known[i];
        for (std::ptrdiff_t j = 0; j < d2.pending.count; ++j) least = nearer(least, d2.pending.seeds + j * channels);
        if (d2.lowered != nullptr) d2.lowered[i] = least;
        for (std::ptrdiff_t j = 0; j < candidates.count; ++j)
            sums[j] += integer_product(block.weights[i], nearer(least, candidates.seeds + j * channels) * steps);
    }
}

/// How many seeds may be pending, distances to them being computed anew in each pass, before D² are written to memory.
/// With few coordinates that takes longer than computing them.
inline std::ptrdiff_t max_pending(std::ptrdiff_t channels) { return channels <= 3 ? 2 : 1; }

/// Every point's weight · D²; before the first seed, its weight.
template <class = deferred>
class point_d2_sampler final : public block_sampler<> {
public:
    /// `fixed` are the seeds that are not drawn.
    [[gnu::cold]] point_d2_sampler(const point_set& points, std::ptrdiff_t k, thread_team& team,
                                   std::span<const double> fixed = {})
        : block_sampler<>(points, k, team),
          drawn_block_(points.channels(), points.block_size()),
          drawn_d2_(static_cast<std::size_t>(points.block_size())) {
        if (points.bytes && !are_integer_colors(fixed)) {
            in_integers_ = in_integers_ && are_colors(fixed);
            steps_ = grid_steps * grid_steps;
        }
        sum_weights();
    }

    void add_seed(const double* seed, bool) override {
        if (best_candidate_ < 0) {
            compare({seed, 1});
            best_candidate_ = 0;
        }
        std::copy_n(potential_after_.begin() + best_candidate_ * points_.blocks(), points_.blocks(),
                    potentials_.begin());
        pending_seeds_.insert(pending_seeds_.end(), seed, seed + points_.channels());
        best_candidate_ = -1;
        sum_up();
    }

    /// The candidate that would leave the least potential, the first one on a tie.
    std::ptrdiff_t best_candidate(const double* candidates, std::ptrdiff_t count) override {
        compare({candidates, count});
        std::vector<potential> totals;
        for (std::ptrdiff_t i = 0; i < count; ++i)
            totals.push_back(sum_by_chunks(potential_after_.data() + i * points_.blocks()));
        best_candidate_ = std::min_element(totals.begin(), totals.end()) - totals.begin();
        return best_candidate_;
    }

private:
    potential part(std::ptrdiff_t i) const override {
        return part_of(points_.weight(i), has_seeds() ? drawn_d2_[i - drawn_block_.first] : 1);
    }

    bool has_seeds() const { return d2_.size() > 0 || !pending_seeds_.empty(); }

    seed_list pending_seeds() const { return {pending_seeds_.data(), std::ssize(pending_seeds_) / points_.channels()}; }

    /// Computes what each candidate would leave of each block.
    void compare(const seed_list& candidates) {
        const auto length = static_cast<std::size_t>(candidates.count * points_.blocks());
        if (potential_after_.size() < length) potential_after_ = buffer<potential>(length);
        const bool stores = pending_seeds().count >= max_pending(points_.channels());
        const bool has_d2 = d2_.size() > 0;
        if (stores && !has_d2) d2_ = buffer<double>(static_cast<std::size_t>(points_.blocks() * points_.block_size()));
        team_.for_each(static_cast<std::size_t>(points_.chunks(k_)), [&](std::size_t chunk) {
            points_.for_each_block(static_cast<std::ptrdiff_t>(chunk), k_, [&](const point_block& block) {
                double* const d2 = has_d2 || stores ? d2_.data() + block.first : nullptr;
                compare_in(block, {has_d2 ? d2 : nullptr, pending_seeds(), stores ? d2 : nullptr}, candidates);
            });
        });
        if (stores) pending_seeds_.clear();
    }

    void compare_in(const point_block& block, const block_d2& d2, const seed_list& candidates) {
        potential* const after = potential_after_.data() + block.first / block.stride;
        if (in_integers_ && (steps_ > 1 || !potential_fits_double(block, points_))) {
            uint128 sums[max_compared];
            potentials_in_uint128(block, points_.channels(), d2, candidates, steps_, sums);
            for (std::ptrdiff_t j = 0; j < candidates.count; ++j) after[j * points_.blocks()] = {sums[j], 0};
            return;
        }
        const double* weights = block.ones == block.stride ? nullptr : block.weights.data();
        double sums[max_compared];
        run_kernel<potential_kernel>(block.planes.data(), block.stride, points_.channels(), block.count, weights, d2,
                                     candidates, sums);
        for (std::ptrdiff_t j = 0; j < candidates.count; ++j)
            after[j * points_.blocks()] =
                in_integers_ ? potential{static_cast<std::uint64_t>(sums[j]), 0} : potential{{}, sums[j]};
    }

    void prepare(const point_range& points) override {
        if (!has_seeds()) return;
        points_.read(points.first, points.end - points.first, drawn_block_);
        const double* known = d2_.size() > 0 ? d2_.data() + points.first : nullptr;
        compare_in(drawn_block_, {known, pending_seeds(), drawn_d2_.data()}, {nullptr, 0});
    }

    potential sum_by_chunks(const potential* of_block) const {
        const auto step = points_.blocks_per_chunk(k_);
        potential total{};
        for (std::ptrdiff_t first = 0; first < points_.blocks(); first += step) {
            potential sum{};
            for (auto b = first; b < (std::min)(first + step, points_.blocks()); ++b) sum += of_block[b];
            total += sum;
        }
        return total;
    }

    buffer<double> d2_;                    ///< of each point, but for the pending seeds; empty: they are all
    buffer<potential> potential_after_;    ///< candidates × blocks: what each would leave of each block
    std::ptrdiff_t best_candidate_ = -1;   ///< the next seed; −1: candidates were not compared
    std::vector<double> pending_seeds_{};  ///< the last seeds, which d2_ does not count
    point_block drawn_block_;
    buffer<double> drawn_d2_;  ///< of its points
};

}  // namespace lloyd::inline v0::detail
