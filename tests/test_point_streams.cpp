// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Where steps are few, floats of two or three channels are converted in each of them, and the last step measures as it
/// labels. That changes no bit of a result.

#include <algorithm>
#include <cstddef>
#include <string>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;

lloyd::image<double> as_doubles(lloyd::image_view<const float> data) {
    lloyd::image<double> doubles(data.width(), data.height(), data.channels());
    for (std::ptrdiff_t y = 0; y < data.height(); ++y) std::ranges::copy(data.row(y), doubles.row(y).begin());
    return doubles;
}

/// What changes if floats are converted in each step. The same numbers as doubles are converted once.
std::string difference_by_streams(lloyd::image_view<const float> data, int k, const lloyd::kmeans_options& options) {
    return difference(lloyd::kmeans(data, k, options), lloyd::kmeans(as_doubles(data), k, options));
}

}  // namespace

TEST_CASE("floats converted in each step give the same bits as doubles, which are converted once") {
    dice random;
    for (const std::ptrdiff_t channels : {2, 3})
        for (const std::ptrdiff_t n : {9, 33, 512, 513, 5'000})
            for (const float shift : {0.0F, 100.0F})
                for (const int steps : {1, 2, 7})
                    for (const int threads : {1, 3}) {
                        auto data = noise<float>(random, n, channels, 1);
                        for (float& c : data.elements()) c += shift;
                        CAPTURE(channels);
                        CAPTURE(n);
                        CAPTURE(shift);
                        CAPTURE(steps);
                        CAPTURE(threads);
                        for (const auto init : {lloyd::seeding::random, lloyd::seeding::plus_plus})
                            CHECK(difference_by_streams(data, 7,
                                                        {.init = init,
                                                         .attempts = 2,
                                                         .max_iterations = steps,
                                                         .seed = 3,
                                                         .threads = threads}) == "");
                    }
}

TEST_CASE("numbers of any size beside each other have exact sums in the first step") {
    dice random;
    for (const std::ptrdiff_t channels : {2, 3}) {
        auto data = noise<float>(random, 3'000, channels, 1);
        float factor = 1;
        for (float& c : data.elements()) {
            c *= factor;
            factor = factor < 1e-30F ? 1.0F : factor * 0.37F;
        }
        for (const int steps : {1, 3})
            CHECK(difference_by_streams(data, 5, {.max_iterations = steps, .seed = 1}) == "");
    }
}

TEST_CASE("a small number is left where large ones cancel out in the first step") {
    constexpr float little = 0x1.000002p-40F;
    lloyd::image<float> data(101, 1, 2);
    for (std::ptrdiff_t i = 0; i < data.width(); ++i)
        for (float& c : data(i, 0)) c = i == 0 ? little : i % 2 == 0 ? 1.0F : -1.0F;
    const auto found = lloyd::kmeans(data, 1, {.max_iterations = 1});
    CHECK(found.centers(0, 0)[1] == static_cast<double>(little) / 101);
    CHECK(difference_by_streams(data, 1, {.max_iterations = 1}) == "");
}

TEST_CASE("rows of images of any width are converted in each step, also those of a crop") {
    dice random;
    for (const std::ptrdiff_t width : {7, 100, 700}) {
        const auto points = noise<float>(random, width * 21, 3, 1);
        lloyd::image<float> data(width, 21, 3);
        std::ranges::copy(points.elements(), data.elements().begin());
        CAPTURE(width);
        CHECK(difference_by_streams(data, 6, {.max_iterations = 1}) == "");
        CHECK(difference_by_streams(data.crop(2, 3, width - 3, 17), 6, {.max_iterations = 2}) == "");
    }
}

TEST_CASE("one step that changes no label converges, and one that changes some does not") {
    dice random;
    const auto data = noise<float>(random, 2'000, 3, 1);
    const auto found = lloyd::kmeans(data, 4, {.max_iterations = 500, .epsilon = 0});
    REQUIRE(found.converged);
    const auto again = lloyd::kmeans(data, 4, {.max_iterations = 1, .epsilon = 0, .initial_centers = found.centers});
    CHECK(again.converged);
    CHECK(difference_by_streams(data, 4, {.max_iterations = 1, .epsilon = 0}) == "");
    CHECK_FALSE(lloyd::kmeans(data, 4, {.max_iterations = 1, .epsilon = 0}).converged);
    CHECK(difference_by_streams(data, 4, {.max_iterations = 3, .fixed_centers = found.centers}) == "");
}

TEST_CASE("weighted floats have the same bits as doubles, and so do labels of given centers") {
    dice random;
    const auto data = noise<float>(random, 3'000, 3, 1);
    const auto weights = fractional_weights(random, data.size());
    CHECK(difference_by_streams(data, 5, {.max_iterations = 2, .weights = weights}) == "");
    const auto centers = lloyd::kmeans(data, 5).centers;
    CHECK(std::ranges::equal(lloyd::assign(data, centers).elements(),
                             lloyd::assign(as_doubles(data), centers).elements()));
}
