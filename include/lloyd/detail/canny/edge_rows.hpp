// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stages 1 to 4 of Canny as a stream of rows, for any options. Of each stage only the rows that the next one reads are
/// kept.
///
/// A row of bits is computed in two steps. fused_magnitude_kernel (stage 2) computes magnitudes a few rows ahead, only
/// in words that may have one above `low` (see active_words.hpp). fused_thin_kernel (stages 3 and 4) computes the
/// derivatives again in words that have one, compares neighbours, and writes bits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/canny/active_words.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/fused_gradients.hpp>
#include <lloyd/detail/canny/fused_kernels.hpp>
#include <lloyd/detail/canny/fused_norms.hpp>
#include <lloyd/detail/filter/blurred_rows.hpp>
#include <lloyd/detail/filter/gaussian_taps.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/filter/sobel_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The options of canny, checked, in the form that the stages take.
struct canny_parameters {
    gaussian_taps taps;  ///< of the blur; a single one for none
    edge_limits limits;
    int aperture;  ///< 3, 5 or 7
    bool squared;  ///< magnitudes are dx² + dy², otherwise |dx| + |dy|
    int threads;
};

/// The derivatives of rows for apertures 5 and 7, of each channel. The last two rows stay valid.
template <class = deferred>
class derivative_rows {
public:
    derivative_rows(byte_view photo, int aperture, std::ptrdiff_t first)
        : width_(aperture == 3 ? 0 : photo.width()),
          channels_(photo.channels()),
          aperture_(aperture),
          sums_(2, width_, aperture / 2),
          rows_(channels_ == 1 ? 4 : 16, width_, 0),
          next_(first) {}

    /// Sets the derivatives of row y in `to`. Rows are read from top to bottom; `bytes` are the channel_rows below.
    template <class Rows>
    void set(std::ptrdiff_t y, Rows& bytes, gradient_source& to) {
        for (; next_ <= y; ++next_)
            for (std::ptrdiff_t c = 0; c < channels_; ++c)
                if (aperture_ == 5)
                    derive_row<5>(bytes, next_, c, width_, sums_, dx(next_, c), dy(next_, c));
                else
                    derive_row<7>(bytes, next_, c, width_, sums_, dx(next_, c), dy(next_, c));
        for (std::ptrdiff_t c = 0; c < channels_; ++c) {
            to.dx[c] = dx(y, c);
            to.dy[c] = dy(y, c);
        }
    }

private:
    even_odd_row dx(std::ptrdiff_t y, std::ptrdiff_t c) const { return rows_(2 * (channels_ == 1 ? y : 4 * y + c)); }
    even_odd_row dy(std::ptrdiff_t y, std::ptrdiff_t c) const {
        return rows_(2 * (channels_ == 1 ? y : 4 * y + c) + 1);
    }

    std::ptrdiff_t width_, channels_;
    int aperture_;
    even_odd_rows sums_, rows_;
    std::ptrdiff_t next_;  ///< the next row to compute
};

/// The bits of an image's rows, which are computed from top to bottom, beginning with row `first`.
template <class = deferred>
class edge_rows {
public:
    edge_rows(byte_view photo, const canny_parameters& options, std::ptrdiff_t first)
        : width_(photo.width()),
          height_(photo.height()),
          channels_(photo.channels()),
          radius_(options.aperture / 2),
          band_(radius_ == 1 ? box_gradients<1>::rows : stored_gradients::rows),
          squared_(options.squared),
          limits_(options.limits),
          next_((std::max)(first - 1, std::ptrdiff_t{0})),
          rows_(photo,
                blurred_rows(photo, options.taps, next_ - radius_, channels_ == 1 ? kept_rows() : 1,
                             channels_ == 1 ? 1 : 0),
                next_ - radius_, kept_rows()),
          derivatives_(photo, options.aperture, next_),
          magnitude_(band_ + 2, width_, squared_),
          outside_(1, width_, squared_),
          candidates_(band_ + 2, width_ / group_width + 1, 0),
          active_(photo, options.taps, limits_.low, squared_) {}

