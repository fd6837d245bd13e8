// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Labels pixels by comparing each with all centers: with very few centers this is faster than looking up the label of
/// the pixel's colour.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <lloyd/detail/histogram/color_codes.hpp>
#include <lloyd/detail/histogram/nearest_candidate.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// With more centers the look-up is faster.
inline constexpr std::size_t max_compared_centers = 4;

/// Up to max_compared_centers centers, as differences from center 0 (see nearest_candidate.hpp): that of center j at x is
/// slope[j] · x + at_origin[j].
struct compared_centers {
    /// `centers` are k×3, each coordinate 0 to 255.
    explicit compared_centers(std::span<const double> centers) : count(static_cast<std::int32_t>(centers.size() / 3)) {
        for (std::size_t j = 0; j < centers.size() / 3; ++j) {
            double sum = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                const double first = centers[c], other = centers[3 * j + c];
                slope[j][c] = static_cast<float>(2 * (first - other));
                sum += other * other - first * first;
            }
            at_origin[j] = static_cast<float>(sum);
        }
    }

    std::int32_t count;
    float slope[max_compared_centers][3] = {};
    float at_origin[max_compared_centers] = {};
};

/// The nearest center of each of up to codes_at_once pixels of three channels, or −1 where floats cannot decide. Rounds
/// `count` up to full vectors, and reads up to 4 bytes past the last pixel of these. (Through find_nearest_candidate it
/// took 1.1 to 1.2 times as long with g++ 12 and AVX2.)
struct nearest_pixels_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* pixels, std::ptrdiff_t count,
                                           const compared_centers* centers, std::int32_t* labels) {
        for (std::ptrdiff_t i = 0; i < count; i += Bytes / 4) label<Bytes>(pixels + 3 * i, *centers, labels + i);
    }

private:
    template <int Bytes>
    [[gnu::always_inline]] static void label(const std::uint8_t* pixels, const compared_centers& centers,
                                             std::int32_t* labels) {
        using floats = simd<float, Bytes>;
        using integers = simd<std::int32_t, Bytes>;
        integers loaded, nearest = {};
        floats x[3], smallest = {}, margin = floats{} + 0x1p100F;
        load_pixels(loaded, pixels);
        convert(x[0], loaded & 255);
        convert(x[1], loaded >> 8 & 255);
        convert(x[2], loaded >> 16 & 255);
        for (std::int32_t j = 1; j < centers.count; ++j) {
            const float* slope = centers.slope[j];
            const floats difference = x[0] * slope[0] + (x[1] * slope[1] + (x[2] * slope[2] + centers.at_origin[j]));
            floats gap = difference - smallest;
            const auto is_nearer = gap < floats{};
            select(is_nearer, smallest, difference);
            select(is_nearer, nearest, integers{} + j);
            abs_in_place(gap);
            select(gap < margin, margin, gap);
        }
        nearest |= margin < floats{} + difference_error;
        store(labels, nearest);
    }
};

/// Labels pixel `first` of a row and `count` − 1 more, at most codes_at_once. Calls exact(pixel) for the label of a
/// pixel that floats cannot decide.
template <class Label, class Exact>
void label_nearest(std::span<const std::uint8_t> row, std::ptrdiff_t first, std::ptrdiff_t count,
                   const compared_centers& centers, const Exact& exact, Label* labels) {
    constexpr std::ptrdiff_t group = 16;
    std::uint8_t copy[3 * codes_at_once + group];
    std::int32_t room[codes_at_once];
    std::int32_t* found = &room[0];
    if constexpr (std::is_same_v<Label, std::int32_t>)
        if (count == codes_at_once) found = labels;  // full vectors: nothing is written past their end
    const std::uint8_t* pixels = readable_past_end(row, first, count, copy);
    run_kernel<nearest_pixels_kernel>(pixels, count, &centers, found);
    std::fill_n(found + count, (std::min)(group, codes_at_once - count), 0);
    for (std::ptrdiff_t i = 0; i < count; i += group) {
        std::int32_t all = 0;
        for (std::ptrdiff_t j = 0; j < group; ++j) all |= found[i + j];
        for (std::ptrdiff_t j = i; all < 0 && j < (std::min)(i + group, count); ++j)
            if (found[j] < 0) found[j] = static_cast<std::int32_t>(exact(pixels + 3 * j));
    }
    if (static_cast<const void*>(found) == labels) return;
    for (std::ptrdiff_t i = 0; i < count; ++i) labels[i] = static_cast<Label>(found[i]);
}

}  // namespace lloyd::inline v0::detail
