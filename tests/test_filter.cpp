// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Stages 1 and 2: gaussian_blur and sobel.

#include <lloyd/filter.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include "reference_edges.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::gaussian_blur;
using lloyd::gradient_norm;
using lloyd::image;
using lloyd::sobel;
using bytes = std::vector<u8>;
using shorts = std::vector<std::int16_t>;

image<u8, 1> gray(std::ptrdiff_t width, const bytes& elements) {
    image<u8, 1> result(width, std::ssize(elements) / width);
    std::ranges::copy(elements, result.data());
    return result;
}

bool same_gradients(const lloyd::sobel_gradient& a, const lloyd::sobel_gradient& b) {
    return same_pixels(a.dx, b.dx) && same_pixels(a.dy, b.dy) && same_pixels(a.magnitude, b.magnitude) &&
           a.norm == b.norm && a.aperture == b.aperture;
}

// Worked by hand

TEST_CASE("a point of light spreads over the weights of the kernel") {
    image<u8, 1> point(7, 1);
    point(3, 0)[0] = 255;
    CHECK(elements_of(gaussian_blur(point, 3, 0)) == bytes{0, 0, 64, 128, 64, 0, 0});  // 255 · 1/4, 2/4, 1/4
    CHECK(elements_of(gaussian_blur(point, 5, 0)) == bytes{0, 16, 64, 96, 64, 16, 0});
    CHECK(elements_of(gaussian_blur(point, 7, 0)) == bytes{16, 28, 56, 72, 56, 28, 16});  // its ends see it twice
    CHECK(elements_of(gaussian_blur(point, 1, 9)) == elements_of(point));
    CHECK(elements_of(gaussian_blur(point, 0, 0.05)) == elements_of(point));  // a kernel of one pixel
}

// A magnitude is largest where each pixel under the kernels is 0 or 255, by the sign of its weight in some direction.
TEST_CASE("the largest magnitudes of 8-bit pictures are those of the docs") {
    struct {
        int aperture;
        std::vector<double> derivative, smoothing;
        double scale, l1, l2;
    } const all[] = {{3, {-1, 0, 1}, {1, 2, 1}, 1, 1530, 1140.4},
                     {5, {-1, -2, 0, 2, 1}, {1, 4, 6, 4, 1}, 1, 17850, 13072.3},
                     {7, {-1, -4, -5, 0, 5, 4, 1}, {1, 6, 15, 20, 15, 6, 1}, 16, 235620, 171021.2}};
    for (const auto& of : all) {
        CAPTURE(of.aperture);
        const auto n = static_cast<std::size_t>(of.aperture);
        double l1 = 0, l2 = 0;
        for (int degrees = 0; degrees < 360; ++degrees) {
            const double across = std::cos(degrees * 3.14159265358979 / 180),
                         down = std::sin(degrees * 3.14159265358979 / 180);
            bytes pixels;
            for (std::size_t i = 0; i < n * n; ++i)
                pixels.push_back(across * of.derivative[i % n] * of.smoothing[i / n] +
                                             down * of.derivative[i / n] * of.smoothing[i % n] >
                                         0
                                     ? 255
                                     : 0);
            const auto picture = gray(of.aperture, pixels);
            const auto middle = [&](gradient_norm norm) {
                return sobel(picture, of.aperture, norm).magnitude(of.aperture / 2, of.aperture / 2)[0];
            };
            l1 = std::max(l1, of.scale * middle(gradient_norm::l1));
            l2 = std::max(l2, of.scale * std::sqrt(middle(gradient_norm::l2)));
        }
        CHECK(std::abs(l1 - of.l1) < of.scale);
        CHECK(std::abs(l2 - of.l2) < of.scale);
    }
}

TEST_CASE("a sigma whose square is 0 leaves all weight to the middle") {
    const auto row = gray(4, {0, 100, 200, 40});
    for (const double sigma : {1e-2, 1e-3, 1e-160, 1e-200, 5e-324})
        for (const int size : {0, 1, 5, 31}) CHECK(same_pixels(gaussian_blur(row, size, sigma), row));
}

