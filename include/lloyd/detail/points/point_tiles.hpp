// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Points and centers in single precision and in the order of score_kernel.
///
/// Both are taken relative to a middle of the data, so that nothing is lost where the data lies far from the origin.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A point amid the data: the mean of at most 1024 of its points, evenly spread.
template <class T>
buffer<double> middle_of(const point_set<T>& points) {
    constexpr std::ptrdiff_t most = 1024;
    const auto count = (std::min)(points.size(), most);
    buffer<double> middle(static_cast<std::size_t>(points.channels()), 0.0), point(middle.size());
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        points.read_point(i * (points.size() / count), point.data());
        for (std::size_t c = 0; c < middle.size(); ++c) middle[c] += point[c];
    }
    for (double& c : middle) c /= static_cast<double>(count);
    return middle;
}

/// |x|² of the points of a tile, where somebody asks for it. Returns the largest, and above what is true by as much as
/// sums in float may have lost.
struct squares_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline float run(const float* planes, std::ptrdiff_t channels, float* squares) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(float);
        simd<float, Bytes> most = {};
        for (std::ptrdiff_t i = 0; i < points_per_tile; i += lanes) {
            simd<float, Bytes> square = {}, x;
            for (std::ptrdiff_t c = 0; c < channels; ++c) {
                load(x, planes + c * points_per_tile + i);
                square += x * x;
            }
            if (squares != nullptr) store(squares + i, square);
            max_in_place(most, square);
        }
        float largest = 0;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) largest = (std::max)(largest, static_cast<float>(most[l]));
        return largest * (1 + static_cast<float>(channels + 4) * 0x1p-23F);
    }
};

/// Every point of a set, rounded: 4 bytes for each coordinate, and the most that a call of kmeans keeps besides labels.
class point_tiles {
public:
    template <class T>
    point_tiles(const point_set<T>& points, thread_team& team)
        : channels_(points.channels()),
          middle_(middle_of(points)),
          planes_(static_cast<std::size_t>(tiles(points.size()) * points_per_tile * channels_) + padding),
          reach_(static_cast<std::size_t>(tiles(points.size()))) {
        const auto chunk_tiles = points.blocks_per_chunk(1) * points.block_size() / points_per_tile;
        team.for_each(static_cast<std::size_t>(points.chunks(1)), [&](std::size_t chunk) {
            const auto first = static_cast<std::ptrdiff_t>(chunk) * chunk_tiles;
            const auto end = (std::min)(first + chunk_tiles, tiles(points.size()));
            for (auto t = first; t < end; ++t) fill(points, t);
            for (auto t = first; t < end; ++t)  // not yet above, where stores are still on their way
                reach_.data()[t] =
                    run_kernel<squares_kernel>(begin() + t * points_per_tile * channels_, channels_, nullptr);
        });
    }

    /// The tiles of points `first`, a multiple of points_per_tile, to first + count − 1.
    tiled_points at(std::ptrdiff_t first, std::ptrdiff_t count) const {
        return {begin() + first * channels_, reach_.data() + first / points_per_tile, tiles(count), channels_};
    }
    std::ptrdiff_t channels() const { return channels_; }
    const double* middle() const { return middle_.data(); }

private:
    static constexpr std::size_t line = 64, padding = line / sizeof(float);

    static std::ptrdiff_t tiles(std::ptrdiff_t points) { return (points + points_per_tile - 1) / points_per_tile; }

    /// Planes begin at a line of the cache: vectors that cross one are read at half the speed.
    float* begin() const {
        const auto past = reinterpret_cast<std::uintptr_t>(planes_.data()) % line;
        return planes_.data() + (line - past) % line / sizeof(float);
    }

    template <class T>
    void fill(const point_set<T>& points, std::ptrdiff_t tile) const {
        const auto first = tile * points_per_tile;
        float* planes = begin() + first * channels_;
        const auto count = (std::min)(points_per_tile, points.size() - first);
        if (count < points_per_tile) std::fill_n(planes, points_per_tile * channels_, 0.0F);
        points.for_each_run(first, count, [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
            switch (channels_) {
                case 1: return round_run<1>(from, n, points.scale, planes + done);
                case 2: return round_run<2>(from, n, points.scale, planes + done);
                case 3: return round_run<3>(from, n, points.scale, planes + done);
                default: return round_run<0>(from, n, points.scale, planes + done);
            }
        });
    }

    /// Channels > 0 are fixed.
    template <int Channels, class T>
    void round_run(const T* from, std::ptrdiff_t n, double scale, float* planes) const {
        const std::ptrdiff_t channels = Channels > 0 ? Channels : channels_;
        const double* middle = middle_.data();
        for (std::ptrdiff_t i = 0; i < n; ++i, from += channels) {
#pragma GCC unroll 4
            for (std::ptrdiff_t c = 0; c < channels; ++c)
                planes[c * points_per_tile + i] = static_cast<float>(static_cast<double>(from[c]) * scale - middle[c]);
        }
    }

    std::ptrdiff_t channels_;
    buffer<double> middle_;
    buffer<float> planes_;
    buffer<float> reach_;
};

/// The centers of one step.
class center_groups {
public:
    center_groups(const buffer<double>& centers, std::ptrdiff_t channels, const double* middle)
        : groups_((static_cast<std::ptrdiff_t>(centers.size()) / channels + centers_per_group - 1) / centers_per_group),
          coordinates_(static_cast<std::size_t>(groups_ * centers_per_group * channels), 0.0F),
          halves_(static_cast<std::size_t>(groups_ * centers_per_group), nowhere),
          indices_(halves_.size()) {
        for (std::size_t j = 0; j < indices_.size(); ++j) indices_[j] = static_cast<std::int32_t>(j);
        double longest = 0;
        for (std::ptrdiff_t j = 0; j * channels < static_cast<std::ptrdiff_t>(centers.size()); ++j) {
            float* to =
                coordinates_.data() + j / centers_per_group * centers_per_group * channels + j % centers_per_group;
            double square = 0;
            for (std::ptrdiff_t c = 0; c < channels; ++c) {
                const double x = centers.data()[j * channels + c] - middle[c];
                to[c * centers_per_group] = static_cast<float>(x);
                square += x * x;
            }
            halves_.data()[j] = static_cast<float>(square / 2);
            longest = (std::max)(longest, square);
        }
        near_ = longest < farthest;
        reach_ = near_ ? static_cast<float>(longest) * (1 + 0x1p-20F) + least : 0;
    }

    /// Whether scores can be told in floats. Centers that are not, no means of the data, need another way.
    bool fit() const { return near_; }

    grouped_centers view() const { return {coordinates_.data(), halves_.data(), indices_.data(), groups_, reach_}; }

private:
    static constexpr float nowhere = 0x1p100F;  ///< half the square of centers that are none
    static constexpr double farthest = 0x1p80;  ///< squares; those of the data are near 1
    static constexpr float least = 0x1p-100F;   ///< above what products in float may lose by vanishing

    std::ptrdiff_t groups_;
    buffer<float> coordinates_;
    buffer<float> halves_;
    buffer<std::int32_t> indices_;
    float reach_ = 0;
    bool near_ = true;
};

}  // namespace lloyd::inline v0::detail
