// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stages 1 to 4 of Canny as a stream of rows, for any options: one kernel after another for each stage, as in the
/// stage functions of filter.hpp and canny.hpp. Of each stage only the rows that the next one reads are kept.
///
/// fused_edge_rows.hpp is the fast form; this one serves apertures 5 and 7 with three channels or l2.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/thin_kernels.hpp>
#include <lloyd/detail/filter/blurred_rows.hpp>
#include <lloyd/detail/filter/gaussian_taps.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/filter/sobel_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The two thresholds, in the units of magnitudes: a pixel is weak above `low`, strong above `high`.
struct edge_limits {
    std::int32_t low, high;
};

/// The input of stage 3 for one row: magnitudes of three rows (0 outside of the image), derivatives of the middle one.
struct thin_source {
    const std::int32_t *up, *here, *down;
    const std::int16_t *dx, *dy;
};

/// Stage 3 for one row: see thin_kernel. Writes magnitudes of the pixels that are kept, 0 elsewhere.
template <class = deferred>
void thin_row(const thin_source& from, std::ptrdiff_t width, std::int32_t* thin) {
    run_kernel<thin_kernel>(from.up, from.here, from.down, from.dx, from.dy, width, thin);
}

/// The bits of an image's rows, which are computed from top to bottom, beginning with row `first`.
template <class = deferred>
class edge_rows {
public:
    edge_rows(byte_view photo, const gaussian_taps& taps, std::ptrdiff_t first, int aperture, bool squared,
              edge_limits limits)
        : width_(photo.width()),
          height_(photo.height()),
          next_((std::max)(first - 1, std::ptrdiff_t{0})),
          limits_(limits),
          gradients_(photo, taps, next_, aperture, squared),
          magnitudes_(3, width_, 1),
          outside_(1, width_, 1),
          derivatives_(4, width_, 1),
          thin_(1, width_, 0),
          strength_(1, width_, 0) {}

    /// Writes the bits of row y.
    void compute_row(std::ptrdiff_t y, const bit_output& to) {
        // 1, 2: blur and gradient, of this row and the one below
        for (; next_ <= y + 1 && next_ < height_; ++next_)
            gradients_.compute_row(next_, {dx(next_), dy(next_), magnitudes_(next_)});
        // 3: thin
        thin_row({magnitude(y - 1), magnitude(y), magnitude(y + 1), dx(y), dy(y)}, width_, thin_(0));
        // 4: two thresholds, to bits
        run_kernel<strength_kernel>(thin_(0), width_, limits_.low, limits_.high, strength_(0));
        const auto first = to.first * pixel_word_bits, last = (std::min)(to.last * pixel_word_bits, width_);
        run_kernel<strength_bits_kernel>(strength_(0) + first, last - first, to.weak, to.strong);
    }

private:
    const std::int32_t* magnitude(std::ptrdiff_t y) const {
        return 0 <= y && y < height_ ? magnitudes_(y) : outside_(0);
    }
    std::int16_t* dx(std::ptrdiff_t y) const { return derivatives_(2 * y); }
    std::int16_t* dy(std::ptrdiff_t y) const { return derivatives_(2 * y + 1); }

    std::ptrdiff_t width_, height_;
    std::ptrdiff_t next_;  ///< the next row to compute gradients of
    edge_limits limits_;
    gradient_rows<> gradients_;
    padded_rows<std::int32_t> magnitudes_, outside_;
    padded_rows<std::int16_t> derivatives_;
    padded_rows<std::int32_t> thin_;
    padded_rows<std::uint8_t> strength_;
};

}  // namespace lloyd::inline v0::detail
