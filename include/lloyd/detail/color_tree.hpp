// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The distinct colours of an image as an octree: boxes within boxes, each with the sums of its colours.
///
/// A box that lies whole on one center's side is added to it in one step, and only boxes on a boundary are opened (the
/// filtering algorithm: Kanungo, Mount, Netanyahu, Piatko, Silverman and Wu 2002). All sums are whole numbers that a
/// double holds exactly, so the result is that of the plain step, bit for bit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/buffer.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Doubles in the widest vector; boxes that are looked at together, the most children of a box.
inline constexpr std::ptrdiff_t widest_lanes = 8;

/// What a box knows of its colours.
struct box_sums {
    double weight = 0;
    double moment[3] = {0, 0, 0};  ///< Σ weight · x
    double square = 0;             ///< Σ weight · |x|²

    box_sums& operator+=(const box_sums& other) {
        weight += other.weight;
        for (int c = 0; c < 3; ++c) moment[c] += other.moment[c];
        square += other.square;
        return *this;
    }

    /// Σ weight · |x − point|²; exact for points among the colours.
    double potential(const float* point) const {
        double product = 0, point_square = 0;
        for (int c = 0; c < 3; ++c) {
            const double p = point[c];
            product += p * moment[c];
            point_square += p * p;
        }
        return square - 2 * product + weight * point_square;
    }
};

/// One level of the tree: boxes in Morton order. Vectors may be read from any of them on.
struct color_boxes {
    color_boxes() = default;
    explicit color_boxes(std::size_t boxes)
        : sums(boxes), child(boxes + 1), color(boxes + 1) {
        for (auto* planes : {middle, extent})
            for (int c = 0; c < 3; ++c) planes[c] = buffer<float>(boxes + widest_lanes);
    }

    void set_bounds(std::ptrdiff_t box, const float* low, const float* high) const {
        for (int c = 0; c < 3; ++c) {
            middle[c].data()[box] = low[c] + high[c];
            extent[c].data()[box] = high[c] - low[c];
        }
    }

    std::ptrdiff_t count = 0;
    buffer<float> middle[3];      ///< low + high: twice the middle of the box
    buffer<float> extent[3];      ///< high − low
    buffer<box_sums> sums;
    buffer<std::uint32_t> child;  ///< of each box: its first box one level below, or its first place; one more at the end
    buffer<std::uint32_t> color;  ///< of each box: the number of its first colour; one more at the end
};

/// Colours have three channels here; missing ones are 0. The lowest boxes are cubes of 8 colours a side; the colours of
/// each fill whole vectors of places: the last one is repeated with weight 0.
struct color_tree {
    static constexpr std::size_t depth = 4;

    std::array<color_boxes, depth + 1> levels;  ///< from the root, a single box, to the cubes
    buffer<std::uint32_t> corners;              ///< of each cube, packed: the coordinates all of its colours start from
    buffer<std::int32_t> coordinates;           ///< of each place, packed: those of its colour from the corner
    buffer<std::int32_t> weights;               ///< of each place

    /// Whether weights fit 31 bits and every sum a double's 53.
    static bool fit(std::span<const double> weights) {
        double total = 0;
        for (const double w : weights) {
            if (w >= 0x1p31) return false;
            total += w;
        }
        return total * (3 * 255.0 * 255.0) < 0x1p53;
    }

    /// Three coordinates in one number, the first one lowest.
    static std::uint32_t pack(const std::uint8_t* color, std::size_t channels, const std::uint8_t* mask) {
        std::uint32_t packed = 0;
        for (std::size_t c = 0; c < channels; ++c) packed |= static_cast<std::uint32_t>(color[c] & mask[c]) << 8 * c;
        return packed;
    }
    template <class Number>
    void corner(std::size_t cube, Number* point) const {
        for (unsigned c = 0; c < 3; ++c) point[c] = static_cast<Number>(corners.data()[cube] >> 8 * c & 255U);
    }

    const color_boxes& cubes() const { return levels[depth]; }
    std::ptrdiff_t colors() const { return cubes().color.data()[cubes().count]; }
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
