// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// What many tests instantiate, compiled once in instances.cpp: their own compile time falls to a third. What one or two of
// them do is compiled in less time by them, without optimization.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/cluster_sums.hpp>
#include <lloyd/color.hpp>
#include <lloyd/elbow.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#if !defined(LLOYD_TESTS_INSTANTIATE)
#define LLOYD_TESTS_INSTANTIATE extern template
#endif

#define LLOYD_TESTS_OF_POINTS(T)                                                                                       \
    LLOYD_TESTS_INSTANTIATE attempt_result cluster<T>(const point_set<T>&, bool, int, const kmeans_options&,           \
                                                      const buffer<double>&, thread_team&);                            \
    LLOYD_TESTS_INSTANTIATE image<std::int32_t, 1> nearest_labels<T>(const point_set<T>&, const buffer<double>&);      \
    LLOYD_TESTS_INSTANTIATE void sum_block<T>(const point_set<T>&, bool, std::span<const double>,                      \
                                              std::span<const double>, int, std::span<double>);                        \
    LLOYD_TESTS_INSTANTIATE kmeans_result<> cluster_pixels<std::dynamic_extent, T>(image_view<const T>, int,           \
                                                                                   const kmeans_options&);

#define LLOYD_TESTS_OF_HSV(T)                                                                                          \
    LLOYD_TESTS_INSTANTIATE void convert_rows<rgb_to_hsv_kernel<T>>(const char*, image_view<const T, 3>,               \
                                                                    image_view<T, 3>);                                 \
    LLOYD_TESTS_INSTANTIATE void convert_rows<hsv_to_rgb_kernel<T>>(const char*, image_view<const T, 3>,               \
                                                                    image_view<T, 3>);

#if defined(__clang__)  // clang 14 would also define the constructors that constraints rule out
#define LLOYD_TESTS_OF_IMAGES(T, C)
#else
#define LLOYD_TESTS_OF_IMAGES(T, C)                                                                                    \
    LLOYD_TESTS_INSTANTIATE class image_view<T, C>;                                                                    \
    LLOYD_TESTS_INSTANTIATE class image_view<const T, C>;                                                              \
    LLOYD_TESTS_INSTANTIATE class image<T, C>;
#endif

#define LLOYD_TESTS_OF_COLORS(C)                                                                                       \
    LLOYD_TESTS_INSTANTIATE color_histogram<C> histogram_of<C>(image_view<const std::uint8_t, C>, thread_team&);       \
    LLOYD_TESTS_INSTANTIATE color_tree build_color_tree<C>(image_view<const std::uint8_t, C>, std::span<const double>, \
                                                           thread_team&);                                              \
    LLOYD_TESTS_INSTANTIATE attempt_result cluster_colors<C>(                                                          \
        image_view<const std::uint8_t, C>, std::span<const double>, const weight_unit&, int, const kmeans_options&,    \
        const buffer<double>&, thread_team&);                                                                          \
    LLOYD_TESTS_INSTANTIATE kmeans_result<C> cluster_photo<C, C>(image_view<const std::uint8_t, C>, int,               \
                                                                 const kmeans_options&);                               \
    LLOYD_TESTS_INSTANTIATE kmeans_result<> cluster_photo<std::dynamic_extent, C>(image_view<const std::uint8_t, C>,   \
                                                                                  int, const kmeans_options&);         \
    LLOYD_TESTS_INSTANTIATE image<std::int32_t, 1> label_pixels<std::int32_t, C>(                                      \
        image_view<const std::uint8_t, C>, image_view<const std::uint8_t, C>, std::span<const std::int32_t>,           \
        std::size_t, std::span<const double>, thread_team&);

#define LLOYD_TESTS_OF_HISTOGRAMS(C)                                                                                   \
    LLOYD_TESTS_INSTANTIATE void histogram_parts<C>::add(color_histogram<C>&, image_view<const std::uint8_t, C>,       \
                                                         thread_team&);                                                \
    LLOYD_TESTS_INSTANTIATE color_histogram<C> histogram_parts<C>::count(image_view<const std::uint8_t, C>,            \
                                                                         thread_team&);

namespace lloyd {
inline namespace v0 {

LLOYD_TESTS_OF_IMAGES(std::uint8_t, 1)
LLOYD_TESTS_OF_IMAGES(std::uint8_t, 3)
LLOYD_TESTS_OF_IMAGES(std::uint8_t, std::dynamic_extent)
LLOYD_TESTS_OF_IMAGES(std::int32_t, 1)
LLOYD_TESTS_OF_IMAGES(float, std::dynamic_extent)
LLOYD_TESTS_OF_IMAGES(double, 3)
LLOYD_TESTS_OF_IMAGES(double, std::dynamic_extent)
LLOYD_TESTS_INSTANTIATE segmentation segment<image<std::uint8_t, 3>>(const image<std::uint8_t, 3>&, int,
                                                                     const segment_options&);

namespace detail {

LLOYD_TESTS_OF_POINTS(std::uint8_t)
LLOYD_TESTS_OF_POINTS(std::uint16_t)
LLOYD_TESTS_OF_POINTS(float)
LLOYD_TESTS_OF_POINTS(double)
LLOYD_TESTS_OF_COLORS(1)
LLOYD_TESTS_OF_COLORS(2)
LLOYD_TESTS_OF_COLORS(3)
LLOYD_TESTS_OF_HISTOGRAMS(1)
LLOYD_TESTS_OF_HISTOGRAMS(2)
LLOYD_TESTS_OF_HISTOGRAMS(3)
LLOYD_TESTS_OF_HSV(std::uint8_t)
LLOYD_TESTS_OF_HSV(float)
LLOYD_TESTS_INSTANTIATE elbow_result<3> sweep_photo<3, 3>(image_view<const std::uint8_t, 3>, const elbow_options&);
LLOYD_TESTS_INSTANTIATE attempt_result cluster_boxes<>(const point_set<std::uint8_t>&, const color_tree&, int,
                                                       const kmeans_options&, const buffer<double>&, thread_team&);
LLOYD_TESTS_INSTANTIATE attempt_result cluster_in<>(color_space, const color_histogram<3>&, int, const kmeans_options&,
                                                    thread_team&);
LLOYD_TESTS_INSTANTIATE image<std::uint8_t, 1> label_pixels<std::uint8_t, 3>(image_view<const std::uint8_t, 3>,
                                                                             image_view<const std::uint8_t, 3>,
                                                                             std::span<const std::int32_t>, std::size_t,
                                                                             std::span<const double>, thread_team&);

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
