// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Colours in spaces of steps of 2^-8 are clustered box by box: everything must be what the plain steps give, bit for bit.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/cpu.hpp>
#include <lloyd/detail/kmeans/color_steps.hpp>
#include <lloyd/detail/kmeans/dispatch.hpp>
#include <lloyd/detail/octree/step_seeding.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>
#include <lloyd/detail/points/point_seeding.hpp>
#include <lloyd/detail/segments/space_coordinates.hpp>
#include <lloyd/kmeans.hpp>

#include "sample_images.hpp"
#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::detail::attempt_result;
using lloyd::detail::buffer;
using lloyd::detail::uint128;

using steps_type = std::vector<std::int32_t>;  // three for each colour

/// Σ weight · squared distance to the center of each label, exact but for one rounding. Centers are in steps.
double exact_compactness(const steps_type& steps, std::span<const double> weights, const attempt_result& clusters) {
    uint128 sum;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        std::uint64_t distance = 0;  // in squared steps of the grid
        for (std::size_t c = 0; c < 3; ++c) {
            const double center = clusters.centers[static_cast<std::size_t>(clusters.labels.data()[i]) * 3 + c];
            const auto difference = std::int64_t{steps[3 * i + c]} * 256 - static_cast<std::int64_t>(center * 256);
            distance += static_cast<std::uint64_t>(difference * difference);
        }
        sum += lloyd::detail::multiply(static_cast<std::uint64_t>(weights[i]), distance);
    }
    return static_cast<double>(sum) / 0x1p32;
}

lloyd::image<float, 3> units_of(const steps_type& steps) {
    auto units = lloyd::detail::uninitialized_image<float, 3>(std::ssize(steps) / 3, 1);
    for (std::size_t i = 0; i < steps.size(); ++i) units.elements()[i] = static_cast<float>(steps[i]) / 256;
    return units;
}

/// Compares box by box with point by point; `centers` and `fixed` are in units.
void compare_weighted(const lloyd::color_histogram<3>& colors, std::span<const double> weights, const steps_type& steps,
                      int k, const lloyd::kmeans_options& options, const std::vector<double>& centers = {},
                      const std::vector<double>& fixed = {}) {
    lloyd::detail::thread_team team(options.threads, 8);
    const auto units = units_of(steps);
    const auto points = lloyd::detail::step_points(units, weights);
    lloyd::detail::first_centers start{lloyd::detail::copy_of(std::span<const double>(centers)),
                                       lloyd::detail::copy_of(std::span<const double>(fixed))};
    start.scale(256);

    const auto tree = lloyd::detail::build_step_tree(colors.colors(), weights, steps.data(), team);
    auto boxes = lloyd::detail::cluster_boxes<lloyd::detail::lloyd_on_steps<>>(points, tree, k, options, start, team);
    boxes.labels = lloyd::detail::label_colors(tree, boxes.centers, 3);
    const auto plain = lloyd::detail::cluster(points, k, options, start, team);
    CHECK(boxes.iterations == plain.iterations);
    CHECK(boxes.attempt == plain.attempt);
    CHECK(boxes.converged == plain.converged);
    CHECK(boxes.weights == plain.weights);
    CHECK(std::ranges::equal(boxes.centers, plain.centers));
    CHECK(std::ranges::equal(boxes.labels.elements(), plain.labels.elements()));
    CHECK(boxes.compactness == 65536 * exact_compactness(steps, weights, boxes));
    CHECK(plain.compactness == doctest::Approx(boxes.compactness).epsilon(1e-13));
}

void compare(const lloyd::color_histogram<3>& colors, const steps_type& steps, int k,
             const lloyd::kmeans_options& options, const std::vector<double>& centers = {},
             const std::vector<double>& fixed = {}) {
    compare_weighted(colors, colors.counts(), steps, k, options, centers, fixed);
}

using space_type = std::function<std::array<double, 3>(std::array<u8, 3>)>;

steps_type steps_of(const lloyd::color_histogram<3>& colors, const space_type& space) {
    steps_type steps;
    for (std::ptrdiff_t i = 0; i < colors.size(); ++i) {
        const auto color = colors.colors()(i, 0);
        for (const double x : space({color[0], color[1], color[2]}))
            steps.push_back(static_cast<std::int32_t>(x * 256));
    }
    return steps;
}

