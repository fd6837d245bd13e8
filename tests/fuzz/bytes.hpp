// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What the fuzzers share: an input of libFuzzer as a row of choices, a picture in some place of memory, and laws.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <lloyd/image.hpp>

namespace fuzz {

/// Makes a case of an input, byte by byte. Where the input has run out all bytes are 0, so that each input is a case.
class bytes {
public:
    bytes(const std::uint8_t* data, std::size_t size) : left_(data, size) {}

    std::uint8_t byte() {
        if (left_.empty()) return 0;
        const auto first = left_.front();
        left_ = left_.subspan(1);
        return first;
    }

    /// 0 to n − 1, for n up to 256.
    int below(int n) { return byte() % n; }
    bool coin() { return below(2) == 1; }

    template <class T>
    T one_of(std::initializer_list<T> list) {
        return list.begin()[below(static_cast<int>(list.size()))];
    }

    /// Any bits at all: of real numbers NaN and infinities too.
    template <class T>
    T any() {
        T number;
        std::uint8_t bits[sizeof number];
        std::ranges::generate(bits, [this] { return byte(); });
        std::memcpy(&number, bits, sizeof number);
        return number;
    }

    /// Mostly a small whole number; else one from the ends of what T can hold, or any.
    template <std::floating_point T>
    T real() {
        using limits = std::numeric_limits<T>;
        const auto kind = byte();
        if (kind < 0xD0) return static_cast<T>(kind) - 16;
        if (kind < 0xE0) return any<T>();
        const T ends[] = {limits::max(),       limits::lowest(),     limits::min(),     limits::denorm_min(),
                          limits::quiet_NaN(), limits::infinity(),   T(-0.0),           T(0.5),
                          limits::epsilon(),   -limits::infinity(),  T(1) / 3,          limits::max() / 2,
                          -limits::min(),      -limits::quiet_NaN(), limits::min() * 3, T(1e9)};
        return ends[kind % 16];
    }

    /// What is left of the input, over and over, a little different each time.
    void fill(std::span<std::uint8_t> to) {
        if (left_.empty()) return;
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = static_cast<std::uint8_t>(left_[i % left_.size()] + i / left_.size() * 37);
    }

    std::span<const std::uint8_t> rest() const { return left_; }

private:
    std::span<const std::uint8_t> left_;
};

/// Ends the program, which libFuzzer takes for a finding, when a law does not hold.
inline void require(bool holds, const char* law) {
    if (holds) return;
    std::fprintf(stderr, "broken law: %s\n", law);
    std::abort();
}

/// Whether `work` throws std::invalid_argument, and the message starts with `who` it was.
template <class Work>
bool is_refused(const char* who, const Work& work) {
    try {
        work();
        return false;
    } catch (const std::invalid_argument& error) {
        require(std::string(error.what()).starts_with(who), "a refusal names who refuses");
        return true;
    }
}

/// A picture in memory of its own, no element longer than it takes, and a view that finds it there.
template <class T>
struct placed {
    std::vector<T> memory;
    lloyd::image_view<T> view;
};

/// With rows `padding` elements apart, top-down or bottom-up. Whatever lies between rows is `filler`.
template <class T>
placed<T> place(const lloyd::image<T>& picture, std::ptrdiff_t padding, bool bottom_up, T filler) {
    if (picture.empty())
        return {{}, lloyd::image_view<T>(nullptr, picture.width(), picture.height(), picture.channels())};
    const auto row = picture.width() * picture.channels(), step = row + padding, last = (picture.height() - 1) * step;
    placed<T> result{std::vector<T>(static_cast<std::size_t>(last + row), filler), {}};
    result.view = lloyd::image_view<T>(result.memory.data() + (bottom_up ? last : 0), picture.width(), picture.height(),
                                       picture.channels(), bottom_up ? -step : step);
    for (std::ptrdiff_t y = 0; y < picture.height(); ++y) std::ranges::copy(picture.row(y), result.view.row(y).begin());
    return result;
}

/// In a place that the input chooses.
template <class T>
placed<T> place(bytes& input, const lloyd::image<T>& picture) {
    const auto padding = input.below(9);
    if constexpr (std::is_floating_point_v<T>)
        return place(picture, padding, input.coin(), std::numeric_limits<T>::quiet_NaN());
    else
        return place(picture, padding, input.coin(), static_cast<T>(input.byte()));
}

}  // namespace fuzz
