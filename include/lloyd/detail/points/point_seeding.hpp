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
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/seeding.hpp>
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

/// weight · distance, both integers.
inline uint128 integer_product(double weight, double distance) {
    return multiply(static_cast<std::uint64_t>(weight), static_cast<std::uint64_t>(distance));
}

/// What potential_kernel does, with sums of 128 bits and in units of 1 / steps.
template <class = deferred>
uint128 potential_in_uint128(const point_block& block, std::ptrdiff_t channels, const double* seed, double* d2,
                             double steps, bool uniform, bool keep) {
    uint128 sum{};
    for (std::ptrdiff_t i = 0; i < block.count; ++i) {
        double distance = 0;
        for (std::ptrdiff_t c = 0; c < channels; ++c)
            distance += rounded_product(block.plane(c)[i] - seed[c], block.plane(c)[i] - seed[c]);
        if (uniform && distance > 0) distance = 1;
        const double minimum = (std::min)(d2[i], distance);
        sum += integer_product(block.weights[i], minimum * steps);
        if (keep) d2[i] = minimum;
    }
    return sum;
}

/// Every point's weight · D²; before the first seed, its weight.
template <class = deferred>
class point_d2_sampler final : public d2_sampler {
public:
    /// Without `by_distance`, D² is 0 at the value of a seed and 1 elsewhere. `fixed` are the seeds that are not drawn.
    point_d2_sampler(const point_set& points, std::ptrdiff_t k, bool by_distance, thread_team& team,
                     std::span<const double> fixed = {})
        : points_(points),
          k_(k),
          by_distance_(by_distance),
          in_integers_(points.has_integer_potentials()),
          team_(team),
          d2_(static_cast<std::size_t>(points.blocks() * points.block_size()), 1.0),
          potentials_(static_cast<std::size_t>(points.blocks())),
          drawn_block_(points.channels(), points.block_size()) {
        if (by_distance && points.bytes && !are_integer_colors(fixed)) {
            in_integers_ = in_integers_ && are_colors(fixed);
            steps_ = grid_steps * grid_steps;
        }
        each_block([&](const point_block& block) {
            potential sum;
            for (std::ptrdiff_t i = 0; i < block.count; ++i) sum += part_of(block.weights[i], 1.0);
            potential_of(block) = sum;
        });
        sum_up();
    }

    /// The sum over all points.
    potential total() const override { return total_; }

    /// Adds a seed. If it is the candidate that best_candidate() returned, the potential of each block is known
    /// already, and the seed becomes the pending one.
    void add_seed(const double* seed, bool is_first) override {
        if (is_first && by_distance_) d2_.fill((std::numeric_limits<double>::max)());
        if (best_candidate_ >= 0) {
            std::copy_n(potential_after_.begin() + best_candidate_ * points_.blocks(), points_.blocks(),
                        potentials_.begin());
            pending_seed_.assign(seed, seed + points_.channels());
            best_candidate_ = -1;
        } else {
            each_block([&](const point_block& block) {
                apply_pending_seed(block);
                potential_of(block) = potential_with(block, seed, true);
            });
            pending_seed_.clear();
        }
        sum_up();
    }

    /// The candidate that would leave the least potential, the first one on a tie.
    std::ptrdiff_t best_candidate(const double* candidates, std::ptrdiff_t count) override {
        const auto d = points_.channels(), blocks = points_.blocks();
        potential_after_.resize(static_cast<std::size_t>(count * blocks));
        each_block([&](const point_block& block) {
            apply_pending_seed(block);
            for (std::ptrdiff_t i = 0; i < count; ++i)
                potential_after_[static_cast<std::size_t>(i * blocks + block.first / block.stride)] =
                    potential_with(block, candidates + i * d, false);
        });
        pending_seed_.clear();
        std::vector<potential> totals;
        for (std::ptrdiff_t i = 0; i < count; ++i)
            totals.push_back(sum_by_chunks(potential_after_.data() + i * blocks));
        best_candidate_ = std::min_element(totals.begin(), totals.end()) - totals.begin();
        return best_candidate_;
    }

    /// The point whose part of the potential holds `number`, when the parts of all points lie end to end; never one
    /// whose part is 0.
    std::ptrdiff_t draw(potential number) override {
        std::size_t block = last_positive();
        for (std::size_t b = 0; b < block; ++b) {
            if (number < potentials_[b]) {
                block = b;
                break;
            }
            number -= potentials_[b];
        }
        return draw_in_block(static_cast<std::ptrdiff_t>(block), number);
    }

private:
    potential& potential_of(const point_block& block) {
        return potentials_[static_cast<std::size_t>(block.first / block.stride)];
    }

    /// Lowers a block's D² to the pending seed.
    void apply_pending_seed(const point_block& block) {
        if (!pending_seed_.empty()) potential_with(block, pending_seed_.data(), true);
    }

    /// The potential of a block with one more seed. `keep` lowers its D² to that seed.
    potential potential_with(const point_block& block, const double* seed, bool keep) {
        double* d2 = d2_.data() + block.first;
        if (in_integers_ && (steps_ > 1 || !potential_fits_double(block, points_)))
            return {potential_in_uint128(block, points_.channels(), seed, d2, steps_, !by_distance_, keep), 0};
        const double sum =
            run_kernel<potential_kernel>(block.planes.data(), block.stride, points_.channels(), block.count,
                                         block.weights.data(), seed, d2, !by_distance_, keep);
        if (in_integers_) return {static_cast<std::uint64_t>(sum), 0};
        return {{}, sum};
    }

    potential part_of(double weight, double d2) const {
        if (in_integers_) return {integer_product(weight, d2 * steps_), 0};
        return {{}, rounded_product(weight, d2)};
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

    void sum_up() {
        total_ = {};
        for (const auto& sum : potentials_) total_ += sum;
    }

    /// Rounding may carry a real draw past the end; it then draws the last point that has a part.
    std::ptrdiff_t draw_in_block(std::ptrdiff_t block, potential number) {
        const auto first = block * points_.block_size();
        const auto end = (std::min)(first + points_.block_size(), points_.size());
        if (!pending_seed_.empty()) {
            points_.read(first, end - first, drawn_block_);
            apply_pending_seed(drawn_block_);
        }
        std::ptrdiff_t drawn = first;
        for (auto i = first; i < end; ++i) {
            const auto part = part_of(points_.weight(i), d2_[i]);
            if (part == potential{}) continue;
            drawn = i;
            if (number < part) break;
            number -= part;
        }
        return drawn;
    }

    std::size_t last_positive() const {
        std::size_t block = potentials_.size() - 1;
        while (block > 0 && potentials_[block] == potential{}) --block;
        return block;
    }

    const point_set& points_;
    std::ptrdiff_t k_;
    bool by_distance_;
    bool in_integers_;  ///< whether potentials are integers, in units of 1 / steps_
    double steps_ = 1;  ///< in 1: of D², where fixed seeds of bytes lie between integers, on the grid of centers
    thread_team& team_;
    buffer<double> d2_;                         ///< of each point, but for the pending seed
    std::vector<potential> potentials_;         ///< of each block
    std::vector<potential> potential_after_{};  ///< candidates × blocks: what each would leave of each block
    std::ptrdiff_t best_candidate_ = -1;        ///< the next seed; −1: candidates were not compared
    std::vector<double> pending_seed_{};        ///< the last seed, while d2_ does not count it; empty: none
    point_block drawn_block_;
    potential total_{};
};

}  // namespace lloyd::inline v0::detail
