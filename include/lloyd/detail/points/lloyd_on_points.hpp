// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of Lloyd's algorithm over a set of points: seed, assign, move to the means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/center_update.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/seeding.hpp>
#include <lloyd/detail/points/hamerly_bounds.hpp>
#include <lloyd/detail/points/nearest_center.hpp>
#include <lloyd/detail/points/point_seeding.hpp>
#include <lloyd/detail/points/point_sums.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The state of one attempt after another. Centers are k × channels doubles in the scale of the points as read.
template <class T, class Arithmetic>
class lloyd_on_points {
    using sums_type = typename Arithmetic::sums;
    static constexpr bool whole = std::is_same_v<Arithmetic, integer_arithmetic>;

public:
    lloyd_on_points(const point_set<T>& points, const point_tiles& tiles, std::ptrdiff_t k, thread_team& team)
        : points_(points),
          tiles_(tiles),
          k_(k),
          team_(team),
          bounds_(points.size(), k, points.channels()),
          sums_(no_sums()) {
        for (auto chunk = points.chunks(k); chunk > 0; --chunk) parts_.push_back(no_sums());
        if constexpr (whole) sum_squares();
    }

    /// Labels are not known before an attempt, and taken away after it.
    void begin() {
        bounds_.forget();
        labels_ = image<std::int32_t, 1>(uninitialized, points_.pixels.width(), points_.pixels.height());
        each_chunk([&](std::ptrdiff_t chunk, sums_type& sums) {
            sums.clear();
            points_.for_each_range(chunk, k_, points_.largest_block, [&](std::ptrdiff_t first, std::ptrdiff_t count) {
                std::fill_n(labels_.data() + first, count, -1);
            });
        });
    }

    buffer<double> seed(bool by_distance, random_stream random) {
        point_d2_sampler<T, Arithmetic> field(points_, k_, by_distance, team_);
        return draw_seeds(field, points_, k_, by_distance, random);
    }

    /// Labels every point with its nearest center and sums up the clusters.
    void assign(const buffer<double>& centers) {
        const nearest_finder<T> finder(points_, tiles_, centers);
        bounds_.follow(centers, finder.fit());
        std::vector<std::ptrdiff_t> looked_at(parts_.size());
        each_chunk([&](std::ptrdiff_t chunk, sums_type& sums) {
            std::ptrdiff_t changed = 0;
            const auto move = [&](std::ptrdiff_t first, std::span<const std::int32_t> labels) {
                changed += move_points(points_, first, labels, labels_.data(), sums);
            };
            if (bounds_.in_use())
                looked_at[static_cast<std::size_t>(chunk)] = finder.label_chunk(chunk, bounds_, labels_.data(), move);
            else
                finder.label_chunk(chunk, move);
            sums.changed = changed;
        });
        std::ptrdiff_t all = 0;
        for (const auto count : looked_at) all += count;
        bounds_.judge(all);
        sums_.clear();
        for (const auto& part : parts_) sums_.merge(part);
    }

    /// Of all points.
    const sums_type& sums() const { return sums_; }

    /// Moves every center to the mean of its cluster; returns the longest way that one went.
    double move_to_means(buffer<double>& centers) {
        return detail::move_to_means<Arithmetic>(points_, sums_, centers, [&] { return labels_; });
    }

    /// No point of positive weight changed its label in the last step. (One that repaired an empty cluster did: no other
    /// center of a lower index can be where it lies.)
    bool settled() const { return sums_.changed == 0; }

    /// Of the labels and centers of the last assign.
    double compactness(const buffer<double>& centers) {
        if constexpr (whole) return Arithmetic::compactness(sums_, centers.data(), squares_);
        std::vector<double> distances(parts_.size());
        each_chunk([&](std::ptrdiff_t chunk, sums_type&) {
            double sum = 0;
            points_.for_each_range(chunk, k_, points_.largest_block, [&](std::ptrdiff_t first, std::ptrdiff_t count) {
                const auto labels =
                    std::span<const std::int32_t>(labels_.data() + first, static_cast<std::size_t>(count));
                sum += sum_distances(points_, first, labels, centers);
            });
            distances[static_cast<std::size_t>(chunk)] = sum;
        });
        double sum = 0;
        for (const double distance : distances) sum += distance;
        return sum;
    }

    double weight(std::ptrdiff_t j) const { return sums_.weight(j); }

    image<std::int32_t, 1> take_labels() { return std::move(labels_); }

private:
    sums_type no_sums() const {
        if constexpr (whole)
            return sums_type(k_, points_.channels());
        else
            return sums_type(k_, points_.channels(), points_.bins);
    }

    template <class Use>
    void each_chunk(const Use& use) {
        team_.for_each(parts_.size(),
                       [&](std::size_t chunk) { use(static_cast<std::ptrdiff_t>(chunk), parts_[chunk]); });
    }

    /// Σ weight · |x|², which no step changes.
    void sum_squares() {
        std::vector<uint128> sums(parts_.size());
        each_chunk([&](std::ptrdiff_t chunk, sums_type&) {
            points_.for_each_block(chunk, k_, [&](const point_block<double>& block) {
                for (std::ptrdiff_t i = 0; i < block.count; ++i) {
                    double square = 0;
                    for (std::ptrdiff_t c = 0; c < points_.channels(); ++c)
                        square += block.plane(c)[i] * block.plane(c)[i];
                    sums[static_cast<std::size_t>(chunk)] +=
                        Arithmetic::weigh(block.weights[static_cast<std::size_t>(i)], square);
                }
            });
        });
        for (const auto& sum : sums) squares_ += sum;
    }

    const point_set<T>& points_;
    const point_tiles& tiles_;
    std::ptrdiff_t k_;
    thread_team& team_;
    image<std::int32_t, 1> labels_;
    distance_bounds bounds_;
    std::vector<sums_type> parts_;  ///< of each chunk, kept from step to step
    sums_type sums_;                ///< of all chunks, in their order
    uint128 squares_{};             ///< Σ weight · |x|² (whole only)
};

}  // namespace lloyd::inline v0::detail
