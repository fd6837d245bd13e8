// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// RGB to HSV, Lab and OKLab, back, and to gray.
///
///     auto hsv = lloyd::rgb_to_hsv(photo);
///     auto rgb = lloyd::hsv_to_rgb(hsv);
///     auto lab = lloyd::rgb_to_lab(photo);                 // of floats; rgb_to_oklab likewise
///     auto bytes = lloyd::lab_to_rgb<std::uint8_t>(lab);   // without <…>: of floats, 0 to 1
///     lloyd::rgb_to_gray(frame, gray);  // reuses the memory of `gray`, frame after frame
///
/// An input image has 3 channels, in its type or at run time. The functions with `out` write into an existing image.
/// They throw std::invalid_argument if `out` has another width, height or number of channels than the result, or
/// overlaps the input in memory; all but rgb_to_gray accept the input itself as `out`. Cost O(pixels): in vectors, but
/// for Lab and OKLab of or to RGB in floats or doubles, which take 70 to 150 ns a pixel.
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
#include <lloyd/detail/color/wrong_calls.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_entries.inc>

template <class T>
void rgb_to_hsv_rows(image_view<const T> rgb, image_view<T> hsv);
template <class T>
void hsv_to_rgb_rows(image_view<const T> hsv, image_view<T> rgb);
template <class T>
void rgb_to_lab_rows(image_view<const T> rgb, image_view<lab_element<T>> lab);
template <class T>
void rgb_to_oklab_rows(image_view<const T> rgb, image_view<lab_element<T>> lab);
template <class T, class To>
void lab_to_rgb_rows(image_view<const T> lab, image_view<To> rgb);
template <class T, class To>
void oklab_to_rgb_rows(image_view<const T> lab, image_view<To> rgb);
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
    static_assert(detail::is_color_element<T>, "rgb_to_hsv: elements must be std::uint8_t, float or double");
    static_assert(detail::may_have_channels<Image, 3>,
                  "rgb_to_hsv: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    static_assert(detail::is_out_for<Out, T, 3>,
                  "rgb_to_hsv: out must be writable, with 3 channels of the image's type");
    if constexpr (detail::is_color_element<T>)
        detail::convert_image<T, 3>(rgb, std::forward<Out>(out), detail::rgb_to_hsv_rows<T>);
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
    static_assert(detail::is_color_element<T>, "hsv_to_rgb: elements must be std::uint8_t, float or double");
    static_assert(detail::may_have_channels<Image, 3>,
                  "hsv_to_rgb: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    static_assert(detail::is_out_for<Out, T, 3>,
                  "hsv_to_rgb: out must be writable, with 3 channels of the image's type");
    if constexpr (detail::is_color_element<T>)
        detail::convert_image<T, 3>(hsv, std::forward<Out>(out), detail::hsv_to_rgb_rows<T>);
}

/// Converts red, green, blue to L, a, b of CIELAB (CIE 15; white D65, 2°), where equal distances look about equally
/// different. RGB is sRGB (IEC 61966-2-1). L is 0 for black to 100 for white; a and b are 0 for grays; in sRGB a is −86.2
/// to 98.2, from green to red, and b is −107.9 to 94.5, from blue to yellow.
///
/// - std::uint8_t, 0 to 255: the result is of float, within 2e-4; grays have a = b = 0; the same bits on every CPU.
/// - float, double, 0 to 1: the result is of that type, within 2e-4 or 1e-10. Numbers outside go on along the same
///   formulas. A pixel with a channel that is not finite becomes NaN.
template <any_image Image>
[[gnu::always_inline]] inline image<detail::lab_element<value_type_of<Image>>, 3> rgb_to_lab(const Image& rgb) {
    auto lab = detail::uninitialized_image<detail::lab_element<value_type_of<Image>>, 3>(rgb.width(), rgb.height());
    rgb_to_lab(rgb, lab);
    return lab;
}

