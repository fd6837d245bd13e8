// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 3 of Canny, thinning (non-maximum suppression): keeps pixels whose magnitude is the largest across the edge.
/// Stage 4, two thresholds, on what is left.
///
/// The direction across the edge is the nearest of four. It follows from |dx| and |dy| in integers, without a division:
///
///     |dy| ≤ |dx| · tan 22.5°                 horizontal gradient: left and right          tan 22.5° = 13573 / 2^15
///     |dy| > |dx| · tan 67.5°                 vertical gradient: up and down               tan 67.5° = tan 22.5° + 2
///     otherwise, dx and dy of one sign        up left and down right
///     otherwise                               up right and down left
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// slope = ⌊x · tan 22.5°⌋ = (13573 · x) >> 15, for x ≥ 0.
template <class Lanes>
[[gnu::always_inline]] inline void compute_slope(Lanes& slope, const Lanes& x) {
    if constexpr (sizeof(slope[0]) == 4)
        slope = (x * std::int32_t{13573}) >> 15;
    else
        multiply_high(slope, x, 2 * 13573);
}

/// The magnitudes of the eight pixels around one.
template <class Lanes>
struct neighbourhood {
    Lanes up_left, up, up_right, left, right, down_left, down, down_right;
};

/// The direction of a gradient, as masks of lanes: of the masks that are set, the last one decides, and where none is,
/// the gradient points up right or down left.
template <class Lanes>
struct gradient_direction {
    using mask = std::remove_cvref_t<decltype(Lanes{} < Lanes{})>;
    mask falling;     ///< dx and dy have one sign: down right or up left
    mask vertical;    ///< up or down
    mask horizontal;  ///< left or right
};

template <class Lanes>
[[gnu::always_inline]] inline void compute_direction(gradient_direction<Lanes>& direction, const Lanes& dx,
                                                     const Lanes& dy) {
    Lanes steep_x = dx, steep_y = dy, slope;
    abs_in_place(steep_x);
    abs_in_place(steep_y);
    compute_slope(slope, steep_x);
    direction.falling = Lanes{} <= (dx ^ dy);
    steep_x = slope + steep_x + steep_x;  // |dx| · tan 67.5°
    direction.vertical = steep_x < steep_y;
    direction.horizontal = steep_y <= slope;
}

/// max_across = the value that a pixel's magnitude must exceed to be kept: the larger magnitude of its two neighbours
/// across the edge. A right or lower neighbour (of horizontal and vertical gradients) counts 1 less, since it may be
/// equal: so of two equal pixels one is kept.
template <class Lanes>
[[gnu::always_inline]] inline void compute_max_across(Lanes& max_across, const neighbourhood<Lanes>& n,
                                                      const gradient_direction<Lanes>& direction) {
    using number = std::remove_cvref_t<decltype(max_across[0])>;
    Lanes other;
    max_across = n.up_right;
    max_in_place(max_across, n.down_left);
    other = n.up_left;
    max_in_place(other, n.down_right);
    select(direction.falling, max_across, other);

    other = n.down - number{1};
    max_in_place(other, n.up);
    select(direction.vertical, max_across, other);

    other = n.right - number{1};
    max_in_place(other, n.left);
    select(direction.horizontal, max_across, other);
}

/// Stage 3 for one row: the magnitudes of the pixels that are kept, 0 elsewhere. Beyond the ends of a row magnitudes count
/// as 0.
struct thin_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::int32_t* up, const std::int32_t* here, const std::int32_t* down,
                                           const std::int16_t* dx, const std::int16_t* dy, std::ptrdiff_t width,
                                           std::int32_t* thin) {
        constexpr std::ptrdiff_t lanes = Bytes / 4;
        for (std::ptrdiff_t x = 0; x < width; x += lanes)
            if (0 < x && x + lanes < width)
                step<Bytes>(up + x, here + x, down + x, dx + x, dy + x, thin + x);
            else
                thin_end<Bytes>({up, here, down}, dx, dy, x, width, thin);
    }

