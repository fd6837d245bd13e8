// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// RGB to gray in 8 bits: luma (ITU-R BT.601) in integers.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <lloyd/detail/simd/byte_products.hpp>
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
            for (; i + Bytes + 2 < count; i += Bytes) {
                prefetch_ahead<3 * Bytes>(from + 3 * i, 3 * (count - i));
                convert<Bytes>(from + 3 * i, to + i);
            }
        for (; i < count; ++i) {
            const std::uint8_t* p = from + 3 * i;
            const int sum = gray_weights[0] * p[0] + gray_weights[1] * p[1] + gray_weights[2] * p[2];
            to[i] = static_cast<std::uint8_t>((sum + 0x4000) >> 15);
        }
    }

private:
    /// Converts `Bytes` pixels. Four pixels are three words of 32 bits (r g b r | g b r g | b r g b), so load_planes
    /// can gather word 0, 1 and 2 of every four pixels as it gathers channels. Even and odd bytes of a word become its
    /// halves, to be multiplied by weights and added.
    template <int Bytes>
    [[gnu::always_inline]] static void convert(const std::uint8_t* from, std::uint8_t* to) {
        constexpr int red = gray_weights[0], green = gray_weights[1], blue = gray_weights[2];
        simd<std::uint32_t, Bytes> words[3], even[3], odd[3], gray[4];
        load_planes(words, from);
#pragma GCC unroll 3
        for (int i = 0; i < 3; ++i) {
            even[i] = words[i] & 0x00ff'00ffU;
            odd[i] = words[i] >> 8 & 0x00ff'00ffU;
        }
        for (auto& sum : gray) broadcast(sum, std::uint32_t{0x4000});
        add_products<red, blue>(gray[0], even[0]);
        add_products<green, 0>(gray[0], odd[0]);
        add_products<0, red>(gray[1], odd[0]);
        add_products<green, 0>(gray[1], even[1]);
        add_products<blue, 0>(gray[1], odd[1]);
        add_products<0, red>(gray[2], even[1]);
        add_products<0, green>(gray[2], odd[1]);
        add_products<blue, 0>(gray[2], even[2]);
        add_products<0, green>(gray[3], even[2]);
        add_products<red, blue>(gray[3], odd[2]);
        words[0] =
            gray[0] >> 15 | (gray[1] >> 7 & 0xff00U) | (gray[2] << 1 & 0xff'0000U) | (gray[3] << 9 & 0xff00'0000U);
        sort(words[1], words[0], std::make_index_sequence<lanes_of<simd<std::uint32_t, Bytes>>>());
        store(to, words[1]);
    }

    /// sum += lower half · A + upper half · B.
    template <int A, int B, class Words>
    [[gnu::always_inline]] static void add_products(Words& sum, const Words& halves) {
        Words products = halves;
        add_halves<A, B>(products);
        sum = sum + products;
    }

    /// Undoes the order of load_planes, which leaves word i in lane 3 i modulo the number of lanes.
    template <class Words, std::size_t... Lane>
    [[gnu::always_inline]] static void sort(Words& to, const Words& from, std::index_sequence<Lane...>) {
        shuffle<static_cast<int>(3 * Lane % sizeof...(Lane))...>(to, from);
    }
};

}  // namespace lloyd::inline v0::detail