/// Writes the same into `out`: 3 channels of the result's type, the same width and height. `out` may be `rgb`.
template <any_image Image, any_image Out>
[[gnu::always_inline]] inline void rgb_to_lab(const Image& rgb, Out&& out) {
    using T = value_type_of<Image>;
    static_assert(detail::is_color_element<T>, "rgb_to_lab: elements must be std::uint8_t, float or double");
    static_assert(detail::may_have_channels<Image, 3>,
                  "rgb_to_lab: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    static_assert(detail::is_out_for<Out, detail::lab_element<T>, 3>,
                  "rgb_to_lab: out must be writable, with 3 channels of the result's type");
    if constexpr (detail::is_color_element<T>)
        detail::convert_image<detail::lab_element<T>, 3>(rgb, std::forward<Out>(out), detail::rgb_to_lab_rows<T>);
}

/// Converts red, green, blue to L, a, b of OKLab (Ottosson 2020), whose hues stay more even than those of CIELAB. Types
/// and white are those of rgb_to_lab. L is 0 for black to 1 for white; a is −0.234 to 0.276, b is −0.312 to 0.199; within
/// 1e-6, or 1e-12 for doubles. Grays have a = b = 0, but for doubles: OKLab's own numbers, of 10 digits, give them b =
/// 3.73e-8 · L.
template <any_image Image>
[[gnu::always_inline]] inline image<detail::lab_element<value_type_of<Image>>, 3> rgb_to_oklab(const Image& rgb) {
    auto lab = detail::uninitialized_image<detail::lab_element<value_type_of<Image>>, 3>(rgb.width(), rgb.height());
    rgb_to_oklab(rgb, lab);
    return lab;
}

/// Writes the same into `out`: 3 channels of the result's type, the same width and height. `out` may be `rgb`.
template <any_image Image, any_image Out>
[[gnu::always_inline]] inline void rgb_to_oklab(const Image& rgb, Out&& out) {
    using T = value_type_of<Image>;
    static_assert(detail::is_color_element<T>, "rgb_to_oklab: elements must be std::uint8_t, float or double");
    static_assert(detail::may_have_channels<Image, 3>,
                  "rgb_to_oklab: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    static_assert(detail::is_out_for<Out, detail::lab_element<T>, 3>,
                  "rgb_to_oklab: out must be writable, with 3 channels of the result's type");
    if constexpr (detail::is_color_element<T>)
        detail::convert_image<detail::lab_element<T>, 3>(rgb, std::forward<Out>(out), detail::rgb_to_oklab_rows<T>);
}

/// Converts L, a, b of rgb_to_lab, of float or double, to red, green, blue.
///
/// - lab_to_rgb(lab): of the same type, 0 to 1 for colours of sRGB. Others are not limited. NaN stays NaN.
/// - lab_to_rgb<std::uint8_t>(lab): times 255, rounded half up, limited to 0 to 255; NaN becomes 0. All colours of 8 bits
///   return unchanged from Lab and OKLab.
template <class To = void, any_image Image>
[[gnu::always_inline]] inline image<detail::rgb_element<To, value_type_of<Image>>, 3> lab_to_rgb(const Image& lab) {
    using Result = detail::rgb_element<To, value_type_of<Image>>;
    auto rgb = detail::uninitialized_image<Result, 3>(lab.width(), lab.height());
    lab_to_rgb(lab, rgb);
    return rgb;
}

/// Writes the same into `out`: 3 channels, of std::uint8_t or of the image's type. `out` may be `lab`.
template <any_image Image, any_image Out>
[[gnu::always_inline]] inline void lab_to_rgb(const Image& lab, Out&& out) {
    using T = value_type_of<Image>;
    using Result = detail::rgb_element<value_type_of<Out>, T>;
    static_assert(std::is_floating_point_v<T>, "lab_to_rgb: elements must be float or double");
    static_assert(detail::may_have_channels<Image, 3>,
                  "lab_to_rgb: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    static_assert(detail::is_out_for<Out, Result, 3>,
                  "lab_to_rgb: out must be writable, with 3 channels of std::uint8_t or of the image's type");
    if constexpr (std::is_floating_point_v<T>)
        detail::convert_image<Result, 3>(lab, std::forward<Out>(out), detail::lab_to_rgb_rows<T, Result>);
}

