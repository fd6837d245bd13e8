// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 1 of Canny as a stream, a row for each channel: three channels are parted after their blur.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/filter/blurred_rows.hpp>
#include <lloyd/detail/filter/gaussian_taps.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/deinterleave.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Rows of a photo of one or three channels, each asked for after those above it; the last `kept` are remembered.
template <class = deferred>
class channel_rows {
public:
    channel_rows(byte_view photo, const gaussian_taps& taps, std::ptrdiff_t kept)
        : width_(photo.width()),
          height_(photo.height()),
          parts_(photo.channels() == 3),
          rows_(photo, taps, parts_ ? 1 : kept),
          planes_(parts_ ? planes * kept : 1, parts_ ? width_ : 0, 1) {}

    /// Starts again, with row y as the next to be made.
    void start(std::ptrdiff_t y) {
        next_ = y;
        rows_.start(y);
    }

    /// Row y of a channel, or the nearest there is. Of three channels each row has its ends repeated once.
    const std::uint8_t* operator()(std::ptrdiff_t y, std::ptrdiff_t channel) {
        if (!parts_) return rows_(y);
        y = std::clamp(y, std::ptrdiff_t{0}, height_ - 1);
        for (; next_ <= y; ++next_) part(next_);
        return plane(y, channel);
    }

    /// What is to be fetched while row y, the last so far, is read.
    const std::uint8_t* ahead(std::ptrdiff_t y) const { return rows_.ahead(y); }

private:
    static constexpr std::ptrdiff_t planes = 4;  ///< of each row the three channels, and one that is not used

    std::uint8_t* plane(std::ptrdiff_t y, std::ptrdiff_t channel) const { return planes_(planes * y + channel); }

    void part(std::ptrdiff_t y) {
        run_kernel<part_kernel>(rows_(y), rows_.ahead(y), width_, plane(y, 0), plane(y, 1), plane(y, 2));
        for (std::ptrdiff_t c = 0; c < 3; ++c) repeat_ends(plane(y, c), width_, 1, 1);
    }

    std::ptrdiff_t width_, height_;
    bool parts_;
    smooth_rows<> rows_;
    padded_rows<std::uint8_t> planes_;
    std::ptrdiff_t next_ = 0;
};

}  // namespace lloyd::inline v0::detail
