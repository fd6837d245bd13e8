// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A vector of colours of one cube of the tree, as floats or doubles.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/color_tree.hpp>
#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Coordinates are whole numbers counted from the cube's corner. A cube's places are a multiple of `count`.
template <class Number, int Bytes>
struct color_lanes {
    static constexpr std::ptrdiff_t wanted = Bytes / sizeof(Number);
    static constexpr std::ptrdiff_t count = wanted < widest_lanes ? wanted : widest_lanes;
    using numbers = vector<Number, static_cast<int>(count) * static_cast<int>(sizeof(Number))>;

    [[gnu::always_inline]] inline color_lanes(const color_tree& tree, std::ptrdiff_t place) {
        vector<std::int32_t, static_cast<int>(count) * 4> packed, weights;
        load(packed, static_cast<const std::int32_t*>(tree.coordinates.data()) + place);
        load(weights, static_cast<const std::int32_t*>(tree.weights.data()) + place);
        convert(x[0], packed & 255);
        convert(x[1], packed >> 8 & 255);
        convert(x[2], packed >> 16);
        convert(weight, weights);
    }

    template <class Coordinate>
    [[gnu::always_inline]] inline void squared_distance(numbers& distance, const Coordinate* point) const {
        distance = numbers{};
        for (int c = 0; c < 3; ++c) {
            const numbers difference = x[c] - static_cast<Number>(point[c]);
            distance += difference * difference;
        }
    }

    numbers x[3];
    numbers weight;
};

template <class Vector>
[[gnu::always_inline]] inline double sum_of_lanes(const Vector& lanes) {
    double sum = 0;
    for (int l = 0; l < static_cast<int>(lanes_of<Vector>); ++l) sum += static_cast<double>(lanes[l]);
    return sum;
}

template <class Vector>
[[gnu::always_inline]] inline double least_lane(const Vector& lanes) {
    auto least = lanes[0];
    for (int l = 1; l < static_cast<int>(lanes_of<Vector>); ++l) least = lanes[l] < least ? lanes[l] : least;
    return static_cast<double>(least);
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
