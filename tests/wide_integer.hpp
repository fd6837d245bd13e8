// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A signed integer of `Words` words of 32 bits, for every compiler: not all have integers of more than 64 bits. It
/// calculates as on paper, digit by digit, in two's complement. What does not fit is cut off at the top.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace reference {

template <std::size_t Words>
class wide_integer {
public:
    wide_integer() = default;

    template <std::integral Integer>
    wide_integer(Integer value) {
        const auto bits = static_cast<std::uint64_t>(value);
        words_.fill(value < Integer{0} ? ~std::uint32_t{0} : 0);
        words_[0] = static_cast<std::uint32_t>(bits);
        words_[1] = static_cast<std::uint32_t>(bits >> 32);
    }

    /// Without what is behind the point.
    template <std::floating_point Real>
    explicit wide_integer(Real value) {
        Real left = std::trunc(std::abs(value));
        for (std::size_t i = Words; i-- > 0;) {
            const auto unit = std::ldexp(Real{1}, static_cast<int>(32 * i));
            const auto digit = std::floor(left / unit);  // a power of 2: nothing is rounded
            words_[i] = static_cast<std::uint32_t>(digit);
            left -= digit * unit;
        }
        if (value < 0) *this = -*this;
    }

    /// Rounded once, to nearest, on a tie to even.
    template <std::floating_point Real>
    explicit operator Real() const {
        const auto magnitude = *this < 0 ? -*this : *this;
        const int shift = (std::max)(magnitude.length() - std::numeric_limits<Real>::digits, 0);
        auto kept = magnitude >> shift;
        const auto twice_lost = (magnitude - (kept << shift)) << 1, unit = wide_integer(1) << shift;
        if (twice_lost > unit || (twice_lost == unit && kept.words_[0] % 2 == 1)) kept += 1;
        Real value = 0;
        for (std::size_t i = Words; i-- > 0;)
            value = value * static_cast<Real>(0x1p32) + static_cast<Real>(kept.words_[i]);
        return std::ldexp(*this < 0 ? -value : value, shift);
    }

    /// The lowest 64 bits.
    explicit operator std::uint64_t() const { return words_[0] | std::uint64_t{words_[1]} << 32; }

    friend bool operator==(const wide_integer&, const wide_integer&) = default;
    friend std::strong_ordering operator<=>(const wide_integer& a, const wide_integer& b) {
        if (a.is_negative() != b.is_negative()) return b.is_negative() <=> a.is_negative();
        for (std::size_t i = Words; i-- > 0;)
            if (a.words_[i] != b.words_[i]) return a.words_[i] <=> b.words_[i];
        return std::strong_ordering::equal;
    }

    wide_integer operator-() const {
        wide_integer result;
        for (std::size_t i = 0; i < Words; ++i) result.words_[i] = ~words_[i];
        return result += 1;
    }
    wide_integer& operator+=(const wide_integer& other) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < Words; ++i) {
            sum = (sum >> 32) + words_[i] + other.words_[i];
            words_[i] = static_cast<std::uint32_t>(sum);
        }
        return *this;
    }
    wide_integer& operator-=(const wide_integer& other) { return *this += -other; }
    wide_integer& operator*=(const wide_integer& other) { return *this = *this * other; }

    friend wide_integer operator+(wide_integer a, const wide_integer& b) { return a += b; }
    friend wide_integer operator-(wide_integer a, const wide_integer& b) { return a -= b; }
    friend wide_integer operator*(const wide_integer& a, const wide_integer& b) {
        wide_integer result;
        for (std::size_t i = 0; i < Words; ++i) {
            std::uint64_t sum = 0;
            for (std::size_t j = 0; i + j < Words; ++j) {
                sum = (sum >> 32) + std::uint64_t{a.words_[i]} * b.words_[j] + result.words_[i + j];
                result.words_[i + j] = static_cast<std::uint32_t>(sum);
            }
        }
        return result;
    }

    /// Neither number is negative, and the divisor is below half of the largest number.
    friend wide_integer operator/(const wide_integer& dividend, const wide_integer& divisor) {
        wide_integer quotient, rest;
        for (int bit = dividend.length(); bit-- > 0;) {
            rest = (rest << 1) + (dividend.words_[static_cast<std::size_t>(bit / 32)] >> bit % 32 & 1);
            quotient = quotient << 1;
            if (rest < divisor) continue;
            rest -= divisor;
            quotient += 1;
        }
        return quotient;
    }

    /// By less than all bits.
    friend wide_integer operator<<(const wide_integer& a, int bits) {
        wide_integer result;
        const auto whole = static_cast<std::size_t>(bits / 32);
        std::uint64_t digits = 0;
        for (std::size_t i = whole; i < Words; ++i) {
            digits = (digits >> 32) | std::uint64_t{a.words_[i - whole]} << bits % 32;
            result.words_[i] = static_cast<std::uint32_t>(digits);
        }
        return result;
    }
    /// By less than all bits. Zeros follow from the top.
    friend wide_integer operator>>(const wide_integer& a, int bits) {
        wide_integer result;
        const auto whole = static_cast<std::size_t>(bits / 32);
        for (std::size_t i = whole; i < Words; ++i) {
            const std::uint64_t above = i + 1 < Words ? a.words_[i + 1] : 0;
            result.words_[i - whole] = static_cast<std::uint32_t>((above << 32 | a.words_[i]) >> bits % 32);
        }
        return result;
    }

private:
    bool is_negative() const { return words_.back() >> 31 != 0; }

    /// The bits up to the highest that is set.
    int length() const {
        std::size_t top = Words - 1;
        while (top > 0 && words_[top] == 0) --top;
        return static_cast<int>(32 * (top + 1)) - std::countl_zero(words_[top]);
    }

    std::array<std::uint32_t, Words> words_{};  ///< the lowest first
};

}  // namespace reference
