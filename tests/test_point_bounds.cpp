// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Bounds of distances spare points their scores, and never change a label.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/detail/points/exact_nearest.hpp>
#include <lloyd/detail/points/hamerly_assignment.hpp>
#include <lloyd/detail/points/hamerly_bounds.hpp>
#include <lloyd/detail/points/nearest_center.hpp>
#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::detail::distance_bounds;
using lloyd::detail::point_set;
using lloyd::detail::point_tiles;
using lloyd::detail::points_per_tile;

TEST_CASE("gaps are no larger than differences of distances, and hardly smaller") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const float error : {1e-20F, 1e-6F, 0.5F}) {
            float best[points_per_tile], second[points_per_tile], squares[points_per_tile], gaps[points_per_tile];
            std::vector<double> nearest, next;
            for (std::size_t i = 0; i < points_per_tile; ++i) {
                squares[i] = static_cast<float>(random.below(1000)) * 1e-3F;
                best[i] = static_cast<float>(random.below(1000)) * 1e-3F - squares[i] / 2;
                second[i] = best[i] + static_cast<float>(random.below(1000)) * 1e-3F;
                nearest.push_back(static_cast<double>(squares[i]) + 2 * static_cast<double>(best[i]));
                next.push_back(static_cast<double>(squares[i]) + 2 * static_cast<double>(second[i]));
            }
            lloyd::detail::run_kernel<lloyd::detail::gap_kernel>(best, second, squares, error, gaps);
            for (std::size_t i = 0; i < points_per_tile; ++i) {
                const auto margin = static_cast<double>(error), gap = static_cast<double>(gaps[i]);
                const double farthest = std::sqrt(std::max(nearest[i], 0.0) + margin);
                const double least = std::sqrt(std::max(next[i] - margin, 0.0));
                CHECK(gap <= least - farthest);
                if (next[i] > 4 * margin) CHECK(gap >= 0.998 * least - 1.002 * farthest - 1e-3);
            }
        }
    }
}

/// One step after another over the same points.
struct stepper {
    explicit stepper(const lloyd::image<float>& data, std::ptrdiff_t k)
        : points(data), tiles(points, alone), bounds(data.width(), k, data.channels()) {
        bounds.reset();
        labels.assign(static_cast<std::size_t>(data.width()), -1);
    }

    /// Labels all points, and checks that labels are those of doubles. Returns how many points the bounds left
    /// undecided; −1: no bounds were used.
    std::ptrdiff_t step(const lloyd::image<double>& rows) {
        const auto centers = centers_of(rows);
        const lloyd::detail::center_groups groups(centers, points.channels(), tiles.middle());
        bounds.begin_step(centers, groups.fit_float());
        lloyd::detail::hamerly_assignment<> bounded(points, tiles, groups.view(), bounds, labels.data());
        lloyd::detail::exact_nearest<> exact(points, centers);
        auto found = labels;
        constexpr std::ptrdiff_t step = points_per_tile * 3;
        for (std::ptrdiff_t first = 0; first < points.size(); first += step) {
            const auto count = std::min(step, points.size() - first);
            std::int32_t some[step];
            const bool any_uncertain = bounds.in_use()
                                           ? bounded.label(first, count, some)
                                           : lloyd::detail::label_by_scores(tiles, groups, first, count, some);
            if (any_uncertain) exact.relabel_uncertain(first, std::span(some, static_cast<std::size_t>(count)));
            std::copy_n(some, count, found.begin() + first);
        }
        const auto undecided = bounded.undecided();
        bounds.end_step(undecided);
        labels = found;
        const auto expected = lloyd::detail::nearest_labels(points, centers, alone);
        CHECK(std::ranges::equal(labels, expected.elements()));
        return bounds.in_use() ? undecided : -1;
    }

    lloyd::detail::thread_team alone{1, 1};
    point_set points;
    point_tiles<> tiles;
    distance_bounds bounds;
    std::vector<std::int32_t> labels;
};

