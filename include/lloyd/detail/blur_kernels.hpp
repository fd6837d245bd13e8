// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The Gaussian blur of one row: down its neighbours first, then along itself, in 16-bit lanes throughout.
///
/// Sums of one pass, up to 255 · 256, fit a lane; those of both need 24 bits. So a sum is kept as its high and its low
/// byte, the second pass is made over each, and only the carry of the low ones counts:
/// (256 H + L + 2^15) >> 16 = (H + 2^7 + (L >> 8)) >> 8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/simd.hpp>
#include <lloyd/detail/split_loads.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Σ weight · neighbour, the neighbours k = −reach … reach. The weights begin with that of the middle.
template <class Lanes, class Neighbour>
[[gnu::always_inline]] inline void sum_weighted(Lanes& sum, const Neighbour& neighbour, const std::uint16_t* weights,
                                                std::ptrdiff_t reach) {
    Lanes before, after;
    neighbour.load(0, before);
    sum = before * weights[0];
#pragma GCC unroll 3
    for (std::ptrdiff_t k = 1; k <= reach; ++k) {
        neighbour.load(-k, before);
        neighbour.load(k, after);
        sum += (before + after) * weights[k];
    }
}

/// Calls pass<Bytes, Reach>(arguments...) with the reach as a constant where it is a usual one, otherwise with 0.
template <class Kernel, int Bytes, class... Arguments>
[[gnu::always_inline]] inline void run_for_reach(std::ptrdiff_t reach, Arguments... arguments) {
    switch (reach) {
        case 1: return Kernel::template pass<Bytes, 1>(reach, arguments...);
        case 2: return Kernel::template pass<Bytes, 2>(reach, arguments...);
        case 3: return Kernel::template pass<Bytes, 3>(reach, arguments...);
        default: return Kernel::template pass<Bytes, 0>(reach, arguments...);
    }
}

/// Sums of `size` columns over the rows around rows[0], as high and low bytes. Writes whole vectors.
struct blur_down_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(std::ptrdiff_t reach, const std::uint8_t* const* rows,
                                           const std::uint16_t* weights, std::ptrdiff_t size, split_row high,
                                           split_row low) {
        run_for_reach<blur_down_kernel, Bytes>(reach, rows, weights, size, high, low);
    }

    template <int Bytes, std::ptrdiff_t Reach>
    [[gnu::always_inline]] static void pass(std::ptrdiff_t given, const std::uint8_t* const* rows,
                                            const std::uint16_t* weights, std::ptrdiff_t size, split_row high,
                                            split_row low) {
        const std::ptrdiff_t reach = Reach > 0 ? Reach : given;
        std::ptrdiff_t x = 0;
        for (; x + Bytes <= size; x += Bytes) step<Bytes, true>(reach, rows, weights, x, size - x, high, low);
        if (x < size && Bytes <= size) {
            const auto again = last_even(size - Bytes);
            step<Bytes, true>(reach, rows, weights, again, size - again, high, low);
            x = again + Bytes;
        }
        if (x < size) step<Bytes, false>(reach, rows, weights, x, size - x, high, low);
    }

private:
    template <int Bytes, bool Whole>
    [[gnu::always_inline]] static void step(std::ptrdiff_t reach, const std::uint8_t* const* rows,
                                            const std::uint16_t* weights, std::ptrdiff_t x, std::ptrdiff_t left,
                                            split_row high, split_row low) {
        vector<std::uint16_t, Bytes> even, odd;
        sum_weighted(even, split_column<false, Whole>{rows, x, left}, weights, reach);
        sum_weighted(odd, split_column<true, Whole>{rows, x, left}, weights, reach);
        store(high.even + x / 2, even >> 8);
        store(high.odd + x / 2, odd >> 8);
        store(low.even + x / 2, even & std::uint16_t{255});
        store(low.odd + x / 2, odd & std::uint16_t{255});
    }
};

/// The blurred row: sums along what blur_down_kernel wrote, whose margins are filled. `channels` elements are a pixel.
struct blur_along_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(std::ptrdiff_t reach, split_row high, split_row low, std::ptrdiff_t channels,
                                           const std::uint16_t* weights, std::ptrdiff_t size, std::uint8_t* to) {
        if (channels == 1)
            run_for_reach<blur_along_kernel, Bytes>(reach, high, low, std::integral_constant<std::ptrdiff_t, 1>{},
                                                    weights, size, to);
        else
            run_for_reach<blur_along_kernel, Bytes>(reach, high, low, std::integral_constant<std::ptrdiff_t, 3>{},
                                                    weights, size, to);
    }

    template <int Bytes, std::ptrdiff_t Reach, class Channels>
    [[gnu::always_inline]] static void pass(std::ptrdiff_t given, split_row high, split_row low, Channels,
                                            const std::uint16_t* weights, std::ptrdiff_t size, std::uint8_t* to) {
        const std::ptrdiff_t reach = Reach > 0 ? Reach : given;
        vector<std::uint16_t, Bytes> blurred;
        std::ptrdiff_t x = 0;
        for (; x + Bytes <= size; x += Bytes) {
            step<Bytes, Channels::value>(blurred, reach, high, low, weights, x / 2);
            store(to + x, blurred);
        }
        if (x < size) {
            step<Bytes, Channels::value>(blurred, reach, high, low, weights, x / 2);
            store_some<false>(to + x, blurred, size - x);
        }
    }

private:
    template <int Bytes, std::ptrdiff_t Channels>
    [[gnu::always_inline]] static void step(vector<std::uint16_t, Bytes>& blurred, std::ptrdiff_t reach, split_row high,
                                            split_row low, const std::uint16_t* weights, std::ptrdiff_t at) {
        vector<std::uint16_t, Bytes> even, odd;
        sum_bytes<Bytes>(even, along_split<false>{high, at, Channels}, along_split<false>{low, at, Channels}, weights,
                         reach);
        sum_bytes<Bytes>(odd, along_split<true>{high, at, Channels}, along_split<true>{low, at, Channels}, weights,
                         reach);
        join_high_bytes(blurred, even, odd);
    }

    template <int Bytes, class Neighbour>
    [[gnu::always_inline]] static void sum_bytes(vector<std::uint16_t, Bytes>& sum, const Neighbour& high,
                                                 const Neighbour& low, const std::uint16_t* weights,
                                                 std::ptrdiff_t reach) {
        vector<std::uint16_t, Bytes> carry;
        sum_weighted(sum, high, weights, reach);
        sum_weighted(carry, low, weights, reach);
        sum += (carry >> 8) + std::uint16_t{128};
    }
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
