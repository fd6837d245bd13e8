// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The distinct colours of 8-bit images and how often each occurs. Clustering by colour needs nothing else of a photo;
/// a photograph has 17 to 130 times fewer colours than pixels. Colours are not quantised.
///
///     lloyd::color_histogram colors(photo);
///     colors.add(another_photo);
///     lloyd::kmeans(colors.colors(), 8, {.weights = colors.counts()});  // one palette for both
///
/// A transparent picture is counted by what is seen of it:
///
///     lloyd::color_histogram seen(rgb, alpha);  // select_channels<0, 1, 2>(rgba), select_channels<3>(rgba)
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
void add_colors(color_histogram<Channels>& to, image_view<const std::uint8_t, Channels> image,
                image_view<const std::uint8_t> weights);
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

    /// Counts a pixel as often as its weight says, 0 to 255: of a mask, of an alpha channel. `weights` is an image of
    /// one channel of 8 bits, as wide and high as the image; another throws std::invalid_argument. At most 1.3 times
    /// the cost if all weights that are not 0 are equal, otherwise about 2 times. Memory: up to 80 MiB.
    template <any_image Image, any_image Weights>
    [[gnu::always_inline]] color_histogram(const Image& image, const Weights& weights) {
        add(image, weights);
    }

    /// Adds the colours of another image, as the constructor counts them. An exception leaves the histogram as it was.
    template <any_image Image>
    [[gnu::always_inline]] void add(const Image& image) {
        detail::add_colors(*this, pixels_of(image));
    }

    /// The same with weights; if all are 0, this adds nothing.
    template <any_image Image, any_image Weights>
    [[gnu::always_inline]] void add(const Image& image, const Weights& weights) {
        static_assert(std::is_same_v<value_type_of<Weights>, std::uint8_t>, "color_histogram: weights must be 8-bit");
        static_assert(channels_of<Weights> == 1 || channels_of<Weights> == std::dynamic_extent,
                      "color_histogram: weights must have 1 channel");
        if constexpr (std::is_same_v<value_type_of<Weights>, std::uint8_t>)
            detail::add_colors(*this, pixels_of(image), image_view<const std::uint8_t>(detail::as_view(weights)));
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

    template <any_image Image>
    [[gnu::always_inline]] static image_view<const std::uint8_t, Channels> pixels_of(const Image& image) {
        static_assert(std::is_same_v<value_type_of<Image>, std::uint8_t>, "color_histogram: pixels must be 8-bit");
        static_assert(channels_of<Image> == Channels || channels_of<Image> == std::dynamic_extent,
                      "color_histogram: the image has another number of channels");
        return image_view<const std::uint8_t, Channels>(detail::as_view(image));
    }

    image<std::uint8_t, Channels> colors_;
    image<double, 1> counts_;
};

/// The histogram of an image has as many channels as the image's type.
template <any_image Image>
color_histogram(const Image&) -> color_histogram<channels_of<Image>>;
/// The same with weights.
template <any_image Image, any_image Weights>
color_histogram(const Image&, const Weights&) -> color_histogram<channels_of<Image>>;

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

    template <std::size_t Channels>
    [[gnu::always_inline]] static void multiply_counts(color_histogram<Channels>& histogram, double factor) {
        for (double& count : histogram.counts_.elements()) count *= factor;
    }
};

}  // namespace lloyd::inline v0::detail

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/histogram/color_counter.hpp>
#include <lloyd/detail/histogram/color_listing.hpp>
#include <lloyd/detail/histogram/counted_colors.hpp>
#include <lloyd/detail/histogram/weights_of_pixels.hpp>
#include <lloyd/detail/threads/thread_team.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <std::size_t Channels>
counted_colors<Channels> as_counted(const color_histogram<Channels>& histogram) {
    return {histogram.colors(), histogram.counts()};
}

template <std::size_t Channels>
color_histogram<Channels> to_histogram(owned_colors<Channels>&& list) {
    return histogram_access::from(std::move(list.colors), std::move(list.counts));
}

