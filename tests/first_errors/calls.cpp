// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Calls with wrong arguments, one in a line, with the error that the compiler must begin with. run.py compiles each of
// them alone, and what is left without them.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/lloyd.hpp>

using u8 = std::uint8_t;

/// As OpenCV has it.
struct Mat {
    int rows = 0, cols = 0;
    u8* data = nullptr;
    std::size_t step = 0;
};

void right(const lloyd::image<u8, 3>& photo, lloyd::image<u8, 1>& gray, const Mat& mat) {
    lloyd::rgb_to_hsv(photo);
    lloyd::hsv_to_rgb(lloyd::image<float, 3>(2, 2));
    lloyd::lab_to_rgb<u8>(lloyd::rgb_to_lab(photo));
    lloyd::oklab_to_rgb(lloyd::rgb_to_oklab(lloyd::image<double, 3>(2, 2)));
    lloyd::rgb_to_gray(photo, gray);
    lloyd::rgb_to_gray(lloyd::image_view<const u8, 3>(mat.data, mat.cols, mat.rows,  //
                                                      static_cast<std::ptrdiff_t>(mat.step)));
    lloyd::select_channels<2, 1, 0>(photo);
    const lloyd::kmeans_options how;
    const lloyd::segment_options segment_how;
    lloyd::segment(photo, 3);
    lloyd::segment(photo, 3, {});
    lloyd::segment(photo, 3, segment_how);
    lloyd::segment(photo, 3, {.kmeans = how});
    lloyd::segment(photo, 3, {.kmeans = {.attempts = 3}});
    lloyd::segment(photo, 3, {.space = lloyd::color_space::hsv});
    lloyd::segment(photo, 3, {lloyd::color_space::hsv, {}});
    lloyd::dither(photo, photo);
    lloyd::dither(photo, photo, 8);
    lloyd::elbow_sweep(photo);
    lloyd::elbow_sweep(photo, {});
    lloyd::elbow_sweep(photo, {.kmeans = how});
    lloyd::elbow_sweep(photo, {.k_min = 2, .kmeans = {.attempts = 2}});
    lloyd::kmeans(photo, 3, {});
    lloyd::kmeans(photo, 3, how);
    lloyd::color_histogram(photo, gray);
    lloyd::find_regions(gray);
    lloyd::find_regions(gray, lloyd::connectivity::eight);
    lloyd::merge_small_regions(gray, 64);
    lloyd::cut(gray, gray);
    lloyd::outlines(lloyd::simplify(lloyd::find_borders(gray), 1));
}

