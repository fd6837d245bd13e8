// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The integers that other tests calculate with: by hand, and as those of the compiler where it has them.

#include <cstdint>

#include <doctest/doctest.h>

#include "sample_images.hpp"
#include "wide_integer.hpp"

namespace {

using integer = reference::wide_integer<4>;

integer power(int exponent) { return integer(1) << exponent; }

TEST_CASE("a wide integer carries and borrows between its words") {
    CHECK(integer(0xffff'ffff) + 1 == power(32));
    CHECK(power(96) - 1 + 1 == power(96));
    CHECK(power(96) - power(96) == 0);
    CHECK(integer(-1) + 1 == 0);
    CHECK(integer(3) - power(64) == -(power(64) - 3));
    CHECK((power(96) >> 33) == power(63));
}

TEST_CASE("a wide integer multiplies and divides") {
    CHECK((power(32) - 1) * (power(32) - 1) == power(64) - power(33) + 1);
    CHECK((power(63) - 1) * (power(63) + 1) == power(126) - 1);
    CHECK((power(63) - 1) * -3 == 3 - 3 * power(63));
    CHECK((power(100) + 5) / power(90) == 1024);
    CHECK((power(100) - 1) / (power(50) + 1) == power(50) - 1);
    CHECK(integer(6) / 7 == 0);
}

TEST_CASE("wide integers are in order") {
    const integer ascending[] = {-power(64) - 1, -power(64), -1, 0, 1, power(32) - 1, power(32), power(126)};
    for (const auto& a : ascending)
        for (const auto& b : ascending) {
            CHECK((a < b) == (&a < &b));
            CHECK((a == b) == (&a == &b));
        }
}

TEST_CASE("a wide integer is the integer part of a number, and becomes the nearest one") {
    CHECK(integer(-1.75) == -1);
    CHECK(integer(0x1.8p100) == power(100) + power(99));
    CHECK(integer(-0x1p64) == -power(64));
    CHECK(static_cast<double>(-power(100)) == -0x1p100);
    CHECK(static_cast<double>(power(53) + 1) == 0x1p53);            // a tie
    CHECK(static_cast<double>(power(53) + 3) == 0x1p53 + 4);        // a tie
    CHECK(static_cast<double>(power(117) + power(64)) == 0x1p117);  // a tie
    CHECK(static_cast<double>(power(117) + power(64) + 1) == 0x1.0000000000001p117);
    CHECK(static_cast<double>(power(117) - 1) == 0x1p117);
}

#if defined(__SIZEOF_INT128__)
__extension__ typedef __int128 compilers;

integer same_as(compilers i) {
    const auto low = static_cast<std::uint64_t>(i);
    return (integer(static_cast<std::int64_t>(i >> 64)) << 64) + low;
}

/// Of any size and sign, and often all of a word's bits alike.
compilers draw(samples::dice& random) {
    const auto word = [&] {
        return random.below(3) > 0 ? random.bits() : random.below(2) == 0 ? ~std::uint64_t{0} : 0;
    };
    const auto high = static_cast<std::int64_t>(word());
    return (compilers{high} * (compilers{1} << 64) + word()) >> random.below(128);
}

TEST_CASE("a wide integer calculates as an integer of the compiler") {
    samples::dice random;
    CAPTURE(random.seed);
    for (int round = 0; round < 20000; ++round) {
        const auto a = draw(random), b = draw(random), half_a = a >> 64, half_b = b >> 64;
        const auto positive = a < 0 ? ~a : a, divisor = (b < 0 ? ~b : b) / 4 + 1;
        const int bits = static_cast<int>(random.below(128));
        REQUIRE(same_as(a / 2) + same_as(b / 2) == same_as(a / 2 + b / 2));
        REQUIRE(same_as(a / 2) - same_as(b / 2) == same_as(a / 2 - b / 2));
        REQUIRE(same_as(half_a) * same_as(half_b) == same_as(half_a * half_b));
        REQUIRE(same_as(positive) / same_as(divisor) == same_as(positive / divisor));
        REQUIRE((same_as(positive) >> bits) == same_as(positive >> bits));
        REQUIRE((same_as(positive >> bits) << bits) == same_as(positive >> bits << bits));
        REQUIRE((same_as(a) < same_as(b)) == (a < b));
        REQUIRE((same_as(a) == same_as(b)) == (a == b));
        REQUIRE(static_cast<double>(same_as(a)) == static_cast<double>(a));
        REQUIRE(static_cast<long double>(same_as(a)) == static_cast<long double>(a));
        REQUIRE(integer(static_cast<double>(a / 2)) == same_as(static_cast<compilers>(static_cast<double>(a / 2))));
    }
}
#endif

}  // namespace
