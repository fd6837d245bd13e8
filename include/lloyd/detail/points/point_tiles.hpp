// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Points and centers in single precision, laid out as score_kernel reads them.
///
/// Both are stored relative to the middle of the data, so that data far from the origin keeps its digits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/kmeans_common/move_kernel.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The mean of at most 1024 points, evenly spread over the data.
inline buffer<double> middle_of(const point_set& points) {
    constexpr std::ptrdiff_t max_count = 1024;
    const auto count = (std::min)(points.size(), max_count);
    buffer<double> middle(static_cast<std::size_t>(points.channels()), 0.0), point(middle.size());
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        points.read_point(i * (points.size() / count), point.data());
        for (std::size_t c = 0; c < middle.size(); ++c) middle[c] += point[c];
    }
    for (double& c : middle) c /= static_cast<double>(count);
    return middle;
}

/// Returns the largest |x|² of a tile's points, rounded up by more than the sums in float can have lost. Writes |x|² of
/// each point to `squares`, unless that is nullptr.
struct squares_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline float run(const float* planes, std::ptrdiff_t channels, float* squares) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(float);
        simd<float, Bytes> max_squares = {};
        for (std::ptrdiff_t i = 0; i < points_per_tile; i += 4 * lanes) {
            simd<float, Bytes> some[4] = {}, x;  // each sum waits for its last addition
            for (std::ptrdiff_t c = 0; c < channels; ++c) {
#pragma GCC unroll 4
                for (std::ptrdiff_t v = 0; v < 4; ++v) {
                    load(x, planes + c * points_per_tile + i + v * lanes);
                    some[v] += x * x;
                }
            }
#pragma GCC unroll 4
            for (std::ptrdiff_t v = 0; v < 4; ++v) {
                if (squares != nullptr) store(squares + i + v * lanes, some[v]);
                max_in_place(max_squares, some[v]);
            }
        }
        float largest = 0;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) largest = (std::max)(largest, static_cast<float>(max_squares[l]));
        return largest * (1 + static_cast<float>(channels + 4) * 0x1p-23F);
    }
};

/// Room for tiles of points of few channels, which are converted when they are read.
struct alignas(64) tile_room {
    static constexpr std::ptrdiff_t max_channels = 3;
    float planes[max_channels * point_set::max_range];
    float max_squared_norms[point_set::max_range / points_per_tile];
};

/// Fills tiles with rows of 2 or 3 floats. Reads up to 2 numbers behind the last row.
struct row_tiles_kernel {
    static constexpr int max_bytes = 16;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const float* rows, std::ptrdiff_t tiles, std::ptrdiff_t channels,
                                                  float scale, const float* middle, tile_room& to) {
        constexpr std::ptrdiff_t lanes = 4;
        const auto ahead = point_set::max_range * channels;
        simd<float, 16> middle_x, middle_y, middle_z;
        broadcast(middle_x, middle[0]);
        broadcast(middle_y, middle[1]);
        broadcast(middle_z, middle[channels - 1]);
        float* planes = to.planes;
        for (std::ptrdiff_t t = 0; t < tiles; ++t, planes += (channels - 1) * points_per_tile) {
            simd<float, 16> largest = {};
            for (std::ptrdiff_t i = 0; i < points_per_tile; i += lanes, rows += lanes * channels, planes += lanes) {
                simd<float, 16> a, b, c, d, low, high, x, square;
                load(a, rows);
                load(b, rows + channels);
                load(c, rows + 2 * channels);
                load(d, rows + 3 * channels);
                prefetch(rows + ahead);
                shuffle<0, 4, 1, 5>(low, a, b);
                shuffle<0, 4, 1, 5>(high, c, d);
                shuffle<0, 1, 4, 5>(x, low, high);
                rounded(x, x * scale);
                x = x - middle_x;
                store(planes, x);
                square = x * x;
                shuffle<2, 3, 6, 7>(x, low, high);
                rounded(x, x * scale);
                x = x - middle_y;
                store(planes + points_per_tile, x);
                square = square + x * x;
                if (channels == 3) {
                    shuffle<2, 6, 3, 7>(low, a, b);
                    shuffle<2, 6, 3, 7>(high, c, d);
                    shuffle<0, 1, 4, 5>(x, low, high);
                    rounded(x, x * scale);
                    x = x - middle_z;
                    store(planes + 2 * points_per_tile, x);
                    square = square + x * x;
                }
                max_in_place(largest, square);
            }
            float square = 0;
            for (int l = 0; l < lanes; ++l) square = (std::max)(square, static_cast<float>(largest[l]));
            to.max_squared_norms[t] = square * (1 + 0x1p-20F);
        }
    }
};

