// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 2 of Canny as a stream: the gradient of one row after another, for any aperture, norm and channels.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/filter/blurred_rows.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/filter/sobel_kernels.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

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
          rows_(photo, photo_rows(photo), 0, aperture),
          sums_(2, width_, aperture / 2),
          derivatives_(2 * channels_, channels_ == 1 ? 0 : width_, 0),
          magnitudes_(channels_, channels_ == 1 ? 0 : width_, 0) {}

    /// Writes the gradient of row y.
    void compute_row(std::ptrdiff_t y, const gradient_row& to) {
        switch (aperture_) {
            case 3: return compute_with<3>(y, to);
            case 5: return compute_with<5>(y, to);
            default: return compute_with<7>(y, to);  // check_sobel allows no other
        }
    }

private:
    template <int Aperture>
    void compute_with(std::ptrdiff_t y, const gradient_row& to) {
        if (channels_ == 1) return compute_channel<Aperture>(y, 0, to);
        gradient_row channels[3];
        for (std::ptrdiff_t c = 0; c < 3; ++c) {
            channels[c] = {derivatives_(2 * c), derivatives_(2 * c + 1), magnitudes_(c)};
            compute_channel<Aperture>(y, c, channels[c]);
        }
        run_kernel<strongest_channel_kernel>(&channels[0], width_, &to);
    }

    template <int Aperture>
    void compute_channel(std::ptrdiff_t y, std::ptrdiff_t channel, const gradient_row& to) {
        constexpr std::ptrdiff_t radius = Aperture / 2;
        const std::uint8_t* rows[std::size_t{Aperture}];
        for (std::ptrdiff_t k = 0; k < Aperture; ++k) rows[k] = rows_(y - radius + k, channel);
        std::int16_t *smooth = sums_(0), *difference = sums_(1);
        run_kernel<sobel_down_kernel<Aperture>>(&rows[radius], rows_.prefetch_row(y + radius), width_, smooth,
                                                difference);
        repeat_ends(smooth, width_, 1, radius);
        repeat_ends(difference, width_, 1, radius);
        run_kernel<sobel_along_kernel<Aperture>>(smooth, difference, width_, to.dx, to.dy);
        squared_ ? compute_magnitude<true>(to) : compute_magnitude<false>(to);
    }

    template <bool Squared>
    void compute_magnitude(const gradient_row& to) const {
        run_kernel<magnitude_kernel<Squared>>(to.dx, to.dy, width_, to.magnitude);
    }

    std::ptrdiff_t width_, channels_;
    int aperture_;
    bool squared_;
    channel_rows<photo_rows> rows_;
    padded_rows<std::int16_t> sums_, derivatives_;
    padded_rows<std::int32_t> magnitudes_;
};

}  // namespace lloyd::inline v0::detail
