// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The D² sampler over points of many coordinates, whose potentials are no integers (see draw_seeds in seeding.hpp).
///
/// Candidates are compared by scores in float, as centers are (score_kernel.hpp). These bound what each would leave; where
/// bounds leave it open which leaves least, potentials in double decide. Then the points that the chosen one may be nearer
/// to, which are few, are read as they are, and their D² computed in double.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/kmeans_common/d2_sampler.hpp>
#include <lloyd/detail/kmeans_common/move_kernel.hpp>
#include <lloyd/detail/kmeans_common/point_reader.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/block_sampler.hpp>
#include <lloyd/detail/points/distance_kernels.hpp>
#include <lloyd/detail/points/nearer_kernels.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Seeds that are compared at once, as the kernels read them: number i has the index 2^i.
class compared_seeds {
public:
    /// `max_squared_norm` is the largest |c|² of the seeds before.
    compared_seeds(const double* seeds, std::ptrdiff_t count, const point_tiles<>& tiles, float max_squared_norm)
        : groups_(copy_of(std::span(seeds, static_cast<std::size_t>(count * tiles.channels()))), tiles.channels(),
                  tiles.middle()),
          view_(groups_.view()) {
        view_.max_squared_norm = (std::max)(view_.max_squared_norm, max_squared_norm);
        view_.indices = indices_;
        for (std::ptrdiff_t i = 0; i < count; ++i) indices_[i] = index(i);
    }
    compared_seeds(const compared_seeds&) = delete;
    compared_seeds& operator=(const compared_seeds&) = delete;

    static std::int32_t index(std::ptrdiff_t i) { return std::int32_t{1} << i; }
    bool fit_float() const { return groups_.fit_float(); }
    const grouped_centers& view() const { return view_; }

private:
    center_groups groups_;
    grouped_centers view_;
    std::int32_t indices_[max_compared] = {};
};

/// Whether filtered_d2_sampler is for these points, and faster than point_d2_sampler: each of k seeds changes the nearest
/// seed of few points, if they are many.
inline bool pays_filtering(const point_set& points, std::ptrdiff_t k) {
    return !points.has_integer_potentials() && points.channels() >= 8 && k * points.channels() >= 512;
}

/// Every point's weight · D²; before the first seed, its weight.
template <class = deferred>
class filtered_d2_sampler final : public block_sampler<> {
public:
    [[gnu::cold]] filtered_d2_sampler(const point_set& points, const point_tiles<>& tiles, std::ptrdiff_t k,
                                      thread_team& team)
        : block_sampler<>(points, k, team),
          tiles_(tiles),
          d2_(static_cast<std::size_t>(points.size()), (std::numeric_limits<double>::max)()),
          half_squares_(d2_.size()),
          best_(static_cast<std::size_t>(points.blocks() * points.block_size()), -beyond),
          nearer_(best_.size(), -1) {
        sum_weights();
    }

    void add_seed(const double* seed, bool is_first) override {
        if (best_candidate_ < 0) {
            const compared_seeds alone(seed, 1, tiles_, max_squared_norm_);
            if (is_first)
                take_norms(alone);
            else
                compare(alone);
            best_candidate_ = 0;
        }
        const auto index = compared_seeds::index(best_candidate_);
        each_nearer(seed, index, is_first, [&](std::ptrdiff_t block, std::ptrdiff_t found, const workspace& room) {
            for (std::ptrdiff_t m = 0; m < found; ++m) {
                const auto i = points_of(block).first + room.places[m];
                if (is_first) half_squares_[i] = static_cast<float>(room.squares[m] / 2);
                d2_[i] = (std::min)(d2_[i], room.distances[m]);
                const double score = d2_[i] / 2 - static_cast<double>(half_squares_[i]);
                best_[i] = static_cast<float>((std::min)(score, static_cast<double>(beyond)));
            }
            potentials_[static_cast<std::size_t>(block)] = {{}, sum(block)};
        });
        has_seeds_ = true;
        best_candidate_ = -1;
        sum_up();
    }

