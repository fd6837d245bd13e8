// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// RGB to HSV and back in 8 bits, exactly as color.hpp defines them.
///
/// Products and quotients are computed in float; a comment beside each shows why its error cannot change the result.
/// Sums have integer terms and stay below 2^24, so they are exact on every CPU.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Bytes as numbers of 16 bits: to[0] = bytes 0, 2, 4 …; to[1] = bytes 1, 3, 5 …
template <class Bytes, class Halves>
[[gnu::always_inline]] inline void widen(const Bytes& from, Halves (&to)[2]) {
    Halves pairs;
    load(pairs, &from);
    to[0] = pairs & std::uint16_t{255};
    to[1] = pairs >> 8;
}

/// Numbers of 16 bits, below 2^15 in magnitude, as floats: what widen() made of byte 4 i + j goes to lane i of to[j].
template <bool Signed = false, class Halves, class Floats>
[[gnu::always_inline]] inline void to_floats(const Halves (&from)[2], Floats (&to)[4]) {
    simd<std::int32_t, static_cast<int>(sizeof(Floats))> pairs, low;
#pragma GCC unroll 2
    for (std::size_t i = 0; i < 2; ++i) {
        load(pairs, &from[i]);
        if constexpr (Signed)
            low = pairs << 16 >> 16;
        else
            low = pairs & 0xffff;
        convert(to[i], low);
        convert(to[i + 2], pairs >> 16);
    }
}

/// Byte 4 i + j = bits Shift to Shift + 7 of the rounded lane i of numbers[j], which is 0 to below 2^23. Adding 2^23
/// rounds a float to an integer, to even on a tie, and leaves that in the float's lowest bits.
template <int Shift, class Floats, class Bytes>
[[gnu::always_inline]] inline void to_bytes(const Floats (&numbers)[4], Bytes& to) {
    simd<std::uint32_t, static_cast<int>(sizeof(Floats))> words[4];
#pragma GCC unroll 4
    for (std::size_t j = 0; j < 4; ++j) {
        const Floats moved = numbers[j] + 0x1p23F;
        load(words[j], &moved);
        words[j] = words[j] >> Shift & 255U;
    }
    words[0] = words[0] | words[1] << 8 | words[2] << 16 | words[3] << 24;
    load(to, &words[0]);
}

/// The conversion of pixel_kernel: planes of R, G, B become planes of H, S, V.
struct rgb_to_hsv_bytes {
    template <int Bytes>
    [[gnu::always_inline]] static void apply(simd<std::uint8_t, Bytes> (&p)[3]) {
        auto value = p[0], min_channel = p[0];
        max_in_place(value, p[1]);
        max_in_place(value, p[2]);
        min_in_place(min_channel, p[1]);
        min_in_place(min_channel, p[2]);

        simd<float, Bytes> v[4], d[4], turn[4];
        simd<std::uint16_t, Bytes> wide[2];
        widen(value, wide);
        to_floats(wide, v);
        widen(value - min_channel, wide);
        to_floats(wide, d);
        turn_from_red<Bytes>(p, value, wide);
        to_floats<true>(wide, turn);
#pragma GCC unroll 4
        for (std::size_t j = 0; j < 4; ++j) divide<Bytes>(v[j], d[j], turn[j]);
        to_bytes<12>(turn, p[0]);
        to_bytes<12>(d, p[1]);
        p[2] = value;
    }

private:
    /// Replaces d by the hue in units of a sixth of the circle / d: G − B where red is the largest channel, B − R + 2d
    /// where green is, R − G + 4d where blue is.
    template <int Bytes>
    [[gnu::always_inline]] static void turn_from_red(const simd<std::uint8_t, Bytes> (&p)[3],
                                                     const simd<std::uint8_t, Bytes>& value,
                                                     simd<std::uint16_t, Bytes> (&d)[2]) {
        using bytes = simd<std::uint8_t, Bytes>;
        bytes plus = p[0], minus = p[1], sixths, two;
        broadcast(sixths, std::uint8_t{4});
        broadcast(two, std::uint8_t{2});
        const auto green = value == p[1], red = value == p[0];
        select(green, plus, p[2]);
        select(green, minus, p[0]);
        select(green, sixths, two);
        select(red, plus, p[1]);
        select(red, minus, p[2]);
        select(red, sixths, bytes{});
        simd<std::uint16_t, Bytes> more[2], less[2], times[2];
        widen(plus, more);
        widen(minus, less);
        widen(sixths, times);
#pragma GCC unroll 2
        for (std::size_t i = 0; i < 2; ++i) d[i] = more[i] - less[i] + times[i] * d[i];
    }

