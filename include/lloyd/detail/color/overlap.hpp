// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The door of color.hpp: shapes, and whether what is written to may be what is read.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The rows of an image as addresses: `count` of them from `first` on, `length` bytes each, `stride` ≥ 0 from one to the
/// next.
struct row_addresses {
    template <class View>
    explicit row_addresses(const View& view)
        : first(reinterpret_cast<std::uintptr_t>(view.data())),
          stride(static_cast<std::uintptr_t>(view.row_stride()) * sizeof(*view.data())),
          length(static_cast<std::uintptr_t>(view.width() * view.channels()) * sizeof(*view.data())),
          count(static_cast<std::uintptr_t>(view.height())) {
        if (view.height() == 1) stride = 0;
        if (view.row_stride() >= 0 || stride == 0) return;
        first += stride * (count - 1);  // bottom-up: from the lowest address on
        stride = 0 - stride;
    }

    std::uintptr_t row(std::uintptr_t y) const { return first + y * stride; }
    std::uintptr_t end() const { return row(count - 1) + length; }

    bool meets(const row_addresses& other) const {
        if (end() <= other.first || other.end() <= first) return false;
        for (std::uintptr_t y = 0; y < other.count; ++y)
            if (has_row_in(other.row(y), other.row(y) + other.length)) return true;
        return false;
    }

    std::uintptr_t first, stride, length, count;

private:
    /// Whether a row has bytes from `begin` to before `finish`: the first one that ends behind `begin` tells.
    bool has_row_in(std::uintptr_t begin, std::uintptr_t finish) const {
        if (begin < first + length) return first < finish;
        if (stride == 0) return false;
        const auto y = (begin - first - length) / stride + 1;
        return y < count && row(y) < finish;
    }
};

/// Writable elements of T in C channels, or in as many as show at run time. A temporary owner would be lost.
template <class Out, class T, std::size_t C>
inline constexpr bool is_out_for = outlives_call<Out> && has_elements<Out&, T> && may_have_channels<Out, C>;

/// An image that nothing was given to has 0 channels, and is taken.
template <class Image, class Out>
void check_channels(const char* who, const Image& image, const Out& out, std::ptrdiff_t out_channels) {
    if (image.channels() != 3 && image.channels() != 0)
        refuse(who, ": the image has ", image.channels(), " channels, but must have 3 (see select_channels)");
    if (out.channels() != out_channels && out.channels() != 0)
        refuse(who, ": out has ", out.channels(), " channels, but must have ", out_channels);
}

/// Refuses an `out` of another size, or one that shares memory with the image and is not, where that is allowed, the
/// image itself.
template <class From, class To>
void check_out(const char* who, const From& from, const To& to, bool may_be_same) {
    if (from.width() != to.width() || from.height() != to.height())
        refuse(who, ": out is ", to.width(), "x", to.height(), ", but the image is ", from.width(), "x", from.height());
    if (from.empty()) return;
    const row_addresses read(from), written(to);
    const bool same = read.first == written.first && read.stride == written.stride &&
                      (from.height() == 1 || (from.row_stride() < 0) == (to.row_stride() < 0));
    if (same && may_be_same) return;
    if (read.meets(written))
        refuse(who, ": out overlaps the image, but must ", may_be_same ? "be the image itself or " : "",
               "lie apart from it");
}

}  // namespace lloyd::inline v0::detail
