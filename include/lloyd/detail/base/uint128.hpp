// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A 128-bit unsigned integer for sums that 64 bits cannot hold, the same on every compiler. Wraps like std::uint64_t.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>

#include <lloyd/detail/base/open_detail.inc>

struct uint128 {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    constexpr uint128() = default;
    constexpr uint128(std::uint64_t value) : low(value) {}
    constexpr uint128(std::uint64_t upper, std::uint64_t lower) : high(upper), low(lower) {}

    friend constexpr auto operator<=>(const uint128&, const uint128&) = default;

    constexpr uint128& operator+=(const uint128& other) {
        low += other.low;
        high += other.high + (low < other.low);
        return *this;
    }
    constexpr uint128& operator-=(const uint128& other) {
        high -= other.high + (low < other.low);
        low -= other.low;
        return *this;
    }
    friend constexpr uint128 operator+(uint128 a, const uint128& b) { return a += b; }
    friend constexpr uint128 operator-(uint128 a, const uint128& b) { return a -= b; }

    /// Shifts by 1 to 63 bits.
    friend constexpr uint128 operator<<(const uint128& a, int bits) {
        return {a.high << bits | a.low >> (64 - bits), a.low << bits};
    }

    /// Rounded once: the top 64 bits, the lowest of them set when anything below is.
    explicit constexpr operator double() const {
        if (high == 0) return static_cast<double>(low);
        const int shift = std::countl_zero(high);
        const uint128 top = shift == 0 ? *this : *this << shift;
        const double scaled = static_cast<double>(top.high | static_cast<std::uint64_t>(top.low != 0));
        return scaled * static_cast<double>(std::uint64_t{1} << (63 - shift)) * 2;
    }
};

/// a · b in full.
constexpr uint128 multiply(std::uint64_t a, std::uint64_t b) {
    constexpr std::uint64_t half = 0xffff'ffff;
    const std::uint64_t low = (a & half) * (b & half);
    const std::uint64_t middle = (a >> 32) * (b & half) + (low >> 32);
    const std::uint64_t other = (a & half) * (b >> 32) + (middle & half);
    return {(a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32), other << 32 | (low & half)};
}

}  // namespace lloyd::inline v0::detail
