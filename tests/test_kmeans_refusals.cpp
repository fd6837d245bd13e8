// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What kmeans and assign refuse, and that they say which parameter, its value, and what is allowed.

#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using numbers = std::vector<double>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

const auto four = table<float>(2, {0, 0, 1, 1, 2, 2, 3, 3});
const auto four_colors = table<u8>(2, {0, 0, 1, 1, 2, 2, 3, 3});

/// The message for floats; 8-bit data, which goes another way, must be refused with the same one.
std::string why(int k, const lloyd::kmeans_options& options) {
    const auto message = refusal([&] { lloyd::kmeans(four, k, options); });
    CHECK(refusal([&] { lloyd::kmeans(four_colors, k, options); }) == message);
    return message;
}

TEST_CASE("refuses k below 1 or above the number of points") {
    CHECK(why(9, {}) == "kmeans: k is 9, but there are only 4 points");
    CHECK(why(5, {}) == says{"kmeans", "k is 5", "4 points"});
    CHECK(why(0, {}) == "kmeans: k is 0, but must be 1 to 4, the number of points");
    CHECK(why(-1, {}) == says{"kmeans", "k is -1", "1 to 4"});
    CHECK(why(std::numeric_limits<int>::min(), {}) == says{"k is -2147483648"});
}

TEST_CASE("refuses data without points") {
    const lloyd::image<u8, 3> none;
    CHECK(refusal([&] { lloyd::kmeans(none, 1); }) == says{"kmeans", "no points"});
    CHECK(refusal([&] { lloyd::kmeans(lloyd::image<float>(), 1); }) == says{"kmeans", "no points"});
    CHECK(refusal([&] { lloyd::kmeans(lloyd::image<double, 2>(0, 5), 1); }) == says{"kmeans", "no points"});
    CHECK(refusal([&] { lloyd::kmeans(lloyd::points(four.data(), 0, 2), 0); }) == says{"kmeans", "no points"});
    CHECK(refusal([&] { lloyd::kmeans(lloyd::points(four.data(), 4, 0), 1); }) == says{"points", "d is 0"});
}

TEST_CASE("refuses options out of range") {
    CHECK(why(2, {.attempts = 0}) == says{"kmeans", "attempts is 0", "at least 1"});
    CHECK(why(2, {.attempts = -3}) == says{"attempts is -3"});
    CHECK(why(2, {.max_iterations = 0}) == says{"kmeans", "max_iterations is 0", "at least 1"});
    CHECK(why(2, {.max_iterations = -1}) == says{"max_iterations is -1"});
    CHECK(why(2, {.epsilon = nan}) == says{"kmeans", "epsilon is", "nan", "finite"});
    CHECK(why(2, {.epsilon = infinity}) == says{"epsilon is inf"});
    CHECK(why(2, {.epsilon = -1e-9}) == says{"epsilon is -1e-09", "at least 0"});
    CHECK(why(2, {.threads = -1}) == says{"kmeans", "threads is -1", "at least 0"});
    CHECK(why(2, {.init = static_cast<lloyd::seeding>(7)}) == says{"kmeans", "init is 7"});
}

TEST_CASE("takes options at the ends of their ranges") {
    constexpr int most = std::numeric_limits<int>::max();
    CHECK(why(4, {}) == "(not refused)");
    CHECK(why(2, {.max_iterations = most,
                  .epsilon = std::numeric_limits<double>::max(),
                  .seed = std::numeric_limits<std::uint64_t>::max()}) == "(not refused)");
    CHECK(why(1, {.threads = most}) == "(not refused)");
}

TEST_CASE("refuses weights of another number, negative, not finite, or all 0") {
    const auto weigh = [](const numbers& weights) { return why(2, {.weights = weights}); };
    CHECK(weigh({1, 1, 1}) == says{"kmeans", "weights", "3", "4 points"});
    CHECK(weigh({1, 1, 1, 1, 1}) == says{"weights", "5", "4 points"});
    CHECK(weigh({1, 1, -0.5, 1}) == says{"kmeans", "weights[2] is -0.5", "at least 0"});
    CHECK(weigh({1, nan, 1, 1}) == says{"weights[1] is", "nan"});
    CHECK(weigh({infinity, 1, 1, 1}) == says{"weights[0] is inf"});
    CHECK(weigh({1, 1, 1, -infinity}) == says{"weights[3] is -inf"});
    CHECK(weigh({0, 0, 0, 0}) == says{"kmeans", "weights", "all 0"});
    CHECK(weigh({0, 0, -0.0, 5e-324}) == "(not refused)");
}

TEST_CASE("refuses initial centers of another number or kind, or not finite") {
    const auto start = [](std::ptrdiff_t channels, const numbers& coordinates, int attempts = 1) {
        const auto centers = table<double>(channels, coordinates);
        return why(2, {.attempts = attempts, .initial_centers = centers});
    };
    CHECK(start(2, {0, 0}) == says{"kmeans", "initial_centers", "1", "k is 2"});
    CHECK(start(2, {0, 0, 1, 1, 2, 2}) == says{"initial_centers", "3", "k is 2"});
    CHECK(start(1, {0, 0}) == says{"kmeans", "initial_centers", "1 channel", "2"});
    CHECK(start(3, {0, 0, 0, 1, 1, 1}) == says{"initial_centers", "3 channels", "2"});
    CHECK(start(2, {0, 0, 1, nan}) == says{"kmeans", "initial_centers 1, channel 1", "nan"});
    CHECK(start(2, {-infinity, 0, 1, 1}) == says{"initial_centers 0, channel 0", "inf"});
    CHECK(start(2, {0, 0, 1, 1}, 2) == says{"kmeans", "attempts is 2", "initial_centers"});
    CHECK(start(2, {0, 0, 1, 1}) == "(not refused)");
}