    /// Writes the bits of row y.
    void compute_row(std::ptrdiff_t y, const bit_output& to) {
        // 1, 2: blur and gradient, of this row and the one below
        for (; next_ <= y + 1 && next_ < height_; next_ += band_) compute_magnitudes(next_);
        const auto magnitude = [&](std::ptrdiff_t i) { return 0 <= i && i < height_ ? magnitude_(i) : outside_(0); };
        // 3, 4: thin and threshold
        const gradient_source from = gradients_of(y, 1);
        const thinned_row row{magnitude(y - 1), magnitude(y), magnitude(y + 1), candidates_(y)};
        with_types([&](auto norm, auto gradients) {
            run_kernel<fused_thin_kernel<decltype(norm), decltype(gradients)>>(&from, &row, width_, limits_, &to);
        });
    }

private:
    /// The rows of bytes that thinning a row reads, of which magnitudes up to a band below it were computed.
    std::ptrdiff_t kept_rows() const { return band_ + 2 * radius_ + 1; }

    /// Calls use(norm, gradients) with objects of the types that kernels need for these options.
    template <class Use>
    void with_types(const Use& use) const {
        squared_ ? with_gradients(use, squared_l2_norm()) : with_gradients(use, l1_norm());
    }
    template <class Use, class Norm>
    void with_gradients(const Use& use, Norm norm) const {
        if (radius_ != 1)
            use(norm, stored_gradients());
        else
            channels_ == 1 ? use(norm, box_gradients<1>()) : use(norm, box_gradients<3>());
    }

    /// The gradients of `count` rows from y on.
    gradient_source gradients_of(std::ptrdiff_t y, std::ptrdiff_t count) {
        gradient_source from;
        from.channels = static_cast<int>(channels_);
        if (radius_ != 1) {
            derivatives_.set(y, rows_, from);
            return from;
        }
        for (std::ptrdiff_t k = 0; k < count + 2; ++k)
            for (std::ptrdiff_t c = 0; c < channels_; ++c) {
                from.bytes[c][k] = rows_(y - 1 + k, c);
                from.ends[c][k] = channels_ == 1 ? rows_.row_ends(y - 1 + k, c) : from.bytes[c][k];
            }
        return from;
    }

    /// Magnitudes of a band of rows from row y on. Those below the last row of the image are never read.
    void compute_magnitudes(std::ptrdiff_t y) {
        if (radius_ == 1) {
            active_.move_to(y);
            rows_.compute(y + 2, active_.columns());
            rows_.compute(y + 4, active_.columns_of_two());
        }
        const gradient_source from = gradients_of(y, band_);
        magnitude_band band{};
        for (std::ptrdiff_t k = 0; k < band_; ++k) {
            band.prefetch_rows[k] = rows_.prefetch_row(y + k + radius_);
            band.magnitude[k] = magnitude_(y + k);
            band.candidates[k] = candidates_(y + k);
        }
        band.active = radius_ == 1 ? active_.words() : active_.all_words();
        with_types([&](auto norm, auto gradients) {
            run_kernel<fused_magnitude_kernel<decltype(norm), decltype(gradients)>>(&from, &band, width_, limits_.low);
        });
    }

    std::ptrdiff_t width_, height_, channels_;
    std::ptrdiff_t radius_;  ///< of the aperture
    std::ptrdiff_t band_;    ///< how many rows of magnitudes are computed at once
    bool squared_;
    edge_limits limits_;
    std::ptrdiff_t next_;  ///< the next row to compute magnitudes of
    channel_rows<blurred_rows<>> rows_;
    derivative_rows<> derivatives_;
    magnitude_rows magnitude_, outside_;
    padded_rows<std::uint16_t> candidates_;  ///< of the same rows as magnitude_: words with a magnitude above `low`
    active_words<> active_;
};

}  // namespace lloyd::inline v0::detail
