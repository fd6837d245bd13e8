// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Two filters of 8-bit images, the first two stages of edge detection: noise reduction (Gaussian blur) and gradient
/// (Sobel).
///
///     auto smooth = lloyd::gaussian_blur(gray, 5, 1.4);
///     auto gradient = lloyd::sobel(smooth, 3, lloyd::gradient_norm::l1);
/// @file
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/entry.hpp>
#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/detail/base/wrong_types.hpp>
#include <lloyd/image.hpp>

namespace lloyd::inline v0 {

/// The length of a gradient: |dx| + |dy| (l1), or √(dx² + dy²) (l2), which is stored as its square.
enum class gradient_norm { l1, l2 };

/// The result of `sobel`, with its units. The three images are of one size.
struct sobel_gradient {
    image<std::int16_t, 1> dx;               ///< horizontal derivative, positive where it is brighter to the right
    image<std::int16_t, 1> dy;               ///< vertical derivative, positive where it is brighter below
    image<std::int32_t, 1> magnitude;        ///< |dx| + |dy| (l1) or dx² + dy² (l2)
    gradient_norm norm = gradient_norm::l1;  ///< how `magnitude` is measured
    int aperture = 3;                        ///< size of the kernels: 3, 5 or 7
};

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_entries.inc>

/// C is 1, 3 or std::dynamic_extent.
template <std::size_t C>
image<std::uint8_t, C> blurred_image(image_view<const std::uint8_t> photo, int size, double sigma);
template <class = entry>
sobel_gradient gradient_of(image_view<const std::uint8_t> photo, int aperture, gradient_norm norm);

#include <lloyd/detail/base/close_entries.inc>

#include <lloyd/detail/base/open_detail.inc>

template <any_image Image>
inline constexpr bool may_be_gray_or_color = may_have_channels<Image, 1> || may_have_channels<Image, 3>;

/// The view through which blur and edges read any image of bytes. Callers assert the types: here a second error would
/// follow theirs.
template <any_image Image>
[[gnu::always_inline]] inline image_view<const std::uint8_t> gray_or_color(const Image& photo) {
    if constexpr (is_8_bit<Image> && may_be_gray_or_color<Image>)
        return photo;
    else
        return {};
}

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0 {

/// Blurs each channel with a Gaussian of `size` × `size` pixels. The result equals that of cv::GaussianBlur, pixel for
/// pixel. `size` is odd and at most 1023, or 0, which stands for round(6 sigma + 1) | 1. `sigma` is in pixels and at
/// most 170, or 0, which derives it from the size (up to 7: binomial weights; above: 0.15 size + 0.35). Not both may be
/// 0. Weights are multiples of 1/256; sums are exact and rounded once. At the border the image is mirrored without
/// repeating its last pixel: 2 1 | 0 1 2. Takes 1 or 3 channels; the result has as many.
/// Throws std::invalid_argument for another number of channels, size or sigma. Cost O(pixels · size).
template <any_image Image>
[[gnu::always_inline]] inline image<std::uint8_t, channels_of<Image>> gaussian_blur(const Image& photo, int size,
                                                                                    double sigma) {
    static_assert(detail::is_8_bit<Image>, "gaussian_blur: elements must be std::uint8_t");
    static_assert(detail::may_be_gray_or_color<Image>,
                  "gaussian_blur: the image must have 1 or 3 channels; select_channels leaves others out");
    return detail::blurred_image<channels_of<Image>>(detail::gray_or_color(photo), size, sigma);
}

/// Computes the derivatives of Sobel and Feldman (1968) with kernels of `aperture` × `aperture` pixels: 3, 5 or 7. The
/// kernels have integer weights. Derivatives are up to ±1020 for aperture 3 and ±12240 for 5; those of aperture 7 are
/// divided by 16, half to even, and up to ±10200. At the border the image's outermost pixels are repeated. Takes 1 or 3
/// channels; of three, each pixel has the gradient of the channel with the largest magnitude, the first of equals. The
/// result has one channel.
/// Throws std::invalid_argument for another aperture or number of channels. Cost O(pixels).
template <any_image Image>
[[gnu::always_inline]] inline sobel_gradient sobel(const Image& photo, int aperture, gradient_norm norm) {
    static_assert(detail::is_8_bit<Image>, "sobel: elements must be std::uint8_t");
    static_assert(detail::may_be_gray_or_color<Image>,
                  "sobel: the image must have 1 or 3 channels; select_channels leaves others out");
    return detail::gradient_of(detail::gray_or_color(photo), aperture, norm);
}

/// @cond
template <class Photo>
    requires detail::no_images<Photo>
image<std::uint8_t> gaussian_blur(const Photo&, int, double) {
    static_assert(detail::are_images<Photo>,
                  "gaussian_blur takes an image or a view of one, such as lloyd::image_view<const std::uint8_t, "
                  "3>(mat.data, mat.cols, mat.rows, mat.step) of a cv::Mat");
    return {};
}
template <class Photo>
    requires detail::no_images<Photo>
sobel_gradient sobel(const Photo&, int, gradient_norm) {
    static_assert(detail::are_images<Photo>, "sobel takes an image or a view of one, such as lloyd::image_view<const "
                                             "std::uint8_t, 3>(mat.data, mat.cols, mat.rows, mat.step) of a cv::Mat");
    return {};
}
/// @endcond

}  // namespace lloyd::inline v0

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/filter/blurred_rows.hpp>
#include <lloyd/detail/filter/column_tiles.hpp>
#include <lloyd/detail/filter/gaussian_taps.hpp>
#include <lloyd/detail/filter/sobel_rows.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <class = deferred>
void check_gray_or_color(const char* who, byte_view photo) {
    if (photo.channels() != 1 && photo.channels() != 3 && !photo.empty())
        refuse(who, ": the image has ", photo.channels(), " channels, but must have 1 or 3 (see select_channels)");
}

template <class = deferred>
void check_sobel(const char* who, int aperture, gradient_norm norm) {
    if (aperture != 3 && aperture != 5 && aperture != 7)
        refuse(who, ": aperture is ", aperture, ", but must be 3, 5 or 7");
    if (norm != gradient_norm::l1 && norm != gradient_norm::l2)
        refuse(who, ": norm is ", static_cast<int>(norm), ", but must be gradient_norm::l1 or l2");
}

/// Stage 1 of Canny, tile by tile. `blurred` has the shape of `photo`.
template <class = deferred>
void blur_image(byte_view photo, const gaussian_taps& taps, image_view<std::uint8_t> blurred) {
    for (const auto& tile : tiles_of(photo.width(), photo.channels(), taps.radius())) {
        const auto part = photo.crop(tile.read_first, 0, tile.read_last - tile.read_first, photo.height());
        const row_blur<true> rows(part, photo.channels(), taps,
                                  {tile.first - tile.read_first, tile.last - tile.read_first});
        const auto row_of = [&](std::ptrdiff_t y) { return part.row(y).data(); };
        for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
            rows.blur(y, row_of, rows.whole(), row_to_prefetch(part, y + taps.radius()),
                      blurred.row(y).data() + tile.read_first * photo.channels());
    }
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

/// Stage 1 of Canny, with its checks. C is the number of channels, or std::dynamic_extent.
template <std::size_t C>
image<std::uint8_t, C> blurred_image(byte_view photo, int size, double sigma) {
    check_gray_or_color("gaussian_blur", photo);
    check_blur("gaussian_blur", "size", size, sigma);
    if (size == 0 && sigma == 0) refuse("gaussian_blur: size and sigma are both 0, but one must be given");
    auto blurred = uninitialized_image<std::uint8_t, C>(photo.width(), photo.height(),
                                                        (std::max)(photo.channels(), std::ptrdiff_t{1}));
    if (!photo.empty()) blur_image(photo, gaussian_taps(size, sigma), blurred);
    return blurred;
}

/// Stage 2 of Canny, without a blur.
template <class>
sobel_gradient gradient_of(byte_view photo, int aperture, gradient_norm norm) {
    check_gray_or_color("sobel", photo);
    check_sobel("sobel", aperture, norm);
    const auto width = photo.width(), height = photo.height();
    sobel_gradient gradient{.dx = uninitialized_image<std::int16_t, 1>(width, height),
                            .dy = uninitialized_image<std::int16_t, 1>(width, height),
                            .magnitude = uninitialized_image<std::int32_t, 1>(width, height),
                            .norm = norm,
                            .aperture = aperture};
    if (photo.empty()) return gradient;
    gradient_rows rows(photo, aperture, norm == gradient_norm::l2);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        rows.compute_row(y, {gradient.dx.row(y).data(), gradient.dy.row(y).data(), gradient.magnitude.row(y).data()});
    return gradient;
}

#include <lloyd/detail/base/close_entries.inc>

#endif
