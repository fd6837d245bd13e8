// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Lab and OKLab, to and from RGB: which kernel, along which path.
#pragma once

#include <cstdint>
#include <type_traits>

#include <lloyd/detail/color/convert_rows.hpp>
#include <lloyd/detail/color/overlap.hpp>
#include <lloyd/detail/color/perceptual_bytes.hpp>
#include <lloyd/detail/color/perceptual_reals.hpp>
#include <lloyd/detail/color/perceptual_spaces.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <const perceptual_space& Space, class T>
void convert_to_lab(const char* who, image_view<const T> rgb, image_view<lab_element<T>> lab) {
    constexpr bool is_bytes = std::is_same_v<T, std::uint8_t>;
    using number = std::conditional_t<is_bytes, float, double>;
    using kernel = std::conditional_t<is_bytes, bytes_to_lab_kernel<number, float>,
                                      color_path_kernel<way_to_lab, T, lab_element<T>>>;
    static constexpr auto path = path_to_lab<number, lab_element<T>>(Space);
    convert_rows<kernel, 3>(who, rgb, lab, path);
}

template <const perceptual_space& Space, class T, class To>
void convert_from_lab(const char* who, image_view<const T> lab, image_view<To> rgb) {
    static constexpr auto path = path_from_lab<double, T>(Space);
    convert_rows<color_path_kernel<way_from_lab, T, To>, 3>(who, lab, rgb, path);
}

}  // namespace lloyd::inline v0::detail
