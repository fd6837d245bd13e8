// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a leaf of the tree knows of its colours.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/octree/color_lanes.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Coordinates count from the corner of the leaf.
struct leaf_sums {
    box_sums sums;
    packed_color low[3], high[3];
};

struct leaf_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const color_octet* octets, std::uint32_t count, leaf_sums* leaf) {
        using lanes = color_lanes<double, Bytes>;
        using numbers = typename lanes::numbers;
        numbers weight = {}, square = {}, moment[3] = {}, low[3], high[3] = {};
        low[0] = low[1] = low[2] = numbers{} + 255.0;
        for (std::uint32_t i = 0; i < count * octet; i += lanes::count) {
            const lanes colors(octets[i / octet], i % octet);
            numbers norm = {};
#pragma GCC unroll 3
            for (int c = 0; c < 3; ++c) {
                norm += colors.x[c] * colors.x[c];
                moment[c] += colors.weight * colors.x[c];
                assign_where(colors.x[c] < low[c], low[c], colors.x[c]);
                assign_where(high[c] < colors.x[c], high[c], colors.x[c]);
            }
            weight += colors.weight;
            square += colors.weight * norm;
        }
        leaf->sums.weight = sum_of_lanes(weight);
        leaf->sums.square = sum_of_lanes(square);
#pragma GCC unroll 3
        for (int c = 0; c < 3; ++c) {
            leaf->sums.moment[c] = sum_of_lanes(moment[c]);
            leaf->low[c] = static_cast<packed_color>(least_lane(low[c]));
            leaf->high[c] = static_cast<packed_color>(most_lane(high[c]));
        }
    }
};

}  // namespace lloyd::inline v0::detail
