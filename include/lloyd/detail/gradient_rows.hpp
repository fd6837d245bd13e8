// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 2 of Canny as a stream: the gradient of one row after another, for any aperture, norm and channels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/deferred.hpp>
#include <lloyd/detail/padded_rows.hpp>
#include <lloyd/detail/smooth_rows.hpp>
#include <lloyd/detail/sobel_kernels.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// What stage 2 finds for each pixel of one row.
struct gradient_row {
    std::int16_t* dx;
    std::int16_t* dy;
    std::int32_t* magnitude;
};

template <class = deferred>
class gradient_rows {
public:
    gradient_rows(byte_view photo, const gaussian_taps& taps, int aperture, bool squared)
        : width_(photo.width()),
          channels_(photo.channels()),
          aperture_(aperture),
          squared_(squared),
          rows_(photo, taps, aperture),
          sums_(2, width_ * channels_, channels_ * aperture / 2 + channels_),
          derivatives_(2, channels_ == 1 ? 0 : width_ * channels_, 0) {}

    void start(std::ptrdiff_t y) { rows_.start((std::max)(y - aperture_ / 2, std::ptrdiff_t{0})); }

    /// Writes the width pixels of row y. Rows are asked for from top to bottom.
    void find(std::ptrdiff_t y, const gradient_row& to) {
        switch (aperture_) {
            case 3: return find_with<3>(y, to);
            case 5: return find_with<5>(y, to);
            default: return find_with<7>(y, to);
        }
    }

private:
    template <int Aperture>
    void find_with(std::ptrdiff_t y, const gradient_row& to) {
        constexpr std::ptrdiff_t reach = Aperture / 2;
        const std::uint8_t* rows[std::size_t{Aperture}];
        for (std::ptrdiff_t k = 0; k < Aperture; ++k) rows[k] = rows_(y - reach + k);
        std::int16_t *smooth = sums_(0), *difference = sums_(1);
        const auto size = width_ * channels_;
        run_kernel<sobel_down_kernel<Aperture>>(&rows[reach], rows_.ahead(y + reach), size, smooth, difference);
        repeat_ends(smooth, width_, channels_, reach);
        repeat_ends(difference, width_, channels_, reach);

        const bool gray = channels_ == 1;
        std::int16_t* dx = gray ? to.dx : derivatives_(0);
        std::int16_t* dy = gray ? to.dy : derivatives_(1);
        run_kernel<sobel_along_kernel<Aperture>>(static_cast<const std::int16_t*>(smooth),
                                                 static_cast<const std::int16_t*>(difference), channels_, size, dx, dy);
        squared_ ? measure<true>(dx, dy, to) : measure<false>(dx, dy, to);
    }

    template <bool Squared>
    void measure(const std::int16_t* dx, const std::int16_t* dy, const gradient_row& to) const {
        if (channels_ == 1)
            run_kernel<magnitude_kernel<Squared>>(dx, dy, width_, to.magnitude);
        else
            pick_strongest<Squared>(dx, dy, width_, to.dx, to.dy, to.magnitude);
    }

    std::ptrdiff_t width_, channels_;
    int aperture_;
    bool squared_;
    smooth_rows<> rows_;
    padded_rows<std::int16_t> sums_, derivatives_;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
