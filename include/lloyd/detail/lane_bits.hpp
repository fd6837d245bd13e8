// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Answers of many lanes, each yes or no, as the bits of one number, the first in the lowest bit.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// The lowest bits of as many bytes as the vector has, side by side.
template <int Bytes>
[[gnu::always_inline]] inline void gather_lowest_bits(std::uint64_t& bits, const vector<std::uint8_t, Bytes>& bytes) {
    bits = 0;
    if constexpr (std::endian::native == std::endian::little) {
        vector<std::uint64_t, Bytes> eights;
        std::memcpy(&eights, &bytes, sizeof eights);
        eights = eights & std::uint64_t{0x0101'0101'0101'0101};
        eights = eights | (eights >> 7);
        eights = eights | (eights >> 14);
        eights = eights | (eights >> 28);
        eights = eights & std::uint64_t{0xff};
        vector<std::uint8_t, Bytes / 8> narrow;
        convert(narrow, eights);
        std::memcpy(&bits, &narrow, sizeof narrow);
    } else {
        for (int i = 0; i < Bytes; ++i) bits |= static_cast<std::uint64_t>(bytes[i] & 1) << i;
    }
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
