// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The minimal image that every algorithm takes: `image_view` refers to pixels, `image` owns them.
///
/// Pixels are interleaved. Sizes are std::ptrdiff_t and count pixels; strides count elements of T.
/// The number of channels C is part of the type, or std::dynamic_extent when it is known at run time.
///
///     image_view<T, C>   pointer, size and row stride; copied freely, owns nothing
///     image<T, C>        an owned, contiguous image with every accessor of a view
///     any_image          the concept "an image or a view of one": what the algorithms take
///     points             n points of d coordinates: an n×1 view of d channels
///     select_channels    a copy with channels reordered, dropped or repeated
/// @file
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/image_sizes.hpp>
#include <lloyd/detail/base/image_traits.hpp>  // IWYU pragma: export
#include <lloyd/detail/base/wrong_types.hpp>

namespace lloyd {
inline namespace v0 {

// Units compiled with different flags pass these types to each other and share no function: members are always inlined.
/// Refers to pixels that it does not own. T may be const. Copying a view copies no pixel.
template <class T, std::size_t C>
class image_view {
    static_assert(std::is_arithmetic_v<T>, "pixels hold numbers");
    static_assert(C >= 1, "a pixel has at least one channel");
    static constexpr bool fixed = C != std::dynamic_extent;

public:
    using element_type = T;                     ///< const where pixels may only be read
    using value_type = std::remove_const_t<T>;  ///< what a copy of an element is
    static constexpr std::size_t extent = C;    ///< channels, or std::dynamic_extent

    /// An empty view: 0×0.
    [[gnu::always_inline]] image_view() = default;

    /// Rows back to back. Throws std::invalid_argument for a negative size, a size whose bytes
    /// std::ptrdiff_t cannot count, or no data where there are pixels.
    [[gnu::always_inline]] image_view(T* data, std::ptrdiff_t width, std::ptrdiff_t height)
        requires fixed
        : image_view(sized{}, data, width, height, static_cast<std::ptrdiff_t>(C)) {}

    /// Rows `row_stride` elements apart; negative for bottom-up storage, with `data` at the top row. Throws as
    /// above, and when the rows of a writable view would overlap.
    [[gnu::always_inline]] image_view(T* data, std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t row_stride)
        requires fixed
        : image_view(data, width, height) {
        set_row_stride(row_stride);
    }

    /// Channels at run time, at least 1; rows back to back.
    [[gnu::always_inline]] image_view(T* data, std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels)
        requires(!fixed)
        : image_view(sized{}, data, width, height, channels) {}

    /// Channels at run time, at least 1; rows `row_stride` elements apart.
    [[gnu::always_inline]] image_view(T* data, std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels,
                                      std::ptrdiff_t row_stride)
        requires(!fixed)
        : image_view(data, width, height, channels) {
        set_row_stride(row_stride);
    }

    /// T to const T and fixed to run-time channels convert by themselves. Run-time to fixed channels is explicit
    /// and throws std::invalid_argument unless they match.
    template <class Source>
        requires detail::viewable_as<Source, T, C>
    [[gnu::always_inline]] explicit(detail::fixes_channels<std::remove_cvref_t<Source>, C>) image_view(Source&& source)
        : data_(source.data()), width_(source.width()), height_(source.height()), row_stride_(source.row_stride()) {
        if constexpr (!fixed) channels_ = source.channels();
        if constexpr (detail::fixes_channels<std::remove_cvref_t<Source>, C>)
            detail::check_fixed_channels(source.channels(), C);
    }

    template <class Source>  // a temporary: the view would dangle
        requires detail::temporary_viewable_as<Source, T, C>
    image_view(Source&& name_the_image_first) = delete;

    /// The channels of one pixel. Unchecked but for an assert: 0 ≤ x < width, 0 ≤ y < height.
    [[gnu::always_inline]] std::span<T, C> operator()(std::ptrdiff_t x, std::ptrdiff_t y) const {
        assert(0 <= x && x < width_ && 0 <= y && y < height_);
        return std::span<T, C>(data_ + y * row_stride_ + x * channels(), static_cast<std::size_t>(channels()));
    }

    /// The width · channels elements of one row. Unchecked but for an assert.
    [[gnu::always_inline]] std::span<T> row(std::ptrdiff_t y) const {
        assert(0 <= y && y < height_);
        return {data_ + y * row_stride_, static_cast<std::size_t>(width_ * channels())};
    }
    /// Pixels in a row.
    [[gnu::always_inline]] std::ptrdiff_t width() const { return width_; }
    /// Rows.
    [[gnu::always_inline]] std::ptrdiff_t height() const { return height_; }
    /// Elements of a pixel. A default view of run-time channels has 0.
    [[gnu::always_inline]] std::ptrdiff_t channels() const {
        if constexpr (fixed)
            return static_cast<std::ptrdiff_t>(C);
        else
            return channels_;
    }
    /// Pixels, not elements.
    [[gnu::always_inline]] std::ptrdiff_t size() const { return width_ * height_; }
    /// Whether there are no pixels; such a view may have a width or a height all the same.
    [[gnu::always_inline]] bool empty() const { return size() == 0; }
    /// First element of the top row.
    [[gnu::always_inline]] T* data() const { return data_; }
    /// Elements from one row to the next.
    [[gnu::always_inline]] std::ptrdiff_t row_stride() const { return row_stride_; }
    /// Whether the rows lie back to back.
    [[gnu::always_inline]] bool is_contiguous() const {
        return empty() || height_ == 1 || row_stride_ == width_ * channels();
    }
    /// Every element, row by row. Throws std::invalid_argument unless is_contiguous().
    [[gnu::always_inline]] std::span<T> elements() const {
        detail::check_contiguous(is_contiguous(), row_stride_, width_ * channels());
        return {data_, static_cast<std::size_t>(size() * channels())};
    }

    /// A view of the w×h pixels whose top left is (x, y). Throws std::invalid_argument unless they lie inside.
    [[gnu::always_inline]] image_view crop(std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t w,
                                           std::ptrdiff_t h) const {
        detail::check_crop(x, y, w, h, width_, height_);
        image_view part = *this;
        part.width_ = w;
        part.height_ = h;
        if (w > 0 && h > 0) part.data_ += y * row_stride_ + x * channels();
        return part;
    }

private:
    friend class image<T, C>;
    struct sized {};

    [[gnu::always_inline]] image_view(sized, T* data, std::ptrdiff_t width, std::ptrdiff_t height,
                                      std::ptrdiff_t channels)
        : data_(data), width_(width), height_(height) {
        detail::check_pixels(data == nullptr, width, height, channels, sizeof(T));
        row_stride_ = width * channels;
        if constexpr (!fixed) channels_ = channels;
    }

    [[gnu::always_inline]] void set_row_stride(std::ptrdiff_t row_stride) {
        detail::check_row_stride(row_stride, row_stride_, height_, sizeof(T), !std::is_const_v<T>);
        if (!empty()) row_stride_ = row_stride;
    }
    struct no_count {};
    T* data_ = nullptr;
    std::ptrdiff_t width_ = 0, height_ = 0, row_stride_ = 0;
    [[no_unique_address]] std::conditional_t<fixed, no_count, std::ptrdiff_t> channels_{};
};

/// Owns its pixels, rows back to back. Copies are deep; a moved-from image is empty. Const images have const pixels.
template <class T, std::size_t C>
class image {
    static_assert(!std::is_const_v<T>, "an image owns its pixels; for const ones use image_view<const T>");
    static constexpr bool fixed = C != std::dynamic_extent;

public:
    using element_type = T;                   ///< as of a view
    using value_type = T;                     ///< the same
    static constexpr std::size_t extent = C;  ///< channels, or std::dynamic_extent

    /// An empty image: 0×0.
    [[gnu::always_inline]] image() = default;

    /// Every element 0. Throws std::invalid_argument for a size that image_view would refuse, std::bad_alloc.
    [[gnu::always_inline]] image(std::ptrdiff_t width, std::ptrdiff_t height)
        requires fixed
        : image(uninitialized{}, width, height) {
        elements_.fill(T{});
    }
    /// The same with the number of channels, at least 1, at run time.
    [[gnu::always_inline]] image(std::ptrdiff_t width, std::ptrdiff_t height, std::ptrdiff_t channels)
        requires(!fixed)
        : image(uninitialized{}, width, height, channels) {
        elements_.fill(T{});
    }

    /// Copies the pixels of a view. Throws std::invalid_argument when run-time channels do not match fixed ones.
    template <any_image Source>
        requires std::is_same_v<value_type_of<Source>, T> && detail::may_have_channels<Source, C>
    [[gnu::always_inline]] explicit image(const Source& source) : image(image_view<const T, C>(source), deep{}) {}

    /// @name Copied deeply, moved without copying a pixel
    /// @{

    /// Copies throw std::bad_alloc, and leave as it was what they were assigned to. What is moved from is empty.
    [[gnu::always_inline]] image(const image& other) : image(image_view<const T, C>(other.view_), deep{}) {}
    [[gnu::always_inline]] image(image&& other) noexcept
        : elements_(std::move(other.elements_)), view_(std::exchange(other.view_, image_view<T, C>{})) {}
    [[gnu::always_inline]] image& operator=(const image& other) { return *this = image(other); }
    [[gnu::always_inline]] image& operator=(image&& other) noexcept {
        elements_ = std::move(other.elements_);
        view_ = std::exchange(other.view_, image_view<T, C>{});
        return *this;
    }
    /// @}
    [[gnu::always_inline]] ~image() = default;

    /// @name What a view has
    /// @{

    /// As in image_view; what would dangle does not compile.
    [[gnu::always_inline]] std::span<T, C> operator()(std::ptrdiff_t x, std::ptrdiff_t y) { return view_(x, y); }
    [[gnu::always_inline]] std::span<const T, C> operator()(std::ptrdiff_t x, std::ptrdiff_t y) const {
        return view_(x, y);
    }
    [[gnu::always_inline]] std::span<T> row(std::ptrdiff_t y) { return view_.row(y); }
    [[gnu::always_inline]] std::span<const T> row(std::ptrdiff_t y) const { return view_.row(y); }
    [[gnu::always_inline]] std::span<T> elements() { return view_.elements(); }
    [[gnu::always_inline]] std::span<const T> elements() const { return view_.elements(); }
    [[gnu::always_inline]] T* data() { return view_.data(); }
    [[gnu::always_inline]] const T* data() const { return view_.data(); }
    [[gnu::always_inline]] std::ptrdiff_t width() const { return view_.width(); }
    [[gnu::always_inline]] std::ptrdiff_t height() const { return view_.height(); }
    [[gnu::always_inline]] std::ptrdiff_t channels() const { return view_.channels(); }
    [[gnu::always_inline]] std::ptrdiff_t size() const { return view_.size(); }
    [[gnu::always_inline]] std::ptrdiff_t row_stride() const { return view_.row_stride(); }
    [[gnu::always_inline]] bool empty() const { return view_.empty(); }
    [[gnu::always_inline]] bool is_contiguous() const { return true; }
    [[gnu::always_inline]] image_view<T, C> crop(std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t w,
                                                 std::ptrdiff_t h) & {
        return view_.crop(x, y, w, h);
    }
    [[gnu::always_inline]] image_view<const T, C> crop(std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t w,
                                                       std::ptrdiff_t h) const& {
        return view_.crop(x, y, w, h);
    }
    void crop(std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t w, std::ptrdiff_t h) && = delete;
    /// @}

private:
    template <class Element, std::size_t Channels>
    friend image<Element, Channels> detail::uninitialized_image(std::ptrdiff_t, std::ptrdiff_t, std::ptrdiff_t);

    struct uninitialized {};
    struct deep {};

    [[gnu::always_inline]] image(uninitialized, std::ptrdiff_t width, std::ptrdiff_t height,
                                 std::ptrdiff_t channels = static_cast<std::ptrdiff_t>(C))
        : elements_(static_cast<std::size_t>(detail::checked_extent("image", width, height, channels, sizeof(T)))),
          view_(typename image_view<T, C>::sized{}, elements_.data(), width, height, channels) {}

    [[gnu::always_inline]] image(image_view<const T, C> source, deep) {
        if (source.channels() == 0) return;
        *this = image(uninitialized{}, source.width(), source.height(), source.channels());
        if (empty()) return;  // though it may have rows, and more than anyone could count
        detail::copy_rows(source.data(), source.row_stride(), row(0).size(), height(), data());
    }

    detail::buffer<T> elements_;
    image_view<T, C> view_;
};

/// n points of d coordinates, one after another: an n×1 view. Throws std::invalid_argument unless n ≥ 0, d ≥ 1.
template <class T>
[[gnu::always_inline]] inline image_view<T> points(T* coordinates, std::ptrdiff_t n, std::ptrdiff_t d) {
    if (n < 0) detail::refuse("points: n is ", n, ", but must be at least 0");
    if (d < 1) detail::refuse("points: d is ", d, ", but must be at least 1");
    return image_view<T>(coordinates, n, 1, d);
}

/// A copy whose channel i is channel Channels[i] of `source`: `select_channels<2, 1, 0>(bgr)` is RGB.
/// Throws std::invalid_argument when a run-time number of channels is too small; a fixed one does not compile.
template <std::size_t... Channels, any_image Image>
    requires(sizeof...(Channels) >= 1)
[[gnu::always_inline]] inline image<value_type_of<Image>, sizeof...(Channels)> select_channels(const Image& source) {
    constexpr std::size_t highest = (std::max)({Channels...});
    static_assert(highest < channels_of<Image>, "select_channels: the image has fewer channels");
    if (!source.empty()) detail::check_selected_channels(highest, source.channels());
    auto to = detail::uninitialized_image<value_type_of<Image>, sizeof...(Channels)>(source.width(), source.height());
    detail::copy_channels<Channels...>(source.data(), source.row_stride(), source.channels(), source.width(),
                                       source.empty() ? 0 : source.height(), to.data());
    return to;
}

/// @cond
template <std::size_t... Channels>
image<std::uint8_t, sizeof...(Channels)> select_channels(const detail::no_image auto& source) {
    static_assert(detail::are_images<decltype(source)>, "select_channels takes an image or a view of one");
    return {};
}
/// @endcond

}  // namespace v0
}  // namespace lloyd
