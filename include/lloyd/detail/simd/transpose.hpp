// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Transposes points, whose coordinates lie side by side, into planes of one coordinate each: in squares of as many
/// points as coordinates, which stay in registers.
#pragma once

#include <cstddef>
#include <utility>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// One stage of a butterfly transpose: swaps the odd groups of Step lanes of row r with the even groups of row r +
/// Step.
template <std::size_t Step, std::size_t Row, class Vector, std::size_t... Lane>
[[gnu::always_inline]] inline void swap_lane_groups(Vector (&rows)[sizeof...(Lane)], std::index_sequence<Lane...>) {
    if constexpr ((Row & Step) == 0) {
        constexpr std::size_t lanes = sizeof...(Lane);
        const Vector a = rows[Row], b = rows[Row + Step];
        shuffle<static_cast<int>((Lane & Step) == 0 ? Lane : lanes + Lane - Step)...>(rows[Row], a, b);
        shuffle<static_cast<int>((Lane & Step) == 0 ? Lane + Step : lanes + Lane)...>(rows[Row + Step], a, b);
    }
}

/// Swaps lane i of row j with lane j of row i, by log2(rows) stages.
template <std::size_t Step, class Vector, std::size_t... Row>
[[gnu::always_inline]] inline void transpose(Vector (&rows)[sizeof...(Row)], std::index_sequence<Row...> all) {
    if constexpr (Step < sizeof...(Row)) {
        (swap_lane_groups<Step, Row>(rows, all), ...);
        transpose<2 * Step>(rows, all);
    }
}

/// planes[c · stride + i] = scale · coordinate c of point i. The last coordinates use shorter vectors, but for three,
/// which are read with the next one behind them. Prefetches the points `stride` farther on, of the `reachable` ones from
/// `points`. (Parameter packs, because g++ keeps an array in registers only where no loop variable indexes it.)
template <class T>
struct point_planes_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const T* points, std::ptrdiff_t count, std::ptrdiff_t reachable,
                                           std::ptrdiff_t channels, double scale, double* planes,
                                           std::ptrdiff_t stride) {
        take<Bytes>(points, count, reachable, channels, channels, scale, planes, stride);
    }

private:
    /// Transposes the first `wanted` coordinates.
    template <int Bytes>
    [[gnu::always_inline]] static void take(const T* points, std::ptrdiff_t count, std::ptrdiff_t reachable,
                                            std::ptrdiff_t channels, std::ptrdiff_t wanted, double scale,
                                            double* planes, std::ptrdiff_t stride) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
        for (; wanted >= lanes; wanted -= lanes, points += lanes, planes += lanes * stride)
            turn_all<Bytes, lanes>(points, count, reachable, channels, scale, planes, stride);
        if constexpr (lanes == 4)
            if (wanted == 3) return turn_all<Bytes, 3>(points, count, reachable, channels, scale, planes, stride);
        if constexpr (lanes > 2)
            take<Bytes / 2>(points, count, reachable, channels, wanted, scale, planes, stride);
        else
            copy(points, count, channels, wanted, scale, planes, stride);
    }

    /// The first `Wanted` coordinates of all points, one fewer than the lanes of a vector or as many.
    template <int Bytes, std::ptrdiff_t Wanted>
    [[gnu::always_inline]] static void turn_all(const T* points, std::ptrdiff_t count, std::ptrdiff_t reachable,
                                                std::ptrdiff_t channels, double scale, double* planes,
                                                std::ptrdiff_t stride) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double), line = 64 / sizeof(T);
        const auto points_per_line = line > channels ? line / channels : std::ptrdiff_t{1};
        std::ptrdiff_t i = 0;
        for (; i + 2 * lanes - Wanted <= count; i += lanes) {
            const T* from = points + i * channels;
            if (i + lanes + stride <= reachable)
                for (std::ptrdiff_t k = stride; k < stride + lanes; k += points_per_line) prefetch(from + k * channels);
            turn<Bytes, Wanted>(from, channels, scale, planes + i, stride,
                                std::make_index_sequence<Bytes / sizeof(double)>());
        }
        copy(points + i * channels, count - i, channels, Wanted, scale, planes + i, stride);
    }

    template <int Bytes, std::size_t Wanted, std::size_t... Row>
    [[gnu::always_inline]] static void turn(const T* points, std::ptrdiff_t channels, double scale, double* planes,
                                            std::ptrdiff_t stride, std::index_sequence<Row...> all) {
        simd<double, Bytes> rows[sizeof...(Row)];
        (load_converted<true>(rows[Row], points + static_cast<std::ptrdiff_t>(Row) * channels, 0), ...);
        transpose<1>(rows, all);
        ((Row < Wanted ? store(planes + static_cast<std::ptrdiff_t>(Row) * stride, rows[Row] * scale) : void()), ...);
    }

    [[gnu::always_inline]] static void copy(const T* points, std::ptrdiff_t count, std::ptrdiff_t channels,
                                            std::ptrdiff_t wanted, double scale, double* planes,
                                            std::ptrdiff_t stride) {
        for (std::ptrdiff_t c = 0; c < wanted; ++c)
            for (std::ptrdiff_t i = 0; i < count; ++i)
                planes[c * stride + i] = static_cast<double>(points[i * channels + c]) * scale;
    }
};

}  // namespace lloyd::inline v0::detail
