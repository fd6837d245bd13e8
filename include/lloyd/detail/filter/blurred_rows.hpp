// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 1 of Canny as a stream: the blurred rows of an image, computed one after another as the next stage reads them.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/with_constant.hpp>
#include <lloyd/detail/filter/blur_kernels.hpp>
#include <lloyd/detail/filter/gaussian_taps.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/deinterleave.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// An 8-bit image of one or three channels: the input of stages 1 and 2.
using byte_view = image_view<const std::uint8_t>;

/// The row to prefetch while row y is read: four rows below it, or the last one.
inline const std::uint8_t* row_to_prefetch(byte_view photo, std::ptrdiff_t y) {
    constexpr std::ptrdiff_t rows_ahead = 4;
    return photo.row((std::min)(y + rows_ahead, photo.height() - 1)).data();
}

/// The rows of an image as they are: beyond the top or the bottom, the first or the last row. Rows that are shorter than
/// a vector are copied to where they have room; the last `count` copies stay valid.
class photo_rows {
public:
    /// `prefetches`: whether write_channels prefetches a later row.
    photo_rows(byte_view photo, std::ptrdiff_t count, bool prefetches = true)
        : photo_(photo), prefetches_(prefetches), copies_(count, max_vector, 0) {}

    const std::uint8_t* operator()(std::ptrdiff_t y) const {
        const auto row = photo_.row(std::clamp(y, std::ptrdiff_t{0}, photo_.height() - 1));
        return row.size() < max_vector ? std::copy(row.begin(), row.end(), copies_(y)) - row.size() : row.data();
    }
    const std::uint8_t* prefetch_row(std::ptrdiff_t y) const { return row_to_prefetch(photo_, y); }

    /// Writes the three channels of row y as separate rows.
    template <class = deferred>
    void write_channels(std::ptrdiff_t y, std::uint8_t* const (&to)[3]) const {
        const auto row = (*this)(y);
        run_kernel<split_channels_kernel>(row, prefetches_ ? prefetch_row(y) : row, photo_.width(), to[0], to[1],
                                          to[2]);
    }

private:
    byte_view photo_;
    bool prefetches_;
    padded_rows<std::uint8_t> copies_;
};

/// The rows of an image of one or three channels, with the three channels as separate rows. Rows is where they come
/// from: photo_rows, or blurred_rows, of one row for three channels and of `count` rows for one.
template <class Rows>
class channel_rows {
public:
    channel_rows(byte_view photo, Rows rows, std::ptrdiff_t first, std::ptrdiff_t count)
        : width_(photo.width()),
          height_(photo.height()),
          splits_(photo.channels() == 3),
          rows_(std::move(rows)),
          planes_(splits_ ? planes * count : 1, splits_ ? width_ : 0, 1),
          next_((std::max)(first, std::ptrdiff_t{0})) {}

    /// Row y of a channel; beyond the top or the bottom, the first or the last row. Rows of three channels have their
    /// end pixels repeated once beyond either end; that of one channel has not.
    const std::uint8_t* operator()(std::ptrdiff_t y, std::ptrdiff_t channel) {
        if (!splits_) return rows_(y);
        y = std::clamp(y, std::ptrdiff_t{0}, height_ - 1);
        for (; next_ <= y; ++next_) write_channels(next_);
        return plane(y, channel);
    }

    /// Computes the rows up to y, which need to be right only in these columns.
    void compute(std::ptrdiff_t y, std::span<const column_span> columns) {
        rows_.set_columns(columns);
        (*this)(y, 0);
    }

    /// As blurred_rows::row_ends.
    const std::uint8_t* row_ends(std::ptrdiff_t y, std::ptrdiff_t channel) {
        return splits_ ? (*this)(y, channel) : rows_.row_ends(y);
    }

    /// The row of the image to prefetch while row y is read.
    const std::uint8_t* prefetch_row(std::ptrdiff_t y) const { return rows_.prefetch_row(y); }

private:
    static constexpr std::ptrdiff_t planes = 4;  ///< for each row: three channels, and one unused

    std::uint8_t* plane(std::ptrdiff_t y, std::ptrdiff_t channel) const { return planes_(planes * y + channel); }

