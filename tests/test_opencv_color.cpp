// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Beside cv::cvtColor: the same gray and HSV bit for bit, RGB never more than 1 away, and floats as near as it is exact.

#include <lloyd/color.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <type_traits>

#include <doctest/doctest.h>
#include <opencv2/imgproc.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::image;
using lloyd::image_view;

/// The same pixels, seen by OpenCV.
template <class T, std::size_t C>
cv::Mat mat(image<T, C>& pixels) {
    constexpr int depth = std::is_same_v<T, u8> ? CV_8U : CV_32F;
    return {static_cast<int>(pixels.height()), static_cast<int>(pixels.width()),
            CV_MAKETYPE(depth, static_cast<int>(C)), pixels.data()};
}

template <std::size_t C, class T>
image<T, C> converted(image<T, 3>& from, int code) {
    image<T, C> result(from.width(), from.height());
    auto to = mat(result);
    cv::cvtColor(mat(from), to, code);
    REQUIRE(to.data == reinterpret_cast<const unsigned char*>(result.data()));
    return result;
}

/// Every triple whose last channel is `last`, of which the first is below `firsts`.
image<u8, 3> all_with(int last, int firsts = 256) {
    image<u8, 3> result(firsts, 256);
    for (std::ptrdiff_t y = 0; y < 256; ++y)
        for (std::ptrdiff_t x = 0; x < firsts; ++x) {
            result(x, y)[0] = static_cast<u8>(x);
            result(x, y)[1] = static_cast<u8>(y);
            result(x, y)[2] = static_cast<u8>(last);
        }
    return result;
}

int most_apart(const image<u8, 3>& a, const image<u8, 3>& b) {
    int most = 0;
    for (std::size_t i = 0; i < a.elements().size(); ++i)
        most = (std::max)(most, std::abs(a.elements()[i] - b.elements()[i]));
    return most;
}

TEST_CASE("gray and HSV of all colours are those of OpenCV, at every CPU level") {
    for (int blue = 0; blue < 256; ++blue) {
        auto rgb = all_with(blue);
        const auto hsv = converted<3>(rgb, cv::COLOR_RGB2HSV);
        const auto gray = converted<1>(rgb, cv::COLOR_RGB2GRAY);
        for (const auto level : cpu_levels()) {
            const cpu_limit limit(level);
            REQUIRE(same_pixels(lloyd::rgb_to_hsv(rgb), hsv));
            REQUIRE(same_pixels(lloyd::rgb_to_gray(rgb), gray));
        }
    }
}

TEST_CASE("gray and HSV of images of any size are those of OpenCV") {
    dice random;
    CAPTURE(random.seed);
    for (std::ptrdiff_t width = 1; width <= 100; ++width)
        for (const std::ptrdiff_t height : {1, 2, 7}) {
            auto rgb = random_image<3>(random, width, height);
            REQUIRE(same_pixels(lloyd::rgb_to_hsv(rgb), converted<3>(rgb, cv::COLOR_RGB2HSV)));
            REQUIRE(same_pixels(lloyd::rgb_to_gray(rgb), converted<1>(rgb, cv::COLOR_RGB2GRAY)));
        }
}

TEST_CASE("RGB of every hue, saturation and value is never more than 1 from OpenCV's") {
    int most = 0;
    for (int value = 0; value < 256; ++value) {
        auto hsv = all_with(value, 180);
        most = (std::max)(most, most_apart(lloyd::hsv_to_rgb(hsv), converted<3>(hsv, cv::COLOR_HSV2RGB)));
    }
    CHECK(most == 1);  // 0 would be too good: OpenCV's own columns differ by 1
}

TEST_CASE("floats are OpenCV's within its epsilon") {
    dice random;
    CAPTURE(random.seed);
    image<float, 3> rgb(501, 301);
    for (float& channel : rgb.elements()) channel = static_cast<float>(random.below(1 << 20)) * 0x1p-20F;
    auto ours = lloyd::rgb_to_hsv(rgb);
    const auto theirs = converted<3>(rgb, cv::COLOR_RGB2HSV), back = converted<3>(ours, cv::COLOR_HSV2RGB);
    float hue = 0, rest = 0;
    for (std::ptrdiff_t i = 0; i < 3 * rgb.size(); ++i) {
        float& most = i % 3 == 0 ? hue : rest;
        most = (std::max)(most, std::abs(ours.data()[i] - theirs.data()[i]));
    }
    CHECK(hue < 0.2F);  // its epsilon of 1.2e-7 counts beside a small max − min
    CHECK(rest < 1e-4F);
    lloyd::hsv_to_rgb(ours, ours);
    float apart = 0;
    for (std::ptrdiff_t i = 0; i < 3 * rgb.size(); ++i)
        apart = (std::max)(apart, std::abs(ours.data()[i] - back.data()[i]));
    CHECK(apart < 1e-6F);
}

}  // namespace
