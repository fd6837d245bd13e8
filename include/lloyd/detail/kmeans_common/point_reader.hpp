// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How the coordinates of points are read: all that the engine of K-Means on points has to know of their type. So the
/// engine is compiled once, for points of any type.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/kmeans_common/bins.hpp>
#include <lloyd/detail/kmeans_common/move_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/simd/transpose.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The functions that read points of one type of elements.
struct point_reader {
    /// planes[c · stride + i] = scale · coordinate c of point i, for `count` points. Prefetches the points `stride`
    /// farther on, of the `reachable` ones.
    void (*to_planes)(const point_row& row, std::ptrdiff_t count, std::ptrdiff_t reachable, double* planes,
                      std::ptrdiff_t stride);
    /// rows[m · channels + c] = scale · coordinate c of point indices[first + m], for `count` points. No indices: point
    /// first + m.
    void (*to_rows)(const point_row& row, const std::int32_t* indices, std::ptrdiff_t first, std::ptrdiff_t count,
                    double* rows);
    /// What move_kernel does.
    std::ptrdiff_t (*move)(const label_moves& moves, const binned_rows& sums);
};

template <class T>
struct point_rows_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const point_row& row, const std::int32_t* indices,
                                                  std::ptrdiff_t first, std::ptrdiff_t count, double* rows) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
        const auto* const points = static_cast<const T*>(row.points);
        const auto at_once = indices == nullptr ? count : std::ptrdiff_t{1}, length = at_once * row.channels;
        for (auto m = first; m < first + count; m += at_once, rows += length) {
            const T* from = points + (indices == nullptr ? m : indices[m]) * row.channels;
            std::ptrdiff_t c = 0;
            for (; c + lanes <= length; c += lanes) {
                simd<double, Bytes> x;
                load_converted<true>(x, from + c, 0);
                x = x * row.scale;
                store(rows + c, x);
            }
            for (; c < length; ++c) rows[c] = static_cast<double>(from[c]) * row.scale;
        }
    }
};

template <class T>
void read_planes(const point_row& row, std::ptrdiff_t count, std::ptrdiff_t reachable, double* planes,
                 std::ptrdiff_t stride) {
    run_kernel<point_planes_kernel<T>>(static_cast<const T*>(row.points), count, reachable, row.channels, row.scale,
                                       planes, stride);
}

template <class T>
void read_rows(const point_row& row, const std::int32_t* indices, std::ptrdiff_t first, std::ptrdiff_t count,
               double* rows) {
    run_kernel<point_rows_kernel<T>>(row, indices, first, count, rows);
}

/// How many points are read as rows at a time: a few KiB of doubles.
inline std::ptrdiff_t rows_at_once(std::ptrdiff_t channels) {
    return (std::max)(std::ptrdiff_t{2048} / channels, std::ptrdiff_t{1});
}

/// Room for so many.
inline buffer<double> row_room(std::ptrdiff_t channels) {
    return buffer<double>(static_cast<std::size_t>(rows_at_once(channels) * channels));
}

/// Reads `count` points as rows, to `room`, and calls use(first, n) whenever n points, from number `first` on, are there.
template <class Use>
void for_each_rows(const point_row& row, const std::int32_t* indices, std::ptrdiff_t count,
                   decltype(point_reader::to_rows) read, double* room, const Use& use) {
    const auto at_once = rows_at_once(row.channels);
    for (std::ptrdiff_t first = 0; first < count; first += at_once) {
        const auto n = (std::min)(at_once, count - first);
        read(row, indices, first, n, room);
        use(first, n);
    }
}

/// Calls use(moves) with some of the points at a time, read as rows.
template <class Use>
void gather_moves(const label_moves& moves, decltype(point_reader::to_rows) read, const Use& use) {
    label_moves some = moves;
    some.row = {moves.room, moves.row.channels, 1};
    some.are_gathered = true;
    const auto* indices = moves.labels == nullptr ? nullptr : moves.indices;
    for_each_rows(moves.row, indices, moves.count, read, moves.room, [&](std::ptrdiff_t first, std::ptrdiff_t n) {
        some.count = n;
        if (indices != nullptr) {
            some.indices = indices + first;
        } else {
            some.new_labels = moves.new_labels + first;
            if (moves.weights != nullptr) some.weights = moves.weights + first;
        }
        use(some);
    });
}

/// Points of float and double move as they lie. Integers are read as doubles first: that takes longer, and spares
/// callers another kernel.
template <class T>
std::ptrdiff_t move_points_of(const label_moves& moves, const binned_rows& sums) {
    if constexpr (std::is_floating_point_v<T>) {
        return run_kernel<move_kernel<T>>(moves, sums);
    } else {
        std::ptrdiff_t moved = 0;
        gather_moves(moves, read_rows<T>,
                     [&](const label_moves& some) { moved += run_kernel<move_kernel<double>>(some, sums); });
        return moved;
    }
}

template <class T>
inline constexpr point_reader reader_of = {read_planes<T>, read_rows<T>, move_points_of<T>};

}  // namespace lloyd::inline v0::detail
