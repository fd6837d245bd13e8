// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stages 1 to 4 of Canny as a stream of rows, fused: the same bits as edge_rows.hpp, several times as fast. For
/// aperture 3 (all norms and channels), and for 5 and 7 with one channel and l1.
///
/// A row of bits is computed in two steps. fused_magnitude_kernel (stage 2) computes magnitudes a few rows ahead, only
/// in words that may have one above `low` (see active_words.hpp). fused_thin_kernel (stages 3 and 4) computes the
/// derivatives again in words that have one, compares neighbours, and writes bits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include <lloyd/detail/canny/active_words.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/edge_rows.hpp>
#include <lloyd/detail/canny/fused_gradients.hpp>
#include <lloyd/detail/canny/fused_kernels.hpp>
#include <lloyd/detail/canny/fused_norms.hpp>
#include <lloyd/detail/filter/blurred_rows.hpp>
#include <lloyd/detail/filter/gaussian_taps.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Sources of gradients for the engine below: stage 1, and the input of stage 2. Each is constructed with the first row
/// that gradients are computed of, and has
///
///     band                  how many rows of magnitudes are computed at once
///     gradients<Rows>       one of fused_gradients.hpp, for that many rows
///     source<Rows>(y)       those of the rows from y on
///     prefetch_row(y)       the row of the image to prefetch while magnitudes of row y are computed
///
/// This one is for one channel and aperture 3: bytes of the image, or of its blurred rows.
class gray_gradient_rows {
public:
    static constexpr int band = 4;
    template <int Rows>
    using gradients = box_gradients<Rows>;

    gray_gradient_rows(byte_view photo, const gaussian_taps& taps, std::ptrdiff_t first)
        : rows_(photo, taps, first - 1, band + 3, 1) {}

    template <int Rows>
    gradients<Rows> source(std::ptrdiff_t y) {
        gradients<Rows> result;
        for (std::ptrdiff_t k = 0; k < Rows + 2; ++k) {
            result.bytes[k] = rows_(y - 1 + k);
            result.ends[k] = rows_.row_ends(y - 1 + k);
        }
        return result;
    }

    const std::uint8_t* prefetch_row(std::ptrdiff_t y) const { return rows_.prefetch_row(y + 1); }

private:
    blurred_rows<> rows_;
};

/// For three channels and aperture 3: bytes of each channel, in separate rows. The norm decides which is strongest.
template <class Norm>
class color_gradient_rows {
public:
    static constexpr int band = 4;
    template <int Rows>
    using gradients = strongest_gradients<Norm, box_gradients<Rows>>;

    color_gradient_rows(byte_view photo, const gaussian_taps& taps, std::ptrdiff_t first)
        : rows_(photo, taps, first - 1, band + 3) {}

    template <int Rows>
    gradients<Rows> source(std::ptrdiff_t y) {
        gradients<Rows> result;
        for (std::ptrdiff_t c = 0; c < 3; ++c)
            for (std::ptrdiff_t k = 0; k < Rows + 2; ++k)
                result.channels[c].bytes[k] = result.channels[c].ends[k] = rows_(y - 1 + k, c);
        return result;
    }

    const std::uint8_t* prefetch_row(std::ptrdiff_t y) const { return rows_.prefetch_row(y + 1); }

private:
    blurred_channel_rows<> rows_;
};

/// For one channel and any aperture: sums down the rows, kept for the row whose magnitudes are computed and the one
/// above, which is thinned then.
template <int Aperture>
class summed_gradient_rows {
public:
    static constexpr int band = 1;
    template <int>
    using gradients = summed_gradients<Aperture>;

    summed_gradient_rows(byte_view photo, const gaussian_taps& taps, std::ptrdiff_t first)
        : width_(photo.width()),
          rows_(photo, taps, first - radius, Aperture),
          smooth_(2, width_, radius),
          difference_(2, width_, radius),
          next_(first) {}

    template <int Rows>
    gradients<Rows> source(std::ptrdiff_t y) {
        for (; next_ <= y; ++next_) compute_sums(next_);
        return {smooth_(y), difference_(y)};
    }

