// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Views of any size, stride and crop: one is refused exactly where its documentation says so, and one that is taken, in
// memory that ends where it ends, finds every element inside and no two of a writable view in one place.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include <lloyd/image.hpp>

#include "bytes.hpp"

namespace {

using fuzz::bytes;
using fuzz::is_refused;
using fuzz::require;
__extension__ typedef __int128 wide;

constexpr wide limit = (std::numeric_limits<std::ptrdiff_t>::max)();

/// Around 0, a small number, a power of two give or take one, or any.
std::ptrdiff_t read_number(bytes& input) {
    const int kind = input.below(16);
    if (kind < 12) return input.below(20) - (kind == 0);
    if (kind == 12) return input.byte() - 128;
    if (kind == 13) return input.any<std::ptrdiff_t>();
    const auto number = (std::uint64_t{1} << input.below(64)) - 1 + static_cast<std::uint64_t>(input.below(3));
    return static_cast<std::ptrdiff_t>(kind == 14 ? number : 0 - number);
}

struct shape {
    std::ptrdiff_t width, height, channels, stride;
    bool has_stride, has_data;
};

wide length_of(wide number) { return number < 0 ? -number : number; }

/// In 128 bits nothing overflows but the product of three: that of two is looked at first.
bool fits(const shape& s, std::size_t size) {
    const wide most = limit / static_cast<wide>(size), row = wide{s.width} * s.channels;
    return s.channels <= most && row <= most && (row == 0 || s.height <= most / row) &&
           (row == 0 || s.height <= 1 || !s.has_stride ||
            (length_of(s.stride) <= most && length_of(s.stride) * (s.height - 1) + row <= most));
}

/// What the documentation of image_view takes.
template <class T>
bool is_valid(const shape& s) {
    if (s.width < 0 || s.height < 0 || s.channels < 1 || !fits(s, sizeof(T))) return false;
    if (s.width == 0 || s.height == 0) return true;
    const bool apart =
        std::is_const_v<T> || s.height == 1 || !s.has_stride || length_of(s.stride) >= wide{s.width} * s.channels;
    return s.has_data && apart;
}

template <class T>
lloyd::image_view<T> view_of(T* data, const shape& s) {
    if (s.has_stride) return {data, s.width, s.height, s.channels, s.stride};
    return {data, s.width, s.height, s.channels};
}

/// Every element through every door: each lies where width, stride and channels say.
template <class T>
void check_elements(const lloyd::image_view<T>& view) {
    for (std::ptrdiff_t y = 0; y < view.height(); ++y) {
        const auto row = view.row(y);
        require(std::ssize(row) == view.width() * view.channels(), "a row has width times channels elements");
        for (std::ptrdiff_t x = 0; x < view.width(); ++x) {
            const auto pixel = view(x, y);
            require(std::ssize(pixel) == view.channels() && pixel.data() == row.data() + x * view.channels(),
                    "pixels lie side by side");
            require(pixel.data() == view.data() + y * view.row_stride() + x * view.channels(),
                    "rows lie a stride apart");
            require(static_cast<double>(pixel.back()) < 300, "every element can be read");
        }
    }
    const bool refused = is_refused("elements: ", [&] {
        require(std::ssize(view.elements()) == view.size() * view.channels(), "elements are all elements");
    });
    require(refused == !view.is_contiguous(), "elements are given where rows are back to back");
}

template <class T>
void check_crop(bytes& input, const lloyd::image_view<T>& view) {
    const auto x = read_number(input), y = read_number(input), w = read_number(input), h = read_number(input);
    lloyd::image_view<T> part;
    const bool refused = is_refused("crop: ", [&] { part = view.crop(x, y, w, h); });
    const bool inside =
        0 <= x && 0 <= w && wide{x} + w <= view.width() && 0 <= y && 0 <= h && wide{y} + h <= view.height();
    require(refused == !inside, "a crop lies inside, or is refused");
    if (refused) return;
    require(part.width() == w && part.height() == h && part.channels() == view.channels(), "a crop is of its size");
    if (part.empty()) return;
    require(part(0, 0).data() == view(x, y).data(), "a crop begins where it says");
    require(part(w - 1, h - 1).data() == view(x + w - 1, y + h - 1).data(), "a crop ends where it says");
    check_elements(part);
}

template <std::size_t C, class T>
void check_fixed(const lloyd::image_view<T>& view) {
    using fixed_view = lloyd::image_view<T, C>;
    fixed_view fixed;
    const bool refused = is_refused("image_view: ", [&] { fixed = fixed_view(view); });
    require(refused == (view.channels() != std::ptrdiff_t{C}), "channels are fixed to what they are");
    if (refused) return;
    require(lloyd::image_view<T>(fixed).data() == view.data() && fixed.row_stride() == view.row_stride(),
            "a view with fixed channels looks at the same");
}

/// A copy has the elements of the view, back to back, and so have its channels in any order.
template <class T>
void check_copy(const lloyd::image_view<T>& view) {
    using value = std::remove_const_t<T>;
    const lloyd::image<value> copy(view);
    require(copy.is_contiguous() && copy.size() == view.size(), "a copy has the size of the view");
    for (std::ptrdiff_t y = 0; y < view.height() && !view.empty(); ++y)
        require(std::ranges::equal(copy.row(y), view.row(y)), "a copy has the elements of the view");
    lloyd::image<value, 2> selected;
    const bool fits_two = fits({view.width(), view.height(), 2, 0, false, true}, sizeof(T));
    const bool refused =
        is_refused(fits_two ? "select_channels: " : "image: ", [&] { selected = lloyd::select_channels<1, 0>(view); });
    require(refused == (!fits_two || (!view.empty() && view.channels() < 2)),
            "channels that are not there are refused");
    for (std::ptrdiff_t y = 0; y < selected.height() && !selected.empty(); ++y)
        for (std::ptrdiff_t x = 0; x < selected.width(); ++x)
            require(selected(x, y)[0] == view(x, y)[1] && selected(x, y)[1] == view(x, y)[0], "channels change places");
}

/// Numbers written through a writable view are still there when all are written.
template <class T>
void check_writes(const lloyd::image_view<T>& view) {
    const auto number = [&](std::ptrdiff_t y, std::size_t i) {
        return static_cast<T>((y * 31 + static_cast<std::ptrdiff_t>(i)) % 251);
    };
    for (std::ptrdiff_t y = 0; y < view.height(); ++y)
        for (std::size_t i = 0; i < view.row(y).size(); ++i) view.row(y)[i] = number(y, i);
    for (std::ptrdiff_t y = 0; y < view.height(); ++y)
        for (std::size_t i = 0; i < view.row(y).size(); ++i)
            require(view.row(y)[i] == number(y, i), "no two elements of a writable view are one");
}

/// In memory of exactly the elements that the shape spans, when these are few.
template <class T>
void check_inside(bytes& input, const shape& s) {
    const wide row = wide{s.width} * s.channels, stride = s.has_stride ? wide{s.stride} : row;
    const bool empty = s.width == 0 || s.height == 0;
    const wide way = empty || s.height == 1 ? wide{0} : (s.height - 1) * stride;
    if (!empty && (length_of(way) + row > 4096 || s.height > 4096)) return;
    std::vector<std::remove_const_t<T>> memory(empty ? 0 : static_cast<std::size_t>(length_of(way) + row));
    const auto view = view_of<T>(memory.data() + (way < 0 ? static_cast<std::ptrdiff_t>(-way) : 0), s);
    require(view.width() == s.width && view.height() == s.height && view.channels() == s.channels,
            "a view is of its size");
    check_copy(view);
    check_crop(input, view);
    check_fixed<1>(view);
    check_fixed<3>(view);
    if (view.empty()) return;
    check_elements(view);
    if constexpr (!std::is_const_v<T>) check_writes(view);
    if constexpr (!std::is_const_v<T>) check_elements(lloyd::image_view<const T>(view));
}

template <class T>
void check_fixed_shape(T* data, const shape& s) {
    const shape three{s.width, s.height, 3, s.stride, s.has_stride, s.has_data};
    const bool refused = is_refused("image_view: ", [&] {
        if (s.has_stride)
            lloyd::image_view<T, 3>(data, s.width, s.height, s.stride);
        else
            lloyd::image_view<T, 3>(data, s.width, s.height);
    });
    require(refused == !is_valid<T>(three), "a view with fixed channels refuses what one without does");
}

/// An owner refuses the sizes that a view refuses, before it asks for memory.
template <class T>
void check_owner(const shape& s) {
    const shape packed{s.width, s.height, s.channels, 0, false, true};
    const bool valid = is_valid<const T>(packed);
    if (valid && wide{s.width} * s.height * s.channels > 4096) return;
    lloyd::image<T> owner;
    const bool refused = is_refused("image: ", [&] { owner = lloyd::image<T>(s.width, s.height, s.channels); });
    require(refused == !valid, "sizes that memory can hold are taken, and nothing else");
    if (!refused) require(std::ranges::all_of(owner.elements(), [](T e) { return e == 0; }), "a new image is 0");
}

template <class T>
void check_points(T* data, const shape& s) {
    const bool refused = is_refused("", [&] {
        const auto points = lloyd::points(s.has_data ? data : nullptr, s.width, s.channels);
        require(points.width() == s.width && points.channels() == s.channels, "points are a row of pixels");
    });
    require(refused == !is_valid<T>({s.width, 1, s.channels, 0, false, s.has_data}), "points are a view of one row");
}

template <class T>
void run(bytes& input) {
    const shape s{read_number(input), read_number(input),  read_number(input),
                  read_number(input), input.below(4) != 1, input.below(8) != 1};
    std::remove_const_t<T> somewhere{};
    T* const data = s.has_data ? &somewhere : nullptr;
    const bool refused = is_refused("image_view: ", [&] { view_of<T>(data, s); });
    require(refused == !is_valid<T>(s), "a valid shape is taken, and nothing else");
    check_fixed_shape<T>(data, s);
    check_owner<std::remove_const_t<T>>(s);
    check_points<T>(data, s);
    if (!refused && s.has_data) check_inside<T>(input, s);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    bytes input(data, size);
    const int type = input.below(5);
    if (type == 0) run<std::uint8_t>(input);
    if (type == 1) run<const std::uint8_t>(input);
    if (type == 2) run<float>(input);
    if (type == 3) run<const double>(input);
    if (type == 4) run<std::int32_t>(input);
    return 0;
}
