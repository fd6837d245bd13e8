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

#include <lloyd/detail/color_counter.hpp>
#include <lloyd/detail/color_listing.hpp>
#include <lloyd/detail/math.hpp>
#include <lloyd/image.hpp>

namespace lloyd {
inline namespace v0 {

template <std::size_t Channels>
class color_histogram;

namespace detail {

template <std::size_t Channels, class Team>
color_histogram<Channels> histogram_of(image_view<const std::uint8_t, Channels> image, Team& team);

}  // namespace detail

/// Counts of distinct colours of 1 to 3 channels of 8 bits, in Morton order (the channels' bits interleaved, the first
/// channel's on top). Counts are exact up to 2^53. Copies are deep.
template <std::size_t Channels = 3>
class color_histogram {
    static_assert(1 <= Channels && Channels <= 3, "color_histogram: 1 to 3 channels");

public:
    /// No colours.
    color_histogram() = default;

    /// The colours of one image. Throws std::invalid_argument when a run-time number of channels is not `Channels`.
    /// Cost O(pixels + distinct colours); up to 64 MiB while it counts, 11 bytes per distinct colour afterwards.
    template <any_image Image>
    explicit color_histogram(const Image& image) {
        add(image);
    }

    /// Adds the colours of another image. An exception leaves the histogram as it was.
    template <any_image Image>
    void add(const Image& image) {
        static_assert(std::is_same_v<value_type_of<Image>, std::uint8_t>, "color_histogram: pixels must be 8-bit");
        static_assert(channels_of<Image> == Channels || channels_of<Image> == std::dynamic_extent,
                      "color_histogram: the image has another number of channels");
        detail::no_team alone;
        add_view(image_view<const std::uint8_t, Channels>(detail::as_view(image)), alone);
    }

    /// Adds the colours of another histogram. An exception leaves this one as it was. Cost O(both sizes).
    void merge(const color_histogram& other);

    /// The same of one that was kept in a file, or comes from another process: `colors` are size×1 and `counts` one for
    /// each, as colors() and counts() gave them. Throws std::invalid_argument unless colours rise in Morton order and
    /// counts are whole numbers from 1 to 2^53.
    void merge(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts);

    /// The distinct colours, as size()×1 points in Morton order; valid until the histogram changes.
    image_view<const std::uint8_t, Channels> colors() const& { return colors_; }
    void colors() && = delete;
    /// How often each occurs: whole numbers, in the order of colors().
    std::span<const double> counts() const& { return counts_.elements(); }
    void counts() && = delete;
    /// Distinct colours.
    std::ptrdiff_t size() const { return colors_.width(); }
    /// Whether nothing was added.
    bool empty() const { return size() == 0; }

private:
    using view = image_view<const std::uint8_t, Channels>;

    template <std::size_t C, class Team>
    friend color_histogram<C> detail::histogram_of(image_view<const std::uint8_t, C> image, Team& team);

    explicit color_histogram(std::ptrdiff_t colors)
        : colors_(detail::uninitialized, colors, 1), counts_(detail::uninitialized, colors, 1) {}

    template <class Team>
    void add_view(view image, Team& team);
    template <class Team>
    static color_histogram count(view image, Team& team);

    /// Colours in Morton order, each once, and how often each occurs.
    struct listing {
        listing(view of, std::span<const double> times) : colors(of), counts(times) {}
        listing(const color_histogram& of) : listing(of.colors_, of.counts_.elements()) {}

        std::ptrdiff_t size() const { return colors.width(); }
        std::uint64_t code(std::ptrdiff_t i) const { return detail::morton_code<Channels>(colors(i, 0).data()); }
        double count(std::ptrdiff_t i) const { return counts[static_cast<std::size_t>(i)]; }

        view colors;
        std::span<const double> counts;
    };
    static void check(const listing& other);
    static color_histogram merged(const listing& a, const listing& b);

    image<std::uint8_t, Channels> colors_;
    image<double, 1> counts_;
};

namespace detail {

/// The colours of an image, counted by a team of threads: the same as alone.
template <std::size_t Channels, class Team>
color_histogram<Channels> histogram_of(image_view<const std::uint8_t, Channels> image, Team& team) {
    color_histogram<Channels> colors;
    colors.add_view(image, team);
    return colors;
}

}  // namespace detail

/// As many channels as the image has.
template <any_image Image>
color_histogram(const Image&) -> color_histogram<channels_of<Image>>;

// Below: how.

template <std::size_t Channels>
void color_histogram<Channels>::merge(const color_histogram& other) {
    *this = merged(*this, other);
}

template <std::size_t Channels>
void color_histogram<Channels>::merge(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts) {
    const listing other(colors, counts);
    check(other);
    *this = merged(*this, other);
}

template <std::size_t Channels>
void color_histogram<Channels>::check(const listing& other) {
    if (other.colors.height() > 1)
        detail::refuse("color_histogram: colors have ", other.colors.height(), " rows, but must lie in 1");
    if (other.counts.size() != static_cast<std::size_t>(other.colors.size()))
        detail::refuse("color_histogram: counts has ", other.counts.size(), " values, but there are ",
                       other.colors.size(), " colors");
    for (std::ptrdiff_t i = 0; i < other.colors.size(); ++i) {
        if (!(other.count(i) >= 1 && other.count(i) <= 0x1p53) || other.count(i) != detail::math::floor(other.count(i)))
            detail::refuse("color_histogram: counts[", i, "] is ", other.count(i),
                           ", but must be a whole number from 1 to 2^53");
        if (i > 0 && other.code(i) <= other.code(i - 1))
            detail::refuse("color_histogram: color ", i,
                           " is not above the one before in Morton order, as in colors()");
    }
}

/// Cuts the image into parts whose pixels 32 bits can count.
template <std::size_t Channels>
template <class Team>
void color_histogram<Channels>::add_view(view image, Team& team) {
    if (image.empty()) return;
    constexpr std::ptrdiff_t most = std::ptrdiff_t{1} << 30;
    const auto columns = (std::min)(image.width(), most);
    const auto rows = (std::min)(image.height(), most / columns);
    color_histogram sum;
    for (std::ptrdiff_t y = 0; y < image.height(); y += rows)
        for (std::ptrdiff_t x = 0; x < image.width(); x += columns) {
            auto part = count(
                image.crop(x, y, (std::min)(columns, image.width() - x), (std::min)(rows, image.height() - y)), team);
            sum = sum.empty() ? std::move(part) : merged(sum, part);
        }
    *this = empty() ? std::move(sum) : merged(*this, sum);
}

/// The colours of at most 2^30 pixels.
template <std::size_t Channels>
template <class Team>
color_histogram<Channels> color_histogram<Channels>::count(view image, Team& team) {
    const auto counted = detail::count_colors(image, team);
    const detail::color_listing<Channels> listing(counted.counters, team);
    color_histogram result(listing.distinct());
    listing.write(result.colors_.data(), result.counts_.data(), team);
    return result;
}

template <std::size_t Channels>
color_histogram<Channels> color_histogram<Channels>::merged(const listing& a, const listing& b) {
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
    color_histogram result(distinct);
    std::ptrdiff_t next = 0;
    walk([&](auto color, double count) {
        std::copy(color.begin(), color.end(), result.colors_(next, 0).begin());
        result.counts_(next++, 0)[0] = count;
    });
    return result;
}

}  // namespace v0
}  // namespace lloyd
