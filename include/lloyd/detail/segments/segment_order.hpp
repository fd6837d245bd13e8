// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The order of segments: by falling share, or by the lightness of their colours.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/color/perceptual_bytes.hpp>
#include <lloyd/detail/color/perceptual_spaces.hpp>
#include <lloyd/detail/kmeans/attempts.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// What a segment is ordered by: first whether it is empty and how dark its colour is, where that counts; then its
/// weight, the heaviest first; of equally heavy ones the smaller center, compared coordinate by coordinate. So the order
/// does not depend on the random seed.
using segment_rank = std::array<double, 7>;

/// The luminance Y of a colour relative to white (CIE 1931).
template <class = deferred>
double luminance(const std::array<std::uint8_t, 3>& color) {
    double sum = 0;
    for (std::size_t c = 0; c < 3; ++c)
        sum += rounded_product(lab_space.from_linear[1][c], linear_bytes<double>[color[c]]);
    return sum;
}

/// Cluster numbers: the fixed ones, then the others in order of their ranks.
template <class = deferred>
std::vector<std::size_t> by_rank(const std::vector<segment_rank>& ranks, std::size_t fixed) {
    std::vector<std::size_t> order;
    const auto is_before = [&](std::size_t a, std::size_t b) { return ranks[a] < ranks[b]; };
    for (std::size_t j = 0; j < ranks.size(); ++j)
        order.insert(
            j < fixed ? order.end()
                      : std::upper_bound(order.begin() + static_cast<std::ptrdiff_t>(fixed), order.end(), j, is_before),
            j);
    return order;
}

/// The centers of clusters in the order of segments: the first `fixed` ones as they are, then the others. `colors` are the
/// mean colours of clusters that have any, for the order by lightness; empty: by share.
template <class = deferred>
image<double, 3> in_order(const attempt_result& clusters, int fixed,
                          std::span<const std::array<std::uint8_t, 3>> colors) {
    std::vector<segment_rank> ranks(clusters.weights.size());
    for (std::size_t j = 0; j < ranks.size(); ++j) {
        const double weight = clusters.weights[j];
        const double* center = clusters.centers.data() + 3 * j;
        ranks[j] = {0, 0, -weight, center[0], center[1], center[2], static_cast<double>(j)};
        if (colors.empty()) continue;
        ranks[j][0] = weight == 0;
        ranks[j][1] = luminance(colors[j]);
    }
    auto ordered = uninitialized_image<double, 3>(static_cast<std::ptrdiff_t>(ranks.size()), 1);
    double* to = ordered.data();
    for (const auto cluster : by_rank(ranks, static_cast<std::size_t>(fixed)))
        to = std::copy_n(clusters.centers.data() + 3 * cluster, 3, to);
    return ordered;
}

}  // namespace lloyd::inline v0::detail
