// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Labelled points, summed up by cluster: from step to step only those count whose label changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <lloyd/detail/arithmetic.hpp>
#include <lloyd/detail/center_update.hpp>
#include <lloyd/detail/point_set.hpp>
#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// total + rest += value, where the rest keeps what the total cannot hold (Knuth 1969, section 4.2.2, theorem B).
template <class Number>
[[gnu::always_inline]] inline void add_exactly(Number& total, Number& rest, const Number& value) {
    const Number sum = total + value;
    const Number taken = sum - total;
    rest = rest + ((total - (sum - taken)) + (value - taken));
    total = sum;
}

/// The sums of some points that come and go: Σ weight · (x − anchor) and Σ weight in twice the precision of double, so
/// that a point that went leaves nothing behind. The anchor is the first point that came while the cluster was empty.
class running_sums {
public:
    running_sums(std::ptrdiff_t k, std::ptrdiff_t channels)
        : channels_(channels),
          rows_(static_cast<std::size_t>(3 * k * width(channels))),
          members_(static_cast<std::size_t>(k)) {}

    void clear() {
        rows_.fill(0);
        members_.fill(0);
    }

    /// Adds them to sums of other points, rounded.
    void merge_into(cluster_sums<double>& sums) const {
        for (std::size_t j = 0; j < members_.size(); ++j) {
            if (members_[j] == 0) continue;
            const double* total = rows_.data() + static_cast<std::ptrdiff_t>(j) * 3 * width(channels_);
            const double* rest = total + width(channels_);
            const double* anchor = rest + width(channels_);
            sums.merge_cluster(j, total[channels_] + rest[channels_], anchor,
                               [&](std::size_t c) { return total[c] + rest[c]; });
        }
        sums.changed += changed;
    }

    /// What kernels see of it: for each cluster a row of totals, one of rests and one of anchors, each of `width`: the
    /// coordinates, the weight (whose anchor is 0), and zeros up to a whole vector.
    struct view {
        double* rows;
        std::ptrdiff_t* members;
        std::ptrdiff_t channels;
        std::ptrdiff_t width;
    };
    view rows() { return {rows_.data(), members_.data(), channels_, width(channels_)}; }

    std::ptrdiff_t changed = 0;  ///< points of positive weight whose label is not what it was

private:
    static std::ptrdiff_t width(std::ptrdiff_t channels) { return (channels + 4) / 4 * 4; }

    std::ptrdiff_t channels_;
    buffer<double> rows_;
    buffer<std::ptrdiff_t> members_;  ///< points of positive weight
};