std::array<double, 3> cone(std::array<u8, 3> color) {
    std::int32_t steps[3];
    lloyd::detail::cone_steps(lloyd::image_view<const u8, 3>(color.data(), 1, 1), steps);
    return {steps[0] / 256.0, steps[1] / 256.0, steps[2] / 256.0};
}

/// Whole units, where ties are frequent.
std::array<double, 3> shifted(std::array<u8, 3> color) {
    return {color[0] - 128.0, color[1] - 100.0, color[2] - 250.0};
}

/// From one end of the range to the other.
std::array<double, 3> extreme(std::array<u8, 3> color) {
    return {color[0] * (560 / 255.0) - 280, 280 - color[1] * (560 / 255.0), color[2] < 128 ? -280.0 : 280.0};
}

/// Neighbours lie anywhere, far from each other.
std::array<double, 3> scattered(std::array<u8, 3> color) {
    const auto hash =
        (color[0] * 0x9e3779b97f4a7c15 ^ color[1] * 0xc2b2ae3d27d4eb4f ^ color[2] * 0x165667b19e3779f9) >> 7;
    const auto part = [&](int bits) { return static_cast<double>(hash >> bits & 0xffff) / 256.0 - 128; };
    return {part(0), part(16), part(32)};
}

const space_type spaces[] = {cone, shifted, extreme, scattered};

TEST_CASE("gives box by box the bits of the plain steps, whatever the space, the seeding and k") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::image<u8, 3> photos[] = {photo_like<3>(random, 60, 40), random_image<3>(random, 30, 25)};
    for (const auto& photo : photos) {
        const lloyd::color_histogram colors(photo);
        for (const auto& space : spaces)
            for (const auto init : {lloyd::seeding::plus_plus, lloyd::seeding::random})
                for (const int k : {1, 2, 3, 8, 17, 65, 256}) {
                    CAPTURE(k);
                    const lloyd::kmeans_options options{
                        .init = init, .attempts = 2, .max_iterations = 12, .seed = random.bits()};
                    compare(colors, steps_of(colors, space), k, options);
                }
    }
}

TEST_CASE("gives box by box the bits of the plain steps on any number of threads") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::color_histogram colors(photo_like<3>(random, 70, 60));
    for (const int threads : {2, 3})
        for (const int attempts : {1, 5})
            for (const auto& space : spaces)
                compare(colors, steps_of(colors, space), 7, {.attempts = attempts, .threads = threads});
}

TEST_CASE("gives box by box the bits of the plain steps at every CPU level") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::color_histogram colors(random_image<3>(random, 80, 50));
    for (const auto level : cpu_levels()) {
        CAPTURE(static_cast<int>(level));
        const cpu_limit limit(level);
        for (const auto& space : spaces) {
            compare(colors, steps_of(colors, space), 9, {.max_iterations = 30});
            compare(colors, steps_of(colors, space), 70, {.max_iterations = 5});
        }
    }
}

TEST_CASE("gives the bits of the plain steps where colours lie dense, and many are ties") {
    const lloyd::color_histogram colors(color_block());
    for (const auto& space : spaces) {
        const auto steps = steps_of(colors, space);
        compare(colors, steps, 3, {.max_iterations = 6});
        compare(colors, steps, 12, {.init = lloyd::seeding::random, .max_iterations = 4});
    }
    compare(colors, steps_of(colors, shifted), 2, {.max_iterations = 1}, {-64, 100, -243, -34, 130, -213});
    compare(colors, steps_of(colors, shifted), 3, {.max_iterations = 1},
            {-64, 100, -243, -34, 130, -213, -64, 100, -243});
}

TEST_CASE("gives the bits of the plain steps with centers at the ends of the range") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::color_histogram colors(random_image<3>(random, 80, 50));
    const auto end = 280 - 0x1p-16;
    const std::vector<double> centers{-280, -280, -280, 280, 280, 280, end, -end, end, 0x1p-16, 0, -0x1p-16};
    for (const auto& space : spaces) compare(colors, steps_of(colors, space), 4, {.max_iterations = 3}, centers);
}

