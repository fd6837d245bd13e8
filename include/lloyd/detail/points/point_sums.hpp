// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The sums of each cluster, kept from step to step: a point whose label changes is subtracted from the sums of its old
/// cluster and added to those of the new one. Sums are exact, so this is the same as adding all points anew.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/base/with_constant.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/binned_sums.hpp>
#include <lloyd/detail/kmeans_common/bins.hpp>
#include <lloyd/detail/kmeans_common/center_update.hpp>
#include <lloyd/detail/kmeans_common/move_kernel.hpp>
#include <lloyd/detail/kmeans_common/point_reader.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/label_changes.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// What move_kernel does, with integers; of gathered doubles.
inline std::ptrdiff_t move_in_integers(const label_moves& moves, integer_sums& sums) {
    const auto channels = sums.channels();
    std::ptrdiff_t moved = 0;
    for (std::ptrdiff_t m = 0; m < moves.count; ++m) {
        const std::ptrdiff_t i = moves.index(m), from = moves.update(i), to = moves.new_labels[i];
        const auto weight = moves.weights == nullptr ? std::uint64_t{1} : static_cast<std::uint64_t>(moves.weights[i]);
        moved += weight > 0;
        if (from >= 0) sums.weights[from] -= weight;
        sums.weights[to] += weight;
        const double* point = static_cast<const double*>(moves.row.points) + m * channels;
        for (std::ptrdiff_t c = 0; c < channels; ++c) {
            const auto part = weight * static_cast<std::uint64_t>(static_cast<std::int64_t>(point[c]));
            if (from >= 0) sums.moments[from * channels + c] -= part;
            sums.moments[to * channels + c] += part;
        }
    }
    return moved;
}

/// The sums of each cluster over some points: in integers for 8-bit data with integer weights, otherwise in bins.
template <class = deferred>
class point_sums {
public:
    point_sums(const point_set& points, std::ptrdiff_t k)
        : in_integers_(points.in_integers()),
          integers_(in_integers_ ? k : 0, points.channels()),
          binned_(in_integers_ ? 0 : k, points.channels(), points.bins) {}

    void clear() {
        integers_.clear();
        binned_.clear();
        changed = 0;
    }

    /// Adds the sums of other points.
    void merge(const point_sums& other) {
        integers_.merge(other.integers_);
        binned_.merge(other.binned_);
        changed += other.changed;
    }

    double weight(std::ptrdiff_t j) const { return in_integers_ ? integers_.weight(j) : binned_.weight(j); }
    /// Writes the mean of a cluster that has weight: one number for each channel.
    void mean(std::ptrdiff_t j, double* to) const { in_integers_ ? integers_.mean(j, to) : binned_.mean(j, to); }
    /// Σ weight · (x − reference) of coordinate c.
    double moment(std::ptrdiff_t j, std::ptrdiff_t c, double reference) const {
        return in_integers_ ? integers_.moment(j, c, reference) : binned_.moment(j, c, reference);
    }
    /// Of points in integers.
    const integer_sums& integers() const { return integers_; }

    /// Of points not in integers.
    binned_rows rows() { return binned_.rows(); }

    /// Makes these the sums of `count` points of weight 1 of cluster j, of which no means are asked for.
    void set_weight(std::ptrdiff_t j, std::ptrdiff_t count) {
        rows().cluster(j)[binned_.channels()] = static_cast<double>(count);
    }

    /// Moves points, which `reader` reads, from cluster to cluster. Returns how many of them have weight.
    std::ptrdiff_t move(const label_moves& moves, const point_reader& reader) {
        if (!in_integers_) return reader.move(moves, binned_.rows());
        std::ptrdiff_t moved = 0;
        gather_moves(moves, reader.to_rows,
                     [&](const label_moves& some) { moved += move_in_integers(some, integers_); });
        return moved;
    }

    std::ptrdiff_t changed = 0;  ///< points of positive weight whose label changed in the last step

private:
    bool in_integers_;
    integer_sums integers_;  ///< of 0 clusters, if not in use
    binned_sums binned_;     ///< likewise
};

/// Updates the labels of points first, first + 1 …, at most max_range, and the sums of the clusters they leave and
/// enter. `labels` are those of all points, and not read if `are_new`. `room` is that of row_room. Returns how many
/// points of positive weight moved.
template <class = deferred>
std::ptrdiff_t move_points(const point_set& points, std::ptrdiff_t first, std::span<const std::int32_t> new_labels,
                           std::int32_t* labels, bool are_new, point_sums<>& sums, double* room) {
    std::ptrdiff_t moved = 0;
    if (are_new) std::copy(new_labels.begin(), new_labels.end(), labels + first);
    points.for_each_run(first, std::ssize(new_labels),
                        [&](const point_row& row, std::ptrdiff_t done, std::ptrdiff_t n) {
                            std::int32_t changed[point_set::max_range];
                            label_moves moves{row,
                                              false,
                                              points.weights.empty() ? nullptr : points.weights.data() + first + done,
                                              changed,
                                              n,
                                              new_labels.data() + done,
                                              are_new ? nullptr : labels + first + done,
                                              room};
                            if (!are_new)
                                moves.count = run_kernel<changes_kernel>(moves.labels, moves.new_labels, n,
                                                                         static_cast<const unsigned char*>(row.points),
                                                                         points.point_bytes(), changed);
                            moved += sums.move(moves, points.reader());
                        });
    return moved;
}

/// Σ weight · squared distance of points first, first + 1 … of a set to the centers of their labels. `room` is that of
/// row_room.
template <class = deferred>
double sum_distances(const point_set& points, std::ptrdiff_t first, std::span<const std::int32_t> labels,
                     const buffer<double>& centers, double* room) {
    double total = 0;
    points.for_each_run(first, std::ssize(labels), [&](const point_row& row, std::ptrdiff_t done, std::ptrdiff_t n) {
        double sum = 0;
        for_each_rows(row, nullptr, n, points.reader().to_rows, room, [&](std::ptrdiff_t at, std::ptrdiff_t some) {
            with_constant<2, 3>(points.channels(), [&](auto channels) {
                const auto d = channels.value > 0 ? std::ptrdiff_t{channels.value} : points.channels();
                for (std::ptrdiff_t i = 0; i < some; ++i) {
                    const auto point = done + at + i;
                    const double* center = centers.data() + labels[static_cast<std::size_t>(point)] * d;
                    const double distance = squared_distance(room + i * d, center, d, points.bytes);
                    sum += rounded_product(points.weight(first + point), distance);
                }
            });
        });
        total += sum;
    });
    return total;
}

/// The same of all points of a set, by chunks of it, on all threads.
template <class = deferred>
double sum_all_distances(const point_set& points, const std::int32_t* labels, const buffer<double>& centers,
                         std::ptrdiff_t k, thread_team& team) {
    buffer<double> distances(static_cast<std::size_t>(points.chunks(k)));
    team.for_each(distances.size(), [&](std::size_t task) {
        const auto room = row_room(points.channels());
        constexpr auto max_range = point_set::max_range;
        double sum = 0;
        const auto chunk = points.chunk(static_cast<std::ptrdiff_t>(task), k);
        for (auto first = chunk.first; first < chunk.end; first += max_range) {
            const auto count = static_cast<std::size_t>((std::min)(max_range, chunk.end - first));
            sum += sum_distances(points, first, std::span(labels + first, count), centers, room.data());
        }
        distances[task] = sum;
    });
    double total = 0;
    for (const double distance : distances) total += distance;
    return total;
}

}  // namespace lloyd::inline v0::detail