void shift(lloyd::image<double>& centers, std::ptrdiff_t first, std::ptrdiff_t last, double way) {
    for (auto j = first; j < last; ++j)
        for (double& c : centers(j, 0)) c += way;
}

TEST_CASE("bounds spare points far from other centers, and tell when centers come near") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        const std::ptrdiff_t n = 1000, k = 20;
        const auto data = blobs<float>(random, n, 64, k, 1, 0.01);
        lloyd::image<double> centers(k, 1, 64);  // a point of each blob
        for (std::ptrdiff_t j = 0; j < k; ++j) std::ranges::copy(data(j, 0), centers(j, 0).begin());
        stepper steps(data, k);
        CHECK(steps.step(centers) == -1);
        CHECK(steps.step(centers) == -1);
        CHECK(steps.step(centers) == n);
        for (int i = 0; i < 3; ++i) {
            shift(centers, 0, k, 1e-4);
            CHECK(steps.step(centers) == 0);
        }
        std::ranges::copy(centers(1, 0), centers(0, 0).begin());  // blob 0 is given up; blob 1 stands between two
        shift(centers, 0, 1, 1e-3);
        CHECK(steps.step(centers) > n / 2);
    }
}

TEST_CASE("bounds follow centers on a long way") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        const std::ptrdiff_t k = 40;
        const auto data = blobs<float>(random, 700, 32, k, 1, 0.03);
        stepper steps(data, k);
        std::ptrdiff_t spared = 0;
        for (int i = 0; i <= 60; ++i) {  // each center goes from one blob to the next
            lloyd::image<double> centers(k, 1, 32);
            for (std::ptrdiff_t j = 0; j < k; ++j)
                for (std::size_t c = 0; c < 32; ++c)
                    centers(j, 0)[c] = std::lerp(static_cast<double>(data(j, 0)[c]),
                                                 static_cast<double>(data((j + 1) % k, 0)[c]), i / 60.0);
            const auto undecided = steps.step(centers);
            spared += undecided < 0 ? 0 : data.width() - undecided;
        }
        CHECK(spared > 20 * data.width());
    }
}

TEST_CASE("bounds that spare few points are left alone for a while") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<float>(random, 500, 32, 1);
    auto centers = some_points(random, data, 40);
    stepper steps(data, 40);
    std::vector<bool> used;
    for (int i = 0; i < 24; ++i) {
        shift(centers, i % 2, 40, i % 2 == 0 ? 0.5 : -0.5);
        used.push_back(steps.step(centers) >= 0);
    }
    const std::vector<bool> expected{false, false, true,  true, false, true,  true,  false, false, true,  true,  false,
                                     false, false, false, true, true,  false, false, false, false, false, false, false};
    CHECK(used == expected);
}

TEST_CASE_TEMPLATE("with bounds every step of kmeans labels as assign does", T, std::uint16_t, float, double) {
    dice random;
    CAPTURE(random.seed);
    struct shape {
        std::ptrdiff_t n, d;
        int k;
        double spread;
    };
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const auto& of : {shape{700, 40, 30, 1}, shape{330, 300, 4, 90}, shape{64, 1100, 1, 5},
                               shape{900, 64, 17, 200}, shape{500, 33, 32, 40}}) {
            CAPTURE(of.n);
            CAPTURE(of.d);
            auto data = blobs<T>(random, of.n, of.d, 16, 1000, of.spread);
            for (std::ptrdiff_t i = 0; i < of.n / 4; ++i) std::ranges::copy(data(i, 0), data(of.n - 1 - i, 0).begin());
            const auto start = some_points(random, data, of.k);
            for (int i = 1; i <= 14; ++i) {
                const auto result = lloyd::kmeans(data, of.k, {.max_iterations = i, .initial_centers = start});
                REQUIRE(same_pixels(result.labels, lloyd::assign(data, result.centers)));
                if (result.converged) break;
            }
        }
    }
}

}  // namespace
