// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The derivatives of Sobel and Feldman (1968) of one row, in 16-bit lanes: a pass down the rows, then one along the
/// row.
///
/// Each kernel is a product of two: dx smooths down the rows and takes differences along them, dy takes differences
/// down and smooths along. Derivatives of aperture 7 need 19 bits, and are divided by 16 (half to even) to fit 16: the
/// second pass sums v >> 4 and v & 15 separately.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <lloyd/detail/filter/even_odd_loads.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Weights from the middle outwards. Those of smoothing are the same on both sides, those of differences negative
/// before the middle.
template <int Aperture>
struct sobel_weights;
template <>
struct sobel_weights<3> {
    static constexpr std::int16_t smooth[] = {2, 1}, difference[] = {0, 1};
};
template <>
struct sobel_weights<5> {
    static constexpr std::int16_t smooth[] = {6, 4, 1}, difference[] = {0, 2, 1};
};
template <>
struct sobel_weights<7> {
    static constexpr std::int16_t smooth[] = {20, 15, 6, 1}, difference[] = {0, 5, 4, 1};
};

/// to = value · Weight; an addition where that is enough.
template <int Weight, class Lanes>
[[gnu::always_inline]] inline void times_weight(Lanes& to, const Lanes& value) {
    if constexpr (Weight == 1)
        to = value;
    else if constexpr (Weight == 2)
        to = value + value;
    else
        to = value * std::int16_t{Weight};
}

/// sum = Σ smooth[|k|] · neighbour k, for k = −K … K; neighbour.load(k, lanes) loads neighbour k.
template <int Aperture, int K = Aperture / 2, class Lanes, class Neighbour>
[[gnu::always_inline]] inline void sum_smooth(Lanes& sum, const Neighbour& neighbour) {
    Lanes before, after;
    if constexpr (Aperture == 3) {  // two halves: the sum one pixel farther shares one of them
        neighbour.load(-1, before);
        neighbour.load(0, sum);
        neighbour.load(1, after);
        before = before + sum;
        after = sum + after;
        sum = before + after;
    } else if constexpr (K == 0) {
        neighbour.load(0, before);
        times_weight<sobel_weights<Aperture>::smooth[0]>(sum, before);
    } else {
        sum_smooth<Aperture, K - 1>(sum, neighbour);
        neighbour.load(-K, before);
        neighbour.load(K, after);
        before = before + after;
        times_weight<sobel_weights<Aperture>::smooth[K]>(after, before);
        sum = sum + after;
    }
}

/// sum = Σ difference[k] · (neighbour k − neighbour −k), for k = 1 … K.
template <int Aperture, int K = Aperture / 2, class Lanes, class Neighbour>
[[gnu::always_inline]] inline void sum_differences(Lanes& sum, const Neighbour& neighbour) {
    Lanes before, after;
    neighbour.load(-K, before);
    neighbour.load(K, after);
    before = after - before;
    times_weight<sobel_weights<Aperture>::difference[K]>(after, before);
    if constexpr (K == 1) {
        sum = after;
    } else {
        sum_differences<Aperture, K - 1>(sum, neighbour);
        sum = sum + after;
    }
}

/// Loads neighbours as v >> 4, or (Remainder) as v & 15.
template <bool Remainder, class Neighbour>
struct divided {
    const Neighbour& source;

    template <class Lanes>
    [[gnu::always_inline]] void load(std::ptrdiff_t k, Lanes& lanes) const {
        source.load(k, lanes);
        lanes = Remainder ? lanes & std::int16_t{15} : lanes >> 4;
    }
};

/// sum = (16 · sum + remainders) / 16, rounded half to even.
template <class Lanes>
[[gnu::always_inline]] inline void add_sixteenths(Lanes& sum, const Lanes& remainders) {
    sum = sum + (remainders >> 4);
    sum = sum + (((remainders & std::int16_t{15}) + (sum & std::int16_t{1}) + std::int16_t{7}) >> 4);
}