void wrong([[maybe_unused]] const Mat& mat, [[maybe_unused]] const std::vector<u8>& bytes,
           [[maybe_unused]] const u8* pointer, [[maybe_unused]] lloyd::image<u8, 3>& photo,
           [[maybe_unused]] lloyd::image_view<const u8, 4> rgba,
           [[maybe_unused]] lloyd::image_view<const int, 3> integers,
           [[maybe_unused]] lloyd::image_view<const float, 1> real,
           [[maybe_unused]] const lloyd::segmentation& segments) {
    // clang-format off
    lloyd::rgb_to_hsv(mat);  // error: rgb_to_hsv takes images or views of them
    lloyd::hsv_to_rgb(bytes);  // error: hsv_to_rgb takes images or views of them
    lloyd::rgb_to_lab(mat);  // error: rgb_to_lab takes images or views of them
    lloyd::rgb_to_oklab(photo, mat);  // error: rgb_to_oklab takes images or views of them
    lloyd::lab_to_rgb(bytes);  // error: lab_to_rgb takes images or views of them
    lloyd::oklab_to_rgb<u8>(mat);  // error: oklab_to_rgb takes images or views of them
    lloyd::rgb_to_lab(integers);  // error: rgb_to_lab: elements must be std::uint8_t, float or double
    lloyd::rgb_to_oklab(integers);  // error: rgb_to_oklab: elements must be std::uint8_t, float or double
    lloyd::lab_to_rgb(photo);  // error: lab_to_rgb: elements must be float or double
    lloyd::oklab_to_rgb<u8>(photo);  // error: oklab_to_rgb: elements must be float or double
    lloyd::rgb_to_lab(photo, photo);  // error: rgb_to_lab: out must be writable
    lloyd::rgb_to_oklab(rgba);  // error: rgb_to_oklab: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out
    lloyd::rgb_to_gray(pointer);  // error: rgb_to_gray takes images or views of them
    lloyd::rgb_to_gray(pointer, 640, 480);  // error: rgb_to_gray takes images or views of them
    lloyd::rgb_to_gray(photo, mat);  // error: rgb_to_gray takes images or views of them
    lloyd::select_channels<2, 1, 0>(mat);  // error: select_channels takes an image or a view of one
    lloyd::rgb_to_hsv(rgba);  // error: rgb_to_hsv: the image must have 3 channels; select_channels<0, 1, 2> leaves alpha out
    lloyd::rgb_to_hsv(integers);  // error: rgb_to_hsv: elements must be std::uint8_t, float or double
    lloyd::rgb_to_gray(integers);  // error: rgb_to_gray: elements must be std::uint8_t
    lloyd::rgb_to_gray(photo, photo);  // error: rgb_to_gray: out must be writable
    lloyd::rgb_to_hsv(photo, lloyd::image<u8, 3>(2, 2));  // error: rgb_to_hsv: out must be writable
    lloyd::select_channels<3>(photo);  // error: select_channels: the image has fewer channels
    lloyd::segment(mat, 3);  // error: segment takes an image or a view of one
    lloyd::segment(bytes, 3, {});  // error: segment takes an image or a view of one
    lloyd::segment(pointer, 640, 480, 3);  // error: segment takes an image or a view of one
    const lloyd::image_view<const u8, 1> blue = lloyd::select_channels<2>(photo);  // error: deleted function
    lloyd::segment(rgba, 3);  // error: segment: the photo must have 3 channels; select_channels<0, 1, 2> leaves alpha out
    lloyd::segment(integers, 3);  // error: segment: elements of the photo must be std::uint8_t
    lloyd::dither(mat, photo);  // error: dither takes a photo and a palette as images
    lloyd::dither(photo, bytes, 8);  // error: dither takes a photo and a palette as images
    lloyd::dither(rgba, photo);  // error: dither: the photo must have 3 channels; select_channels<0, 1, 2> leaves alpha out
    lloyd::dither(photo, lloyd::kmeans(photo, 3).centers);  // error: dither: elements of the palette must be std::uint8_t
    lloyd::dither(photo, segments);  // error: for a segmentation s dither(photo, s.palette)
    lloyd::dither(photo, rgba);  // error: dither: the palette must have 3 channels
    lloyd::recolor(segments, photo);  // error: for a segmentation s recolor(s.labels, s.palette)
    lloyd::mask(segments, 1);  // error: for a segmentation s mask(s.labels, 0)
    lloyd::relabel(photo, segments, segments);  // error: relabel takes a photo, its segmentation s, and labels
    lloyd::relabel(rgba, segments, segments.labels);  // error: relabel: the photo must have 3 channels
    lloyd::assign(integers, segments);  // error: assign: elements of the photo must be std::uint8_t
    lloyd::segment(rgba, segments);  // error: segment: the frame must have 3 channels
    lloyd::gaussian_blur(mat, 5, 1.4);  // error: gaussian_blur takes an image or a view of one
    lloyd::gaussian_blur(real, 5, 1.4);  // error: gaussian_blur: elements must be std::uint8_t
    lloyd::sobel(mat, 3, lloyd::gradient_norm::l1);  // error: sobel takes an image or a view of one
    lloyd::sobel(rgba, 3, lloyd::gradient_norm::l1);  // error: sobel: the image must have 1 or 3 channels
    lloyd::canny(mat, 50, 100);  // error: canny takes an image or a view of one
    lloyd::canny(real, 50, 100);  // error: canny: elements must be std::uint8_t
    lloyd::canny(rgba, 50, 100);  // error: canny: the image must have 1 or 3 channels
    lloyd::hysteresis(bytes);  // error: hysteresis takes an image of 0, 1 and 2
    lloyd::segment(photo, 3, {.attempts = 3});  // error but not of g++ 11: options of kmeans go into the member kmeans
    lloyd::segment(photo, 3, lloyd::kmeans_options());  // error: options of kmeans go into the member kmeans
    lloyd::elbow_sweep(photo, 10);  // error: options have names: {.kmeans = {.attempts = 3}}, or in elbow_sweep {.k_max = 10}
    lloyd::elbow_sweep(photo, {.attempts = 3});  // error but not of g++ 11: options of kmeans go into the member kmeans
    lloyd::elbow_sweep(mat, {.k_max = 5});  // error: elbow_sweep takes an image, such as
    lloyd::kmeans(bytes, 3, {.attempts = 3}).centers(0, 0)[0] = 1;  // error: kmeans takes an image, such as
    lloyd::kmeans(pointer, 100, 3, 5);  // error: kmeans takes an image, such as
    lloyd::find_regions(mat);  // error: find_regions takes labels as an image
    lloyd::find_regions(segments);  // error: for a segmentation s find_regions(s.labels)
    lloyd::find_regions(pointer, 640, 480);  // error: find_regions takes labels as an image
    lloyd::find_regions(real);  // error: find_regions: labels must be std::uint8_t or std::int32_t
    lloyd::merge_small_regions(bytes, 64);  // error: merge_small_regions takes labels as an image
    lloyd::merge_small_regions(real, 64);  // error: merge_small_regions: labels must be std::uint8_t or std::int32_t
    lloyd::cut(photo, mat);  // error: cut takes labels and alpha as images
    lloyd::cut(photo, integers);  // error: cut: alpha must be std::uint8_t
    lloyd::cut(real, photo);  // error: cut: labels must be std::uint8_t or std::int32_t
    lloyd::find_borders(mat);  // error: find_borders takes labels as an image
    lloyd::find_borders(real);  // error: find_borders: labels must be std::uint8_t or std::int32_t
    lloyd::assign(photo, bytes);  // error: assign takes an image, or points
    lloyd::color_histogram<3>().add(photo, photo);  // error: color_histogram: weights must have 1 channel
    lloyd::color_histogram(photo, integers);  // error: color_histogram: weights must be 8-bit
    // clang-format on
}
