// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Compiled twice, with different flags and -DMAKE=make_in_…_unit -DTAKE=take_in_…_unit.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "handed.hpp"

namespace {

using u8 = std::uint8_t;

template <class Image, class OtherImage>
bool equal(const Image& a, const OtherImage& b) {
    const auto x = a.elements(), y = b.elements();
    return std::equal(x.begin(), x.end(), y.begin(), y.end());
}

lloyd::image<u8, 3> draw_photo() {
    lloyd::image<u8, 3> photo(97, 61);
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
            for (std::size_t c = 0; c < 3; ++c)
                photo(x, y)[c] = static_cast<u8>((x / 40 * 90 + y / 30 * (c == 1 ? 70 : 20) + x * y % 7) % 256);
    return photo;
}

template <class T>
bool converts(const lloyd::image<u8, 3>& photo) {
    lloyd::image<T, 3> rgb(photo.width(), photo.height()), hsv(photo.width(), photo.height()), back = hsv;
    std::copy(photo.elements().begin(), photo.elements().end(), rgb.elements().begin());
    lloyd::rgb_to_hsv(rgb, hsv);
    lloyd::hsv_to_rgb(hsv, back);
    const auto lab = lloyd::rgb_to_lab(rgb), oklab = lloyd::rgb_to_oklab(rgb);
    lloyd::image<u8, 3> bytes(photo.width(), photo.height());
    lloyd::lab_to_rgb(lab, bytes);
    return equal(lloyd::rgb_to_hsv(rgb), hsv) && equal(lloyd::hsv_to_rgb(hsv), back) &&
           equal(lloyd::lab_to_rgb<u8>(lab), bytes) && lloyd::oklab_to_rgb(oklab).size() == photo.size();
}

bool convert(const lloyd::image<u8, 3>& photo) {
    lloyd::image<u8, 1> gray(photo.width(), photo.height());
    lloyd::rgb_to_gray(photo, gray);
    const auto bgr = lloyd::select_channels<2, 1, 0>(photo);
    return converts<u8>(photo) && converts<float>(photo) && converts<double>(photo) &&
           equal(lloyd::rgb_to_gray(photo), gray) && bgr(3, 2)[0] == photo(3, 2)[2];
}

bool look(const lloyd::image<u8, 3>& photo) {
    const lloyd::image_view<const u8> view = photo;
    const lloyd::image_view<const u8, 3> part(photo.crop(1, 1, 5, 4));
    const lloyd::image_view<const u8> again(part.data(), 5, 4, 3, part.row_stride());
    lloyd::image<u8> copy(view), moved;
    moved = std::move(copy);
    copy = moved;
    const auto throws = [&] {
        try {
            static_cast<void>(part.elements());
        } catch (const std::invalid_argument&) {
            return true;
        }
        return false;
    };
    return view.is_contiguous() && again.row(1)[2] == photo(1, 2)[2] && equal(copy, photo) && throws();
}

bool find_edges(handed& all) {
    const auto gray = lloyd::rgb_to_gray(all.photo);
    all.gradient = lloyd::sobel(lloyd::gaussian_blur(gray, 5, 1.4), 3, lloyd::gradient_norm::l1);
    all.ridges = lloyd::suppress_non_maxima(all.gradient);
    all.edges = lloyd::hysteresis(lloyd::double_threshold(all.ridges, 50, 100));
    const auto median = lloyd::thresholds_from_median(gray);
    const auto otsu = lloyd::thresholds_from_otsu(all.gradient);
    for (const int aperture : {5, 7})
        lloyd::canny(all.photo, otsu.low, otsu.high,
                     {.sigma = 3, .blur_size = 0, .aperture = aperture, .norm = lloyd::gradient_norm::l2});
    return equal(all.edges, lloyd::canny(gray, 50, 100, {.threads = 2})) && median.low <= median.high;
}

bool cluster(handed& all) {
    int calls = 0;
    all.options = {.attempts = 2, .max_iterations = 20, .seed = 7, .threads = 2};
    auto watched = all.options;
    watched.progress = [&](const lloyd::kmeans_progress& step) { return ++calls > 0 && step.k == 4; };
    all.clusters = lloyd::kmeans(all.photo, 4, watched);
    all.samples = lloyd::image<float>(200, 1, 5);
    for (std::size_t i = 0; i < 1000; ++i) all.samples.elements()[i] = static_cast<float>(i * i % 97);
    all.classes = lloyd::kmeans(all.samples, 3, all.options);
    lloyd::kmeans(all.samples, 2, {.init = lloyd::seeding::random});
    const lloyd::image<u8> wide(lloyd::select_channels<0, 1, 2, 0, 1>(all.photo));
    const auto many = lloyd::kmeans(wide, 3);
    all.sums.accumulate(all.samples, all.classes.centers, {.threads = 2});
    lloyd::cluster_sums<3> of_photo;
    of_photo.accumulate(all.photo, all.clusters.centers);
    of_photo.merge(of_photo);
    return calls > 1 && equal(lloyd::assign(all.photo, all.clusters.centers), all.clusters.labels) &&
           equal(lloyd::assign(wide, many.centers), many.labels) && of_photo.means().width() == 4 &&
           of_photo.compactness() == 2 * all.clusters.compactness;
}

bool find_shapes(handed& all) {
    const auto clean = lloyd::merge_small_regions(all.segments.labels, 9);
    const auto seen = lloyd::cut(clean, lloyd::mask(all.segments.labels, 0));
    all.regions = lloyd::find_regions(seen, lloyd::connectivity::eight);
    all.borders = lloyd::find_borders(clean);
    all.shapes = lloyd::outlines(lloyd::simplify(all.borders, 1));
    return !all.shapes.empty() && !lloyd::find_borders(seen).empty() && !all.regions.regions.empty() &&
           equal(lloyd::merge_small_regions(seen, 1), seen);
}

bool cut(handed& all) {
    for (const auto space : {lloyd::color_space::hsv_cone, lloyd::color_space::hsv, lloyd::color_space::rgb})
        all.segments = lloyd::segment(all.photo, 4, {.space = space, .kmeans = all.options});
    all.colors.add(all.photo);
    all.colors.merge(all.colors);
    all.colors.merge(all.colors.colors(), all.colors.counts());
    all.sweep = lloyd::elbow_sweep(all.photo, {.k_max = 5, .kmeans = all.options});
    const auto painted = lloyd::recolor(all.segments.labels, all.segments.palette);
    const auto inside = lloyd::mask(all.segments.labels, all.segments.labels(9, 9)[0]);
    const auto dots = lloyd::dither(painted, all.segments.palette);
    return painted.channels() == 3 && equal(dots, all.segments.labels) && inside(9, 9)[0] == 255 &&
           lloyd::find_knee(all.sweep.curve) == all.sweep.knee;
}

}  // namespace

bool MAKE(handed& all) {
    lloyd::limit_cpu_level(lloyd::active_cpu_level());
    all.photo = draw_photo();
    return look(all.photo) && convert(all.photo) && find_edges(all) && cluster(all) && cut(all) && find_shapes(all);
}

bool TAKE(const handed& all) {
    auto colors = all.colors;
    colors.merge(all.colors);
    auto sums = all.sums;
    sums.merge(all.sums);
    return equal(all.photo, draw_photo()) && colors.counts()[0] == 2 * all.colors.counts()[0] &&
           sums.weights()[0] == 2 * all.sums.weights()[0] &&
           equal(lloyd::kmeans(all.photo, 4, all.options).labels, all.clusters.labels) &&
           equal(lloyd::hysteresis(lloyd::double_threshold(lloyd::suppress_non_maxima(all.gradient), 50, 100)),
                 all.edges) &&
           lloyd::outlines(all.borders).size() == all.shapes.size() &&
           lloyd::simplify(all.borders, 0)[0].corners == all.borders[0].corners &&
           equal(lloyd::assign(all.photo, all.sweep.centers.back()),
                 lloyd::assign(all.photo, lloyd::image<double, 3>(all.sweep.centers.back())));
}
