// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Edges of one pixel's width in five stages: blur, gradient, thin, threshold, trace (Canny 1986).
///
///     auto edges = lloyd::canny(photo, 150, 200);
///
/// The same edges stage by stage, each with an image to look at:
///
///     auto smooth   = lloyd::gaussian_blur(gray, 5, 1.4);
///     auto gradient = lloyd::sobel(smooth, 3, lloyd::gradient_norm::l1);
///     auto ridges   = lloyd::suppress_non_maxima(gradient);
///     auto strength = lloyd::double_threshold(ridges, 150, 200);
///     auto edges    = lloyd::hysteresis(strength);
/// @file
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/entry.hpp>
#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/detail/base/wrong_types.hpp>
#include <lloyd/filter.hpp>
#include <lloyd/image.hpp>

namespace lloyd::inline v0 {

/// The options of `canny`.
struct canny_options {
    /// Standard deviation of the blur, in pixels, 0 to 170. With 0 there is no blur, whatever blur_size is, and the
    /// result equals that of cv::Canny, pixel for pixel.
    double sigma = 1.4;
    /// Size of the blur, in pixels, odd and at most 1023; 0 derives it from sigma (see gaussian_blur).
    int blur_size = 5;
    /// Size of the Sobel kernels: 3, 5 or 7.
    int aperture = 3;
    /// Magnitudes are |dx| + |dy| (l1), or √(dx² + dy²) (l2), which depends less on an edge's direction.
    gradient_norm norm = gradient_norm::l1;
    /// Number of threads; 0 takes as many as can run at a time (see kmeans_options). The result does not depend on it.
    int threads = 1;
};

/// The result of stage 3: ridges of the gradient, lines of one pixel's width where the magnitude is largest.
struct edge_ridges {
    image<std::int32_t, 1> magnitude;        ///< as in sobel_gradient; 0 off the ridges
    gradient_norm norm = gradient_norm::l1;  ///< that of the gradient
    int aperture = 3;                        ///< that of the gradient: 3, 5 or 7
};

/// Thresholds for `canny`, in its units.
struct canny_thresholds {
    double low = 0;   ///< above it a pixel is weak
    double high = 0;  ///< above it a pixel is strong; at least low
};

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_entries.inc>

template <class = entry>
image<std::uint8_t, 1> canny_edges(image_view<const std::uint8_t> photo, double low, double high,
                                   const canny_options& options);
template <class = entry>
edge_ridges thinned(const sobel_gradient& gradient);
template <class = entry>
image<std::uint8_t, 1> classified(const edge_ridges& ridges, double low, double high);
template <class = entry>
image<std::uint8_t, 1> traced_edges(image_view<const std::uint8_t> strength);
template <class = entry>
canny_thresholds median_thresholds(image_view<const std::uint8_t> gray);
template <class = entry>
canny_thresholds otsu_thresholds(const sobel_gradient& gradient);

#include <lloyd/detail/base/close_entries.inc>

namespace lloyd::inline v0 {

/// Finds edges (Canny 1986). A pixel whose magnitude exceeds those of its neighbours across the edge is an edge if it
/// is above `high`, or above `low` and 8-connected to an edge. In the result, edges are 255 and other pixels 0.
/// Thresholds are Sobel magnitudes of 8-bit input: 0 to 1530 (l1) or 0 to 1140 (l2) with aperture 3, to 17850 or 13072
/// with aperture 5, to 235620 or 171021 with 7. Takes 1 or 3 channels; of three, each pixel has the gradient of the
/// strongest channel.
/// Throws std::invalid_argument unless 0 ≤ low ≤ high, both finite, and for options out of range. Cost O(pixels), with
/// a blur O(pixels · blur_size). Memory beside input and output: at most 4 MiB a thread and 4 bits a pixel, where the
/// width counts as rounded up to a multiple of 64.
template <any_image Image>
[[gnu::always_inline]] inline image<std::uint8_t, 1> canny(const Image& photo, double low, double high,
                                                           const canny_options& options = {}) {
    static_assert(detail::is_8_bit<Image>, "canny: elements must be std::uint8_t");
    static_assert(detail::may_be_gray_or_color<Image>,
                  "canny: the image must have 1 or 3 channels; select_channels leaves others out");
    return detail::canny_edges(detail::gray_or_color(photo), low, high, options);
}

/// Stage 3, thinning: keeps a magnitude that exceeds those of its two neighbours across the edge, in the nearest of
/// four directions. For horizontal and vertical gradients it may be equal to that of the right or the lower neighbour.
/// The other pixels become 0. Outside of the image magnitudes count as 0.
/// Throws std::invalid_argument if the three images differ in size. Cost O(pixels).
template <class = detail::deferred>
[[gnu::always_inline]] inline edge_ridges suppress_non_maxima(const sobel_gradient& gradient) {
    return detail::thinned(gradient);
}

/// Stage 4, two thresholds: 2 (strong) above `high`, 1 (weak) above `low`, otherwise 0. Thresholds have the units of
/// `canny`; the norm and the aperture are taken from `ridges`.
/// Throws std::invalid_argument unless 0 ≤ low ≤ high, both finite. Cost O(pixels).
template <class = detail::deferred>
[[gnu::always_inline]] inline image<std::uint8_t, 1> double_threshold(const edge_ridges& ridges, double low,
                                                                      double high) {
    return detail::classified(ridges, low, high);
}

/// Stage 5, hysteresis: 255 for strong pixels (2) and for weak ones (1) that are 8-connected to a strong one over weak
/// ones, otherwise 0.
/// Throws std::invalid_argument for a strength other than 0, 1 and 2, or more than one channel. Cost O(pixels), without
/// recursion.
template <any_image Strength>
[[gnu::always_inline]] inline image<std::uint8_t, 1> hysteresis(const Strength& strength) {
    static_assert(std::is_same_v<value_type_of<Strength>, std::uint8_t>,
                  "hysteresis: strength must be std::uint8_t, as double_threshold makes it");
    return detail::traced_edges(strength);
}

/// 0.67 and 1.33 times the median gray value (of an even number of pixels, the mean of the two in the middle). A common
/// rule of thumb, which depends on brightness and not on edges. Takes one channel of std::uint8_t.
/// Throws std::invalid_argument for an empty image or another number of channels. Cost O(pixels).
template <any_image Image>
[[gnu::always_inline]] inline canny_thresholds thresholds_from_median(const Image& gray) {
    static_assert(std::is_same_v<value_type_of<Image>, std::uint8_t>,
                  "thresholds_from_median: the image must be of std::uint8_t");
    return detail::median_thresholds(gray);
}

/// `high` is the integer magnitude that separates weak gradients from strong ones with the largest variance between the
/// two classes (Otsu 1979); `low` is half of it. Pass the gradient of the blurred image.
/// Throws std::invalid_argument for an empty gradient. Cost O(pixels).
template <class = detail::deferred>
[[gnu::always_inline]] inline canny_thresholds thresholds_from_otsu(const sobel_gradient& gradient) {
    return detail::otsu_thresholds(gradient);
}

/// @cond
template <class Photo, class Low = double, class High = double, class Options = canny_options, class... More>
    requires detail::no_images<Photo>
image<std::uint8_t, 1> canny(const Photo&, const Low&, const High&, const Options& = {}, const More&...) {
    static_assert(detail::are_images<Photo>, "canny takes an image or a view of one, such as lloyd::image_view<const "
                                             "std::uint8_t, 3>(mat.data, mat.cols, mat.rows, mat.step) of a cv::Mat");
    return {};
}
template <class Strength>
    requires detail::no_images<Strength>
image<std::uint8_t, 1> hysteresis(const Strength&) {
    static_assert(detail::are_images<Strength>,
                  "hysteresis takes an image of 0, 1 and 2, as double_threshold makes it");
    return {};
}
/// @endcond

}  // namespace lloyd::inline v0

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/canny/auto_thresholds.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/edge_bits.hpp>
#include <lloyd/detail/canny/find_edges.hpp>
#include <lloyd/detail/canny/fused_kernels.hpp>
#include <lloyd/detail/canny/hysteresis.hpp>
#include <lloyd/detail/canny/thin_kernels.hpp>
#include <lloyd/detail/filter/blurred_rows.hpp>
#include <lloyd/detail/filter/gaussian_taps.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <class = deferred>
void check_thresholds(const char* who, double low, double high) {
    if (!is_finite(low) || low < 0) refuse(who, ": low is ", low, ", but must be finite and at least 0");
    if (!is_finite(high) || high < low)
        refuse(who, ": high is ", high, ", but must be finite and at least low, which is ", low);
}

template <class = deferred>
void check_canny(double low, double high, const canny_options& options) {
    check_thresholds("canny", low, high);
    if (!is_finite(options.sigma) || options.sigma != 0)
        check_blur("canny", "blur_size", options.blur_size, options.sigma);
    check_sobel("canny", options.aperture, options.norm);
    if (options.threads < 0) refuse("canny: threads is ", options.threads, ", but must be at least 0");
}

template <class = deferred>
void check_same_size(const sobel_gradient& gradient) {
    const auto fits = [&](const auto& part) {
        return part.width() == gradient.magnitude.width() && part.height() == gradient.magnitude.height();
    };
    if (!fits(gradient.dx) || !fits(gradient.dy))
        refuse("suppress_non_maxima: dx, dy and magnitude differ in size, but must be of one");
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

/// `canny`, of any image as a view.
template <class>
image<std::uint8_t, 1> canny_edges(byte_view photo, double low, double high, const canny_options& options) {
    check_gray_or_color("canny", photo);
    check_canny(low, high, options);
    return find_edges(photo,
                      {.taps = options.sigma > 0 ? gaussian_taps(options.blur_size, options.sigma) : gaussian_taps(),
                       .limits = limits_for(low, high, options.norm == gradient_norm::l2, options.aperture),
                       .aperture = options.aperture,
                       .squared = options.norm == gradient_norm::l2,
                       .threads = options.threads});
}

/// `hysteresis`, of any image as a view.
template <class>
image<std::uint8_t, 1> traced_edges(byte_view strength) {
    if (strength.channels() != 1 && !strength.empty())
        refuse("hysteresis: strength has ", strength.channels(), " channels, but must have 1");
    auto edges = uninitialized_image<std::uint8_t, 1>(strength.width(), strength.height());
    if (strength.empty()) return edges;
    edge_bits bits(edges);
    for (std::ptrdiff_t y = 0; y < strength.height(); ++y) {
        const auto row = strength.row(y);
        if (!run_kernel<strength_bits_kernel>(row.data(), strength.width(), bits.weak(y), bits.edges(y)))
            refuse("hysteresis: strength holds ", *std::max_element(row.begin(), row.end()), ", but must be 0, 1 or 2");
        bits.index_row(y, 0, words_for(strength.width()));
    }
    edge_propagation(bits).propagate(0, strength.height());
    for (std::ptrdiff_t y = 0; y < strength.height(); ++y) bits.write_row(y);
    return edges;
}

/// `thresholds_from_median`, of any image as a view.
template <class>
canny_thresholds median_thresholds(byte_view gray) {
    if (gray.empty()) refuse("thresholds_from_median: the image is empty, but a median needs a pixel");
    if (gray.channels() != 1)
        refuse("thresholds_from_median: the image has ", gray.channels(), " channels, but must have 1");
    const double median = median_of(counts_of(gray), static_cast<std::uint64_t>(gray.size()));
    return {0.67 * median, 1.33 * median};
}

template <class>
edge_ridges thinned(const sobel_gradient& gradient) {
    check_same_size(gradient);
    const auto width = gradient.magnitude.width(), height = gradient.magnitude.height();
    edge_ridges ridges{.magnitude = uninitialized_image<std::int32_t, 1>(width, height),
                       .norm = gradient.norm,
                       .aperture = gradient.aperture};
    if (ridges.magnitude.empty()) return ridges;
    const buffer<std::int32_t> outside(static_cast<std::size_t>(width), 0);
    const auto magnitudes = [&](std::ptrdiff_t y) {
        return 0 <= y && y < height ? gradient.magnitude.row(y).data() : outside.data();
    };
    for (std::ptrdiff_t y = 0; y < height; ++y)
        run_kernel<thin_kernel>(magnitudes(y - 1), magnitudes(y), magnitudes(y + 1), gradient.dx.row(y).data(),
                                gradient.dy.row(y).data(), width, ridges.magnitude.row(y).data());
    return ridges;
}

template <class>
image<std::uint8_t, 1> classified(const edge_ridges& ridges, double low, double high) {
    check_thresholds("double_threshold", low, high);
    const auto limits = limits_for(low, high, ridges.norm == gradient_norm::l2, ridges.aperture);
    auto strength = uninitialized_image<std::uint8_t, 1>(ridges.magnitude.width(), ridges.magnitude.height());
    run_kernel<strength_kernel>(ridges.magnitude.data(), strength.size(), limits.low, limits.high, strength.data());
    return strength;
}

template <class>
canny_thresholds otsu_thresholds(const sobel_gradient& gradient) {
    if (gradient.magnitude.empty()) refuse("thresholds_from_otsu: the gradient is empty, but must have a pixel");
    const auto counts = counts_of_lengths(gradient.magnitude.elements(), gradient.norm == gradient_norm::l2);
    const auto high = static_cast<double>(otsu_of(counts)) * (gradient.aperture == 7 ? 16 : 1);
    return {high / 2, high};
}

#include <lloyd/detail/base/close_entries.inc>

#endif
