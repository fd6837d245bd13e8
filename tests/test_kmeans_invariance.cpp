// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What a result does not depend on: threads, layout, CPU; the data's place and scale; how weights are written.

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/cpu.hpp>
#include <lloyd/kmeans.hpp>

#include "reference.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using numbers = std::vector<double>;

numbers fractions(dice& random, std::ptrdiff_t n) {
    numbers result;
    for (std::ptrdiff_t i = 0; i < n; ++i) result.push_back(static_cast<double>(random.below(1000)) / 300);
    return result;
}

template <class Image>
void check_threads(const Image& data, lloyd::kmeans_options options) {
    const int k = 6;
    options.threads = 1;
    const auto alone = lloyd::kmeans(data, k, options);
    for (const int threads : {2, 3, 7, 0}) {
        CAPTURE(threads);
        options.threads = threads;
        CHECK(difference(lloyd::kmeans(data, k, options), alone) == "");
    }
}

TEST_CASE_TEMPLATE("gives the same bits on any number of threads", T, u8, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {3, 4}) {
        const auto data = noise<T>(random, 6501, d, 250);  // four chunks of at least 2048 points
        const auto weights = fractions(random, 6501);
        for (const auto init : {lloyd::seeding::random, lloyd::seeding::plus_plus})
            for (const int attempts : {1, 4}) {
                CAPTURE(attempts);
                check_threads(data, {.init = init, .attempts = attempts, .max_iterations = 2, .seed = random.bits()});
                check_threads(data, {.init = init,
                                     .attempts = attempts,
                                     .max_iterations = 2,
                                     .seed = random.bits(),
                                     .weights = weights});
            }
    }
}

template <class T, std::size_t C>
void check_layouts(dice& random, T filler) {
    lloyd::image<T, C> picture(61, 43);
    std::ranges::copy(noise<T>(random, 61 * 43, C, 250).elements(), picture.elements().begin());
    const auto weights = fractions(random, picture.size());
    const lloyd::kmeans_options plain{.max_iterations = 4, .seed = 5};
    const lloyd::kmeans_options weighted{.max_iterations = 4, .seed = 5, .weights = weights};
    const auto a = lloyd::kmeans(picture, 5, plain), b = lloyd::kmeans(picture, 5, weighted);
    for (const auto& placed : layouts(picture, filler)) {
        CAPTURE(placed.name);
        CHECK(difference(lloyd::kmeans(placed.view, 5, plain), a) == "");
        CHECK(difference(lloyd::kmeans(placed.view, 5, weighted), b) == "");
        const lloyd::image_view<const T> any = placed.view;
        CHECK(difference(lloyd::kmeans(any, 5, plain), a) == "");
        CHECK(difference(lloyd::kmeans(any, 5, weighted), b) == "");
    }
    auto copy = picture;
    const lloyd::image_view<T, C> writable = copy;
    CHECK(difference(lloyd::kmeans(writable, 5, plain), a) == "");
}

TEST_CASE("gives the same bits for any layout of the image") {
    dice random;
    CAPTURE(random.seed);
    check_layouts<u8, 1>(random, 201);
    check_layouts<u8, 2>(random, 201);
    check_layouts<u8, 3>(random, 201);
    check_layouts<u8, 4>(random, 201);
    check_layouts<u16, 3>(random, 65535);
    check_layouts<float, 3>(random, std::numeric_limits<float>::quiet_NaN());
    check_layouts<double, 2>(random, std::numeric_limits<double>::infinity());
}

TEST_CASE("gives the same bits at every CPU level for 8-bit data") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 2, 3, 4, 5, 32, 33, 40})
        for (const std::ptrdiff_t n : {100, 1027}) {
            CAPTURE(d);
            // Few values and centers halfway between them: ties everywhere.
            auto data = noise<u8>(random, n, d, 7);
            for (auto& element : data.elements()) element = static_cast<u8>(element * 36);
            auto start = noise<double>(random, 6, d, 13);
            for (auto& c : start.elements()) c = std::floor(c) * 18;
            const auto seed = random.bits();
            lloyd::limit_cpu_level(lloyd::cpu_level::baseline);
            const auto seeded = lloyd::kmeans(data, 6, {.attempts = 2, .max_iterations = 6, .seed = seed});
            const auto started = lloyd::kmeans(data, 6, {.max_iterations = 6, .initial_centers = start});
            lloyd::limit_cpu_level(lloyd::detail::best_cpu_level());
            for (const auto level : cpu_levels()) {
                CAPTURE(static_cast<int>(level));
                const cpu_limit limit(level);
                CHECK(difference(lloyd::kmeans(data, 6, {.attempts = 2, .max_iterations = 6, .seed = seed}), seeded) ==
                      "");
                CHECK(difference(lloyd::kmeans(data, 6, {.max_iterations = 6, .initial_centers = start}), started) ==
                      "");
                CHECK(same_pixels(lloyd::assign(data, started.centers), started.labels));
            }
        }
}

