// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The options of segment, and what it finds: spaces of colours, weights of pixels, fixed colours, the order of segments.
/// @file
#pragma once

#include <cstdint>
#include <vector>

#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>

namespace lloyd {
inline namespace v0 {

/// The space in which colours are clustered: distances between them are Euclidean distances there.
///
/// - `rgb`: red, green, blue, 0 to 255 each.
/// - `hsv`: the 8-bit HSV of rgb_to_hsv: H 0 to 179, S and V 0 to 255. Hue is a line here, as in most tutorials, with
///   red at both of its ends; so two reds may be far apart.
/// - `hsv_cone`: (S·V·cos H, S·V·sin H, V) with S of 0 to 1 and V of 0 to 255: coordinates of −255 to 255. Hue is a circle
///   here, so all reds are close to each other; and the grayer or darker colours are, the less their hues count.
/// - `lab`: CIELAB as of rgb_to_lab, times 2.55, so that L is 0 to 255. Equal distances look about equally large.
/// - `oklab`: OKLab as of rgb_to_oklab, times 255. The same, with steadier hues.
///
/// Coordinates of the last three are rounded to multiples of 2^-8; so are the same on every CPU.
enum class color_space { rgb, hsv, hsv_cone, lab, oklab };

/// How segments are numbered: the largest share first, or the darkest palette colour first.
enum class segment_order { share, lightness };

/// How `segment` compares colours and clusters them.
struct segment_options {
    /// The space in which colours are clustered.
    color_space space = color_space::rgb;
    /// How to cluster. Its weights, initial_centers and fixed_centers must be empty; `epsilon` is in units of the space.
    kmeans_options kmeans = {};
    /// How much each pixel counts, 0 to 255, in the shape of the photo, not all 0: a mask, an alpha channel, importance.
    /// A pixel of weight w counts like w pixels; one of weight 0 counts nothing and is labelled all the same. Their sum must
    /// be below 2^35, in units of their value where all that are not 0 are equal. Empty: all 1.
    image_view<const std::uint8_t, 1> weights = {};
    /// At most k colours that stay in the palette as they are: the first segments, in this order, read row by row.
    image_view<const std::uint8_t, 3> fixed = {};
    /// How the other segments are numbered. By lightness: by the luminance of the palette colour, then the larger share
    /// first; those without pixels last.
    segment_order order = segment_order::share;
};

/// By default segments are numbered by size, the largest first, so their numbers do not depend on the random seed.
struct segmentation {
    image<std::uint8_t, 1> labels;  ///< the segment of each pixel, 0 to k − 1: the nearest center, the lowest on a tie
    image<std::uint8_t, 3> palette;  ///< k×1: the rounded mean RGB of each segment; fixed ones as given; empty ones
                                     ///< repeat the largest segment's
    image<double, 3> centers;        ///< k×1, in the space, in the order of the palette. Paint with the palette
    color_space space = color_space::rgb;  ///< that was clustered
    int fixed = 0;                         ///< the first so many segments have fixed colours
    std::vector<double> shares;            ///< k fractions of the pixels, or of their weight; their sum is 1
    double compactness = 0;  ///< Σ weight · squared distance to the nearest center, over pixels, in the space
    int iterations = 0;      ///< of the best attempt
    bool converged = false;  ///< whether the best attempt stopped for epsilon, or because no label changed
};

}  // namespace v0
}  // namespace lloyd
