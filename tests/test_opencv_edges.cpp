// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Beside cv::GaussianBlur and cv::Canny: the same bytes.

#include <lloyd/canny.hpp>

#include <cstddef>
#include <cstdint>

#include <doctest/doctest.h>
#include <opencv2/imgproc.hpp>

#include "sample_images.hpp"

namespace {

using namespace samples;
using lloyd::gradient_norm;
using lloyd::image;
using picture = image<u8>;

cv::Mat to_mat(const picture& photo) {
    const int type = photo.channels() == 1 ? CV_8UC1 : CV_8UC3;
    return cv::Mat(static_cast<int>(photo.height()), static_cast<int>(photo.width()), type,
                   const_cast<u8*>(photo.data()))
        .clone();
}

template <class Ours>
std::ptrdiff_t differing(const Ours& ours, const cv::Mat& theirs) {
    std::ptrdiff_t count = 0;
    for (std::ptrdiff_t y = 0; y < ours.height(); ++y) {
        const u8* row = theirs.ptr<u8>(static_cast<int>(y));
        for (const u8 element : ours.row(y)) count += element != *row++;
    }
    return count;
}

picture sample(dice& random, std::ptrdiff_t width, std::ptrdiff_t height) {
    const bool gray = random.below(2) == 0, noise = random.below(2) == 0;
    const std::ptrdiff_t levels = random.below(2) == 0 ? 256 : 2 + random.below(6);
    if (gray)
        return picture(noise ? random_image<1>(random, width, height, levels) : photo_like<1>(random, width, height));
    return picture(noise ? random_image<3>(random, width, height, levels) : photo_like<3>(random, width, height));
}

struct blur_setting {
    int size;
    double sigma;
};

void compare_blur(const picture& photo, blur_setting with) {
    CAPTURE(photo.width());
    CAPTURE(photo.height());
    CAPTURE(photo.channels());
    CAPTURE(with.size);
    CAPTURE(with.sigma);
    cv::Mat theirs;
    cv::GaussianBlur(to_mat(photo), theirs, {with.size, with.size}, with.sigma);
    REQUIRE(differing(lloyd::gaussian_blur(photo, with.size, with.sigma), theirs) == 0);
}

void compare_canny(const picture& photo, double low, double high, int aperture, gradient_norm norm, double sigma) {
    CAPTURE(photo.width());
    CAPTURE(photo.height());
    CAPTURE(photo.channels());
    CAPTURE(low);
    CAPTURE(high);
    CAPTURE(aperture);
    CAPTURE(static_cast<int>(norm));
    CAPTURE(sigma);
    cv::Mat theirs = to_mat(photo);
    if (sigma > 0) cv::GaussianBlur(to_mat(photo), theirs, {5, 5}, sigma);
    cv::Mat edges;
    cv::Canny(theirs, edges, low, high, aperture, norm == gradient_norm::l2);
    REQUIRE(differing(lloyd::canny(photo, low, high, {.sigma = sigma, .aperture = aperture, .norm = norm}), edges) ==
            0);
}

/// A few of the many ways, others each time.
void compare_some_ways(dice& random, std::ptrdiff_t width, std::ptrdiff_t height) {
    const auto photo = sample(random, width, height);
    const blur_setting blurs[] = {{3, 0}, {5, 0},    {7, 0},   {3, 0.8},  {5, 1.4}, {7, 1.5}, {0, 0.6}, {0, 1},
                                  {9, 0}, {11, 2.5}, {1, 1.0}, {5, 0.01}, {0, 2.2}, {5, 100}, {31, 0},  {13, 1.7}};
    for (int i = 0; i < 3; ++i) compare_blur(photo, blurs[random.below(16)]);
    const double scales[] = {0, 1, 7.3, 20, 60.5, 100, 150, 300, 900};
    for (const int aperture : {3, 5, 7})
        for (const auto norm : {gradient_norm::l1, gradient_norm::l2}) {
            const double factor = aperture == 3 ? 1 : aperture == 5 ? 12.3 : 161.7;
            const double a = factor * scales[random.below(9)], b = factor * scales[random.below(9)];
            compare_canny(photo, (std::min)(a, b), (std::max)(a, b), aperture, norm, random.below(2) == 0 ? 0 : 1.4);
        }
}

TEST_CASE("blurs and finds edges as OpenCV does at every size to 40x40") {
    dice random;
    CAPTURE(random.seed);
    for (std::ptrdiff_t height = 1; height <= 40; ++height)
        for (std::ptrdiff_t width = 1; width <= 40; ++width) compare_some_ways(random, width, height);
}

TEST_CASE("blurs and finds edges as OpenCV does at larger sizes that no vector divides") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t width : {41, 63, 65, 100, 127, 131, 257, 401})
        for (const std::ptrdiff_t height : {41, 67, 130, 211}) compare_some_ways(random, width, height);
}

TEST_CASE("weighs a blur of any size and sigma as OpenCV does") {
    dice random;
    CAPTURE(random.seed);
    const picture photo(random_image<1>(random, 70, 50));
    for (int size = 1; size <= 61; size += 2) {
        compare_blur(photo, {size, 0});
        for (double sigma = 0.1; sigma < 8; sigma *= 1.37) compare_blur(photo, {size, sigma});
    }
    for (double sigma = 0.05; sigma <= 170; sigma *= 1.11) compare_blur(photo, {0, sigma});
    compare_blur(photo, {1023, 170});
}

}  // namespace
