// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Concepts and traits of images: element type, number of channels, which images a view can look at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <lloyd/detail/base/requirements.hpp>

namespace lloyd::inline v0 {

template <class T, std::size_t C = std::dynamic_extent>
class image_view;
template <class T, std::size_t C = std::dynamic_extent>
class image;

}  // namespace lloyd::inline v0

namespace lloyd::inline v0::detail {

template <class>
inline constexpr bool is_view = false;
template <class T, std::size_t C>
inline constexpr bool is_view<image_view<T, C>> = true;
template <class>
inline constexpr bool is_owner = false;
template <class T, std::size_t C>
inline constexpr bool is_owner<image<T, C>> = true;

/// For results that are written in full: no element is initialised.
template <class T, std::size_t C = std::dynamic_extent>
[[gnu::always_inline]] inline image<T, C> uninitialized_image(
    std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels = static_cast<std::ptrdiff_t>(C)) {
    return image<T, C>(typename image<T, C>::uninitialized{}, width, height, channels);
}

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0 {

/// image<T, C> or image_view<T, C>, const or not, reference or not.
template <class Image>
concept any_image = detail::is_view<std::remove_cvref_t<Image>> || detail::is_owner<std::remove_cvref_t<Image>>;

/// Channels of an image type: a number, or std::dynamic_extent.
template <any_image Image>
inline constexpr std::size_t channels_of = std::remove_cvref_t<Image>::extent;

/// What an image's elements are, without const.
template <any_image Image>
using value_type_of = typename std::remove_cvref_t<Image>::value_type;

}  // namespace lloyd::inline v0

namespace lloyd::inline v0::detail {

/// Whether labels of pixels may have this type.
template <class T>
inline constexpr bool is_label = std::is_same_v<T, std::uint8_t> || std::is_same_v<T, std::int32_t>;

/// A named image, or a view, whose elements and channels a view of T × C can look at.
template <class Source>
inline constexpr bool outlives_call = is_view<std::remove_cvref_t<Source>> || std::is_lvalue_reference_v<Source>;

template <class Source, class T>
inline constexpr bool has_elements = std::is_same_v<value_type_of<Source>, std::remove_const_t<T>> &&
                                     std::is_convertible_v<decltype(std::declval<Source&>().data()), T*>;

/// The same number of channels, or one that is known at run time only.
template <class Source, std::size_t C>
inline constexpr bool may_have_channels =
    channels_of<Source> == C || channels_of<Source> == std::dynamic_extent || C == std::dynamic_extent;

template <class Source, class T, std::size_t C>
concept viewable_as = any_image<Source> && !std::is_same_v<std::remove_cvref_t<Source>, image_view<T, C>> &&
                      outlives_call<Source> && has_elements<Source, T> && may_have_channels<Source, C>;

/// A temporary image that could be viewed, were it named.
template <class Source, class T, std::size_t C>
concept temporary_viewable_as = any_image<Source> && !outlives_call<Source> && viewable_as<Source&, T, C>;

/// Whether channels must be compared at run time. (Not a concept: clang would evaluate it before it has checked that
/// Source is an image.)
template <class Source, std::size_t C>
inline constexpr bool fixes_channels = false;
template <class T, std::size_t C>
inline constexpr bool fixes_channels<image_view<T>, C> = C != std::dynamic_extent;
template <class T, std::size_t C>
inline constexpr bool fixes_channels<image<T>, C> = C != std::dynamic_extent;

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_detail.inc>

/// The const view through which the algorithms read any image.
template <any_image Image>
image_view<const value_type_of<Image>, channels_of<Image>> as_view(const Image& source) {
    return source;
}

}  // namespace lloyd::inline v0::detail
