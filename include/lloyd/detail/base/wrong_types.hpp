// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Compile errors that say what to pass instead. Each public function has an overload for arguments that are no images;
/// it returns what the function returns, so that no second error follows (docs/CONTRIBUTING.md shows one).
#pragma once

#include <type_traits>

#include <lloyd/detail/base/image_traits.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <class Argument>
concept no_image = !any_image<Argument>;
template <class... Arguments>
concept no_images = !(any_image<Arguments> && ...);

/// The body of such an overload.
template <class Result, class... Arguments>
Result refuse_types(const Arguments&...) {
    constexpr bool are_images = (any_image<Arguments> && ...);  // by a name: compilers would explain the concept
    static_assert(are_images,
                  "lloyd takes an image or a view of one. For a cv::Mat of 8-bit colours pass "
                  "lloyd::image_view<const std::uint8_t, 3>(mat.data, mat.cols, mat.rows, mat.step); for n points of d "
                  "numbers in a std::vector or an array pass lloyd::points(pointer, n, d)");
    return Result();
}

/// The body of an overload for options of kmeans in the place of those that contain them.
template <class Result, class Options, class Wanted>
Result refuse_options() {
    constexpr bool fits = std::is_convertible_v<Options, Wanted>;
    static_assert(fits, "options of kmeans go into the member kmeans: {.kmeans = {.attempts = 3}}");
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
