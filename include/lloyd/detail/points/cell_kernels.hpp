// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Kernels over the points of a cell of a grid, and over all centers for its box.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/kmeans_common/bins.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/simd/transpose.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The points of a cell lie in tiles: a plane for each of 2 or 3 coordinates, and one for the numbers of the points.
struct point_cell {
    std::ptrdiff_t first = 0;  ///< its first place, a multiple of points_per_tile
    std::ptrdiff_t count = 0;  ///< of its points; the places behind them, in the last tile, are 0
    float middle[3] = {};      ///< of the smallest box around the points, relative to the middle of the data
    float half[3] = {};        ///< half the extent of that box
    float max_square = 0;      ///< no |x|² of a point is larger
    double sums[8] = {};       ///< see cell_sums_kernel
};

/// Turns records (x, y, z, number) into tiles of planes, in place, and finds their box. Reads a number behind the last.
struct cell_planes_kernel {
    static constexpr int max_bytes = 16;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(float* records, std::ptrdiff_t channels, const float* middle,
                                                  point_cell& cell) {
        simd<float, 16> low[3], high[3];
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) {
            broadcast(low[c], records[c]);
            high[c] = low[c];
        }
        const auto fields = channels + 1, size = points_per_tile * fields;
        float tile[4 * points_per_tile + 1];
        for (std::ptrdiff_t first = 0; first < cell.count; first += points_per_tile, records += size) {
            const auto count = (std::min)(points_per_tile, cell.count - first);
            std::memcpy(&tile[0], records, static_cast<std::size_t>(count * fields) * sizeof(float));
            for (auto i = count * fields; i < size; ++i) tile[i] = tile[i - fields];
            for (std::ptrdiff_t i = 0; i < points_per_tile; i += 4) {
                simd<float, 16> rows[4];
#pragma GCC unroll 4
                for (int r = 0; r < 4; ++r) load(rows[r], &tile[(i + r) * fields]);
                transpose<1>(rows, std::make_index_sequence<4>());
#pragma GCC unroll 4
                for (int c = 0; c < 3; ++c) {
                    min_in_place(low[c], rows[c]);
                    max_in_place(high[c], rows[c]);
                    store(records + c * points_per_tile + i, rows[c]);
                }
                if (fields == 4) store(records + 3 * points_per_tile + i, rows[3]);
            }
            for (std::ptrdiff_t c = 0; c < fields; ++c)
                std::fill_n(records + c * points_per_tile + count, points_per_tile - count, 0.0F);
        }
        for (std::ptrdiff_t c = 0; c < channels; ++c) {
            float from = low[c][0], to = high[c][0];
            for (int l = 1; l < 4; ++l) {
                from = (std::min)(from, static_cast<float>(low[c][l]));
                to = (std::max)(to, static_cast<float>(high[c][l]));
            }
            from -= middle[c];
            to -= middle[c];
            cell.middle[c] = (from + to) / 2;
            cell.half[c] = (to - from) / 2;
            const float farthest = (std::max)(-from, to);
            cell.max_square += farthest * farthest * (1 + 0x1p-20F);
        }
    }
};

/// The candidates of a cell.
struct cell_candidates {
    const float* centers;         ///< x, y, z and |c|²/2 of each, relative to the middle of the data
    const std::int32_t* indices;  ///< their labels
    std::ptrdiff_t count;
    float margin;  ///< scores that differ by more are in their true order
};

/// Labels the points of some tiles, as score_kernel does. Returns whether any label is uncertain.
struct cell_labels_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline bool run(const float* tiles, std::ptrdiff_t count, std::ptrdiff_t channels,
                                                  const float* middle, const cell_candidates& candidates,
                                                  std::int32_t* labels) {
        return channels == 2 ? run_for<Bytes, 2>(tiles, count, middle, candidates, labels)
                             : run_for<Bytes, 3>(tiles, count, middle, candidates, labels);
    }

