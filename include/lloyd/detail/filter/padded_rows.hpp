// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Rows with room around them, so that kernels may read and write whole vectors and neighbours beyond either end.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A ring of `count` rows of `size` elements, all 0 at first. Each starts on a cache line and has room for `margin`
/// elements before it, and after it for as many more than the next whole 64.
template <class T>
class padded_rows {
public:
    padded_rows(std::ptrdiff_t count, std::ptrdiff_t size, std::ptrdiff_t margin)
        : count_(static_cast<std::ptrdiff_t>(std::bit_ceil(static_cast<std::size_t>(count)))),
          stride_(round_up(size) + 2 * round_up(margin)),
          elements_(static_cast<std::size_t>(count_ * stride_ + 2 * line), T{}) {
        const auto start = elements_.data() + round_up(margin);
        const auto past = reinterpret_cast<std::uintptr_t>(start) % line;
        first_ = start + (past == 0 ? 0 : (line - past) / sizeof(T));
    }

    /// Row i, where row i − count was.
    T* operator()(std::ptrdiff_t i) const { return first_ + (i & (count_ - 1)) * stride_; }

private:
    static constexpr std::ptrdiff_t line = 64;  ///< bytes of a cache line, and as many elements are a whole
    static std::ptrdiff_t round_up(std::ptrdiff_t size) { return (size + line - 1) / line * line + line; }

    std::ptrdiff_t count_, stride_;
    buffer<T> elements_;
    T* first_;
};

/// A row in phases: its columns 0, P, 2 P … in an array of their own, then 1, P + 1, 2 P + 1 …, and so on.
template <class T, int Phases>
struct phased_row {
    T* phases[std::size_t{Phases}];

    /// For any x, also one beyond the ends.
    T& operator[](std::ptrdiff_t x) const {
        const auto phase = x & (Phases - 1);
        return phases[phase][(x - phase) / Phases];
    }
};

/// A ring of them, all 0 at first.
template <class T, int Phases>
class phased_rows {
public:
    phased_rows(std::ptrdiff_t count, std::ptrdiff_t size, std::ptrdiff_t margin)
        : parts_(Phases * count, size / Phases + 1, margin / Phases + 1) {}

    phased_row<T, Phases> operator()(std::ptrdiff_t i) const {
        phased_row<T, Phases> row;
        for (int phase = 0; phase < Phases; ++phase) row.phases[phase] = parts_(Phases * i + phase);
        return row;
    }

private:
    padded_rows<T> parts_;
};

/// Even columns and odd ones.
using even_odd_row = phased_row<std::int16_t, 2>;
using even_odd_rows = phased_rows<std::int16_t, 2>;

/// Repeats the first and the last pixel of a row, `reach` times each. A row is a pointer or an even_odd_row.
template <class Row>
void repeat_ends(const Row& row, std::ptrdiff_t width, std::ptrdiff_t channels, std::ptrdiff_t radius) {
    const std::ptrdiff_t end = width * channels;
    for (std::ptrdiff_t i = 0; i < radius * channels; ++i) {
        row[-1 - i] = row[channels - 1 - i % channels];
        row[end + i] = row[end - channels + i % channels];
    }
}

/// Where position i of a row of `size` is found, if beyond the ends it runs back: 2 1 | 0 1 2 | 1 0 1.
inline std::ptrdiff_t reflected(std::ptrdiff_t i, std::ptrdiff_t size) {
    if (0 <= i && i < size) return i;  // without a division
    if (size == 1) return 0;
    const std::ptrdiff_t period = 2 * (size - 1);
    i = (i % period + period) % period;
    return (std::min)(i, period - i);
}

/// Continues a row beyond its ends by `reach` pixels, running back.
template <class Row>
void reflect_ends(const Row& row, std::ptrdiff_t width, std::ptrdiff_t channels, std::ptrdiff_t radius) {
    for (std::ptrdiff_t i = 1; i <= radius; ++i)
        for (std::ptrdiff_t c = 0; c < channels; ++c) {
            row[-i * channels + c] = row[reflected(-i, width) * channels + c];
            row[(width - 1 + i) * channels + c] = row[reflected(width - 1 + i, width) * channels + c];
        }
}

}  // namespace lloyd::inline v0::detail
