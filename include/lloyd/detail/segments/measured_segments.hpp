// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What segments are made of: labels of pixels, palette, shares, compactness.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/grid.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/histogram/color_lookup.hpp>
#include <lloyd/detail/histogram/counted_colors.hpp>
#include <lloyd/detail/histogram/weights_of_pixels.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/segments/space_coordinates.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>
#include <lloyd/segment_options.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The unit of counts, as in histogram_of.
template <class = deferred>
double unit_of(image_view<const std::uint8_t, 1> weights) {
    return weights.empty() ? 1 : (std::max)(common_weight(weights), 1);
}

/// The distinct colours of all pixels of a photo, with the sums of their pixels' weights, in units. Colours whose pixels
/// have no weight are listed, too, because they are labelled.
template <class = deferred>
struct counted_photo {
    /// `weights` may be empty: every pixel counts once.
    counted_photo(image_view<const std::uint8_t, 3> photo, image_view<const std::uint8_t, 1> weights,
                  thread_team& team) {
        if (weights.empty()) {
            colors = histogram_of(photo, team);
            return;
        }
        const int common = common_weight(weights);
        if (common > 0) {
            unit = common;
            colors = histogram_of<std::int8_t>(photo, team, weights);
        } else {
            colors = histogram_of<std::int16_t>(photo, team, weights);
        }
    }

    color_histogram<3> colors;
    double unit = 1;
};

/// Sums over the pixels of a segment, in units of their weights.
struct segment_sums {
    std::uint64_t weight = 0;
    std::array<std::uint64_t, 3> rgb{};

    template <class Color>
    void add(std::uint64_t of, const Color& color) {
        weight += of;
        for (std::size_t c = 0; c < 3; ++c) rgb[c] += of * color[c];
    }

    /// The mean colour, rounded half up; black without weight.
    std::array<std::uint8_t, 3> mean() const {
        std::array<std::uint8_t, 3> color{};
        for (std::size_t c = 0; c < 3 && weight > 0; ++c)
            color[c] = static_cast<std::uint8_t>((2 * rgb[c] + weight) / (2 * weight));
        return color;
    }
};

/// The sums of k segments, given the segment of each distinct colour.
template <class = deferred>
std::vector<segment_sums> sums_of_segments(const color_histogram<3>& colors, std::span<const std::int32_t> segments,
                                           std::size_t k) {
    std::vector<segment_sums> sums(k);
    const std::uint8_t* color = colors.colors().data();
    for (std::size_t i = 0; i < segments.size(); ++i, color += 3)
        sums[static_cast<std::size_t>(segments[i])].add(static_cast<std::uint64_t>(colors.counts()[i]), color);
    return sums;
}

/// Sets the shares, and the palette but for the fixed colours and, where it has colours, for segments without pixels.
/// Otherwise these repeat the largest segment's colour.
template <class = deferred>
void set_palette(segmentation& s, const std::vector<segment_sums>& sums) {
    std::uint64_t total = 0;
    for (const auto& of : sums) total += of.weight;
    s.shares.clear();
    for (const auto& of : sums) s.shares.push_back(static_cast<double>(of.weight) / static_cast<double>(total));
    const bool is_new = s.palette.size() != std::ssize(sums);
    const auto largest =
        *std::max_element(sums.begin(), sums.end(), [](const auto& a, const auto& b) { return a.weight < b.weight; });
    if (is_new) s.palette = uninitialized_image<std::uint8_t, 3>(std::ssize(sums), 1);
    for (auto j = static_cast<std::size_t>(is_new ? 0 : s.fixed); j < sums.size(); ++j) {
        if (sums[j].weight == 0 && !is_new) continue;
        const auto color = (sums[j].weight > 0 ? sums[j] : largest).mean();
        std::copy(color.begin(), color.end(), s.palette(static_cast<std::ptrdiff_t>(j), 0).begin());
    }
}

/// The segment of each pixel, given those of the distinct colours, which are nearest to the centers.
template <class = deferred>
image<std::uint8_t, 1> label_photo(image_view<const std::uint8_t, 3> photo, const color_histogram<3>& colors,
                                   std::span<const std::int32_t> segments, std::span<const double> centers,
                                   color_space space, thread_team& team) {
    const auto in_space_of_pixels = space == color_space::rgb ? centers : std::span<const double>();
    return label_pixels<std::uint8_t>(photo, colors.colors(), segments, centers.size() / 3, in_space_of_pixels, team);
}

/// Sets labels, palette and shares, given the segments of the distinct colours.
template <class = deferred>
void measure_colors(segmentation& s, image_view<const std::uint8_t, 3> photo, const color_histogram<3>& colors,
                    std::span<const std::int32_t> segments, thread_team& team) {
    s.labels = label_photo(photo, colors, segments, s.centers.elements(), s.space, team);
    set_palette(s, sums_of_segments(colors, segments, static_cast<std::size_t>(s.centers.size())));
}

/// Sums over the pixels of each segment in the space, in units of their weights, and Σ weight · |x|² over all.
struct sums_in_space {
    sums_in_space(std::ptrdiff_t k, color_space space)
        : of(k, 3, has_bytes(space) ? byte_form::grid : step_form::grid) {}