private:
    template <int Bytes, std::size_t Channels>
    [[gnu::always_inline]] static inline bool run_for(const float* tiles, std::ptrdiff_t count, const float* middle,
                                                      const cell_candidates& candidates, std::int32_t* labels) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(float), fields = Channels + 1;
        const float* const centers = candidates.centers;
        const std::int32_t* const indices = candidates.indices;
        const auto number = candidates.count;
        simd<std::int32_t, Bytes> uncertain = {}, index;
        for (std::ptrdiff_t t = 0; t < count; ++t, tiles += fields * points_per_tile)
            for (std::ptrdiff_t i = 0; i < points_per_tile; i += 2 * lanes) {
                simd<float, Bytes> x[Channels], y[Channels], score;
                const float* from = tiles + i;
#pragma GCC unroll 4
                for (std::size_t c = 0; c < Channels; ++c, from += points_per_tile) {
                    load(x[c], from);
                    load(y[c], from + lanes);
                    x[c] = x[c] - middle[c];
                    y[c] = y[c] - middle[c];
                }
                two_best<Bytes> left, right;
                for (std::ptrdiff_t m = 0; m < number; ++m) {
                    broadcast(index, indices[m]);
                    score_point<Channels>(score, x, centers + 4 * m);
                    left.update(score, index);
                    score_point<Channels>(score, y, centers + 4 * m);
                    right.update(score, index);
                }
                left.store_labels(candidates.margin, {labels}, t * points_per_tile + i, uncertain);
                right.store_labels(candidates.margin, {labels}, t * points_per_tile + i + lanes, uncertain);
            }
        bool any_uncertain = false;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) any_uncertain = any_uncertain || uncertain[l] < 0;
        return any_uncertain;
    }

    template <std::size_t Channels, class Vector>
    [[gnu::always_inline]] static inline void score_point(Vector& score, const Vector (&x)[Channels],
                                                          const float* center) {
        broadcast(score, center[3]);
#pragma GCC unroll 4
        for (std::size_t c = 0; c < Channels; ++c) score = score - x[c] * center[c];
    }
};

/// Sums up the points of a cell without rounding: sums[c] is the sum of the first parts (those of add_part in move_kernel)
/// of coordinate c, sums[4 + c] that of the rests; behind the coordinates, those of 1 for each point.
struct cell_sums_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const float* tiles, std::ptrdiff_t channels, double rounder,
                                                  point_cell& cell) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
        for (std::ptrdiff_t c = 0; c < channels; ++c) {
            simd<double, Bytes> parts = {}, rests = {}, x, part;
            const float* plane = tiles + c * points_per_tile;
            for (std::ptrdiff_t i = 0; i < cell.count; i += points_per_tile, plane += (channels + 1) * points_per_tile)
                for (std::ptrdiff_t l = 0; l < points_per_tile; l += lanes) {
                    load_converted<true>(x, plane + l, 0);
                    rounded(part, x + rounder);
                    part = part - rounder;
                    parts = parts + part;
                    rests = rests + (x - part);
                }
            for (std::ptrdiff_t l = 0; l < lanes; ++l) {
                cell.sums[c] += parts[l];
                cell.sums[4 + c] += rests[l];
            }
        }
        double part;
        rounded(part, 1 + rounder);
        part -= rounder;
        cell.sums[channels] = part * static_cast<double>(cell.count);
        cell.sums[4 + channels] = (1 - part) * static_cast<double>(cell.count);
    }
};

