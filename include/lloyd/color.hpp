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

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/color/gray_bytes.hpp>
#include <lloyd/detail/color/hsv_bytes.hpp>
#include <lloyd/detail/color/hsv_reals.hpp>
#include <lloyd/detail/color/overlap.hpp>
#include <lloyd/detail/simd/deinterleave.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

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
template <any_image Image, class = detail::deferred>
image<value_type_of<Image>, 3> rgb_to_hsv(const Image& rgb);

/// Writes the same into `out`: elements of the same type, 3 channels, the same width and height. `out` may be `rgb`.
template <any_image Image, any_image Out, class = detail::deferred>
void rgb_to_hsv(const Image& rgb, Out&& out);

/// Converts hue, saturation, value to red, green, blue, in the units of rgb_to_hsv.
///
/// - std::uint8_t: each channel is V · (7650 − S · w) / 7650, rounded half up. w depends on the hue: 0 where the
///   channel is largest, 30 where it is smallest, and linear between. A hue above 179 wraps. OpenCV's COLOR_HSV2RGB
///   differs by at most 1, and its result depends on a pixel's column.
/// - float, double: any finite hue wraps: −60 is 300. S should be 0 to 1. A pixel with a channel that is not finite
///   becomes NaN.
template <any_image Image, class = detail::deferred>
image<value_type_of<Image>, 3> hsv_to_rgb(const Image& hsv);

/// Writes the same into `out`: elements of the same type, 3 channels, the same width and height. `out` may be `hsv`.
template <any_image Image, any_image Out, class = detail::deferred>
void hsv_to_rgb(const Image& hsv, Out&& out);

/// Converts red, green, blue of std::uint8_t to gray, 0 to 255: (9798 R + 19235 G + 3735 B) / 2^15, rounded half up.
/// That is luma (ITU-R BT.601); the bits equal those of OpenCV's COLOR_RGB2GRAY.
template <any_image Image, class = detail::deferred>
image<std::uint8_t, 1> rgb_to_gray(const Image& rgb);

/// Writes the same into `out`: 1 channel of std::uint8_t, the same width and height.
template <any_image Image, any_image Out, class = detail::deferred>
void rgb_to_gray(const Image& rgb, Out&& out);

// Below: how.

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_detail.inc>

template <any_image Image>
inline constexpr bool may_have_three_channels = channels_of<Image> == 3 || channels_of<Image> == std::dynamic_extent;

template <any_image Image>
inline constexpr bool is_hsv_element =
    std::is_same_v<value_type_of<Image>, std::uint8_t> || std::is_same_v<value_type_of<Image>, float> ||
    std::is_same_v<value_type_of<Image>, double>;

/// Runs Kernel::run(from, to, pixels) over every row, or once where both images are contiguous.
template <class Kernel, class From, class To>
void convert_rows(const From& from, const To& to) {
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

namespace lloyd::inline v0 {

template <any_image Image, class>
image<value_type_of<Image>, 3> rgb_to_hsv(const Image& rgb) {
    auto hsv = detail::uninitialized_image<value_type_of<Image>, 3>(rgb.width(), rgb.height());
    rgb_to_hsv(rgb, hsv);
    return hsv;
}

template <any_image Image, any_image Out, class>
void rgb_to_hsv(const Image& rgb, Out&& out) {
    static_assert(detail::may_have_three_channels<Image>,
                  "rgb_to_hsv: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    static_assert(detail::is_hsv_element<Image>, "rgb_to_hsv: elements must be std::uint8_t, float or double");
    static_assert(detail::is_out_for<Out, value_type_of<Image>, 3>,
                  "rgb_to_hsv: out must be writable, with 3 channels of the same elements as the image");
    detail::check_channels("rgb_to_hsv", rgb, out, 3);
    const image_view<const value_type_of<Image>, 3> from(detail::as_view(rgb));
    const image_view<value_type_of<Image>, 3> to(out);
    detail::check_out("rgb_to_hsv", from, to, true);
    detail::convert_rows<detail::rgb_to_hsv_kernel<value_type_of<Image>>>(from, to);
}

template <any_image Image, class>
image<value_type_of<Image>, 3> hsv_to_rgb(const Image& hsv) {
    auto rgb = detail::uninitialized_image<value_type_of<Image>, 3>(hsv.width(), hsv.height());
    hsv_to_rgb(hsv, rgb);
    return rgb;
}

template <any_image Image, any_image Out, class>
void hsv_to_rgb(const Image& hsv, Out&& out) {
    static_assert(detail::may_have_three_channels<Image>,
                  "hsv_to_rgb: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    static_assert(detail::is_hsv_element<Image>, "hsv_to_rgb: elements must be std::uint8_t, float or double");
    static_assert(detail::is_out_for<Out, value_type_of<Image>, 3>,
                  "hsv_to_rgb: out must be writable, with 3 channels of the same elements as the image");
    detail::check_channels("hsv_to_rgb", hsv, out, 3);
    const image_view<const value_type_of<Image>, 3> from(detail::as_view(hsv));
    const image_view<value_type_of<Image>, 3> to(out);
    detail::check_out("hsv_to_rgb", from, to, true);
    detail::convert_rows<detail::hsv_to_rgb_kernel<value_type_of<Image>>>(from, to);
}

template <any_image Image, class>
image<std::uint8_t, 1> rgb_to_gray(const Image& rgb) {
    auto gray = detail::uninitialized_image<std::uint8_t, 1>(rgb.width(), rgb.height());
    rgb_to_gray(rgb, gray);
    return gray;
}

template <any_image Image, any_image Out, class>
void rgb_to_gray(const Image& rgb, Out&& out) {
    static_assert(detail::may_have_three_channels<Image>,
                  "rgb_to_gray: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    static_assert(std::is_same_v<value_type_of<Image>, std::uint8_t>, "rgb_to_gray: elements must be std::uint8_t");
    static_assert(detail::is_out_for<Out, std::uint8_t, 1>,
                  "rgb_to_gray: out must be writable, with 1 channel of std::uint8_t");
    detail::check_channels("rgb_to_gray", rgb, out, 1);
    const image_view<const std::uint8_t, 3> from(detail::as_view(rgb));
    const image_view<std::uint8_t, 1> to(out);
    detail::check_out("rgb_to_gray", from, to, false);
    detail::convert_rows<detail::gray_kernel>(from, to);
}

}  // namespace lloyd::inline v0
