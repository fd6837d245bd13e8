// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// RGB to HSV, back, and to gray.
///
///     auto hsv = lloyd::rgb_to_hsv(photo);
///     auto rgb = lloyd::hsv_to_rgb(hsv);
///     lloyd::rgb_to_gray(frame, gray);  // reuses the memory of `gray`, frame after frame
///
/// An input image has 3 channels, in its type or at run time. The functions with `out` write into an existing image.
/// They throw std::invalid_argument if `out` has another width, height or number of channels than the result, or
/// overlaps the input in memory; only rgb_to_hsv and hsv_to_rgb accept the input itself as `out`. Cost O(pixels), in
/// vectors.
/// @file
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <lloyd/detail/base/entry.hpp>
#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/detail/base/wrong_types.hpp>
#include <lloyd/detail/color/overlap.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_entries.inc>

template <class T>
void rgb_to_hsv_rows(image_view<const T> rgb, image_view<T> hsv);
template <class T>
void hsv_to_rgb_rows(image_view<const T> hsv, image_view<T> rgb);
template <class = entry>
void rgb_to_gray_rows(image_view<const std::uint8_t> rgb, image_view<std::uint8_t> gray);

#include <lloyd/detail/base/close_entries.inc>

namespace lloyd::inline v0 {

/// Converts red, green, blue to hue, saturation, value (Smith 1978). With V = max(R, G, B) and d = V − min(R, G, B):
///
/// - std::uint8_t: H is half of the degrees, 0 to 179; S = 255 · d/V and V are 0 to 255. The bits equal those of
///   OpenCV's COLOR_RGB2HSV. 8 bits lose precision: RGB → HSV → RGB returns 31 % of the colours unchanged, and the
///   others with errors of up to 5.
/// - float, double: H is in degrees, in [0, 360), exact for pure hues; S = d/V, 0 to 1 where no channel is negative; V
///   has the scale of the input. Gray has H = 0 and S = 0. A pixel with a channel that is not finite becomes NaN; where
///   d overflows, H is NaN and S infinite. For float, RGB → HSV → RGB returns all 8-bit colours, 0 to 255 or divided by
///   255, unchanged once rounded.
template <any_image Image>
[[gnu::always_inline]] inline image<value_type_of<Image>, 3> rgb_to_hsv(const Image& rgb) {
    auto hsv = detail::uninitialized_image<value_type_of<Image>, 3>(rgb.width(), rgb.height());
    rgb_to_hsv(rgb, hsv);
    return hsv;
}

/// Writes the same into `out`: elements of the same type, 3 channels, the same width and height. `out` may be `rgb`.
template <any_image Image, any_image Out>
[[gnu::always_inline]] inline void rgb_to_hsv(const Image& rgb, Out&& out) {
    using T = value_type_of<Image>;
    static_assert(detail::is_hsv_element<T>, "rgb_to_hsv: elements must be std::uint8_t, float or double");
    if constexpr (detail::is_hsv_element<T>)
        detail::convert_image<3>(rgb, std::forward<Out>(out), detail::rgb_to_hsv_rows<T>);
}

/// Converts hue, saturation, value to red, green, blue, in the units of rgb_to_hsv.
///
/// - std::uint8_t: each channel is V · (7650 − S · w) / 7650, rounded half up. w depends on the hue: 0 where the
///   channel is largest, 30 where it is smallest, and linear between. A hue above 179 wraps. OpenCV's COLOR_HSV2RGB
///   differs by at most 1, and its result depends on a pixel's column.
/// - float, double: any finite hue wraps: −60 is 300. S should be 0 to 1. A pixel with a channel that is not finite
///   becomes NaN.
template <any_image Image>
[[gnu::always_inline]] inline image<value_type_of<Image>, 3> hsv_to_rgb(const Image& hsv) {
    auto rgb = detail::uninitialized_image<value_type_of<Image>, 3>(hsv.width(), hsv.height());
    hsv_to_rgb(hsv, rgb);
    return rgb;
}

/// Writes the same into `out`: elements of the same type, 3 channels, the same width and height. `out` may be `hsv`.
template <any_image Image, any_image Out>
[[gnu::always_inline]] inline void hsv_to_rgb(const Image& hsv, Out&& out) {
    using T = value_type_of<Image>;
    static_assert(detail::is_hsv_element<T>, "hsv_to_rgb: elements must be std::uint8_t, float or double");
    if constexpr (detail::is_hsv_element<T>)
        detail::convert_image<3>(hsv, std::forward<Out>(out), detail::hsv_to_rgb_rows<T>);
}

/// Converts red, green, blue of std::uint8_t to gray, 0 to 255: (9798 R + 19235 G + 3735 B) / 2^15, rounded half up.
/// That is luma (ITU-R BT.601); the bits equal those of OpenCV's COLOR_RGB2GRAY.
template <any_image Image>
[[gnu::always_inline]] inline image<std::uint8_t, 1> rgb_to_gray(const Image& rgb) {
    auto gray = detail::uninitialized_image<std::uint8_t, 1>(rgb.width(), rgb.height());
    rgb_to_gray(rgb, gray);
    return gray;
}

/// Writes the same into `out`: 1 channel of std::uint8_t, the same width and height.
template <any_image Image, any_image Out>
[[gnu::always_inline]] inline void rgb_to_gray(const Image& rgb, Out&& out) {
    constexpr bool is_bytes = std::is_same_v<value_type_of<Image>, std::uint8_t>;
    static_assert(is_bytes, "rgb_to_gray: elements must be std::uint8_t");
    if constexpr (is_bytes) detail::convert_image<1>(rgb, std::forward<Out>(out), detail::rgb_to_gray_rows<>);
}

/// @cond
template <class... Arguments>
    requires detail::no_images<Arguments...>
image<std::uint8_t, 3> rgb_to_hsv(const Arguments&... arguments) {
    return detail::refuse_types<image<std::uint8_t, 3>>(arguments...);
}
template <class... Arguments>
    requires detail::no_images<Arguments...>
image<std::uint8_t, 3> hsv_to_rgb(const Arguments&... arguments) {
    return detail::refuse_types<image<std::uint8_t, 3>>(arguments...);
}
template <class... Arguments>
    requires detail::no_images<Arguments...>
image<std::uint8_t, 1> rgb_to_gray(const Arguments&... arguments) {
    return detail::refuse_types<image<std::uint8_t, 1>>(arguments...);
}
/// @endcond

}  // namespace lloyd::inline v0

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/color/gray_bytes.hpp>
#include <lloyd/detail/color/hsv_bytes.hpp>
#include <lloyd/detail/color/hsv_reals.hpp>
#include <lloyd/detail/simd/deinterleave.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Runs Kernel::run(from, to, pixels) over every row, or once where both images are contiguous. `who` is the function
/// that refuses the arguments.
template <class Kernel, std::size_t OutChannels, class T>
void convert_rows(const char* who, image_view<const T> image, image_view<T> out) {
    check_channels(who, image.channels(), out.channels(), OutChannels);
    const image_view<const T, 3> from(image);
    const image_view<T, OutChannels> to(out);
    check_out(who, from, to, OutChannels == 3);
    if (from.empty()) return;
    if (from.is_contiguous() && to.is_contiguous()) return run_kernel<Kernel>(from.data(), to.data(), from.size());
    for (std::ptrdiff_t y = 0; y < from.height(); ++y)
        run_kernel<Kernel>(from.row(y).data(), to.row(y).data(), from.width());
}

