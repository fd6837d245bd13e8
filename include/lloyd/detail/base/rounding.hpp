// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Arithmetic on doubles with known rounding: the same bits on every CPU and with every compiler.
///
/// Where the CPU has a fused multiply-add, a compiler may use it for a · b + c, with one rounding instead of two. Where
/// that would change a result, the product goes through `rounded`. (-ffast-math, and -ffp-contract=fast of clang, still
/// fuse.)
#pragma once

#include <cstdint>
#include <cstring>

#include <lloyd/detail/base/open_detail.inc>

/// to = value, rounded to its type before it is used: a number, or each lane of a vector of the GNU dialect.
template <class Number>
[[gnu::always_inline]] inline void rounded(Number& to, const Number& value) {
    to = value;
#if defined(__GNUC__) && !defined(__clang__)
#if defined(__x86_64__)
    if constexpr (sizeof(Number) <= 16 && requires { to[0]; }) {  // g++ 12 would take such a vector apart
        asm("" : "+x,m"(to));
        return;
    }
#endif
#if __has_builtin(__builtin_assoc_barrier)
    to = __builtin_assoc_barrier(value);
#elif defined(__x86_64__)  // g++ 11
    asm("" : "+x,m"(to));
#elif defined(__aarch64__)
    asm("" : "+w,m"(to));
#else
    asm("" : "+m"(to));
#endif
#endif
}

/// a · b.
[[gnu::always_inline]] inline double rounded_product(double a, double b) {
    double product;
    rounded(product, a * b);
    return product;
}

/// sum + lost = a + b, where sum is a + b rounded (Knuth 1969, section 4.2.2, theorem B).
inline void add_exactly(double a, double b, double& sum, double& lost) {
    rounded(sum, a + b);
    double from_b;
    rounded(from_b, sum - a);
    double from_a;
    rounded(from_a, sum - from_b);
    lost = (a - from_a) + (b - from_b);
}

/// number = high + low, each of so few bits that the product of two such parts is exact (Dekker 1971).
[[gnu::always_inline]] inline void split(double number, double& high, double& low) {
    std::uint64_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    bits &= ~std::uint64_t{0x7ff'ffff};
    std::memcpy(&high, &bits, sizeof high);
    low = number - high;
}

/// a · b − product, where product is a · b rounded (Dekker 1971).
inline double lost_by_product(double a, double b, double product) {
    double a_high, a_low, b_high, b_low;
    split(a, a_high, a_low);
    split(b, b_high, b_low);
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
}

/// A number as a sum of two, the second no larger than what rounding the sum to the first loses.
struct double_double {
    double high = 0;
    double low = 0;
};

/// a / b, rounded once. b is not 0.
inline double quotient(double_double a, double_double b) {
    if (-0x1p-900 < b.high && b.high < 0x1p-900) {  // the parts of products below would vanish
        constexpr double up = 0x1p600;
        a = {a.high * up, a.low * up};
        b = {b.high * up, b.low * up};
    }
    const double first = a.high / b.high, product = rounded_product(first, b.high);
    const double left =
        ((a.high - product) - lost_by_product(first, b.high, product)) + (a.low - rounded_product(first, b.low));
    return first + left / b.high;
}

}  // namespace lloyd::inline v0::detail
