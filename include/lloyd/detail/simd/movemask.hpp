// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// One bit of every lane of a vector, as the bits of one integer; that of lane 0 is the lowest.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(LLOYD_PLAIN_VECTORS)

// One instruction, which compilers make of no expression. Not always-inlined for the reason that simd.hpp gives.
template <class Eights>
[[gnu::target("avx2")]] inline void movemask_of_32(std::uint64_t& bits, const Eights& eights) {
    bits = static_cast<std::uint32_t>(__builtin_ia32_pmovmskb256(reinterpret_cast<simd<char, 32>>(eights << 7)));
}
template <class Eights>
[[gnu::always_inline]] inline void movemask_of_16(std::uint64_t& bits, const Eights& eights) {
    bits = static_cast<std::uint32_t>(__builtin_ia32_pmovmskb128(reinterpret_cast<simd<char, 16>>(eights << 7)));
}

#endif

/// Bit i of `bits` is the lowest bit of byte i.
template <int Bytes>
[[gnu::always_inline]] inline void movemask(std::uint64_t& bits, const simd<std::uint8_t, Bytes>& bytes) {
    bits = 0;
    if constexpr (std::endian::native == std::endian::little) {
        simd<std::uint64_t, Bytes> eights;
        std::memcpy(&eights, &bytes, sizeof eights);
#if defined(__x86_64__) && defined(__GNUC__) && !defined(LLOYD_PLAIN_VECTORS)
        if constexpr (Bytes == 32) return movemask_of_32(bits, eights);
        if constexpr (Bytes == 16) return movemask_of_16(bits, eights);
#endif
        eights = eights & std::uint64_t{0x0101'0101'0101'0101};
        eights = eights | (eights >> 7);
        eights = eights | (eights >> 14);
        eights = eights | (eights >> 28);
        eights = eights & std::uint64_t{0xff};
        simd<std::uint8_t, Bytes / 8> narrow;
        convert(narrow, eights);
        std::memcpy(&bits, &narrow, sizeof narrow);
    } else {
        for (int i = 0; i < Bytes; ++i) bits |= static_cast<std::uint64_t>(bytes[i] & 1) << i;
    }
}

/// Reorders lanes to 0, 2, 4 …, 1, 3, 5 …
template <class Vector, int... Lanes>
[[gnu::always_inline]] inline void even_lanes_first(Vector& lanes, std::integer_sequence<int, Lanes...>) {
    constexpr int half = sizeof...(Lanes) / 2;
    shuffle<(Lanes < half ? 2 * Lanes : 2 * (Lanes - half) + 1)...>(lanes, lanes);
}

/// Bits 2 i and 2 i + 1 of `low` are the lowest two bits of the low byte of lane i; those of `high`, of its high byte.
template <int Bytes>
[[gnu::always_inline]] inline void movemask_pairs(std::uint64_t& low, std::uint64_t& high,
                                                  const simd<std::uint16_t, Bytes>& lanes) {
    low = high = 0;
    if constexpr (std::endian::native == std::endian::little) {
        simd<std::uint64_t, Bytes> fours;
        std::memcpy(&fours, &lanes, sizeof fours);
        fours = fours | (fours >> 14);
        fours = fours | (fours >> 28);
        simd<std::uint16_t, Bytes / 4> narrow;
        convert(narrow, fours);
        simd<std::uint8_t, Bytes / 4> bytes;
        std::memcpy(&bytes, &narrow, sizeof bytes);
        even_lanes_first(bytes, std::make_integer_sequence<int, Bytes / 4>{});
        std::uint8_t halves[2][std::size_t{Bytes} / 8];
        std::memcpy(&halves, &bytes, sizeof halves);
        std::memcpy(&low, &halves[0], sizeof halves[0]);
        std::memcpy(&high, &halves[1], sizeof halves[1]);
    } else {
        for (int i = 0; i < Bytes / 2; ++i) {
            low |= std::uint64_t{lanes[i] & 3u} << (2 * i);
            high |= std::uint64_t{lanes[i] >> 8 & 3u} << (2 * i);
        }
    }
}

/// joined = lane 0 | lane 1 | …, of lanes of 16 bits, or of the lower halves of lanes of 32.
template <class Lanes>
[[gnu::always_inline]] inline void reduce_or(std::uint16_t& joined, const Lanes& lanes) {
    std::uint64_t fours[sizeof(Lanes) / 8], all = 0;
    std::memcpy(&fours, &lanes, sizeof fours);
    for (const auto four : fours) all |= four;
    all |= all >> 32;
    joined = static_cast<std::uint16_t>(all | all >> 16);
}

}  // namespace lloyd::inline v0::detail
