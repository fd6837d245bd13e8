// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// RGB to HSV and back in float and double, many pixels at a time.
///
/// No product is added to anything but zeros, so that there is nothing to fuse: every CPU gives the same bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// NaN where one of three is not finite; `value` stays what it is elsewhere.
template <class Vector>
[[gnu::always_inline]] inline void doubt(Vector& value, const Vector (&p)[3]) {
    const std::decay_t<decltype(p[0][0])> zero = 0;
    value = value + (p[0] * zero + (p[1] * zero + p[2] * zero));
}

struct rgb_to_hsv_reals {
    template <int Bytes, class Vector>
    [[gnu::always_inline]] static void apply(Vector (&p)[3]) {
        using T = std::decay_t<decltype(p[0][0])>;
        Vector zero, doubts, value = p[0], least = p[0], hue, saturation;
        broadcast(zero, T{0});
        max_in_place(value, p[1]);
        max_in_place(value, p[2]);
        min_in_place(least, p[1]);
        min_in_place(least, p[2]);
        doubts = zero;
        doubt(doubts, p);
        const Vector chroma = value - least;
        find_sixths(hue, p, value, chroma, doubts + chroma * zero);  // no hue either where chroma overflows
        value = value + doubts;  // this late, as the hue takes longest and would wait for it
        hue = hue * T{60};
        const Vector circle = zero + T{360};
        select(circle <= hue, hue, zero);  // rounded up from a little less
        divide_by_nonzero(saturation, chroma, value);
        select(value == zero, saturation, zero);
        p[0] = hue;
        p[1] = saturation;
        p[2] = value;
    }

private:
    /// The hue in sixths of the circle, 0 to 6; NaN where `doubts` are, which are 0 elsewhere.
    template <class Vector>
    [[gnu::always_inline]] static void find_sixths(Vector& hue, const Vector (&p)[3], const Vector& value,
                                                   const Vector& chroma, const Vector& doubts) {
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
        hue = hue + (from + doubts);  // which also makes 0 of -0
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

/// A channel is V · (1 − S · w), where w, 0 to 1, is how far the hue is from where the channel is full.
struct hsv_to_rgb_reals {
    template <int Bytes, class Vector>
    [[gnu::always_inline]] static void apply(Vector (&p)[3]) {
        using T = std::decay_t<decltype(p[0][0])>;
        const Vector saturation = p[1];
        Vector away, value = p[2];
        doubt(value, p);
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
    template <class Vector>
    [[gnu::always_inline]] static void set_channel(Vector& to, const Vector& away, const Vector& saturation,
                                                   const Vector& value) {
        using T = std::decay_t<decltype(away[0])>;
        Vector loss = saturation * away;
        max_in_place(loss, Vector{});
        min_in_place(loss, saturation);
        to = value * (T{1} - loss);
    }

    /// To 0..360.
    template <class Vector>
    [[gnu::always_inline]] static void wrap(Vector& hue) {
        using T = std::decay_t<decltype(hue[0])>;
        const Vector zero = {}, circle = zero + T{360};
        Vector nearer = hue;  // not a mask: g++ 12 takes those of AVX-512 apart
        max_in_place(nearer, zero - circle);
        min_in_place(nearer, circle + circle);
        nearer = nearer - hue;
        if (is_any_set(nearer)) {
            T hues[lanes_of<Vector>];
            store(&hues[0], hue);
            wrap_far(hues, lanes_of<Vector>);
            load(hue, &hues[0]);
        }
        select(circle <= hue, hue, hue - circle);
        select(hue < zero, hue, hue + circle);
    }

    template <class T>
    [[gnu::noinline]] static void wrap_far(T* hues, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) hues[i] = math::fmod(hues[i], T{360});
    }

    template <class Vector>
    [[gnu::always_inline]] static bool is_any_set(const Vector& bits) {
        std::uint64_t parts[sizeof(Vector) / 8], all = 0;
        store(&parts[0], bits);
#pragma GCC unroll 8
        for (const auto part : parts) all |= part;
        return all != 0;
    }
};

}  // namespace lloyd::inline v0::detail
