// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Splits pixels of three channels into one vector a channel, and merges them again.
///
/// Three vectors in a row hold as many pixels as one vector has lanes, here four:
///
///     lane          0   1   2   3
///     three[0]      r0  g0  b0  r1
///     three[1]      g1  b1  r2  g2
///     three[2]      b2  r3  g3  b3
///
/// No power of two is a multiple of 3, so the elements of one channel lie in different lanes, and two blends collect
/// them: red as r0 r3 r2 r1. Green then begins one lane later, so it is rotated by a lane, or, where that takes several
/// instructions, loaded from one element later. All channels have the pixels in the same order, which store_planes
/// undoes.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <std::size_t Start, std::size_t Step, class Vector, std::size_t... Lane>
[[gnu::always_inline]] inline void blend(Vector& to, const Vector (&from)[3], std::index_sequence<Lane...>) {
    constexpr std::size_t lanes = sizeof...(Lane);
    constexpr auto of = [](std::size_t i) { return (Start + Step * i) % 3; };
    if constexpr (lanes == 16 &&
                  sizeof(Vector) == 16) {  // bytes, perhaps of SSE2, which has no blend; elsewhere as good
        static constexpr std::int8_t of_second[] = {of(Lane) == 1 ? -1 : 0 ...},
                                     of_third[] = {of(Lane) == 2 ? -1 : 0 ...};
        simd<std::int8_t, 16> second, third;
        load(second, of_second);
        load(third, of_third);
        Vector blended = from[0];
        select(second, blended, from[1]);
        select(third, blended, from[2]);
        to = blended;
    } else {
        Vector first_two;
        shuffle<static_cast<int>(of(Lane) == 1 ? lanes + Lane : Lane)...>(first_two, from[0], from[1]);
        shuffle<static_cast<int>(of(Lane) == 2 ? lanes + Lane : Lane)...>(to, first_two, from[2]);
    }
}

/// to[i] = from[(Start + Step · i) mod 3][i].
template <std::size_t Start, std::size_t Step, class Vector>
[[gnu::always_inline]] inline void blend(Vector& to, const Vector (&from)[3]) {
    blend<Start, Step>(to, from, std::make_index_sequence<lanes_of<Vector>>());
}

template <std::size_t Distance, class Vector, std::size_t... Lane>
[[gnu::always_inline]] inline void rotate_lanes(Vector& to, const Vector& from, std::index_sequence<Lane...>) {
    shuffle<static_cast<int>((Lane + sizeof...(Lane) - Distance) % sizeof...(Lane))...>(to, from);
}

/// Rotates by Distance lanes, 1 or 2: to[i + Distance] = from[i], the last lanes to the front. Bytes move inside words
/// of 32 bits, because most CPUs cannot move single bytes across.
template <std::size_t Distance, class Vector>
[[gnu::always_inline]] inline void rotate_lanes(Vector& to, const Vector& from) {
    if constexpr (lanes_of<Vector> == sizeof(Vector)) {
        using words = simd<std::uint32_t, static_cast<int>(sizeof(Vector))>;
        constexpr int stay = 8 * static_cast<int>(Distance), cross = 32 - stay;
        words here, before;
        load(here, &from);
        rotate_lanes<1>(before, here, std::make_index_sequence<lanes_of<words>>());
        if constexpr (std::endian::native == std::endian::little)
            here = here << stay | before >> cross;
        else
            here = here >> stay | before << cross;
        load(to, &here);
    } else {
        rotate_lanes<Distance>(to, from, std::make_index_sequence<lanes_of<Vector>>());
    }
}

/// Loads as many pixels as there are lanes, one channel a vector, in an order that store_planes undoes. Reads two
/// elements beyond them. Lanes may be wider than elements: then each lane holds several elements that stay together.
template <class T, class Vector>
[[gnu::always_inline]] inline void load_planes(Vector (&planes)[3], const T* pixels) {
    constexpr auto lanes = lanes_of<Vector>, elements = sizeof(Vector) / sizeof(T) / lanes;
    constexpr auto step = 3 - lanes % 3;
    Vector three[3];
    if constexpr (elements == 1 && sizeof(T) > 1) {
#pragma GCC unroll 3
        for (std::size_t i = 0; i < 3; ++i) load(three[i], pixels + i * lanes);
        blend<0, step>(planes[0], three);
        blend<lanes % 3, step>(planes[1], three);
        blend<2 * lanes % 3, step>(planes[2], three);
        rotate_lanes<lanes - 1>(planes[1], planes[1]);
        rotate_lanes<lanes - 2>(planes[2], planes[2]);
        return;
    }
#pragma GCC unroll 3
    for (std::size_t c = 0; c < 3; ++c) {
#pragma GCC unroll 3
        for (std::size_t i = 0; i < 3; ++i) load(three[i], pixels + (c + i * lanes) * elements);
        blend<0, step>(planes[c], three);
    }
}

