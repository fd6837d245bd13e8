// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Checks of the sizes and strides of images. No product is computed before it is known to fit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include <lloyd/detail/base/checks.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// width · height · channels, or a refusal when its bytes do not fit std::ptrdiff_t.
inline std::ptrdiff_t checked_extent(const char* what, std::ptrdiff_t width, std::ptrdiff_t height,
                                     std::ptrdiff_t channels, std::size_t element_size) {
    if (width < 0) refuse(what, ": width is ", width, ", but must be at least 0");
    if (height < 0) refuse(what, ": height is ", height, ", but must be at least 0");
    if (channels < 1) refuse(what, ": channels is ", channels, ", but must be at least 1");
    const auto limit = (std::numeric_limits<std::ptrdiff_t>::max)() / static_cast<std::ptrdiff_t>(element_size);
    const bool fits =
        channels <= limit && width <= limit / channels && (width == 0 || height <= limit / (width * channels));
    if (!fits)
        refuse(what, ": ", width, "x", height, " pixels of ", channels,
               " channels are more than memory can hold: at most ", limit, " elements");
    return width * height * channels;
}

inline void check_pixels(bool are_null, std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels,
                         std::size_t element_size) {
    const auto elements = checked_extent("image_view", width, height, channels, element_size);
    if (are_null && elements > 0) refuse("image_view: data is null, but the size is ", width, "x", height);
}

/// A default view of run-time channels has 0 of them, and no pixels.
inline void check_fixed_channels(std::ptrdiff_t channels, std::size_t needed) {
    if (channels != static_cast<std::ptrdiff_t>(needed) && channels != 0)
        refuse("image_view: the image has ", channels, " channels, but the view needs ", needed);
}

inline void check_contiguous(bool is_contiguous, std::ptrdiff_t row_stride, std::ptrdiff_t row_size) {
    if (!is_contiguous)
        refuse("elements: row_stride is ", row_stride, ", but must be ", row_size, " (rows back to back)");
}

inline void check_row_stride(std::ptrdiff_t row_stride, std::ptrdiff_t row_size, std::ptrdiff_t height,
                             std::size_t element_size, bool writable) {
    const auto limit = (std::numeric_limits<std::ptrdiff_t>::max)() / static_cast<std::ptrdiff_t>(element_size);
    if (height <= 1 || row_size == 0) return;
    if (row_stride < -limit || row_stride > limit)
        refuse("image_view: row_stride is ", row_stride, ", but must be ", -limit, " to ", limit);
    const auto distance = row_stride < 0 ? -row_stride : row_stride;
    if (distance > (limit - row_size) / (height - 1))
        refuse("image_view: row_stride is ", row_stride, ", but for ", height, " rows at most ",
               (limit - row_size) / (height - 1), " in either direction");
    if (writable && distance < row_size)
        refuse("image_view: row_stride is ", row_stride, ", but rows of ", row_size,
               " elements overlap unless they are at least as far apart in a writable view");
}

inline void check_side_of_crop(const char* start_name, const char* size_name, std::ptrdiff_t start, std::ptrdiff_t size,
                               std::ptrdiff_t limit) {
    if (start < 0 || start > limit) refuse("crop: ", start_name, " is ", start, ", but must be 0 to ", limit);
    if (size < 0 || size > limit - start)
        refuse("crop: ", size_name, " is ", size, ", but must be 0 to ", limit - start, " from ", start_name, " = ",
               start);
}

inline void check_crop(std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t w, std::ptrdiff_t h, std::ptrdiff_t width,
                       std::ptrdiff_t height) {
    check_side_of_crop("x", "w", x, w, width);
    check_side_of_crop("y", "h", y, h, height);
}

inline void check_selected_channels(std::size_t highest, std::ptrdiff_t channels) {
    if (static_cast<std::size_t>(channels) <= highest)
        refuse("select_channels: channel is ", highest, ", but the image has ", channels, " channels");
}

/// Back to back.
template <class T>
void copy_rows(const T* from, std::ptrdiff_t row_stride, std::size_t row_size, std::ptrdiff_t rows, T* to) {
    for (std::ptrdiff_t y = 0; y < rows; ++y) to = std::copy_n(from + y * row_stride, row_size, to);
}

/// Back to back, of each pixel the channels named.
template <std::size_t... Channels, class T>
void copy_channels(const T* from, std::ptrdiff_t row_stride, std::ptrdiff_t channels, std::ptrdiff_t width,
                   std::ptrdiff_t rows, T* to) {
    for (std::ptrdiff_t y = 0; y < rows; ++y) {
        const T* pixel = from + y * row_stride;
        for (std::ptrdiff_t x = 0; x < width; ++x, pixel += channels) ((*to++ = pixel[Channels]), ...);
    }
}

}  // namespace lloyd::inline v0::detail
