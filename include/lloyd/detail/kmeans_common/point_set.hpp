// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Weighted points: the pixels of any image, read block by block into one plane for each coordinate.
///
/// A block is what a kernel reads at once; it fits the first-level cache. A chunk is what a thread takes at once: some
/// blocks. The number of chunks depends on the data alone, so that sums merged chunk by chunk are the same for any
/// number of threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/kmeans_common/bins.hpp>
#include <lloyd/detail/kmeans_common/move_kernel.hpp>
#include <lloyd/detail/kmeans_common/point_reader.hpp>
#include <lloyd/detail/kmeans_common/weights.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The coordinates and weights of up to `capacity` points; past `count`, weights are 0.
struct point_block {
    [[gnu::noinline]] point_block(std::ptrdiff_t channels, std::ptrdiff_t capacity)
        : stride(capacity),
          planes(static_cast<std::size_t>(channels * capacity), 0.0),
          weights(static_cast<std::size_t>(capacity), 0.0) {}

    const double* plane(std::ptrdiff_t channel) const { return planes.data() + channel * stride; }

    std::ptrdiff_t stride;     ///< from plane to plane: the capacity
    std::ptrdiff_t first = 0;  ///< the index of the first point in its set
    std::ptrdiff_t count = 0;
    std::ptrdiff_t ones = -1;  ///< how many weights are 1, where the others are 0; −1: they are of any kind
    buffer<double> planes;     ///< channels × capacity
    buffer<double> weights;
};

/// Points first to end − 1.
struct point_range {
    std::ptrdiff_t first, end;
};

/// Points with elements of any type.
class point_set {
public:
    /// `weights_of_points` are one per point, in units; empty: all 1.
    template <any_image Image>
    explicit point_set(const Image& pixels, std::span<const double> weights_of_points = {},
                       double scale_of_coordinates = 1, weight_unit unit_of_weights = {}, bin_layout layout = {})
        : weights(weights_of_points),
          scale(scale_of_coordinates),
          unit(unit_of_weights),
          bins(layout),
          bytes(std::is_same_v<value_type_of<Image>, std::uint8_t>),
          on_grid(bytes),
          reader_(&reader_of<value_type_of<Image>>),
          top_(reinterpret_cast<const unsigned char*>(pixels.data())),
          width_(pixels.width()),
          height_(pixels.height()),
          channels_(pixels.channels()),
          element_bytes_(static_cast<std::ptrdiff_t>(sizeof(value_type_of<Image>))),
          row_bytes_(pixels.row_stride() * element_bytes_) {}

    std::span<const double> weights;  ///< one per point; empty: all 1
    double scale;                     ///< a power of two that coordinates are multiplied with when read
    weight_unit unit;                 ///< a weight of 1 here is this much in the user's weights
    bin_layout bins;                  ///< for binned_sums of all points
    bool bytes;                       ///< whether coordinates are integers from 0 to 255
    bool on_grid;  ///< whether coordinates, and so centers, lie on the grid of base/grid.hpp: bytes, and steps of 2^-8

    /// Whether all sums and means are computed in integers.
    bool in_integers() const { return bytes && unit.integer; }
    /// Whether potentials (Σ weight · D², see seeding.hpp) are integers, for seeds that are points.
    bool has_integer_potentials() const { return on_grid && unit.integer; }
    /// The largest difference of two coordinates that lie on the grid: bytes, or scaled coordinates from −280 to 280.
    double max_difference() const { return bytes ? 255 : 560 * scale; }

    /// A sum of weight · coordinate^power of scaled points, in the units of the data and of the user's weights. Both are
    /// powers of two, multiplied at once: one alone may overflow.
    double in_user_units(double sum, int power) const {
        return math::ldexp(sum, exponent_of(unit.size) - power * exponent_of(scale));
    }

    /// A sum of weight · squared distance of scaled points, in the units of the user.
    double to_compactness(double sum) const { return in_user_units(sum, 2); }

    /// A coordinate of a mean, rounded as the user will see it: to the grid where points lie on it; for other data to a
    /// double in the data's own scale, which may be subnormal. (Clamped: where some weights are tiny beside others,
    /// rounding may carry a mean of the largest doubles beyond them.)
    double representable(double mean) const {
        if (on_grid) return round_to_grid(mean / scale) * scale;
        constexpr double largest = (std::numeric_limits<double>::max)();
        return std::clamp(mean / scale, -largest, largest) * scale;
    }

