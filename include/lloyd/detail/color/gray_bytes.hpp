// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// RGB to gray in 8 bits: luma (ITU-R BT.601) in integers.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <lloyd/detail/simd/deinterleave.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The weights of red, green and blue, times 2^15. Their sum is 2^15.
inline constexpr int gray_weights[3] = {9798, 19235, 3735};

/// to = the gray of `count` pixels, (9798 R + 19235 G + 3735 B) / 2^15, rounded half up.
struct gray_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* from, std::uint8_t* to, std::ptrdiff_t count) {
        std::ptrdiff_t i = 0;
        if constexpr (std::endian::native == std::endian::little)
            for (; i + Bytes + 2 < count; i += Bytes) convert<Bytes>(from + 3 * i, to + i);
        for (; i < count; ++i) {
            const std::uint8_t* p = from + 3 * i;
            const int sum = gray_weights[0] * p[0] + gray_weights[1] * p[1] + gray_weights[2] * p[2];
            to[i] = static_cast<std::uint8_t>((sum + 0x4000) >> 15);
        }
    }

private:
    /// Converts `Bytes` pixels. Four pixels are three words of 32 bits (r g b r | g b r g | b r g b), so load_planes
    /// can gather word 0, 1 and 2 of every four pixels as it gathers channels. The sums are integers below 2^23; adding
    /// 2^23 to one puts it into the lowest bits of the float.
    template <int Bytes>
    [[gnu::always_inline]] static void convert(const std::uint8_t* from, std::uint8_t* to) {
        simd<std::uint32_t, Bytes> words[3], gray[4];
        load_planes(words, from);
#pragma GCC unroll 4
        for (int j = 0; j < 4; ++j) {
            simd<float, Bytes> sum = {}, part;
            simd<std::int32_t, Bytes> channel;
#pragma GCC unroll 3
            for (int c = 0; c < 3; ++c) {
                const int at = 3 * j + c;
                const auto shifted = words[at / 4] >> (at % 4 * 8) & 255U;
                load(channel, &shifted);
                detail::convert(part, channel);
                sum = part * static_cast<float>(gray_weights[c]) + sum;
            }
            sum = sum + (0x1p23F + 0x1p14F);
            load(gray[j], &sum);
            gray[j] = gray[j] >> 15 & 255U;
        }
        gray[0] = gray[0] | gray[1] << 8 | gray[2] << 16 | gray[3] << 24;
        sort(gray[1], gray[0], std::make_index_sequence<lanes_of<simd<std::uint32_t, Bytes>>>());
        store(to, gray[1]);
    }

    /// Undoes the order of load_planes, which leaves word i in lane 3 i modulo the number of lanes.
    template <class Words, std::size_t... Lane>
    [[gnu::always_inline]] static void sort(Words& to, const Words& from, std::index_sequence<Lane...>) {
        shuffle<static_cast<int>(3 * Lane % sizeof...(Lane))...>(to, from);
    }
};

}  // namespace lloyd::inline v0::detail
