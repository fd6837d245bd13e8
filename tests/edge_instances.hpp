// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// What tests of edges instantiate, compiled once in edge_instances.cpp (see instances.hpp).
#pragma once

#include <cstdint>

#include <lloyd/canny.hpp>

#if !defined(LLOYD_TESTS_INSTANTIATE)
#define LLOYD_TESTS_INSTANTIATE extern template
#endif

namespace lloyd {
inline namespace v0 {

LLOYD_TESTS_INSTANTIATE edge_ridges suppress_non_maxima<>(const sobel_gradient&);
LLOYD_TESTS_INSTANTIATE image<std::uint8_t, 1> double_threshold<>(const edge_ridges&, double, double);

namespace detail {

LLOYD_TESTS_INSTANTIATE image<std::uint8_t, 1> traced_edges<>(byte_view);
LLOYD_TESTS_INSTANTIATE void blur_image<>(byte_view, const gaussian_taps&, image_view<std::uint8_t>);
LLOYD_TESTS_INSTANTIATE sobel_gradient gradient_of<>(byte_view, int, gradient_norm);
LLOYD_TESTS_INSTANTIATE image<std::uint8_t, 1> find_edges<>(byte_view, const canny_parameters&);

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
