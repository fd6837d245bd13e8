// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// RGB to HSV and back in 8 bits, exactly as color.hpp defines them, many pixels at a time.
///
/// Floats do the multiplications and divisions, but none is trusted beyond what is shown at its place; all that is added
/// up is whole and below 2^24, so that no CPU or compiler can round it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Bytes as two vectors of 16 bits: those of even, then those of odd places.
template <class Bytes, class Halves>
[[gnu::always_inline]] inline void widen(const Bytes& from, Halves (&to)[2]) {
    Halves pairs;
    load(pairs, &from);
    to[0] = pairs & std::uint16_t{255};
    to[1] = pairs >> 8;
}

/// Numbers of 16 bits, below 2^15, as floats; what comes from byte 4 i + j goes to lane i of vector j.
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

/// Adds 2^23 to numbers of 0 to 2^23: what is whole of them is then in the lowest bits, `Shift` of which are dropped, and
/// 8 of which make a byte.
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

struct rgb_to_hsv_bytes {
    template <int Bytes>
    [[gnu::always_inline]] static void apply(simd<std::uint8_t, Bytes> (&p)[3]) {
        auto value = p[0], least = p[0];
        max_in_place(value, p[1]);
        max_in_place(value, p[2]);
        min_in_place(least, p[1]);
        min_in_place(least, p[2]);

        simd<float, Bytes> v[4], d[4], turn[4];
        simd<std::uint16_t, Bytes> wide[2];
        widen(value, wide);
        to_floats(wide, v);
        widen(value - least, wide);
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
    /// d becomes G − B, B − R + 2d or R − G + 4d: a sixth of the circle is d long.
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

    /// The table's entries are rounded quotients a / b with a < 2^20 and b < 256, so they keep 1 / 512 away from a tie,
    /// of which one division and two roundings to 24 bits stay clear. d becomes saturation · 2^12 and `turn` hue · 2^12,
    /// with half a unit to be rounded.
    template <int Bytes>
    [[gnu::always_inline]] static void divide(const simd<float, Bytes>& v, simd<float, Bytes>& d,
                                              simd<float, Bytes>& turn) {
        using floats = simd<float, Bytes>;
        floats product = v * d, one, saturation, hue;
        broadcast(one, 1.0F);
        max_in_place(product, one);
        const floats reciprocal = 1.0F / product;
        round_to_whole(saturation, d * 1044480.0F * reciprocal);
        round_to_whole(hue, v * 122880.0F * reciprocal);
        d = d * saturation + 2048.0F;
        turn = turn * hue + 2048.0F;
        select(turn < floats{}, turn, turn + 737280.0F);
    }

    template <class Floats>
    [[gnu::always_inline]] static void round_to_whole(Floats& to, const Floats& from) {
        simd<std::int32_t, static_cast<int>(sizeof(Floats))> whole;
        convert(whole, from + 0.5F);
        convert(to, whole);
    }
};

/// A channel is V · (7650 − S · w) / 7650, where w, 0 to 30, is how far the hue is from where the channel is full.
struct hsv_to_rgb_bytes {
    template <int Bytes>
    [[gnu::always_inline]] static void apply(simd<std::uint8_t, Bytes> (&p)[3]) {
        using bytes = simd<std::uint8_t, Bytes>;
        using halves = simd<std::uint16_t, Bytes>;
        bytes hue = p[0];
        min_in_place(hue, hue - std::uint8_t{180});  // below 180 that is more, modulo 256
        halves saturation[2], value[2];
        widen(p[1], saturation);
        widen(p[2], value);
        simd<float, Bytes> v[4];
        to_floats(value, v);
#pragma GCC unroll 4
        for (auto& some : v) some = some * scale;

        bytes away;
        distance(away, hue, 90);  // red: 60 − |H − 90|, limited to 0..30
        limit(away, 60);
        away = std::uint8_t{60} - away;
        limit(away, 30);
        set_channel<Bytes>(p[0], away, saturation, v);
        distance(away, hue, 60);  // green: |H − 60| − 30, limited
        distance_above(away);
        set_channel<Bytes>(p[1], away, saturation, v);
        distance(away, hue, 120);  // blue: |H − 120| − 30, limited
        distance_above(away);
        set_channel<Bytes>(p[2], away, saturation, v);
    }

private:
    /// 1 / 7650 and a little more: 255 of it err by less than a tie is away from what is not one, and upwards.
    static constexpr float scale = 0x1.12233ap-13F;

    template <class Bytes>
    [[gnu::always_inline]] static void limit(Bytes& target, std::uint8_t most) {
        Bytes all;
        broadcast(all, most);
        min_in_place(target, all);
    }

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
    [[gnu::always_inline]] static void distance_above(Bytes& away) {
        Bytes thirty;
        broadcast(thirty, std::uint8_t{30});
        max_in_place(away, thirty);
        away = away - thirty;
        min_in_place(away, thirty);
    }

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
