// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The distinct colours of an image as an octree: boxes within boxes, each with the sums of its colours.
///
/// A box that lies whole on one center's side is added to it in one step, and only boxes on a boundary are opened (the
/// filtering algorithm: Kanungo, Mount, Netanyahu, Piatko, Silverman and Wu 2002). All sums are whole numbers that a
/// double holds exactly, so the result is that of the plain step, bit for bit.
///
/// Walks over the tree jump about in more memory than the second cache holds, so what is needed at once lies in one
/// cache line: the bounds of eight boxes, all else about one box, eight colours.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/buffer.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A color_box has at most so many children; colours are handled in groups of so many.
inline constexpr std::uint32_t octet = 8;

/// Coordinates of a colour in one number, the first one lowest. There are always three; missing ones are 0.
using packed_color = std::int32_t;

template <class Number>
[[gnu::always_inline]] constexpr packed_color pack(const Number* color, std::size_t channels) {
    packed_color result = 0;
#pragma GCC unroll 3
    for (std::size_t c = 0; c < channels; ++c) result |= static_cast<packed_color>(color[c]) << 8 * c;
    return result;
}

template <class Number>
void unpack(packed_color color, Number* point) {
#pragma GCC unroll 3
    for (int c = 0; c < 3; ++c) point[c] = static_cast<Number>(color >> 8 * c & 255);
}

/// A colour in numbers to calculate with.
struct color_point {
    explicit color_point(packed_color color) {
        unpack(color, x);
        norm = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
    }
    double x[3];
    double norm;  ///< |x|²
};

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

/// All that is known of a box but its bounds.
struct alignas(64) color_box {
    box_sums sums;
    std::uint32_t first;  ///< the family of its children; of a leaf: its first octet of colours
    std::uint32_t count;  ///< of its children, or octets
    std::uint32_t color;  ///< the number of its first colour
    std::uint32_t colors;
    packed_color corner;  ///< of a leaf: what its colours' coordinates count from
    std::uint8_t widest;  ///< of a leaf: the largest coordinate from there
    bool is_leaf;
};

/// The bounds of the children of one box, in Morton order.
struct alignas(64) box_family {
    packed_color low[octet];
    packed_color extent[octet];  ///< high − low
};

/// Boxes of one size. Lane l of family f is box f · octet + l; boxes of free lanes are empty.
struct color_level {
    color_level() = default;
    explicit color_level(std::size_t most_families) : families(most_families), boxes(most_families * octet) {}

    buffer<box_family> families;
    buffer<color_box> boxes;
    std::uint32_t count = 0;  ///< of families
};

/// Up to eight colours of a leaf; free lanes repeat the last one with weight 0.
struct alignas(64) color_octet {
    packed_color coordinates[octet];  ///< from the corner of the cube
    std::int32_t weights[octet];
};

struct color_tree {
    static constexpr std::size_t depth = 5;

    std::array<color_level, depth + 1> levels;  ///< from the root, a single box, to cubes of 8 colours a side
    buffer<color_octet> octets;
    std::uint32_t octet_count = 0;

    /// Whether weights fit 31 bits and every sum a double's 53.
    static bool fit(std::span<const double> weights) {
        double total = 0;
        for (const double w : weights) {
            if (w >= 0x1p31) return false;
            total += w;
        }
        return total * (3 * 255.0 * 255.0) < 0x1p53;
    }

    const color_box& root() const { return levels[0].boxes[0]; }
    const color_box& box(std::size_t level, std::uint32_t index) const { return levels[level].boxes.data()[index]; }
};

}  // namespace lloyd::inline v0::detail
