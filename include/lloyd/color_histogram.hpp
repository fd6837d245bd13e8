// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The distinct colours of 8-bit images and how often each occurs: everything that clustering by colour needs to know
/// of a photo, at a 17th to a 130th of its pixels. Nothing is quantised.
///
///     lloyd::color_histogram colors(photo);
///     colors.add(another_photo);
///     lloyd::kmeans(colors.colors(), 8, {.weights = colors.counts()});  // one palette for both
/// @file
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/histogram/color_counter.hpp>
#include <lloyd/detail/histogram/color_listing.hpp>
#include <lloyd/detail/histogram/morton.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <std::size_t Channels>
struct histogram_parts;

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0 {

/// Counts of distinct colours of 1 to 3 channels of 8 bits, in Morton order (the channels' bits interleaved, the first
/// channel's on top). Counts are exact up to 2^53. Copies are deep.
template <std::size_t Channels = 3>
class color_histogram {
    static_assert(1 <= Channels && Channels <= 3, "color_histogram: 1 to 3 channels");

public:
    /// No colours.
    [[gnu::always_inline]] color_histogram() = default;

    /// @name Copied deeply
    /// @{

    /// What is moved from is empty.
    [[gnu::always_inline]] color_histogram(const color_histogram&) = default;
    [[gnu::always_inline]] color_histogram(color_histogram&&) noexcept = default;
    [[gnu::always_inline]] color_histogram& operator=(const color_histogram&) = default;
    [[gnu::always_inline]] color_histogram& operator=(color_histogram&&) noexcept = default;
    [[gnu::always_inline]] ~color_histogram() = default;
    /// @}

    /// The colours of one image. Throws std::invalid_argument when a run-time number of channels is not `Channels`.
    /// Cost O(pixels + distinct colours); up to 64 MiB while it counts, 11 bytes per distinct colour afterwards.
    template <any_image Image>
    [[gnu::always_inline]] explicit color_histogram(const Image& image) {
        add(image);
    }

    /// Adds the colours of another image. An exception leaves the histogram as it was.
    template <any_image Image>
    [[gnu::always_inline]] void add(const Image& image) {
        static_assert(std::is_same_v<value_type_of<Image>, std::uint8_t>, "color_histogram: pixels must be 8-bit");
        static_assert(channels_of<Image> == Channels || channels_of<Image> == std::dynamic_extent,
                      "color_histogram: the image has another number of channels");
        detail::thread_team alone(1, 1);
        parts::add(*this, view(detail::as_view(image)), alone);
    }

    /// Adds the colours of another histogram. An exception leaves this one as it was. Cost O(both sizes).
    [[gnu::always_inline]] void merge(const color_histogram& other) { *this = parts::merged(*this, other); }

    /// The same of one that was kept in a file, or comes from another process: `colors` are size×1 and `counts` one for
    /// each, as colors() and counts() gave them. Throws std::invalid_argument unless colours rise in Morton order and
    /// counts are whole numbers from 1 to 2^53.
    [[gnu::always_inline]] void merge(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts) {
        parts::merge(*this, {colors, counts});
    }

    /// The distinct colours, as size()×1 points in Morton order; valid until the histogram changes.
    [[gnu::always_inline]] image_view<const std::uint8_t, Channels> colors() const& { return colors_; }
    void colors() && = delete;
    /// How often each occurs: whole numbers, in the order of colors().
    [[gnu::always_inline]] std::span<const double> counts() const& { return counts_.elements(); }
    void counts() && = delete;
    /// Distinct colours.
    [[gnu::always_inline]] std::ptrdiff_t size() const { return colors_.width(); }
    /// Whether nothing was added.
    [[gnu::always_inline]] bool empty() const { return size() == 0; }

private:
    using view = image_view<const std::uint8_t, Channels>;
    using parts = detail::histogram_parts<Channels>;
    friend parts;

    [[gnu::always_inline]] explicit color_histogram(std::ptrdiff_t colors)
        : colors_(detail::uninitialized, colors, 1), counts_(detail::uninitialized, colors, 1) {}

    image<std::uint8_t, Channels> colors_;
    image<double, 1> counts_;
};

/// As many channels as the image has.
template <any_image Image>
color_histogram(const Image&) -> color_histogram<channels_of<Image>>;

}  // namespace lloyd::inline v0

