// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Thresholds from histograms: the median, and that of Otsu (1979).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// counts[v] is how often the value v occurs.
using counts_of_values = std::vector<std::uint64_t>;

/// The median of `total` values; of an even number, the mean of the two in the middle.
template <class = deferred>
double median_of(const counts_of_values& counts, std::uint64_t total) {
    const auto value_at = [&](std::uint64_t rank) {
        std::size_t value = 0;
        for (std::uint64_t below = counts[0]; below <= rank; below += counts[value]) ++value;
        return static_cast<double>(value);
    };
    return (value_at((total - 1) / 2) + value_at(total / 2)) / 2;
}

/// The value t for which the classes "up to t" and "above t" have the largest variance between them; the lowest of
/// equals. Where only one value occurs, that value.
template <class = deferred>
std::size_t otsu_of(const counts_of_values& counts) {
    std::uint64_t all = 0, total = 0;
    for (std::size_t value = 0; value < counts.size(); ++value) {
        all += counts[value];
        total += counts[value] * value;
    }
    std::size_t best = 0;
    double max_variance = -1;
    std::uint64_t below = 0, sum = 0;
    for (std::size_t value = 0; value < counts.size() && below < all; ++value) {
        if (counts[value] == 0) continue;
        below += counts[value];
        sum += counts[value] * value;
        const auto lower = static_cast<double>(below), upper = static_cast<double>(all - below);
        double variance = 0;  // between the two classes, times the square of all counts
        if (below < all) {
            const double mean_difference = static_cast<double>(total - sum) / upper - static_cast<double>(sum) / lower;
            variance = mean_difference * mean_difference * lower * upper;
        }
        if (variance > max_variance) {
            max_variance = variance;
            best = value;
        }
    }
    return best;
}

/// ⌊√x⌋ of x ≥ 0.
inline std::int32_t floor_sqrt(std::int32_t x) {
    auto root = static_cast<std::int64_t>(math::sqrt(static_cast<double>(x)));
    while (root * root > x) --root;
    while ((root + 1) * (root + 1) <= x) ++root;
    return static_cast<std::int32_t>(root);
}

/// Of all pixels of one channel.
template <class = deferred>
counts_of_values counts_of(image_view<const std::uint8_t> gray) {
    counts_of_values counts(256);
    for (std::ptrdiff_t y = 0; y < gray.height(); ++y)
        for (const auto value : gray.row(y)) ++counts[value];
    return counts;
}

/// Of magnitudes, or of the lengths of squared ones.
template <class = deferred>
counts_of_values counts_of_lengths(std::span<const std::int32_t> magnitudes, bool squared) {
    constexpr std::int32_t max_magnitude = 65535;  // above that of any 8-bit image
    counts_of_values counts(max_magnitude + 1);
    for (const auto magnitude : magnitudes) {
        const auto valid = (std::max)(magnitude, 0);
        const auto length = squared ? floor_sqrt(valid) : valid;
        ++counts[static_cast<std::size_t>((std::min)(length, max_magnitude))];
    }
    return counts;
}

}  // namespace lloyd::inline v0::detail
