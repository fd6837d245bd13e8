// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Rows with room around them, so that kernels may read and write full vectors, and neighbours beyond either end.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Bytes of the longest vector. Kernels read and write full vectors, so shorter rows need room.
inline constexpr std::ptrdiff_t max_vector = 64;

/// A ring of `count` rows of `size` elements, all 0 at first; the count is rounded up to a power of two. Each row
/// starts on a cache line, has room for at least `margin` + 64 elements before it, and at least as much behind its size
/// rounded up to a multiple of 64.
template <class T>
class padded_rows {
public:
    /// Not inlined: an engine has a dozen of them.
    [[gnu::noinline]] padded_rows(std::ptrdiff_t count, std::ptrdiff_t size, std::ptrdiff_t margin)
        : count_(static_cast<std::ptrdiff_t>(std::bit_ceil(static_cast<std::size_t>(count)))),
          stride_(round_up(size) + 2 * round_up(margin)),
          elements_(static_cast<std::size_t>(count_ * stride_ + 2 * line), T{}) {
        const auto start = elements_.data() + round_up(margin);
        const auto past = reinterpret_cast<std::uintptr_t>(start) % line;
        first_ = start + (past == 0 ? 0 : (line - past) / sizeof(T));
    }

    /// Row i, which takes the place of row i − count.
    T* operator()(std::ptrdiff_t i) const { return first_ + (i & (count_ - 1)) * stride_; }

private:
    static constexpr std::ptrdiff_t line = 64;  ///< bytes of a cache line, and elements of the longest vector

    /// To a multiple of a line, and one line more.
    static std::ptrdiff_t round_up(std::ptrdiff_t size) { return (size + line - 1) / line * line + line; }

    std::ptrdiff_t count_, stride_;
    buffer<T> elements_;
    T* first_;
};

/// A row stored as P phases: phases[p][i] is column P · i + p.
///
///     P = 2     phases[0]: columns 0 2 4 6 …     phases[1]: columns 1 3 5 7 …
template <class T, int Phases>
struct phased_row {
    T* phases[std::size_t{Phases}];

    /// Column x, which may also lie in the margins: −1, −2, …
    T& operator[](std::ptrdiff_t x) const {
        const auto phase = x & (Phases - 1);
        return phases[phase][(x - phase) / Phases];
    }
};

/// A ring of rows in phases, all 0 at first.
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

/// A row's even columns, then its odd ones, in 16 bits.
using even_odd_row = phased_row<std::int16_t, 2>;
using even_odd_rows = phased_rows<std::int16_t, 2>;

/// Repeats the first and the last pixel of a row `radius` times beyond its ends: 0 0 | 0 1 2 | 2 2. A row is a pointer
/// or an even_odd_row of width · channels elements.
template <class Row>
void repeat_ends(const Row& row, std::ptrdiff_t width, std::ptrdiff_t channels, std::ptrdiff_t radius) {
    const std::ptrdiff_t end = width * channels;
    for (std::ptrdiff_t i = 0; i < radius * channels; ++i) {
        row[-1 - i] = row[channels - 1 - i % channels];
        row[end + i] = row[end - channels + i % channels];
    }
}

/// The index that position i of a row of `size` stands for, where the row is mirrored at its end pixels without
/// repeating them: 2 1 | 0 1 2 | 1 0 1.
inline std::ptrdiff_t reflected(std::ptrdiff_t i, std::ptrdiff_t size) {
    if (0 <= i && i < size) return i;  // the usual case, without a division
    if (size == 1) return 0;
    const std::ptrdiff_t period = 2 * (size - 1);
    i = (i % period + period) % period;
    return (std::min)(i, period - i);
}

/// Fills `radius` pixels beyond either end of a row with its mirror image: see reflected.
template <class Row>
void reflect_ends(const Row& row, std::ptrdiff_t width, std::ptrdiff_t channels, std::ptrdiff_t radius) {
    for (std::ptrdiff_t i = 1; i <= radius; ++i)
        for (std::ptrdiff_t c = 0; c < channels; ++c) {
            row[-i * channels + c] = row[reflected(-i, width) * channels + c];
            row[(width - 1 + i) * channels + c] = row[reflected(width - 1 + i, width) * channels + c];
        }
}

}  // namespace lloyd::inline v0::detail
