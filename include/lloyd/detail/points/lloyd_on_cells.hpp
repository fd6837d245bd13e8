// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of Lloyd's algorithm over points sorted by cells: most cells have one candidate, and where that stays the
/// same, nothing is read or summed. Labels, sums and compactness are those of lloyd_on_points, to the bit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/kmeans_common/bins.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/lloyd_engine.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/seeding.hpp>
#include <lloyd/detail/points/cell_kernels.hpp>
#include <lloyd/detail/points/exact_nearest.hpp>
#include <lloyd/detail/points/label_changes.hpp>
#include <lloyd/detail/points/point_cells.hpp>
#include <lloyd/detail/points/point_seeding.hpp>
#include <lloyd/detail/points/point_sums.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/random_seeding.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Whether points of floats can be sorted by cells, and steps are many enough to pay for it. Numbers of points are read
/// as floats, so that they must not look like NaN.
template <class = deferred>
bool pays_cells(const point_set& points, std::ptrdiff_t k, const kmeans_options& options, const first_centers& first) {
    constexpr std::ptrdiff_t least_points = 1 << 16, most_points = 1 << 30, points_per_center = 128;
    constexpr int least_steps = 8;
    constexpr double largest_scale = 0x1p60, farthest = 0x1p30;
    const auto are_near = [](std::span<const double> centers) {
        return std::all_of(centers.begin(), centers.end(), [](double c) { return math::magnitude(c) < farthest; });
    };
    return (points.channels() == 2 || points.channels() == 3) && points.weights.empty() && points.bins.count == 2 &&
           points.size() >= least_points && points.size() <= most_points && k <= max_cell_centers &&
           k * points_per_center <= points.size() && points.scale <= largest_scale &&
           points.scale >= 1 / largest_scale && options.max_iterations >= least_steps && are_near(first.all.span()) &&
           are_near(first.fixed.span());
}

/// The state of one attempt after another.
template <class = deferred>
class lloyd_on_cells final : public lloyd_engine {
public:
    [[gnu::cold]] lloyd_on_cells(const point_set& points, const cell_grid<>& grid, const point_cells<>& cells,
                                 std::ptrdiff_t k, thread_team& team)
        : points_(points),
          grid_(grid),
          cells_(cells),
          k_(k),
          team_(team),
          place_labels_(static_cast<std::size_t>(cells.places())),
          owners_(cells.cells().size()),
          sums_(points, k) {
        for (auto task = team.size() == 1 ? std::size_t{1} : max_tasks; task > 0; --task)
            parts_.emplace_back(points, k);
    }

    [[gnu::cold]] void begin() override {
        owners_.fill(nobody);
        for (auto& part : parts_) part.clear();
    }

    [[gnu::cold]] buffer<double> seed(std::ptrdiff_t count, bool by_distance, random_stream random,
                                      std::span<const double> fixed) override {
        const auto draw = [&](auto&& sampler) {
            return draw_seeds(sampler, points_, count, by_distance, random, fixed);
        };
        if (by_distance) return draw(point_d2_sampler<>(points_, count, team_, fixed));
        const point_tiles<> tiles(points_, team_, tile_storage::streamed);
        return draw(point_weight_sampler<>(points_, tiles, count, team_));
    }

    void assign(const buffer<double>& centers) override {
        labels_ = {};
        const step_centers step(centers, points_.channels(), grid_.middle());
        team_.for_each(parts_.size(), [&](std::size_t task) { assign_cells(task, centers, step); });
        sums_.clear();
        for (const auto& part : parts_) sums_.merge(part);
    }

    bool settled() const override { return sums_.changed == 0; }
    double weight(std::ptrdiff_t j) const override { return sums_.weight(j); }
    void mean(std::ptrdiff_t j, double* to) const override { sums_.mean(j, to); }

    [[gnu::cold]] double compactness(const buffer<double>& centers) override {
        if (labels_.empty()) labels_ = labels(centers);
        return sum_all_distances(points_, labels_.data(), centers, k_, team_);
    }

