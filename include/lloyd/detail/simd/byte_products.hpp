// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Tables of 16 bytes, and sums of products of the bytes of a lane, for vectors of 32 bytes. They are one instruction each,
/// which compilers make of no expression. (Not always-inlined for the reason that simd.hpp gives.)
#pragma once

#include <cstdint>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(LLOYD_PLAIN_VECTORS)

template <class Lanes>
[[gnu::target("avx2")]] inline void look_up_bytes_of_32(Lanes& to, const simd<std::uint8_t, 32>& table,
                                                        const Lanes& at) {
    to = reinterpret_cast<Lanes>(
        __builtin_ia32_pshufb256(reinterpret_cast<simd<char, 32>>(table), reinterpret_cast<simd<char, 32>>(at)));
}
template <class Lanes>
[[gnu::target("avx2")]] inline void multiply_bytes_of_32(Lanes& to, const Lanes& by) {
    to = reinterpret_cast<Lanes>(
        __builtin_ia32_pmaddubsw256(reinterpret_cast<simd<char, 32>>(to), reinterpret_cast<simd<char, 32>>(by)));
}

/// Byte i of `to` is that of Table at byte i of `at`, 0 to 15.
template <int... Table, class Lanes>
[[gnu::always_inline]] inline void look_up_bytes(Lanes& to, const Lanes& at) {
    static_assert(sizeof...(Table) == 16 && sizeof(Lanes) == 32);
    look_up_bytes_of_32(to, simd<std::uint8_t, 32>{Table..., Table...}, at);
}

/// Of each lane of 32 bits: the lower half becomes byte 0 · A + byte 1 · B, the upper one byte 2 · C + byte 3 · D.
template <int A, int B, int C, int D, class Lanes>
[[gnu::always_inline]] inline void multiply_bytes(Lanes& to) {
    static_assert((A | B | C | D) >> 7 == 0 && sizeof(Lanes) == 32);
    multiply_bytes_of_32(to, Lanes{} + std::uint32_t{A | B << 8 | C << 16 | D << 24});
}

#else  // where no kernel has vectors of 32 bytes

template <int... Table, class Lanes>
void look_up_bytes(Lanes& to, const Lanes& at);
template <int A, int B, int C, int D, class Lanes>
void multiply_bytes(Lanes& to);

#endif

/// Each lane of 32 bits becomes its lower half · A + its upper half · B; halves are signed.
template <int A, int B, class Lanes>
[[gnu::always_inline]] inline void add_halves(Lanes& to) {
    multiply_halves(to, Lanes{} + std::uint32_t{A | B << 16});
}

}  // namespace lloyd::inline v0::detail