    integer_sums of;
    uint128 squares{};
};

/// Adds the pixels of a row to the sums of their segments: runs of equal labels in registers. Returns Σ weight · |x|².
template <class WeightOf>
std::uint64_t add_row(std::span<const std::uint8_t> colors, std::span<const std::uint8_t> labels,
                      const WeightOf& weight_of, std::vector<segment_sums>& sums) {
    const std::uint8_t* color = colors.data();
    std::uint64_t squares = 0;
    for (std::size_t x = 0; x < labels.size();) {
        const auto label = labels[x];
        std::uint64_t weights = 0, red = 0, green = 0, blue = 0;
        for (; x < labels.size() && labels[x] == label; ++x, color += 3) {
            const std::uint64_t weight = weight_of(x);
            const unsigned r = color[0], g = color[1], b = color[2];
            weights += weight;
            red += weight * r;
            green += weight * g;
            blue += weight * b;
            squares += weight * (r * r + g * g + b * b);
        }
        auto& sum = sums[label];
        sum.weight += weights;
        sum.rgb = {sum.rgb[0] + red, sum.rgb[1] + green, sum.rgb[2] + blue};
    }
    return squares;
}

/// The sums of the colours of k segments, and of the squares of these colours.
template <class = deferred>
std::vector<segment_sums> sums_of_labels(image_view<const std::uint8_t, 3> photo,
                                         image_view<const std::uint8_t, 1> labels,
                                         image_view<const std::uint8_t, 1> weights, unsigned unit, std::size_t k,
                                         std::uint64_t& squares) {
    std::vector<segment_sums> sums(k);
    const auto once = [](std::size_t) { return 1U; };
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        if (weights.empty()) {
            squares += add_row(photo.row(y), labels.row(y), once, sums);
        } else {
            const auto in_units = [row = weights.row(y), unit](std::size_t x) { return row[x] / unit; };
            squares += add_row(photo.row(y), labels.row(y), in_units, sums);
        }
    return sums;
}

/// The same sums in a space other than RGB.
template <class = deferred>
sums_in_space sums_of_coordinates(image_view<const std::uint8_t, 3> photo, image_view<const std::uint8_t, 1> labels,
                                  image_view<const std::uint8_t, 1> weights, unsigned unit, std::ptrdiff_t k,
                                  color_space space) {
    thread_team alone(1, 1);
    const auto colors = histogram_of(photo, alone);
    const auto coordinates = coordinates_in(space, colors.colors());
    sums_in_space sums(k, space);
    std::ptrdiff_t x = 0, y = 0;
    for_each_index(photo, colors.colors(), [&](std::int32_t i) {
        const std::uint64_t times = weights.empty() ? 1 : weights(x, y)[0] / unit;
        const std::ptrdiff_t j = labels(x, y)[0];
        sums.of.weights[j] += times;
        std::uint64_t squares = 0;  // below 2^36
        for (std::ptrdiff_t c = 0; c < 3; ++c) {
            const auto coordinate = static_cast<std::uint64_t>(coordinates[3 * std::ptrdiff_t{i} + c] -
                                                               static_cast<std::int32_t>(sums.of.grid.origin));
            sums.of.moments[3 * j + c] += times * coordinate;
            squares += coordinate * coordinate;
        }
        sums.squares += times * squares;
        if (++x == photo.width()) x = 0, ++y;
    });
    return sums;
}

/// The sums in RGB, whose coordinates are the colours.
template <class = deferred>
sums_in_space sums_in_rgb(const std::vector<segment_sums>& colors, std::uint64_t squares) {
    sums_in_space sums(std::ssize(colors), color_space::rgb);
    sums.squares = squares;
    for (std::size_t j = 0; j < colors.size(); ++j) {
        sums.of.weights[j] = colors[j].weight;
        std::copy(colors[j].rgb.begin(), colors[j].rgb.end(), sums.of.moments.data() + 3 * j);
    }
    return sums;
}

/// Sets palette, shares and compactness by the labels of `s`.
template <class = deferred>
void measure_labels(segmentation& s, image_view<const std::uint8_t, 3> photo,
                    image_view<const std::uint8_t, 1> weights) {
    const double unit = unit_of(weights);
    const auto divisor = static_cast<unsigned>(unit);
    const auto k = s.centers.size();
    std::uint64_t squares = 0;  // below 2^53
    const auto colors = sums_of_labels(photo, s.labels, weights, divisor, static_cast<std::size_t>(k), squares);
    const auto sums = s.space == color_space::rgb ? sums_in_rgb(colors, squares)
                                                  : sums_of_coordinates(photo, s.labels, weights, divisor, k, s.space);
    set_palette(s, colors);
    const double steps = steps_of(s.space);
    auto centers = copy_of<double>(s.centers.elements());
    multiply_all(centers.span(), steps);
    s.compactness = sums.of.compactness(centers.data(), sums.squares) / (steps * steps) * unit;
}

}  // namespace lloyd::inline v0::detail