TEST_CASE("the picture runs back at its edges, and its last pixel is not repeated") {
    const auto row = gray(4, {0, 100, 200, 40});
    // left: (1·100 + 2·0 + 1·100) / 4; right: (200 + 2·40 + 200) / 4
    CHECK(elements_of(gaussian_blur(row, 3, 0)) == bytes{50, 100, 135, 120});
    CHECK(elements_of(gaussian_blur(gray(1, {0, 100, 200, 40}), 3, 0)) == bytes{50, 100, 135, 120});
}

TEST_CASE("blurs each channel alone") {
    image<u8, 3> photo(3, 1);
    photo(1, 0)[0] = 200;
    photo(0, 0)[2] = 100;
    CHECK(elements_of(gaussian_blur(photo, 3, 0)) == bytes{100, 0, 50, 100, 0, 25, 100, 0, 0});
    static_assert(std::is_same_v<decltype(gaussian_blur(photo, 3, 0)), image<u8, 3>>);
}

TEST_CASE("a step to the right has dx alone, and a step down dy") {
    const auto step = sobel(gray(4, {0, 0, 10, 10, 0, 0, 10, 10}), 3, gradient_norm::l1);
    CHECK(elements_of(step.dx) == shorts{0, 40, 40, 0, 0, 40, 40, 0});
    CHECK(elements_of(step.dy) == shorts(8, 0));
    CHECK(elements_of(step.magnitude) == std::vector<std::int32_t>{0, 40, 40, 0, 0, 40, 40, 0});
    const auto down = sobel(gray(2, {0, 0, 0, 0, 10, 10, 10, 10}), 3, gradient_norm::l2);
    CHECK(elements_of(down.dy) == shorts{0, 0, 40, 40, 40, 40, 0, 0});
    CHECK(elements_of(down.magnitude) == std::vector<std::int32_t>{0, 0, 1600, 1600, 1600, 1600, 0, 0});
}

TEST_CASE("derivatives reach what is documented, with either sign") {
    const struct {
        int aperture;
        std::int16_t most;
    } limits[] = {{3, 1020}, {5, 12240}, {7, 10200}};
    image<u8, 1> step(20, 9);
    for (std::ptrdiff_t y = 0; y < 9; ++y)
        for (std::ptrdiff_t x = 10; x < 20; ++x) step(x, y)[0] = 255;
    auto inverse = step;
    for (auto& element : inverse.elements()) element = static_cast<u8>(255 - element);
    for (const auto& limit : limits) {
        CHECK(std::ranges::max(sobel(step, limit.aperture, gradient_norm::l1).dx.elements()) == limit.most);
        CHECK(std::ranges::min(sobel(inverse, limit.aperture, gradient_norm::l1).dx.elements()) == -limit.most);
    }
}

TEST_CASE("of three channels the strongest counts, and the first of equals") {
    image<u8, 3> photo(3, 1);
    photo(2, 0)[0] = 10;  // in the middle: dx 40
    photo(0, 0)[1] = 10;  // −40, as long
    photo(2, 0)[2] = 5;
    CHECK(sobel(photo, 3, gradient_norm::l1).dx(1, 0)[0] == 40);
    photo(0, 0)[1] = 11;
    CHECK(sobel(photo, 3, gradient_norm::l1).dx(1, 0)[0] == -44);
}

TEST_CASE("nothing has no gradient and no blur") {
    CHECK(gaussian_blur(image<u8, 1>(0, 5), 3, 0).height() == 5);
    CHECK(gaussian_blur(image<u8>(), 3, 0).empty());
    CHECK(sobel(image<u8, 3>(4, 0), 3, gradient_norm::l1).dx.width() == 4);
}

// Laws

TEST_CASE("weights sum up to 256, so a constant stays what it is") {
    for (const int level : {0, 1, 127, 254, 255}) {
        image<u8, 1> flat(30, 20);
        std::ranges::fill(flat.elements(), static_cast<u8>(level));
        for (const int size : {0, 1, 3, 5, 9, 31, 255, 1023})
            for (const double sigma : {0.3, 1.4, 20.0, 170.0})
                REQUIRE(same_pixels(gaussian_blur(flat, size, sigma), flat));
    }
}

TEST_CASE("layouts do not matter") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 41, 23);
    for (const auto& place : layouts(photo, u8{77})) {
        CAPTURE(place.name);
        CHECK(same_pixels(gaussian_blur(place.view, 5, 1.4), gaussian_blur(photo, 5, 1.4)));
        CHECK(same_gradients(sobel(place.view, 5, gradient_norm::l2), sobel(photo, 5, gradient_norm::l2)));
    }
}