template <class T, class Vector>
[[gnu::always_inline]] inline void store_planes(T* pixels, const Vector (&planes)[3]) {
    constexpr auto lanes = lanes_of<Vector>;
    Vector turned[3] = {planes[0], planes[1], planes[2]}, three[3];
    rotate_lanes<1>(turned[1], planes[1]);
    rotate_lanes<2>(turned[2], planes[2]);
    blend<0, 1>(three[0], turned);
    blend<lanes % 3, 1>(three[1], turned);
    blend<2 * lanes % 3, 1>(three[2], turned);
#pragma GCC unroll 3
    for (std::size_t i = 0; i < 3; ++i) store(pixels + i * lanes, three[i]);
}

/// Converts `count` pixels by Conversion::apply(planes), a vector of each channel at a time. `to` may be `from`.
template <class Conversion, class T>
struct pixel_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const T* from, T* to, std::ptrdiff_t count) {
        constexpr std::ptrdiff_t step = Bytes / static_cast<int>(sizeof(T));
        std::ptrdiff_t i = 0;
        for (; i + step < count; i += step) {
            if constexpr (sizeof(T) == 1) prefetch_ahead<3 * Bytes>(from + 3 * i, 3 * (count - i));
            convert<Bytes>(from + 3 * i, to + 3 * i);
        }
        while (i < count) {
            const auto rest = (std::min)(step, count - i);
            T room[static_cast<std::size_t>(3 * step + 2)] = {};
            std::copy_n(from + 3 * i, 3 * rest, room);
            convert<Bytes>(room, room);
            std::copy_n(room, 3 * rest, to + 3 * i);
            i += rest;
        }
    }

private:
    template <int Bytes>
    [[gnu::always_inline]] static void convert(const T* from, T* to) {
        simd<T, Bytes> planes[3];
        load_planes(planes, from);
        Conversion::template apply<Bytes>(planes);
        store_planes(to, planes);
    }
};

/// Splits `count` pixels of three bytes into three rows of bytes, and prefetches 3 · count bytes of `ahead`. Writes
/// full vectors: up to Bytes − 1 bytes beyond each row.
struct split_channels_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* from, const std::uint8_t* ahead, std::ptrdiff_t count,
                                           std::uint8_t* red, std::uint8_t* green, std::uint8_t* blue) {
        std::ptrdiff_t i = 0;
        for (; i + Bytes <= count; i += Bytes) {
            prefetch(ahead + 3 * i);
            if constexpr (Bytes == 32) prefetch(ahead + 3 * i + 64);
            part<Bytes>(from + 3 * i, red + i, green + i, blue + i);
        }
        if (i == count) return;
        std::uint8_t room[std::size_t{3} * std::size_t{Bytes}] = {};
        std::copy_n(from + 3 * i, 3 * (count - i), room);
        part<Bytes>(room, red + i, green + i, blue + i);
    }

private:
    /// Splits `Bytes` pixels: 16 from three vectors of 16 bytes, or in either half of three wider ones.
    template <int Bytes>
    [[gnu::always_inline]] static void part(const std::uint8_t* pixels, std::uint8_t* red, std::uint8_t* green,
                                            std::uint8_t* blue) {
        simd<std::uint8_t, Bytes> three[3], plane;
#pragma GCC unroll 3
        for (std::ptrdiff_t k = 0; k < 3; ++k) {
            simd<std::uint8_t, 16> halves[2];
            load(halves[0], pixels + 16 * k);
            if constexpr (Bytes == 16) {
                three[k] = halves[0];
            } else {
                load(halves[1], pixels + 16 * k + 48);
                join(three[k], halves[0], halves[1]);
            }
        }
        constexpr auto lanes = std::make_integer_sequence<int, Bytes>{};
        collect<0>(plane, three, lanes);
        store(red, plane);
        collect<1>(plane, three, lanes);
        store(green, plane);
        collect<2>(plane, three, lanes);
        store(blue, plane);
    }

    /// Element i of a channel is byte 3 i + Channel of the 48 of three[0], three[1] and three[2].
    template <int Channel, class Vector, int... Lane>
    [[gnu::always_inline]] static void collect(Vector& plane, const Vector (&three)[3],
                                               std::integer_sequence<int, Lane...>) {
        if constexpr (sizeof(Vector) == 16) {
            blend<std::size_t{Channel}, 2>(plane, three);
        } else {
            constexpr int lanes = sizeof...(Lane);
            constexpr auto of = [](int lane) { return (Channel + 2 * (lane % 16)) % 3; };
            Vector first_two;
            shuffle<(of(Lane) == 1 ? lanes + Lane : Lane)...>(first_two, three[0], three[1]);
            shuffle<(of(Lane) == 2 ? lanes + Lane : Lane)...>(plane, first_two, three[2]);
        }
        shuffle<(Lane / 16 * 16 + (3 * (Lane % 16) + Channel) % 16)...>(plane, plane);
    }
};

}  // namespace lloyd::inline v0::detail