    /// In the order of the points.
    [[gnu::cold]] image<std::int32_t, 1> labels(const buffer<double>&) const override {
        auto result = uninitialized_image<std::int32_t, 1>(points_.width(), points_.height());
        team_.for_each(parts_.size(), [&](std::size_t task) {
            for_each_cell(task, [&](std::size_t i) { write_labels(cells_.cells()[i], owners_[i], result.data()); });
        });
        return result;
    }
    image<std::int32_t, 1> take_labels() override { return std::move(labels_); }

private:
    static constexpr std::int32_t several = -1, nobody = -2;  ///< instead of an owner
    static constexpr std::size_t max_tasks = 64;
    static constexpr auto max_range = point_set::max_range;

    /// The centers of one step in float.
    struct step_centers {
        step_centers(const buffer<double>& centers, std::ptrdiff_t channels, const float* middle)
            : planes{&coordinates[0], &half_squares[0],
                     divide_up(static_cast<std::ptrdiff_t>(centers.size()) / channels, 8) * 8, channels} {
            std::fill_n(&coordinates[0], channels * planes.stride, 0.0F);
            std::fill_n(&half_squares[0], planes.stride, never_nearest);
            double largest = 0;
            for (std::ptrdiff_t j = 0; j * channels < static_cast<std::ptrdiff_t>(centers.size()); ++j) {
                double square = 0;
                for (std::ptrdiff_t c = 0; c < channels; ++c) {
                    const double x = centers[j * channels + c] - static_cast<double>(middle[c]);
                    coordinates[c * planes.stride + j] = static_cast<float>(x);
                    square += x * x;
                }
                half_squares[j] = static_cast<float>(square / 2);
                largest = (std::max)(largest, square);
            }
            max_squared_norm = static_cast<float>(largest) * (1 + 0x1p-20F) + underflow_margin;
        }

        static constexpr float never_nearest = 0x1p100F, underflow_margin = 0x1p-100F;  // as in center_groups
        float coordinates[3 * max_cell_centers], half_squares[max_cell_centers];
        center_planes planes;
        float max_squared_norm = 0;
    };

    std::ptrdiff_t fields() const { return points_.channels() + 1; }

    template <class Use>
    void for_each_cell(std::size_t task, const Use& use) const {
        const auto end = owners_.size() * (task + 1) / parts_.size();
        for (auto i = owners_.size() * task / parts_.size(); i < end; ++i) use(i);
    }

    void assign_cells(std::size_t task, const buffer<double>& centers, const step_centers& step) {
        exact_nearest<> exact(points_, centers);
        std::int32_t candidates[max_cell_centers];
        std::ptrdiff_t changed = 0;
        for_each_cell(task, [&](std::size_t i) {
            const auto& cell = cells_.cells()[i];
            auto& owner = owners_[i];
            std::int32_t nearest;
            // More than the errors of two scores, of reaches, and of the box (see score_rounding).
            const float margin = 4 * score_rounding(points_.channels() + 8) * (step.max_squared_norm + cell.max_square);
            const auto count = run_kernel<candidates_kernel>(cell, step.planes, margin, candidates, nearest);
            const bool is_one = count == 1;
            if (owner == nobody || (is_one && owner >= 0 && owner != nearest)) {
                move_cell(cell, owner, nearest, parts_[task].rows());
                owner = nearest;
                changed += cell.count;
            }
            if (is_one && owner >= 0) return;
            if (owner >= 0)
                std::fill_n(&place_labels_[cell.first], divide_up(cell.count, points_per_tile) * points_per_tile,
                            owner);
            changed += label_cell(cell, step, candidates, count, exact, parts_[task].rows());
            owner = is_one ? nearest : several;
        });
        parts_[task].changed = changed;  // written once: the sums of other threads lie nearby
    }

