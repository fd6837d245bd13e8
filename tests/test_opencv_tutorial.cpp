// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// What docs/tutorial.md says of OpenCV.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <lloyd/canny.hpp>
#include <lloyd/color.hpp>
#include <lloyd/kmeans.hpp>
#include <lloyd/segment.hpp>

#include "sample_images.hpp"

namespace {

using namespace samples;
using rgb_image = lloyd::image<u8, 3>;

cv::Mat to_mat(const rgb_image& photo) {
    return cv::Mat(static_cast<int>(photo.height()), static_cast<int>(photo.width()), CV_8UC3,
                   const_cast<u8*>(photo.data()))
        .clone();
}

/// What cv::kmeans returns for the pixels of a photo, in lloyd's types.
struct clustering {
    lloyd::image<double, 3> centers;
    std::vector<int> labels;
    double compactness;
};

clustering opencv_kmeans(const rgb_image& photo, int k, int max_count, double epsilon) {
    cv::Mat rows, labels, centers;
    to_mat(photo).reshape(1, static_cast<int>(photo.size())).convertTo(rows, CV_32F);
    cv::setRNGSeed(1);
    const cv::TermCriteria criteria(cv::TermCriteria::EPS | cv::TermCriteria::COUNT, max_count, epsilon);
    clustering result;
    result.compactness = cv::kmeans(rows, k, labels, criteria, 1, cv::KMEANS_PP_CENTERS, centers);
    result.centers = lloyd::image<double, 3>(k, 1);
    std::ranges::transform(centers.begin<float>(), centers.end<float>(), result.centers.data(),
                           [](float x) { return static_cast<double>(x); });
    result.labels.assign(labels.begin<int>(), labels.end<int>());
    return result;
}

double largest_difference(const lloyd::image<double, 3>& a, const lloyd::image<double, 3>& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.elements().size(); ++i)
        largest = (std::max)(largest, std::abs(a.elements()[i] - b.elements()[i]));
    return largest;
}

TEST_CASE("maxCount of cv::kmeans is one more than the number of updates") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 96, 64);
    const auto first = opencv_kmeans(photo, 4, 2, 0);
    const auto last = opencv_kmeans(photo, 4, 10, 0);
    const auto ours = lloyd::kmeans(photo, 4, {.max_iterations = 8, .initial_centers = first.centers});
    const auto one_less = lloyd::kmeans(photo, 4, {.max_iterations = 7, .initial_centers = first.centers});
    REQUIRE(!one_less.converged);
    CHECK(largest_difference(ours.centers, last.centers) < 1e-3);
    CHECK(largest_difference(one_less.centers, last.centers) > 1e-3);
    CHECK(largest_difference(first.centers, opencv_kmeans(photo, 4, 1, 0).centers) == 0);
}

TEST_CASE("labels of cv::kmeans are those of the centers before the last update") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 96, 64);
    const auto before = opencv_kmeans(photo, 5, 4, 0), last = opencv_kmeans(photo, 5, 5, 0);
    CHECK(std::ranges::equal(last.labels, lloyd::assign(photo, before.centers).elements()));
    CHECK(!std::ranges::equal(last.labels, lloyd::assign(photo, last.centers).elements()));
    const auto again = lloyd::kmeans(photo, 5, {.max_iterations = 1, .initial_centers = before.centers});
    CHECK(again.compactness < last.compactness);
}

TEST_CASE("np.uint8 truncates centers, recolor rounds them") {
    const double coordinates[] = {104.93, 107.34, 254.5};
    const lloyd::image_view<const double, 3> center(coordinates, 1, 1);
    const lloyd::image<std::uint8_t, 1> label(1, 1);
    CHECK(std::ranges::equal(lloyd::recolor(label, center).elements(), std::vector<u8>{105, 107, 255}));
}

TEST_CASE("HSV of OpenCV and of lloyd are the same bytes") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 96, 64);
    cv::Mat hsv;
    cv::cvtColor(to_mat(photo), hsv, cv::COLOR_RGB2HSV);
    CHECK(std::ranges::equal(lloyd::rgb_to_hsv(photo).elements(), cv::Mat_<u8>(hsv.reshape(1))));
}

TEST_CASE("Canny of RGB and of BGR differ where two channels are equally strong, in both libraries") {
    dice random;
    CAPTURE(random.seed);
    std::ptrdiff_t ties = 0;
    for (int i = 0; i < 200; ++i) {
        const auto photo = random_image<3>(random, 24, 24, 3);  // of few levels, so that ties are frequent
        const auto bgr = lloyd::select_channels<2, 1, 0>(photo);
        const auto ours = lloyd::canny(photo, 150, 200, {.sigma = 0}),
                   ours_bgr = lloyd::canny(bgr, 150, 200, {.sigma = 0});
        cv::Mat theirs, theirs_bgr;
        cv::Canny(to_mat(photo), theirs, 150, 200);
        cv::Canny(to_mat(bgr), theirs_bgr, 150, 200);
        CHECK(std::ranges::equal(ours.elements(), cv::Mat_<u8>(theirs)));
        CHECK(std::ranges::equal(ours_bgr.elements(), cv::Mat_<u8>(theirs_bgr)));
        ties += !same_pixels(ours, ours_bgr);
    }
    CHECK(ties > 0);
}

}  // namespace
