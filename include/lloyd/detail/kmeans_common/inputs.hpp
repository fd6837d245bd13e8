// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The door of clustering: data, weights and centers are looked at once and refused or put into units that the
/// arithmetic can trust.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The largest magnitude of some numbers, and the smallest of those that are not 0; 0 where there is none.
template <class T>
struct magnitudes {
    T largest = 0;
    T smallest = 0;
};

/// NaN counts for more than any number: magnitudes order like their bits, and no compiler flag assumes them finite.
struct magnitudes_kernel {
    template <int Bytes, class T>
    [[gnu::always_inline]] static inline magnitudes<T> run(const T* elements, std::ptrdiff_t count) {
        using bits_type = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
        constexpr auto all_but_sign = (std::numeric_limits<bits_type>::max)();
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(T);
        vector<bits_type, Bytes> most = {}, least, bits;
        broadcast(least, all_but_sign);  // of bits − 1, where 0 comes last
        std::ptrdiff_t i = 0;
        for (; i + lanes <= count; i += lanes) {
            load(bits, elements + i);
            bits = bits & all_but_sign;
            raise_to(most, bits);
            bits = (bits - bits_type{1}) & all_but_sign;
            lower_to(least, bits);
        }
        bits_type largest = 0, smallest = all_but_sign, one;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) {
            largest = (std::max)(largest, static_cast<bits_type>(most[l]));
            smallest = (std::min)(smallest, static_cast<bits_type>(least[l]));
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

template <class T>
void widen(magnitudes<T>& all, const magnitudes<T>& more) {
    all.largest = (std::max)(all.largest, more.largest);
    if (all.smallest == 0 || (more.smallest > 0 && more.smallest < all.smallest)) all.smallest = more.smallest;
}

/// Of all elements. Refuses NaN and infinities by the name of what the points are.
template <class T>
magnitudes<T> magnitudes_of(const char* who, const char* what, image_view<const T> data) {
    magnitudes<T> all;
    for (std::ptrdiff_t y = 0; y < data.height(); ++y) {
        const auto row = data.row(y);
        const auto found = run_kernel<magnitudes_kernel>(row.data(), std::ssize(row));
        if (!is_finite(found.largest)) {
            std::size_t i = 0;
            while (is_finite(row[i])) ++i;
            const auto channels = static_cast<std::size_t>(data.channels());
            refuse(who, ": ", what, " ", y * data.width() + static_cast<std::ptrdiff_t>(i / channels), ", channel ",
                   i % channels, " is ", static_cast<double>(row[i]), ", but must be finite");
        }
        widen(all, found);
    }
    return all;
}

/// The e with 2^e ≤ number < 2^(e+1), of a positive number.
inline int exponent_of(double number) {
    int exponent = 0;
    math::frexp(number, &exponent);
    return exponent - 1;
}

/// 2^-e for the e with 2^e ≤ magnitude < 2^(e+1): squares of what is multiplied with it neither overflow nor vanish.
inline double scale_to_one(double magnitude) {
    return magnitude == 0 ? 1 : math::ldexp(1.0, (std::min)(-exponent_of(magnitude), 1023));
}

/// What coordinates are multiplied with when they are read, a power of two, and what they are then: multiples of 2^lowest,
/// at most 2^highest.
struct coordinate_range {
    double scale = 1;
    int lowest = 0;
    int highest = 16;  ///< of all integers that are coordinates
};

/// Squares of scaled coordinates neither overflow nor, but for those far below the largest, vanish. Refuses what is not
/// finite.
template <class T>
coordinate_range range_of(const char* who, image_view<const T> data) {
    if constexpr (std::is_floating_point_v<T>) {
        using limits = std::numeric_limits<T>;
        const auto found = magnitudes_of(who, "point", data);
        const double scale = scale_to_one(static_cast<double>(found.largest));
        if (found.largest == 0) return {scale, 0, 0};
        const int finest = (std::max)(exponent_of(static_cast<double>(found.smallest)), limits::min_exponent - 1) -
                           (limits::digits - 1);
        return {scale, finest + exponent_of(scale), 1};
    } else {
        return {};
    }
}

/// What user weights are counted in: whole multiples of a power of two with a sum up to 2^53 units, where that is
/// possible; otherwise the largest is brought near 1.
struct weight_unit {
    double size = 1;
    bool whole = true;
};

/// The exponent of the lowest bit that is set in a positive number.
inline int lowest_bit(double number) {
    int exponent = 0;
    auto mantissa = static_cast<std::uint64_t>(math::ldexp(math::frexp(number, &exponent), 53));
    exponent -= 53;
    while ((mantissa & 1) == 0) {
        mantissa >>= 1;
        ++exponent;
    }
    return exponent;
}

/// The unit of the weights of some points among others, which may all be 0. Refuses weights that are not finite or not
/// ≥ 0.
inline weight_unit check_each_weight(const char* who, std::span<const double> weights, std::ptrdiff_t points) {
    if (weights.empty()) return {};
    if (weights.size() != static_cast<std::size_t>(points))
        refuse(who, ": weights has ", weights.size(), " values, but there are ", points, " points");
    int lowest = 0;
    double largest = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (!is_finite(weights[i]) || weights[i] < 0)
            refuse(who, ": weights[", i, "] is ", weights[i], ", but must be finite and at least 0");
        if (weights[i] == 0) continue;
        lowest = largest == 0 ? lowest_bit(weights[i]) : (std::min)(lowest, lowest_bit(weights[i]));
        largest = (std::max)(largest, weights[i]);
    }
    if (largest == 0) return {};
    double units = 0;
    for (const double weight : weights) units += math::ldexp(weight, -lowest);
    if (units <= 0x1p53) return {math::ldexp(1.0, lowest), true};
    return {1 / scale_to_one(largest), false};
}

/// The same of the weights of all points, which must not all be 0.
inline weight_unit check_weights(const char* who, std::span<const double> weights, std::ptrdiff_t points) {
    const auto unit = check_each_weight(who, weights, points);
    if (!weights.empty() && std::all_of(weights.begin(), weights.end(), [](double weight) { return weight == 0; }))
        refuse(who, ": weights are all 0, but at least one must be more");
    return unit;
}

/// Copies centers, k points of `channels` coordinates, refusing what is not finite or has another shape.
inline buffer<double> checked_centers(const char* who, const char* what, image_view<const double> centers,
                                      std::ptrdiff_t channels) {
    if (centers.channels() != channels)
        refuse(who, ": ", what, " have ", centers.channels(), " channels, but the data has ", channels);
    magnitudes_of(who, what, centers);
    buffer<double> copy(static_cast<std::size_t>(centers.size() * channels));
    double* to = copy.data();
    for (std::ptrdiff_t y = 0; y < centers.height(); ++y)
        for (const double coordinate : centers.row(y)) *to++ = coordinate;
    return copy;
}

}  // namespace lloyd::inline v0::detail