/// dx from neighbours along a row that was smoothed down the rows.
template <int Aperture, class Lanes, class Neighbour>
[[gnu::always_inline]] inline void derive_x(Lanes& dx, const Neighbour& smooth) {
    if constexpr (Aperture == 7) {
        Lanes remainders;
        sum_differences<7>(dx, divided<false, Neighbour>{smooth});
        sum_differences<7>(remainders, divided<true, Neighbour>{smooth});
        add_sixteenths(dx, remainders);
    } else {
        sum_differences<Aperture>(dx, smooth);
    }
}

/// dy from neighbours along a row of differences taken down the rows.
template <int Aperture, class Lanes, class Neighbour>
[[gnu::always_inline]] inline void derive_y(Lanes& dy, const Neighbour& difference) {
    if constexpr (Aperture == 7) {
        Lanes remainders;
        sum_smooth<7>(dy, divided<false, Neighbour>{difference});
        sum_smooth<7>(remainders, divided<true, Neighbour>{difference});
        add_sixteenths(dy, remainders);
    } else {
        sum_smooth<Aperture>(dy, difference);
    }
}

/// Writes the columns from x on of a row that is stored in phases, or as it is.
template <class Lanes>
[[gnu::always_inline]] inline void store_columns(const even_odd_row& to, std::ptrdiff_t x, const Lanes& even,
                                                 const Lanes& odd) {
    store(to.phases[0] + x / 2, even);
    store(to.phases[1] + x / 2, odd);
}
template <class Lanes, int... Lane>
[[gnu::always_inline]] inline void store_interleaved(std::int16_t* to, const Lanes& even, const Lanes& odd,
                                                     std::integer_sequence<int, Lane...>) {
    constexpr int lanes = sizeof...(Lane);
    Lanes columns;
    shuffle<(Lane / 2 + Lane % 2 * lanes)...>(columns, even, odd);
    store(to, columns);
    shuffle<((lanes + Lane) / 2 + Lane % 2 * lanes)...>(columns, even, odd);
    store(to + lanes, columns);
}
template <class Lanes>
[[gnu::always_inline]] inline void store_columns(std::int16_t* to, std::ptrdiff_t x, const Lanes& even,
                                                 const Lanes& odd) {
    store_interleaved(to + x, even, odd, std::make_integer_sequence<int, static_cast<int>(lanes_of<Lanes>)>{});
}

/// First pass: smooths `width` bytes of the rows around rows[0], and takes their differences. Prefetches as many bytes
/// of `prefetch_row`.
template <int Aperture>
struct sobel_down_kernel {
    static constexpr int max_bytes = Aperture == 3 ? 64 : 32;  // 5 and 7 are rarely used

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* const* rows, const std::uint8_t* prefetch_row,
                                           std::ptrdiff_t width, even_odd_row smooth, even_odd_row difference) {
        for_each_even_odd_vector<Bytes>(
            width,
            [&](std::ptrdiff_t x, const even_odd_row& sums, const even_odd_row& differences)
                __attribute__((always_inline)) {
                    const even_odd_column<false> even{rows, x};
                    const even_odd_column<true> odd{rows, x};
                    simd<std::int16_t, Bytes> sum_even, sum_odd, difference_even, difference_odd;
                    prefetch(prefetch_row + x);
                    // all loads before the first store: for the compiler, a store might change the image
                    sum_smooth<Aperture>(sum_even, even);
                    sum_smooth<Aperture>(sum_odd, odd);
                    sum_differences<Aperture>(difference_even, even);
                    sum_differences<Aperture>(difference_odd, odd);
                    store_columns(sums, x, sum_even, sum_odd);
                    store_columns(differences, x, difference_even, difference_odd);
                },
            smooth, difference);
    }
};

/// Second pass: the derivatives, from the rows of the first, whose margins are filled. To is even_odd_row, or a pointer
/// to a plain row.
template <int Aperture, class To>
struct sobel_along_kernel {
    static constexpr int max_bytes = sobel_down_kernel<Aperture>::max_bytes;

