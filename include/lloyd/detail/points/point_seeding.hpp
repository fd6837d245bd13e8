// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Seeding over points of any kind, block by block.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/distance_kernels.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Every point's weight · D², or its weight until the first seed is taken.
template <class T, class Arithmetic>
class point_d2_sampler {
public:
    using potential_type = typename Arithmetic::potential;

    point_d2_sampler(const point_set<T>& points, std::ptrdiff_t k, bool by_distance, thread_team& team)
        : points_(points),
          k_(k),
          by_distance_(by_distance),
          team_(team),
          nearest_(static_cast<std::size_t>(points.blocks() * points.block_size()), 1.0),
          potentials_(static_cast<std::size_t>(points.blocks())),
          drawn_from_(points.channels(), points.block_size()) {
        weigh_all();
    }

    potential_type potential() const { return total_; }

    /// The seed is the candidate that best() returned, if that was asked. What it leaves of each block is known then, and
    /// each point is told when it is read the next time.
    void add_seed(const double* seed, bool is_first) {
        if (is_first && by_distance_) nearest_.fill((std::numeric_limits<double>::max)());
        if (best_ >= 0) {
            std::copy_n(left_.begin() + best_ * points_.blocks(), points_.blocks(), potentials_.begin());
            untold_.assign(seed, seed + points_.channels());
            best_ = -1;
        } else {
            each_block([&](const point_block<double>& block) {
                tell(block);
                potential_of(block) = worth(block, seed, true);
            });
            untold_.clear();
        }
        sum_up();
    }

    /// The candidate that would leave the least potential, the first one on a tie.
    std::ptrdiff_t best_candidate(const double* candidates, std::ptrdiff_t count) {
        const auto d = points_.channels(), blocks = points_.blocks();
        left_.resize(static_cast<std::size_t>(count * blocks));
        each_block([&](const point_block<double>& block) {
            tell(block);
            for (std::ptrdiff_t i = 0; i < count; ++i)
                left_[static_cast<std::size_t>(i * blocks + block.first / block.stride)] =
                    worth(block, candidates + i * d, false);
        });
        untold_.clear();
        std::vector<potential_type> totals;
        for (std::ptrdiff_t i = 0; i < count; ++i) totals.push_back(sum_by_chunks(left_.data() + i * blocks));
        best_ = std::min_element(totals.begin(), totals.end()) - totals.begin();
        return best_;
    }

    /// The point in whose part of the potential `left` falls; never one whose part is 0.
    std::ptrdiff_t draw(potential_type left) {
        std::size_t block = last_positive();
        for (std::size_t b = 0; b < block; ++b) {
            if (left < potentials_[b]) {
                block = b;
                break;
            }
            left -= potentials_[b];
        }
        return draw_in_block(static_cast<std::ptrdiff_t>(block), left);
    }

private:
    /// Every point worth its weight, before there is a seed.
    void weigh_all() {
        each_block([&](const point_block<double>& block) {
            potential_type sum{};
            for (std::ptrdiff_t i = 0; i < block.count; ++i)
                sum += Arithmetic::weigh(block.weights[static_cast<std::size_t>(i)], 1.0);
            potential_of(block) = sum;
        });
        sum_up();
    }

    potential_type& potential_of(const point_block<double>& block) {
        return potentials_[static_cast<std::size_t>(block.first / block.stride)];
    }

    /// Lowers the D² of a block's points to the seed that they do not know of.
    void tell(const point_block<double>& block) {
        if (!untold_.empty()) worth(block, untold_.data(), true);
    }

    /// Σ weight · min(D², worth of the distance to `point`) over a block; writes the minima back when `keep` is set.
    potential_type worth(const point_block<double>& block, const double* point, bool keep) {
        double* nearest = nearest_.data() + block.first;
        if constexpr (std::is_same_v<potential_type, uint128>)
            if (!exact_in_double(block)) return worth_in_wide(block, point, nearest, keep);
        const double sum =
            run_kernel<potential_kernel>(block.planes.data(), block.stride, points_.channels(), block.count,
                                         block.weights.data(), point, nearest, !by_distance_, keep);
        if constexpr (std::is_same_v<potential_type, uint128>)
            return uint128(static_cast<std::uint64_t>(sum));
        else
            return sum;
    }

    /// Whether every sum over the block stays a whole number below 2^53.
    bool exact_in_double(const point_block<double>& block) const {
        double weight = 0;
        for (const double w : block.weights) weight += w;
        return weight * static_cast<double>(points_.channels()) * (Arithmetic::reach * Arithmetic::reach) < 0x1p53;
    }

    potential_type worth_in_wide(const point_block<double>& block, const double* point, double* nearest, bool keep) {
        potential_type sum{};
        for (std::ptrdiff_t i = 0; i < block.count; ++i) {
            double distance = 0;
            for (std::ptrdiff_t c = 0; c < points_.channels(); ++c)
                distance += (block.plane(c)[i] - point[c]) * (block.plane(c)[i] - point[c]);
            if (!by_distance_ && distance > 0) distance = 1;
            const double least = (std::min)(nearest[i], distance);
            sum += Arithmetic::weigh(block.weights[static_cast<std::size_t>(i)], least);
            if (keep) nearest[i] = least;
        }
        return sum;
    }

    template <class Use>
    void each_block(const Use& use) {
        team_.for_each(static_cast<std::size_t>(points_.chunks(k_)),
                       [&](std::size_t chunk) { points_.for_each_block(static_cast<std::ptrdiff_t>(chunk), k_, use); });
    }

    potential_type sum_by_chunks(const potential_type* of_block) const {
        const auto step = points_.blocks_per_chunk(k_);
        potential_type total{};
        for (std::ptrdiff_t first = 0; first < points_.blocks(); first += step) {
            potential_type sum{};
            for (auto b = first; b < (std::min)(first + step, points_.blocks()); ++b) sum += of_block[b];
            total += sum;
        }
        return total;
    }

    void sum_up() {
        total_ = potential_type{};
        for (const auto& sum : potentials_) total_ += sum;
    }

    /// Rounding may carry a real draw past the end; it then takes the last point that has a part.
    std::ptrdiff_t draw_in_block(std::ptrdiff_t block, potential_type left) {
        const auto first = block * points_.block_size();
        const auto end = (std::min)(first + points_.block_size(), points_.size());
        if (!untold_.empty()) {
            points_.read(first, end - first, drawn_from_);
            tell(drawn_from_);
        }
        std::ptrdiff_t drawn = first;
        for (auto i = first; i < end; ++i) {
            const auto part = Arithmetic::weigh(points_.weight(i), nearest_[static_cast<std::size_t>(i)]);
            if (part == potential_type{}) continue;
            drawn = i;
            if (left < part) break;
            left -= part;
        }
        return drawn;
    }

    std::size_t last_positive() const {
        std::size_t block = potentials_.size() - 1;
        while (block > 0 && potentials_[block] == potential_type{}) --block;
        return block;
    }

    const point_set<T>& points_;
    std::ptrdiff_t k_;
    bool by_distance_;
    thread_team& team_;
    buffer<double> nearest_;                  ///< D² of each point
    std::vector<potential_type> potentials_;  ///< of each block
    std::vector<potential_type> left_{};      ///< what each candidate would leave of each block
    std::ptrdiff_t best_ = -1;                ///< the one of these candidates that will be taken
    std::vector<double> untold_{};            ///< the last seed, as long as nearest_ does not know of it
    point_block<double> drawn_from_;
    potential_type total_{};
};

}  // namespace lloyd::inline v0::detail
