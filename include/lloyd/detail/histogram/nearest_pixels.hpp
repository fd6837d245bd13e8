// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// With very few centers, comparing every pixel with all of them is faster than looking its colour up.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <lloyd/detail/histogram/color_codes.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// With more centers the look-up is faster.
inline constexpr std::size_t few_centers = 4;

/// By how much center j is farther from x than center 0, |x − c_j|² − |x − c_0|², is linear in x.
struct pixel_rivals {
    /// `centers` are k×3 and among the colours.
    explicit pixel_rivals(std::span<const double> centers) : count(static_cast<std::int32_t>(centers.size() / 3)) {
        for (std::size_t j = 0; j < centers.size() / 3; ++j) {
            double at_origin = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                const double first = centers[c], other = centers[3 * j + c];
                slope[j][c] = static_cast<float>(2 * (first - other));
                at_origin += other * other - first * first;
            }
            lead[j] = static_cast<float>(at_origin);
        }
    }

    std::int32_t count;
    float slope[few_centers][3] = {};
    float lead[few_centers] = {};  ///< the difference at x = 0
};

/// The nearest center of each of up to codes_at_once pixels of three channels, or −1 where floats leave a doubt. Reads up
/// to 4 bytes behind the last pixel, and writes whole vectors.
struct nearest_pixels_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* pixels, std::ptrdiff_t count, const pixel_rivals* rivals,
                                           std::int32_t* labels) {
        for (std::ptrdiff_t i = 0; i < count; i += Bytes / 4) find<Bytes>(pixels + 3 * i, *rivals, labels + i);
    }

private:
    /// Floats err by less: two sums are compared, each of four terms below 2^18 and itself below 2^19.
    static constexpr float doubt = 0.25F;

    template <int Bytes>
    [[gnu::always_inline]] static void find(const std::uint8_t* pixels, const pixel_rivals& rivals,
                                            std::int32_t* labels) {
        using floats = simd<float, Bytes>;
        using integers = simd<std::int32_t, Bytes>;
        integers loaded, label = {};
        floats x[3], least = {}, closest = floats{} + 0x1p100F;
        load_pixels(loaded, pixels);
        convert(x[0], loaded & 255);
        convert(x[1], loaded >> 8 & 255);
        convert(x[2], loaded >> 16 & 255);
        for (std::int32_t j = 1; j < rivals.count; ++j) {
            const floats lead =
                x[0] * rivals.slope[j][0] + (x[1] * rivals.slope[j][1] + (x[2] * rivals.slope[j][2] + rivals.lead[j]));
            floats apart = lead - least;
            const auto is_closer = apart < floats{};
            select(is_closer, least, lead);
            select(is_closer, label, integers{} + j);
            abs_in_place(apart);
            select(apart < closest, closest, apart);
        }
        label |= closest < floats{} + doubt;
        store(labels, label);
    }
};

/// Labels pixel `first` of a row and `count` − 1 more, at most codes_at_once; exact(pixel) is asked where floats are in
/// doubt.
template <class Label, class Exact>
void label_nearest(std::span<const std::uint8_t> row, std::ptrdiff_t first, std::ptrdiff_t count,
                   const pixel_rivals& rivals, const Exact& exact, Label* labels) {
    constexpr std::ptrdiff_t group = 16;
    std::uint8_t copy[3 * codes_at_once + group];
    std::int32_t room[codes_at_once];
    std::int32_t* found = &room[0];
    if constexpr (std::is_same_v<Label, std::int32_t>)
        if (count == codes_at_once) found = labels;  // whole vectors: nothing is written behind them
    const std::uint8_t* pixels = readable_behind(row, first, count, copy);
    run_kernel<nearest_pixels_kernel>(pixels, count, &rivals, found);
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
