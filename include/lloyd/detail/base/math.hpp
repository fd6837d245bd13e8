// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The few functions of <cmath> that the library needs, as builtins of g++ and clang++. <cmath> itself, with the
/// special functions of C++17, would be a tenth of the compile time of lloyd.hpp.
#pragma once

#include <cstddef>

#if !defined(__GNUC__)
#include <cmath>
#endif

#include <lloyd/detail/base/open_detail.inc>

/// a / b rounded up, for a ≥ 0 and b > 0.
constexpr std::ptrdiff_t divide_up(std::ptrdiff_t a, std::ptrdiff_t b) { return (a + b - 1) / b; }

namespace math {

#if defined(__GNUC__)

inline double magnitude(double x) { return __builtin_fabs(x); }
inline double floor(double x) { return __builtin_floor(x); }
inline double nearbyint(double x) { return __builtin_nearbyint(x); }
inline double sqrt(double x) { return __builtin_sqrt(x); }
inline float sqrt(float x) { return __builtin_sqrtf(x); }
inline double exp(double x) { return __builtin_exp(x); }
inline double pow(double x, double y) { return __builtin_pow(x, y); }
inline double cbrt(double x) { return __builtin_cbrt(x); }
inline double log(double x) { return __builtin_log(x); }
inline double frexp(double x, int* exponent) { return __builtin_frexp(x, exponent); }
inline double ldexp(double x, int exponent) { return __builtin_ldexp(x, exponent); }
inline double fmod(double x, double y) { return __builtin_fmod(x, y); }
inline float fmod(float x, float y) { return __builtin_fmodf(x, y); }

#else

inline double magnitude(double x) { return std::fabs(x); }
using std::floor, std::nearbyint, std::sqrt, std::exp, std::log;
using std::fmod, std::frexp, std::ldexp, std::pow, std::cbrt;

#endif

}  // namespace math

/// The e with 2^e ≤ number < 2^(e+1), of a positive number.
inline int exponent_of(double number) {
    int exponent = 0;
    math::frexp(number, &exponent);
    return exponent - 1;
}

}  // namespace lloyd::inline v0::detail
