// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Checks the arguments of color.hpp: shapes, and whether the output overlaps the input in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The rows of an image as ranges of addresses: `count` rows of `length` bytes; row y begins at first + y · stride,
/// with stride ≥ 0. All in bytes.
struct row_addresses {
    template <class View>
    explicit row_addresses(const View& view)
        : first(reinterpret_cast<std::uintptr_t>(view.data())),
          stride(static_cast<std::uintptr_t>(view.row_stride()) * sizeof(*view.data())),
          length(static_cast<std::uintptr_t>(view.width() * view.channels()) * sizeof(*view.data())),
          count(static_cast<std::uintptr_t>(view.height())) {
        if (view.height() == 1) stride = 0;
        if (view.row_stride() >= 0 || stride == 0) return;
        first += stride * (count - 1);  // a negative stride: begin at the lowest address
        stride = 0 - stride;
    }

    std::uintptr_t row(std::uintptr_t y) const { return first + y * stride; }
    std::uintptr_t end() const { return row(count - 1) + length; }

    /// Whether a byte belongs to rows of both.
    bool overlaps(const row_addresses& other) const {
        if (end() <= other.first || other.end() <= first) return false;
        for (std::uintptr_t y = 0; y < other.count; ++y)
            if (has_row_in(other.row(y), other.row(y) + other.length)) return true;
        return false;
    }

    std::uintptr_t first, stride, length, count;

private:
    /// Whether a row has a byte from `begin` to `finish` − 1. Looks at the first row that ends after `begin`.
    bool has_row_in(std::uintptr_t begin, std::uintptr_t finish) const {
        if (begin < first + length) return first < finish;
        if (stride == 0) return false;
        const auto y = (begin - first - length) / stride + 1;
        return y < count && row(y) < finish;
    }
};

/// Whether an `out` can be written to: elements of type T in C channels, or in a number known at run time only. A
/// temporary that owns its pixels is refused, since the result would be lost.
template <class Out, class T, std::size_t C>
inline constexpr bool is_out_for = outlives_call<Out> && has_elements<Out&, T> && may_have_channels<Out, C>;

template <class T>
inline constexpr bool is_color_element =
    std::is_same_v<T, std::uint8_t> || std::is_same_v<T, float> || std::is_same_v<T, double>;

/// Elements of Lab and OKLab, from elements of RGB.
template <class T>
using lab_element = std::conditional_t<std::is_same_v<T, std::uint8_t>, float, T>;

/// Elements of RGB from Lab and OKLab in elements of type T, where To is asked for: bytes, or as they are.
template <class To, class T>
using rgb_element = std::conditional_t<std::is_same_v<To, std::uint8_t>, std::uint8_t, T>;

/// Calls convert(image, out) with views. `out` has OutChannels of type Result. Callers assert the types: here a second error
/// would follow theirs.
template <class Result, std::size_t OutChannels, class Image, class Out, class Convert>
[[gnu::always_inline]] inline void convert_image(const Image& image, Out&& out, const Convert& convert) {
    using T = value_type_of<Image>;
    if constexpr (may_have_channels<Image, 3> && is_out_for<Out, Result, OutChannels>)
        convert(image_view<const T>(image), image_view<Result>(out));
}

/// Refuses numbers of channels known at run time only. A default-constructed image has 0 channels, and is accepted.
inline void check_channels(const char* who, std::ptrdiff_t channels, std::ptrdiff_t of_out, std::ptrdiff_t wanted) {
    if (channels != 3 && channels != 0)
        refuse(who, ": the image has ", channels, " channels, but must have 3 (see select_channels)");
    if (of_out != wanted && of_out != 0) refuse(who, ": out has ", of_out, " channels, but must have ", wanted);
}

/// Refuses an `out` of another width or height, and one that overlaps the image. With `may_be_same` it may be the image
/// itself.
template <class From, class To>
void check_out(const char* who, const From& from, const To& to, bool may_be_same) {
    if (from.width() != to.width() || from.height() != to.height())
        refuse(who, ": out is ", to.width(), "x", to.height(), ", but the image is ", from.width(), "x", from.height());
    if (from.empty()) return;
    const row_addresses read(from), written(to);
    const bool same = read.first == written.first && read.stride == written.stride &&
                      (from.height() == 1 || (from.row_stride() < 0) == (to.row_stride() < 0));
    if (same && may_be_same) return;
    if (read.overlaps(written))
        refuse(who, ": out overlaps the image, but must ", may_be_same ? "be the image itself or " : "",
               "lie apart from it");
}

}  // namespace lloyd::inline v0::detail
