// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Points of two or three floats, sorted by the cells of a grid once a call.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/kmeans_common/move_kernel.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/cell_kernels.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A grid around most points: cells have about as many of them, if these lie evenly. Points beside it are in the cells at
/// its border.
template <class = deferred>
class cell_grid {
public:
    /// From at most 1024 points, evenly spread over the data: 2.5 standard deviations around the mean of those inside.
    explicit cell_grid(const point_set& points) {
        constexpr std::ptrdiff_t max_count = 1024, points_per_cell = 128;
        constexpr int max_bits = 12;
        const auto d = points.channels(), count = (std::min)(points.size(), max_count);
        const auto cells = static_cast<std::size_t>(points.size() / points_per_cell);
        const int bits = (std::min)(max_bits, static_cast<int>(std::bit_width(cells))) / static_cast<int>(d);
        size_ = std::size_t{1} << d * bits;
        buffer<double> sample(static_cast<std::size_t>(count * d));
        for (std::ptrdiff_t i = 0; i < count; ++i)
            points.read_point(i * (points.size() / count), sample.data() + i * d);
        for (std::ptrdiff_t c = 0; c < d; ++c) {
            double low = 0, high = 0;
            find_range(sample.data() + c, count, d, low, high);
            const double per_unit = high - low < 0x1p-40 ? 0 : static_cast<double>(1 << bits) / (high - low);
            middle_[c] = static_cast<float>((low + high) / 2);
            factor_[c] = static_cast<float>(points.scale * per_unit);
            offset_[c] = static_cast<float>(-low * per_unit);
            last_[c] = static_cast<float>((1 << bits) - 1);
        }
        shift_ = bits;
    }

    std::size_t size() const { return size_; }
    /// Of the grid: coordinates that are subtracted before floats are multiplied.
    const float* middle() const { return &middle_[0]; }

    /// The number of the cell of an unscaled point. (Of two coordinates, the third is read, but does not count.)
    [[gnu::always_inline]] std::size_t cell_of(const float* point) const {
        std::size_t cell = 0;
#pragma GCC unroll 4
        for (int c = 2; c >= 0; --c) {
            float at = point[c] * factor_[c] + offset_[c];
            at = at > 0 ? at : 0;
            at = at < last_[c] ? at : last_[c];
            cell = cell << shift_ | static_cast<std::size_t>(static_cast<std::int32_t>(at));
        }
        return cell;
    }

private:
    /// Where most of `count` numbers lie, `stride` apart.
    static void find_range(const double* numbers, std::ptrdiff_t count, std::ptrdiff_t stride, double& low,
                           double& high) {
        low = high = numbers[0];
        for (std::ptrdiff_t i = 1; i < count; ++i) {
            low = (std::min)(low, numbers[i * stride]);
            high = (std::max)(high, numbers[i * stride]);
        }
        for (int round = 0; round < 8; ++round) {
            double inside = 0, sum = 0, squares = 0;
            for (std::ptrdiff_t i = 0; i < count; ++i) {
                const double x = numbers[i * stride] - low;
                if (x < 0 || x > high - low) continue;
                ++inside;
                sum += x;
                squares += x * x;
            }
            if (inside == 0) return;  // the mean of equal numbers was rounded
            const double mean = sum / inside, reach = 2.5 * math::sqrt((std::max)(squares / inside - mean * mean, 0.0));
            high = (std::min)(high, low + mean + reach);
            low = (std::max)(low, low + mean - reach);
        }
    }

    std::size_t size_ = 1;
    int shift_ = 0;  ///< the bits of a coordinate's cells
    float middle_[3] = {}, factor_[3] = {}, offset_[3] = {}, last_[3] = {};
};

/// The cells that have points. Coordinates are scaled, and otherwise as they are.
template <class = deferred>
class point_cells {
public:
    point_cells(const point_set& points, const cell_grid<>& grid, thread_team& team) : channels_(points.channels()) {
        sort(points, grid, team);
        constexpr std::size_t cells_per_task = 64;
        team.for_each((cells_.size() + cells_per_task - 1) / cells_per_task, [&](std::size_t task) {
            const auto first = task * cells_per_task, end = (std::min)(first + cells_per_task, cells_.size());
            for (auto i = first; i < end; ++i) {
                run_kernel<cell_planes_kernel>(tiles(cells_[i]), channels_, grid.middle(), cells_[i]);
                run_kernel<cell_sums_kernel>(tiles(cells_[i]), channels_, points.bins.rounder(0), cells_[i]);
            }
        });
    }

