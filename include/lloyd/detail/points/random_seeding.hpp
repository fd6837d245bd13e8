// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The sampler of random seeding over points of any kind (see draw_seeds in seeding.hpp): points equal to a seed are not
/// drawn again. They are found by their first coordinate in point_tiles, a fraction of what the points take to read.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/kmeans_common/d2_sampler.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/block_sampler.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The index of the first of `count` tiles in whose first plane `number` is, or `count`.
struct find_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(const float* planes, std::ptrdiff_t channels,
                                                            std::ptrdiff_t count, float number) {
        simd<float, Bytes> x, wanted;
        broadcast(wanted, number);
        for (std::ptrdiff_t t = 0; t < count; ++t) {
            simd<std::int32_t, Bytes> equal = {};
#pragma GCC unroll 8
            for (std::ptrdiff_t i = 0; i < points_per_tile; i += Bytes / static_cast<int>(sizeof(float))) {
                load(x, planes + t * points_per_tile * channels + i);
                equal = equal | (x == wanted);
            }
            std::uint64_t pairs[Bytes / sizeof(std::uint64_t)], any = 0;
            std::memcpy(&pairs, &equal, sizeof pairs);
            for (const auto pair : pairs) any |= pair;
            if (any != 0) return t;
        }
        return count;
    }
};

/// The part of a point is its weight, and 0 if it equals a seed.
template <class = deferred>
class point_weight_sampler final : public block_sampler<> {
public:
    point_weight_sampler(const point_set& points, const point_tiles<>& tiles, std::ptrdiff_t k, thread_team& team)
        : block_sampler<>(points, k, team), tiles_(tiles), are_seeds_(static_cast<std::size_t>(points.size()), 0) {
        sum_weights();
    }

    void add_seed(const double* seed, bool) override {
        each_chunk([&](std::ptrdiff_t first, std::ptrdiff_t end) {
            buffer<double> point(static_cast<std::size_t>(points_.channels()));
            for (auto block = first; block < end; ++block)
                if (mark_equals(points_of(block), seed, point)) weigh(block);
        });
        sum_up();
    }

    /// There is but one.
    std::ptrdiff_t best_candidate(const double*, std::ptrdiff_t) override { return 0; }

private:
    potential part(std::ptrdiff_t i) const override {
        return are_seeds_[i] == 0 ? part_of(points_.weight(i), 1) : potential{};
    }

    /// Marks the points that equal a seed. Returns whether there are any. `point` has room for one.
    bool mark_equals(const point_range& points, const double* seed, const buffer<double>& point) {
        const float first_coordinate = tiles_.rounded(seed[0], 0);
        bool any = false;
        for (auto first = points.first; first < points.end; first += points_per_tile) {
            auto tiles = tiles_.at(first, points.end - first);
            const auto passed = run_kernel<find_kernel>(tiles.planes, tiles.channels, tiles.tiles, first_coordinate);
            first += passed * points_per_tile;
            const float* plane = tiles.planes + passed * points_per_tile * tiles.channels;
            for (auto i = first; i < (std::min)(first + points_per_tile, points.end); ++i) {
                if (plane[i - first] != first_coordinate) continue;
                points_.read_point(i, point.data());
                if (!std::equal(point.begin(), point.end(), seed)) continue;
                are_seeds_[i] = 1;
                any = true;
            }
        }
        return any;
    }

    void weigh(std::ptrdiff_t block) {
        const auto points = points_of(block);
        const auto count = std::count(are_seeds_.begin() + points.first, are_seeds_.begin() + points.end, 0);
        potentials_[static_cast<std::size_t>(block)] = weight_of(points, count);
    }

    const point_tiles<>& tiles_;
    buffer<std::uint8_t> are_seeds_;  ///< whether each point equals a seed
};

}  // namespace lloyd::inline v0::detail
