// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Somebody's first include is windows.h, complex.h or X.h: the library compiles and works among their macros, and
// leaves them as they are.

#include <algorithm>
#include <array>
#include <atomic>
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
#define B0 0
#define Success 0
#define None 0
#define Bool int
#define Status int

#include <lloyd/lloyd.hpp>

#if !defined(min) || !defined(max) || !defined(small) || !defined(near) || !defined(far) || !defined(interface)
#error "lloyd.hpp undefines a macro that is not its own"
#endif

#undef min
#undef max
#undef small
#undef near
#undef far
#undef interface

#include "instances.hpp"  // what was read among the macros is the same, and need not be compiled once more

namespace {

TEST_CASE("works among the macros of windows.h, complex.h and X.h") {
    lloyd::image<std::uint8_t, 3> photo(4, 2);
    photo(3, 1)[0] = 200;
    const auto s = lloyd::segment(photo, 2, {.kmeans = {.attempts = 2, .threads = 2}});
    CHECK(s.shares == std::vector<double>{0.875, 0.125});
    CHECK(lloyd::recolor(s.labels, s.palette)(3, 1)[0] == 200);
    CHECK(lloyd::mask(s.labels, 1)(3, 1)[0] == 255);
    lloyd::color_histogram<3> colors(photo);
    colors.merge(colors);
    CHECK(colors.counts()[1] == 2);
    const std::vector<float> data{0, 1, 9, 10};
    const auto points = lloyd::points(data.data(), 4, 1);
    const auto result = lloyd::kmeans(points, 2, {.init = lloyd::seeding::random});
    CHECK(result.compactness == 1);
    CHECK(lloyd::elbow_sweep(points, {.k_max = 4}).knee == 4);
    CHECK(lloyd::assign(points, result.centers)(3, 0)[0] == result.labels(3, 0)[0]);
    CHECK(lloyd::select_channels<2, 1, 0>(photo)(3, 1)[2] == 200);
    CHECK(lloyd::hsv_to_rgb(lloyd::rgb_to_hsv(photo))(3, 1)[0] == 200);
    CHECK(lloyd::rgb_to_gray(photo)(3, 1)[0] == 60);
    CHECK(lloyd::active_cpu_level() >= lloyd::cpu_level::baseline);
}

TEST_CASE("the version is a macro") {
    static_assert(LLOYD_VERSION_MAJOR >= 0 && LLOYD_VERSION_MINOR >= 0 && LLOYD_VERSION_PATCH >= 0);
    CHECK(LLOYD_VERSION_MAJOR + LLOYD_VERSION_MINOR + LLOYD_VERSION_PATCH > 0);
}

}  // namespace