/// Whether tiles are filled once, or each time they are read. (hamerly_assignment, of many centers, reads kept ones.)
enum class tile_storage { kept, streamed };

/// How points of floats that are read once are best tiled: converting few channels costs less than reading tiles.
inline tile_storage storage_of_floats(const point_set& points) {
    return points.channels() == 2 || points.channels() == 3 ? tile_storage::streamed : tile_storage::kept;
}

/// All points of a set, rounded to float. Takes 4 bytes for each coordinate: besides the labels, the largest array of a
/// call of kmeans. Floats of 2 or 3 channels can be streamed.
template <class = deferred>
class point_tiles {
public:
    point_tiles(const point_set& points, thread_team& team, tile_storage storage = tile_storage::kept)
        : points_(points),
          channels_(points.channels()),
          are_kept_(storage == tile_storage::kept),
          middle_(middle_of(points)) {
        if (!are_kept_) {
            for (double& c : middle_) c = static_cast<double>(static_cast<float>(c));
            return;
        }
        planes_ = buffer<float>(static_cast<std::size_t>(tiles(points.size()) * points_per_tile * channels_) + padding);
        max_squared_norms_ = buffer<float>(static_cast<std::size_t>(tiles(points.size())));
        const auto chunk_tiles = points.blocks_per_chunk(1) * points.block_size() / points_per_tile;
        team.for_each(static_cast<std::size_t>(points.chunks(1)), [&](std::size_t chunk) {
            const auto first = static_cast<std::ptrdiff_t>(chunk) * chunk_tiles;
            const auto end = (std::min)(first + chunk_tiles, tiles(points.size()));
            buffer<double> doubles(static_cast<std::size_t>(points_per_tile * channels_));
            for (auto t = first; t < end; ++t)
                fill(t * points_per_tile, begin() + t * points_per_tile * channels_, doubles.data());
            for (auto t = first; t < end; ++t)  // not in the loop above: it would wait for the stores just made
                max_squared_norms_[t] =
                    run_kernel<squares_kernel>(begin() + t * points_per_tile * channels_, channels_, nullptr);
        });
    }

    /// The tiles of points `first`, a multiple of points_per_tile, to first + count − 1.
    tiled_points at(std::ptrdiff_t first, std::ptrdiff_t count) const {
        return {begin() + first * channels_, max_squared_norms_.data() + first / points_per_tile, tiles(count),
                channels_};
    }
    /// The same of at most max_range points, in `room` where tiles are not kept.
    tiled_points at(std::ptrdiff_t first, std::ptrdiff_t count, tile_room& room) const {
        if (are_kept_) return at(first, count);
        std::ptrdiff_t filled = 0;
        const auto read = (std::min)(count + 1, points_.size() - first);
        points_.for_each_run(first, read, [&](const point_row& row, std::ptrdiff_t done, std::ptrdiff_t n) {
            if (done > 0) return;
            const float middle[] = {static_cast<float>(middle_[0]), static_cast<float>(middle_[1]),
                                    static_cast<float>(middle_[channels_ - 1])};
            filled = (std::min)(count, n - 1) / points_per_tile;
            run_kernel<row_tiles_kernel>(static_cast<const float*>(row.points), filled, channels_,
                                         static_cast<float>(row.scale), middle, room);
        });
        for (; filled < tiles(count); ++filled) {
            double doubles[tile_room::max_channels * points_per_tile];
            float* planes = &room.planes[filled * points_per_tile * channels_];
            fill(first + filled * points_per_tile, planes, doubles);
            room.max_squared_norms[filled] = run_kernel<squares_kernel>(planes, channels_, nullptr);
        }
        return {room.planes, room.max_squared_norms, filled, channels_};
    }
    bool are_kept() const { return are_kept_; }
    std::ptrdiff_t channels() const { return channels_; }
    /// `channels` coordinates, which were subtracted from those of every point.
    const double* middle() const { return middle_.data(); }
    /// Coordinate c of a point as it lies in a tile.
    float rounded(double x, std::ptrdiff_t c) const {
        return are_kept_ ? static_cast<float>(x - middle_[c]) : static_cast<float>(x) - static_cast<float>(middle_[c]);
    }

private:
    static constexpr std::size_t line = 64, padding = line / sizeof(float);

