// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 2 of Canny: two ways to gradients for the kernels of fused_kernels.hpp, as vectors of even and of odd columns
/// (see even_odd_loads.hpp).
///
/// - `box_gradients`, aperture 3: straight from the image's bytes, by sums of 2 × 2 pixels. Nothing is stored.
/// - `stored_gradients`, apertures 5 and 7: from derivatives that the kernels of even_odd_sobel_kernels.hpp stored.
///
/// Each has
///
///     rows            of how many rows magnitudes are computed at once
///     max_bytes<Norm> the widest vectors that kernels are compiled for: 32 bytes for options that are rarely used
///     unit            it computes magnitude / unit
///     for_each_other_channel(from, use)   calls use(channel) for all channels but the first
///     columns<Lanes>(from, x, width)            the columns from the even column x on, of all rows:
///         .measure<Norm, row % 2>(row, magnitude)   the largest magnitudes of a row; for row = 0, 1, 2 … in turn
///     derive<Lanes>(from, channel, x, width, dx, dy)   dx and dy of these columns, of the first row of a channel
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/canny/fused_norms.hpp>
#include <lloyd/detail/filter/even_odd_loads.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Where gradients come from, for up to three channels.
struct gradient_source {
    static constexpr std::size_t rows = 6;

    int channels;
    /// For box_gradients: rows of bytes, the first above the row of gradients.
    const std::uint8_t* bytes[3][rows];
    /// The same rows with their end pixels repeated once; valid in the first and last 128 columns.
    const std::uint8_t* ends[3][rows];
    even_odd_row dx[3], dy[3];  ///< for stored_gradients
};

/// Gradients of aperture 3 of one channel, from the bytes of the rows, of the one above and of the one below. Rows are
/// computed in turn; Parity is that of the row.
///
/// Each pixel is a corner of four boxes of 2 × 2 pixels. Where a, b, c, d are the sums of the boxes,
///
///     a b     dx + dy = 2 (d − a)      |dx| + |dy| = 2 max(|d − a|, |b − c|)
///     c d     dx − dy = 2 (b − c)      dx² + dy²   = 2 ((d − a)² + (b − c)²)
///
/// because |dx| + |dy| is the larger of |dx + dy| and |dx − dy|. These are differences along both diagonals, as Roberts
/// (1963) takes them of single pixels. A box is computed once for the four pixels around it.
template <class Lanes>
class box_rows {
public:
    [[gnu::always_inline]] void start(const gradient_source& from, int channel, std::ptrdiff_t x,
                                      std::ptrdiff_t width) {
        rows_ = 0 < x && x + max_vector < width ? &from.bytes[channel][0] : &from.ends[channel][0];
        x_ = x;
        sum_pairs(pairs_[0], rows_[0] + x_);
        add_row<1>(1);
    }

    template <class Norm, int Parity>
    [[gnu::always_inline]] void measure(int row, even_odd_lanes<magnitude_of<Norm, Lanes>>& magnitude) {
        even_odd_lanes<Lanes> falling, rising;
        diagonal_differences<Parity>(row, falling, rising);
        if constexpr (std::is_same_v<Norm, l1_norm>) {
            abs_in_place(falling);
            abs_in_place(rising);
            max_in_place(falling, rising);
            magnitude = falling;
        } else {
            detail::measure<Norm>(magnitude, falling, rising);
        }
    }
    /// dx and dy of the first row.
    [[gnu::always_inline]] void derive(even_odd_lanes<Lanes>& dx, even_odd_lanes<Lanes>& dy) {
        even_odd_lanes<Lanes> falling, rising;
        diagonal_differences<0>(0, falling, rising);
        dx.even = falling.even + rising.even;
        dx.odd = falling.odd + rising.odd;
        dy.even = falling.even - rising.even;
        dy.odd = falling.odd - rising.odd;
    }

private:
    /// falling = d − a and rising = b − c of a row.
    template <int Parity>
    [[gnu::always_inline]] void diagonal_differences(int row, even_odd_lanes<Lanes>& falling,
                                                     even_odd_lanes<Lanes>& rising) {
        add_row<Parity>(row + 2);
        const auto &above = boxes_[1 - Parity], &below = boxes_[Parity];
        falling.even = below[1] - above[0];
        falling.odd = below[2] - above[1];
        rising.even = above[1] - below[0];
        rising.odd = above[2] - below[1];
    }

    /// Computes the boxes of a byte row and the one above it.
    template <int Parity>
    [[gnu::always_inline]] void add_row(int row) {
        sum_pairs(pairs_[Parity], rows_[row] + x_);
        for (int i = 0; i < 3; ++i) boxes_[Parity][i] = pairs_[0][i] + pairs_[1][i];
    }

    const std::uint8_t* const* rows_;
    std::ptrdiff_t x_;
    Lanes pairs_[2][3], boxes_[2][3];
};

/// The same of one channel or three.
template <int Channels>
struct box_gradients {
    static constexpr int rows = gradient_source::rows - 2, unit = 2;
    template <class Norm>
    static constexpr int max_bytes = Channels == 3 && std::is_same_v<Norm, squared_l2_norm> ? 32 : 64;

