// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The largest and the smallest magnitude of the numbers in an image. Refuses what is not finite.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The largest magnitude of some numbers, and the smallest of those that are not 0; 0 where there is none.
template <class T>
struct magnitudes {
    T largest = 0;
    T smallest = 0;
};

/// Compares the bits of magnitudes as integers: they have the same order, NaN is above infinity, and -ffast-math cannot
/// assume that there is none.
template <class T>
struct magnitudes_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline magnitudes<T> run(const T* elements, std::ptrdiff_t count) {
        using bits_type = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
        constexpr auto all_but_sign = (std::numeric_limits<bits_type>::max)();
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(T);
        simd<bits_type, Bytes> max_bits = {}, min_bits, bits;
        broadcast(min_bits, all_but_sign);  // of bits − 1, where 0 becomes the largest
        std::ptrdiff_t i = 0;
        for (; i + lanes <= count; i += lanes) {
            load(bits, elements + i);
            bits = bits & all_but_sign;
            max_in_place(max_bits, bits);
            bits = (bits - bits_type{1}) & all_but_sign;
            min_in_place(min_bits, bits);
        }
        bits_type largest = 0, smallest = all_but_sign, one;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) {
            largest = (std::max)(largest, static_cast<bits_type>(max_bits[l]));
            smallest = (std::min)(smallest, static_cast<bits_type>(min_bits[l]));
        }
        for (; i < count; ++i) {
            std::memcpy(&one, elements + i, sizeof one);
            one = static_cast<bits_type>(one & all_but_sign);
            largest = (std::max)(largest, one);
            if (one > 0) smallest = (std::min)(smallest, static_cast<bits_type>(one - 1));
        }
        smallest = smallest == all_but_sign ? bits_type{0} : static_cast<bits_type>(smallest + 1);
        magnitudes<T> result;
        std::memcpy(&result.largest, &largest, sizeof largest);
        std::memcpy(&result.smallest, &smallest, sizeof smallest);
        return result;
    }
};

/// Joins the magnitudes of more numbers to those of all.
template <class T>
void join(magnitudes<T>& all, const magnitudes<T>& more) {
    all.largest = (std::max)(all.largest, more.largest);
    if (all.smallest == 0 || (more.smallest > 0 && more.smallest < all.smallest)) all.smallest = more.smallest;
}

/// The magnitudes of all elements. Throws std::invalid_argument for NaN and infinities; `what` names a point in the
/// message.
template <class T>
magnitudes<T> magnitudes_of(const char* who, const char* what, image_view<const T> data) {
    magnitudes<T> all;
    for (std::ptrdiff_t y = 0; y < data.height(); ++y) {
        const auto row = data.row(y);
        const auto found = run_kernel<magnitudes_kernel<T>>(row.data(), std::ssize(row));
        if (!is_finite(found.largest)) {
            std::size_t i = 0;
            while (is_finite(row[i])) ++i;
            const auto channels = static_cast<std::size_t>(data.channels());
            refuse(who, ": ", what, " ", y * data.width() + static_cast<std::ptrdiff_t>(i / channels), ", channel ",
                   i % channels, " is ", static_cast<double>(row[i]), ", but must be finite");
        }
        join(all, found);
    }
    return all;
}

}  // namespace lloyd::inline v0::detail
