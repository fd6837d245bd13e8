// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The distinct colours of 8-bit images and how often each occurs. Clustering by colour needs nothing else of a photo;
/// a photograph has 17 to 130 times fewer colours than pixels. Colours are not quantised.
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

#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/image.hpp>

namespace lloyd::inline v0 {

template <std::size_t Channels = 3>
class color_histogram;

}  // namespace lloyd::inline v0

namespace lloyd::inline v0::detail {

struct histogram_access;

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <std::size_t Channels>
void add_colors(color_histogram<Channels>& to, image_view<const std::uint8_t, Channels> image);
template <std::size_t Channels>
void merge_colors(color_histogram<Channels>& to, const color_histogram<Channels>& other);
template <std::size_t Channels>
void merge_colors(color_histogram<Channels>& to, image_view<const std::uint8_t, Channels> colors,
                  std::span<const double> counts);

#include <lloyd/detail/base/close_entries.inc>

namespace lloyd::inline v0 {

/// The distinct colours of images of 1 to 3 channels of 8 bits, each with its count. Colours are in Morton order: by
/// the number that results when the bits of the channels are interleaved, from the top bits down, the first channel's
/// bit first. Counts are exact up to 2^53. Copies are deep.
template <std::size_t Channels>
class color_histogram {
    static_assert(1 <= Channels && Channels <= 3, "color_histogram: 1 to 3 channels");

public:
    /// An empty histogram.
    [[gnu::always_inline]] color_histogram() = default;

    /// @name Copied deeply
    /// @{

    /// A histogram that was moved from is empty.
    [[gnu::always_inline]] color_histogram(const color_histogram&) = default;
    [[gnu::always_inline]] color_histogram(color_histogram&&) noexcept = default;
    [[gnu::always_inline]] color_histogram& operator=(const color_histogram&) = default;
    [[gnu::always_inline]] color_histogram& operator=(color_histogram&&) noexcept = default;
    [[gnu::always_inline]] ~color_histogram() = default;
    /// @}

    /// Counts the colours of one image. Throws std::invalid_argument if the image's number of channels, known at run
    /// time only, is not `Channels`. Cost O(pixels + distinct colours). Memory: up to 64 MiB while it counts, then 11
    /// bytes for each distinct colour of three channels.
    template <any_image Image>
    [[gnu::always_inline]] explicit color_histogram(const Image& image) {
        add(image);
    }

    /// Adds the colours of another image, as the constructor counts them. An exception leaves the histogram as it was.
    template <any_image Image>
    [[gnu::always_inline]] void add(const Image& image) {
        static_assert(std::is_same_v<value_type_of<Image>, std::uint8_t>, "color_histogram: pixels must be 8-bit");
        static_assert(channels_of<Image> == Channels || channels_of<Image> == std::dynamic_extent,
                      "color_histogram: the image has another number of channels");
        detail::add_colors(*this, image_view<const std::uint8_t, Channels>(detail::as_view(image)));
    }

    /// Adds the colours and counts of another histogram. An exception leaves this one as it was. Cost O(both sizes).
    [[gnu::always_inline]] void merge(const color_histogram& other) { detail::merge_colors(*this, other); }

    /// Adds a histogram that was stored in a file or sent by another process: its colors(), size()×1, and its counts(),
    /// one for each colour. Throws std::invalid_argument unless colours are in Morton order, each once, and counts are
    /// integers from 1 to 2^53.
    [[gnu::always_inline]] void merge(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts) {
        detail::merge_colors(*this, colors, counts);
    }

    /// The distinct colours, size()×1, in Morton order. The view is valid until the histogram changes.
    [[gnu::always_inline]] image_view<const std::uint8_t, Channels> colors() const& { return colors_; }
    void colors() && = delete;
    /// How often each colour occurs: integers, in the order of colors(). Valid until the histogram changes.
    [[gnu::always_inline]] std::span<const double> counts() const& { return counts_.elements(); }
    void counts() && = delete;
    /// The number of distinct colours.
    [[gnu::always_inline]] std::ptrdiff_t size() const { return colors_.width(); }
    /// Whether there are no colours.
    [[gnu::always_inline]] bool empty() const { return size() == 0; }

private:
    friend detail::histogram_access;

