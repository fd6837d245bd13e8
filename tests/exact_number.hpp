// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A sum of products of any two doubles, without rounding: one long integer, in units of the smallest such product.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace reference {

class exact_number {
public:
    /// Adds a · b. Both are finite.
    void add_product(double a, double b) {
        if (a == 0 || b == 0) return;
        int exponent_a = 0, exponent_b = 0;
        const double fraction_a = std::frexp(a, &exponent_a), fraction_b = std::frexp(b, &exponent_b);
        const auto mantissa_a = static_cast<std::uint64_t>(std::ldexp(std::abs(fraction_a), 53));
        const auto mantissa_b = static_cast<std::uint64_t>(std::ldexp(std::abs(fraction_b), 53));
        // A subnormal number has an exponent below that of its lowest bit, but then so many zeros at the end.
        const auto place = static_cast<std::size_t>(exponent_a + exponent_b - 106 + lowest_place);
        constexpr std::uint64_t digit = 0xffff'ffff;
        for (const std::size_t i : {0U, 32U})
            for (const std::size_t j : {0U, 32U})
                add((mantissa_a >> i & digit) * (mantissa_b >> j & digit), place + i + j, (a < 0) != (b < 0));
    }

    /// −1, 0 or 1.
    int sign() const {
        if (words_.back() >> 63 != 0) return -1;
        for (const auto word : words_)
            if (word != 0) return 1;
        return 0;
    }

private:
    static constexpr int lowest_place = 2 * (1074 + 53);

    void add(std::uint64_t number, std::size_t place, bool negative) {
        const auto shift = place % 64;
        const std::array<std::uint64_t, 2> parts{number << shift, shift == 0 ? 0 : number >> (64 - shift)};
        const std::uint64_t one = negative ? 1 : 0;  // −x is ~x + 1
        std::uint64_t carry = one;
        for (std::size_t i = place / 64; i < words_.size(); ++i) {
            const auto j = i - place / 64;
            if (j >= parts.size() && carry == one) return;  // what is left adds 0, or −1 + 1
            const std::uint64_t part = j < parts.size() ? parts[j] : 0, more = negative ? ~part : part;
            const auto sum = words_[i] + more, all = sum + carry;
            carry = (sum < more ? 1U : 0U) + (all < sum ? 1U : 0U);
            words_[i] = all;
        }
    }

    std::array<std::uint64_t, 2 * 34 + 2 * 36> words_{};
};

}  // namespace reference
