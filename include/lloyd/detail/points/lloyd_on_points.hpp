// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of Lloyd's algorithm over a set of points: seed, assign every point to its nearest center, move the
/// centers to the means. attempts.hpp calls them in turn.
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
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/lloyd_engine.hpp>
#include <lloyd/detail/kmeans_common/point_reader.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/seeding.hpp>
#include <lloyd/detail/points/block_sampler.hpp>
#include <lloyd/detail/points/exact_nearest.hpp>
#include <lloyd/detail/points/filtered_seeding.hpp>
#include <lloyd/detail/points/hamerly_assignment.hpp>
#include <lloyd/detail/points/hamerly_bounds.hpp>
#include <lloyd/detail/points/point_seeding.hpp>
#include <lloyd/detail/points/point_sums.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/random_seeding.hpp>
#include <lloyd/detail/points/range_sums.hpp>
#include <lloyd/detail/points/row_distances.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The state of one attempt after another: labels, sums of each cluster, bounds.
template <class = deferred>
class lloyd_on_points final : public lloyd_engine {
public:
    [[gnu::cold]] lloyd_on_points(const point_set& points, const point_tiles<>& tiles, std::ptrdiff_t k,
                                  thread_team& team)
        : points_(points),
          tiles_(tiles),
          k_(k),
          chunks_(points.chunks(k)),
          team_(team),
          bounds_(points.size(), k, points.channels()),
          sums_(points, k) {
        const auto parts = team.size() == 1 ? std::ptrdiff_t{1} : 8 * static_cast<std::ptrdiff_t>(team.size());
        while (std::ssize(parts_) < (std::min)(parts, chunks_)) parts_.emplace_back(points, k);
        if (points.in_integers()) sum_squares();
    }

    /// No point has a label.
    [[gnu::cold]] void begin() override {
        bounds_.reset();
        labels_ = uninitialized_image<std::int32_t, 1>(points_.width(), points_.height());
        has_labels_ = false;
        for (auto& part : parts_) part.clear();
    }

    [[gnu::cold]] buffer<double> seed(std::ptrdiff_t count, bool by_distance, random_stream random,
                                      std::span<const double> fixed) override {
        const auto draw = [&](auto&& sampler) {
            return draw_seeds(sampler, points_, count, by_distance, random, fixed);
        };
        if (!by_distance) return draw(point_weight_sampler<>(points_, tiles_, count, team_));
        return pays_filtering(points_, count) ? draw(filtered_d2_sampler<>(points_, tiles_, count, team_))
                                              : draw(point_d2_sampler<>(points_, count, team_, fixed));
    }

    void assign(const buffer<double>& centers) override { assign(centers, false); }
    void assign_last(const buffer<double>& centers) override {
        assign(centers, !tiles_.are_kept() && points_.weights.empty());
    }

    /// Of all points.
    const point_sums<>& sums() const { return sums_; }

    /// Whether no point of positive weight changed its label in the last step. (One that repaired an empty cluster did:
    /// no other center of a lower index can be where it lies.)
    bool settled() const override { return sums_.changed == 0; }

    [[gnu::cold]] double compactness(const buffer<double>& centers) override {
        if (points_.in_integers()) return sums_.integers().compactness(centers.data(), squares_);
        if (distances_.size() == 0) return sum_all_distances(points_, labels_.data(), centers, k_, team_);
        double total = 0;
        for (const double distance : distances_) total += distance;
        return total;
    }

    double weight(std::ptrdiff_t j) const override { return sums_.weight(j); }
    void mean(std::ptrdiff_t j, double* to) const override { sums_.mean(j, to); }
    [[gnu::cold]] image<std::int32_t, 1> labels(const buffer<double>&) const override { return labels_; }
    image<std::int32_t, 1> take_labels() override { return std::move(labels_); }

private:
    static constexpr auto max_range = point_set::max_range;

