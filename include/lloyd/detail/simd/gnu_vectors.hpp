// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Vectors as g++ and clang++ have them (the GNU vector extension), and the operations that they lack.
#pragma once

#if defined(__GNUC__) && !defined(LLOYD_PLAIN_VECTORS)

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include <lloyd/detail/base/open_detail.inc>

template <class T, int Bytes>
struct vector_type {
    typedef T type __attribute__((vector_size(Bytes)));
};
template <class T, int Bytes>
using simd = typename vector_type<T, Bytes>::type;

/// to = value in every lane. (Written so that g++ 12 makes one instruction of it.)
template <class Vector, class T>
[[gnu::always_inline]] inline void broadcast(Vector& to, T value) {
    if constexpr (sizeof(T) == 2) {
        const simd<std::uint32_t, static_cast<int>(sizeof(Vector))> pairs =
            static_cast<std::uint16_t>(value) * std::uint32_t{0x1'0001} - decltype(pairs){};
        std::memcpy(&to, &pairs, sizeof to);
    } else {
        Vector all = {};
        for (std::size_t i = 0; i < sizeof(Vector) / sizeof(T); ++i) all[i] = value;
        to = all;
    }
}

/// to = the same numbers as another type, lane by lane. (Four floats as doubles are written so that g++ 12 makes one
/// instruction of it.)
template <class To, class From>
[[gnu::always_inline]] inline void convert(To& to, const From& from) {
    if constexpr (std::is_same_v<From, simd<float, 16>> && std::is_same_v<To, simd<double, 32>>) {
        To all = {};
        for (int i = 0; i < 4; ++i) all[i] = static_cast<double>(from[i]);
        to = all;
    } else {
        to = __builtin_convertvector(from, To);
    }
}

/// target = value in the lanes where mask is set.
template <class Mask, class Vector>
[[gnu::always_inline]] inline void select(const Mask& mask, Vector& target, const Vector& value) {
    target = mask ? value : target;
}

/// target = |target|. (In one expression, so that g++ makes one instruction of it.)
template <class Vector>
[[gnu::always_inline]] inline void abs_in_place(Vector& target) {
    target = target < Vector{} ? -target : target;
}

/// target = the larger of the two, lane by lane.
template <class Vector>
[[gnu::always_inline]] inline void max_in_place(Vector& target, const Vector& value) {
    target = target < value ? value : target;
}

/// target = the smaller of the two, lane by lane.
template <class Vector>
[[gnu::always_inline]] inline void min_in_place(Vector& target, const Vector& value) {
    target = value < target ? value : target;
}

/// to[i] = lane Lanes[i] of a and b: lane n + i is lane i of b, where n is the number of lanes of a.
template <int... Lanes, class Vector>
[[gnu::always_inline]] inline void shuffle(Vector& to, const Vector& a, const Vector& b) {
#if __has_builtin(__builtin_shufflevector)
    to = __builtin_shufflevector(a, b, Lanes...);
#else  // g++ 11
    using lanes = decltype(a < b);
    to = __builtin_shuffle(a, b, lanes{Lanes...});
#endif
}

/// to[i] = from[Lanes[i]].
template <int... Lanes, class Vector>
[[gnu::always_inline]] inline void shuffle(Vector& to, const Vector& from) {
    shuffle<Lanes...>(to, from, from);
}

/// total[i] = the sum of the four lanes of v[i].
template <class Vector>
[[gnu::always_inline]] inline void horizontal_add4(Vector& total, const Vector (&v)[4]) {
    Vector sums[2], others;
    for (int i = 0; i < 2; ++i) {
        shuffle<0, 4, 1, 5>(sums[i], v[2 * i], v[2 * i + 1]);
        shuffle<2, 6, 3, 7>(others, v[2 * i], v[2 * i + 1]);
        sums[i] += others;
    }
    shuffle<0, 1, 4, 5>(total, sums[0], sums[1]);
    shuffle<2, 3, 6, 7>(others, sums[0], sums[1]);
    total += others;
}

template <class Wide, class Half, int... Lanes>
[[gnu::always_inline]] inline void join(Wide& to, const Half& a, const Half& b, std::integer_sequence<int, Lanes...>) {
    const auto first = reinterpret_cast<simd<std::int64_t, static_cast<int>(sizeof(Half))>>(a);
    const auto second = reinterpret_cast<simd<std::int64_t, static_cast<int>(sizeof(Half))>>(b);
#if __has_builtin(__builtin_shufflevector)
    to = reinterpret_cast<Wide>(
        __builtin_shufflevector(first, second, Lanes..., (static_cast<int>(sizeof...(Lanes)) + Lanes)...));
#else
    to = reinterpret_cast<Wide>(simd<std::int64_t, sizeof(Wide)>{first[Lanes]..., second[Lanes]...});
#endif
}

/// to = the lanes of a, then those of b. (Plain vectors have 16 bytes only, and no join. In lanes of 64 bits g++ 11 makes
/// one instruction of it.)
template <class Wide, class Half>
[[gnu::always_inline]] inline void join(Wide& to, const Half& a, const Half& b) {
    join(to, a, b, std::make_integer_sequence<int, static_cast<int>(sizeof(Half) / sizeof(std::int64_t))>{});
}

}  // namespace lloyd::inline v0::detail

#endif
