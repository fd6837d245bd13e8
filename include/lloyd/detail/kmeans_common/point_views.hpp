// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What the public functions of K-Means know of the types of images, before they hand over to functions that know less.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The types of elements that can be clustered.
template <class T>
inline constexpr bool is_coordinate = std::is_same_v<T, std::uint8_t> || std::is_same_v<T, std::uint16_t> ||
                                      std::is_same_v<T, float> || std::is_same_v<T, double>;

/// How many channels an image has whose distinct colours are clustered, which must have 8 bits and 1 to 3 channels:
/// 1 to 3; 0 where its pixels are points; std::dynamic_extent where that is known at run time only.
template <any_image Image>
inline constexpr std::size_t color_channels =
    std::is_same_v<value_type_of<Image>, std::uint8_t> &&
            (channels_of<Image> <= 3 || channels_of<Image> == std::dynamic_extent)
        ? channels_of<Image>
        : 0;

/// The same centers as an image whose number of channels may be fixed.
template <std::size_t Channels>
[[gnu::always_inline]] inline image<double, Channels> with_channels(image<double>&& centers) {
    if constexpr (Channels == std::dynamic_extent) {
        return std::move(centers);
    } else {
        auto fixed = uninitialized_image<double, Channels>(centers.width(), centers.height());
        std::copy(centers.elements().begin(), centers.elements().end(), fixed.data());
        return fixed;
    }
}

/// Calls of_colors(photo) with a view of 8-bit data of 1, 2 or 3 channels, fixed at compile time, or of_pixels(). Only
/// what `ColorChannels` allows is compiled.
template <std::size_t ColorChannels, class T, class OfColors, class OfPixels>
auto by_colors_or_pixels(image_view<const T> data, const OfColors& of_colors, const OfPixels& of_pixels) {
    if constexpr (ColorChannels == 0) {
        return of_pixels();
    } else if constexpr (ColorChannels != std::dynamic_extent) {
        return of_colors(image_view<const T, ColorChannels>(data));
    } else {
        switch (data.channels()) {
            case 1: return of_colors(image_view<const T, 1>(data));
            case 2: return of_colors(image_view<const T, 2>(data));
            case 3: return of_colors(image_view<const T, 3>(data));
            default: return of_pixels();
        }
    }
}

}  // namespace lloyd::inline v0::detail
