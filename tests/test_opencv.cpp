// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Beside cv::kmeans: the same fixed point from the same start, and no worse a clustering from a start of our own.

#include <lloyd/kmeans.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <opencv2/core.hpp>

#include "sample_images.hpp"

namespace {

using namespace samples;
using lloyd::image;

/// One row of floats per point.
template <class T, std::size_t C>
cv::Mat to_rows(const image<T, C>& data) {
    cv::Mat rows(static_cast<int>(data.size()), static_cast<int>(data.channels()), CV_32F);
    std::ranges::transform(data.elements(), rows.ptr<float>(), [](T element) { return static_cast<float>(element); });
    return rows;
}

/// The mean of the points of each label, k×1.
template <class T, std::size_t C>
image<double> means_of(const image<T, C>& data, const cv::Mat& labels, int k) {
    image<double> means(k, 1, data.channels());
    std::vector<double> count(static_cast<std::size_t>(k));
    for (std::ptrdiff_t i = 0; i < data.size(); ++i) {
        const int label = labels.at<int>(static_cast<int>(i));
        ++count[static_cast<std::size_t>(label)];
        const auto point = data(i % data.width(), i / data.width());
        for (std::size_t c = 0; c < point.size(); ++c) means(label, 0)[c] += static_cast<double>(point[c]);
    }
    for (int j = 0; j < k; ++j)
        for (double& coordinate : means(j, 0)) coordinate /= count[static_cast<std::size_t>(j)];
    return means;
}

/// Labels every point with the nearest of k different points drawn at random. Labels drawn at random would start every
/// center near the mean of all; clusters then run empty, and what becomes of an empty one is not the same in both.
template <class T, std::size_t C>
cv::Mat draw_labels(const image<T, C>& data, int k, dice& random) {
    const auto point = [&](std::ptrdiff_t i) { return data(i % data.width(), i / data.width()); };
    std::vector<std::ptrdiff_t> seeds;
    while (seeds.size() < static_cast<std::size_t>(k)) {
        const auto drawn = random.below(data.size());
        const auto equal = [&](std::ptrdiff_t other) { return std::ranges::equal(point(drawn), point(other)); };
        if (std::ranges::none_of(seeds, equal)) seeds.push_back(drawn);
    }
    cv::Mat labels(static_cast<int>(data.size()), 1, CV_32S);
    for (std::ptrdiff_t i = 0; i < data.size(); ++i) {
        std::vector<double> distances;
        for (const auto seed : seeds) {
            double sum = 0;
            for (std::size_t c = 0; c < C; ++c)
                sum += std::pow(static_cast<double>(point(i)[c]) - static_cast<double>(point(seed)[c]), 2);
            distances.push_back(sum);
        }
        labels.at<int>(static_cast<int>(i)) = static_cast<int>(std::ranges::min_element(distances) - distances.begin());
    }
    return labels;
}

/// Runs both from the same labels until nothing moves. OpenCV sums in float32: each of n points in a cluster adds an
/// error of at most half a unit in the last place of the sum, typically √n of them; `tolerance` is for centers.
template <class T, std::size_t C>
void compare_fixed_points(const std::string& name, const image<T, C>& data, int k, dice& random, double tolerance) {
    CAPTURE(name);
    CAPTURE(k);
    cv::Mat labels = draw_labels(data, k, random), centers;
    const auto start = means_of(data, labels, k);

    const cv::TermCriteria until_settled(cv::TermCriteria::EPS | cv::TermCriteria::COUNT, 100, 0);
    const double theirs =
        cv::kmeans(to_rows(data), k, labels, until_settled, 1, cv::KMEANS_USE_INITIAL_LABELS, centers);
    const auto ours = lloyd::kmeans(data, k, {.initial_centers = start});

    REQUIRE(ours.converged);
    REQUIRE(ours.iterations < 98);  // then theirs has settled too
    CHECK(ours.compactness == doctest::Approx(theirs).epsilon(1e-5));
    double farthest = 0;
    for (int j = 0; j < k; ++j)
        for (std::ptrdiff_t c = 0; c < data.channels(); ++c) {
            const double difference = ours.centers(j, 0)[static_cast<std::size_t>(c)] -
                                      static_cast<double>(centers.at<float>(j, static_cast<int>(c)));
            farthest = (std::max)(farthest, std::abs(difference));
        }
    CHECK(farthest <= tolerance);
    const auto same =
        std::ranges::equal(ours.labels.elements(), std::vector<int>(labels.begin<int>(), labels.end<int>()));
    CHECK(same);
}

/// Points about `groups` places, some near each other, others far.
template <class T, std::size_t C>
image<T, C> groups_of_points(dice& random, std::ptrdiff_t size, std::ptrdiff_t groups, double spread, double extent) {
    image<double, C> middles(groups, 1);
    for (double& coordinate : middles.elements()) coordinate = static_cast<double>(random.below(1000)) / 1000 * extent;
    image<T, C> result(size, 1);
    for (std::ptrdiff_t i = 0; i < size; ++i) {
        const auto middle = middles(random.below(groups), 0);
        for (std::size_t c = 0; c < C; ++c)
            result(i, 0)[c] = static_cast<T>(std::clamp(middle[c] + spread * random.normal(), 0.0, extent));
    }
    return result;
}

TEST_CASE("settles where cv::kmeans settles on 8-bit data, from the same labels") {
    // Sums stay whole and below 2^24: float32 is exact, but for dividing by the count (255 · 2^-23) and for our grid.
    constexpr double tolerance = 1e-4;
    dice random;
    CAPTURE(random.seed);
    for (const int k : {1, 2, 3, 5, 8}) {
        compare_fixed_points("groups, 3 channels", groups_of_points<u8, 3>(random, 3000, 6, 14, 255), k, random,
                             tolerance);
        compare_fixed_points("groups, 1 channel", groups_of_points<u8, 1>(random, 2000, 5, 9, 255), k, random,
                             tolerance);
        compare_fixed_points("groups, 4 channels", groups_of_points<u8, 4>(random, 1500, 4, 20, 255), k, random,
                             tolerance);
        compare_fixed_points("photo", photo_like<3>(random, 48, 36), k, random, tolerance);
        compare_fixed_points("noise", random_image<3>(random, 20, 20), k, random, tolerance);
    }
}

TEST_CASE("settles where cv::kmeans settles on data of float, from the same labels") {
    // A sum of 2000 floats up to 100 is up to 2^18: half a unit in the last place is 2^-7, √2000 of them 0.35, divided
    // by the count 2e-4.
    dice random;
    CAPTURE(random.seed);
    for (const int k : {2, 4, 7}) {
        compare_fixed_points("plane", groups_of_points<float, 2>(random, 2000, 5, 6, 100), k, random, 1e-3);
        compare_fixed_points("five dimensions", groups_of_points<float, 5>(random, 1500, 6, 9, 100), k, random, 1e-3);
        compare_fixed_points("seventeen dimensions", groups_of_points<float, 17>(random, 1000, 6, 9, 100), k, random,
                             1e-3);
    }
}

TEST_CASE("is as compact as cv::kmeans with its criteria and attempts, within 2 % over a few photos") {
    // One photo alone is a matter of luck: either may miss the better of two optima in five attempts.
    constexpr int photos = 6;
    dice random;
    CAPTURE(random.seed);
    const cv::TermCriteria criteria(cv::TermCriteria::EPS | cv::TermCriteria::COUNT, 10, 1.0);
    std::vector<image<u8, 3>> pictures;
    for (int i = 0; i < photos; ++i) pictures.push_back(photo_like<3>(random, 128, 96));
    for (const int k : {3, 5, 7, 16})
        for (const auto init : {cv::KMEANS_PP_CENTERS, cv::KMEANS_RANDOM_CENTERS}) {
            double ratios = 1;
            for (int i = 0; i < photos; ++i) {
                const auto& photo = pictures[static_cast<std::size_t>(i)];
                cv::setRNGSeed(i + 1);
                cv::Mat labels, centers;
                const double theirs = cv::kmeans(to_rows(photo), k, labels, criteria, 5, init, centers);
                const auto ours = lloyd::kmeans(photo, k, {.attempts = 5, .max_iterations = 10, .epsilon = 1.0});
                ratios *= ours.compactness / theirs;
            }
            CAPTURE(k);
            CAPTURE(static_cast<int>(init));
            CHECK(std::pow(ratios, 1.0 / photos) <= 1.02);
        }
}

}  // namespace
