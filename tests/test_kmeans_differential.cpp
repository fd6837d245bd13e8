// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Small problems of every kind, drawn at random, against exact sums: what is returned are the means of the points that
/// are there, the same bits at every CPU level, and a state that lasts.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>

#include "exact_means.hpp"
#include "reference.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using numbers = std::vector<double>;

/// A power of two between the ends of a range of exponents.
double power(dice& random, int least, int most) {
    return std::ldexp(1.0, least + static_cast<int>(random.below(most - least + 1)));
}

enum class kind { even, few, wide, shifted, count };

template <class T>
double draw_coordinate(dice& random, kind of) {
    constexpr int most = std::numeric_limits<T>::max_exponent * 3 / 4;  // beyond, weighted numbers would vanish
    switch (of) {
        case kind::few: return static_cast<double>(random.below(4)) * 60.5;
        case kind::wide:
            return std::is_integral_v<T> ? static_cast<double>(random.below(256))
                                         : random.normal() * power(random, -most, most / 8);
        case kind::shifted: return 200 + random.normal();
        default: return static_cast<double>(random.below(1000)) / 4;
    }
}

template <class T>
lloyd::image<T> draw_points(dice& random, std::ptrdiff_t n, std::ptrdiff_t channels) {
    const auto of = static_cast<kind>(random.below(static_cast<std::ptrdiff_t>(kind::count)));
    lloyd::image<T> data(n, 1, channels);
    for (T& x : data.elements()) x = to_element<T>(draw_coordinate<T>(random, of));
    return data;
}

/// None, whole ones, tenths, hardly different ones, ones of many sizes; a few of them 0.
numbers draw_weights(dice& random, std::ptrdiff_t n) {
    const auto of = random.below(5);
    numbers weights;
    for (std::ptrdiff_t i = 0; of > 0 && i < n; ++i) {
        const double number = static_cast<double>(1 + random.below(9));
        weights.push_back(of == 1   ? number
                          : of == 2 ? number / 10
                          : of == 3 ? 0.7 * (1 + number * 0x1p-52)
                                    : number * power(random, -60, 60));
        if (i > 0 && random.below(6) == 0) weights.back() = 0;
    }
    return weights;
}

/// Labels are those of the nearest center, as far as distances in long double tell; and what has no weight too.
template <class T>
std::string not_nearest(const lloyd::image<T>& data, const lloyd::kmeans_result<>& result) {
    const auto points = reference::rows_of<long double>(data),
               centers = reference::rows_of<long double>(result.centers);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto label = static_cast<std::size_t>(result.labels.elements()[i]);
        const auto own = reference::squared_distance(points[i], centers[label]);
        for (const auto& other : centers)
            if (own > reference::squared_distance(points[i], other) * (1 + 1e-14L)) return "point " + std::to_string(i);
    }
    return {};
}

template <class T>
struct problem {
    explicit problem(dice& random)
        : data(draw_points<T>(random, 1 + random.below(9), 1 + random.below(4))),
          weights(draw_weights(random, data.width())),
          k(static_cast<int>(1 + random.below(std::min(data.width(), std::ptrdiff_t{4})))) {
        options.init = random.below(2) == 0 ? lloyd::seeding::random : lloyd::seeding::plus_plus;
        options.seed = random.bits();
        options.weights = weights;
        if (random.below(3) > 0) return;
        start = start_for(random, data, k, 255);
        options.initial_centers = start;
    }
    problem(const problem&) = delete;
    problem& operator=(const problem&) = delete;

    lloyd::image<T> data;
    numbers weights;
    int k;
    lloyd::image<double> start{};
    lloyd::kmeans_options options{};
};

constexpr int problems = 4000;

TEST_CASE_TEMPLATE("returns the exact means of the points that are there, whatever came and went", T, u8, u16, float,
                   double) {
    dice random;
    CAPTURE(random.seed);
    int converged = 0;
    for (int i = 0; i < problems; ++i) {
        CAPTURE(i);
        const problem<T> p(random);
        const auto result = lloyd::kmeans(p.data, p.k, p.options);
        REQUIRE(not_nearest(p.data, result) == "");
        if (!result.converged) continue;
        ++converged;
        REQUIRE(reference::not_a_mean(p.data, p.weights, result) == "");
    }
    CHECK(converged > problems * 9 / 10);
}

TEST_CASE_TEMPLATE("stays where it has converged, to the last bit", T, u8, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (int i = 0; i < problems; ++i) {
        CAPTURE(i);
        const problem<T> p(random);
        const auto result = lloyd::kmeans(p.data, p.k, p.options);
        if (!result.converged || std::ranges::find(result.weights, 0.0) != result.weights.end()) continue;
        auto again = lloyd::kmeans(p.data, p.k, {.weights = p.weights, .initial_centers = result.centers});
        CHECK(again.iterations == 1);
        again.iterations = result.iterations;
        again.attempt = result.attempt;
        REQUIRE(difference(again, result) == "");
    }
}

TEST_CASE_TEMPLATE("gives the same bits at every CPU level for 8-bit data, and from given centers for all", T, u8, u16,
                   float, double) {
    dice random;
    CAPTURE(random.seed);
    for (int i = 0; i < problems; ++i) {
        CAPTURE(i);
        const problem<T> p(random);
        auto options = p.options;
        const auto start = some_points(random, p.data, p.k);
        if (!std::is_same_v<T, u8> && p.start.empty()) options.initial_centers = start;
        const auto result = lloyd::kmeans(p.data, p.k, options);
        for (const auto level : cpu_levels()) {
            const cpu_limit limit(level);
            REQUIRE(difference(lloyd::kmeans(p.data, p.k, options), result) == "");
        }
    }
}

TEST_CASE_TEMPLATE("points without weight change nothing", T, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (int i = 0; i < problems; ++i) {
        CAPTURE(i);
        const problem<T> p(random);
        if (p.weights.empty()) continue;
        std::vector<T> kept;
        numbers weights;
        for (std::ptrdiff_t x = 0; x < p.data.width(); ++x) {
            if (p.weights[static_cast<std::size_t>(x)] == 0) continue;
            weights.push_back(p.weights[static_cast<std::size_t>(x)]);
            kept.insert(kept.end(), p.data(x, 0).begin(), p.data(x, 0).end());
        }
        if (std::ssize(weights) < p.k) continue;
        auto options = p.options;
        options.weights = weights;
        const auto few = lloyd::kmeans(table(p.data.channels(), kept), p.k, options);
        const auto all = lloyd::kmeans(p.data, p.k, p.options);
        REQUIRE(bits_of(all.centers.elements()) == bits_of(few.centers.elements()));
        REQUIRE(bits_of(all.weights) == bits_of(few.weights));
        REQUIRE(same_pixels(all.labels, lloyd::assign(p.data, few.centers)));
    }
}

}  // namespace