    template <class Use>
    [[gnu::always_inline]] static void for_each_other_channel(const gradient_source&, const Use& use) {
        if constexpr (Channels == 3) use(1), use(2);
    }

    template <class Lanes>
    class columns {
    public:
        [[gnu::always_inline]] columns(const gradient_source& from, std::ptrdiff_t x, std::ptrdiff_t width) {
#pragma GCC unroll 3
            for (int c = 0; c < Channels; ++c) boxes_[c].start(from, c, x, width);
        }

        template <class Norm, int Parity>
        [[gnu::always_inline]] void measure(int row, even_odd_lanes<magnitude_of<Norm, Lanes>>& magnitude) {
            boxes_[0].template measure<Norm, Parity>(row, magnitude);
#pragma GCC unroll 3
            for (int c = 1; c < Channels; ++c) {
                even_odd_lanes<magnitude_of<Norm, Lanes>> other;
                boxes_[c].template measure<Norm, Parity>(row, other);
                max_in_place(magnitude, other);
            }
        }

    private:
        box_rows<Lanes> boxes_[std::size_t{Channels}];
    };

    template <class Lanes>
    [[gnu::always_inline]] static void derive(const gradient_source& from, int channel, std::ptrdiff_t x,
                                              std::ptrdiff_t width, even_odd_lanes<Lanes>& dx,
                                              even_odd_lanes<Lanes>& dy) {
        box_rows<Lanes> boxes;
        boxes.start(from, channel, x, width);
        boxes.derive(dx, dy);
    }
};

/// Gradients of apertures 5 and 7, one row at a time.
struct stored_gradients {
    static constexpr int rows = 1, unit = 1;
    template <class Norm>
    static constexpr int max_bytes = 32;

    template <class Use>
    [[gnu::always_inline]] static void for_each_other_channel(const gradient_source& from, const Use& use) {
        for (int channel = 1; channel < from.channels; ++channel) use(channel);
    }

    template <class Lanes>
    class columns {
    public:
        [[gnu::always_inline]] columns(const gradient_source& from, std::ptrdiff_t x, std::ptrdiff_t width)
            : from_(from), x_(x), width_(width) {}

        template <class Norm, int>
        [[gnu::always_inline]] void measure(int, even_odd_lanes<magnitude_of<Norm, Lanes>>& magnitude) const {
            magnitude = even_odd_lanes<magnitude_of<Norm, Lanes>>{};
            for (int c = 0; c < from_.channels; ++c) {
                even_odd_lanes<Lanes> dx, dy;
                even_odd_lanes<magnitude_of<Norm, Lanes>> other;
                derive(from_, c, x_, width_, dx, dy);
                detail::measure<Norm>(other, dx, dy);
                max_in_place(magnitude, other);
            }
        }

    private:
        const gradient_source& from_;
        std::ptrdiff_t x_, width_;
    };

    template <class Lanes>
    [[gnu::always_inline]] static void derive(const gradient_source& from, int channel, std::ptrdiff_t x,
                                              std::ptrdiff_t, even_odd_lanes<Lanes>& dx, even_odd_lanes<Lanes>& dy) {
        load(dx.even, from.dx[channel].phases[0] + x / 2);
        load(dx.odd, from.dx[channel].phases[1] + x / 2);
        load(dy.even, from.dy[channel].phases[0] + x / 2);
        load(dy.odd, from.dy[channel].phases[1] + x / 2);
    }
};

/// The derivatives of the first row: in each pixel those of the channel with the largest magnitude, the first of equals.
template <class Norm, class Gradients, class Lanes>
[[gnu::always_inline]] inline void derive_strongest(const gradient_source& from, std::ptrdiff_t x, std::ptrdiff_t width,
                                                    even_odd_lanes<Lanes>& dx, even_odd_lanes<Lanes>& dy) {
    even_odd_lanes<magnitude_of<Norm, Lanes>> max_magnitude;
    Gradients::derive(from, 0, x, width, dx, dy);
    measure<Norm>(max_magnitude, dx, dy);
    Gradients::for_each_other_channel(
        from, [&](int channel) __attribute__((always_inline)) {
            even_odd_lanes<Lanes> other_x, other_y;
            even_odd_lanes<magnitude_of<Norm, Lanes>> magnitude;
            Gradients::derive(from, channel, x, width, other_x, other_y);
            measure<Norm>(magnitude, other_x, other_y);
            Norm::select_where_less(max_magnitude.even, magnitude.even, dx.even, other_x.even);
            Norm::select_where_less(max_magnitude.even, magnitude.even, dy.even, other_y.even);
            Norm::select_where_less(max_magnitude.odd, magnitude.odd, dx.odd, other_x.odd);
            Norm::select_where_less(max_magnitude.odd, magnitude.odd, dy.odd, other_y.odd);
            max_in_place(max_magnitude, magnitude);
        });
}

}  // namespace lloyd::inline v0::detail
