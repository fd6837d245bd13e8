// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// RGB to HSV, back, and to gray.
///
///     auto hsv = lloyd::rgb_to_hsv(photo);
///     auto rgb = lloyd::hsv_to_rgb(hsv);
///     lloyd::rgb_to_gray(frame, gray);  // into an image that is there already, frame after frame
///
/// Images have 3 channels, fixed or at run time. What is written to may be the image that is read, pixel for pixel;
/// where the two overlap in any other way, std::invalid_argument is thrown, and so it is unless they are of one shape.
/// Cost O(pixels), in vectors.
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

/// Hue, saturation, value (Smith 1978) of red, green, blue. With V = max(R, G, B) and d = V − min(R, G, B):
///
/// - std::uint8_t: S = 255 · d/V and V are 0 to 255. H is 0 to 179, half of the degrees. Bit for bit what OpenCV's
///   COLOR_RGB2HSV gives. 8 bits cannot hold every colour: RGB → HSV → RGB is exact for 31 % of them, and up to 5 off elsewhere.
/// - float, double: H is in degrees, in [0, 360), exact for pure hues; gray has H = 0 and S = 0. S is d/V, 0 to 1 for
///   colours that are not negative. V is on the scale of the input. A pixel that is not finite becomes NaN; where d
///   overflows, H is NaN and S infinite. All 8-bit colours, as they are or divided by 255, survive RGB → HSV → RGB in
///   float, once rounded.
template <any_image Image, class = detail::deferred>
image<value_type_of<Image>, 3> rgb_to_hsv(const Image& rgb);

/// The same into `out`, of the same elements and shape.
template <any_image Image, any_image Out, class = detail::deferred>
void rgb_to_hsv(const Image& rgb, Out&& out);

/// Red, green, blue of hue, saturation, value, in the units that rgb_to_hsv gives.
///
/// - std::uint8_t: V · (7650 − S · w) / 7650, rounded half up, with w = 0 to 30 after the hue; a hue above 179 wraps.
///   OpenCV's COLOR_HSV2RGB is never more than 1 from it, and differs by column where this does not.
/// - float, double: any finite hue wraps, −60 is 300. S is meant to be 0 to 1. A pixel that is not finite becomes NaN.
template <any_image Image, class = detail::deferred>
image<value_type_of<Image>, 3> hsv_to_rgb(const Image& hsv);

/// The same into `out`, of the same elements and shape.
template <any_image Image, any_image Out, class = detail::deferred>
void hsv_to_rgb(const Image& hsv, Out&& out);

/// (9798 R + 19235 G + 3735 B) / 2^15, rounded half up: luma (ITU-R BT.601), bit for bit that of OpenCV's COLOR_RGB2GRAY.
/// For std::uint8_t.
template <any_image Image, class = detail::deferred>
image<std::uint8_t, 1> rgb_to_gray(const Image& rgb);

/// The same into `out`, of one channel and the same size.
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

/// Runs a kernel over every row, or over all of them as one.
template <class Kernel, class From, class To>
void convert_rows(const From& from, const To& to) {
    if (from.empty()) return;
    if (from.is_contiguous() && to.is_contiguous()) return run_kernel<Kernel>(from.data(), to.data(), from.size());
    for (std::ptrdiff_t y = 0; y < from.height(); ++y)
        run_kernel<Kernel>(from.row(y).data(), to.row(y).data(), from.width());
}

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
    image<value_type_of<Image>, 3> hsv(detail::uninitialized, rgb.width(), rgb.height());
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
    image<value_type_of<Image>, 3> rgb(detail::uninitialized, hsv.width(), hsv.height());
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
    image<std::uint8_t, 1> gray(detail::uninitialized, rgb.width(), rgb.height());
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