/// The colours of at most 2^30 pixels.
template <class Cell, std::size_t Channels>
color_histogram<Channels> count_distinct(image_view<const std::uint8_t, Channels> image,
                                         image_view<const std::uint8_t, 1> weights, thread_team& team) {
    const auto counted = count_colors<Cell>(image, weights, team);
    const color_listing<Channels, Cell> listing(counted.counters, team);
    owned_colors<Channels> list(listing.distinct());
    listing.write(list.colors.data(), list.counts.data(), team);
    return to_histogram(std::move(list));
}

/// Counts an image in parts of at most 2^30 pixels, because counters have 32 bits; count(part, weights, team) counts one.
template <std::size_t Channels, class Count>
color_histogram<Channels> count_parts(image_view<const std::uint8_t, Channels> image,
                                      image_view<const std::uint8_t, 1> weights, thread_team& team, Count* count) {
    color_histogram<Channels> sum;
    if (image.empty()) return sum;
    constexpr std::ptrdiff_t max_pixels = std::ptrdiff_t{1} << 30;
    const auto columns = (std::min)(image.width(), max_pixels);
    const auto rows = (std::min)(image.height(), max_pixels / columns);
    for (std::ptrdiff_t y = 0; y < image.height(); y += rows)
        for (std::ptrdiff_t x = 0; x < image.width(); x += columns) {
            const auto width = (std::min)(columns, image.width() - x), height = (std::min)(rows, image.height() - y);
            const auto here = weights.empty() ? weights : weights.crop(x, y, width, height);
            auto part = count(image.crop(x, y, width, height), here, team);
            sum = sum.empty() ? std::move(part) : to_histogram(merged(as_counted(sum), as_counted(part)));
        }
    return sum;
}

/// The histogram of an image, whatever the number of threads. With weights: in cells of 8 bits a pixel counts once unless
/// its weight is 0, in cells of 16 bits as often as its weight says; signed cells list colours without weight, too.
template <class Cell = std::uint8_t, std::size_t Channels>
color_histogram<Channels> histogram_of(image_view<const std::uint8_t, Channels> image, thread_team& team,
                                       image_view<const std::uint8_t, 1> weights = {}) {
    return count_parts(image, weights, team, count_distinct<Cell, Channels>);
}

/// Refuses weights that are not one for each pixel.
template <class = deferred>
void require_weights(std::ptrdiff_t width, std::ptrdiff_t height, image_view<const std::uint8_t> weights) {
    if (weights.channels() > 1)
        refuse("color_histogram: weights has ", weights.channels(), " channels, but must have 1");
    if (weights.width() != width || weights.height() != height)
        refuse("color_histogram: weights is ", weights.width(), "x", weights.height(), ", but must be ", width, "x",
               height, ", as the image");
}

template <std::size_t Channels>
void add_histogram(color_histogram<Channels>& to, color_histogram<Channels>&& more) {
    if (more.empty()) return;
    to = to.empty() ? std::move(more) : to_histogram(merged(as_counted(to), as_counted(more)));
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <std::size_t Channels>
void add_colors(color_histogram<Channels>& to, image_view<const std::uint8_t, Channels> image) {
    thread_team alone(1, 1);
    add_histogram(to, histogram_of(image, alone));
}

template <std::size_t Channels>
void add_colors(color_histogram<Channels>& to, image_view<const std::uint8_t, Channels> image,
                image_view<const std::uint8_t> weights) {
    thread_team alone(1, 1);
    require_weights(image.width(), image.height(), weights);
    const image_view<const std::uint8_t, 1> of_pixels(weights);
    const int common = common_weight(of_pixels);
    if (common == 0) return;
    auto more =
        common > 0 ? histogram_of(image, alone, of_pixels) : histogram_of<std::uint16_t>(image, alone, of_pixels);
    if (common > 0) histogram_access::multiply_counts(more, common);
    add_histogram(to, std::move(more));
}

template <std::size_t Channels>
void merge_colors(color_histogram<Channels>& to, const color_histogram<Channels>& other) {
    to = to_histogram(merged(as_counted(to), as_counted(other)));
}

template <std::size_t Channels>
void merge_colors(color_histogram<Channels>& to, image_view<const std::uint8_t, Channels> colors,
                  std::span<const double> counts) {
    const counted_colors<Channels> other{colors, counts};
    require_order(other);
    to = to_histogram(merged(as_counted(to), other));
}

#include <lloyd/detail/base/close_entries.inc>

#endif