    void write_channels(std::ptrdiff_t y) {
        std::uint8_t* const rows[] = {plane(y, 0), plane(y, 1), plane(y, 2)};
        rows_.write_channels(y, rows);
        for (auto* row : rows) repeat_ends(row, width_, 1, 1);
    }

    std::ptrdiff_t width_, height_;
    bool splits_;
    Rows rows_;
    padded_rows<std::uint8_t> planes_;
    std::ptrdiff_t next_;  ///< the next row to write
};

/// Blurs any row of an image of so many channels, or of one of its channels. Of three channels side by side, only where
/// `Color` a radius up to 3 has kernels of its own; otherwise it is not allowed.
template <bool Color>
class row_blur {
public:
    /// `whole`: the columns that may be blurred.
    row_blur(byte_view photo, std::ptrdiff_t channels, const gaussian_taps& taps, column_span whole)
        : photo_(photo),
          channels_(channels),
          taps_(taps),
          whole_(1, whole),
          is_narrow_((whole.last - whole.first) * channels < max_vector),
          rows_(static_cast<std::size_t>(2 * taps.radius() + 1)),
          sums_(1, photo.width() * channels, taps.radius() * channels),
          narrow_(is_narrow_ ? 2 * taps.radius() + 2 : 1, is_narrow_ ? photo.width() * channels : 0, 0) {
        assert(whole.first % 2 == 0);  // even columns stay even
        assert(Color || channels == 1 || taps.radius() == 0 || taps.radius() > 3);
    }

    /// All columns that may be blurred.
    std::span<const column_span> whole() const { return whole_.span(); }

    /// Writes these columns of row y, or more. row_of(i) is row i of the image, or of the channel.
    template <class RowOf>
    void blur(std::ptrdiff_t y, const RowOf& row_of, std::span<const column_span> columns,
              const std::uint8_t* prefetch_row, std::uint8_t* to) const {
        const auto radius = taps_.radius(), elements = photo_.width() * channels_;
        for (std::ptrdiff_t k = -radius; k <= radius; ++k) {
            const std::uint8_t* row = row_of(reflected(y + k, photo_.height()));
            rows_[radius + k] = is_narrow_ ? std::copy_n(row, elements, narrow_(radius + k)) - elements : row;
        }
        if (!is_narrow_) return blur_rows(columns, prefetch_row, to);
        const auto room = narrow_(2 * radius + 1);
        blur_rows(whole(), prefetch_row, room);
        std::copy(room + whole_[0].first * channels_, room + whole_[0].last * channels_,
                  to + whole_[0].first * channels_);
    }

private:
    void blur_rows(std::span<const column_span> columns, const std::uint8_t* prefetch_row, std::uint8_t* to) const {
        const auto radius = taps_.radius(), channels = channels_;
        const auto sums = sums_(0);
        with_constant<1, 2, 3>(radius, [&](auto known_radius) {
            run_kernel<blur_down_kernel<known_radius>>(radius, rows_.data() + radius, prefetch_row,
                                                       taps_.weights.data(), columns, channels,
                                                       photo_.width() * channels, sums);
        });
        reflect_ends(sums, photo_.width(), channels, radius);
        const auto along = [&](auto kernel) {
            run_kernel<decltype(kernel)>(radius, sums, channels, taps_.weights.data(), columns, to);
        };
        with_constant<1, 2, 3>(radius, [&](auto known_radius) {
            if constexpr (known_radius == 0)
                along(blur_along_kernel<0, 0>());
            else if (!Color || channels == 1)
                along(blur_along_kernel<known_radius, 1>());
            else if constexpr (Color)
                along(blur_along_kernel<known_radius, 3>());
        });
    }

    byte_view photo_;
    std::ptrdiff_t channels_;
    const gaussian_taps& taps_;
    buffer<column_span> whole_;  ///< one; it stays where it is when this is moved
    bool is_narrow_;
    buffer<const std::uint8_t*> rows_;
    even_odd_rows sums_;
    padded_rows<std::uint8_t> narrow_;  ///< rows that are shorter than a vector, with room, and the blurred one
};

