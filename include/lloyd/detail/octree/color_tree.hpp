// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The distinct colours of an image as an octree: each box has the bounds and the sums of its colours, and up to eight
/// children.
///
/// A box of which every colour is nearest to the same center is added to that center in one step; only the others are
/// opened (the filtering algorithm: Kanungo, Mount, Netanyahu, Piatko, Silverman and Wu 2002). All sums are integers
/// that a double holds exactly, so the result equals that of comparing every colour with every center, bit for bit.
///
/// Boxes are cut by RGB, whatever the space is in which colours are compared: neighbours in RGB are neighbours there,
/// too. Only bounds, sums and coordinates are those of the space.
///
/// The tree of a photograph is larger than the second cache. So what is read together lies in one cache line: the
/// bounds of eight siblings; the rest of one box; eight colours.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>

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
    double square;     ///< Σ weight · |x|²; of steps not in use: it may need more than 53 bits

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
    packed_color corner;          ///< of a leaf of bytes: the origin of its colours' coordinates
    std::uint8_t max_coordinate;  ///< of a leaf of bytes: the largest coordinate, counted from the corner
    bool is_leaf;
    std::uint16_t leaf_index;  ///< of a leaf: its place in basic_color_tree::leaves, below 32^3

    /// The index into the list of colours of a place in the octets. For a leaf.
    std::ptrdiff_t color_at(std::uint32_t place) const {
        const std::uint32_t index = first_color + (place - first * octet_size);
        return static_cast<std::ptrdiff_t>(index);
    }
};

/// The bounds of the children of one box, in Morton order.
struct alignas(64) sibling_bounds {
    packed_color low[max_siblings];
    packed_color extent[max_siblings];  ///< high − low, in each channel
};

/// The same in steps, which a float holds exactly. The lower corner of a leaf is the origin of its colours' coordinates.
struct alignas(64) sibling_step_bounds {
    float low[3][max_siblings];
    float extent[3][max_siblings];
};

/// The boxes of one depth, in groups of siblings. Sibling l of group g is box g · max_siblings + l; places without a
/// child have an empty box.
template <class Bounds>
struct color_level {
    color_level() = default;
    explicit color_level(std::size_t max_groups) : bounds(max_groups), boxes(max_groups * max_siblings) {}

    buffer<Bounds> bounds;  ///< of each group
    buffer<color_box> boxes;
    std::uint32_t group_count = 0;
};

/// Eight colours of a leaf. Places without a colour repeat the last one with weight 0.
struct alignas(64) color_octet {
    packed_color coordinates[octet_size];  ///< from the corner of the leaf
    std::int32_t weights[octet_size];
};

/// The same in steps.
struct alignas(64) step_octet {
    std::int32_t coordinates[3][octet_size];
    std::int32_t weights[octet_size];
};

/// A tree of colours whose coordinates are up to three bytes.
struct byte_form {
    using octet = color_octet;
    using bounds = sibling_bounds;
    static constexpr integer_grid grid{};

    /// The widest vectors of the filtering kernel, in bytes.
    static constexpr int max_bytes = 64;
    /// Comparing two scores of boxes in float errs by less than this: scores stay below 2^19, and each is the sum of
    /// four terms.
    static constexpr float score_error = 1;
    /// Sums of weights and moments of a leaf below this are exact in the lanes of vectors: floats.
    static constexpr double lane_limit = 0x1p24;

    /// Times 3 · 255² this is 2^53.
    static constexpr double sum_limit = 0x1p53 / (3 * 255.0 * 255.0);
};

/// A tree of colours whose three coordinates are whole numbers of steps of 2^-8, from −280 to 280 (71,680 steps). Centers
/// are in steps, too, as multiples of 2^-8: of the grid.
///
/// So |x|² and |c|² are below 2^18, that is 50 bits in units of the squared grid; a squared distance is below 2^20 and has
/// 52 bits. All sums in find_nearest_candidate are the difference of two such distances, at some point of the range, and
/// gaps are that of two differences: at most 53 bits, which a double holds.
struct step_form {
    using octet = step_octet;
    using bounds = sibling_step_bounds;
    static constexpr double steps = 256, limit = 280 * steps;
    /// Sums of integers are those of x + limit, which is no less than 0.
    static constexpr integer_grid grid{-limit, 8};

    static constexpr int max_bytes = 32;
    /// 1 in steps. Scores are below 2^20, and their terms below 2^19; rounding the centers to float, 2^-16, errs by less
    /// than 0.03 at the middle and 0.1 over the extents; all roundings together by less than 0.6.
    static constexpr float score_error = 0x1p16F;
    /// The lanes are integers of 32 bits.
    static constexpr double lane_limit = 0x1p31;

    /// x + limit is below 2^18, so that moments are below 2^53.
    static constexpr double sum_limit = 0x1p35;
};

/// A leaf is box `box` of a level.
struct leaf_place {
    std::size_t level;
    std::uint32_t box;
};

template <class Form>
struct basic_color_tree {
    static constexpr std::size_t depth = 5;

    std::array<color_level<typename Form::bounds>, depth + 1> levels;  ///< from the root to cubes of 8 colours a side
    buffer<typename Form::octet> octets;
    std::uint32_t octet_count = 0;
    std::vector<leaf_place> leaves{};  ///< in the order of colours
    uint128 squares{};                 ///< Σ weight · |x|² of all colours, counted from the origin of Form::grid

    /// Whether a tree can have these weights: each fits 31 bits, and every sum the 53 bits of a double.
    static bool fit(std::span<const double> weights) {
        double totals[4] = {};  // additions need not wait for each other
        for (std::size_t i = 0; i < weights.size(); ++i) totals[i % 4] += weights[i];
        const double total = (totals[0] + totals[1]) + (totals[2] + totals[3]);
        const auto fits = [](double weight) { return weight < 0x1p31; };
        return total < Form::sum_limit && (fits(total) || std::all_of(weights.begin(), weights.end(), fits));
    }

    const color_box& root() const { return levels[0].boxes[0]; }
    const color_box& box(std::size_t level, std::uint32_t index) const { return levels[level].boxes[index]; }
};

using color_tree = basic_color_tree<byte_form>;
using step_tree = basic_color_tree<step_form>;

}  // namespace lloyd::inline v0::detail
