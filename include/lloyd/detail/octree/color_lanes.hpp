// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Loads boxes and colours of the tree into vectors, one in each lane, and reduces vectors to numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// numbers[c] = coordinate c of the packed colour in each lane.
template <class Packed, class Numbers>
[[gnu::always_inline]] inline void unpack_lanes(const Packed& colors, Numbers (&numbers)[3]) {
    convert(numbers[0], colors & 255);
    convert(numbers[1], colors >> 8 & 255);
    convert(numbers[2], colors >> 16);
}

/// Twice the middle, low + high, and the extent, high − low, of eight siblings.
template <class Numbers>
[[gnu::always_inline]] inline void load_bounds(const sibling_bounds& bounds, Numbers (&twice_middle)[3],
                                               Numbers (&extent)[3]) {
    simd<packed_color, 4 * max_siblings> low, range;
    load(low, &bounds.low[0]);
    load(range, &bounds.extent[0]);
    unpack_lanes(low, twice_middle);
    unpack_lanes(range, extent);
#pragma GCC unroll 4
    for (int c = 0; c < 3; ++c) twice_middle[c] = twice_middle[c] + twice_middle[c] + extent[c];
}

/// The same in steps.
template <class Numbers>
[[gnu::always_inline]] inline void load_bounds(const sibling_step_bounds& bounds, Numbers (&twice_middle)[3],
                                               Numbers (&extent)[3]) {
#pragma GCC unroll 4
    for (int c = 0; c < 3; ++c) {
        load(twice_middle[c], &bounds.low[c][0]);
        load(extent[c], &bounds.extent[c][0]);
        twice_middle[c] = twice_middle[c] + twice_middle[c] + extent[c];
    }
}

/// Where the coordinates of a leaf's colours count from, and the largest of them.
struct leaf_frame {
    double corner[3];
    double extent[3];  ///< coordinates are 0 to these; of bytes, each is the largest of all three
    double max_coordinate;
};

/// The frame of leaf `box` of a level.
[[gnu::always_inline]] inline void load_frame(const color_level<sibling_bounds>& level, std::uint32_t box,
                                              leaf_frame& frame) {
    unpack(level.boxes[box].corner, &frame.corner[0]);
    frame.max_coordinate = level.boxes[box].max_coordinate;
    frame.extent[0] = frame.extent[1] = frame.extent[2] = frame.max_coordinate;
}
[[gnu::always_inline]] inline void load_frame(const color_level<sibling_step_bounds>& level, std::uint32_t box,
                                              leaf_frame& frame) {
    const sibling_step_bounds& bounds = level.bounds[box / max_siblings];
    frame.max_coordinate = 0;
#pragma GCC unroll 4
    for (int c = 0; c < 3; ++c) {
        frame.extent[c] = static_cast<double>(bounds.extent[c][box % max_siblings]);
        frame.corner[c] = static_cast<double>(bounds.low[c][box % max_siblings]);
        if (frame.extent[c] > frame.max_coordinate) frame.max_coordinate = frame.extent[c];
    }
}

/// Coordinate c of one colour, from the leaf's corner.
inline std::int32_t coordinate(const color_octet& octet, std::uint32_t lane, std::size_t c) {
    return octet.coordinates[lane] >> 8 * c & 255;
}
inline std::int32_t coordinate(const step_octet& octet, std::uint32_t lane, std::size_t c) {
    return octet.coordinates[c][lane];
}

/// As many colours of one octet, from `lane` on, as a vector of Bytes has Numbers. Coordinates count from the leaf's
/// corner.
template <class Number, int Bytes, class Octet = color_octet>
struct color_lanes {
    static constexpr std::uint32_t wanted = Bytes / sizeof(Number);
    static constexpr std::uint32_t count = wanted < octet_size ? wanted : octet_size;
    using numbers = simd<Number, static_cast<int>(count * sizeof(Number))>;
    using terms = numbers;  ///< of sums

