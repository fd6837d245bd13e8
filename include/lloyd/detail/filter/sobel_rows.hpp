// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 2 of Canny as a stream: the gradient of one row after another, for any aperture, norm and channels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/filter/blurred_rows.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/filter/sobel_kernels.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Writes dx and dy of row y of a channel, for Aperture; To is even_odd_row, or a pointer. `bytes` are channel_rows,
/// `sums` two rows of `width` elements with margins of Aperture / 2.
template <int Aperture, class Rows, class To>
void derive_row(Rows& bytes, std::ptrdiff_t y, std::ptrdiff_t channel, std::ptrdiff_t width, const even_odd_rows& sums,
                To dx, To dy) {
    constexpr std::ptrdiff_t radius = Aperture / 2;
    const std::uint8_t* rows[std::size_t{Aperture}];
    for (std::ptrdiff_t k = 0; k < Aperture; ++k) rows[k] = bytes(y - radius + k, channel);
    const auto smooth = sums(0), difference = sums(1);
    run_kernel<sobel_down_kernel<Aperture>>(&rows[radius], bytes.prefetch_row(y + radius), width, smooth, difference);
    repeat_ends(smooth, width, 1, radius);
    repeat_ends(difference, width, 1, radius);
    run_kernel<sobel_along_kernel<Aperture, To>>(smooth, difference, width, dx, dy);
}

/// The gradients of an image's rows, which are computed from top to bottom.
template <class = deferred>
class gradient_rows {
public:
    /// `squared`: magnitudes are dx² + dy², otherwise |dx| + |dy|.
    gradient_rows(byte_view photo, int aperture, bool squared)
        : width_(photo.width()),
          channels_(photo.channels()),
          aperture_(aperture),
          squared_(squared),
          direct_(channels_ == 1 && width_ >= max_vector),
          rows_(photo, photo_rows(photo, aperture), 0, aperture),
          sums_(2, width_, aperture / 2),
          derivatives_(2 * channels_, direct_ ? 0 : width_, 0),
          magnitudes_(channels_, channels_ == 1 ? 0 : width_, 0) {}

    /// Writes the gradient of row y.
    void compute_row(std::ptrdiff_t y, const gradient_row& to) {
        if (direct_) return compute_channel(y, 0, to);
        gradient_row channels[3];
        for (std::ptrdiff_t c = 0; c < channels_; ++c) {
            channels[c] = {derivatives_(2 * c), derivatives_(2 * c + 1),
                           channels_ == 1 ? to.magnitude : magnitudes_(c)};
            compute_channel(y, c, channels[c]);
        }
        if (channels_ == 3) return run_kernel<strongest_channel_kernel>(&channels[0], width_, &to);
        std::copy_n(channels[0].dx, width_, to.dx);
        std::copy_n(channels[0].dy, width_, to.dy);
    }

private:
    void compute_channel(std::ptrdiff_t y, std::ptrdiff_t channel, const gradient_row& to) {
        switch (aperture_) {
            case 3: derive_row<3>(rows_, y, channel, width_, sums_, to.dx, to.dy); break;
            case 5: derive_row<5>(rows_, y, channel, width_, sums_, to.dx, to.dy); break;
            default: derive_row<7>(rows_, y, channel, width_, sums_, to.dx, to.dy);  // check_sobel allows no other
        }
        if (squared_)
            run_kernel<magnitude_kernel<true>>(to.dx, to.dy, width_, to.magnitude);
        else
            run_kernel<magnitude_kernel<false>>(to.dx, to.dy, width_, to.magnitude);
    }

    std::ptrdiff_t width_, channels_;
    int aperture_;
    bool squared_;
    bool direct_;  ///< derivatives are written where they belong; kernels write full vectors
    channel_rows<photo_rows> rows_;
    even_odd_rows sums_;
    padded_rows<std::int16_t> derivatives_;
    padded_rows<std::int32_t> magnitudes_;
};

}  // namespace lloyd::inline v0::detail