// Oracle

TEST_CASE("blurs as the textbook does, whatever the size of the picture and the kernel, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    const struct {
        int size;
        double sigma;
    } settings[] = {{3, 0}, {5, 0}, {7, 0}, {5, 1.4}, {3, 0.5}, {7, 3}, {9, 0}, {0, 0.9}, {0, 2.3}, {31, 0}, {75, 9}};
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        CAPTURE(static_cast<int>(level));
        for (const std::ptrdiff_t width : {1, 2, 3, 5, 16, 31, 63, 64, 65, 130})
            for (const std::ptrdiff_t height : {1, 2, 4, 9})
                for (const auto& with : settings) {
                    CAPTURE(width);
                    CAPTURE(with.size);
                    const auto photo = random_image<1>(random, width, height);
                    REQUIRE(same_pixels(gaussian_blur(photo, with.size, with.sigma),
                                        reference::blur(photo, with.size, with.sigma)));
                    const auto color = random_image<3>(random, width, height);
                    REQUIRE(same_pixels(gaussian_blur(color, with.size, with.sigma),
                                        reference::blur(color, with.size, with.sigma)));
                }
    }
}

TEST_CASE("derives as the textbook does at every size to 17x17 and beyond, at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    const auto check = [&](const image<u8>& photo) {
        CAPTURE(photo.width());
        CAPTURE(photo.height());
        for (const int aperture : {3, 5, 7})
            for (const auto norm : {gradient_norm::l1, gradient_norm::l2})
                REQUIRE(same_gradients(sobel(photo, aperture, norm), reference::sobel(photo, aperture, norm)));
    };
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        CAPTURE(static_cast<int>(level));
        for (std::ptrdiff_t height = 1; height <= 17; ++height)
            for (std::ptrdiff_t width = 1; width <= 17; ++width) {
                const std::ptrdiff_t levels = random.below(2) == 0 ? 2 : 256;
                check(image<u8>(random_image<1>(random, width, height, levels)));
                check(image<u8>(random_image<3>(random, width, height, levels)));
            }
        check(image<u8>(random_image<1>(random, 203, 5, 2)));
        check(image<u8>(random_image<3>(random, 67, 5, 2)));
    }
}

// Refusals

TEST_CASE("refuses a blur that is none") {
    const image<u8, 1> photo(4, 4);
    CHECK(refusal([&] { gaussian_blur(photo, 0, 0); }) == says{"gaussian_blur", "size and sigma are both 0"});
    for (const int size : {-1, -3, 2, 4, 1022})
        CHECK(refusal([&] { gaussian_blur(photo, size, 1); }) ==
              says{"gaussian_blur", "size is " + std::to_string(size), "odd and at most 1023"});
    CHECK(refusal([&] { gaussian_blur(photo, 1025, 1); }) == says{"size is 1025", "1023"});
    for (const double sigma : {-0.1, 170.1, std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()})
        CHECK(refusal([&] { gaussian_blur(photo, 5, sigma); }) == says{"gaussian_blur", "sigma is", "0 to 170"});
}

TEST_CASE("refuses other apertures, norms and channels") {
    const image<u8, 1> photo(4, 4);
    for (const int aperture : {-3, -1, 0, 1, 2, 4, 6, 9})
        CHECK(refusal([&] { sobel(photo, aperture, gradient_norm::l1); }) ==
              says{"sobel", "aperture is " + std::to_string(aperture), "3, 5 or 7"});
    CHECK(refusal([&] { sobel(photo, 3, static_cast<gradient_norm>(2)); }) == says{"sobel", "norm is 2"});
    for (const std::ptrdiff_t channels : {2, 4, 5}) {
        const auto count = std::to_string(channels) + " channels";
        CHECK(refusal([&] { sobel(image<u8>(4, 4, channels), 3, gradient_norm::l1); }) ==
              says{"sobel", count, "1 or 3"});
        CHECK(refusal([&] { gaussian_blur(image<u8>(4, 4, channels), 3, 1); }) ==
              says{"gaussian_blur", count, "1 or 3"});
    }
}

}  // namespace
