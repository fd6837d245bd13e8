// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Compile errors that name the function and say what to pass instead. Each public function has an overload for arguments
/// that are no images; it returns what the function returns, so that no second error follows (docs/CONTRIBUTING.md shows
/// one).
#pragma once

#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/image_traits.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// To be asserted; of a concept compilers would explain each part.
template <class... Arguments>
inline constexpr bool are_images = (any_image<Arguments> && ...);
template <class... Arguments>
concept no_images = !are_images<Arguments...>;
template <class Argument>
concept no_image = no_images<Argument>;

template <any_image Image>
inline constexpr bool is_8_bit = std::is_same_v<value_type_of<Image>, std::uint8_t>;

/// The body of an overload for options of kmeans in the place of those that contain them.
template <class Result, class Options, class Wanted>
Result refuse_options() {
    constexpr bool fits = std::is_convertible_v<Options, Wanted>, is_number = std::is_arithmetic_v<Options>;
    static_assert(!is_number, "options have names: {.kmeans = {.attempts = 3}}, or in elbow_sweep {.k_max = 10}");
    static_assert(fits || is_number, "options of kmeans go into the member kmeans: {.kmeans = {.attempts = 3}}");
    return Result();
}

/// `class Options = misplaced_options<kmeans_options>` makes `const Options&` take such options in braces.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 12
template <class>
struct misplaced_options {};  // g++ 11 would take {.kmeans = x} for a copy of x
#else
template <class Options>
using misplaced_options = Options;
#endif

}  // namespace lloyd::inline v0::detail
