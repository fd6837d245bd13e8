// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Checks weights, and finds a unit in which they are integers or their sums cannot overflow.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/math.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// 2^-e for the e with 2^e ≤ magnitude < 2^(e+1), or 1 for 0. Times this, the magnitude is from 1 to 2, so that its
/// square neither overflows nor underflows.
inline double scale_to_one(double magnitude) {
    return magnitude == 0 ? 1 : math::ldexp(1.0, (std::min)(-exponent_of(magnitude), 1023));
}

/// The unit that a user's weights are counted in. Where weights are integer multiples of a power of two, and sum up to
/// at most 2^53 of it, that is the unit; otherwise it is a power of two near the largest weight.
struct weight_unit {
    double size = 1;
    bool integer = true;  ///< whether weights are integers in this unit

    /// A weight in this unit. It may be 0 where the weight is not: beside one that is more than 2^1000 times as large.
    double count(double weight) const { return weight / size; }
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

/// The unit of weights, one for each point; they may all be 0. Refuses another number of weights, and weights that are
/// not finite and ≥ 0.
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

/// The same, and refuses weights that are all 0.
inline weight_unit check_weights(const char* who, std::span<const double> weights, std::ptrdiff_t points) {
    const auto unit = check_each_weight(who, weights, points);
    if (!weights.empty() && std::all_of(weights.begin(), weights.end(), [](double weight) { return weight == 0; }))
        refuse(who, ": weights are all 0, but at least one must be more");
    return unit;
}

}  // namespace lloyd::inline v0::detail
