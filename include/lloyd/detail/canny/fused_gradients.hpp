// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 2 of Canny in the fused engine: three sources of gradients for the kernels of fused_kernels.hpp, as vectors of
/// even and of odd columns (see even_odd_loads.hpp).
///
/// - `box_gradients`, aperture 3: straight from the image's bytes, by sums of 2 × 2 pixels. No sums are stored.
/// - `summed_gradients`, any aperture: from sums down the image's rows, which even_odd_sobel_down_kernel stores.
/// - `strongest_gradients`, three channels: of three sources, in each pixel the gradient of the largest magnitude.
///
/// Each source has
///
///     rows          how many rows of gradients it computes
///     from_bytes    whether it reads the image's bytes
///     unit          it computes magnitude / unit
///     columns<Lanes>(source.at(x, width))      the columns from the even column x on, of all rows:
///         .measure<Norm, Row>(magnitude)       magnitudes of row `Row`, or
///         .derivatives<Row>(dx, dy)            dx and dy of it; for Row = 0, 1, 2 … in turn
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/canny/fused_norms.hpp>
#include <lloyd/detail/filter/even_odd_loads.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/filter/sobel_kernels.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// First pass of the Sobel kernels: as sobel_down_kernel, but with even and odd columns apart.
template <int Aperture>
struct even_odd_sobel_down_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* const* rows, std::ptrdiff_t width, even_odd_row smooth,
                                           even_odd_row difference) {
        for_each_even_odd_vector<Bytes>(
            width, [&](std::ptrdiff_t x, auto full) __attribute__((always_inline)) {
                step<Bytes, full.value>(rows, x, width - x, smooth, difference);
            });
    }

private:
    template <int Bytes, bool Full>
    [[gnu::always_inline]] static void step(const std::uint8_t* const* rows, std::ptrdiff_t x, std::ptrdiff_t left,
                                            even_odd_row smooth, even_odd_row difference) {
        const even_odd_column<false, Full> even{rows, x, left};
        const even_odd_column<true, Full> odd{rows, x, left};
        simd<std::int16_t, Bytes> smooth_even, smooth_odd, difference_even, difference_odd;
        sum_smooth<Aperture>(
            smooth_even, even);  // all loads before the first store: for the compiler, a store might change the image
        sum_smooth<Aperture>(smooth_odd, odd);
        sum_differences<Aperture>(difference_even, even);
        sum_differences<Aperture>(difference_odd, odd);
        store(smooth.phases[0] + x / 2, smooth_even);
        store(smooth.phases[1] + x / 2, smooth_odd);
        store(difference.phases[0] + x / 2, difference_even);
        store(difference.phases[1] + x / 2, difference_odd);
    }
};

/// Gradients of one row from the two rows that even_odd_sobel_down_kernel wrote, whose margins are filled.
template <int Aperture>
struct summed_gradients {
    static constexpr int rows = 1, unit = 1;
    static constexpr bool from_bytes = false;
    even_odd_row smooth, difference;

    struct place {
        even_odd_row smooth, difference;
        std::ptrdiff_t i;
    };
    [[gnu::always_inline]] place at(std::ptrdiff_t x, std::ptrdiff_t) const { return {smooth, difference, x / 2}; }

    template <class Lanes>
    class columns {
    public:
        [[gnu::always_inline]] explicit columns(const place& from) : from_(from) {}

        template <class Norm, int Row>
        [[gnu::always_inline]] void measure(even_odd_lanes<magnitude_of<Norm, Lanes>>& magnitude) const {
            even_odd_lanes<Lanes> dx, dy;
            derivatives<Row>(dx, dy);
            detail::measure<Norm>(magnitude, dx, dy);
        }
        template <int Row>
        [[gnu::always_inline]] void derivatives(even_odd_lanes<Lanes>& dx, even_odd_lanes<Lanes>& dy) const {
            derive<false>(dx.even, dy.even);
            derive<true>(dx.odd, dy.odd);
        }

    private:
        template <bool Odd>
        [[gnu::always_inline]] void derive(Lanes& dx, Lanes& dy) const {
            derive_x<Aperture>(dx, along_even_odd<Odd>{from_.smooth, from_.i});
            derive_y<Aperture>(dy, along_even_odd<Odd>{from_.difference, from_.i});
        }

        place from_;
    };
};

/// Gradients of aperture 3 of `Rows` rows, from the bytes of these rows, of the one above and of the one below.
///
/// Each pixel is a corner of four boxes of 2 × 2 pixels. Where a, b, c, d are the sums of the boxes,
///
///     a b     dx + dy = 2 (d − a)      |dx| + |dy| = 2 max(|d − a|, |b − c|)
///     c d     dx − dy = 2 (b − c)      dx² + dy²   = 2 ((d − a)² + (b − c)²)
///
/// because |dx| + |dy| is the larger of |dx + dy| and |dx − dy|. These are differences along both diagonals, as Roberts
/// (1963) takes them of single pixels. A box is computed once for the four pixels around it.
template <int Rows>
struct box_gradients {
    static constexpr int rows = Rows, unit = 2;
    static constexpr bool from_bytes = true;
    static constexpr std::size_t byte_rows = std::size_t{Rows} + 2;
    const std::uint8_t* bytes[byte_rows];
    /// The same rows with their end pixels repeated once; valid in the first and last 128 columns.
    const std::uint8_t* ends[byte_rows];

