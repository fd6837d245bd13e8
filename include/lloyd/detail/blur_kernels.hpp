// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The Gaussian blur of one row: down its neighbours first, then along itself, in 16-bit lanes throughout.
///
/// Bytes are never widened. Two of them lie in each lane, and are taken out as x & 255 and x >> 8; results go back the
/// same way, so no byte ever moves. Sums of one pass, up to 255 · 256, fit a lane; those of both need 24 bits. So a sum
/// is kept as its high and its low byte, the second pass is made over each, and only the carry of the low ones counts:
/// (256 H + L + 2^15) >> 16 = (H + 2^7 + (L >> 8)) >> 8.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Sums over pairs of bytes, those in the low and those in the high half of each lane.
template <int Bytes>
struct byte_sums {
    using lanes = vector<std::uint16_t, Bytes>;
    lanes low, high;

    [[gnu::always_inline]] void start(const lanes& bytes, std::uint16_t weight) {
        low = (bytes & std::uint16_t{255}) * weight;
        high = (bytes >> 8) * weight;
    }
    [[gnu::always_inline]] void add(const lanes& a, const lanes& b, std::uint16_t weight) {
        low += ((a & std::uint16_t{255}) + (b & std::uint16_t{255})) * weight;
        high += ((a >> 8) + (b >> 8)) * weight;
    }
};

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

/// Sums of `size` columns over 2 · reach + 1 rows, as high and low bytes. Writes whole vectors.
struct blur_down_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(std::ptrdiff_t reach, const std::uint8_t* const* rows,
                                           const std::uint16_t* weights, std::ptrdiff_t size, std::uint8_t* high,
                                           std::uint8_t* low) {
        run_for_reach<blur_down_kernel, Bytes>(reach, rows, weights, size, high, low);
    }

    template <int Bytes, std::ptrdiff_t Reach>
    [[gnu::always_inline]] static void pass(std::ptrdiff_t given, const std::uint8_t* const* rows,
                                            const std::uint16_t* weights, std::ptrdiff_t size, std::uint8_t* high,
                                            std::uint8_t* low) {
        const std::ptrdiff_t reach = Reach > 0 ? Reach : given;
        for (std::ptrdiff_t i = 0; i < size; i += Bytes) {
            vector<std::uint16_t, Bytes> above, below;
            byte_sums<Bytes> sums;
            load_some(above, rows[reach] + i, size - i);
            sums.start(above, weights[0]);
#pragma GCC unroll 3
            for (std::ptrdiff_t k = 1; k <= reach; ++k) {
                load_some(above, rows[reach - k] + i, size - i);
                load_some(below, rows[reach + k] + i, size - i);
                sums.add(above, below, weights[k]);
            }
            store(high + i, (sums.low >> 8) | (sums.high & std::uint16_t{0xff00}));
            store(low + i, (sums.low & std::uint16_t{255}) | (sums.high << 8));
        }
    }
};

/// The blurred row: sums along what blur_down_kernel wrote, whose margins are filled. `step` elements are a pixel.
struct blur_along_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(std::ptrdiff_t reach, const std::uint8_t* high, const std::uint8_t* low,
                                           std::ptrdiff_t step, const std::uint16_t* weights, std::ptrdiff_t size,
                                           std::uint8_t* to) {
        run_for_reach<blur_along_kernel, Bytes>(reach, high, low, step, weights, size, to);
    }

    template <int Bytes, std::ptrdiff_t Reach>
    [[gnu::always_inline]] static void pass(std::ptrdiff_t given, const std::uint8_t* high, const std::uint8_t* low,
                                            std::ptrdiff_t step, const std::uint16_t* weights, std::ptrdiff_t size,
                                            std::uint8_t* to) {
        const std::ptrdiff_t reach = Reach > 0 ? Reach : given;
        for (std::ptrdiff_t i = 0; i < size; i += Bytes) {
            byte_sums<Bytes> upper, lower;
            sum_along(upper, high + i, step, weights, reach);
            sum_along(lower, low + i, step, weights, reach);
            upper.low += (lower.low >> 8) + std::uint16_t{128};
            upper.high += (lower.high >> 8) + std::uint16_t{128};
            const vector<std::uint16_t, Bytes> blurred = (upper.low >> 8) | (upper.high & std::uint16_t{0xff00});
            store_some(to + i, blurred, size - i);
        }
    }

private:
    template <int Bytes>
    [[gnu::always_inline]] static void sum_along(byte_sums<Bytes>& sums, const std::uint8_t* from, std::ptrdiff_t step,
                                                 const std::uint16_t* weights, std::ptrdiff_t reach) {
        vector<std::uint16_t, Bytes> left, right;
        load(left, from);
        sums.start(left, weights[0]);
#pragma GCC unroll 3
        for (std::ptrdiff_t k = 1; k <= reach; ++k) {
            load(left, from - k * step);
            load(right, from + k * step);
            sums.add(left, right, weights[k]);
        }
    }
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