    const std::uint8_t* prefetch_row(std::ptrdiff_t y) const { return rows_.prefetch_row(y + radius); }

private:
    static constexpr std::ptrdiff_t radius = Aperture / 2;

    /// The first pass of the Sobel kernels.
    void compute_sums(std::ptrdiff_t y) {
        const std::uint8_t* rows[std::size_t{Aperture}];
        for (std::ptrdiff_t k = 0; k < Aperture; ++k) rows[k] = rows_(y - radius + k);
        run_kernel<even_odd_sobel_down_kernel<Aperture>>(&rows[radius], width_, smooth_(y), difference_(y));
        repeat_ends(smooth_(y), width_, 1, radius);
        repeat_ends(difference_(y), width_, 1, radius);
    }

    std::ptrdiff_t width_;
    blurred_rows<> rows_;
    even_odd_rows smooth_, difference_;
    std::ptrdiff_t next_;  ///< the next row to compute sums of
};

/// The bits of an image's rows, which are computed from top to bottom, beginning with row `first`. Rows is one of the
/// sources above, Norm one of fused_norms.hpp.
template <class Norm, class Rows>
class fused_edge_rows {
public:
    fused_edge_rows(byte_view photo, const gaussian_taps& taps, std::ptrdiff_t first, edge_limits limits)
        : width_(photo.width()),
          height_(photo.height()),
          next_((std::max)(first - 1, std::ptrdiff_t{0})),
          low_(to_number(limits.low)),
          high_(to_number(limits.high)),
          rows_(photo, taps, next_),
          magnitude_(Rows::band + 2, width_, 1),
          outside_(1, width_, 1),
          candidates_(Rows::band + 2, width_ / group_width + 1, 0),
          active_(width_, in_unit_of<band_gradients>(low_)) {}

    /// Writes the bits of row y.
    void compute_row(std::ptrdiff_t y, const bit_output& to) {
        // 1, 2: blur and gradient, of this row and the one below
        for (; next_ <= y + 1 && next_ < height_; next_ += Rows::band) compute_magnitudes(next_);
        const auto magnitude = [&](std::ptrdiff_t i) { return 0 <= i && i < height_ ? magnitude_(i) : outside_(0); };
        // 3, 4: thin and threshold
        const fused_thin_source<Norm, row_gradients> from{rows_.template source<1>(y), magnitude(y - 1), magnitude(y),
                                                          magnitude(y + 1), candidates_(y)};
        run_kernel<fused_thin_kernel<Norm, row_gradients>>(&from, width_, low_, high_, &to);
    }

private:
    using row_gradients = typename Rows::template gradients<1>;
    using band_gradients = typename Rows::template gradients<Rows::band>;

    using number = typename Norm::number;

    /// A threshold as a magnitude's type. Larger ones are cut off, which changes nothing: l1 magnitudes end at 24480.
    static number to_number(std::int32_t limit) {
        return static_cast<number>((std::min)(limit, std::int32_t{(std::numeric_limits<number>::max)()}));
    }

    /// Magnitudes of a band of rows from row y on. Those below the last row of the image are never read.
    void compute_magnitudes(std::ptrdiff_t y) {
        gradient_band<Norm, band_gradients> band{rows_.template source<Rows::band>(y), {}, {}, {}, {}};
        for (std::ptrdiff_t k = 0; k < Rows::band; ++k) {
            band.prefetch_rows[k] = rows_.prefetch_row(y + k);
            band.magnitude[k] = magnitude_(y + k);
            band.candidates[k] = candidates_(y + k);
        }
        band.active = active_.compute_band(band.gradients, band.prefetch_rows, candidates_(y - 1));
        run_kernel<fused_magnitude_kernel<Norm, band_gradients>>(&band, width_, low_);
        for (const auto& row : band.magnitude) row[width_] = 0;
    }

    std::ptrdiff_t width_, height_;
    std::ptrdiff_t next_;  ///< the next row to compute magnitudes of
    number low_, high_;
    Rows rows_;
    magnitude_rows<Norm> magnitude_, outside_;
    padded_rows<std::uint16_t> candidates_;  ///< of the same rows as magnitude_: words with a magnitude above `low`
    active_words<Norm, band_gradients> active_;
};

}  // namespace lloyd::inline v0::detail