TEST_CASE("finds the same clusters at every CPU level for other data") {
    dice random;
    CAPTURE(random.seed);
    const auto data = blobs<float>(random, 3000, 4, 5, 100, 1);
    const auto start = some_points(random, data, 5);
    const auto expected = lloyd::kmeans(data, 5, {.initial_centers = start});
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        const auto result = lloyd::kmeans(data, 5, {.initial_centers = start});
        CHECK(same_pixels(result.labels, expected.labels));
        CHECK(result.compactness == doctest::Approx(expected.compactness).epsilon(1e-12));
    }
}

// ── Place and scale ──

TEST_CASE("tells two groups of three apart at any scale") {
    const auto small_float = table<float>(1, {0, 1, 2, 10, 11, 12});
    const auto small_double = table<double>(1, {0, 1, 2, 10, 11, 12});
    const auto expected = lloyd::kmeans(small_double, 2).labels;
    REQUIRE(lloyd::kmeans(small_double, 2).compactness == 4);
    for (const float scale : {1.f, 1e-30f, 1e-38f, 1e19f, 1e37f}) {
        const auto square = std::pow(static_cast<double>(scale), 2);
        const auto result = lloyd::kmeans(times(small_float, scale), 2, {.attempts = 5});
        CHECK(same_pixels(result.labels, expected));
        CHECK(result.compactness == doctest::Approx(4 * square).epsilon(1e-5));
    }
    for (const double scale : {1e-200, 1e200, 1e-307, 1e306, 1e-320}) {
        CAPTURE(scale);
        const auto data = times(small_double, scale);
        const auto result = lloyd::kmeans(data, 2, {.attempts = 5});
        CHECK(same_pixels(result.labels, expected));
        CHECK(same_pixels(lloyd::assign(data, result.centers), expected));
        CHECK(result.converged);
        CHECK(result.centers(expected(0, 0)[0], 0)[0] == data(1, 0)[0]);
        CHECK(result.centers(expected(5, 0)[0], 0)[0] == doctest::Approx(data(4, 0)[0]).epsilon(1e-15));
    }
}

TEST_CASE("scales with the data by a power of two, bit by bit") {
    dice random;
    CAPTURE(random.seed);
    const auto data = blobs<double>(random, 800, 3, 7, 100, 5);
    const lloyd::kmeans_options options{.attempts = 4, .max_iterations = 6, .seed = 9};
    auto expected = lloyd::kmeans(data, 7, options);
    for (const int power : {-900, -40, 1, 300, 1000}) {
        CAPTURE(power);
        const double scale = std::ldexp(1.0, power);
        const auto result = lloyd::kmeans(times(data, scale), 7, options);
        CHECK(same_pixels(result.labels, expected.labels));
        CHECK(result.attempt == expected.attempt);  // attempts are ranked although compactness overflows
        CHECK(result.iterations == expected.iterations);
        CHECK(elements_of(result.centers) == elements_of(times(expected.centers, scale)));
        CHECK(result.compactness == expected.compactness * scale * scale);
        const auto start = times(expected.centers, scale);
        const double epsilon = 0.01 * scale;
        const auto restarted = lloyd::kmeans(times(data, scale), 7, {.epsilon = epsilon, .initial_centers = start});
        CHECK(restarted.iterations ==
              lloyd::kmeans(data, 7, {.epsilon = 0.01, .initial_centers = expected.centers}).iterations);
    }
}

TEST_CASE("does not mind data far from the origin") {
    dice random;
    CAPTURE(random.seed);
    const auto near_origin = noise<float>(random, 10000, 2, 1);
    auto shifted = near_origin;
    for (float& coordinate : shifted.elements()) coordinate += 1e5f;
    const lloyd::kmeans_options options{.attempts = 10, .seed = 1};
    const auto a = lloyd::kmeans(near_origin, 8, options), b = lloyd::kmeans(shifted, 8, options);
    CHECK(a.compactness == doctest::Approx(212).epsilon(0.02));
    // The rounding of the data itself to steps of 2^-7 adds its variance to each coordinate.
    const double rounding = 20000 * (0x1p-14 / 12);
    CHECK(b.compactness - rounding == doctest::Approx(a.compactness).epsilon(0.01));
    const auto true_compactness = reference::compactness(
        reference::pixels_of<long double>(shifted), reference::rows_of<long double>(b.centers), elements_of(b.labels));
    CHECK(b.compactness == doctest::Approx(static_cast<double>(true_compactness)).epsilon(1e-12));
}

