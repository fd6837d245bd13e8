// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 1 of Canny as a stream: blurred rows of a photo, made when they are asked for.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/filter/blur_kernels.hpp>
#include <lloyd/detail/filter/gaussian_taps.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/deinterleave.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// What stages 1 to 4 look at.
using byte_view = image_view<const std::uint8_t>;

/// The row that is to be fetched while row y is read: a few rows farther down, if there is one.
inline const std::uint8_t* row_to_prefetch(byte_view photo, std::ptrdiff_t y) {
    constexpr std::ptrdiff_t rows_ahead = 4;
    return photo.row((std::min)(y + rows_ahead, photo.height() - 1)).data();
}

/// Blurs some columns of any row of a photo: `skipped` of those it has are only looked at, then `width` are blurred.
template <class = deferred>
class row_blur {
public:
    row_blur(byte_view photo, const gaussian_taps& taps, std::ptrdiff_t skipped, std::ptrdiff_t width)
        : photo_(photo),
          taps_(taps),
          skipped_(skipped),
          width_(width),
          rows_(static_cast<std::size_t>(2 * taps.radius() + 1)),
          sums_(1, photo.width() * photo.channels(), taps.radius() * photo.channels()) {
        assert(skipped % 2 == 0);  // even columns stay even
    }

    /// Writes the width · channels elements of row y.
    void blur(std::ptrdiff_t y, std::uint8_t* to) const {
        const auto radius = taps_.radius(), channels = photo_.channels();
        for (std::ptrdiff_t k = -radius; k <= radius; ++k)
            rows_.data()[radius + k] = photo_.row(reflected(y + k, photo_.height())).data();
        const auto weights = static_cast<const std::uint16_t*>(taps_.weights.data());
        const auto sums = sums_(0);
        run_kernel<blur_down_kernel>(radius, rows_.data() + radius, row_to_prefetch(photo_, y + radius), weights,
                                     photo_.width() * channels, sums);
        reflect_ends(sums, photo_.width(), channels, radius);
        const auto half = skipped_ * channels / 2;
        run_kernel<blur_along_kernel>(radius, even_odd_row{{sums.phases[0] + half, sums.phases[1] + half}}, channels,
                                      weights, width_ * channels, to);
    }

private:
    byte_view photo_;
    const gaussian_taps& taps_;
    std::ptrdiff_t skipped_, width_;
    buffer<const std::uint8_t*> rows_;
    even_odd_rows sums_;
};

/// The rows of a photo after stage 1, each asked for after those above it; the last `kept` are remembered.
/// With a single tap they are the photo's own.
template <class = deferred>
class blurred_rows {
public:
    /// With a margin, `ends` has as many pixels more on either side.
    blurred_rows(byte_view photo, const gaussian_taps& taps, std::ptrdiff_t kept, std::ptrdiff_t margin = 0)
        : photo_(photo),
          blur_(photo, taps, 0, photo.width()),
          blurs_(taps.radius() > 0),
          copies_(blurs_ || margin > 0),
          margin_(margin),
          ring_(copies_ ? kept : 1, copies_ ? photo.width() * photo.channels() : 0, margin) {}

    /// Starts again, with row y as the next to be made.
    void start(std::ptrdiff_t y) { next_ = y; }

    /// Row y, or the nearest there is.
    const std::uint8_t* operator()(std::ptrdiff_t y) {
        y = nearest(y);
        if (copies_)
            for (; next_ <= y; ++next_) compute_row(next_);
        return blurs_ ? ring_(y) : photo_.row(y).data();
    }

    /// The same row, of those asked for, as far as its first and its last 128 elements, with these repeated beyond.
    const std::uint8_t* row_ends(std::ptrdiff_t y) const { return ring_(nearest(y)); }

    /// What is to be fetched while row y, the last so far, is read.
    const std::uint8_t* prefetch_row(std::ptrdiff_t y) const { return row_to_prefetch(photo_, y); }

private:
    std::ptrdiff_t nearest(std::ptrdiff_t y) const { return std::clamp(y, std::ptrdiff_t{0}, photo_.height() - 1); }

    void compute_row(std::ptrdiff_t y) const {
        const auto kept = ring_(y);
        if (blurs_) {
            blur_.blur(y, kept);
        } else {
            const auto row = photo_.row(y);
            const auto count = (std::min)(photo_.width() * photo_.channels(), std::ptrdiff_t{128});
            std::copy_n(row.data(), count, kept);
            std::copy_n(row.end() - count, count, kept + row.size() - count);
        }
        repeat_ends(kept, photo_.width(), photo_.channels(), margin_);
    }

    byte_view photo_;
    row_blur<> blur_;
    bool blurs_, copies_;
    std::ptrdiff_t margin_;
    padded_rows<std::uint8_t> ring_;
    std::ptrdiff_t next_ = 0;
};

/// Rows of a photo of one or three channels, each asked for after those above it; the last `kept` are remembered.
template <class = deferred>
class blurred_channel_rows {
public:
    blurred_channel_rows(byte_view photo, const gaussian_taps& taps, std::ptrdiff_t kept)
        : width_(photo.width()),
          height_(photo.height()),
          splits_(photo.channels() == 3),
          rows_(photo, taps, splits_ ? 1 : kept),
          planes_(splits_ ? planes * kept : 1, splits_ ? width_ : 0, 1) {}

    /// Starts again, with row y as the next to be made.
    void start(std::ptrdiff_t y) {
        next_ = y;
        rows_.start(y);
    }

    /// Row y of a channel, or the nearest there is. Of three channels each row has its ends repeated once.
    const std::uint8_t* operator()(std::ptrdiff_t y, std::ptrdiff_t channel) {
        if (!splits_) return rows_(y);
        y = std::clamp(y, std::ptrdiff_t{0}, height_ - 1);
        for (; next_ <= y; ++next_) split_channels(next_);
        return plane(y, channel);
    }

    /// What is to be fetched while row y, the last so far, is read.
    const std::uint8_t* prefetch_row(std::ptrdiff_t y) const { return rows_.prefetch_row(y); }

private:
    static constexpr std::ptrdiff_t planes = 4;  ///< of each row the three channels, and one that is not used

    std::uint8_t* plane(std::ptrdiff_t y, std::ptrdiff_t channel) const { return planes_(planes * y + channel); }

    void split_channels(std::ptrdiff_t y) {
        run_kernel<split_channels_kernel>(rows_(y), rows_.prefetch_row(y), width_, plane(y, 0), plane(y, 1),
                                          plane(y, 2));
        for (std::ptrdiff_t c = 0; c < 3; ++c) repeat_ends(plane(y, c), width_, 1, 1);
    }

    std::ptrdiff_t width_, height_;
    bool splits_;
    blurred_rows<> rows_;
    padded_rows<std::uint8_t> planes_;
    std::ptrdiff_t next_ = 0;
};

}  // namespace lloyd::inline v0::detail