    /// d becomes saturation · 2^12 + 2^11 and `turn` hue · 2^12 + 2^11, so that dropping 12 bits rounds half up.
    ///
    /// The definition has the rounded quotients (255 · 2^12) / v and (180 · 2^12) / (6 d): a / b with a < 2^20 and b <
    /// 256. None is a tie, so each is at least 1 / 2b > 1/512 from one; the errors of one division and two roundings to
    /// 24 bits are smaller. One division serves both: 1 / (v · d), times d or v.
    template <int Bytes>
    [[gnu::always_inline]] static void divide(const simd<float, Bytes>& v, simd<float, Bytes>& d,
                                              simd<float, Bytes>& turn) {
        using floats = simd<float, Bytes>;
        floats product = v * d, one, saturation, hue;
        broadcast(one, 1.0F);
        max_in_place(product, one);
        const floats reciprocal = 1.0F / product;
        round_to_integer(saturation, d * 1044480.0F * reciprocal);
        round_to_integer(hue, v * 122880.0F * reciprocal);
        d = d * saturation + 2048.0F;
        turn = turn * hue + 2048.0F;
        select(turn < floats{}, turn, turn + 737280.0F);
    }

    template <class Floats>
    [[gnu::always_inline]] static void round_to_integer(Floats& to, const Floats& from) {
        simd<std::int32_t, static_cast<int>(sizeof(Floats))> integer;
        convert(integer, from + 0.5F);
        convert(to, integer);
    }
};

/// The conversion of pixel_kernel: planes of H, S, V become planes of R, G, B. A channel is V · (7650 − S · w) / 7650.
/// w is 0 for hues where the channel equals V, 30 where it is smallest, and linear between.
struct hsv_to_rgb_bytes {
    template <int Bytes>
    [[gnu::always_inline]] static void apply(simd<std::uint8_t, Bytes> (&p)[3]) {
        using bytes = simd<std::uint8_t, Bytes>;
        using halves = simd<std::uint16_t, Bytes>;
        bytes hue = p[0];
        min_in_place(hue, hue - std::uint8_t{180});  // a hue below 180 wraps to a larger number and stays
        halves saturation[2], value[2];
        widen(p[1], saturation);
        widen(p[2], value);
        simd<float, Bytes> v[4];
        to_floats(value, v);
#pragma GCC unroll 4
        for (auto& floats : v) floats = floats * scale;

        bytes away;               // w of a channel
        distance(away, hue, 90);  // red: 60 − |H − 90|, limited to 0..30
        limit(away, 60);
        away = std::uint8_t{60} - away;
        limit(away, 30);
        set_channel<Bytes>(p[0], away, saturation, v);
        distance(away, hue, 60);  // green: |H − 60| − 30, limited to 0..30
        subtract_30_and_limit(away);
        set_channel<Bytes>(p[1], away, saturation, v);
        distance(away, hue, 120);  // blue: |H − 120| − 30, limited to 0..30
        subtract_30_and_limit(away);
        set_channel<Bytes>(p[2], away, saturation, v);
    }

private:
    /// A little more than 1 / 7650. A channel is an integer / 7650: a tie, or at least 1/7650 from one. The error of
    /// the product is smaller than that and positive, so ties are rounded up and all others to the nearest.
    static constexpr float scale = 0x1.12233ap-13F;

    template <class Bytes>
    [[gnu::always_inline]] static void limit(Bytes& target, std::uint8_t bound) {
        Bytes bounds;
        broadcast(bounds, bound);
        min_in_place(target, bounds);
    }

    /// to = |hue − place|.
    template <class Bytes>
    [[gnu::always_inline]] static void distance(Bytes& to, const Bytes& hue, std::uint8_t place) {
        Bytes high, low;
        broadcast(high, place);
        low = high;
        max_in_place(high, hue);
        min_in_place(low, hue);
        to = high - low;
    }

    template <class Bytes>
    [[gnu::always_inline]] static void subtract_30_and_limit(Bytes& away) {
        Bytes thirty;
        broadcast(thirty, std::uint8_t{30});
        max_in_place(away, thirty);
        away = away - thirty;
        min_in_place(away, thirty);
    }

    /// `away` is w, `value` is V · scale.
    template <int Bytes>
    [[gnu::always_inline]] static void set_channel(simd<std::uint8_t, Bytes>& to, const simd<std::uint8_t, Bytes>& away,
                                                   const simd<std::uint16_t, Bytes> (&saturation)[2],
                                                   const simd<float, Bytes> (&value)[4]) {
        simd<std::uint16_t, Bytes> part[2];
        simd<float, Bytes> number[4];
        widen(away, part);
#pragma GCC unroll 2
        for (std::size_t i = 0; i < 2; ++i) part[i] = std::uint16_t{7650} - saturation[i] * part[i];
        to_floats(part, number);
#pragma GCC unroll 4
        for (std::size_t j = 0; j < 4; ++j) number[j] = number[j] * value[j];
        to_bytes<0>(number, to);
    }
};

}  // namespace lloyd::inline v0::detail
