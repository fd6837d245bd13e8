// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Compiles the library, once for a program: in the one source file that includes this header, before any other of the
/// library. All other files are compiled with -DLLOYD_COMPILED, and compile next to nothing of it. (With CMake, link
/// lloyd::compiled instead.)
/// @file
#pragma once

#if defined(LLOYD_VERSION_MAJOR)
#error "lloyd: include <lloyd/compile.hpp> before other headers of lloyd, in one source file"
#endif

#if !defined(LLOYD_COMPILED)
#define LLOYD_COMPILED
#define LLOYD_ONLY_HERE
#endif
#define LLOYD_COMPILING

#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/lloyd.hpp>

#include <lloyd/detail/base/open_entries.inc>

#define LLOYD_POINTS(T, Channels)                                                                                      \
    template kmeans_result<> kmeans_of<T, Channels>(image_view<const T>, int, const kmeans_options&);                  \
    template image<std::int32_t, 1> assign_of<T, Channels>(image_view<const T>, image_view<const double>,              \
                                                           const assign_options&);                                     \
    template elbow_result<> elbow_of<T, Channels>(image_view<const T>, const elbow_options&);
#define LLOYD_SUMS(T)                                                                                                  \
    template void accumulate_block<T>(any_sums&, std::size_t, image_view<const T>, image_view<const double>,           \
                                      const accumulate_options&);
#define LLOYD_COLORS(Channels)                                                                                         \
    template void add_colors(color_histogram<Channels>&, image_view<const std::uint8_t, Channels>);                    \
    template void add_colors(color_histogram<Channels>&, image_view<const std::uint8_t, Channels>,                     \
                             image_view<const std::uint8_t>);                                                          \
    template void merge_colors(color_histogram<Channels>&, const color_histogram<Channels>&);                          \
    template void merge_colors(color_histogram<Channels>&, image_view<const std::uint8_t, Channels>,                   \
                               std::span<const double>);
#define LLOYD_RGB(T)                                                                                                   \
    template void rgb_to_hsv_rows(image_view<const T>, image_view<T>);                                                 \
    template void hsv_to_rgb_rows(image_view<const T>, image_view<T>);                                                 \
    template void rgb_to_lab_rows(image_view<const T>, image_view<lab_element<T>>);                                    \
    template void rgb_to_oklab_rows(image_view<const T>, image_view<lab_element<T>>);
#define LLOYD_LAB(From, To)                                                                                            \
    template void lab_to_rgb_rows(image_view<const From>, image_view<To>);                                             \
    template void oklab_to_rgb_rows(image_view<const From>, image_view<To>);
#define LLOYD_LABELS(T)                                                                                                \
    template void recolor_into(image_view<const T>, image_view<const std::uint8_t>, image_view<std::uint8_t>);         \
    template void recolor_into(image_view<const T>, image_view<const double>, image_view<std::uint8_t>);               \
    template image<std::uint8_t, 1> mask_of(image_view<const T>, int);                                                 \
    template region_map regions_of(image_view<const T>, connectivity);                                                 \
    template image<T, 1> merged_regions(image_view<const T>, std::ptrdiff_t, connectivity);                            \
    template image<std::int32_t, 1> cut_labels(image_view<const T>, image_view<const std::uint8_t>);                   \
    template std::vector<border> borders_of(image_view<const T>);                                                      \
    template segmentation relabelled(image_view<const std::uint8_t>, const segmentation&, image_view<const T>,         \
                                     image_view<const std::uint8_t, 1>);

LLOYD_POINTS(std::uint8_t, 0)
LLOYD_POINTS(std::uint8_t, 1)
LLOYD_POINTS(std::uint8_t, 2)
LLOYD_POINTS(std::uint8_t, 3)
LLOYD_POINTS(std::uint8_t, std::dynamic_extent)
LLOYD_POINTS(std::uint16_t, 0)
LLOYD_POINTS(float, 0)
LLOYD_POINTS(double, 0)
LLOYD_SUMS(std::uint8_t)
LLOYD_SUMS(std::uint16_t)
LLOYD_SUMS(float)
LLOYD_SUMS(double)
LLOYD_COLORS(1)
LLOYD_COLORS(2)
LLOYD_COLORS(3)
LLOYD_LABELS(std::uint8_t)
LLOYD_LABELS(std::int32_t)
LLOYD_RGB(std::uint8_t)
LLOYD_RGB(float)
LLOYD_RGB(double)
LLOYD_LAB(float, float)
LLOYD_LAB(double, double)
LLOYD_LAB(float, std::uint8_t)
LLOYD_LAB(double, std::uint8_t)

template void merge_sums<>(any_sums&, const any_sums&);
template image<double> means_of_sums<>(const any_sums&);
template double compactness_of_sums<>(const any_sums&);
template void rgb_to_gray_rows<>(image_view<const std::uint8_t>, image_view<std::uint8_t>);
template image<std::uint8_t, 1> blurred_image<1>(image_view<const std::uint8_t>, int, double);
template image<std::uint8_t, 3> blurred_image<3>(image_view<const std::uint8_t>, int, double);
template image<std::uint8_t> blurred_image<std::dynamic_extent>(image_view<const std::uint8_t>, int, double);
template sobel_gradient gradient_of<>(image_view<const std::uint8_t>, int, gradient_norm);
template image<std::uint8_t, 1> canny_edges<>(image_view<const std::uint8_t>, double, double, const canny_options&);
template edge_ridges thinned<>(const sobel_gradient&);
template image<std::uint8_t, 1> classified<>(const edge_ridges&, double, double);
template image<std::uint8_t, 1> traced_edges<>(image_view<const std::uint8_t>);
template canny_thresholds median_thresholds<>(image_view<const std::uint8_t>);
template canny_thresholds otsu_thresholds<>(const sobel_gradient&);
template void limit_level<>(cpu_level);
template image<std::uint8_t, 1> dithered<>(image_view<const std::uint8_t>, image_view<const std::uint8_t>, int);
template std::vector<border> simplified<>(std::span<const border>, double);
template std::vector<outline> outlines_of<>(std::span<const border>);
template segmentation segment_of<>(image_view<const std::uint8_t>, int, const segment_options&);
template segmentation next_segments<>(image_view<const std::uint8_t>, const segmentation&, const segment_options&);
template image<std::uint8_t, 1> assigned_segments<>(image_view<const std::uint8_t>, const segmentation&,
                                                    const assign_options&);

#include <lloyd/detail/base/close_entries.inc>

#undef LLOYD_POINTS
#undef LLOYD_SUMS
#undef LLOYD_COLORS
#undef LLOYD_LABELS
#undef LLOYD_RGB
#undef LLOYD_LAB
#undef LLOYD_COMPILING
#if defined(LLOYD_ONLY_HERE)
#undef LLOYD_ONLY_HERE
#undef LLOYD_COMPILED
#endif
