// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// One call in each function. callers.sh looks where the compiler has put them.

#include <cstdint>
#include <span>

#include <lloyd/lloyd.hpp>

namespace callers {

using photo = lloyd::image_view<const std::uint8_t, 3>;
using plane = lloyd::image_view<const std::uint8_t, 1>;
using any_photo = lloyd::image_view<const std::uint8_t>;
using floats = lloyd::image_view<const float>;
using doubles = lloyd::image_view<const double>;
using borders = std::span<const lloyd::border>;
using centers = lloyd::image_view<const double>;

#define LLOYD_CALLER(name, parameters, call)                                                                           \
    auto call_##name parameters { return call; }

LLOYD_CALLER(kmeans_photo, (photo p), lloyd::kmeans(p, 3))
LLOYD_CALLER(kmeans_plane, (plane p), lloyd::kmeans(p, 3))
LLOYD_CALLER(kmeans_bytes, (any_photo p), lloyd::kmeans(p, 3))
LLOYD_CALLER(kmeans_floats, (floats p), lloyd::kmeans(p, 3))
LLOYD_CALLER(kmeans_doubles, (doubles p), lloyd::kmeans(p, 3))
LLOYD_CALLER(assign_photo, (photo p, centers c), lloyd::assign(p, c))
LLOYD_CALLER(assign_floats, (floats p, centers c), lloyd::assign(p, c))
LLOYD_CALLER(assign_doubles, (doubles p, centers c), lloyd::assign(p, c))
LLOYD_CALLER(elbow_photo, (photo p), lloyd::elbow_sweep(p))
LLOYD_CALLER(elbow_floats, (floats p), lloyd::elbow_sweep(p))
LLOYD_CALLER(knee, (const lloyd::elbow_result<3>& sweep), lloyd::find_knee(sweep.curve))
LLOYD_CALLER(sums_photo, (photo p, centers c, lloyd::cluster_sums<3>& sums), sums.accumulate(p, c))
LLOYD_CALLER(sums_floats, (floats p, centers c, lloyd::cluster_sums<>& sums), sums.accumulate(p, c))
LLOYD_CALLER(means, (const lloyd::cluster_sums<>& sums), sums.means())
LLOYD_CALLER(colors, (photo p, lloyd::color_histogram<3>& all), all.add(p))
LLOYD_CALLER(segment, (photo p), lloyd::segment(p, 3))
LLOYD_CALLER(next_segment, (photo p, const lloyd::segmentation& s), lloyd::segment(p, s))
LLOYD_CALLER(relabel, (photo p, const lloyd::segmentation& s), lloyd::relabel(p, s, s.labels))
LLOYD_CALLER(assign_segments, (photo p, const lloyd::segmentation& s), lloyd::assign(p, s))
LLOYD_CALLER(recolor, (const lloyd::segmentation& s), lloyd::recolor(s.labels, s.palette))
LLOYD_CALLER(mask, (plane labels), lloyd::mask(labels, 1))
LLOYD_CALLER(dither, (photo p, photo palette), lloyd::dither(p, palette))
LLOYD_CALLER(gray, (photo p), lloyd::rgb_to_gray(p))
LLOYD_CALLER(hsv, (photo p), lloyd::rgb_to_hsv(p))
LLOYD_CALLER(rgb, (photo p), lloyd::hsv_to_rgb(p))
LLOYD_CALLER(lab, (photo p), lloyd::rgb_to_lab(p))
LLOYD_CALLER(oklab, (photo p), lloyd::rgb_to_oklab(p))
LLOYD_CALLER(blur, (photo p), lloyd::gaussian_blur(p, 5, 1.4))
LLOYD_CALLER(sobel, (plane p), lloyd::sobel(p, 3, lloyd::gradient_norm::l1))
LLOYD_CALLER(canny_photo, (photo p), lloyd::canny(p, 50, 150))
LLOYD_CALLER(canny_plane, (plane p), lloyd::canny(p, 50, 150))
LLOYD_CALLER(thin, (const lloyd::sobel_gradient& g), lloyd::suppress_non_maxima(g))
LLOYD_CALLER(classify, (const lloyd::edge_ridges& r), lloyd::double_threshold(r, 50, 150))
LLOYD_CALLER(trace, (plane strength), lloyd::hysteresis(strength))
LLOYD_CALLER(median, (plane p), lloyd::thresholds_from_median(p))
LLOYD_CALLER(otsu, (const lloyd::sobel_gradient& g), lloyd::thresholds_from_otsu(g))
LLOYD_CALLER(regions, (plane labels), lloyd::find_regions(labels))
LLOYD_CALLER(merge, (plane labels), lloyd::merge_small_regions(labels, 9))
LLOYD_CALLER(cut, (plane labels, plane alpha), lloyd::cut(labels, alpha))
LLOYD_CALLER(find_borders, (plane labels), lloyd::find_borders(labels))
LLOYD_CALLER(simplify, (borders b), lloyd::simplify(b, 1))
LLOYD_CALLER(outlines, (borders b), lloyd::outlines(b))

}  // namespace callers