TEST_CASE("refuses fixed centers of another number or kind, not finite, or other than the initial ones begin") {
    const auto fix = [](std::ptrdiff_t channels, const numbers& coordinates) {
        const auto centers = table<double>(channels, coordinates);
        return why(2, {.fixed_centers = centers});
    };
    CHECK(fix(2, {0, 0, 1, 1, 2, 2}) == says{"kmeans", "fixed_centers has 3 centers", "k is 2"});
    CHECK(fix(1, {0, 0}) == says{"kmeans", "fixed_centers", "1 channel", "2"});
    CHECK(fix(2, {0, 0, 1, nan}) == says{"kmeans", "fixed_centers 1, channel 1", "nan"});
    CHECK(fix(2, {infinity, 0}) == says{"fixed_centers 0, channel 0", "inf"});
    CHECK(fix(2, {0, 0}) == "(not refused)");
    CHECK(fix(2, {0, 0, 0, 0}) == "(not refused)");
    const auto one = table<double>(2, {0, 1}), two = table<double>(2, {0, 1, 2, 2}),
               other = table<double>(2, {0, 2, 1, 1});
    CHECK(why(2, {.initial_centers = other, .fixed_centers = one}) ==
          "kmeans: initial_centers 0, channel 1, is 2, but must be 1 as in fixed_centers");
    CHECK(why(2, {.initial_centers = two, .fixed_centers = one}) == "(not refused)");
    CHECK(why(2, {.attempts = 3, .fixed_centers = one}) == "(not refused)");
}

template <class T>
void check_not_finite(T value, const std::string& word) {
    for (const std::ptrdiff_t spoilt : {0, 1, 5, 34, 59}) {
        lloyd::image<T, 3> picture(5, 4);
        picture.elements()[static_cast<std::size_t>(spoilt)] = value;
        const auto point = "point " + std::to_string(spoilt / 3), channel = "channel " + std::to_string(spoilt % 3);
        int calls = 0;
        const lloyd::kmeans_options options{.progress = [&](const auto&) { return ++calls > 0; }};
        for (const auto& placed : layouts(picture, T{1})) {
            CHECK(refusal([&] { lloyd::kmeans(placed.view, 2, options); }) ==
                  says{"kmeans", point + ",", channel, word});
            const auto centers = table<double>(3, {0, 0, 0});
            CHECK(refusal([&] { lloyd::assign(placed.view, centers); }) == says{"assign", point + ",", channel, word});
        }
        CHECK(calls == 0);
    }
}

TEST_CASE("refuses data that is not finite, naming point and channel, before any work") {
    check_not_finite(std::numeric_limits<float>::quiet_NaN(), "nan");
    check_not_finite(-std::numeric_limits<float>::quiet_NaN(), "nan");
    check_not_finite(std::numeric_limits<float>::infinity(), "inf");
    check_not_finite(-std::numeric_limits<float>::infinity(), "-inf");
    check_not_finite(std::numeric_limits<double>::signaling_NaN(), "nan");
    check_not_finite(nan, "nan");
    check_not_finite(-infinity, "-inf");
}

TEST_CASE("takes the largest and the smallest finite numbers") {
    for (const double top : {0x1.fffffep127, std::numeric_limits<double>::max()}) {
        const auto data = table<double>(1, {-top, top, top, 0});
        const auto result = lloyd::kmeans(data, 3);
        CHECK(result.compactness == 0);
        CHECK(result.labels(1, 0)[0] == result.labels(2, 0)[0]);
        CHECK(result.centers(result.labels(1, 0)[0], 0)[0] == top);
    }
    const auto tiny = table<double>(1, {0, 5e-324, 1e-323, 0});
    const auto result = lloyd::kmeans(tiny, 3);
    CHECK(result.compactness == 0);
    CHECK(result.centers(result.labels(1, 0)[0], 0)[0] == 5e-324);
    CHECK(result.centers(result.labels(2, 0)[0], 0)[0] == 1e-323);
}

TEST_CASE("names the first of several that are not finite") {
    auto data = table<double>(2, {0, 0, 0, infinity, nan, 0});
    CHECK(refusal([&] { lloyd::kmeans(data, 1); }) == says{"point 1, channel 1", "inf"});
}

TEST_CASE("assign refuses what it cannot compare") {
    const auto centers = table<double>(2, {0, 0});
    CHECK(refusal([&] { lloyd::assign(lloyd::image<float, 2>(), centers); }) == says{"assign", "no points"});
    CHECK(refusal([&] { lloyd::assign(four, lloyd::image<double>()); }) == says{"assign", "centers"});
    CHECK(refusal([&] { lloyd::assign(four, lloyd::image<double, 2>()); }) == says{"assign", "centers"});
    CHECK(refusal([&] {
              lloyd::assign(four, table<double>(3, {0, 0, 0}));
          }) == says{"assign", "centers", "3 channels", "2"});
    CHECK(refusal([&] { lloyd::assign(four_colors, table<double>(1, {0})); }) ==
          says{"assign", "centers", "1 channel", "2"});
    CHECK(refusal([&] {
              lloyd::assign(four_colors, table<double>(2, {0, 0, 0, nan}));
          }) == says{"assign", "centers 1, channel 1", "nan"});
    CHECK(refusal([&] {
              lloyd::assign(four, table<double>(2, {infinity, 0}));
          }) == says{"centers 0, channel 0", "inf"});
}

}  // namespace