    const std::vector<point_cell>& cells() const { return cells_; }
    /// How many places cells have for points: whole tiles.
    std::ptrdiff_t places() const { return places_; }
    float* tiles(const point_cell& cell) const { return records_.data() + cell.first * (channels_ + 1); }

private:
    static constexpr std::size_t padding = 16;

    /// Calls use(points, first, count, places) for runs of points, each thread for some of them, with its own places.
    template <class Use>
    void each_run(const point_set& points, buffer<std::uint32_t>& places, thread_team& team, const Use& use) const {
        const auto tasks = tasks_of(team);
        const auto part = [&](std::size_t t) {
            return points.size() * static_cast<std::ptrdiff_t>(t) / static_cast<std::ptrdiff_t>(tasks);
        };
        team.for_each(tasks, [&](std::size_t t) {
            points.for_each_run(part(t), part(t + 1) - part(t),
                                [&](const point_row& row, std::ptrdiff_t done, std::ptrdiff_t n) {
                                    use(static_cast<const float*>(row.points), part(t) + done, n,
                                        places.data() + t * (places.size() / tasks));
                                });
        });
    }

    static std::size_t tasks_of(const thread_team& team) { return (std::min)(team.size(), std::size_t{16}); }

    /// Counts the points of each cell, and writes them one after another.
    void sort(const point_set& points, const cell_grid<>& grid, thread_team& team) {
        const auto tasks = tasks_of(team);
        buffer<std::uint32_t> places(grid.size() * tasks, 0);
        buffer<std::uint16_t> cell_of_point(static_cast<std::size_t>(points.size()));
        const auto d = channels_;
        each_run(points, places, team,
                 [&](const float* from, std::ptrdiff_t first, std::ptrdiff_t n, std::uint32_t* counts) {
                     const auto by = grid;  // a copy, which may stay in registers
                     std::uint16_t* const ids = cell_of_point.data() + first;
                     float last[3] = {};
                     for (std::ptrdiff_t i = 0; i < n; ++i, from += d) {
                         if (i + 1 == n) from = std::copy_n(from, d, last) - d;
                         const auto cell = by.cell_of(from);
                         ids[i] = static_cast<std::uint16_t>(cell);
                         ++counts[cell];
                     }
                 });
        for (std::size_t id = 0; id < grid.size(); ++id) {
            auto place = places_;
            for (std::size_t t = 0; t < tasks; ++t)
                place += static_cast<std::ptrdiff_t>(
                    std::exchange(places[t * grid.size() + id], static_cast<std::uint32_t>(place)));
            if (place == places_) continue;
            cells_.emplace_back();
            cells_.back().first = places_;
            cells_.back().count = place - places_;
            places_ += divide_up(place - places_, points_per_tile) * points_per_tile;
        }
        records_ = buffer<float>(static_cast<std::size_t>(places_ * (d + 1)) + padding);
        each_run(points, places, team,
                 [&](const float* from, std::ptrdiff_t first, std::ptrdiff_t n, std::uint32_t* next) {
                     const std::uint16_t* const ids = cell_of_point.data() + first;
                     float* const records = records_.data();
                     const float scale = static_cast<float>(points.scale);
                     for (std::ptrdiff_t i = 0; i < n; ++i, from += d) {
                         const auto number = static_cast<std::int32_t>(first + i);
                         float* to = records + static_cast<std::ptrdiff_t>(next[ids[i]]++) * (d + 1);
                         prefetch(to + padding);
                         if (d == 3 && i + 1 < n) {  // one store instead of four; reads a number of the next point
                             simd<float, 16> record;
                             load(record, from);
                             record = record * scale;
                             record[3] = __builtin_bit_cast(float, number);
                             store(to, record);
                         } else {
                             to[0] = from[0] * scale;
                             to[1] = from[1] * scale;
                             if (d == 3) to[2] = from[2] * scale;
                             std::memcpy(to + d, &number, sizeof number);
                         }
                     }
                 });
    }

    std::ptrdiff_t channels_;
    std::vector<point_cell> cells_{};
    std::ptrdiff_t places_ = 0;
    buffer<float> records_{};
};

}  // namespace lloyd::inline v0::detail
