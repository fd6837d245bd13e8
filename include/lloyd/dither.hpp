// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Shows a photo in the few colours of a palette, with shades between them as dots: error diffusion.
///
///     auto s = lloyd::segment(photo, 16);
///     auto poster = lloyd::recolor(s.labels, s.palette);                          // areas of one colour
///     auto print = lloyd::recolor(lloyd::dither(photo, s.palette), s.palette);    // dots
/// @file
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/entry.hpp>
#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/detail/base/wrong_types.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_entries.inc>

template <class = entry>
image<std::uint8_t, 1> dithered(image_view<const std::uint8_t> photo, image_view<const std::uint8_t> palette,
                                int amount);

#include <lloyd/detail/base/close_entries.inc>

#include <lloyd/detail/base/open_detail.inc>

/// A view of an image that may hold 8-bit RGB. Callers assert that it may: here a second error would follow theirs.
template <any_image Image>
[[gnu::always_inline]] inline image_view<const std::uint8_t> as_photo(const Image& image) {
    if constexpr (is_8_bit<Image> && may_have_channels<Image, 3>)
        return image;
    else
        return {};
}

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0 {

/// The number of the palette's colour, 0 to k − 1, that each pixel is to have, such that the colours of dots close to
/// each other have about the mean of the photo there (Floyd and Steinberg 1976). `photo` has 3 channels of std::uint8_t,
/// and so has `palette`, which is k×1 with k of 1 to 256.
///
/// A pixel's number is that of the colour nearest (Euclidean distance in RGB, of equals the lowest) to its own colour
/// plus (v + 8) >> 4, limited to 0..255, where v are the shares of errors that it gets. That colour less the palette's is
/// its error e, of which it hands on (amount · e + 8) >> 4: times 7 to the next pixel of the row, and times 3, 5 and 1 to
/// the previous, the same and the next one of the row below. Rows run from left to right and from right to left in turn.
/// Shares beyond the photo are lost.
///
/// With an `amount` of 0 each pixel has the colour nearest to its own; less than 16 means fewer dots, and less true
/// shades. The numbers are the same on every CPU.
/// Throws std::invalid_argument unless amount is 0 to 16, and for another palette. Cost O(pixels · k), on one thread,
/// since each pixel waits for the one before it: about 70 megapixels a second with 16 colours.
template <any_image Image, any_image Palette>
[[gnu::always_inline]] inline image<std::uint8_t, 1> dither(const Image& photo, const Palette& palette,
                                                            int amount = 16) {
    static_assert(detail::is_8_bit<Image>, "dither: elements of the photo must be std::uint8_t");
    static_assert(detail::may_have_channels<Image, 3>,
                  "dither: the photo must have 3 channels; select_channels<0, 1, 2> leaves alpha out");
    static_assert(detail::is_8_bit<Palette>,
                  "dither: elements of the palette must be std::uint8_t, as segment finds them");
    static_assert(detail::may_have_channels<Palette, 3>, "dither: the palette must have 3 channels");
    return detail::dithered(detail::as_photo(photo), detail::as_photo(palette), amount);
}

/// @cond
template <class Photo, class Palette, class... More>
    requires detail::no_images<Photo, Palette>
image<std::uint8_t, 1> dither(const Photo&, const Palette&, const More&...) {
    static_assert(detail::are_images<Photo, Palette>,
                  "dither takes a photo and a palette as images: for a segmentation s dither(photo, s.palette)");
    return {};
}
/// @endcond

}  // namespace lloyd::inline v0

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/dither/error_diffusion.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <class = deferred>
void check_dither(image_view<const std::uint8_t> photo, image_view<const std::uint8_t> palette, int amount) {
    if (photo.channels() != 3)
        refuse("dither: the image has ", photo.channels(), " channels, but must have 3 (see select_channels)");
    if (palette.channels() != 3) refuse("dither: the palette has ", palette.channels(), " channels, but must have 3");
    if (palette.height() != 1 || palette.width() < 1 || palette.width() > 256)
        refuse("dither: the palette is ", palette.width(), "x", palette.height(), ", but must be 1x1 to 256x1");
    if (amount < 0 || amount > 16) refuse("dither: amount is ", amount, ", but must be 0 to 16");
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <class>
image<std::uint8_t, 1> dithered(image_view<const std::uint8_t> photo, image_view<const std::uint8_t> palette,
                                int amount) {
    check_dither(photo, palette, amount);
    auto labels = uninitialized_image<std::uint8_t, 1>(photo.width(), photo.height());
    if (!photo.empty())
        diffuse_errors(image_view<const std::uint8_t, 3>(photo),
                       scored_palette(image_view<const std::uint8_t, 3>(palette), amount), labels);
    return labels;
}

#include <lloyd/detail/base/close_entries.inc>

#endif
