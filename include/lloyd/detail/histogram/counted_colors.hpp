// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Lists of distinct colours with their counts: checked and merged.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/histogram/morton.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Colours in Morton order, each once, and their counts.
template <std::size_t Channels>
struct counted_colors {
    std::ptrdiff_t size() const { return colors.width(); }
    std::uint64_t code(std::ptrdiff_t i) const { return morton_code<Channels>(colors(i, 0).data()); }
    double count(std::ptrdiff_t i) const { return counts[static_cast<std::size_t>(i)]; }

    image_view<const std::uint8_t, Channels> colors;
    std::span<const double> counts;
};

/// The same, with memory of its own.
template <std::size_t Channels>
struct owned_colors {
    explicit owned_colors(std::ptrdiff_t distinct)
        : colors(uninitialized_image<std::uint8_t, Channels>(distinct, 1)),
          counts(uninitialized_image<double, 1>(distinct, 1)) {}

    image<std::uint8_t, Channels> colors;
    image<double, 1> counts;
};

/// Refuses colours and counts that colors() and counts() cannot have returned.
template <std::size_t Channels>
void require_order(const counted_colors<Channels>& other) {
    if (other.colors.height() > 1)
        refuse("color_histogram: colors have ", other.colors.height(), " rows, but must lie in 1");
    if (other.counts.size() != static_cast<std::size_t>(other.colors.size()))
        refuse("color_histogram: counts has ", other.counts.size(), " values, but there are ", other.colors.size(),
               " colors");
    for (std::ptrdiff_t i = 0; i < other.colors.size(); ++i) {
        if (!(other.count(i) >= 1 && other.count(i) <= 0x1p53) || other.count(i) != math::floor(other.count(i)))
            refuse("color_histogram: counts[", i, "] is ", other.count(i),
                   ", but must be a whole number from 1 to 2^53");
        if (i > 0 && other.code(i) <= other.code(i - 1))
            refuse("color_histogram: color ", i, " is not above the one before in Morton order, as in colors()");
    }
}

/// Merges two sorted lists; counts of colours in both are added.
template <std::size_t Channels>
owned_colors<Channels> merged(const counted_colors<Channels>& a, const counted_colors<Channels>& b) {
    // Merges twice: once to count the colours, once to write them.
    const auto for_each_color = [&](const auto& use) {
        for (std::ptrdiff_t i = 0, j = 0; i < a.size() || j < b.size();) {
            const bool from_a = j == b.size() || (i < a.size() && a.code(i) <= b.code(j));
            const bool from_b = i == a.size() || (j < b.size() && b.code(j) <= a.code(i));
            use(from_a ? a.colors(i, 0) : b.colors(j, 0), (from_a ? a.count(i) : 0.0) + (from_b ? b.count(j) : 0.0));
            i += from_a;
            j += from_b;
        }
    };
    std::ptrdiff_t distinct = 0;
    for_each_color([&](auto, double) { ++distinct; });
    owned_colors<Channels> result(distinct);
    std::ptrdiff_t next = 0;
    for_each_color([&](auto color, double count) {
        std::copy(color.begin(), color.end(), result.colors(next, 0).begin());
        result.counts(next++, 0)[0] = count;
    });
    return result;
}

}  // namespace lloyd::inline v0::detail