/// Converts pixels of three channels of type T by OfBytes or OfReals.
template <class T, class OfBytes, class OfReals>
using conversion_kernel = pixel_kernel<std::conditional_t<std::is_same_v<T, std::uint8_t>, OfBytes, OfReals>, T>;
template <class T>
using rgb_to_hsv_kernel = conversion_kernel<T, rgb_to_hsv_bytes, rgb_to_hsv_reals>;
template <class T>
using hsv_to_rgb_kernel = conversion_kernel<T, hsv_to_rgb_bytes, hsv_to_rgb_reals>;

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <class T>
void rgb_to_hsv_rows(image_view<const T> rgb, image_view<T> hsv) {
    convert_rows<rgb_to_hsv_kernel<T>, 3>("rgb_to_hsv", rgb, hsv);
}

template <class T>
void hsv_to_rgb_rows(image_view<const T> hsv, image_view<T> rgb) {
    convert_rows<hsv_to_rgb_kernel<T>, 3>("hsv_to_rgb", hsv, rgb);
}

template <class>
void rgb_to_gray_rows(image_view<const std::uint8_t> rgb, image_view<std::uint8_t> gray) {
    convert_rows<gray_kernel, 1>("rgb_to_gray", rgb, gray);
}

#include <lloyd/detail/base/close_entries.inc>

#endif
