// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The distinct colours of an image as an octree: each box has the bounds and the sums of its colours, and up to eight
/// children.
///
/// A box of which every colour is nearest to the same center is added to that center in one step; only the others are
/// opened (the filtering algorithm: Kanungo, Mount, Netanyahu, Piatko, Silverman and Wu 2002). All sums are integers
/// that a double holds exactly, so the result equals that of comparing every colour with every center, bit for bit.
///
/// The tree of a photograph is larger than the second cache. So what is read together lies in one cache line: the
/// bounds of eight siblings; the rest of one box; eight colours.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/buffer.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The children of one box, its siblings among each other, are at most so many.
inline constexpr std::uint32_t max_siblings = 8;

/// Colours of a leaf are stored in octets of so many.
inline constexpr std::uint32_t octet_size = 8;

/// Three coordinates of 8 bits in one number: bits 0 to 7 are the first coordinate. Colours of fewer channels have 0
/// for the rest.
using packed_color = std::int32_t;

template <class Number>
[[gnu::always_inline]] constexpr packed_color pack(const Number* color, std::size_t channels) {
    packed_color result = 0;
#pragma GCC unroll 3
    for (std::size_t c = 0; c < channels; ++c) result |= static_cast<packed_color>(color[c]) << 8 * c;
    return result;
}

/// Writes three coordinates.
template <class Number>
void unpack(packed_color color, Number* point) {
#pragma GCC unroll 3
    for (int c = 0; c < 3; ++c) point[c] = static_cast<Number>(color >> 8 * c & 255);
}

/// A colour as doubles.
struct color_point {
    explicit color_point(packed_color color) {
        unpack(color, x);
        norm = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
    }
    double x[3];
    double norm;  ///< |x|²
};

/// Sums over the colours x of a box, each with the weight it has in the image.
struct box_sums {
    double weight;
    double moment[3];  ///< Σ weight · x
    double square;     ///< Σ weight · |x|²

    box_sums& operator+=(const box_sums& other) {
        weight += other.weight;
#pragma GCC unroll 3
        for (int c = 0; c < 3; ++c) moment[c] += other.moment[c];
        square += other.square;
        return *this;
    }

    /// Σ weight · |x − color|².
    double potential(const color_point& color) const {
        double product = 0;
#pragma GCC unroll 3
        for (int c = 0; c < 3; ++c) product += color.x[c] * moment[c];
        return square - 2 * product + weight * color.norm;
    }
};

/// A node of the octree, without its bounds: all colours whose Morton codes begin with the same bits.
struct alignas(64) color_box {
    box_sums sums;
    std::uint32_t first;          ///< the group of its children; of a leaf: its first octet
    std::uint32_t count;          ///< of its children; of a leaf: of its octets
    std::uint32_t first_color;    ///< an index into the list of colours, which is in Morton order
    std::uint32_t color_count;    ///< its colours are these and no others of the list
    packed_color corner;          ///< of a leaf: the origin of its colours' coordinates
    std::uint8_t max_coordinate;  ///< of a leaf: the largest coordinate, counted from the corner
    bool is_leaf;
};

/// The bounds of the children of one box, in Morton order.
struct alignas(64) sibling_bounds {
    packed_color low[max_siblings];
    packed_color extent[max_siblings];  ///< high − low, in each channel
};

/// The boxes of one depth, in groups of siblings. Sibling l of group g is box g · max_siblings + l; places without a
/// child have an empty box.
struct color_level {
    color_level() = default;
    explicit color_level(std::size_t max_groups) : bounds(max_groups), boxes(max_groups * max_siblings) {}

    buffer<sibling_bounds> bounds;  ///< of each group
    buffer<color_box> boxes;
    std::uint32_t group_count = 0;
};

/// Eight colours of a leaf. Places without a colour repeat the last one with weight 0.
struct alignas(64) color_octet {
    packed_color coordinates[octet_size];  ///< from the corner of the leaf
    std::int32_t weights[octet_size];
};

struct color_tree {
    static constexpr std::size_t depth = 5;

    std::array<color_level, depth + 1> levels;  ///< from the root, a single box, to cubes of 8 colours a side
    buffer<color_octet> octets;
    std::uint32_t octet_count = 0;

    /// Whether a tree can have these weights: each fits 31 bits, and every sum the 53 bits of a double.
    static bool fit(std::span<const double> weights) {
        double total = 0;
        for (const double w : weights) {
            if (w >= 0x1p31) return false;
            total += w;
        }
        return total * (3 * 255.0 * 255.0) < 0x1p53;
    }

    const color_box& root() const { return levels[0].boxes[0]; }
    const color_box& box(std::size_t level, std::uint32_t index) const { return levels[level].boxes[index]; }
};

}  // namespace lloyd::inline v0::detail