    /// The candidate that would leave the least potential, the first one on a tie.
    std::ptrdiff_t best_candidate(const double* candidates, std::ptrdiff_t count) override {
        const compared_seeds seeds(candidates, count, tiles_, max_squared_norm_);
        const auto d = points_.channels();
        const auto gains = compare(seeds);
        const auto leader = std::max_element(gains.begin(), gains.begin() + count) - gains.begin();
        const double least = least_gain(seeds, leader, gains[leader]);
        std::int32_t rivals = 0;
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            const bool may_win = gains[i] * (1 + rounding_of_sums) >= least || !points_.weights.empty();
            if (may_win && !std::equal(candidates + i * d, candidates + (i + 1) * d, candidates + leader * d))
                rivals |= compared_seeds::index(i);
        }
        best_candidate_ = rivals == 0 ? leader : best_of(candidates, count, rivals | compared_seeds::index(leader));
        return best_candidate_;
    }

private:
    static constexpr float beyond = 0x1p100F;            ///< more than all scores in float
    static constexpr double rounding_of_sums = 0x1p-16;  ///< of up to 512 floats

    /// What one thread needs to measure the points of a block.
    struct workspace {
        explicit workspace(const point_set& points) : rows(row_room(points.channels())) {}

        buffer<double> rows;
        std::int32_t places[point_set::max_range];
        double distances[point_set::max_range], squares[point_set::max_range];
    };

    potential part(std::ptrdiff_t i) const override { return part_of(points_.weight(i), has_seeds_ ? d2_[i] : 1); }

    /// Calls use(block, found, room) for each block with points that the seed of this index may be nearer to. There are
    /// `found` of them: room.places has their numbers in the block, room.distances their squared distances to the seed.
    template <class Use>
    void each_nearer(const double* seed, std::int32_t index, bool is_first, const Use& use) {
        each_chunk([&](std::ptrdiff_t first, std::ptrdiff_t end) {
            workspace room(points_);
            for (auto block = first; block < end; ++block) {
                const auto found = measure(points_of(block), seed, index, is_first, room);
                if (found > 0) use(block, found, room);
            }
        });
    }

    /// Calls use(chunk, tiles, first) for at most max_range points at a time, from number `first` on.
    template <class Use>
    void each_range(const Use& use) {
        each_chunk([&](std::ptrdiff_t first, std::ptrdiff_t end) {
            const auto chunk = first / points_.blocks_per_chunk(k_);
            const auto last = points_of(end - 1).end;
            for (auto i = points_of(first).first; i < last; i += point_set::max_range)
                use(chunk, tiles_.at(i, (std::min)(point_set::max_range, last - i)), i);
        });
    }

    void take_norms(const compared_seeds& seeds) { max_squared_norm_ = seeds.view().max_squared_norm; }

    /// Finds which seeds may be nearer to each point than those before. Returns the most by which each may lower Σ D² / 2,
    /// but for rounding of sums, where no point has a weight.
    buffer<double> compare(const compared_seeds& seeds) {
        const auto& view = seeds.view();
        const auto length = view.groups * centers_per_group;
        take_norms(seeds);
        buffer<double> gains(static_cast<std::size_t>(length), 0.0);
        if (!seeds.fit_float()) {
            nearer_.fill(-1);
            return gains;
        }
        buffer<double> parts(static_cast<std::size_t>(points_.chunks(k_) * length), 0.0);
        each_range([&](std::ptrdiff_t chunk, const tiled_points& tiles, std::ptrdiff_t first) {
            run_kernel<nearer_kernel>(tiles, view, best_.data() + first, nearer_.data() + first,
                                      parts.data() + chunk * length);
        });
        for (std::size_t i = 0; i < parts.size(); ++i) gains[i % gains.size()] += parts[i];
        return gains;
    }

    /// The least by which a seed lowers Σ D² / 2, where the most is `gain`.
    double least_gain(const compared_seeds& seeds, std::ptrdiff_t i, double gain) {
        buffer<double> parts(static_cast<std::size_t>(points_.chunks(k_)), 0.0);
        each_range([&](std::ptrdiff_t chunk, const tiled_points& tiles, std::ptrdiff_t first) {
            parts[chunk] +=
                run_kernel<margin_kernel>(tiles, seeds.view(), nearer_.data() + first, compared_seeds::index(i));
        });
        double margins = 0;
        for (const double part : parts) margins += part;
        const double of_doubles = static_cast<double>(points_.size() + points_.channels() + 64) * 0x1p-52;
        return gain * (1 - rounding_of_sums) - 2 * margins - total().real * of_doubles;
    }

    /// The one of some candidates that leaves the least potential, in doubles.
    std::ptrdiff_t best_of(const double* candidates, std::ptrdiff_t count, std::int32_t indices) {
        buffer<double> sums(potentials_.size());
        std::ptrdiff_t best = -1;
        double least = 0;
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            const auto index = compared_seeds::index(i);
            if ((indices & index) == 0) continue;
            for (std::size_t block = 0; block < sums.size(); ++block) sums[block] = potentials_[block].real;
            each_nearer(candidates + i * points_.channels(), index, false,
                        [&](std::ptrdiff_t block, std::ptrdiff_t found, workspace& room) {
                            double* const d2 = d2_.data() + points_of(block).first;
                            for (std::ptrdiff_t m = 0; m < found; ++m) {
                                auto& least_so_far = d2[room.places[m]];
                                const double distance = std::exchange(room.distances[m], least_so_far);
                                least_so_far = (std::min)(least_so_far, distance);
                            }
                            sums[block] = sum(block);
                            for (std::ptrdiff_t m = 0; m < found; ++m) d2[room.places[m]] = room.distances[m];
                        });
            double left = 0;
            for (const double part : sums) left += part;
            if (best >= 0 && left >= least) continue;
            best = i;
            least = left;
        }
        return best;
    }

    /// Lists the points of a block that the seed of this index may be nearer to, and measures them; for the first seed of
    /// all also from the middle, into room.squares. Returns how many there are.
    std::ptrdiff_t measure(const point_range& points, const double* seed, std::int32_t index, bool is_first,
                           workspace& room) const {
        const auto d = points_.channels();
        std::ptrdiff_t found = 0;
        points_.for_each_run(
            points.first, points.end - points.first, [&](const point_row& row, std::ptrdiff_t done, std::ptrdiff_t n) {
                auto* places = room.places + found;
                const auto some = run_kernel<places_kernel>(nearer_.data() + points.first + done, index, n,
                                                            static_cast<const unsigned char*>(row.points),
                                                            points_.point_bytes(), places);
                const double* rows = room.rows.data();
                for_each_rows(row, places, some, points_.reader().to_rows, room.rows.data(),
                              [&](std::ptrdiff_t first, std::ptrdiff_t count) {
                                  const auto at = found + first;
                                  run_kernel<distance_kernel>(rows, d, count, seed, room.distances + at);
                                  if (is_first)
                                      run_kernel<distance_kernel>(rows, d, count, tiles_.middle(), room.squares + at);
                              });
                for (std::ptrdiff_t m = 0; m < some; ++m) places[m] += static_cast<std::int32_t>(done);
                found += some;
            });
        return found;
    }

    /// Σ weight · D² of a block.
    double sum(std::ptrdiff_t block) const {
        const auto points = points_of(block);
        const double* weights = points_.weights.empty() ? nullptr : points_.weights.data() + points.first;
        return run_kernel<d2_sum_kernel>(d2_.data() + points.first, weights, points.end - points.first);
    }

    const point_tiles<>& tiles_;
    bool has_seeds_ = false;
    buffer<double> d2_;            ///< of each point
    buffer<float> half_squares_;   ///< of each point, |x|²/2 from the middle: its least score is D²/2 less this
    buffer<float> best_;           ///< the least score of each point
    buffer<std::int32_t> nearer_;  ///< the indices of the seeds last compared that may be nearer to each point
    std::ptrdiff_t best_candidate_ = -1;  ///< the next seed; −1: candidates were not compared
    float max_squared_norm_ = 0;          ///< the largest |c|² of all seeds and candidates so far
};

}  // namespace lloyd::inline v0::detail
