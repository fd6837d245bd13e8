// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What edge_rows does, for one channel and |dx| + |dy|: the same rows of bits, several times as fast.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/edge_rows.hpp>
#include <lloyd/detail/padded_rows.hpp>
#include <lloyd/detail/smooth_rows.hpp>
#include <lloyd/detail/split_kernels.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

template <int Aperture>
class gray_edge_rows {
public:
    gray_edge_rows(byte_view photo, const gaussian_taps& taps, edge_limits limits)
        : width_(photo.width()),
          height_(photo.height()),
          low_(to_lane(limits.low)),
          high_(to_lane(limits.high)),
          rows_(photo, taps, Aperture),
          smooth_(2, width_, reach),
          difference_(2, width_, reach),
          magnitude_(3, width_, 1),
          outside_(1, width_, 1),
          candidates_(2, width_ / group_width + 1, 0) {}

    /// Starts again: row y is the first to be asked for.
    void start(std::ptrdiff_t y) {
        next_ = (std::max)(y - 1, std::ptrdiff_t{0});
        rows_.start((std::max)(next_ - reach, std::ptrdiff_t{0}));
    }

    /// The bits of row y: pixels at least weak, and strong ones.
    void find(std::ptrdiff_t y, const bit_words& to) {
        for (; next_ <= y + 1 && next_ < height_; ++next_) measure(next_, to.ahead);
        const auto row = [&](std::ptrdiff_t i) { return 0 <= i && i < height_ ? magnitude_(i) : outside_(0); };
        const split_source from{smooth_(y), difference_(y), row(y - 1), row(y), row(y + 1), candidates_(y)};
        run_kernel<split_ridge_kernel<Aperture>>(from, width_, low_, high_, to);
    }

private:
    static constexpr std::ptrdiff_t reach = Aperture / 2;

    /// Magnitudes end at 24480, below which a lane holds any threshold.
    static std::int16_t to_lane(std::int32_t limit) { return static_cast<std::int16_t>((std::min)(limit, 32767)); }

    void measure(std::ptrdiff_t y, const std::uint8_t* ahead) {
        const std::uint8_t* rows[std::size_t{Aperture}];
        for (std::ptrdiff_t k = 0; k < Aperture; ++k) rows[k] = rows_(y - reach + k);
        const auto smooth = smooth_(y), difference = difference_(y), magnitude = magnitude_(y);
        run_kernel<split_down_kernel<Aperture>>(&rows[reach], rows_.ahead(y + reach), width_, smooth, difference);
        repeat_ends(smooth, width_, 1, reach);
        repeat_ends(difference, width_, 1, reach);
        run_kernel<split_magnitude_kernel<Aperture>>(smooth, difference, width_, low_, ahead, magnitude,
                                                     candidates_(y));
        magnitude[width_] = 0;
    }

    std::ptrdiff_t width_, height_;
    std::int16_t low_, high_;
    smooth_rows<> rows_;
    split_rows smooth_, difference_, magnitude_, outside_;
    padded_rows<std::uint16_t> candidates_;
    std::ptrdiff_t next_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
