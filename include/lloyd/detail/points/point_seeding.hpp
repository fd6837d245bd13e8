// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The D² sampler over points of any kind, block by block (see draw_seeds in seeding.hpp).
///
/// Each new seed costs one pass over the points, not two: comparing candidates computes the potential that each would
/// leave of each block; the chosen one is the pending seed, and the D² of a block's points are lowered to it when the
/// block is next read.
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
[[gnu::cold]] uint128 potential_in_uint128(const point_block& block, std::ptrdiff_t channels, const double* seed,
                                           const double* d2, double* lowered, double steps) {
    uint128 sum{};
    for (std::ptrdiff_t i = 0; i < block.count; ++i) {
        double distance = 0;
        for (std::ptrdiff_t c = 0; c < channels; ++c)
            distance += rounded_product(block.plane(c)[i] - seed[c], block.plane(c)[i] - seed[c]);
        lowered[i] = (std::min)(d2[i], distance);
        sum += integer_product(block.weights[i], lowered[i] * steps);
    }
    return sum;
}

/// Every point's weight · D²; before the first seed, its weight.
template <class = deferred>
class point_d2_sampler final : public block_sampler<> {
public:
    /// `fixed` are the seeds that are not drawn.
    [[gnu::cold]] point_d2_sampler(const point_set& points, std::ptrdiff_t k, thread_team& team,
                                   std::span<const double> fixed = {})
        : block_sampler<>(points, k, team),
          d2_(static_cast<std::size_t>(points.blocks() * points.block_size())),
          drawn_block_(points.channels(), points.block_size()) {
        if (points.bytes && !are_integer_colors(fixed)) {
            in_integers_ = in_integers_ && are_colors(fixed);
            steps_ = grid_steps * grid_steps;
        }
        sum_weights();
    }

    void add_seed(const double* seed, bool is_first) override {
        if (best_candidate_ < 0) {
            each_block([&](const point_block& block) {
                if (is_first) std::fill_n(d2_of(block), block.stride, (std::numeric_limits<double>::max)());
                apply_pending_seed(block);
                potential_of(block) = potential_with(block, seed, d2_of(block));
            });
            pending_seed_.clear();
        } else {
            std::copy_n(potential_after_.begin() + best_candidate_ * points_.blocks(), points_.blocks(),
                        potentials_.begin());
            pending_seed_.assign(seed, seed + points_.channels());
            best_candidate_ = -1;
        }
        has_seeds_ = true;
        sum_up();
    }

    /// The candidate that would leave the least potential, the first one on a tie.
    std::ptrdiff_t best_candidate(const double* candidates, std::ptrdiff_t count) override {
        const auto d = points_.channels(), blocks = points_.blocks();
        potential_after_.resize(static_cast<std::size_t>(count * blocks));
        each_block([&](const point_block& block) {
            apply_pending_seed(block);
            double lowered[point_set::max_range];
            for (std::ptrdiff_t i = 0; i < count; ++i)
                potential_after_[static_cast<std::size_t>(i * blocks + block.first / block.stride)] =
                    potential_with(block, candidates + i * d, lowered);
        });
        pending_seed_.clear();
        std::vector<potential> totals;
        for (std::ptrdiff_t i = 0; i < count; ++i)
            totals.push_back(sum_by_chunks(potential_after_.data() + i * blocks));
        best_candidate_ = std::min_element(totals.begin(), totals.end()) - totals.begin();
        return best_candidate_;
    }

private:
    potential part(std::ptrdiff_t i) const override { return part_of(points_.weight(i), has_seeds_ ? d2_[i] : 1); }

    potential& potential_of(const point_block& block) {
        return potentials_[static_cast<std::size_t>(block.first / block.stride)];
    }

    /// Lowers a block's D² to the pending seed.
    void apply_pending_seed(const point_block& block) {
        if (!pending_seed_.empty()) potential_with(block, pending_seed_.data(), d2_of(block));
    }

    double* d2_of(const point_block& block) const { return d2_.data() + block.first; }

    /// The potential of a block with one more seed. Its D² then go to `lowered`.
    potential potential_with(const point_block& block, const double* seed, double* lowered) {
        if (in_integers_ && (steps_ > 1 || !potential_fits_double(block, points_)))
            return {potential_in_uint128(block, points_.channels(), seed, d2_of(block), lowered, steps_), 0};
        const double* weights = block.ones == block.stride ? nullptr : block.weights.data();
        const double sum = run_kernel<potential_kernel>(block.planes.data(), block.stride, points_.channels(),
                                                        block.count, weights, seed, d2_of(block), lowered);
        if (in_integers_) return {static_cast<std::uint64_t>(sum), 0};
        return {{}, sum};
    }

    void prepare(const point_range& points) override {
        if (pending_seed_.empty()) return;
        points_.read(points.first, points.end - points.first, drawn_block_);
        apply_pending_seed(drawn_block_);
    }

    template <class Use>
    void each_block(const Use& use) {
        team_.for_each(static_cast<std::size_t>(points_.chunks(k_)),
                       [&](std::size_t chunk) { points_.for_each_block(static_cast<std::ptrdiff_t>(chunk), k_, use); });
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

    bool has_seeds_ = false;
    buffer<double> d2_;                         ///< of each point, but for the pending seed
    std::vector<potential> potential_after_{};  ///< candidates × blocks: what each would leave of each block
    std::ptrdiff_t best_candidate_ = -1;        ///< the next seed; −1: candidates were not compared
    std::vector<double> pending_seed_{};        ///< the last seed, while d2_ does not count it; empty: none
    point_block drawn_block_;
};

}  // namespace lloyd::inline v0::detail
