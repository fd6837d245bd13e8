// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// One bit of every lane of a vector, as the bits of one integer; that of lane 0 is the lowest.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(LLOYD_PLAIN_VECTORS)

// One instruction, which compilers make of no expression: the highest bits of all bytes. Not always-inlined for the reason
// that simd.hpp gives.
template <class Eights>
[[gnu::target("avx512bw")]] inline void top_bits_of_64(std::uint64_t& bits, const Eights& eights) {
    bits = __builtin_ia32_cvtb2mask512(reinterpret_cast<simd<char, 64>>(eights));
}
template <class Eights>
[[gnu::target("avx2")]] inline void top_bits_of_32(std::uint64_t& bits, const Eights& eights) {
    bits = static_cast<std::uint32_t>(__builtin_ia32_pmovmskb256(reinterpret_cast<simd<char, 32>>(eights)));
}

/// Bit i of `bits` is the lowest bit of byte i.
template <int Bytes, class Vector>
[[gnu::always_inline]] inline void movemask(std::uint64_t& bits, const Vector& bytes) {
    const auto eights = reinterpret_cast<simd<std::uint64_t, Bytes>>(bytes) << 7;
    if constexpr (Bytes == 64)
        top_bits_of_64(bits, eights);
    else if constexpr (Bytes == 32)
        top_bits_of_32(bits, eights);
    else
        bits = static_cast<std::uint32_t>(__builtin_ia32_pmovmskb128(reinterpret_cast<simd<char, 16>>(eights)));
}

#else

template <int Bytes, class Vector>
[[gnu::always_inline]] inline void movemask(std::uint64_t& bits, const Vector& bytes) {
    bits = 0;
    if constexpr (std::endian::native == std::endian::little) {
        simd<std::uint64_t, Bytes> eights;
        std::memcpy(&eights, &bytes, sizeof eights);
        eights = eights & std::uint64_t{0x0101'0101'0101'0101};
        eights = eights | (eights >> 7);
        eights = eights | (eights >> 14);
        eights = eights | (eights >> 28);
        eights = eights & std::uint64_t{0xff};
        simd<std::uint8_t, Bytes / 8> narrow;
        convert(narrow, eights);
        std::memcpy(&bits, &narrow, sizeof narrow);
    } else {
        simd<std::uint8_t, Bytes> each;
        std::memcpy(&each, &bytes, sizeof each);
        for (int i = 0; i < Bytes; ++i) bits |= static_cast<std::uint64_t>(each[i] & 1) << i;
    }
}

#endif

/// joined = lane 0 | lane 1 | …, of lanes of 16 bits, or of the lower halves of lanes of 32.
template <class Lanes>
[[gnu::always_inline]] inline void reduce_or(std::uint16_t& joined, const Lanes& lanes) {
    std::uint64_t fours[sizeof(Lanes) / 8], all = 0;
    std::memcpy(&fours, &lanes, sizeof fours);
    for (const auto four : fours) all |= four;
    all |= all >> 32;
    joined = static_cast<std::uint16_t>(all | all >> 16);
}

/// The same of lanes of 32 bits.
template <class Lanes>
[[gnu::always_inline]] inline void reduce_or(std::uint32_t& joined, const Lanes& lanes) {
    std::uint64_t pairs[sizeof(Lanes) / 8], all = 0;
    std::memcpy(&pairs, &lanes, sizeof pairs);
    for (const auto pair : pairs) all |= pair;
    joined = static_cast<std::uint32_t>(all | all >> 32);
}

}  // namespace lloyd::inline v0::detail
