// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What the builder of the octree computes of a leaf, and the bounds of boxes.
#pragma once

#include <algorithm>
#include <cstdint>

#include <lloyd/detail/octree/color_lanes.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The sums and bounds of a leaf of bytes; coordinates count from its corner.
struct leaf_sums {
    box_sums sums;
    packed_color low[3], high[3];
};

/// Computes leaf_sums from the `count` octets of a leaf of bytes.
struct leaf_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const color_octet* octets, std::uint32_t count, leaf_sums* leaf) {
        using lanes = color_lanes<double, Bytes>;
        using numbers = typename lanes::numbers;
        numbers weight = {}, square = {}, moment[3] = {}, low[3], high[3] = {};
        low[0] = low[1] = low[2] = numbers{} + 255.0;
        for (std::uint32_t i = 0; i < count * octet_size; i += lanes::count) {
            const lanes colors(octets[i / octet_size], i % octet_size);
            numbers norm = {};
#pragma GCC unroll 3
            for (int c = 0; c < 3; ++c) {
                norm += colors.x[c] * colors.x[c];
                moment[c] += colors.weight * colors.x[c];
                select(colors.x[c] < low[c], low[c], colors.x[c]);
                select(high[c] < colors.x[c], high[c], colors.x[c]);
            }
            weight += colors.weight;
            square += colors.weight * norm;
        }
        leaf->sums.weight = sum_of_lanes(weight);
        leaf->sums.square = sum_of_lanes(square);
#pragma GCC unroll 3
        for (int c = 0; c < 3; ++c) {
            leaf->sums.moment[c] = sum_of_lanes(moment[c]);
            leaf->low[c] = static_cast<packed_color>(min_lane(low[c]));
            leaf->high[c] = static_cast<packed_color>(max_lane(high[c]));
        }
    }
};

/// The smallest box with sides along the axes that contains some colours.
struct color_bounds {
    static constexpr std::int32_t lowest = -0x4000'0000, highest = 0x4000'0000;
    std::int32_t low[3] = {highest, highest, highest}, high[3] = {lowest, lowest, lowest};

    void add(std::uint32_t c, std::int32_t other_low, std::int32_t other_high) {
        low[c] = (std::min)(low[c], other_low);
        high[c] = (std::max)(high[c], other_high);
    }
    void add(const sibling_bounds& siblings, std::uint32_t lane) {
        for (std::uint32_t c = 0; c < 3; ++c) {
            const auto other_low = siblings.low[lane] >> 8 * c & 255;
            add(c, other_low, other_low + (siblings.extent[lane] >> 8 * c & 255));
        }
    }
    void add(const sibling_step_bounds& siblings, std::uint32_t lane) {
        for (std::uint32_t c = 0; c < 3; ++c) {
            const auto other_low = static_cast<std::int32_t>(siblings.low[c][lane]);
            add(c, other_low, other_low + static_cast<std::int32_t>(siblings.extent[c][lane]));
        }
    }

    void write(sibling_bounds& siblings, std::uint32_t lane) const {
        siblings.low[lane] = pack(low, 3);
        siblings.extent[lane] = pack(high, 3) - pack(low, 3);  // no channel borrows: high ≥ low
    }
    void write(sibling_step_bounds& siblings, std::uint32_t lane) const {
        for (int c = 0; c < 3; ++c) {
            siblings.low[c][lane] = static_cast<float>(low[c]);
            siblings.extent[c][lane] = static_cast<float>(high[c] - low[c]);
        }
    }
};

}  // namespace lloyd::inline v0::detail
