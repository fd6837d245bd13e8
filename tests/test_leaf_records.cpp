// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// An engine on the octree uses again what it found in leaves in earlier steps. Wherever centers go from step to step, it
/// must give what a new engine gives.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/cpu.hpp>
#include <lloyd/detail/kmeans/color_steps.hpp>
#include <lloyd/detail/octree/leaf_records.hpp>
#include <lloyd/detail/octree/lloyd_on_colors.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>

#include "sample_images.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::detail::buffer;

void check_equal(const lloyd::detail::lloyd_engine& kept, const lloyd::detail::lloyd_engine& fresh, std::ptrdiff_t k) {
    for (std::ptrdiff_t j = 0; j < k; ++j) {
        REQUIRE(kept.weight(j) == fresh.weight(j));
        if (kept.weight(j) == 0) continue;
        double mean[2][3];
        kept.mean(j, mean[0]);
        fresh.mean(j, mean[1]);
        REQUIRE(std::equal(mean[0], mean[0] + 3, mean[1]));
    }
}

/// One of: rest, a step of the grid, small and large steps, and a jump anywhere. Centers stay in `low` to `high`, multiples
/// of `grid`.
double moved(dice& random, double from, double low, double high, double grid) {
    const double range = high - low;
    const double steps[] = {0, 0, 0, grid, 1e-4 * range, 2e-3 * range, range};
    const double to = from + steps[random.below(7)] * (static_cast<double>(random.below(2001)) / 1000 - 1);
    return std::clamp(std::round(to / grid) * grid, low, high);
}

/// In most steps few centers move; in some all rest, all move, or all go back to where they were before the last step.
template <class Engine, class Tree>
void walk(dice& random, const lloyd::detail::point_set& points, const Tree& tree, std::ptrdiff_t k, double low,
          double high, double grid) {
    Engine kept(points, tree, k);
    buffer<double> centers(static_cast<std::size_t>(3 * k));
    for (double& x : centers) x = std::round(low + static_cast<double>(random.below(1001)) / 1000 * (high - low));
    auto before = lloyd::detail::copy_of<double>(centers.span());
    for (int step = 0; step < 40; ++step) {
        auto last = lloyd::detail::copy_of<double>(centers.span());
        const auto kind = random.below(8);
        const auto one_in = kind == 0 ? 1 : kind < 3 ? 4 : 16;
        for (std::ptrdiff_t j = 0; kind < 6 && j < k; ++j)
            for (std::ptrdiff_t c = 0; random.below(one_in) == 0 && c < 3; ++c)
                centers[3 * j + c] = moved(random, centers[3 * j + c], low, high, grid);
        if (kind == 7) std::ranges::copy(before, centers.begin());
        before = std::move(last);
        kept.assign(centers);
        Engine fresh(points, tree, k);
        fresh.assign(centers);
        check_equal(kept, fresh, k);
    }
}

void walk_on_bytes(dice& random, const lloyd::color_histogram<3>& colors, std::ptrdiff_t k, double grid) {
    lloyd::detail::thread_team alone(1, 1);
    const lloyd::detail::point_set points(colors.colors(), colors.counts());
    const auto tree = lloyd::detail::build_color_tree(colors.colors(), colors.counts(), alone);
    walk<lloyd::detail::lloyd_on_colors<>>(random, points, tree, k, 0, 255, grid);
}

void walk_on_steps(dice& random, const lloyd::color_histogram<3>& colors, std::ptrdiff_t k) {
    lloyd::detail::thread_team alone(1, 1);
    std::vector<std::int32_t> steps;
    for (std::ptrdiff_t i = 0; i < 3 * colors.size(); ++i)
        steps.push_back(colors.colors().data()[i] * 562 - 71680 + static_cast<std::int32_t>(random.below(50)));
    auto units = lloyd::detail::uninitialized_image<float, 3>(colors.size(), 1);
    std::ranges::transform(steps, units.data(), [](std::int32_t x) { return static_cast<float>(x) / 256; });
    const auto points = lloyd::detail::step_points(units, colors.counts());
    const auto tree = lloyd::detail::build_step_tree(colors.colors(), colors.counts(), steps.data(), alone);
    walk<lloyd::detail::lloyd_on_steps<>>(random, points, tree, k, -71680, 71680, 0x1p-8);
}