private:
    template <int Bytes>
    [[gnu::always_inline]] static void step(const std::int32_t* up, const std::int32_t* here, const std::int32_t* down,
                                            const std::int16_t* dx, const std::int16_t* dy, std::int32_t* thin) {
        using lanes = simd<std::int32_t, Bytes>;
        lanes x, y, magnitude, max_across, kept{};
        load_converted<true>(x, dx, 0);
        load_converted<true>(y, dy, 0);
        load(magnitude, here);
        neighbourhood<lanes> n;
        load_three(up, n.up_left, n.up, n.up_right);
        load_three(down, n.down_left, n.down, n.down_right);
        load(n.left, here - 1);
        load(n.right, here + 1);
        gradient_direction<lanes> direction;
        compute_direction(direction, x, y);
        compute_max_across(max_across, n, direction);
        select(max_across < magnitude, kept, magnitude);
        store(thin, kept);
    }

    /// A vector of columns from x on, as far as there are any, from copies with zeros around them.
    template <int Bytes>
    [[gnu::always_inline]] static void thin_end(const std::int32_t* const (&rows)[3], const std::int16_t* dx,
                                                const std::int16_t* dy, std::ptrdiff_t x, std::ptrdiff_t width,
                                                std::int32_t* thin) {
        constexpr std::ptrdiff_t lanes = Bytes / 4;
        std::int32_t magnitudes[3][static_cast<std::size_t>(lanes + 2)] = {}, kept[static_cast<std::size_t>(lanes)];
        std::int16_t derivatives[2][static_cast<std::size_t>(lanes)] = {};
        const auto first = (std::max)(x - 1, std::ptrdiff_t{0}), last = (std::min)(x + lanes + 1, width);
        const auto count = (std::min)(lanes, width - x);
        for (std::size_t i = 0; i < 3; ++i) std::copy(rows[i] + first, rows[i] + last, magnitudes[i] + (first - x + 1));
        std::copy_n(dx + x, count, derivatives[0]);
        std::copy_n(dy + x, count, derivatives[1]);
        step<Bytes>(magnitudes[0] + 1, magnitudes[1] + 1, magnitudes[2] + 1, derivatives[0], derivatives[1], kept);
        std::copy_n(kept, count, thin + x);
    }

    template <class Lanes>
    [[gnu::always_inline]] static void load_three(const std::int32_t* from, Lanes& left, Lanes& middle, Lanes& right) {
        load(left, from - 1);
        load(middle, from);
        load(right, from + 1);
    }
};

/// Stage 4: 2 (strong) above `high`, 1 (weak) above `low`, otherwise 0.
struct strength_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::int32_t* thin, std::ptrdiff_t count, std::int32_t low,
                                           std::int32_t high, std::uint8_t* strength) {
        std::ptrdiff_t i = 0;
        for (; i + Bytes <= count; i += Bytes) {
            simd<std::int32_t, Bytes> lows, highs, magnitude, one, classes[4];
            broadcast(lows, low);
            broadcast(highs, high);
            broadcast(one, std::int32_t{1});
#pragma GCC unroll 4
            for (std::ptrdiff_t part = 0; part < 4; ++part) {
                simd<std::int32_t, Bytes> weak{}, strong{};
                load(magnitude, thin + i + part * (Bytes / 4));
                select(lows < magnitude, weak, one);
                select(highs < magnitude, strong, one);
                classes[part] = weak + strong;
            }
            simd<std::uint8_t, Bytes> bytes;
            join_low_bytes(bytes, classes);
            store(strength + i, bytes);
        }
        for (; i < count; ++i)
            strength[i] = static_cast<std::uint8_t>((thin[i] > low ? 1 : 0) + (thin[i] > high ? 1 : 0));
    }
};

}  // namespace lloyd::inline v0::detail
