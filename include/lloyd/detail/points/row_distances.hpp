// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Distances of rows of 2 or 3 floats to their own centers, to the bit those of sum_distances, while the points are in the
/// first cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/kmeans_common/move_kernel.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/simd/transpose.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Returns Σ |x − c|² over some points, one after another. `centers` are rows of 4. Adds 1 to one of the 4 counts of each
/// label: the next point of the same label need not wait for it.
struct row_distances_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline double run(const point_row& row, std::ptrdiff_t count,
                                                    const std::int32_t* labels, const double* centers,
                                                    std::ptrdiff_t* counts) {
        const auto* points = static_cast<const float*>(row.points);
        double sum = 0;
        std::ptrdiff_t i = 0;
        for (; i + lanes < count; i += lanes, points += lanes * row.channels) {  // reads numbers of the next point
            simd<double, 32> squares[4], distances, center;
#pragma GCC unroll 4
            for (std::ptrdiff_t r = 0; r < lanes; ++r) {
                const auto at = lanes * std::ptrdiff_t{labels[i + r]};
                load_converted<true>(squares[r], points + r * row.channels, 0);
                load(center, centers + at);
                squares[r] = squares[r] * row.scale - center;
                rounded(squares[r], squares[r] * squares[r]);
                ++counts[at + r];
            }
            transpose<1>(squares, std::make_index_sequence<4>());
            distances = squares[0] + squares[1];
            if (row.channels == 3) distances = distances + squares[2];
#pragma GCC unroll 4
            for (std::ptrdiff_t r = 0; r < lanes; ++r) sum += distances[r];
        }
        for (; i < count; ++i, points += row.channels) {
            const auto at = lanes * std::ptrdiff_t{labels[i]};
            double distance = 0;
            for (std::ptrdiff_t c = 0; c < row.channels; ++c) {
                const double x = static_cast<double>(points[c]) * row.scale - centers[at + c];
                distance += rounded_product(x, x);
            }
            sum += distance;
            ++counts[at];
        }
        return sum;
    }

    static constexpr std::ptrdiff_t lanes = 4;
};

/// Distances to the centers of one step, and how many points each has.
template <class = deferred>
class row_distances {
public:
    row_distances(const point_set& points, const buffer<double>& centers, bool in_use)
        : points_(points),
          centers_(in_use ? centers.size() / static_cast<std::size_t>(points.channels()) * lanes : 0, 0.0),
          counts_(centers_.size(), 0) {
        if (!in_use) return;
        for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(centers.size()); ++i)
            centers_[i / points.channels() * lanes + i % points.channels()] = centers[i];
    }

    /// Σ |x − c|² of points first, first + 1 …, which get counted.
    double sum(std::ptrdiff_t first, std::span<const std::int32_t> labels) {
        double total = 0;
        points_.for_each_run(
            first, std::ssize(labels), [&](const point_row& row, std::ptrdiff_t done, std::ptrdiff_t n) {
                total +=
                    run_kernel<row_distances_kernel>(row, n, labels.data() + done, centers_.data(), counts_.data());
            });
        return total;
    }

    /// Of label j.
    std::ptrdiff_t count(std::ptrdiff_t j) const {
        std::ptrdiff_t all = 0;
        for (std::ptrdiff_t r = 0; r < lanes; ++r) all += counts_[lanes * j + r];
        return all;
    }

private:
    static constexpr std::ptrdiff_t lanes = row_distances_kernel::lanes;

    const point_set& points_;
    buffer<double> centers_;
    buffer<std::ptrdiff_t> counts_;
};

}  // namespace lloyd::inline v0::detail