/// Moves points whose label changes from one cluster's sums to another's. A label of −1 is no cluster. Returns how many
/// points of positive weight moved.
struct move_kernel {
    template <int Bytes, class T>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(const T* points, std::ptrdiff_t count, double scale,
                                                            const double* weights, std::int32_t* labels,
                                                            const std::int32_t* new_labels, running_sums::view sums) {
        switch (sums.channels) {
            case 1: return run_for<Bytes, 1>(points, count, scale, weights, labels, new_labels, sums);
            case 2: return run_for<Bytes, 2>(points, count, scale, weights, labels, new_labels, sums);
            case 3: return run_for<Bytes, 3>(points, count, scale, weights, labels, new_labels, sums);
            default: return run_for<Bytes, 0>(points, count, scale, weights, labels, new_labels, sums);
        }
    }

private:
    template <int Bytes, int Channels, class T>
    [[gnu::always_inline]] static inline std::ptrdiff_t run_for(const T* points, std::ptrdiff_t count, double scale,
                                                                const double* weights, std::int32_t* labels,
                                                                const std::int32_t* new_labels,
                                                                const running_sums::view& sums) {
        std::ptrdiff_t changed = 0;
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            const std::ptrdiff_t from = labels[i];
            if (from == new_labels[i]) continue;
            labels[i] = new_labels[i];
            const double weight = weights == nullptr ? 1.0 : weights[i];
            if (weight == 0) continue;
            ++changed;
            const T* point = points + i * (Channels > 0 ? Channels : sums.channels);
            if (from >= 0) leave<Bytes, Channels>(point, scale, weight, from, sums);
            enter<Bytes, Channels>(point, scale, weight, new_labels[i], sums);
        }
        return changed;
    }

    template <int Bytes, int Channels, class T>
    [[gnu::always_inline]] static inline void enter(const T* point, double scale, double weight, std::ptrdiff_t label,
                                                    const running_sums::view& sums) {
        double* row = sums.rows + label * 3 * sums.width;
        if (sums.members[label]++ == 0)
            for (std::ptrdiff_t c = 0; c < sums.channels; ++c)
                row[2 * sums.width + c] = static_cast<double>(point[c]) * scale;
        add<Bytes, Channels>(point, scale, weight, row, sums);
    }

    template <int Bytes, int Channels, class T>
    [[gnu::always_inline]] static inline void leave(const T* point, double scale, double weight, std::ptrdiff_t label,
                                                    const running_sums::view& sums) {
        double* row = sums.rows + label * 3 * sums.width;
        if (--sums.members[label] > 0) return add<Bytes, Channels>(point, scale, -weight, row, sums);
        for (std::ptrdiff_t c = 0; c < 2 * sums.width; ++c) row[c] = 0;
    }

    template <int Bytes, int Channels, class T>
    [[gnu::always_inline]] static inline void add(const T* point, double scale, double weight, double* row,
                                                  const running_sums::view& sums) {
        if constexpr (Channels > 0) {
            vector<double, 32> x = {};
            for (int c = 0; c < Channels; ++c) x[c] = static_cast<double>(point[c]) * scale;
            x[Channels] = 1;
            return add_vector(x, weight, row, sums.width);
        }
        std::ptrdiff_t c = 0;
        if constexpr (std::is_floating_point_v<T>) {
            constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
            for (; c + lanes <= sums.channels; c += lanes) {
                vector<T, static_cast<int>(lanes * sizeof(T))> narrow;
                vector<double, Bytes> x;
                load(narrow, point + c);
                convert(x, narrow);
                x = x * scale;
                add_vector(x, weight, row + c, sums.width);
            }
        }
        for (; c <= sums.channels; ++c) {
            const double x = c < sums.channels ? static_cast<double>(point[c]) * scale : 1;
            add_exactly(row[c], row[sums.width + c], weight * (x - row[2 * sums.width + c]));
        }
    }

    template <class Vector>
    [[gnu::always_inline]] static inline void add_vector(const Vector& x, double weight, double* row,
                                                         std::ptrdiff_t width) {
        Vector total, rest, anchor;
        load(total, row);
        load(rest, row + width);
        load(anchor, row + 2 * width);
        const Vector moment = (x - anchor) * weight;
        add_exactly(total, rest, moment);
        store(row, total);
        store(row + width, rest);
    }
};

/// The same for whole_arithmetic, whose sums lose nothing.
template <class T>
std::ptrdiff_t move_whole_points(const T* points, std::ptrdiff_t count, const double* weights, std::int32_t* labels,
                                 const std::int32_t* new_labels, cluster_sums<std::uint64_t>& sums) {
    const auto channels = static_cast<std::ptrdiff_t>(sums.channels());
    std::ptrdiff_t changed = 0;
    for (std::ptrdiff_t i = 0; i < count; ++i, points += channels) {
        const std::ptrdiff_t from = std::exchange(labels[i], new_labels[i]), to = new_labels[i];
        const auto weight = weights == nullptr ? std::uint64_t{1} : static_cast<std::uint64_t>(weights[i]);
        if (from == to || weight == 0) continue;
        ++changed;
        if (from >= 0) sums.weights.data()[from] -= weight;
        sums.weights.data()[to] += weight;
        for (std::ptrdiff_t c = 0; c < channels; ++c) {
            if (from >= 0) sums.moments.data()[from * channels + c] -= weight * points[c];
            sums.moments.data()[to * channels + c] += weight * points[c];
        }
    }
    return changed;
}

/// Gives points first, first + 1 … their new labels, and their clusters' sums what follows from that.
template <class T, class Sums>
void move_points(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> new_labels,
                 std::int32_t* labels, Sums& sums) {
    points.for_each_run(first, std::ssize(new_labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        const double* weights = points.weights.empty() ? nullptr : points.weights.data() + first + done;
        std::int32_t* old = labels + first + done;
        if constexpr (std::is_same_v<Sums, running_sums>)
            sums.changed +=
                run_kernel<move_kernel>(from, n, points.scale, weights, old, new_labels.data() + done, sums.rows());
        else
            sums.changed += move_whole_points(from, n, weights, old, new_labels.data() + done, sums);
    });
}

/// Σ weight · squared distance of points `first`, first + 1 … to the centers of their labels.
template <class T>
double sum_distances(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> labels,
                     const buffer<double>& centers) {
    const auto d = points.channels();
    double sum = 0;
    points.for_each_run(first, std::ssize(labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        for (std::ptrdiff_t i = done; i < done + n; ++i, from += d) {
            const auto x = [&](std::ptrdiff_t c) { return static_cast<double>(from[c]) * points.scale; };
            const double distance = squared_distance<T>(x, centers.data() + labels.data()[i] * d, d);
            sum += points.weight(first + i) * distance;
        }
    });
    return sum;
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
