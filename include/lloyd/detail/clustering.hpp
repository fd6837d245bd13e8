// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of Lloyd's algorithm over a set of points: seed, assign, move to the means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <lloyd/detail/arithmetic.hpp>
#include <lloyd/detail/center_update.hpp>
#include <lloyd/detail/nearest.hpp>
#include <lloyd/detail/parallel.hpp>
#include <lloyd/detail/point_seeding.hpp>
#include <lloyd/detail/point_set.hpp>
#include <lloyd/detail/point_sums.hpp>
#include <lloyd/detail/point_tiles.hpp>
#include <lloyd/detail/seeding.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// The state of one attempt after another. Centers are k × channels doubles in the scale of the points as read.
template <class T, class Arithmetic>
class clustering {
    using amount = typename Arithmetic::amount;
    using sums_type = cluster_sums<amount>;
    static constexpr bool whole = std::is_same_v<Arithmetic, whole_arithmetic>;

public:
    clustering(const point_set<T>& points, const point_tiles& tiles, std::ptrdiff_t k, thread_team& team)
        : points_(points), tiles_(tiles), k_(k), team_(team) {
        for (auto chunk = points.chunks(k); chunk > 0; --chunk) parts_.emplace_back(k, points.channels());
        if constexpr (whole) sum_squares();
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
        const nearest_finder<T> finder(points_, tiles_, centers);
        each_chunk([&](std::ptrdiff_t chunk, sums_type& sums) {
            sums.clear();
            finder.label_chunk(chunk, [&](std::ptrdiff_t first, std::span<const std::int32_t> labels) {
                sums.changed += relabel(first, labels);
                add_points<Arithmetic>(points_, first, labels, sums);
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
    double compactness(const buffer<double>& centers) {
        if constexpr (whole) return Arithmetic::compactness(sums(), centers.data(), squares_);
        each_chunk([&](std::ptrdiff_t chunk, sums_type& sums) {
            sums.distances = 0;
            points_.for_each_range(chunk, k_, [&](std::ptrdiff_t first, std::ptrdiff_t count) {
                sums.distances += sum_distances(points_, first, labels_.elements().subspan(first, count), centers);
            });
        });
        double sum = 0;
        for (const auto& part : parts_) sum += part.distances;
        return sum;
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

    /// How many points of positive weight change their label.
    std::ptrdiff_t relabel(std::ptrdiff_t first, std::span<const std::int32_t> labels) {
        std::int32_t* old = labels_.data() + first;
        std::ptrdiff_t changed = 0;
        for (std::ptrdiff_t i = 0; i < std::ssize(labels); ++i) {
            changed += old[i] != labels.data()[i] && points_.weight(first + i) > 0;
            old[i] = labels.data()[i];
        }
        return changed;
    }

    const point_set<T>& points_;
    const point_tiles& tiles_;
    std::ptrdiff_t k_;
    thread_team& team_;
    image<std::int32_t, 1> labels_;
    std::vector<sums_type> parts_;  ///< of each chunk; after assign the first holds the whole
    wide squares_{};                ///< Σ weight · |x|² (whole only)
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
