// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Refusals: one way to report a wrong argument, with and without exceptions.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include <lloyd/detail/base/open_detail.inc>

// Messages are compiled for size, and once for all numbers.
[[gnu::cold, gnu::noinline]] inline void append_text(std::string& message, const char* text) { message += text; }
[[gnu::cold, gnu::noinline]] inline void append_text(std::string& message, double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", number);
    message += text;
}
[[gnu::cold, gnu::noinline]] inline void append_number(std::string& message, bool is_negative, std::uint64_t number) {
    char text[32];
    std::snprintf(text, sizeof text, is_negative ? "-%llu" : "%llu", static_cast<unsigned long long>(number));
    message += text;
}
inline void append_text(std::string& message, std::integral auto number) {
    const auto bits = static_cast<std::uint64_t>(number);
    append_number(message, number < 0, number < 0 ? 0 - bits : bits);
}

/// Throws std::invalid_argument with the parts joined as its text. Under -fno-exceptions it prints the text to stderr
/// and aborts.
template <class... Parts>
[[noreturn, gnu::cold, gnu::noinline]] void refuse(const Parts&... parts) {
    std::string message;
    (append_text(message, parts), ...);
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
    throw std::invalid_argument(message);
#else
    std::fprintf(stderr, "%s\n", message.c_str());
    std::abort();
#endif
}

/// Tests the bits of the exponent, because -ffast-math may fold std::isfinite to true.
inline bool is_finite(double number) {
    constexpr std::uint64_t exponent = 0x7ff0'0000'0000'0000;
    std::uint64_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    return (bits & exponent) != exponent;
}

inline bool is_finite(float number) {
    constexpr std::uint32_t exponent = 0x7f80'0000;
    std::uint32_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    return (bits & exponent) != exponent;
}

}  // namespace lloyd::inline v0::detail
