// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The first sums of rows of 2 or 3 floats. Where the numbers of a range are large enough, a double holds sums of all of them
/// exactly; so each number is added once, and only the sums are cut into bins.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/kmeans_common/bins.hpp>
#include <lloyd/detail/kmeans_common/magnitudes.hpp>
#include <lloyd/detail/kmeans_common/move_kernel.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Adds points of weight 1 to the sums of their clusters. `sums` has 4 rows of 4 for each cluster, so that a point need not
/// wait for the one before.
struct range_sums_kernel {
    static constexpr int max_bytes = 32;
    static constexpr std::ptrdiff_t lanes = 4;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const point_row& row, std::ptrdiff_t count,
                                                  const std::int32_t* labels, double* sums) {
        const auto* points = static_cast<const float*>(row.points);
        const auto channels = row.channels;
        simd<double, 32> one = {}, x, sum;
        simd<std::int64_t, 32> behind = {};
        for (auto c = channels; c < lanes; ++c) behind[c] = -1;
        one[channels] = 1;
        std::ptrdiff_t i = 0;
        for (; i + lanes <= count; ++i, points += channels) {  // reads numbers of the next points
            load_converted<true>(x, points, 0);
            select(behind, x, one);
            double* const to = sums + lanes * (lanes * std::ptrdiff_t{labels[i]} + i % lanes);
            load(sum, to);
            sum = sum + x;
            store(to, sum);
        }
        for (; i < count; ++i, points += channels) {
            double* const to = sums + lanes * lanes * std::ptrdiff_t{labels[i]};
            for (std::ptrdiff_t c = 0; c < channels; ++c) to[c] += static_cast<double>(points[c]);
            to[channels] += 1;
        }
    }
};

/// Moves those sums, times `scale`, to the bins of `k` clusters.
struct range_bins_kernel {
    static constexpr int max_bytes = 16;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(double* sums, std::ptrdiff_t k, double scale, binned_rows to) {
        constexpr std::ptrdiff_t lanes = range_sums_kernel::lanes;
        for (std::ptrdiff_t j = 0; j < k; ++j, sums += lanes * lanes)
            for (std::ptrdiff_t c = 0; c <= to.channels; ++c) {
                double sum = 0, part;
                for (std::ptrdiff_t r = 0; r < lanes; ++r) {
                    sum += sums[lanes * r + c];
                    sums[lanes * r + c] = 0;
                }
                if (c < to.channels) sum *= scale;
                rounded(part, sum + to.rounder);
                part -= to.rounder;
                double* const bins = to.cluster(j) + c;
                bins[0] += part;
                bins[to.width] += sum - part;
            }
    }
};

/// Sums of ranges of points.
template <class = deferred>
class range_sums {
public:
    /// Nothing is added where they are not in use.
    range_sums(const point_set& points, std::ptrdiff_t k, bool in_use)
        : points_(points), k_(k), sums_(static_cast<std::size_t>(in_use ? k * lanes * lanes : 0), 0.0) {}

    /// Adds points first, first + 1 … to the bins of their clusters. Returns false, and adds nothing, where numbers are too
    /// small for that, or points lie in several rows of an image.
    bool add(std::ptrdiff_t first, std::span<const std::int32_t> labels, const binned_rows& bins) {
        // Numbers below 2 are multiples of 2^-43, and sums of max_range = 2^9 of them below 2^10: together 53 bits.
        constexpr double least = 0x1p-20;
        static_assert(point_set::max_range <= 512);
        bool is_added = false;
        points_.for_each_run(first, std::ssize(labels), [&](const point_row& row, std::ptrdiff_t, std::ptrdiff_t n) {
            if (n < std::ssize(labels)) return;
            const auto smallest =
                run_kernel<magnitudes_kernel<float>>(static_cast<const float*>(row.points), n * row.channels).smallest;
            if (smallest > 0 && static_cast<double>(smallest) * row.scale < least) return;
            run_kernel<range_sums_kernel>(row, n, labels.data(), sums_.data());
            run_kernel<range_bins_kernel>(sums_.data(), k_, row.scale, bins);
            is_added = true;
        });
        return is_added;
    }

private:
    static constexpr std::ptrdiff_t lanes = range_sums_kernel::lanes;

    const point_set& points_;
    std::ptrdiff_t k_;
    buffer<double> sums_;
};

}  // namespace lloyd::inline v0::detail