/// Converts L, a, b of rgb_to_oklab to red, green, blue, as lab_to_rgb does.
template <class To = void, any_image Image>
[[gnu::always_inline]] inline image<detail::rgb_element<To, value_type_of<Image>>, 3> oklab_to_rgb(const Image& lab) {
    using Result = detail::rgb_element<To, value_type_of<Image>>;
    auto rgb = detail::uninitialized_image<Result, 3>(lab.width(), lab.height());
    oklab_to_rgb(lab, rgb);
    return rgb;
}

/// Writes the same into `out`, as lab_to_rgb does.
template <any_image Image, any_image Out>
[[gnu::always_inline]] inline void oklab_to_rgb(const Image& lab, Out&& out) {
    using T = value_type_of<Image>;
    using Result = detail::rgb_element<value_type_of<Out>, T>;
    static_assert(std::is_floating_point_v<T>, "oklab_to_rgb: elements must be float or double");
    static_assert(detail::may_have_channels<Image, 3>,
                  "oklab_to_rgb: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    static_assert(detail::is_out_for<Out, Result, 3>,
                  "oklab_to_rgb: out must be writable, with 3 channels of std::uint8_t or of the image's type");
    if constexpr (std::is_floating_point_v<T>)
        detail::convert_image<Result, 3>(lab, std::forward<Out>(out), detail::oklab_to_rgb_rows<T, Result>);
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
    static_assert(detail::is_8_bit<Image>, "rgb_to_gray: elements must be std::uint8_t");
    static_assert(detail::may_have_channels<Image, 3>,
                  "rgb_to_gray: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    static_assert(detail::is_out_for<Out, std::uint8_t, 1>,
                  "rgb_to_gray: out must be writable, with 1 channel of std::uint8_t");
    if constexpr (detail::is_8_bit<Image>)
        detail::convert_image<std::uint8_t, 1>(rgb, std::forward<Out>(out), detail::rgb_to_gray_rows<>);
}

}  // namespace lloyd::inline v0

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/color/convert_rows.hpp>
#include <lloyd/detail/color/gray_bytes.hpp>
#include <lloyd/detail/color/hsv_bytes.hpp>
#include <lloyd/detail/color/hsv_reals.hpp>
#include <lloyd/detail/color/perceptual_rows.hpp>
#include <lloyd/detail/color/perceptual_spaces.hpp>
#include <lloyd/detail/simd/deinterleave.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Converts pixels of three channels of type T by OfBytes or OfReals.
template <class T, class OfBytes, class OfReals>
using conversion_kernel = pixel_kernel<std::conditional_t<std::is_same_v<T, std::uint8_t>, OfBytes, OfReals>, T>;

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <class T>
void rgb_to_hsv_rows(image_view<const T> rgb, image_view<T> hsv) {
    convert_rows<conversion_kernel<T, rgb_to_hsv_bytes, rgb_to_hsv_reals>, 3>("rgb_to_hsv", rgb, hsv);
}

template <class T>
void hsv_to_rgb_rows(image_view<const T> hsv, image_view<T> rgb) {
    convert_rows<conversion_kernel<T, hsv_to_rgb_bytes, hsv_to_rgb_reals>, 3>("hsv_to_rgb", hsv, rgb);
}

template <class T>
void rgb_to_lab_rows(image_view<const T> rgb, image_view<lab_element<T>> lab) {
    convert_to_lab<lab_space>("rgb_to_lab", rgb, lab);
}

template <class T>
void rgb_to_oklab_rows(image_view<const T> rgb, image_view<lab_element<T>> lab) {
    convert_to_lab<oklab_space>("rgb_to_oklab", rgb, lab);
}

template <class T, class To>
void lab_to_rgb_rows(image_view<const T> lab, image_view<To> rgb) {
    convert_from_lab<lab_space>("lab_to_rgb", lab, rgb);
}

template <class T, class To>
void oklab_to_rgb_rows(image_view<const T> lab, image_view<To> rgb) {
    convert_from_lab<oklab_space>("oklab_to_rgb", lab, rgb);
}

template <class>
void rgb_to_gray_rows(image_view<const std::uint8_t> rgb, image_view<std::uint8_t> gray) {
    convert_rows<gray_kernel, 1>("rgb_to_gray", rgb, gray);
}

#include <lloyd/detail/base/close_entries.inc>

#endif