/// The rows of an image after stage 1. They are read from top to bottom, and the last `count` of them stay valid.
/// Without a blur (a single weight) they are the image's own.
template <class = deferred>
class blurred_rows {
public:
    /// `first`: the first row that is read; above the top, it is the top row. `margin`: how often row_ends repeats the
    /// end pixels.
    blurred_rows(byte_view photo, const gaussian_taps& taps, std::ptrdiff_t first, std::ptrdiff_t count,
                 std::ptrdiff_t margin = 0)
        : photo_(photo),
          radius_(taps.radius()),
          blurs_(radius_ > 0),
          blurs_channels_(blurs_ && photo.channels() == 3 && taps.radius() <= max_split_radius),
          channels_(blurs_channels_ ? photo : byte_view(), photo_rows(photo, 1, false), first - taps.radius(),
                    2 * taps.radius() + 1),
          blur_(photo, blurs_channels_ ? 1 : photo.channels(), taps, {0, photo.width()}),
          columns_(blur_.whole()),
          copies_(blurs_ || margin > 0),
          keeps_rows_(blurs_ || (copies_ && photo.width() * photo.channels() < max_vector)),
          margin_(margin),
          ring_(copies_ ? count : 1, copies_ ? photo.width() * photo.channels() : 0, margin),
          next_(nearest(first)) {}

    /// Row y; beyond the top or the bottom, the first or the last row.
    const std::uint8_t* operator()(std::ptrdiff_t y) {
        y = nearest(y);
        if (copies_)
            for (; next_ <= y; ++next_) compute_row(next_);
        return keeps_rows_ ? ring_(y) : photo_.row(y).data();
    }

    /// From now on, rows need to be right only in these columns.
    void set_columns(std::span<const column_span> columns) { columns_ = columns; }

    /// A copy of row y, which was read before, whose first and last 128 elements are valid; its end pixels are repeated
    /// `margin` times beyond them. With a blur it is the row itself, otherwise the middle is not copied.
    const std::uint8_t* row_ends(std::ptrdiff_t y) const { return ring_(nearest(y)); }

    /// Writes the three channels of row y as separate rows. Each channel prefetches a third of a later row.
    void write_channels(std::ptrdiff_t y, std::uint8_t* const (&to)[3]) {
        if (!blurs_channels_)
            return run_kernel<split_channels_kernel>((*this)(y), prefetch_row(y), photo_.width(), to[0], to[1], to[2]);
        for (std::ptrdiff_t c = 0; c < 3; ++c)
            blur_.blur(
                y, [&](std::ptrdiff_t i) { return channels_(i, c); }, columns_,
                prefetch_row(y + radius_) + c * photo_.width(), to[c]);
    }

    /// The row of the image to prefetch while row y is read.
    const std::uint8_t* prefetch_row(std::ptrdiff_t y) const { return row_to_prefetch(photo_, y); }

private:
    /// Up to this radius of the blur, three channels are split before it: their rows stay in a cache, where those of
    /// the image are too long. Beyond, as many rows as the blur reads would need too much memory.
    static constexpr std::ptrdiff_t max_split_radius = 3;

    std::ptrdiff_t nearest(std::ptrdiff_t y) const { return std::clamp(y, std::ptrdiff_t{0}, photo_.height() - 1); }

    void compute_row(std::ptrdiff_t y) const {
        const auto copy = ring_(y);
        if (blurs_) {
            blur_.blur(
                y, [&](std::ptrdiff_t i) { return photo_.row(i).data(); }, columns_, prefetch_row(y + radius_), copy);
        } else {
            const auto row = photo_.row(y);
            const auto count = (std::min)(photo_.width() * photo_.channels(), std::ptrdiff_t{128});
            std::copy_n(row.data(), count, copy);
            std::copy_n(row.end() - count, count, copy + row.size() - count);
        }
        repeat_ends(copy, photo_.width(), photo_.channels(), margin_);
    }

    byte_view photo_;
    std::ptrdiff_t radius_;
    bool blurs_;
    bool blurs_channels_;                ///< three channels are split, then blurred one by one
    channel_rows<photo_rows> channels_;  ///< those of the image, if so
    row_blur<false> blur_;
    std::span<const column_span> columns_;  ///< to blur
    bool copies_, keeps_rows_;
    std::ptrdiff_t margin_;
    padded_rows<std::uint8_t> ring_;
    std::ptrdiff_t next_;  ///< the next row to compute
};

}  // namespace lloyd::inline v0::detail
