// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The Gaussian blur of one row: weighted sums down the rows around it, then along the row, in 16-bit lanes throughout.
///
/// Sums s of the first pass are at most 255 · 256 and fit a lane. The sum of the second pass, T = Σ w s, needs 24 bits,
/// and the pixel is q = (T + 2^15) >> 16. It is found without 32-bit lanes:
///
///     s = 256 h + l,  H = Σ w h,  L = Σ w l    both fit 16 bits, T = 256 H + L
///     N = H + 128 + (L >> 8) = 256 q + r       the pixel q is the high byte of N
///     S = Σ w s modulo 2^16                    its high byte is N − 128 modulo 256; as a signed byte b, r = b + 128
///     H + 255 − b = 256 q + 255 − (L >> 8)     by N and r; L >> 8 is at most 255, so q is the high byte of this
///
/// So the kernel computes H and S, but never L.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/with_constant.hpp>
#include <lloyd/detail/filter/even_odd_loads.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// sum = Σ weights[|k|] · neighbour k, for k = −radius … radius.
template <class Lanes, class Neighbour>
[[gnu::always_inline]] inline void sum_weighted(Lanes& sum, const Neighbour& neighbour, const std::uint16_t* weights,
                                                std::ptrdiff_t radius) {
    Lanes before, after;
    neighbour.load(0, before);
    sum = before * weights[0];
#pragma GCC unroll 3
    for (std::ptrdiff_t k = 1; k <= radius; ++k) {
        neighbour.load(-k, before);
        neighbour.load(k, after);
        sum += (before + after) * weights[k];
    }
}

/// Calls use(radius), with a constant in place of a radius that is 1, 2 or 3.
template <class Use>
[[gnu::always_inline]] inline void with_common_radius(std::ptrdiff_t radius, const Use& use) {
    with_constant<1, 2, 3>(
        radius, [&](auto constant)
                    __attribute__((always_inline)) { use(constant > 0 ? std::ptrdiff_t{constant} : radius); });
}

/// First pass: weighted sums of the rows around rows[0], `size` columns. Prefetches as many bytes of `prefetch_row`.
/// Writes full vectors, so up to a vector beyond `size`.
struct blur_down_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(std::ptrdiff_t radius, const std::uint8_t* const* rows,
                                           const std::uint8_t* prefetch_row, const std::uint16_t* weights,
                                           std::ptrdiff_t size, even_odd_row sums) {
        with_common_radius(
            radius, [&](std::ptrdiff_t known_radius) __attribute__((always_inline)) {
                for_each_even_odd_vector<Bytes>(
                    size, [&](std::ptrdiff_t x, auto full) __attribute__((always_inline)) {
                        prefetch(prefetch_row + x);
                        step<Bytes, full.value>(known_radius, rows, weights, x, size - x, sums);
                    });
            });
    }

private:
    template <int Bytes, bool Full>
    [[gnu::always_inline]] static void step(std::ptrdiff_t radius, const std::uint8_t* const* rows,
                                            const std::uint16_t* weights, std::ptrdiff_t x, std::ptrdiff_t left,
                                            even_odd_row sums) {
        simd<std::uint16_t, Bytes> even, odd;
        sum_weighted(even, even_odd_column<false, Full>{rows, x, left}, weights, radius);
        sum_weighted(odd, even_odd_column<true, Full>{rows, x, left}, weights, radius);
        store(sums.phases[0] + x / 2, even);
        store(sums.phases[1] + x / 2, odd);
    }
};

/// Loads neighbours' high bytes: h of s = 256 h + l.
template <class Neighbour>
struct high_bytes {
    const Neighbour& source;

    template <class Lanes>
    [[gnu::always_inline]] void load(std::ptrdiff_t k, Lanes& lanes) const {
        source.load(k, lanes);
        lanes = lanes >> 8;
    }
};

/// Second pass: the blurred row of `size` bytes from the sums of blur_down_kernel, whose margins are filled. The next
/// pixel of the same channel is `channels` elements away, 1 or 3.
struct blur_along_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(std::ptrdiff_t radius, even_odd_row sums, std::ptrdiff_t channels,
                                           const std::uint16_t* weights, std::ptrdiff_t size, std::uint8_t* to) {
        with_common_radius(
            radius, [&](std::ptrdiff_t known_radius) __attribute__((always_inline)) {
                if (channels == 1)
                    blur<Bytes, 1>(known_radius, sums, weights, size, to);
                else
                    blur<Bytes, 3>(known_radius, sums, weights, size, to);
            });
    }

private:
    template <int Bytes, std::ptrdiff_t Channels>
    [[gnu::always_inline]] static void blur(std::ptrdiff_t radius, even_odd_row sums, const std::uint16_t* weights,
                                            std::ptrdiff_t size, std::uint8_t* to) {
        simd<std::uint16_t, Bytes> blurred;
        std::ptrdiff_t x = 0;
        for (; x + Bytes <= size; x += Bytes) {
            step<Bytes, Channels>(blurred, radius, sums, weights, x / 2);
            store(to + x, blurred);
        }
        if (x < size) {
            step<Bytes, Channels>(blurred, radius, sums, weights, x / 2);
            store_partial<false>(to + x, blurred, size - x);
        }
    }

    template <int Bytes, std::ptrdiff_t Channels>
    [[gnu::always_inline]] static void step(simd<std::uint16_t, Bytes>& blurred, std::ptrdiff_t radius,
                                            even_odd_row sums, const std::uint16_t* weights, std::ptrdiff_t at) {
        simd<std::uint16_t, Bytes> even, odd;
        sum_rounded(even, along_even_odd<false>{sums, at, Channels}, weights, radius);
        sum_rounded(odd, along_even_odd<true>{sums, at, Channels}, weights, radius);
        join_high_bytes(blurred, even, odd);
    }

    /// A sum whose high byte is the pixel: H + 255 − b.
    template <class Lanes, class Neighbour>
    [[gnu::always_inline]] static void sum_rounded(Lanes& sum, const Neighbour& neighbour, const std::uint16_t* weights,
                                                   std::ptrdiff_t radius) {
        Lanes sum_modulo;
        sum_weighted(sum, high_bytes<Neighbour>{neighbour}, weights, radius);
        sum_weighted(sum_modulo, neighbour, weights, radius);
        simd<std::int16_t, static_cast<int>(sizeof(Lanes))> high;
        convert(high, sum_modulo);
        high = high >> 8;
        convert(sum_modulo, high);
        sum = sum + std::uint16_t{255} - sum_modulo;
    }
};

}  // namespace lloyd::inline v0::detail