// Below: how.

#include <lloyd/detail/base/open_detail.inc>

/// What a histogram's members do, under names of the unit's own.
template <std::size_t Channels>
struct histogram_parts {
    using histogram = color_histogram<Channels>;
    using view = image_view<const std::uint8_t, Channels>;

    /// Colours in Morton order, each once, and how often each occurs.
    struct listing {
        listing(view of, std::span<const double> times) : colors(of), counts(times) {}
        listing(const histogram& of) : listing(of.colors_, of.counts_.elements()) {}

        std::ptrdiff_t size() const { return colors.width(); }
        std::uint64_t code(std::ptrdiff_t i) const { return morton_code<Channels>(colors(i, 0).data()); }
        double count(std::ptrdiff_t i) const { return counts[static_cast<std::size_t>(i)]; }

        view colors;
        std::span<const double> counts;
    };

    static void add(histogram& to, view image, thread_team& team);
    static histogram count(view image, thread_team& team);
    static void merge(histogram& to, const listing& other);
    static void require_order(const listing& other);
    static histogram merged(const listing& a, const listing& b);
};

/// Cuts the image into parts whose pixels 32 bits can count.
template <std::size_t Channels>
void histogram_parts<Channels>::add(histogram& to, view image, thread_team& team) {
    if (image.empty()) return;
    constexpr std::ptrdiff_t most = std::ptrdiff_t{1} << 30;
    const auto columns = (std::min)(image.width(), most);
    const auto rows = (std::min)(image.height(), most / columns);
    histogram sum;
    for (std::ptrdiff_t y = 0; y < image.height(); y += rows)
        for (std::ptrdiff_t x = 0; x < image.width(); x += columns) {
            auto part = count(
                image.crop(x, y, (std::min)(columns, image.width() - x), (std::min)(rows, image.height() - y)), team);
            sum = sum.empty() ? std::move(part) : merged(sum, part);
        }
    to = to.empty() ? std::move(sum) : merged(to, sum);
}

/// The colours of at most 2^30 pixels.
template <std::size_t Channels>
color_histogram<Channels> histogram_parts<Channels>::count(view image, thread_team& team) {
    const auto counted = count_colors(image, team);
    const color_listing<Channels> listing(counted.counters, team);
    histogram result(listing.distinct());
    listing.write(result.colors_.data(), result.counts_.data(), team);
    return result;
}

template <std::size_t Channels>
void histogram_parts<Channels>::merge(histogram& to, const listing& other) {
    require_order(other);
    to = merged(to, other);
}

template <std::size_t Channels>
void histogram_parts<Channels>::require_order(const listing& other) {
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

template <std::size_t Channels>
color_histogram<Channels> histogram_parts<Channels>::merged(const listing& a, const listing& b) {
    // Two walks along both lists: the first counts, the second writes.
    const auto walk = [&](const auto& take) {
        for (std::ptrdiff_t i = 0, j = 0; i < a.size() || j < b.size();) {
            const bool from_a = j == b.size() || (i < a.size() && a.code(i) <= b.code(j));
            const bool from_b = i == a.size() || (j < b.size() && b.code(j) <= a.code(i));
            take(from_a ? a.colors(i, 0) : b.colors(j, 0), (from_a ? a.count(i) : 0.0) + (from_b ? b.count(j) : 0.0));
            i += from_a;
            j += from_b;
        }
    };
    std::ptrdiff_t distinct = 0;
    walk([&](auto, double) { ++distinct; });
    histogram result(distinct);
    std::ptrdiff_t next = 0;
    walk([&](auto color, double count) {
        std::copy(color.begin(), color.end(), result.colors_(next, 0).begin());
        result.counts_(next++, 0)[0] = count;
    });
    return result;
}

/// The colours of an image, counted by a team of threads: the same as alone.
template <std::size_t Channels>
color_histogram<Channels> histogram_of(image_view<const std::uint8_t, Channels> image, thread_team& team) {
    color_histogram<Channels> colors;
    histogram_parts<Channels>::add(colors, image, team);
    return colors;
}

}  // namespace lloyd::inline v0::detail
