// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Refusals: one way to report a wrong argument, with and without exceptions.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include <lloyd/detail/base/open_detail.inc>

/// A text or a number of a message.
class message_part {
public:
    message_part(const char* text) : kind_(kind::text), text_(text) {}
    message_part(double number) : kind_(kind::real), real_(number) {}
    message_part(std::signed_integral auto number) : kind_(kind::integer), integer_(number) {}
    message_part(std::unsigned_integral auto number) : kind_(kind::natural), natural_(number) {}

    void append_to(std::string& message) const {
        char number[32];
        switch (kind_) {
            case kind::text: message += text_; return;
            case kind::real: std::snprintf(number, sizeof number, "%.9g", real_); break;
            case kind::integer: std::snprintf(number, sizeof number, "%lld", integer_); break;
            case kind::natural: std::snprintf(number, sizeof number, "%llu", natural_); break;
        }
        message += number;
    }

private:
    enum class kind { text, real, integer, natural } kind_;
    union {
        const char* text_;
        double real_;
        long long integer_;
        unsigned long long natural_;
    };
};

// Messages are compiled for size, and joined in one place.
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_parts(const message_part* parts, std::size_t count) {
    std::string message;
    for (std::size_t i = 0; i < count; ++i) parts[i].append_to(message);
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
    throw std::invalid_argument(message);
#else
    std::fprintf(stderr, "%s\n", message.c_str());
    std::abort();
#endif
}

/// Throws std::invalid_argument with the parts joined as its text. Under -fno-exceptions it prints the text to stderr
/// and aborts.
template <class... Parts>
[[noreturn, gnu::cold, gnu::noinline]] void refuse(const Parts&... parts) {
    const message_part all[] = {parts...};
    refuse_parts(all, sizeof...(parts));
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