    [[gnu::always_inline]] inline color_lanes(const color_octet& octet, std::uint32_t lane) {
        simd<std::int32_t, static_cast<int>(count) * 4> coordinates, weights;
        load(coordinates, &octet.coordinates[lane]);
        load(weights, &octet.weights[lane]);
        unpack_lanes(coordinates, x);
        convert(weight, weights);
    }

    /// distance = |x − point|².
    template <class Coordinate>
    [[gnu::always_inline]] inline void squared_distance(numbers& distance, const Coordinate* point) const {
        distance = numbers{};
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) {
            const numbers difference = x[c] - static_cast<Number>(point[c]);
            distance += difference * difference;
        }
    }

    [[gnu::always_inline]] inline const terms& term(int c) const { return x[c]; }

    numbers x[3];
    terms weight;
};

/// The same in steps. Beside floats, sums are of integers of 32 bits.
template <class Number, int Bytes>
struct color_lanes<Number, Bytes, step_octet> {
    static constexpr std::uint32_t count = Bytes / sizeof(Number);
    using numbers = simd<Number, Bytes>;
    using integers = simd<std::int32_t, static_cast<int>(count) * 4>;
    static constexpr bool in_integers = std::is_same_v<Number, float>;
    using terms = std::conditional_t<in_integers, integers, numbers>;

    [[gnu::always_inline]] inline color_lanes(const step_octet& octet, std::uint32_t lane) {
        integers weights;
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) {
            load(steps[c], &octet.coordinates[c][lane]);
            convert(x[c], steps[c]);
        }
        load(weights, &octet.weights[lane]);
        convert(weight, weights);
    }

    [[gnu::always_inline]] inline const terms& term(int c) const {
        if constexpr (in_integers)
            return steps[c];
        else
            return x[c];
    }

    integers steps[3];
    numbers x[3];
    terms weight;
};

template <class Vector>
[[gnu::always_inline]] inline double sum_of_lanes(const Vector& lanes) {
    double sum = 0;
#pragma GCC unroll 8
    for (int l = 0; l < static_cast<int>(lanes_of<Vector>); ++l) sum += static_cast<double>(lanes[l]);
    return sum;
}

/// sums[q] = the sum of the lanes of vectors[q]. Vectors of eight lanes are first added up to four:
///
///     a0 a1 a2 a3 | a4 a5 a6 a7  ->  a0+a4 a1+a5 a2+a6 a3+a7,  the same for b, c, d;  then one sum of lanes for each
template <class Vector>
[[gnu::always_inline]] inline void sums_of_lanes(double* sums, const Vector (&vectors)[4]) {
    constexpr std::size_t lanes = lanes_of<Vector>;
    using number = std::decay_t<decltype(std::declval<Vector&>()[0])>;
    if constexpr (lanes == 8) {
        number row[lanes];
        simd<number, 4 * static_cast<int>(sizeof(number))> total, other, halves[4];
#pragma GCC unroll 4
        for (int q = 0; q < 4; ++q) {
            store(&row[0], vectors[q]);
            load(halves[q], &row[0]);
            load(other, &row[4]);
            halves[q] += other;
        }
        horizontal_add4(total, halves);
#pragma GCC unroll 4
        for (int q = 0; q < 4; ++q) sums[q] = static_cast<double>(total[q]);
    } else {
#pragma GCC unroll 4
        for (int q = 0; q < 4; ++q) sums[q] = sum_of_lanes(vectors[q]);
    }
}

template <class Vector>
[[gnu::always_inline]] inline double min_lane(const Vector& lanes) {
    auto smallest = lanes[0];
#pragma GCC unroll 8
    for (int l = 1; l < static_cast<int>(lanes_of<Vector>); ++l) smallest = lanes[l] < smallest ? lanes[l] : smallest;
    return static_cast<double>(smallest);
}

template <class Vector>
[[gnu::always_inline]] inline double max_lane(const Vector& lanes) {
    return -min_lane(Vector(Vector{} - lanes));
}

}  // namespace lloyd::inline v0::detail