TEST_CASE("gives what a new engine gives, wherever centers go from step to step") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::color_histogram colors(photo_like<3>(random, 120, 90));
    const lloyd::color_histogram noise(random_image<3>(random, 100, 80));
    for (const std::ptrdiff_t k : {1, 2, 5, 64, 300}) {
        CAPTURE(k);
        walk_on_bytes(random, colors, k, 0x1p-16);
        walk_on_bytes(random, noise, k, 0x1p-16);
        walk_on_steps(random, colors, k);
        walk_on_steps(random, noise, k);
    }
}

TEST_CASE("gives what a new engine gives where many colours are ties") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::color_histogram colors(color_block());
    for (const double grid : {0.5, 1.0, 15.0}) walk_on_bytes(random, colors, 12, grid);
    const lloyd::color_histogram coarse(random_image<3>(random, 100, 80, 16));
    for (const double grid : {8.5, 17.0}) walk_on_bytes(random, coarse, 40, grid);
}

/// Centers lie on a lattice, but for shifts by one step of their grid, so that many colours are nearly as far from two or
/// more of them.
TEST_CASE("gives what a new engine gives where floats cannot decide") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::color_histogram colors(color_block());
    lloyd::detail::thread_team alone(1, 1);
    const lloyd::detail::point_set points(colors.colors(), colors.counts());
    const auto tree = lloyd::detail::build_color_tree(colors.colors(), colors.counts(), alone);
    lloyd::detail::lloyd_on_colors<> kept(points, tree, 64);
    buffer<double> centers(3 * 64);
    for (int step = 0; step < 10; ++step) {
        for (int j = 0; j < 64; ++j) {
            const int place[] = {68 + j % 4 * 8, 204 + j / 4 % 4 * 8, 11 + j / 16 * 8};
            for (int c = 0; c < 3; ++c)
                centers[3 * j + c] = place[c] + (static_cast<int>(random.below(3)) - 1) * 0x1p-16;
        }
        kept.assign(centers);
        lloyd::detail::lloyd_on_colors<> fresh(points, tree, 64);
        fresh.assign(centers);
        check_equal(kept, fresh, 64);
    }
}

TEST_CASE("gives what a new engine gives at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::color_histogram colors(photo_like<3>(random, 90, 70));
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        walk_on_bytes(random, colors, 20, 0x1p-16);
        walk_on_steps(random, colors, 20);
    }
}

/// Colours lie at 0 to 10 on one axis.
TEST_CASE("bounds how far the gaps of a leaf change") {
    const double extent[] = {10, 0, 0};
    const auto change_to = [&](double slope, double at_origin) {
        lloyd::detail::gap_change change;
        change.add({{8, 0, 0}, -31}, {{slope, 0, 0}, at_origin}, extent);
        return change.largest();
    };
    CHECK(change_to(8, -31) == 0);
    CHECK(change_to(8, -31.875) == 0.875);
    CHECK(change_to(8, -30) == 1);
    CHECK(change_to(8.0625, -31) == 0.625);
    CHECK(change_to(8.125, -31.625) == 1.25);   // by −0.625 to 0.625
    CHECK(change_to(8.0625, -31.25) == 0.625);  // by −0.25 to 0.375
    CHECK(change_to(7.9375, -31) == 0.625);
}

TEST_CASE("adds up changes of candidates towards each other") {
    const double extent[] = {10, 10, 10};
    lloyd::detail::gap_change change;
    change.add({{8, 0, 0}, -31}, {{8, 0.125, 0}, -31}, extent);
    change.add({{0, 4, 0}, 5}, {{0, 4, -0.25}, 6}, extent);
    CHECK(change.largest() == 1.25 + 1.5);  // by 0 to 1.25, and by −1.5 to 1
}

}  // namespace
