// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Somebody's first include is windows.h, complex.h or X.h, Apple's AssertMacros.h, or that of Qt, Unreal or Arduino: the
// library compiles and works among their macros, and leaves them as they are.

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <cmath>
#include <compare>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <limits>
#include <mutex>
#include <new>
#include <numbers>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <doctest/doctest.h>

#define min(a, b) windows_min
#define max(a, b) windows_max
#define small char
#define near
#define far
#define interface struct
#define RGB(r, g, b) 0
#define IN
#define OUT
#define OPTIONAL
#define ERROR 0
#define DIFFERENCE 11
#define EMPTY
#define CONST const
#define VOID void
#define TRUE 1
#define FALSE 0
#define NEAR
#define FAR
#define DELETE 1
#define I 1i
#define W 1
#define complex _Complex
#define imaginary _Imaginary
#define unix 1
#define linux 1
#define major(x) sysmacros_major
#define minor(x) sysmacros_minor

#define Success 0
#define None 0
#define Bool int
#define Status int
#define True 1
#define False 0
#define Always 2
#define Above 0
#define Below 1
#define Complex 0
#define Convex 2
#define Unsorted 0
#define GrayScale 1
#define TrueColor 4
#define CursorShape 0
#define KeyPress 2
#define Expose 12

#define check(assertion) check_of_unreal
#define verify(assertion) verify_of_unreal
#define ensure(assertion) ensure_of_unreal
#define TEXT(text) L##text
#define PI 3.14159f
#define DELTA 0.00001f
#define SMALL_NUMBER 1e-8f
#define BIG_NUMBER 3.4e38f

#define check_noerr(error) check_noerr_of_apple
#define verify_noerr(error) verify_noerr_of_apple
#define require(assertion, label) require_of_apple
#define require_noerr(error, label) require_noerr_of_apple
#define check_noexcept(x) check_noexcept_of_apple
#define nil 0
#define Nil 0
#define YES 1
#define NO 0

#define signals public
#define slots
#define emit
#define foreach(variable, container) for (variable : container)
#define forever for (;;)

#define abs(x) abs_of_arduino
#define round(x) round_of_arduino
#define constrain(x, low, high) constrain_of_arduino
#define radians(x) radians_of_arduino
#define degrees(x) degrees_of_arduino
#define sq(x) sq_of_arduino
#define bit(i) bit_of_arduino
#define bitRead(x, i) bit_read_of_arduino
#define lowByte(x) low_byte_of_arduino
#define highByte(x) high_byte_of_arduino
#define interrupts() interrupts_of_arduino
#define F(text) text_of_arduino
#define word unsigned
#define byte char
#define boolean bool
#define HIGH 1
#define LOW 0
#define INPUT 0
#define OUTPUT 1
#define DEFAULT 1
#define A0 14
#define A1 15
#define B0 0
#define B1 1
#define BIN 2
#define DEC 10
#define HEX 16

#define unused __attribute__((unused))
#define packed __attribute__((packed))
#define aligned(x) __attribute__((aligned(x)))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define countof(x) (sizeof(x) / sizeof((x)[0]))
#define swap(a, b) swap_of_user

#include <lloyd/lloyd.hpp>

#if !defined(min) || !defined(max) || !defined(small) || !defined(near) || !defined(far) || !defined(interface) ||     \
    !defined(check) || !defined(packed) || !defined(word) || !defined(abs)
#error "lloyd.hpp undefines a macro that is not its own"
#endif

#undef min
#undef max
#undef small
#undef near
#undef far
#undef interface
#undef abs
#undef swap
#undef byte
#undef word
#undef check
#undef verify
#undef packed
#undef unused

namespace {

TEST_CASE("works among the macros of windows.h, complex.h, X.h, Qt, Unreal, Arduino and Apple") {
    lloyd::image<std::uint8_t, 3> photo(4, 2);
    photo(3, 1)[0] = 200;
    const auto s = lloyd::segment(photo, 2, {.kmeans = {.attempts = 2, .threads = 2}});
    CHECK(s.shares == std::vector<double>{0.875, 0.125});
    CHECK(lloyd::recolor(s.labels, s.palette)(3, 1)[0] == 200);
    CHECK(lloyd::mask(s.labels, 1)(3, 1)[0] == 255);
    CHECK(lloyd::dither(photo, s.palette)(3, 1)[0] == 1);
    lloyd::color_histogram<3> colors(photo);
    colors.merge(colors);
    CHECK(colors.counts()[1] == 2);
    const std::vector<float> data{0, 1, 9, 10};
    const auto points = lloyd::points(data.data(), 4, 1);
    const auto result = lloyd::kmeans(points, 2, {.init = lloyd::seeding::random});
    CHECK(result.compactness == 1);
    CHECK(lloyd::elbow_sweep(points, {.k_max = 4}).knee == 2);
    CHECK(lloyd::assign(points, result.centers)(3, 0)[0] == result.labels(3, 0)[0]);
    CHECK(lloyd::select_channels<2, 1, 0>(photo)(3, 1)[2] == 200);
    CHECK(lloyd::hsv_to_rgb(lloyd::rgb_to_hsv(photo))(3, 1)[0] == 200);
    CHECK(lloyd::rgb_to_gray(photo)(3, 1)[0] == 60);
    CHECK(lloyd::lab_to_rgb<std::uint8_t>(lloyd::rgb_to_lab(photo))(3, 1)[0] == 200);
    CHECK(lloyd::oklab_to_rgb(lloyd::rgb_to_oklab(photo))(3, 1)[2] < 0.001F);
    CHECK(lloyd::find_regions(s.labels).regions.size() == 2);
    CHECK(lloyd::merge_small_regions(s.labels, 2)(3, 1)[0] == 0);
    CHECK(lloyd::outlines(lloyd::simplify(lloyd::find_borders(s.labels), 0.5)).size() == 2);
    CHECK(lloyd::active_cpu_level() >= lloyd::cpu_level::baseline);
}

TEST_CASE("the version is a macro") {
    static_assert(LLOYD_VERSION_MAJOR >= 0 && LLOYD_VERSION_MINOR >= 0 && LLOYD_VERSION_PATCH >= 0);
    CHECK(LLOYD_VERSION_MAJOR + LLOYD_VERSION_MINOR + LLOYD_VERSION_PATCH > 0);
}

}  // namespace