TEST_CASE("gives the bits of the plain steps for weights of any size, and where they do not fit") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::color_histogram colors(photo_like<3>(random, 60, 50));
    for (const int bits : {0, 8, 16, 21, 28, 33}) {
        CAPTURE(bits);
        std::vector<double> weights;
        for (std::ptrdiff_t i = 0; i < colors.size(); ++i)
            weights.push_back(static_cast<double>(random.bits() >> (63 - bits)));
        weights[0] = bits == 33 ? 0x1p31 : 0x7fff'ffff;
        weights[1] = 0;
        CHECK(lloyd::detail::step_tree::fit(weights) == (bits <= 21));
        for (const auto& space : spaces)
            for (const int k : {2, 5, 17})
                if (bits <= 21) compare_weighted(colors, weights, steps_of(colors, space), k, {.max_iterations = 12});
    }
}

TEST_CASE("knows the potential of any weights to the last unit, and the candidate that leaves the least") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::color_histogram colors(random_image<3>(random, 60, 50));
    lloyd::detail::thread_team alone(1, 1);
    for (const int bits : {0, 8, 21}) {
        CAPTURE(bits);
        std::vector<double> weights;
        for (std::ptrdiff_t i = 0; i < colors.size(); ++i)
            weights.push_back(static_cast<double>(random.bits() >> (63 - bits)));
        for (const auto& space : spaces) {
            const auto steps = steps_of(colors, space);
            const auto tree = lloyd::detail::build_step_tree(colors.colors(), weights, steps.data(), alone);
            const auto units = units_of(steps);
            const auto points = lloyd::detail::step_points(units, weights);
            lloyd::detail::step_d2_sampler<> sampler(tree, true);
            lloyd::detail::point_d2_sampler<> plain(points, 12, alone);
            for (int j = 0; j < 12; ++j) {
                CHECK(sampler.total() == plain.total());
                double candidates[4 * 3];
                for (int i = 0; i < 4; ++i) points.read_point(random.below(colors.size()), candidates + 3 * i);
                const auto best = j == 0 ? 0 : sampler.best_candidate(candidates, 4);
                if (j > 0) CHECK(best == plain.best_candidate(candidates, 4));
                sampler.add_seed(candidates + 3 * best, j == 0);
                plain.add_seed(candidates + 3 * best, j == 0);
            }
        }
    }
}

TEST_CASE("repairs empty clusters the same way") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::color_histogram colors(photo_like<3>(random, 60, 50));
    std::vector<double> centers(6 * 3, 0.0);
    std::fill_n(centers.begin(), 3, 100.0);  // five of six centers in one place
    for (const auto& space : spaces) {
        compare(colors, steps_of(colors, space), 6, {}, centers);
        compare(colors, steps_of(colors, space), 6, {.max_iterations = 2}, centers);
    }
}

TEST_CASE("gives the bits of the plain steps to the end, with many centers, some of them fixed or empty at first") {
    dice random;
    CAPTURE(random.seed);
    const lloyd::color_histogram colors(photo_like<3>(random, 70, 60));
    const std::vector<double> fixed{0, 0, 0, 40.5, -20, 100};
    std::vector<double> centers(64 * 3, 0.0);
    std::ranges::copy(fixed, centers.begin());
    for (const auto& space : spaces) {
        const auto steps = steps_of(colors, space);
        const lloyd::kmeans_options to_the_end{
            .attempts = 2, .max_iterations = 200, .epsilon = 0, .seed = random.bits(), .threads = 2};
        compare(colors, steps, 64, to_the_end, {}, fixed);
        compare(colors, steps, 64, to_the_end, centers, fixed);
        compare(colors, steps, 300, to_the_end);
    }
}

TEST_CASE("holds fewer colours than centers, and colours that are one in the space") {
    lloyd::image<u8, 3> photo(8, 1);
    photo(3, 0)[1] = 200;
    photo(5, 0)[2] = 9;
    const lloyd::color_histogram colors(photo);
    const steps_type equal(static_cast<std::size_t>(colors.size()) * 3, -300);
    for (const auto& steps : {steps_of(colors, cone), equal}) {
        compare(colors, steps, 7, {});
        compare(colors, steps, 7, {.init = lloyd::seeding::random, .attempts = 3});
    }
}

TEST_CASE("a tree of steps has room for weights below 2^31, and below 2^35 together") {
    CHECK(lloyd::detail::step_tree::fit(std::vector<double>(16, 0x1p31 - 1)));
    CHECK_FALSE(lloyd::detail::step_tree::fit(std::vector<double>(17, 0x1p31 - 1)));
    CHECK_FALSE(lloyd::detail::step_tree::fit(std::vector<double>{0x1p31}));
}

}  // namespace
