// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What one Lloyd step over the tree of colours works on: the centers, their sums, and the boxes still to be looked into.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/octree/color_tree.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A box still to be looked into, and where the centers that may win in it are listed, lowest first.
struct contested_box {
    std::uint32_t level;
    std::uint32_t box;
    std::ptrdiff_t first, last;
};

/// The centers of one step, what it adds up, and the room it needs.
struct filtering_state {
    explicit filtering_state(std::ptrdiff_t centers_count)
        : k(centers_count),
          centers(static_cast<std::size_t>(4 * k)),
          rounded(static_cast<std::size_t>(4 * k)),
          sums(static_cast<std::size_t>(4 * k)),
          candidates(static_cast<std::size_t>(k) * most_lists),
          boxes(most_lists),
          scores(static_cast<std::size_t>(k) * octet),
          may_win(static_cast<std::size_t>(k) * octet),
          rivals(static_cast<std::size_t>(4 * k)) {}

    /// Takes the centers, whose coordinates are on the grid and among the colours.
    void set_centers(const double* from, std::ptrdiff_t channels) const {
        for (std::ptrdiff_t j = 0; j < k; ++j) {
            double* center = centers.data() + 4 * j;
            std::fill_n(center, 4, 0.0);
            for (std::ptrdiff_t c = 0; c < channels; ++c) {
                center[c] = from[j * channels + c];
                center[3] += center[c] * center[c];
            }
            for (std::ptrdiff_t i = 0; i < 4; ++i) rounded.data()[4 * j + i] = static_cast<float>(center[i]);
        }
    }

    std::ptrdiff_t k;
    buffer<double> centers;           ///< k × (coordinates, |c|²)
    buffer<float> rounded;            ///< the same; only |c|² is rounded, by up to 2^-7
    buffer<double> sums;              ///< k × (weight, moments): what each center has won
    buffer<std::int32_t> candidates;  ///< the lists of contested boxes, one behind the other
    buffer<contested_box> boxes;      ///< a stack
    buffer<float> scores;
    buffer<std::int32_t> may_win;
    buffer<double> rivals;

    /// At most the children of one box of each level are on the stack, and each level may hold the list of one box more.
    static constexpr std::size_t most_lists = (octet + 1) * color_tree::depth + 2;
};

}  // namespace lloyd::inline v0::detail