/// Moves points from the sums of their old labels to those of the new ones, and updates the old: those at the places
/// `changed` of some tiles.
struct cell_moves_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const float* tiles, std::ptrdiff_t channels,
                                                  const std::int32_t* changed, std::ptrdiff_t count,
                                                  const std::int32_t* labels, std::int32_t* old, binned_rows sums) {
        constexpr std::ptrdiff_t row_size = 8;  // two bins of 4 doubles
        const simd<double, 32> zero = {};
        for (std::ptrdiff_t m = 0; m < count; ++m) {
            const std::ptrdiff_t i = changed[m];
            const float* point = tiles + i / points_per_tile * (channels + 1) * points_per_tile + i % points_per_tile;
            simd<double, 32> x = {}, part;
            x[0] = static_cast<double>(point[0]);
            x[1] = static_cast<double>(point[points_per_tile]);
            x[2] = channels > 2 ? static_cast<double>(point[2 * points_per_tile]) : 1;
            x[3] = channels > 2 ? 1 : 0;
            rounded(part, x + sums.rounder);
            part = part - sums.rounder;
            x = x - part;
            double* const rows = sums.rows + (m & 1) * sums.to_second;  // so that one point need not wait for the last
            const simd<double, 32> less_part = zero - part, less_rest = zero - x;
            add(rows + row_size * old[i], less_part, less_rest);
            add(rows + row_size * labels[i], part, x);
            old[i] = labels[i];
        }
    }

private:
    template <class Vector>
    [[gnu::always_inline]] static inline void add(double* row, const Vector& part, const Vector& rest) {
        Vector sum;
        load(sum, row);
        sum = sum + part;
        store(row, sum);
        load(sum, row + 4);
        sum = sum + rest;
        store(row + 4, sum);
    }
};

/// Centers with a plane for each coordinate.
struct center_planes {
    const float* coordinates;   ///< channels × stride
    const float* half_squares;  ///< |c|²/2; large for those past the last center
    std::ptrdiff_t stride;      ///< a multiple of 8, at most max_cell_centers
    std::ptrdiff_t channels;
};
inline constexpr std::ptrdiff_t max_cell_centers = 256;

/// Lists the centers that may be the nearest to a point of a cell, in order. Returns how many. They are all but those that
/// every corner of its box has farther away than `nearest`, the center nearest to the middle, by more than `margin`
/// (Kanungo et al. 2002).
struct candidates_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(const point_cell& cell, center_planes centers, float margin,
                                                            std::int32_t* candidates, std::int32_t& nearest) {
        constexpr int lanes = Bytes / static_cast<int>(sizeof(float));
        simd<float, Bytes> best, score, x;
        simd<std::int32_t, Bytes> best_index = {}, index, bit_of_lane;
        broadcast(best, (std::numeric_limits<float>::max)());
        for (int l = 0; l < lanes; ++l) {
            index[l] = l;
            bit_of_lane[l] = 1 << l;
        }
        float scores[max_cell_centers];
        for (std::ptrdiff_t j = 0; j < centers.stride; j += lanes, index = index + lanes) {
            load(score, centers.half_squares + j);
            for (std::ptrdiff_t c = 0; c < centers.channels; ++c) {
                load(x, centers.coordinates + c * centers.stride + j);
                score = score - x * cell.middle[c];
            }
            store(&scores[j], score);
            select(score < best, best_index, index);
            min_in_place(best, score);
        }
        nearest = best_index[0];
        float limit = best[0];
        for (int l = 1; l < lanes; ++l) {
            if (best[l] < limit) nearest = best_index[l];
            limit = (std::min)(limit, static_cast<float>(best[l]));
        }
        limit += margin;
        simd<float, Bytes> most;
        broadcast(most, limit);
        std::ptrdiff_t found = 0;
        for (std::ptrdiff_t j = 0; j < centers.stride; j += lanes) {
            load(score, &scores[j]);
            for (std::ptrdiff_t c = 0; c < centers.channels; ++c) {
                load(x, centers.coordinates + c * centers.stride + j);
                x = x - centers.coordinates[c * centers.stride + nearest];
                abs_in_place(x);
                score = score - x * cell.half[c];
            }
            const simd<std::int32_t, Bytes> lanes_in_reach = bit_of_lane & (score <= most);
            std::uint32_t bits;
            reduce_or(bits, lanes_in_reach);
            for (; bits != 0; bits &= bits - 1)
                candidates[found++] = static_cast<std::int32_t>(j + std::countr_zero(bits));
        }
        return found;
    }
};

}  // namespace lloyd::inline v0::detail
