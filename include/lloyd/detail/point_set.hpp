// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Weighted points as K-Means takes them: any image, read block by block into planes of one coordinate each.
///
/// Blocks are what a kernel takes at once and fit the first cache. Chunks of whole blocks are what a thread takes at
/// once; their number depends on the data alone, so that sums merged chunk by chunk are the same for any thread count.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <lloyd/detail/arithmetic.hpp>
#include <lloyd/detail/binned_sums.hpp>
#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/math.hpp>
#include <lloyd/detail/point_planes.hpp>
#include <lloyd/detail/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/open_detail.inc>

/// The coordinates and weights of up to `capacity` points; past `count` weights are 0.
template <class Lane>
struct point_block {
    point_block(std::ptrdiff_t channels, std::ptrdiff_t capacity)
        : stride(capacity),
          planes(static_cast<std::size_t>(channels * capacity), Lane{}),
          weights(static_cast<std::size_t>(capacity), 0.0) {}

    const Lane* plane(std::ptrdiff_t channel) const { return planes.data() + channel * stride; }

    std::ptrdiff_t stride;
    std::ptrdiff_t first = 0;
    std::ptrdiff_t count = 0;
    buffer<Lane> planes;
    buffer<double> weights;
};

template <class T>
struct point_set {
    image_view<const T> pixels;
    std::span<const double> weights{};  ///< one per point; empty: all 1
    double scale = 1;                   ///< a power of two that coordinates are multiplied with when read
    double weight_unit = 1;             ///< what a weight of 1 stands for
    bin_layout bins{};                  ///< for exact sums of all points

    /// A sum of weight · coordinate^power in the units of the data and of the weights. Both units are powers of two, and
    /// either alone may lead beyond the range of double.
    double in_user_units(double sum, int power) const {
        int of_weight = 0, of_coordinate = 0;
        math::frexp(weight_unit, &of_weight);
        math::frexp(scale, &of_coordinate);
        return math::ldexp(sum, (of_weight - 1) - power * (of_coordinate - 1));
    }

    /// A sum of weight · squared distance in the units of the user.
    double to_compactness(double sum) const { return in_user_units(sum, 2); }

    /// A mean as a user will see it: on the grid for 8-bit data, in the data's own scale for the rest, which matters
    /// where that scale is subnormal. Weights that nearly vanish beside others may round the mean of the largest numbers
    /// beyond them.
    double representable(double mean) const {
        if constexpr (std::is_same_v<T, std::uint8_t>) return round_to_grid(mean);
        constexpr double largest = (std::numeric_limits<double>::max)();
        return std::clamp(mean / scale, -largest, largest) * scale;
    }

    std::ptrdiff_t size() const { return pixels.size(); }
    std::ptrdiff_t channels() const { return pixels.channels(); }
    double weight(std::ptrdiff_t i) const { return weights.empty() ? 1.0 : weights[static_cast<std::size_t>(i)]; }

    /// Points that are labelled at once: whole tiles.
    static constexpr std::ptrdiff_t largest_block = 512;

    /// Whole vectors of every kernel, and planes of at most 32 KiB where that is possible.
    std::ptrdiff_t block_size() const {
        return std::clamp(std::ptrdiff_t{4096} / channels() / 32 * 32, std::ptrdiff_t{32}, largest_block);
    }
    std::ptrdiff_t blocks() const { return (size() + block_size() - 1) / block_size(); }

    /// At most 64 chunks, and each large enough that k sums per chunk stay small beside the data.
    std::ptrdiff_t blocks_per_chunk(std::ptrdiff_t k) const {
        const auto points = (std::max)({(size() + 63) / 64, 16 * k, std::ptrdiff_t{2048}});
        return (points + block_size() - 1) / block_size();
    }
    std::ptrdiff_t chunks(std::ptrdiff_t k) const { return (blocks() + blocks_per_chunk(k) - 1) / blocks_per_chunk(k); }

    /// Calls use(first, count) for every `step` points of a chunk, in order.
    template <class Use>
    void for_each_range(std::ptrdiff_t chunk, std::ptrdiff_t k, std::ptrdiff_t step, const Use& use) const {
        const auto points = blocks_per_chunk(k) * block_size(), end = (std::min)((chunk + 1) * points, size());
        for (auto first = chunk * points; first < end; first += step) use(first, (std::min)(step, end - first));
    }

    /// Calls use(block) for each block of a chunk, in order.
    template <class Use>
    void for_each_block(std::ptrdiff_t chunk, std::ptrdiff_t k, const Use& use) const {
        point_block<double> block(channels(), block_size());
        for_each_range(chunk, k, block_size(), [&](std::ptrdiff_t first, std::ptrdiff_t count) {
            read(first, count, block);
            use(static_cast<const point_block<double>&>(block));
        });
    }

    /// Points first to first + count − 1.
    void read(std::ptrdiff_t first, std::ptrdiff_t count, point_block<double>& block) const {
        block.first = first;
        block.count = count;
        for_each_run(first, block.count, [&](const T* from, std::ptrdiff_t done, std::ptrdiff_t n) {
            const auto to_the_right = pixels.width() - (first + done) % pixels.width();
            run_kernel<point_planes_kernel>(from, n, to_the_right, channels(), scale, block.planes.data() + done,
                                            block.stride);
        });
        for (std::ptrdiff_t i = 0; i < block.stride; ++i)
            block.weights[static_cast<std::size_t>(i)] = i < block.count ? weight(first + i) : 0.0;
    }

    /// The coordinates of point i, times `scale`.
    void read_point(std::ptrdiff_t i, double* coordinates) const {
        const auto pixel = pixels(i % pixels.width(), i / pixels.width());
        for (std::size_t c = 0; c < pixel.size(); ++c) coordinates[c] = static_cast<double>(pixel[c]) * scale;
    }

    /// Calls use(coordinates, done, n) for each row's part of points `first` to first + count − 1: the first coordinate of
    /// its n points, of which `done` came before.
    template <class Use>
    void for_each_run(std::ptrdiff_t first, std::ptrdiff_t count, const Use& use) const {
        for (std::ptrdiff_t done = 0; done < count;) {
            const auto x = (first + done) % pixels.width();
            const auto y = (first + done) / pixels.width();
            const auto n = (std::min)(count - done, pixels.width() - x);
            use(pixels.row(y).data() + x * channels(), done, n);
            done += n;
        }
    }
};

}  // namespace lloyd::inline v0::detail