    static std::ptrdiff_t tiles(std::ptrdiff_t points) { return divide_up(points, points_per_tile); }

    /// Planes are aligned to a cache line: a vector that crosses one is read at half the speed.
    float* begin() const {
        const auto past = reinterpret_cast<std::uintptr_t>(planes_.data()) % line;
        return planes_.data() + (line - past) % line / sizeof(float);
    }

    /// Rounds the points of the tile from `first` on. `doubles` has room for them.
    void fill(std::ptrdiff_t first, float* planes, double* doubles) const {
        const auto count = (std::min)(points_per_tile, points_.size() - first);
        points_.read_planes(first, count, doubles, points_per_tile);
        for (std::ptrdiff_t c = 0; c < channels_; ++c, planes += points_per_tile, doubles += points_per_tile) {
            for (auto i = count; i < points_per_tile; ++i) doubles[i] = middle_[c];
            for (std::ptrdiff_t i = 0; i < points_per_tile; ++i) planes[i] = rounded(doubles[i], c);
        }
    }

    const point_set& points_;
    std::ptrdiff_t channels_;
    bool are_kept_;
    buffer<double> middle_;
    buffer<float> planes_{};
    buffer<float> max_squared_norms_{};  ///< of each tile
};

/// The centers of one step, rounded to float.
class center_groups {
public:
    center_groups(const buffer<double>& centers, std::ptrdiff_t channels, const double* middle)
        : groups_(divide_up(static_cast<std::ptrdiff_t>(centers.size()) / channels, centers_per_group)),
          coordinates_(static_cast<std::size_t>(groups_ * centers_per_group * channels), 0.0F),
          half_squares_(static_cast<std::size_t>(groups_ * centers_per_group), never_nearest),
          indices_(half_squares_.size()) {
        for (std::size_t j = 0; j < indices_.size(); ++j) indices_[j] = static_cast<std::int32_t>(j);
        double max_square = 0;
        for (std::ptrdiff_t j = 0; j * channels < static_cast<std::ptrdiff_t>(centers.size()); ++j) {
            float* to =
                coordinates_.data() + j / centers_per_group * centers_per_group * channels + j % centers_per_group;
            double square = 0;
            for (std::ptrdiff_t c = 0; c < channels; ++c) {
                const double x = centers[j * channels + c] - middle[c];
                to[c * centers_per_group] = static_cast<float>(x);
                square += x * x;
            }
            half_squares_[j] = static_cast<float>(square / 2);
            max_square = (std::max)(max_square, square);
        }
        fit_float_ = max_square < square_limit;
        max_squared_norm_ = fit_float_ ? static_cast<float>(max_square) * (1 + 0x1p-20F) + underflow_margin : 0;
    }

    /// Whether scores with these centers can be computed in float. Only centers far from the data, which are no means
    /// of it, do not fit.
    bool fit_float() const { return fit_float_; }

    grouped_centers view() const {
        return {coordinates_.data(), half_squares_.data(), indices_.data(), groups_, max_squared_norm_};
    }

private:
    static constexpr float never_nearest = 0x1p100F;      ///< |c|²/2 of the surplus centers of the last group
    static constexpr double square_limit = 0x1p80;        ///< of |c|²; the largest |x|² are near 1
    static constexpr float underflow_margin = 0x1p-100F;  ///< above what products of floats may lose by underflow

    std::ptrdiff_t groups_;
    buffer<float> coordinates_;
    buffer<float> half_squares_;
    buffer<std::int32_t> indices_;
    float max_squared_norm_ = 0;
    bool fit_float_ = true;
};

/// Labels `count` points from `first` on, a multiple of points_per_tile: the nearest center, or a negative number where
/// scores leave it uncertain. Returns whether any is uncertain. `labels` has room for full tiles.
template <class = deferred>
bool label_by_scores(const point_tiles<>& tiles, const center_groups& centers, std::ptrdiff_t first,
                     std::ptrdiff_t count, std::int32_t* labels) {
    tile_room room;
    if (centers.fit_float())
        return run_kernel<score_kernel>(tiles.at(first, count, room), centers.view(), scored_points{labels});
    std::fill_n(labels, count, -1);
    return true;
}

}  // namespace lloyd::inline v0::detail
