// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Where the kernels of Canny's stages 2 to 4 get dx and dy from, in split columns: see split_loads.hpp. Two ways:
///
/// - `summed_gradients`, for any aperture: from sums down the photo's rows, which split_down_kernel keeps in rows.
/// - `byte_gradients`, for aperture 3: straight from bytes, along rows first and then down, so that nothing is kept. Sums
///   along a row serve all rows of gradients that are found at once.
///
/// And of any of them `strongest_gradients`, for three channels.
///
/// Of each, `rows` is how many rows of gradients it gives, and columns<Odd, Lanes>(from.at(x, width)).find<Row>(dx, dy)
/// gives those of even or odd columns from the even column x on, row after row.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/simd.hpp>
#include <lloyd/detail/sobel_kernels.hpp>
#include <lloyd/detail/split_loads.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// sobel_down_kernel for split rows.
template <int Aperture>
struct split_down_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* const* rows, std::ptrdiff_t width, split_row smooth,
                                           split_row difference) {
        std::ptrdiff_t x = 0;
        for (; x + Bytes <= width; x += Bytes) step<Bytes, true>(rows, x, width - x, smooth, difference);
        if (x < width && Bytes <= width) {
            const auto again = last_even(width - Bytes);
            step<Bytes, true>(rows, again, width - again, smooth, difference);
            x = again + Bytes;
        }
        if (x < width) step<Bytes, false>(rows, x, width - x, smooth, difference);
    }

private:
    template <int Bytes, bool Whole>
    [[gnu::always_inline]] static void step(const std::uint8_t* const* rows, std::ptrdiff_t x, std::ptrdiff_t left,
                                            split_row smooth, split_row difference) {
        const split_column<false, Whole> even{rows, x, left};
        const split_column<true, Whole> odd{rows, x, left};
        vector<std::int16_t, Bytes> smooth_even, smooth_odd, difference_even, difference_odd;
        sum_smooth<Aperture>(smooth_even, even);  // all loads before the first store, which might change the photo
        sum_smooth<Aperture>(smooth_odd, odd);
        sum_differences<Aperture>(difference_even, even);
        sum_differences<Aperture>(difference_odd, odd);
        store(smooth.even + x / 2, smooth_even);
        store(smooth.odd + x / 2, smooth_odd);
        store(difference.even + x / 2, difference_even);
        store(difference.odd + x / 2, difference_odd);
    }
};

/// What split_down_kernel wrote of one row, with its margins filled.
template <int Aperture>
struct summed_gradients {
    static constexpr int aperture = Aperture, rows = 1;
    split_row smooth, difference;

    struct place {
        split_row smooth, difference;
        std::ptrdiff_t i;
    };
    [[gnu::always_inline]] place at(std::ptrdiff_t x, std::ptrdiff_t) const { return {smooth, difference, x / 2}; }

    template <bool Odd, class Lanes>
    struct columns {
        along_split<Odd> smooth, difference;

        [[gnu::always_inline]] explicit columns(const place& from)
            : smooth{from.smooth, from.i}, difference{from.difference, from.i} {}

        template <int Row>
        [[gnu::always_inline]] void find(Lanes& dx, Lanes& dy) const {
            derive_x<Aperture>(dx, smooth);
            derive_y<Aperture>(dy, difference);
        }
    };
};

/// The bytes of as many rows of gradients as are asked for, of the row above them and of the one below.
template <int Rows>
struct byte_gradients {
    static constexpr int aperture = 3, rows = Rows;
    static constexpr std::size_t used = std::size_t{Rows} + 2;
    const std::uint8_t* bytes[used];
    const std::uint8_t* ends[used];  ///< the same for the first and the last 128 columns, with one more on either side

    struct place {
        const std::uint8_t* const* rows;
        std::ptrdiff_t x;
    };
    [[gnu::always_inline]] place at(std::ptrdiff_t x, std::ptrdiff_t width) const {
        constexpr std::ptrdiff_t longest = 64;  ///< of all vectors
        return {0 < x && x + longest < width ? &bytes[0] : &ends[0], x};
    }

    template <bool Odd, class Lanes>
    class columns {
    public:
        [[gnu::always_inline]] explicit columns(const place& from) : from_(from) {
            add<0>();
            add<1>();
        }

        template <int Row>
        [[gnu::always_inline]] void find(Lanes& dx, Lanes& dy) {
            add<Row + 2>();
            derive_y<3>(dx, below<Row>{difference_});  // smooths, as derive_x takes differences: here down the rows
            derive_x<3>(dy, below<Row>{smooth_});
        }

    private:
        /// Sums of three rows, row i at i % 3, around row Row + 1.
        template <int Row>
        struct below {
            const Lanes (&sums)[3];

            [[gnu::always_inline]] void load(std::ptrdiff_t k, Lanes& lanes) const { lanes = sums[(Row + 1 + k) % 3]; }
        };

        template <int Row>
        [[gnu::always_inline]] void add() {
            const split_bytes<Odd> row{from_.rows[Row] + from_.x};
            sum_differences<3>(difference_[Row % 3], row);
            sum_smooth<3>(smooth_[Row % 3], row);
        }

        place from_;
        Lanes difference_[3], smooth_[3];
    };
};

/// |dx| + |dy|.
template <class Lanes>
[[gnu::always_inline]] inline void add_sizes(Lanes& magnitude, const Lanes& dx, const Lanes& dy) {
    Lanes other = dy;
    magnitude = dx;
    make_positive(magnitude);
    make_positive(other);
    magnitude = magnitude + other;
}

/// Of three channels the gradients of the largest magnitude, the first on a tie.
template <class Gradients>
struct strongest_gradients {
    static constexpr int aperture = Gradients::aperture, rows = Gradients::rows;
    Gradients channels[3];

    struct place {
        typename Gradients::place channels[3];
    };
    [[gnu::always_inline]] place at(std::ptrdiff_t x, std::ptrdiff_t width) const {
        return {{channels[0].at(x, width), channels[1].at(x, width), channels[2].at(x, width)}};
    }

    template <bool Odd, class Lanes>
    class columns {
    public:
        [[gnu::always_inline]] explicit columns(const place& from)
            : first_(from.channels[0]), second_(from.channels[1]), third_(from.channels[2]) {}

        template <int Row>
        [[gnu::always_inline]] void find(Lanes& dx, Lanes& dy) {
            Lanes most;
            first_.template find<Row>(dx, dy);
            add_sizes(most, dx, dy);
            keep_stronger<Row>(second_, most, dx, dy);
            keep_stronger<Row>(third_, most, dx, dy);
        }

    private:
        using channel = typename Gradients::template columns<Odd, Lanes>;

        template <int Row>
        [[gnu::always_inline]] static void keep_stronger(channel& next, Lanes& most, Lanes& dx, Lanes& dy) {
            Lanes x, y, magnitude;
            next.template find<Row>(x, y);
            add_sizes(magnitude, x, y);
            assign_where(most < magnitude, dx, x);
            assign_where(most < magnitude, dy, y);
            raise_to(most, magnitude);
        }

        channel first_, second_, third_;
    };
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
