// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What color.hpp refuses to compile: calls with what is no image.
#pragma once

#include <cstdint>

#include <lloyd/detail/base/wrong_types.hpp>
#include <lloyd/image.hpp>

namespace lloyd {
inline namespace v0 {

/// @cond
template <class... Arguments>
    requires detail::no_images<Arguments...>
image<std::uint8_t, 3> rgb_to_hsv(const Arguments&...) {
    static_assert(detail::are_images<Arguments...>,
                  "rgb_to_hsv takes images or views of them, such as lloyd::image_view<const std::uint8_t, "
                  "3>(mat.data, mat.cols, mat.rows, mat.step) of a cv::Mat");
    return {};
}
template <class... Arguments>
    requires detail::no_images<Arguments...>
image<std::uint8_t, 3> hsv_to_rgb(const Arguments&...) {
    static_assert(detail::are_images<Arguments...>,
                  "hsv_to_rgb takes images or views of them, such as lloyd::image_view<const std::uint8_t, "
                  "3>(mat.data, mat.cols, mat.rows, mat.step) of a cv::Mat");
    return {};
}
template <class... Arguments>
    requires detail::no_images<Arguments...>
image<float, 3> rgb_to_lab(const Arguments&...) {
    static_assert(detail::are_images<Arguments...>,
                  "rgb_to_lab takes images or views of them, such as lloyd::image_view<const std::uint8_t, "
                  "3>(mat.data, mat.cols, mat.rows, mat.step) of a cv::Mat");
    return {};
}
template <class... Arguments>
    requires detail::no_images<Arguments...>
image<float, 3> rgb_to_oklab(const Arguments&...) {
    static_assert(detail::are_images<Arguments...>,
                  "rgb_to_oklab takes images or views of them, such as lloyd::image_view<const std::uint8_t, "
                  "3>(mat.data, mat.cols, mat.rows, mat.step) of a cv::Mat");
    return {};
}
template <class To = float, class... Arguments>
    requires detail::no_images<Arguments...>
image<To, 3> lab_to_rgb(const Arguments&...) {
    static_assert(
        detail::are_images<Arguments...>,
        "lab_to_rgb takes images or views of them, such as lloyd::image_view<const float, 3>(pointer, width, height)");
    return {};
}
template <class To = float, class... Arguments>
    requires detail::no_images<Arguments...>
image<To, 3> oklab_to_rgb(const Arguments&...) {
    static_assert(detail::are_images<Arguments...>, "oklab_to_rgb takes images or views of them, such as "
                                                    "lloyd::image_view<const float, 3>(pointer, width, height)");
    return {};
}
template <class... Arguments>
    requires detail::no_images<Arguments...>
image<std::uint8_t, 1> rgb_to_gray(const Arguments&...) {
    static_assert(detail::are_images<Arguments...>,
                  "rgb_to_gray takes images or views of them, such as lloyd::image_view<const std::uint8_t, "
                  "3>(mat.data, mat.cols, mat.rows, mat.step) of a cv::Mat");
    return {};
}
/// @endcond

}  // namespace v0
}  // namespace lloyd
