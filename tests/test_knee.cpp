// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Where a curve bends: each method worked by hand, then beside a plain one, then find_knee and what it refuses.

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/elbow.hpp>

#include "sample_images.hpp"

namespace {

using namespace samples;
using curve_type = std::vector<lloyd::elbow_point>;
using lloyd::suggestion;
namespace detail = lloyd::detail;

/// K from `first` on.
curve_type curve_of(const std::vector<double>& wcss, int first = 1) {
    curve_type curve;
    for (const double w : wcss) curve.push_back({first++, w});
    return curve;
}

void check(const suggestion& actual, std::optional<int> k, double strength) {
    CHECK(actual.k == k);
    CHECK(actual.strength == doctest::Approx(strength).epsilon(1e-12));
}

TEST_CASE("last_drop weighs each drop against the largest after it") {
    const double ten = std::log(10);
    check(detail::last_drop(curve_of({1000, 100, 10, 9})), 3, 1 - std::log(10.0 / 9) / ten);
    check(detail::last_drop(curve_of({64, 16, 8, 2, 1})), 4, 0.5);       // drops 2, 1, 2, 1 in powers of two
    check(detail::last_drop(curve_of({1024, 64, 32, 16, 8})), 2, 0.75);  // 4, 1, 1, 1
    check(detail::last_drop(curve_of({64, 16, 8, 4}, 5)), 6, 0.5);
}

TEST_CASE("last_drop names no K where no inner drop is larger than all after it") {
    check(detail::last_drop(curve_of({8, 4, 1})), {}, 0);
    check(detail::last_drop(curve_of({8, 4, 2, 1})), {}, 0);
    check(detail::last_drop(curve_of({5, 5, 5, 5})), {}, 0);
}

TEST_CASE("last_drop takes the lower K of two as strong") {
    check(detail::last_drop(curve_of({256, 64, 32, 32, 8, 4})), 5, 0.5);  // drops 2, 1, 0, 2, 1: the first is no larger
    check(detail::last_drop(curve_of({1024, 64, 16, 8})), 2, 0.5);        // 4, 2, 1: both K = 2 and 3 have 1/2
}

TEST_CASE("log_curvature takes the largest difference of two drops") {
    check(detail::log_curvature(curve_of({1000, 100, 10, 9})), 3, 1 - std::log(10.0 / 9) / std::log(10));
    check(detail::log_curvature(curve_of({256, 16, 4, 2})), 2, 0.5);        // drops 4, 2, 1
    check(detail::log_curvature(curve_of({1024, 64, 32, 4, 4})), 2, 0.75);  // 4, 1, 3, 0: both bends are 3
    check(detail::log_curvature(curve_of({64, 32, 8})), {}, 0);
    check(detail::log_curvature(curve_of({64, 32, 64, 32})), 2, 1);  // a rise after the bend: no more than 1
}

TEST_CASE("calinski_harabasz compares variances") {
    // (100/40 − 1)·98 = 147; 9·97/2 = 436.5; 19·96/3 = 608; 24·95/4 = 570
    check(detail::calinski_harabasz(curve_of({100, 40, 10, 5, 4}), 100), 4, 1 - 570.0 / 608);
    check(detail::calinski_harabasz(curve_of({100, 10, 9}), 100), 2, 1 - (91.0 / 9 * 97 / 2) / (9 * 98));
    check(detail::calinski_harabasz(curve_of({40, 10, 5, 4}, 2), 100), {}, 0);
    check(detail::calinski_harabasz(curve_of({100, 100, 100}), 100), {}, 0);
    check(detail::calinski_harabasz(curve_of({100, 10, 5}), 2), {}, 0);  // so many clusters as points say nothing
    check(detail::calinski_harabasz(curve_of({8, 2, 1}), std::numeric_limits<double>::infinity()), 3, 1 - 3 / 3.5);
}

TEST_CASE("kneedle measures the depth below the chord") {
    check(detail::kneedle(curve_of({100, 40, 10, 5, 4})), 3, 0.5 - 6.0 / 96);
    check(detail::kneedle(curve_of({100, 40, 10, 5, 4}, 7)), 9, 0.5 - 6.0 / 96);
    check(detail::kneedle(curve_of({100, 20, 10, 0.5, 0.25})), 2, 0.75 - 19.75 / 99.75);
    check(detail::kneedle(curve_of({9, 6, 3})), {}, 0);
    check(detail::kneedle(curve_of({9, 8, 3})), {}, 0);
    check(detail::kneedle(curve_of({9, 9, 9})), {}, 0);
}

TEST_CASE("a curve of one or two points says nothing") {
    for (const auto& curve : {curve_of({}), curve_of({9}), curve_of({9, 1})}) {
        const auto says = detail::suggestions_for(curve, 100);
        for (const auto& one : {says.last_drop, says.log_curvature, says.calinski_harabasz, says.kneedle})
            check(one, {}, 0);
        CHECK_FALSE(lloyd::find_knee(curve));
    }
}

TEST_CASE("a WCSS of 0 is a knee where the K before it has more, and K = 1 where there is nothing but it") {
    CHECK(lloyd::find_knee(curve_of({9, 1, 0})) == 3);
    CHECK(lloyd::find_knee(curve_of({9, 0, 0, 0})) == 2);
    CHECK(lloyd::find_knee(curve_of({5, 0, 0}, 4)) == 5);
    CHECK(lloyd::find_knee(curve_of({100, 1, 0.9, 0})) == 4);
    CHECK(lloyd::find_knee(curve_of({0, 0})) == 1);
    CHECK(lloyd::find_knee(curve_of({0})) == 1);
    CHECK_FALSE(lloyd::find_knee(curve_of({0}, 2)));
    CHECK_FALSE(lloyd::find_knee(curve_of({0, 0, 0}, 3)));
}

TEST_CASE("judges the curve down to what rounding leaves, and takes a factor of four for what comes after") {
    const auto curve = curve_of({6400, 400, 64, 0, 0});  // against 1: drops 4, 2.6, 6, then 2, in powers of two
    check(detail::suggestions_for(curve, 12, 1).last_drop, 4, 2.0 / 3);
    check(detail::suggestions_for(curve, 12, 1).log_curvature, 4, 2.0 / 3);
    check(detail::suggestions_for(curve, 12, 1).calinski_harabasz, 4, 1 - 99.0 / 2 * 9 / (6399.0 / 3 * 8));
    check(detail::suggestions_for(curve, 12, 1).kneedle, 2, 0.75 - 400.0 / 6400);
    check(detail::suggestions_for(curve, 12, 4).last_drop, 4, 0.5);
    check(detail::suggestions_for(curve, 12, 16).last_drop, 2, 1 - std::log(400.0 / 64) / std::log(16));
    CHECK_FALSE(detail::clear_knee(detail::suggestions_for(curve, 12, 1.01).last_drop));
}

TEST_CASE("nothing is judged where the first K fits as well as rounding lets it") {
    for (const int first : {1, 4}) {
        const auto says = detail::suggestions_for(curve_of({0.9, 0.5, 0, 0}, first), 12, 1);
        for (const auto& one : {says.last_drop, says.log_curvature, says.calinski_harabasz}) check(one, {}, 0);
    }
}

/// The rule as docs/elbow.md words it, with no thought for order or speed.
suggestion plain_last_drop(const curve_type& curve) {
    suggestion best;
    for (std::size_t i = 1; i + 1 < curve.size(); ++i) {
        const auto drop = [&](std::size_t j) { return std::log(curve[j - 1].wcss / curve[j].wcss); };
        double later = 0;
        for (std::size_t j = i + 1; j < curve.size(); ++j) later = (std::max)(later, drop(j));
        const double strength = drop(i) > 0 ? (std::max)(0.0, 1 - later / drop(i)) : 0;
        if (strength > best.strength) best = {curve[i].k, strength};
    }
    return best;
}

suggestion plain_kneedle(const curve_type& curve) {
    suggestion best;
    const auto last = curve.size() - 1;
    for (std::size_t i = 1; i < last; ++i) {
        const double x = static_cast<double>(curve[i].k - curve[0].k) / (curve[last].k - curve[0].k);
        const double y = (curve[i].wcss - curve[last].wcss) / (curve[0].wcss - curve[last].wcss);
        if (1 - y - x > best.strength) best = {curve[i].k, 1 - y - x};
    }
    return best;
}

suggestion plain_curvature(const curve_type& curve) {
    suggestion best;
    double sharpest = 0;
    for (std::size_t i = 1; i + 1 < curve.size(); ++i) {
        const double before = std::log(curve[i - 1].wcss), here = std::log(curve[i].wcss);
        const double bend = before - 2 * here + std::log(curve[i + 1].wcss);
        if (bend > sharpest) best = {curve[i].k, bend / (before - here)};
        sharpest = (std::max)(sharpest, bend);
    }
    return best;
}

suggestion plain_ratio(const curve_type& curve, double n) {
    std::vector<double> ratios;
    for (std::size_t i = 1; i < curve.size(); ++i) {
        const double between = (curve[0].wcss - curve[i].wcss) / (curve[i].k - 1);
        ratios.push_back(between / (curve[i].wcss / (n - curve[i].k)));
    }
    const auto best = std::ranges::max_element(ratios);
    const int k = static_cast<int>(best - ratios.begin()) + 2;
    const double largest = *best;
    *best = 0;
    return {k, 1 - *std::ranges::max_element(ratios) / largest};
}

TEST_CASE("judges as the plain rules do") {
    dice random;
    CAPTURE(random.seed);
    for (int round = 0; round < 1000; ++round) {
        const int first = round % 2 == 0 ? 1 : 1 + static_cast<int>(random.below(20));
        std::vector<double> wcss{1e6};
        for (auto length = 2 + random.below(12); length > 0; --length)
            wcss.push_back(wcss.back() * (0.05 + 0.001 * static_cast<double>(random.below(945))));
        const auto curve = curve_of(wcss, first);
        const auto says = detail::suggestions_for(curve, 5000);
        const auto same = [](const suggestion& a, const suggestion& b) { check(a, b.k, b.strength); };
        same(says.last_drop, plain_last_drop(curve));
        same(says.log_curvature, plain_curvature(curve));
        same(says.kneedle, plain_kneedle(curve));
        same(says.calinski_harabasz, first == 1 ? plain_ratio(curve, 5000) : suggestion{});
        const auto knee = plain_last_drop(curve);
        CHECK(lloyd::find_knee(curve) == (knee.strength >= 2.0 / 3 ? knee.k : std::nullopt));
    }
}

TEST_CASE("find_knee asks for a drop of three times any later one") {
    CHECK(lloyd::find_knee(curve_of({1000, 100, 10, 9})) == 3);
    CHECK(lloyd::find_knee(curve_of({64, 7.9, 4, 2})) == 2);
    CHECK(lloyd::find_knee(curve_of({64, 8, 4, 2})) == 2);
    CHECK_FALSE(lloyd::find_knee(curve_of({64, 8.1, 4, 2})));
}

TEST_CASE("find_knee does not depend on the unit of WCSS, nor on where K begins") {
    const std::vector<double> wcss{1000, 400, 20, 19, 17, 16};
    for (const double unit : {1.0, 1e-300, 1e300, 1e-320 / 16})
        for (const int first : {1, 5, 1000}) {
            auto scaled = wcss;
            for (double& w : scaled) w *= unit;
            CHECK(lloyd::find_knee(curve_of(scaled, first)) == first + 2);
        }
    CHECK(lloyd::find_knee(curve_of({1e308, 1e-308, 0.9e-308})) == 2);  // a quotient beyond double
}

TEST_CASE("find_knee bears a curve that rises a little") {
    CHECK(lloyd::find_knee(curve_of({1000, 400, 20, 20.5, 19, 19.5})) == 3);
    CHECK_FALSE(lloyd::find_knee(curve_of({1000, 400, 20, 60, 58, 57})));  // what rises threefold tells nothing
    CHECK_FALSE(lloyd::find_knee(curve_of({10, 11, 12, 13})));
}

TEST_CASE("find_knee refuses what is no curve") {
    const auto refused = [](curve_type curve) { return refusal([&] { lloyd::find_knee(curve); }); };
    const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
    CHECK(refused(curve_of({3, 2, 1}, 0)) == "find_knee: curve[0].k is 0, but must be at least 1");
    CHECK(refused({{1, 9}, {2, 5}, {4, 3}}) == "find_knee: curve[2].k is 4, but must be one more than 2, the k before");
    CHECK(refused({{2, 9}, {2, 5}}) == says{"curve[1].k is 2", "one more than 2"});
    CHECK(refused({{2, 9}, {1, 5}}) == says{"curve[1].k is 1"});
    CHECK(refused({{1, 9}, {std::numeric_limits<int>::min(), 5}}) == says{"curve[1].k is -2147483648"});
    CHECK(refused({{std::numeric_limits<int>::max(), 9}, {std::numeric_limits<int>::min(), 5}}) == says{"curve[1].k"});
    CHECK(refused({{1, 9}, {2, nan}, {3, 1}}) == says{"curve[1].wcss is nan", "finite and at least 0"});
    CHECK(refused({{1, infinity}}) == says{"curve[0].wcss is inf"});
    CHECK(refused({{1, 9}, {2, -1}}) == says{"curve[1].wcss is -1"});
}

}  // namespace
