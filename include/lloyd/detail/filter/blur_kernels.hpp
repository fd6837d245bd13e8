// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The Gaussian blur of one row: down its neighbours first, then along itself, in 16-bit lanes throughout.
///
/// Sums of one pass, up to 255 · 256, fit a lane; those of both, 256 H + L, need 24 bits: H sums up the high bytes of the
/// first pass, L the low ones. L is never known: H + 2^7 + (L >> 8) = 256 q + r, where q is the pixel and r follows from
/// a sum that runs over, as its high byte s with a sign, r = s + 2^7. So H + 255 − s = 256 q + 255 − (L >> 8): q is the
/// high byte of that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/filter/even_odd_loads.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Σ weight · neighbour, the neighbours k = −reach … reach. The weights begin with that of the middle.
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

/// Calls pass<Bytes, Reach>(arguments...) with the reach as a constant where it is a usual one, otherwise with 0.
template <class Kernel, int Bytes, class... Arguments>
[[gnu::always_inline]] inline void run_for_reach(std::ptrdiff_t radius, Arguments... arguments) {
    switch (radius) {
        case 1: return Kernel::template pass<Bytes, 1>(radius, arguments...);
        case 2: return Kernel::template pass<Bytes, 2>(radius, arguments...);
        case 3: return Kernel::template pass<Bytes, 3>(radius, arguments...);
        default: return Kernel::template pass<Bytes, 0>(radius, arguments...);
    }
}

/// Sums of `size` columns over the rows around rows[0], while as many of `ahead` are fetched. Writes whole vectors.
struct blur_down_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(std::ptrdiff_t radius, const std::uint8_t* const* rows,
                                           const std::uint8_t* prefetch_row, const std::uint16_t* weights,
                                           std::ptrdiff_t size, even_odd_row sums) {
        run_for_reach<blur_down_kernel, Bytes>(radius, rows, prefetch_row, weights, size, sums);
    }

    template <int Bytes, std::ptrdiff_t Reach>
    [[gnu::always_inline]] static void pass(std::ptrdiff_t given, const std::uint8_t* const* rows,
                                            const std::uint8_t* prefetch_row, const std::uint16_t* weights,
                                            std::ptrdiff_t size, even_odd_row sums) {
        const std::ptrdiff_t radius = Reach > 0 ? Reach : given;
        std::ptrdiff_t x = 0;
        for (; x + Bytes <= size; x += Bytes) {
            prefetch(prefetch_row + x);
            step<Bytes, true>(radius, rows, weights, x, size - x, sums);
        }
        if (x < size && Bytes <= size) {
            const auto again = last_even(size - Bytes);
            step<Bytes, true>(radius, rows, weights, again, size - again, sums);
            x = again + Bytes;
        }
        if (x < size) step<Bytes, false>(radius, rows, weights, x, size - x, sums);
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

/// The high bytes of any neighbours.
template <class Neighbour>
struct high_bytes {
    const Neighbour& source;

    template <class Lanes>
    [[gnu::always_inline]] void load(std::ptrdiff_t k, Lanes& lanes) const {
        source.load(k, lanes);
        lanes = lanes >> 8;
    }
};

/// The blurred row: sums along what blur_down_kernel wrote, whose margins are filled. `channels` elements are a pixel.
struct blur_along_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(std::ptrdiff_t radius, even_odd_row sums, std::ptrdiff_t channels,
                                           const std::uint16_t* weights, std::ptrdiff_t size, std::uint8_t* to) {
        if (channels == 1)
            run_for_reach<blur_along_kernel, Bytes>(radius, sums, std::integral_constant<std::ptrdiff_t, 1>{}, weights,
                                                    size, to);
        else
            run_for_reach<blur_along_kernel, Bytes>(radius, sums, std::integral_constant<std::ptrdiff_t, 3>{}, weights,
                                                    size, to);
    }

    template <int Bytes, std::ptrdiff_t Reach, class Channels>
    [[gnu::always_inline]] static void pass(std::ptrdiff_t given, even_odd_row sums, Channels,
                                            const std::uint16_t* weights, std::ptrdiff_t size, std::uint8_t* to) {
        const std::ptrdiff_t radius = Reach > 0 ? Reach : given;
        simd<std::uint16_t, Bytes> blurred;
        std::ptrdiff_t x = 0;
        for (; x + Bytes <= size; x += Bytes) {
            step<Bytes, Channels::value>(blurred, radius, sums, weights, x / 2);
            store(to + x, blurred);
        }
        if (x < size) {
            step<Bytes, Channels::value>(blurred, radius, sums, weights, x / 2);
            store_partial<false>(to + x, blurred, size - x);
        }
    }

private:
    template <int Bytes, std::ptrdiff_t Channels>
    [[gnu::always_inline]] static void step(simd<std::uint16_t, Bytes>& blurred, std::ptrdiff_t radius,
                                            even_odd_row sums, const std::uint16_t* weights, std::ptrdiff_t at) {
        simd<std::uint16_t, Bytes> even, odd;
        sum_rounded(even, along_even_odd<false>{sums, at, Channels}, weights, radius);
        sum_rounded(odd, along_even_odd<true>{sums, at, Channels}, weights, radius);
        join_high_bytes(blurred, even, odd);
    }

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