// ── Weights ──

/// Whether weights times 2^power change nothing but the weights and compactness returned.
template <class T>
bool same_at(const lloyd::image<T>& data, const numbers& weights, int power) {
    auto scaled = weights;
    for (double& w : scaled) w = std::ldexp(w, power);
    const auto a = lloyd::kmeans(data, 6, {.attempts = 3, .seed = 8, .weights = weights});
    const auto b = lloyd::kmeans(data, 6, {.attempts = 3, .seed = 8, .weights = scaled});
    bool same = same_pixels(a.labels, b.labels) && elements_of(a.centers) == elements_of(b.centers);
    for (std::size_t j = 0; j < 6; ++j) same = same && b.weights[j] == std::ldexp(a.weights[j], power);
    return same && a.attempt == b.attempt && a.iterations == b.iterations;
}

TEST_CASE_TEMPLATE("takes only the proportions of weights", T, u8, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {2, 4}) {
        const auto data = blobs<T>(random, 300, d, 5, 250, 25);
        auto weights = fractions(random, 300);
        for (const int power : {-900, -30, -1, 1, 10, 52, 900, 1010}) {
            CAPTURE(power);
            CHECK(same_at(data, weights, power));
        }
        for (double& w : weights) w = std::floor(w);
        for (const int power : {-1000, -30, -1, 1, 10, 52, 900, 1010}) {
            CAPTURE(power);
            CHECK(same_at(data, weights, power));
        }
    }
}

TEST_CASE_TEMPLATE("takes weights however small", T, u8, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    auto weights = fractions(random, 300);
    for (double& w : weights) w = std::floor(w);
    for (const std::ptrdiff_t d : {2, 4}) {
        const auto data = blobs<T>(random, 300, d, 5, 250, 25);
        CHECK(same_at(data, weights, -1030));
        CHECK(same_at(data, weights, -1074));
    }
}

TEST_CASE_TEMPLATE("counts weight 3 as three copies", T, u8, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 3, 4}) {
        const auto data = noise<T>(random, 200, d, 250);
        numbers weights;
        std::vector<T> copies;
        for (std::ptrdiff_t i = 0; i < 200; ++i) {
            weights.push_back(static_cast<double>(random.below(4)));
            for (double w = 0; w < weights.back(); ++w)
                copies.insert(copies.end(), data(i, 0).begin(), data(i, 0).end());
        }
        const auto copied = table<T>(d, copies);
        const auto start = some_points(random, data, 6);
        for (const bool seeded : {true, false}) {
            if (seeded && !std::is_same_v<T, u8>) continue;
            lloyd::kmeans_options options{.seed = random.bits()};
            if (!seeded) options.initial_centers = start;
            const auto of_copies = lloyd::kmeans(copied, 6, options);
            options.weights = weights;
            const auto of_weights = lloyd::kmeans(data, 6, options);
            CHECK(of_weights.weights == of_copies.weights);
            CHECK(of_weights.iterations == of_copies.iterations);
            for (std::ptrdiff_t i = 0, copy = 0; i < 200;
                 copy += static_cast<std::ptrdiff_t>(weights[static_cast<std::size_t>(i++)]))
                if (weights[static_cast<std::size_t>(i)] > 0)
                    CHECK(of_weights.labels(i, 0)[0] == of_copies.labels(copy, 0)[0]);
            if (std::is_same_v<T, u8>) {
                CHECK(bits_of(of_weights.centers.elements()) == bits_of(of_copies.centers.elements()));
                CHECK(of_weights.compactness == of_copies.compactness);
            }
            CHECK(of_weights.compactness == doctest::Approx(of_copies.compactness).epsilon(1e-12));
        }
    }
}

TEST_CASE_TEMPLATE("labels points without weight, but does not move for them", T, u8, float) {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {3, 4}) {
        auto data = blobs<T>(random, 300, d, 5, 200, 10);
        numbers weights(300, 1.0);
        for (std::size_t i = 0; i < 300; i += 3) weights[i] = 0;
        const lloyd::kmeans_options options{.seed = 4, .weights = weights};
        const auto before = lloyd::kmeans(data, 5, options);
        for (std::ptrdiff_t i = 0; i < 300; i += 3)
            for (auto& coordinate : data(i, 0)) coordinate = to_element<T>(static_cast<double>(random.below(256)));
        const auto after = lloyd::kmeans(data, 5, options);
        CHECK(elements_of(before.centers) == elements_of(after.centers));
        CHECK(before.compactness == after.compactness);
        CHECK(same_pixels(after.labels, lloyd::assign(data, after.centers)));
    }
}

}  // namespace