    void write_labels(const point_cell& cell, std::int32_t owner, std::int32_t* to) const {
        std::int32_t numbers[points_per_tile], labels[points_per_tile];
        for (std::int32_t& label : labels) label = owner;
        const float* planes = cells_.tiles(cell) + points_.channels() * points_per_tile;
        for (std::ptrdiff_t at = 0; at < cell.count; at += points_per_tile) {
            std::memcpy(&numbers[0], planes + at * fields(), sizeof numbers);
            if (owner == several) std::memcpy(&labels[0], &place_labels_[cell.first + at], sizeof labels);
            const auto count = (std::min)(points_per_tile, cell.count - at);
            for (std::ptrdiff_t l = 0; l < count; ++l) to[numbers[l]] = labels[l];
        }
    }

    static void move_cell(const point_cell& cell, std::int32_t from, std::int32_t to, const binned_rows& sums) {
        for (std::ptrdiff_t i = 0; i < 8; ++i) {
            if (from >= 0) sums.cluster(from)[i] -= cell.sums[i];
            sums.cluster(to)[i] += cell.sums[i];
        }
    }

    /// Labels the points of a cell one by one. Returns how many labels changed.
    std::ptrdiff_t label_cell(const point_cell& cell, const step_centers& step, const std::int32_t* candidates,
                              std::ptrdiff_t number, exact_nearest<>& exact, const binned_rows& sums) {
        std::int32_t labels[max_range], changed[max_range];
        float centers[4 * max_cell_centers];
        for (std::ptrdiff_t m = 0; m < number; ++m) {
            for (std::ptrdiff_t c = 0; c < points_.channels(); ++c)
                centers[4 * m + c] = step.coordinates[c * step.planes.stride + candidates[m]];
            centers[4 * m + 3] = step.half_squares[candidates[m]];
        }
        const float margin = 2 * score_rounding(points_.channels()) * (step.max_squared_norm + cell.max_square / 2);
        std::ptrdiff_t all_changed = 0;
        for (std::ptrdiff_t first = 0; first < cell.count; first += max_range) {
            const auto count = (std::min)(max_range, cell.count - first);
            const auto tiles = divide_up(count, points_per_tile), channels = points_.channels();
            const float* planes = cells_.tiles(cell) + first * fields();
            if (run_kernel<cell_labels_kernel>(planes, tiles, channels, grid_.middle(),
                                               cell_candidates{centers, candidates, number, margin}, labels))
                exact.relabel_uncertain(std::span(labels, static_cast<std::size_t>(count)), [&](std::size_t i) {
                    const auto tile = static_cast<std::ptrdiff_t>(i) / points_per_tile;
                    std::int32_t numbers[points_per_tile];
                    std::memcpy(&numbers[0], planes + (tile * fields() + channels) * points_per_tile, sizeof numbers);
                    return std::ptrdiff_t{numbers[i % points_per_tile]};
                });
            std::int32_t* old = &place_labels_[cell.first + first];
            const auto n =
                run_kernel<changes_kernel>(old, labels, tiles * points_per_tile,
                                           reinterpret_cast<const unsigned char*>(planes), std::ptrdiff_t{0}, changed);
            auto moved = n;
            for (; moved > 0 && changed[moved - 1] >= count; --moved)  // places without a point
                old[changed[moved - 1]] = labels[changed[moved - 1]];
            run_kernel<cell_moves_kernel>(planes, channels, changed, moved, labels, old, sums);
            all_changed += moved;
        }
        return all_changed;
    }

    const point_set& points_;
    const cell_grid<>& grid_;
    const point_cells<>& cells_;
    std::ptrdiff_t k_;
    thread_team& team_;
    buffer<std::int32_t> place_labels_;  ///< of the points of cells that have several
    buffer<std::int32_t> owners_;        ///< of each cell: the label of all its points
    std::vector<point_sums<>> parts_{};  ///< of each task, kept from step to step
    point_sums<> sums_;
    image<std::int32_t, 1> labels_{};  ///< of the last step, once they are asked for
};

}  // namespace lloyd::inline v0::detail
