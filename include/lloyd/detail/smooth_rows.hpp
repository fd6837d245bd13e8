// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 1 of Canny as a stream: blurred rows of a photo, made when they are asked for.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/blur_kernels.hpp>
#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/gaussian_taps.hpp>
#include <lloyd/detail/padded_rows.hpp>
#include <lloyd/image.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

using byte_view = image_view<const std::uint8_t>;

/// Blurs any row of a photo.
class row_blur {
public:
    row_blur(byte_view photo, const gaussian_taps& taps)
        : photo_(photo),
          taps_(taps),
          rows_(static_cast<std::size_t>(2 * taps.reach() + 1)),
          sums_(2, photo.width() * photo.channels(), taps.reach() * photo.channels()) {}

    /// Writes the width · channels elements of row y.
    void blur(std::ptrdiff_t y, std::uint8_t* to) const {
        const auto reach = taps_.reach(), channels = photo_.channels(), size = photo_.width() * channels;
        std::uint8_t *high = sums_(0), *low = sums_(1);
        for (std::ptrdiff_t k = -reach; k <= reach; ++k)
            rows_.data()[reach + k] = photo_.row(reflected(y + k, photo_.height())).data();
        run_kernel<blur_down_kernel>(reach, static_cast<const std::uint8_t* const*>(rows_.data()),
                                     static_cast<const std::uint16_t*>(taps_.weights.data()), size, high, low);
        reflect_ends(high, photo_.width(), channels, reach);
        reflect_ends(low, photo_.width(), channels, reach);
        run_kernel<blur_along_kernel>(reach, static_cast<const std::uint8_t*>(high),
                                      static_cast<const std::uint8_t*>(low), channels,
                                      static_cast<const std::uint16_t*>(taps_.weights.data()), size, to);
    }

private:
    byte_view photo_;
    const gaussian_taps& taps_;
    buffer<const std::uint8_t*> rows_;
    padded_rows<std::uint8_t> sums_;
};

/// The rows of a photo after stage 1, each asked for after those above it; the last `kept` are remembered.
/// With a single tap they are the photo's own.
class smooth_rows {
public:
    smooth_rows(byte_view photo, const gaussian_taps& taps, std::ptrdiff_t kept)
        : photo_(photo),
          blur_(photo, taps),
          blurs_(taps.reach() > 0),
          ring_(blurs_ ? kept : 1, blurs_ ? photo.width() * photo.channels() : 0, 0) {}

    /// Starts again, with row y as the next to be made.
    void start(std::ptrdiff_t y) { next_ = y; }

    /// Row y, or the nearest there is.
    const std::uint8_t* operator()(std::ptrdiff_t y) {
        y = (std::max)(std::ptrdiff_t{0}, (std::min)(y, photo_.height() - 1));
        if (!blurs_) return photo_.row(y).data();
        for (; next_ <= y; ++next_) blur_.blur(next_, ring_(next_));
        return ring_(y);
    }

private:
    byte_view photo_;
    row_blur blur_;
    bool blurs_;
    padded_rows<std::uint8_t> ring_;
    std::ptrdiff_t next_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
