// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The D² sampler over points of many coordinates, whose potentials are no integers (see draw_seeds in seeding.hpp).
///
/// Candidates are compared by scores in float, as centers are (score_kernel.hpp): few points are nearer to a new seed than
/// to all before, and only these are read as they are, and compared in double. As in point_seeding.hpp, each new seed
/// costs one pass over the points.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/kmeans_common/d2_sampler.hpp>
#include <lloyd/detail/kmeans_common/move_kernel.hpp>
#include <lloyd/detail/kmeans_common/point_reader.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/block_sampler.hpp>
#include <lloyd/detail/points/label_changes.hpp>
#include <lloyd/detail/points/nearer_kernels.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Seeds that are compared at once: candidate i has the index 2^i, the pending one the sign bit.
class seed_groups {
public:
    static constexpr std::int32_t pending = (std::numeric_limits<std::int32_t>::min)();

    seed_groups(const double* candidates, std::ptrdiff_t count, const std::vector<double>& pending_seed,
                const point_tiles<>& tiles)
        : groups_(all(candidates, count * tiles.channels(), pending_seed), tiles.channels(), tiles.middle()),
          indices_(static_cast<std::size_t>((count + 1 + centers_per_group) * 2), 0) {
        std::int32_t* to = indices_.data();
        if (!pending_seed.empty()) *to++ = pending;
        for (std::ptrdiff_t i = 0; i < count; ++i) *to++ = std::int32_t{1} << i;
    }

    bool fit_float() const { return groups_.fit_float(); }
    grouped_centers view() const {
        auto result = groups_.view();
        result.indices = indices_.data();
        return result;
    }

private:
    static buffer<double> all(const double* candidates, std::ptrdiff_t numbers,
                              const std::vector<double>& pending_seed) {
        buffer<double> seeds(pending_seed.size() + static_cast<std::size_t>(numbers));
        std::copy_n(candidates, numbers, std::copy(pending_seed.begin(), pending_seed.end(), seeds.begin()));
        return seeds;
    }

    center_groups groups_;
    buffer<std::int32_t> indices_;
};

/// Whether filtered_d2_sampler is for these points, and faster than point_d2_sampler: each of k seeds changes the nearest
/// seed of few points, if they are many.
inline bool pays_filtering(const point_set& points, std::ptrdiff_t k) {
    return !points.has_integer_potentials() && points.channels() >= 8 && k * points.channels() >= 512;
}

/// Every point's weight · D²; before the first seed, its weight.
template <class = deferred>
class filtered_d2_sampler final : public candidate_sampler<> {
public:
    filtered_d2_sampler(const point_set& points, const point_tiles<>& tiles, std::ptrdiff_t k, thread_team& team)
        : candidate_sampler<>(
              points, k, team,
              buffer<double>(static_cast<std::size_t>(points.size()), (std::numeric_limits<double>::max)())),
          tiles_(tiles),
          best_(static_cast<std::size_t>(points.blocks() * points.block_size()), (std::numeric_limits<float>::max)()) {
        sum_weights();
    }

    void add_seed(const double* seed, bool) override {
        if (!add_best_candidate(seed)) {
            if (!pending_seed_.empty()) compare(nullptr, 0);
            pending_seed_.assign(seed, seed + points_.channels());
            has_seeds_ = true;
            compare(nullptr, 0);
        }
        sum_up();
    }

    /// The candidate that would leave the least potential, the first one on a tie.
    std::ptrdiff_t best_candidate(const double* candidates, std::ptrdiff_t count) override {
        const auto blocks = points_.blocks();
        potential_after_.resize(static_cast<std::size_t>(count * blocks));
        compare(candidates, count);
        std::vector<double> totals(static_cast<std::size_t>(count));
        for (std::ptrdiff_t i = 0; i < count; ++i)
            for (std::ptrdiff_t b = 0; b < blocks; ++b)
                totals[static_cast<std::size_t>(i)] += potential_after_[static_cast<std::size_t>(i * blocks + b)].real;
        best_candidate_ = std::min_element(totals.begin(), totals.end()) - totals.begin();
        return best_candidate_;
    }

private:
    /// What one thread needs to compare the points of a block.
    struct workspace {
        explicit workspace(const point_set& points)
            : rows(static_cast<std::size_t>(points.block_size() * points.channels())) {}