    /// One that `measures` finds labels, weights and distances in one pass: each range of points is in the first cache.
    void assign(const buffer<double>& centers, bool measures) {
        distances_ = buffer<double>(measures ? static_cast<std::size_t>(chunks_) : 0);
        const center_groups groups(centers, points_.channels(), tiles_.middle());
        bounds_.begin_step(centers, groups.fit_float());
        buffer<std::ptrdiff_t> undecided(parts_.size());
        team_.for_each(parts_.size(), [&](std::size_t part) { undecided[part] = assign_part(part, centers, groups); });
        has_labels_ = true;
        std::ptrdiff_t all_undecided = 0;
        for (const auto count : undecided) all_undecided += count;
        bounds_.end_step(all_undecided);
        sums_.clear();
        for (const auto& part : parts_) sums_.merge(part);
    }

    /// Returns how many points the bounds left undecided.
    std::ptrdiff_t assign_part(std::size_t part, const buffer<double>& centers, const center_groups& groups) {
        const bool measures = distances_.size() > 0;
        const bool adds_rows =
            !measures && !has_labels_ && !tiles_.are_kept() && points_.weights.empty() && points_.bins.count == 2;
        hamerly_assignment<> bounded(points_, tiles_, groups.view(), bounds_, labels_.data());
        exact_nearest<> exact(points_, centers);
        range_sums<> first_sums(points_, k_, adds_rows);
        row_distances<> distances(points_, centers, measures);
        const auto room = row_room(points_.channels());
        std::int32_t labels[max_range];
        auto& sums = parts_[part];
        std::ptrdiff_t changed = 0;
        for (auto chunk = first_chunk(part); chunk < first_chunk(part + 1); ++chunk) {
            const auto range = points_.chunk(chunk, k_);
            double distance = 0;
            for (auto first = range.first; first < range.end; first += max_range) {
                const auto count = (std::min)(max_range, range.end - first);
                const bool any_uncertain = bounds_.in_use() ? bounded.label(first, count, labels)
                                                            : label_by_scores(tiles_, groups, first, count, labels);
                const std::span new_labels(labels, static_cast<std::size_t>(count));
                if (any_uncertain) exact.relabel_uncertain(first, new_labels);
                if (measures || (adds_rows && first_sums.add(first, new_labels, sums.rows()))) {
                    auto* const old = labels_.data() + first;
                    changed += !has_labels_ || std::memcmp(old, labels, new_labels.size_bytes()) != 0;
                    std::memcpy(old, labels, new_labels.size_bytes());
                    if (measures) distance += distances.sum(first, new_labels);
                } else {
                    changed += move_points(points_, first, new_labels, labels_.data(), !has_labels_, sums, room.data());
                }
            }
            if (measures) distances_[chunk] = distance;
        }
        if (measures) {
            sums.clear();
            for (std::ptrdiff_t j = 0; j < k_; ++j) sums.set_weight(j, distances.count(j));
        }
        sums.changed = changed;  // written once: the sums of other threads lie nearby
        return bounded.undecided();
    }

    std::ptrdiff_t first_chunk(std::size_t part) const {
        return static_cast<std::ptrdiff_t>(part) * chunks_ / std::ssize(parts_);
    }

    /// Σ weight · |x|², the same in all steps.
    void sum_squares() {
        buffer<uint128> sums(static_cast<std::size_t>(chunks_), uint128());
        team_.for_each(sums.size(), [&](std::size_t chunk) {
            points_.for_each_block(static_cast<std::ptrdiff_t>(chunk), k_, [&](const point_block& block) {
                for (std::ptrdiff_t i = 0; i < block.count; ++i) {
                    double square = 0;
                    for (std::ptrdiff_t c = 0; c < points_.channels(); ++c)
                        square += block.plane(c)[i] * block.plane(c)[i];
                    sums[chunk] += integer_product(block.weights[i], square);
                }
            });
        });
        for (const auto& sum : sums) squares_ += sum;
    }

    const point_set& points_;
    const point_tiles<>& tiles_;
    std::ptrdiff_t k_, chunks_;
    thread_team& team_;
    image<std::int32_t, 1> labels_;
    bool has_labels_ = false;
    distance_bounds bounds_;
    std::vector<point_sums<>> parts_;  ///< of some chunks each, a few parts for each thread; kept from step to step
    point_sums<> sums_;                ///< of all points: sums are exact, so the number of parts changes nothing
    buffer<double> distances_{};       ///< Σ |x − c|² of each chunk, after the last step
    uint128 squares_{};                ///< Σ weight · |x|² (only in integers)
};

}  // namespace lloyd::inline v0::detail
