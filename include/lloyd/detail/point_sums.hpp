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

/// The arrays of a cluster_sums<double>.
struct real_sums {
    double* weights;
    double* weight_rests;
    double* moments;
    double* moment_rests;
    double* anchors;
    std::ptrdiff_t* members;
};

/// Moves points whose label changes from one cluster's sums to another's; the first that comes to an empty cluster becomes
/// its anchor. A label of −1 is no cluster. Returns how many points of positive weight moved.
struct move_kernel {
    template <int Bytes, class T>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(const T* points, std::ptrdiff_t count,
                                                            std::ptrdiff_t channels, double scale,
                                                            const double* weights, std::int32_t* labels,
                                                            const std::int32_t* new_labels, real_sums sums) {
        switch (channels) {
            case 2: return run_for<Bytes, 2>(points, count, 2, scale, weights, labels, new_labels, sums);
            case 3: return run_for<Bytes, 3>(points, count, 3, scale, weights, labels, new_labels, sums);
            default: return run_for<Bytes, 0>(points, count, channels, scale, weights, labels, new_labels, sums);
        }
    }

private:
    template <int Bytes, std::ptrdiff_t Channels, class T>
    [[gnu::always_inline]] static inline std::ptrdiff_t run_for(const T* points, std::ptrdiff_t count,
                                                                std::ptrdiff_t channels, double scale,
                                                                const double* weights, std::int32_t* labels,
                                                                const std::int32_t* new_labels,
                                                                const real_sums& sums) {
        std::ptrdiff_t changed = 0;
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            const std::ptrdiff_t from = labels[i];
            if (from == new_labels[i]) continue;
            labels[i] = new_labels[i];
            const double weight = weights == nullptr ? 1.0 : weights[i];
            if (weight == 0) continue;
            ++changed;
            const T* point = points + i * channels;
            if (from >= 0) leave<Bytes, Channels>(point, channels, scale, weight, from, sums);
            enter<Bytes, Channels>(point, channels, scale, weight, new_labels[i], sums);
        }
        return changed;
    }

    template <int Bytes, std::ptrdiff_t Channels, class T>
    [[gnu::always_inline]] static inline void enter(const T* point, std::ptrdiff_t channels, double scale,
                                                    double weight, std::ptrdiff_t label, const real_sums& sums) {
        if (sums.members[label]++ == 0)
            for (std::ptrdiff_t c = 0; c < channels; ++c)
                sums.anchors[label * channels + c] = static_cast<double>(point[c]) * scale;
        add<Bytes, Channels>(point, channels, scale, weight, label, sums);
    }

    template <int Bytes, std::ptrdiff_t Channels, class T>
    [[gnu::always_inline]] static inline void leave(const T* point, std::ptrdiff_t channels, double scale,
                                                    double weight, std::ptrdiff_t label, const real_sums& sums) {
        if (--sums.members[label] > 0) return add<Bytes, Channels>(point, channels, scale, -weight, label, sums);
        sums.weights[label] = sums.weight_rests[label] = 0;
        for (std::ptrdiff_t i = label * channels; i < (label + 1) * channels; ++i)
            sums.moments[i] = sums.moment_rests[i] = 0;
    }

    template <int Bytes, std::ptrdiff_t Channels, class T>
    [[gnu::always_inline]] static inline void add(const T* point, std::ptrdiff_t channels, double scale, double weight,
                                                  std::ptrdiff_t label, const real_sums& sums) {
        add_exactly(sums.weights[label], sums.weight_rests[label], weight);
        if constexpr (Channels > 0) channels = Channels;
        const std::ptrdiff_t row = label * channels;
        std::ptrdiff_t c = 0;
        if constexpr (Channels == 0 && std::is_floating_point_v<T>) {
            constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
            for (; c + lanes <= channels; c += lanes) {
                vector<T, static_cast<int>(lanes * sizeof(T))> narrow;
                vector<double, Bytes> x, anchor, total, rest;
                load(narrow, point + c);
                convert(x, narrow);
                load(anchor, sums.anchors + row + c);
                load(total, sums.moments + row + c);
                load(rest, sums.moment_rests + row + c);
                const vector<double, Bytes> moment = (x * scale - anchor) * weight;
                add_exactly(total, rest, moment);
                store(sums.moments + row + c, total);
                store(sums.moment_rests + row + c, rest);
            }
        }
#pragma GCC unroll 3
        for (; c < channels; ++c)
            add_exactly(sums.moments[row + c], sums.moment_rests[row + c],
                        weight * (static_cast<double>(point[c]) * scale - sums.anchors[row + c]));
    }
};

/// The same for whole_arithmetic.
template <class T>
std::ptrdiff_t move_whole_points(const T* points, std::ptrdiff_t count, std::ptrdiff_t channels, const double* weights,
                                 std::int32_t* labels, const std::int32_t* new_labels,
                                 cluster_sums<std::uint64_t>& sums) {
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
template <class T, class Amount>
void move_points(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> new_labels,
                 std::int32_t* labels, cluster_sums<Amount>& sums) {
    points.for_each_run(first, std::ssize(new_labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        const double* weights = points.weights.empty() ? nullptr : points.weights.data() + first + done;
        if constexpr (cluster_sums<Amount>::anchored)
            sums.changed += run_kernel<move_kernel>(
                from, n, points.channels(), points.scale, weights, labels + first + done, new_labels.data() + done,
                real_sums{sums.weights.data(), sums.weight_rests.data(), sums.moments.data(), sums.moment_rests.data(),
                          sums.anchors.data(), sums.members.data()});
        else
            sums.changed += move_whole_points(from, n, points.channels(), weights, labels + first + done,
                                              new_labels.data() + done, sums);
    });
}

/// Σ weight · squared distance of points `first`, first + 1 … to the centers of their labels.
template <class T>
double sum_distances(const point_set<T>& points, std::ptrdiff_t first, std::span<const std::int32_t> labels,
                     const buffer<double>& centers) {
    const auto d = points.channels();
    buffer<double> point(static_cast<std::size_t>(d));
    double sum = 0;
    points.for_each_run(first, std::ssize(labels), [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
        for (std::ptrdiff_t i = done; i < done + n; ++i, from += d) {
            for (std::ptrdiff_t c = 0; c < d; ++c) point.data()[c] = static_cast<double>(from[c]) * points.scale;
            const double* center = centers.data() + labels.data()[i] * d;
            sum += points.weight(first + i) * squared_distance<T>(point.data(), center, d);
        }
    });
    return sum;
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
