// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 3 of Canny: is a pixel's magnitude the largest across the edge it lies on? And stage 4, above which threshold.
///
/// The direction across is one of four, told by whole numbers: tan 22.5° = 13573 / 2^15, and tan 67.5° is 2 more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// x tan 22.5°, cut to a whole number: (13573 x) >> 15.
template <class Lanes>
[[gnu::always_inline]] inline void compute_slope(Lanes& slope, const Lanes& x) {
    if constexpr (sizeof(slope[0]) == 4)
        slope = (x * std::int32_t{13573}) >> 15;
    else
        multiply_high(slope, x, 2 * 13573);
}

/// The magnitudes around a pixel.
template <class Lanes>
struct neighbourhood {
    Lanes up_left, up, up_right, left, right, down_left, down, down_right;
};

/// What a pixel's magnitude must exceed to be on a ridge: that of both its neighbours across the edge; of the right and
/// the lower one it is enough to equal it.
template <class Lanes>
[[gnu::always_inline]] inline void compute_max_across(Lanes& max_across, const neighbourhood<Lanes>& n, const Lanes& dx,
                                                      const Lanes& dy) {
    using number = std::remove_cvref_t<decltype(max_across[0])>;
    Lanes steep_x = dx, steep_y = dy, slope, other;
    abs_in_place(steep_x);
    abs_in_place(steep_y);
    compute_slope(slope, steep_x);

    max_across = n.up_right;
    max_in_place(max_across, n.down_left);
    other = n.up_left;
    max_in_place(other, n.down_right);
    select(Lanes{} <= (dx ^ dy), max_across, other);

    other = n.down - number{1};
    max_in_place(other, n.up);
    steep_x = slope + steep_x + steep_x;
    select(steep_x < steep_y, max_across, other);

    other = n.right - number{1};
    max_in_place(other, n.left);
    select(steep_y <= slope, max_across, other);
}

/// The magnitude of pixels on ridges, 0 elsewhere. All rows have room around them.
struct thin_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::int32_t* up, const std::int32_t* here, const std::int32_t* down,
                                           const std::int16_t* dx, const std::int16_t* dy, std::ptrdiff_t width,
                                           std::int32_t* ridges) {
        for (std::ptrdiff_t i = 0; i < width; i += Bytes / 4) {
            using lanes = simd<std::int32_t, Bytes>;
            lanes x, y, magnitude, max_across, kept{};
            load_converted<true>(x, dx + i, width - i);
            load_converted<true>(y, dy + i, width - i);
            load(magnitude, here + i);
            neighbourhood<lanes> n;
            load_three(up + i, n.up_left, n.up, n.up_right);
            load_three(down + i, n.down_left, n.down, n.down_right);
            load(n.left, here + i - 1);
            load(n.right, here + i + 1);
            compute_max_across(max_across, n, x, y);
            select(max_across < magnitude, kept, magnitude);
            store(ridges + i, kept);
        }
    }

private:
    template <class Lanes>
    [[gnu::always_inline]] static void load_three(const std::int32_t* from, Lanes& left, Lanes& middle, Lanes& right) {
        load(left, from - 1);
        load(middle, from);
        load(right, from + 1);
    }
};

/// 2 above `high`, 1 above `low`, otherwise 0.
struct strength_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::int32_t* ridges, std::ptrdiff_t width, std::int32_t low,
                                           std::int32_t high, std::uint8_t* strength) {
        std::ptrdiff_t i = 0;
        for (; i + Bytes / 4 <= width; i += Bytes / 4)
            step<Bytes, true>(ridges + i, width - i, low, high, strength + i);
        if (i < width) step<Bytes, false>(ridges + i, width - i, low, high, strength + i);
    }

private:
    template <int Bytes, bool Full>
    [[gnu::always_inline]] static void step(const std::int32_t* ridges, std::ptrdiff_t left, std::int32_t low,
                                            std::int32_t high, std::uint8_t* strength) {
        simd<std::int32_t, Bytes> limit, answer, magnitude, found{};
        load_partial<Full>(magnitude, ridges, left);
        broadcast(limit, low);
        broadcast(answer, std::int32_t{1});
        select(limit < magnitude, found, answer);
        broadcast(limit, high);
        broadcast(answer, std::int32_t{2});
        select(limit < magnitude, found, answer);
        simd<std::uint8_t, Bytes / 4> narrow;
        convert(narrow, found);
        store_partial<Full>(strength, narrow, left);
    }
};

}  // namespace lloyd::inline v0::detail
