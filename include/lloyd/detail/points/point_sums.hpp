// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The sums of each cluster, kept from step to step: a point whose label changes is subtracted from the sums of its old
/// cluster and added to those of the new one. Sums are exact, so this is the same as adding all points anew.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/binned_sums.hpp>
#include <lloyd/detail/kmeans_common/center_update.hpp>
#include <lloyd/detail/kmeans_common/point_reader.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/label_changes.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Points that get other labels.
struct label_moves {
    const double* rows;  ///< of each: its coordinates, 1, and zeros up to `width` numbers
    std::ptrdiff_t width;
    const double* weights;        ///< of all points of the row of an image; nullptr: all 1
    const std::int32_t* indices;  ///< there, of the points that move
    std::ptrdiff_t count;         ///< how many of them
    const std::int32_t* new_labels;
    std::int32_t* labels;
};

/// number = high + low in each lane, as `split` of rounding.hpp does for one number.
template <class Vector>
[[gnu::always_inline]] inline void split(const Vector& numbers, Vector& high, Vector& low) {
    simd<std::uint64_t, static_cast<int>(sizeof(Vector))> bits;
    load(bits, &numbers);
    bits = bits & ~std::uint64_t{0x7ff'ffff};
    load(high, &bits);
    low = numbers - high;
}

/// Moves points from the binned sums of one cluster to those of another, and updates their labels. A point of label −1
/// was in no cluster. Returns how many points of positive weight moved.
struct move_kernel {
    static constexpr int max_bytes = 32;  // rows are multiples of 4 doubles

    template <int Bytes>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(const label_moves& moves, const binned_sums::view& sums) {
        std::ptrdiff_t moved = 0;
        for (std::ptrdiff_t m = 0; m < moves.count; ++m) {
            const std::ptrdiff_t i = moves.indices[m], from = moves.labels[i], to = moves.new_labels[i];
            moves.labels[i] = moves.new_labels[i];
            const double weight = moves.weights == nullptr ? 1.0 : moves.weights[i];
            if (weight == 0) continue;
            ++moved;
            const double* row = moves.rows + m * moves.width;
            for (int entering = from < 0; entering < 2; ++entering)  // first it leaves its old cluster, if it had one
                add<Bytes>(row, entering != 0 ? weight : -weight, sums.cluster(entering != 0 ? to : from), sums);
        }
        return moved;
    }

private:
    /// Adds weight · (x, 1) to the row of a cluster.
    template <int Bytes>
    [[gnu::always_inline]] static inline void add(const double* from, double weight, double* row,
                                                  const binned_sums::view& sums) {
        simd<double, Bytes> x;
        for (std::ptrdiff_t c = 0; c < sums.width; c += Bytes / static_cast<int>(sizeof(double))) {
            load(x, from + c);
            add_weighted(x, weight, row + c, sums);
        }
    }

    /// Adds weight · x without rounding: products of the parts of both are exact, and so is a product with 1 or −1.
    template <class Number>
    [[gnu::always_inline]] static inline void add_weighted(const Number& x, double weight, double* row,
                                                           const binned_sums::view& sums) {
        if (weight == 1 || weight == -1) {
            const Number signed_x = x * weight;
            return add_number(signed_x, row, sums);
        }
        Number high, low;
        double weight_high, weight_low;
        split(x, high, low);
        split(weight, weight_high, weight_low);
        for (const double part : {weight_high, weight_low}) {
            if (part == 0) continue;
            const Number large = high * part, little = low * part;
            add_number(large, row, sums);
            add_number(little, row, sums);
        }
    }

    /// Adds to each bin the multiple of its unit that is nearest to what is left of the number; the last bin gets the
    /// rest. Two bins at a time, as their number is even.
    template <class Number>
    [[gnu::always_inline]] static inline void add_number(const Number& number, double* row,
                                                         const binned_sums::view& sums) {
        Number rest = number;
        double rounder = sums.rounder;
        for (auto bins = sums.bins;; bins -= 2, row += 2 * sums.width, rounder *= sums.finer) {
            add_part(rest, rounder, row);
            rounder *= sums.finer;
            if (bins == 2) return add_rest(rest, row + sums.width);
            add_part(rest, rounder, row + sums.width);
            if (is_zero(rest)) return;
        }
    }

    /// to += rest rounded to a multiple of the bin's unit; rest loses as much.
    template <class Number>
    [[gnu::always_inline]] static inline void add_part(Number& rest, double rounder, double* to) {
        Number part;
        rounded(part, rest + rounder);
        part = part - rounder;
        rest = rest - part;
        add_rest(part, to);
    }

    template <class Number>
    [[gnu::always_inline]] static inline void add_rest(const Number& part, double* to) {
        Number sum;
        load(sum, to);
        sum = sum + part;
        store(to, sum);
    }

    [[gnu::always_inline]] static inline bool is_zero(double number) { return number == 0; }
    template <class Vector>
    [[gnu::always_inline]] static inline bool is_zero(const Vector& numbers) {
        bool all = true;
        for (int l = 0; l < static_cast<int>(lanes_of<Vector>); ++l) all = all && numbers[l] == 0;
        return all;
    }
};

/// What move_kernel does, with integers.
inline std::ptrdiff_t move_in_integers(const label_moves& moves, integer_sums& sums) {
    const auto channels = sums.channels();
    std::ptrdiff_t moved = 0;
    for (std::ptrdiff_t m = 0; m < moves.count; ++m) {
        const std::ptrdiff_t i = moves.indices[m], to = moves.new_labels[i];
        const std::ptrdiff_t from = std::exchange(moves.labels[i], moves.new_labels[i]);
        const auto weight = moves.weights == nullptr ? std::uint64_t{1} : static_cast<std::uint64_t>(moves.weights[i]);
        moved += weight > 0;
        if (from >= 0) sums.weights[from] -= weight;
        sums.weights[to] += weight;
        const double* point = moves.rows + m * moves.width;
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

    /// Moves points from cluster to cluster. Returns how many of them have weight.
    std::ptrdiff_t move(const label_moves& moves) {
        return in_integers_ ? move_in_integers(moves, integers_) : run_kernel<move_kernel>(moves, binned_.rows());
    }

    std::ptrdiff_t changed = 0;  ///< points of positive weight whose label changed in the last step

private:
    bool in_integers_;
    integer_sums integers_;  ///< of 0 clusters, if not in use
    binned_sums binned_;     ///< likewise
};

/// Reads points that lie in one row of an image, as rows of a few KiB at a time: the coordinates of each point, 1, and
/// zeros up to a multiple of 4 numbers.
template <class = deferred>
class row_reader {
public:
    explicit row_reader(const point_set& points)
        : points_(points),
          width_(divide_up(points.channels() + 1, 4) * 4),
          capacity_((std::max)(std::ptrdiff_t{2048} / width_, std::ptrdiff_t{1})),
          rows_(static_cast<std::size_t>(capacity_ * width_), 0.0) {
        for (std::ptrdiff_t m = 0; m < capacity_; ++m) rows_[m * width_ + points.channels()] = 1;
    }

    std::ptrdiff_t width() const { return width_; }

    /// Calls use(rows, first, n) for n of `count` points at a time, those of indices first, first + 1 …; no indices:
    /// points first, first + 1 …
    template <class Use>
    void for_each(const point_row& row, const std::int32_t* indices, std::ptrdiff_t count, const Use& use) const {
        for (std::ptrdiff_t first = 0; first < count; first += capacity_) {
            const auto n = (std::min)(capacity_, count - first);
            point_row rest = row;
            if (indices == nullptr) rest.points += first * points_.point_bytes();
            points_.read_rows(rest, indices == nullptr ? nullptr : indices + first, n, rows_.data(), width_);
            use(rows_.data(), first, n);
        }
    }

private:
    const point_set& points_;
    std::ptrdiff_t width_;
    std::ptrdiff_t capacity_;  ///< in rows
    buffer<double> rows_;
};

/// Updates the labels of points first, first + 1 …, at most max_range, and the sums of the clusters they leave and
/// enter. `labels` are those of all points. Returns how many points of positive weight moved.
template <class = deferred>
std::ptrdiff_t move_points(const point_set& points, const row_reader<>& rows, std::ptrdiff_t first,
                           std::span<const std::int32_t> new_labels, std::int32_t* labels, point_sums<>& sums) {
    std::ptrdiff_t moved = 0;
    points.for_each_run(
        first, std::ssize(new_labels), [&](const point_row& row, std::ptrdiff_t done, std::ptrdiff_t n) {
            std::int32_t changed[point_set::max_range];
            label_moves moves{nullptr,
                              rows.width(),
                              points.weights.empty() ? nullptr : points.weights.data() + first + done,
                              changed,
                              0,
                              new_labels.data() + done,
                              labels + first + done};
            const auto count = run_kernel<changes_kernel>(moves.labels, moves.new_labels, n, row.points,
                                                          points.point_bytes(), changed);
            rows.for_each(row, changed, count, [&](const double* some, std::ptrdiff_t at, std::ptrdiff_t some_count) {
                moves.rows = some;
                moves.indices = changed + at;
                moves.count = some_count;
                moved += sums.move(moves);
            });
        });
    return moved;
}

/// Σ weight · squared distance of points first, first + 1 … of a set to the centers of their labels.
template <class = deferred>
double sum_distances(const point_set& points, const row_reader<>& rows, std::ptrdiff_t first,
                     std::span<const std::int32_t> labels, const buffer<double>& centers) {
    const auto d = points.channels();
    double total = 0;
    points.for_each_run(first, std::ssize(labels), [&](const point_row& row, std::ptrdiff_t done, std::ptrdiff_t n) {
        double sum = 0;
        rows.for_each(row, nullptr, n, [&](const double* some, std::ptrdiff_t at, std::ptrdiff_t some_count) {
            for (std::ptrdiff_t i = 0; i < some_count; ++i) {
                const auto point = done + at + i;
                const double* center = centers.data() + labels[static_cast<std::size_t>(point)] * d;
                const double distance = squared_distance(some + i * rows.width(), center, d, points.bytes);
                sum += rounded_product(points.weight(first + point), distance);
            }
        });
        total += sum;
    });
    return total;
}

}  // namespace lloyd::inline v0::detail