    struct place {
        const std::uint8_t* const* rows;
        std::ptrdiff_t x;
    };
    [[gnu::always_inline]] place at(std::ptrdiff_t x, std::ptrdiff_t width) const {
        constexpr std::ptrdiff_t longest = 64;  // bytes of the longest vector
        return {0 < x && x + longest < width ? &bytes[0] : &ends[0], x};
    }

    template <class Lanes>
    class columns {
    public:
        [[gnu::always_inline]] explicit columns(const place& from) : from_(from) {
            sum_pairs(pairs_[0], from_.rows[0] + from_.x);
            add_row<1>();
        }

        template <class Norm, int Row>
        [[gnu::always_inline]] void measure(even_odd_lanes<magnitude_of<Norm, Lanes>>& magnitude) {
            even_odd_lanes<Lanes> falling, rising;
            diagonal_differences<Row>(falling, rising);
            if constexpr (std::is_same_v<Norm, l1_norm>) {
                abs_in_place(falling);
                abs_in_place(rising);
                max_in_place(falling, rising);
                magnitude = falling;
            } else {
                detail::measure<Norm>(magnitude, falling, rising);
            }
        }
        template <int Row>
        [[gnu::always_inline]] void derivatives(even_odd_lanes<Lanes>& dx, even_odd_lanes<Lanes>& dy) {
            even_odd_lanes<Lanes> falling, rising;
            diagonal_differences<Row>(falling, rising);
            dx.even = falling.even + rising.even;
            dx.odd = falling.odd + rising.odd;
            dy.even = falling.even - rising.even;
            dy.odd = falling.odd - rising.odd;
        }

    private:
        /// falling = d − a and rising = b − c of row `Row`.
        template <int Row>
        [[gnu::always_inline]] void diagonal_differences(even_odd_lanes<Lanes>& falling,
                                                         even_odd_lanes<Lanes>& rising) {
            add_row<Row + 2>();
            const auto &above = boxes_[(Row + 1) % 2], &below = boxes_[(Row + 2) % 2];
            falling.even = below[1] - above[0];
            falling.odd = below[2] - above[1];
            rising.even = above[1] - below[0];
            rising.odd = above[2] - below[1];
        }

        /// Computes the boxes of byte row `Row` and the one above it.
        template <int Row>
        [[gnu::always_inline]] void add_row() {
            sum_pairs(pairs_[Row % 2], from_.rows[Row] + from_.x);
            for (int i = 0; i < 3; ++i) boxes_[Row % 2][i] = pairs_[0][i] + pairs_[1][i];
        }

        place from_;
        Lanes pairs_[2][3], boxes_[2][3];
    };
};

/// Gradients of three channels: in each pixel those of the largest magnitude, the first of equals.
template <class Norm, class Gradients>
struct strongest_gradients {
    static constexpr int rows = Gradients::rows, unit = Gradients::unit;
    static constexpr bool from_bytes = Gradients::from_bytes;
    Gradients channels[3];

    struct place {
        typename Gradients::place channels[3];
    };
    [[gnu::always_inline]] place at(std::ptrdiff_t x, std::ptrdiff_t width) const {
        return {{channels[0].at(x, width), channels[1].at(x, width), channels[2].at(x, width)}};
    }

    template <class Lanes>
    class columns {
        using magnitude = magnitude_of<Norm, Lanes>;

    public:
        [[gnu::always_inline]] explicit columns(const place& from)
            : first_(from.channels[0]), second_(from.channels[1]), third_(from.channels[2]) {}

        template <class, int Row>
        [[gnu::always_inline]] void measure(even_odd_lanes<magnitude>& max_magnitude) {
            even_odd_lanes<magnitude> other;
            first_.template measure<Norm, Row>(max_magnitude);
            second_.template measure<Norm, Row>(other);
            max_in_place(max_magnitude, other);
            third_.template measure<Norm, Row>(other);
            max_in_place(max_magnitude, other);
        }
        template <int Row>
        [[gnu::always_inline]] void derivatives(even_odd_lanes<Lanes>& dx, even_odd_lanes<Lanes>& dy) {
            even_odd_lanes<magnitude> max_magnitude;
            first_.template derivatives<Row>(dx, dy);
            detail::measure<Norm>(max_magnitude, dx, dy);
            keep_stronger<Row>(second_, max_magnitude, dx, dy);
            keep_stronger<Row>(third_, max_magnitude, dx, dy);
        }

    private:
        using channel = typename Gradients::template columns<Lanes>;

        template <int Row>
        [[gnu::always_inline]] static void keep_stronger(channel& from, even_odd_lanes<magnitude>& max_magnitude,
                                                         even_odd_lanes<Lanes>& dx, even_odd_lanes<Lanes>& dy) {
            even_odd_lanes<Lanes> x, y;
            even_odd_lanes<magnitude> other;
            from.template derivatives<Row>(x, y);
            detail::measure<Norm>(other, x, y);
            Norm::select_where_less(max_magnitude.even, other.even, dx.even, x.even);
            Norm::select_where_less(max_magnitude.even, other.even, dy.even, y.even);
            Norm::select_where_less(max_magnitude.odd, other.odd, dx.odd, x.odd);
            Norm::select_where_less(max_magnitude.odd, other.odd, dy.odd, y.odd);
            max_in_place(max_magnitude, other);
        }

        channel first_, second_, third_;
    };
};

}  // namespace lloyd::inline v0::detail
