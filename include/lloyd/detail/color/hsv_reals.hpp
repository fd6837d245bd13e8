// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// RGB to HSV and back in float and double.
///
/// The only products that are added to anything are products with 0. Whether a CPU fuses these makes no difference, so
/// every CPU gives the same bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Makes `value` NaN where one of three channels is not finite; leaves it elsewhere.
template <class Vector>
[[gnu::always_inline]] inline void spread_nan(Vector& value, const Vector (&p)[3]) {
    const std::decay_t<decltype(p[0][0])> zero = 0;
    value = value + (p[0] * zero + (p[1] * zero + p[2] * zero));
}

/// The conversion of pixel_kernel: planes of R, G, B become planes of H, S, V.
struct rgb_to_hsv_reals {
    template <int Bytes, class Vector>
    [[gnu::always_inline]] static void apply(Vector (&p)[3]) {
        using T = std::decay_t<decltype(p[0][0])>;
        Vector zero, nan_or_zero, value = p[0], min_channel = p[0], hue, saturation;
        broadcast(zero, T{0});
        max_in_place(value, p[1]);
        max_in_place(value, p[2]);
        min_in_place(min_channel, p[1]);
        min_in_place(min_channel, p[2]);
        nan_or_zero = zero;
        spread_nan(nan_or_zero, p);
        const Vector chroma = value - min_channel;
        compute_sixths(hue, p, value, chroma, nan_or_zero + chroma * zero);  // NaN also where chroma overflows
        value = value + nan_or_zero;  // not earlier: the hue takes longest and would wait for it
        hue = hue * T{60};
        const Vector circle = zero + T{360};
        select(circle <= hue, hue, zero);  // a hue just below 360 may have been rounded up
        divide_by_nonzero(saturation, chroma, value);
        select(value == zero, saturation, zero);
        p[0] = hue;
        p[1] = saturation;
        p[2] = value;
    }

private:
    /// The hue in sixths of the circle, 0 to 6, plus nan_or_zero.
    template <class Vector>
    [[gnu::always_inline]] static void compute_sixths(Vector& hue, const Vector (&p)[3], const Vector& value,
                                                      const Vector& chroma, const Vector& nan_or_zero) {
        using T = std::decay_t<decltype(p[0][0])>;
        Vector more = p[0], less = p[1], from, two, zero;
        broadcast(from, T{4});
        broadcast(two, T{2});
        broadcast(zero, T{0});
        const auto green = value == p[1], red = value == p[0];
        select(green, more, p[2]);
        select(green, less, p[0]);
        select(green, from, two);
        select(red, more, p[1]);
        select(red, less, p[2]);
        select(red, from, zero);
        divide_by_nonzero(hue, more - less, chroma);
        hue = hue + (from + nan_or_zero);  // this also turns −0 into 0
        select(hue < zero, hue, hue + T{6});
    }

    /// a / b, or a where b is 0.
    template <class Vector>
    [[gnu::always_inline]] static void divide_by_nonzero(Vector& to, const Vector& a, const Vector& b) {
        using T = std::decay_t<decltype(b[0])>;
        Vector divisor = b, one;
        broadcast(one, T{1});
        select(b == one - one, divisor, one);
        to = a / divisor;
    }
};

/// The conversion of pixel_kernel: planes of H, S, V become planes of R, G, B. A channel is V · (1 − S · w). w is 0 for
/// hues where the channel equals V, 1 where it is smallest, and linear between.
struct hsv_to_rgb_reals {
    template <int Bytes, class Vector>
    [[gnu::always_inline]] static void apply(Vector (&p)[3]) {
        using T = std::decay_t<decltype(p[0][0])>;
        const Vector saturation = p[1];
        Vector away, value = p[2];
        spread_nan(value, p);
        wrap(p[0]);
        const Vector sixths = p[0] / (Vector{} + T{60});
        away = sixths - T{3};
        abs_in_place(away);
        set_channel(p[0], T{2} - away, saturation, value);
        away = sixths - T{2};
        abs_in_place(away);
        set_channel(p[1], away - T{1}, saturation, value);
        away = sixths - T{4};
        abs_in_place(away);
        set_channel(p[2], away - T{1}, saturation, value);
    }

private:
    /// `away` is w before it is limited to 0..1.
    template <class Vector>
    [[gnu::always_inline]] static void set_channel(Vector& to, const Vector& away, const Vector& saturation,
                                                   const Vector& value) {
        using T = std::decay_t<decltype(away[0])>;
        Vector loss = saturation * away;
        max_in_place(loss, Vector{});
        min_in_place(loss, saturation);
        to = value * (T{1} - loss);
    }

    /// Wraps a hue to 0..360. One below −360 or above 720 takes the slow way, with all of its vector.
    template <class Vector>
    [[gnu::always_inline]] static void wrap(Vector& hue) {
        using T = std::decay_t<decltype(hue[0])>;
        const Vector zero = {}, circle = zero + T{360};
        Vector excess = hue;  // what is not 0 takes the slow way; a mask of AVX-512 would be taken apart by g++ 12
        max_in_place(excess, zero - circle);
        min_in_place(excess, circle + circle);
        excess = excess - hue;
        if (is_any_bit_set(excess)) {
            T hues[lanes_of<Vector>];
            store(&hues[0], hue);
            wrap_each(hues, lanes_of<Vector>);
            load(hue, &hues[0]);
        }
        select(circle <= hue, hue, hue - circle);
        select(hue < zero, hue, hue + circle);
    }

    template <class T>
    [[gnu::noinline]] static void wrap_each(T* hues, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) hues[i] = math::fmod(hues[i], T{360});
    }

    template <class Vector>
    [[gnu::always_inline]] static bool is_any_bit_set(const Vector& bits) {
        std::uint64_t parts[sizeof(Vector) / 8], all = 0;
        store(&parts[0], bits);
#pragma GCC unroll 8
        for (const auto part : parts) all |= part;
        return all != 0;
    }
};

}  // namespace lloyd::inline v0::detail
