// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Draws points by their part in the potential: the sums of blocks lead to a block, its points to the point. What
/// k-means++ and random seeding of points of any kind share (see draw_seeds in seeding.hpp).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/d2_sampler.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// weight · distance, both integers.
inline uint128 integer_product(double weight, double distance) {
    return multiply(static_cast<std::uint64_t>(weight), static_cast<std::uint64_t>(distance));
}

template <class = deferred>
class block_sampler : public d2_sampler {
public:
    block_sampler(const point_set& points, std::ptrdiff_t k, thread_team& team)
        : points_(points),
          k_(k),
          in_integers_(points.has_integer_potentials()),
          team_(team),
          potentials_(static_cast<std::size_t>(points.blocks())) {}

    /// The sum over all points.
    potential total() const override { return total_; }

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

protected:
    ~block_sampler() = default;

    virtual potential part(std::ptrdiff_t i) const = 0;
    /// Makes the parts of a block's points known.
    virtual void prepare(const point_range&) {}

    point_range points_of(std::ptrdiff_t block) const {
        const auto first = block * points_.block_size();
        return {first, (std::min)(first + points_.block_size(), points_.size())};
    }

    /// Calls use(first, end) for blocks first to end − 1 of each chunk, with all threads.
    template <class Use>
    void each_chunk(const Use& use) {
        const auto step = points_.blocks_per_chunk(k_);
        team_.for_each(static_cast<std::size_t>(points_.chunks(k_)), [&](std::size_t chunk) {
            const auto first = static_cast<std::ptrdiff_t>(chunk) * step;
            use(first, (std::min)(first + step, points_.blocks()));
        });
    }

    potential part_of(double weight, double d2) const {
        if (in_integers_) return {integer_product(weight, d2 * steps_), 0};
        return {{}, rounded_product(weight, d2)};
    }

    /// The sum of a block whose points count by their weights, `count` of them if all weights are 1.
    [[gnu::noinline]] potential weight_of(const point_range& points, std::ptrdiff_t count) const {
        if (points_.weights.empty()) return part_of(static_cast<double>(count), 1);
        potential sum;
        for (auto i = points.first; i < points.end; ++i) sum += part(i);
        return sum;
    }

    /// Before the first seed.
    [[gnu::cold]] void sum_weights() {
        for (std::ptrdiff_t block = 0; block < points_.blocks(); ++block) {
            const auto points = points_of(block);
            potentials_[static_cast<std::size_t>(block)] = weight_of(points, points.end - points.first);
        }
        sum_up();
    }

    void sum_up() {
        total_ = {};
        for (const auto& sum : potentials_) total_ += sum;
    }

    const point_set& points_;
    std::ptrdiff_t k_;
    bool in_integers_;  ///< whether potentials are integers, in units of 1 / steps_
    double steps_ = 1;  ///< in 1: of D², where fixed seeds of bytes lie between integers, on the grid of centers
    thread_team& team_;
    std::vector<potential> potentials_;  ///< of each block

private:
    /// Rounding may carry a real draw past the end; it then draws the last point that has a part.
    std::ptrdiff_t draw_in_block(std::ptrdiff_t block, potential number) {
        const auto points = points_of(block);
        prepare(points);
        std::ptrdiff_t drawn = points.first;
        for (auto i = points.first; i < points.end; ++i) {
            const auto part_of_point = part(i);
            if (part_of_point == potential{}) continue;
            drawn = i;
            if (number < part_of_point) break;
            number -= part_of_point;
        }
        return drawn;
    }

    std::size_t last_positive() const {
        std::size_t block = potentials_.size() - 1;
        while (block > 0 && potentials_[block] == potential{}) --block;
        return block;
    }

    potential total_{};
};

}  // namespace lloyd::inline v0::detail
