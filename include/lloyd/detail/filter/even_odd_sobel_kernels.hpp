// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The derivatives of one row, as in sobel_kernels.hpp, but with even and odd columns apart (see even_odd_loads.hpp):
/// for apertures 5 and 7 of `canny`. Few use them, so they are compiled for vectors of 16 and 32 bytes only.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/filter/even_odd_loads.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/filter/sobel_kernels.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// First pass: smooths `width` bytes of the rows around rows[0], and takes their differences.
template <int Aperture>
struct even_odd_sobel_down_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* const* rows, std::ptrdiff_t width, even_odd_row smooth,
                                           even_odd_row difference) {
        for_each_even_odd_vector<Bytes>(
            width,
            [&](std::ptrdiff_t x, const even_odd_row& sums, const even_odd_row& differences)
                __attribute__((always_inline)) {
                    const even_odd_column<false> even{rows, x};
                    const even_odd_column<true> odd{rows, x};
                    simd<std::int16_t, Bytes> sum_even, sum_odd, difference_even, difference_odd;
                    // all loads before the first store: for the compiler, a store might change the image
                    sum_smooth<Aperture>(sum_even, even);
                    sum_smooth<Aperture>(sum_odd, odd);
                    sum_differences<Aperture>(difference_even, even);
                    sum_differences<Aperture>(difference_odd, odd);
                    store(sums.phases[0] + x / 2, sum_even);
                    store(sums.phases[1] + x / 2, sum_odd);
                    store(differences.phases[0] + x / 2, difference_even);
                    store(differences.phases[1] + x / 2, difference_odd);
                },
            smooth, difference);
    }
};

/// Second pass: the derivatives, from the rows of the first, whose margins are filled. Writes full vectors.
template <int Aperture>
struct even_odd_sobel_along_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(even_odd_row smooth, even_odd_row difference, std::ptrdiff_t width,
                                           even_odd_row dx, even_odd_row dy) {
        for (std::ptrdiff_t i = 0; 2 * i < width; i += Bytes / 2) {
            step<Bytes, false>(smooth, difference, i, dx.phases[0] + i, dy.phases[0] + i);
            step<Bytes, true>(smooth, difference, i, dx.phases[1] + i, dy.phases[1] + i);
        }
    }

private:
    template <int Bytes, bool Odd>
    [[gnu::always_inline]] static void step(const even_odd_row& smooth, const even_odd_row& difference,
                                            std::ptrdiff_t i, std::int16_t* dx, std::int16_t* dy) {
        simd<std::int16_t, Bytes> x, y;
        derive_x<Aperture>(x, along_even_odd<Odd>{smooth, i});
        derive_y<Aperture>(y, along_even_odd<Odd>{difference, i});
        store(dx, x);
        store(dy, y);
    }
};

}  // namespace lloyd::inline v0::detail