    template <int Bytes>
    [[gnu::always_inline]] static void run(even_odd_row smooth, even_odd_row difference, std::ptrdiff_t width, To dx,
                                           To dy) {
        for_each_even_odd_vector<Bytes>(
            width,
            [&](std::ptrdiff_t x, const even_odd_row& sums, const even_odd_row& differences, To to_x, To to_y)
                __attribute__((always_inline)) {
                    simd<std::int16_t, Bytes> even, odd;
                    derive_x<Aperture>(even, along_even_odd<false>{sums, x / 2});
                    derive_x<Aperture>(odd, along_even_odd<true>{sums, x / 2});
                    store_columns(to_x, x, even, odd);
                    derive_y<Aperture>(even, along_even_odd<false>{differences, x / 2});
                    derive_y<Aperture>(odd, along_even_odd<true>{differences, x / 2});
                    store_columns(to_y, x, even, odd);
                },
            smooth, difference, dx, dy);
    }
};

/// magnitude = |dx| + |dy|, or (Squared) dx² + dy².
template <bool Squared>
struct magnitude_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::int16_t* dx, const std::int16_t* dy, std::ptrdiff_t size,
                                           std::int32_t* magnitude) {
        std::ptrdiff_t i = 0;
        for (; i + Bytes / 4 <= size; i += Bytes / 4) step<Bytes, true>(dx + i, dy + i, size - i, magnitude + i);
        if (i < size) step<Bytes, false>(dx + i, dy + i, size - i, magnitude + i);
    }

private:
    template <int Bytes, bool Full>
    [[gnu::always_inline]] static void step(const std::int16_t* dx, const std::int16_t* dy, std::ptrdiff_t left,
                                            std::int32_t* magnitude) {
        simd<std::int32_t, Bytes> x, y;
        load_converted<Full>(x, dx, left);
        load_converted<Full>(y, dy, left);
        if constexpr (Squared) {
            x = x * x + y * y;
        } else {
            abs_in_place(x);
            abs_in_place(y);
            x = x + y;
        }
        store_partial<Full>(magnitude, x, left);
    }
};

/// The output of stage 2 for the pixels of one row.
struct gradient_row {
    std::int16_t* dx;
    std::int16_t* dy;
    std::int32_t* magnitude;
};

/// In each pixel, the gradient of the channel with the largest magnitude, the first of equals.
struct strongest_channel_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const gradient_row* channels, std::ptrdiff_t width, const gradient_row* to) {
        std::ptrdiff_t i = 0;
        for (; i + Bytes / 4 <= width; i += Bytes / 4) step<Bytes, true>(channels, i, width - i, *to);
        if (i < width) step<Bytes, false>(channels, i, width - i, *to);
    }

private:
    template <int Bytes>
    using lanes = simd<std::int32_t, Bytes>;

    template <int Bytes, bool Full>
    [[gnu::always_inline]] static void step(const gradient_row* channels, std::ptrdiff_t i, std::ptrdiff_t left,
                                            const gradient_row& to) {
        lanes<Bytes> dx, dy, magnitude, x, y, other;
        load_gradient<Bytes, Full>(channels[0], i, left, dx, dy, magnitude);
        for (int c = 1; c < 3; ++c) {
            load_gradient<Bytes, Full>(channels[c], i, left, x, y, other);
            select(magnitude < other, dx, x);
            select(magnitude < other, dy, y);
            max_in_place(magnitude, other);
        }
        simd<std::int16_t, Bytes / 2> narrow;
        convert(narrow, dx);
        store_partial<Full>(to.dx + i, narrow, left);
        convert(narrow, dy);
        store_partial<Full>(to.dy + i, narrow, left);
        store_partial<Full>(to.magnitude + i, magnitude, left);
    }

    template <int Bytes, bool Full>
    [[gnu::always_inline]] static void load_gradient(const gradient_row& from, std::ptrdiff_t i, std::ptrdiff_t left,
                                                     lanes<Bytes>& dx, lanes<Bytes>& dy, lanes<Bytes>& magnitude) {
        load_converted<Full>(dx, from.dx + i, left);
        load_converted<Full>(dy, from.dy + i, left);
        load_partial<Full>(magnitude, from.magnitude + i, left);
    }
};

}  // namespace lloyd::inline v0::detail