    std::ptrdiff_t width() const { return width_; }
    std::ptrdiff_t height() const { return height_; }
    std::ptrdiff_t size() const { return width_ * height_; }
    std::ptrdiff_t channels() const { return channels_; }
    /// From one point of a row to the next.
    std::ptrdiff_t point_bytes() const { return channels_ * element_bytes_; }
    double weight(std::ptrdiff_t i) const { return weights.empty() ? 1.0 : weights[static_cast<std::size_t>(i)]; }

    /// The most points labelled at once, and the largest block: full tiles.
    static constexpr std::ptrdiff_t max_range = 512;

    /// A multiple of 32, which fills the vectors of every kernel; planes take at most 32 KiB where that is possible.
    std::ptrdiff_t block_size() const {
        return std::clamp(std::ptrdiff_t{4096} / channels() / 32 * 32, std::ptrdiff_t{32}, max_range);
    }
    std::ptrdiff_t blocks() const { return divide_up(size(), block_size()); }

    /// For at most 64 chunks, each so large that its k sums are small beside its points.
    std::ptrdiff_t blocks_per_chunk(std::ptrdiff_t k) const {
        const auto points = (std::max)({(size() + 63) / 64, 16 * k, std::ptrdiff_t{2048}});
        return divide_up(points, block_size());
    }
    std::ptrdiff_t chunks(std::ptrdiff_t k) const { return divide_up(blocks(), blocks_per_chunk(k)); }

    /// The points of chunk i of chunks(k).
    point_range chunk(std::ptrdiff_t i, std::ptrdiff_t k) const {
        const auto points = blocks_per_chunk(k) * block_size();
        return {i * points, (std::min)((i + 1) * points, size())};
    }

    /// Calls use(block) for each block of chunk i of chunks(k), in order.
    template <class Use>
    void for_each_block(std::ptrdiff_t i, std::ptrdiff_t k, const Use& use) const {
        point_block block(channels(), block_size());
        const auto points = chunk(i, k);
        for (auto first = points.first; first < points.end; first += block_size()) {
            read(first, (std::min)(block_size(), points.end - first), block);
            use(std::as_const(block));
        }
    }

    /// Reads points first to first + count − 1.
    [[gnu::noinline]] void read(std::ptrdiff_t first, std::ptrdiff_t count, point_block& block) const {
        block.first = first;
        block.count = count;
        read_planes(first, count, block.planes.data(), block.stride);
        if (weights.empty() && block.ones == count) return;
        for (std::ptrdiff_t i = 0; i < block.stride; ++i) block.weights[i] = i < count ? weight(first + i) : 0.0;
        block.ones = weights.empty() ? count : -1;
    }

    /// planes[c · stride + i] = coordinate c, times `scale`, of point first + i, for `count` points.
    void read_planes(std::ptrdiff_t first, std::ptrdiff_t count, double* planes, std::ptrdiff_t stride) const {
        for_each_run(first, count, [&](const point_row& row, std::ptrdiff_t done, std::ptrdiff_t n) {
            const auto to_the_right = width_ - (first + done) % width_;
            reader_->to_planes(row, n, to_the_right, planes + done, stride);
        });
    }

    /// Writes the coordinates of point i, times `scale`.
    void read_point(std::ptrdiff_t i, double* coordinates) const {
        const point_row row{address(i), channels_, scale};
        reader_->to_rows(row, nullptr, 0, 1, coordinates);
    }

    /// Fetches point i into the second-level cache.
    void prefetch_point(std::ptrdiff_t i) const {
        constexpr std::ptrdiff_t line = 64;
        for (std::ptrdiff_t at = 0; at < point_bytes(); at += line) prefetch(address(i) + at);
    }

    const point_reader& reader() const { return *reader_; }

    /// Calls use(row, done, n) for each part of points first to first + count − 1 that lies in one row of the image: n
    /// points, after the first `done` of all `count`.
    template <class Use>
    void for_each_run(std::ptrdiff_t first, std::ptrdiff_t count, const Use& use) const {
        for (std::ptrdiff_t done = 0; done < count;) {
            const auto n = (std::min)(count - done, width_ - (first + done) % width_);
            use(point_row{address(first + done), channels_, scale}, done, n);
            done += n;
        }
    }

private:
    const unsigned char* address(std::ptrdiff_t i) const {
        return top_ + i / width_ * row_bytes_ + i % width_ * point_bytes();
    }

    const point_reader* reader_;
    const unsigned char* top_;  ///< the first element of the top row
    std::ptrdiff_t width_, height_, channels_;
    std::ptrdiff_t element_bytes_;
    std::ptrdiff_t row_bytes_;  ///< from row to row
};

}  // namespace lloyd::inline v0::detail
