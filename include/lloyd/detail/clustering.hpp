// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of Lloyd's algorithm over a set of points: seed, assign, move to the means.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/detail/arithmetic.hpp>
#include <lloyd/detail/center_update.hpp>
#include <lloyd/detail/nearest.hpp>
#include <lloyd/detail/parallel.hpp>
#include <lloyd/detail/point_seeding.hpp>
#include <lloyd/detail/point_set.hpp>
#include <lloyd/detail/seeding.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// The state of one attempt after another. Centers are k × channels doubles in the scale of the points as read.
template <class T, class Arithmetic>
class clustering {
    using amount = typename Arithmetic::amount;
    using sums_type = cluster_sums<amount>;

public:
    clustering(const point_set<T>& points, std::ptrdiff_t k, thread_team& team) : points_(points), k_(k), team_(team) {
        for (auto chunk = points.chunks(k); chunk > 0; --chunk) parts_.emplace_back(k, points.channels());
        if constexpr (std::is_same_v<Arithmetic, whole_arithmetic>) sum_squares();
    }

    /// Labels are not known before an attempt, and taken away after it.
    void begin() {
        labels_ = image<std::int32_t, 1>(uninitialized, points_.pixels.width(), points_.pixels.height());
        std::fill_n(labels_.data(), labels_.size(), -1);
    }

    buffer<double> seed(bool by_distance, random_stream random) {
        point_field<T, Arithmetic> field(points_, k_, by_distance, team_);
        return draw_seeds(field, points_, k_, by_distance, random);
    }

    /// Labels every point with its nearest center and sums up the clusters.
    void assign(const buffer<double>& centers) {
        each_chunk([&](std::ptrdiff_t chunk, sums_type& sums) {
            sums.clear();
            for_each_nearest(points_, chunk, centers,
                             [&](const auto& block, const auto& labels, const auto& distances) {
                                 add(block, labels, distances, sums);
                             });
        });
        for (std::size_t i = 1; i < parts_.size(); ++i) parts_[0].merge(parts_[i]);
    }

    /// Moves every center to the mean of its cluster; returns the longest way that one went.
    double move_to_means(buffer<double>& centers) {
        return detail::move_to_means<Arithmetic>(points_, sums(), centers, [&] { return labels_; });
    }

    /// No point of positive weight changed its label in the last step. (One that repaired an empty cluster did: no other
    /// center of a lower index can be where it lies.)
    bool settled() const { return sums().changed == 0; }

    /// Of the labels and centers of the last assign.
    double compactness(const buffer<double>& centers) const {
        return Arithmetic::compactness(sums(), centers.data(), squares_);
    }

    double weight(std::ptrdiff_t j) const { return static_cast<double>(sums().weights[static_cast<std::size_t>(j)]); }

    image<std::int32_t, 1> take_labels() { return std::move(labels_); }

private:
    const sums_type& sums() const { return parts_.front(); }
    template <class Use>
    void each_chunk(const Use& use) {
        team_.for_each(parts_.size(),
                       [&](std::size_t chunk) { use(static_cast<std::ptrdiff_t>(chunk), parts_[chunk]); });
    }

    /// Σ weight · |x|², which no step changes.
    void sum_squares() {
        std::vector<wide> sums(parts_.size());
        each_chunk([&](std::ptrdiff_t chunk, sums_type&) {
            points_.template for_each_block<double>(chunk, k_, 1.0, [&](const point_block<double>& block) {
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

    template <class Lane>
    void add(const point_block<Lane>& block, const buffer<std::int32_t>& nearest,
             [[maybe_unused]] const buffer<Lane>& distances, sums_type& sums) {
        constexpr double lane_steps = std::is_integral_v<Lane> ? grid_steps : 1;
        const auto d = points_.channels();
        std::int32_t* labels = labels_.data() + block.first;
        for (std::ptrdiff_t i = 0; i < block.count; ++i) {
            const auto label = nearest[static_cast<std::size_t>(i)];
            const double weight = block.weights[static_cast<std::size_t>(i)];
            sums.changed += labels[i] != label && weight > 0;
            labels[i] = label;
            if (weight == 0) continue;
            const auto x = [&](std::ptrdiff_t c) { return static_cast<double>(block.plane(c)[i]) / lane_steps; };
            amount* moments = sums.moments.data() + label * d;
            double* anchors = sums.anchors.data() + (sums.anchored ? label * d : 0);
            amount& total = sums.weights[static_cast<std::size_t>(label)];
            for (std::ptrdiff_t c = 0; sums.anchored && total == 0 && c < d; ++c) anchors[c] = x(c);
            for (std::ptrdiff_t c = 0; c < d; ++c)
                moments[c] += Arithmetic::moment(weight, x(c), sums.anchored ? anchors[c] : 0);
            total += static_cast<amount>(weight);
            if constexpr (sums_type::anchored)
                sums.distances +=
                    weight * static_cast<double>(distances[static_cast<std::size_t>(i)]) / (lane_steps * lane_steps);
        }
    }

    const point_set<T>& points_;
    std::ptrdiff_t k_;
    thread_team& team_;
    image<std::int32_t, 1> labels_;
    std::vector<sums_type> parts_;  ///< of each chunk; after assign the first holds the whole
    wide squares_{};                ///< Σ weight · |x|² (whole only)
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
