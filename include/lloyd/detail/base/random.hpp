// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Random numbers that are the same with every compiler and standard library.
#pragma once

#include <cstdint>

#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/base/uint128.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// SplitMix64 (Steele, Lea and Flood 2014): 64 random bits from a counter and a mixing function.
class random_stream {
public:
    /// Streams of one seed are independent of each other.
    random_stream(std::uint64_t seed, std::uint64_t stream) : state_(mix(seed) ^ mix(~stream * golden)) {}

    std::uint64_t bits() { return mix(state_ += golden); }

    /// A whole number from 0 to total − 1: the high part of random · total. The bias is below total / 2^64. The draw
    /// scales with total: twice the total gives twice the number, so that the unit of weights does not change what is
    /// drawn.
    uint128 below(const uint128& total) {
        const auto u = bits();
        return multiply(u, total.high) + uint128(multiply(u, total.low).high);
    }

    /// Uniform in [0, total).
    double below(double total) { return rounded_product(static_cast<double>(bits() >> 11) * 0x1p-53, total); }

private:
    static constexpr std::uint64_t golden = 0x9e37'79b9'7f4a'7c15;

    static constexpr std::uint64_t mix(std::uint64_t z) {
        z = (z ^ z >> 30) * 0xbf58'476d'1ce4'e5b9;
        z = (z ^ z >> 27) * 0x94d0'49bb'1331'11eb;
        return z ^ z >> 31;
    }

    std::uint64_t state_;
};

}  // namespace lloyd::inline v0::detail
