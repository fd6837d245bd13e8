// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Seeding over points of any kind, block by block.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include <lloyd/detail/arithmetic.hpp>
#include <lloyd/detail/distance_kernels.hpp>
#include <lloyd/detail/parallel.hpp>
#include <lloyd/detail/point_set.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Every point's weight · D², or its weight until the first seed is taken.
template <class T, class Arithmetic>
class point_field {
public:
    using potential = typename Arithmetic::potential;

    point_field(const point_set<T>& points, std::ptrdiff_t k, bool by_distance, thread_team& team)
        : points_(points),
          k_(k),
          by_distance_(by_distance),
          team_(team),
          nearest_(static_cast<std::size_t>(points.blocks() * points.block_size()), 1.0),
          potentials_(static_cast<std::size_t>(points.blocks())) {
        weigh_all();
    }

    potential total() const { return total_; }

    void take(const double* seed, bool first) {
        if (first && by_distance_) nearest_.fill((std::numeric_limits<double>::max)());
        each_block([&](const point_block<double>& block, potential& sum) { sum = worth(block, seed, true); });
        sum_up();
    }

    /// The candidate that would leave the least potential, the first one on a tie.
    std::ptrdiff_t best(const double* candidates, std::ptrdiff_t tries) {
        const auto d = points_.channels();
        const auto count = static_cast<std::size_t>(tries);
        std::vector<potential> partial(static_cast<std::size_t>(points_.chunks(k_)) * count);
        team_.for_each(static_cast<std::size_t>(points_.chunks(k_)), [&](std::size_t chunk) {
            points_.for_each_block(static_cast<std::ptrdiff_t>(chunk), k_, [&](const auto& block) {
                for (std::size_t i = 0; i < count; ++i)
                    partial[chunk * count + i] += worth(block, candidates + static_cast<std::ptrdiff_t>(i) * d, false);
            });
        });
        for (std::size_t i = count; i < partial.size(); ++i) partial[i % count] += partial[i];
        return std::min_element(partial.begin(), partial.begin() + tries) - partial.begin();
    }

    /// The point in whose part of the potential `left` falls; never one whose part is 0.
    std::ptrdiff_t draw(potential left) const {
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
        each_block([&](const point_block<double>& block, potential& sum) {
            for (std::ptrdiff_t i = 0; i < block.count; ++i)
                sum += Arithmetic::weigh(block.weights[static_cast<std::size_t>(i)], 1.0);
        });
        sum_up();
    }

    /// Σ weight · min(D², worth of the distance to `point`) over a block; writes the minima back when `keep` is set.
    potential worth(const point_block<double>& block, const double* point, bool keep) {
        double* nearest = nearest_.data() + block.first;
        if constexpr (std::is_same_v<potential, wide>)
            if (!exact_in_double(block)) return worth_in_wide(block, point, nearest, keep);
        const double sum = run_kernel<potential_kernel>(
            static_cast<const double*>(block.planes.data()), block.stride, points_.channels(), block.count,
            static_cast<const double*>(block.weights.data()), point, nearest, !by_distance_, keep);
        if constexpr (std::is_same_v<potential, wide>)
            return wide(static_cast<std::uint64_t>(sum));
        else
            return sum;
    }

    /// Whether every sum over the block stays a whole number below 2^53.
    bool exact_in_double(const point_block<double>& block) const {
        double weight = 0;
        for (const double w : block.weights) weight += w;
        return weight * static_cast<double>(points_.channels()) * (Arithmetic::reach * Arithmetic::reach) < 0x1p53;
    }

    potential worth_in_wide(const point_block<double>& block, const double* point, double* nearest, bool keep) {
        potential sum{};
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
        team_.for_each(static_cast<std::size_t>(points_.chunks(k_)), [&](std::size_t chunk) {
            points_.for_each_block(static_cast<std::ptrdiff_t>(chunk), k_, [&](const auto& block) {
                potential& sum = potentials_[static_cast<std::size_t>(block.first / block.stride)];
                sum = potential{};
                use(block, sum);
            });
        });
    }

    void sum_up() {
        total_ = potential{};
        for (const auto& sum : potentials_) total_ += sum;
    }

    /// Rounding may carry a real draw past the end; it then takes the last point that has a part.
    std::ptrdiff_t draw_in_block(std::ptrdiff_t block, potential left) const {
        const auto first = block * points_.block_size();
        const auto end = (std::min)(first + points_.block_size(), points_.size());
        std::ptrdiff_t drawn = first;
        for (auto i = first; i < end; ++i) {
            const auto part = Arithmetic::weigh(points_.weight(i), nearest_[static_cast<std::size_t>(i)]);
            if (part == potential{}) continue;
            drawn = i;
            if (left < part) break;
            left -= part;
        }
        return drawn;
    }

    std::size_t last_positive() const {
        std::size_t block = potentials_.size() - 1;
        while (block > 0 && potentials_[block] == potential{}) --block;
        return block;
    }

    const point_set<T>& points_;
    std::ptrdiff_t k_;
    bool by_distance_;
    thread_team& team_;
    buffer<double> nearest_;             ///< D² of each point
    std::vector<potential> potentials_;  ///< of each block
    potential total_{};
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