    image<std::uint8_t, Channels> colors_;
    image<double, 1> counts_;
};

/// The histogram of an image has as many channels as the image's type.
template <any_image Image>
color_histogram(const Image&) -> color_histogram<channels_of<Image>>;

}  // namespace lloyd::inline v0

namespace lloyd::inline v0::detail {

struct histogram_access {
    /// A histogram of these colours, which are distinct and in Morton order, and their counts.
    template <std::size_t Channels>
    [[gnu::always_inline]] static color_histogram<Channels> from(image<std::uint8_t, Channels>&& colors,
                                                                 image<double, 1>&& counts) {
        color_histogram<Channels> result;
        result.colors_ = std::move(colors);
        result.counts_ = std::move(counts);
        return result;
    }
};

}  // namespace lloyd::inline v0::detail

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/histogram/color_counter.hpp>
#include <lloyd/detail/histogram/color_listing.hpp>
#include <lloyd/detail/histogram/morton.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Colours in Morton order, each once, and their counts.
template <std::size_t Channels>
struct counted_colors {
    counted_colors(image_view<const std::uint8_t, Channels> colors_of, std::span<const double> counts_of)
        : colors(colors_of), counts(counts_of) {}
    explicit counted_colors(const color_histogram<Channels>& of) : colors(of.colors()), counts(of.counts()) {}

    std::ptrdiff_t size() const { return colors.width(); }
    std::uint64_t code(std::ptrdiff_t i) const { return morton_code<Channels>(colors(i, 0).data()); }
    double count(std::ptrdiff_t i) const { return counts[static_cast<std::size_t>(i)]; }

    image_view<const std::uint8_t, Channels> colors;
    std::span<const double> counts;
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
color_histogram<Channels> merged(const counted_colors<Channels>& a, const counted_colors<Channels>& b) {
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
    auto colors = uninitialized_image<std::uint8_t, Channels>(distinct, 1);
    auto counts = uninitialized_image<double, 1>(distinct, 1);
    std::ptrdiff_t next = 0;
    for_each_color([&](auto color, double count) {
        std::copy(color.begin(), color.end(), colors(next, 0).begin());
        counts(next++, 0)[0] = count;
    });
    return histogram_access::from(std::move(colors), std::move(counts));
}

/// The colours of at most 2^30 pixels.
template <std::size_t Channels>
color_histogram<Channels> count_distinct(image_view<const std::uint8_t, Channels> image, thread_team& team) {
    const auto counted = count_colors(image, team);
    const color_listing<Channels> listing(counted.counters, team);
    auto colors = uninitialized_image<std::uint8_t, Channels>(listing.distinct(), 1);
    auto counts = uninitialized_image<double, 1>(listing.distinct(), 1);
    listing.write(colors.data(), counts.data(), team);
    return histogram_access::from(std::move(colors), std::move(counts));
}

/// The histogram of an image, counted by a team of threads; it does not depend on their number. Counts the image in
/// parts of at most 2^30 pixels, because counters have 32 bits.
template <std::size_t Channels>
color_histogram<Channels> histogram_of(image_view<const std::uint8_t, Channels> image, thread_team& team) {
    color_histogram<Channels> sum;
    if (image.empty()) return sum;
    constexpr std::ptrdiff_t max_pixels = std::ptrdiff_t{1} << 30;
    const auto columns = (std::min)(image.width(), max_pixels);
    const auto rows = (std::min)(image.height(), max_pixels / columns);
    for (std::ptrdiff_t y = 0; y < image.height(); y += rows)
        for (std::ptrdiff_t x = 0; x < image.width(); x += columns) {
            auto part = count_distinct(
                image.crop(x, y, (std::min)(columns, image.width() - x), (std::min)(rows, image.height() - y)), team);
            sum = sum.empty() ? std::move(part) : merged(counted_colors(sum), counted_colors(part));
        }
    return sum;
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <std::size_t Channels>
void add_colors(color_histogram<Channels>& to, image_view<const std::uint8_t, Channels> image) {
    thread_team alone(1, 1);
    auto more = histogram_of(image, alone);
    if (more.empty()) return;
    to = to.empty() ? std::move(more) : merged(counted_colors(to), counted_colors(more));
}

template <std::size_t Channels>
void merge_colors(color_histogram<Channels>& to, const color_histogram<Channels>& other) {
    to = merged(counted_colors(to), counted_colors(other));
}

template <std::size_t Channels>
void merge_colors(color_histogram<Channels>& to, image_view<const std::uint8_t, Channels> colors,
                  std::span<const double> counts) {
    const counted_colors<Channels> other(colors, counts);
    require_order(other);
    to = merged(counted_colors(to), other);
}

#include <lloyd/detail/base/close_entries.inc>

#endif