        buffer<double> rows;  ///< of the points that some seed may be nearer to
        std::int32_t nearer[point_set::max_range], places[point_set::max_range];
        double lowered[point_set::max_range];
    };

    void prepare(const point_range& points) override {
        if (pending_seed_.empty()) return;
        const seed_groups seeds(nullptr, 0, pending_seed_, tiles_);
        workspace room(points_);
        lower(points, seeds, room);
    }

    /// Applies the pending seed to all points, and finds what each candidate would leave.
    void compare(const double* candidates, std::ptrdiff_t count) {
        const seed_groups seeds(candidates, count, pending_seed_, tiles_);
        max_squared_norm_ = (std::max)(max_squared_norm_, seeds.view().max_squared_norm);
        each_chunk([&](std::ptrdiff_t first, std::ptrdiff_t end) {
            workspace room(points_);
            for (auto b = first; b < end; ++b) compare_block(b, seeds, candidates, count, room);
        });
        pending_seed_.clear();
    }

    void compare_block(std::ptrdiff_t block, const seed_groups& seeds, const double* candidates, std::ptrdiff_t count,
                       workspace& room) {
        const auto points = points_of(block);
        const auto nearer = lower(points, seeds, room);
        auto& left = potentials_[static_cast<std::size_t>(block)];
        if (count == 0) left = {{}, sum(points, d2_.data() + points.first)};
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            std::copy(d2_.data() + points.first, d2_.data() + points.end, room.lowered);
            const bool any = run_kernel<lower_kernel>(nearer, std::int32_t{1} << i, candidates + i * points_.channels(),
                                                      room.lowered);
            potential_after_[static_cast<std::size_t>(i * points_.blocks() + block)] =
                any ? potential{{}, sum(points, room.lowered)} : left;
        }
    }

    /// Reads the points of a block that some of the seeds may be nearer to, and lowers D² to the pending one.
    nearer_rows lower(const point_range& points, const seed_groups& seeds, workspace& room) {
        const auto count = points.end - points.first, d = points_.channels();
        auto view = seeds.view();
        view.max_squared_norm = max_squared_norm_;  // of all seeds so far: the least score may be that of any
        if (seeds.fit_float())
            run_kernel<nearer_kernel>(tiles_.at(points.first, count), view, best_.data() + points.first, room.nearer);
        else
            std::fill_n(room.nearer, count, -1);
        constexpr std::int32_t none[point_set::max_range] = {};
        std::ptrdiff_t found = 0;
        points_.for_each_run(points.first, count, [&](const point_row& row, std::ptrdiff_t done, std::ptrdiff_t n) {
            auto* places = room.places + found;
            const auto some =
                run_kernel<changes_kernel>(room.nearer + done, none, n, static_cast<const unsigned char*>(row.points),
                                           points_.point_bytes(), places);
            points_.reader().to_rows(row, places, 0, some, room.rows.data() + found * d);
            for (std::ptrdiff_t m = 0; m < some; ++m) places[m] += static_cast<std::int32_t>(done);
            found += some;
        });
        const nearer_rows nearer{room.rows.data(), d, found, room.places, room.nearer};
        if (!pending_seed_.empty())
            run_kernel<lower_kernel>(nearer, seed_groups::pending, pending_seed_.data(), d2_.data() + points.first);
        return nearer;
    }

    double sum(const point_range& points, const double* d2) const {
        const double* weights = points_.weights.empty() ? nullptr : points_.weights.data() + points.first;
        return run_kernel<d2_sum_kernel>(d2, weights, points.end - points.first);
    }

    const point_tiles<>& tiles_;
    buffer<float> best_;          ///< the least score of each point, but for the pending seed
    float max_squared_norm_ = 0;  ///< the largest |c|² of all seeds and candidates so far
};

}  // namespace lloyd::inline v0::detail
