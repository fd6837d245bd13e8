// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The colour farthest from its center: worked by hand, then against a loop over all colours.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/kmeans_common/center_update.hpp>
#include <lloyd/detail/octree/farthest_color.hpp>
#include <lloyd/detail/octree/lloyd_on_colors.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>

#include "sample_images.hpp"

namespace {

using namespace samples;
using namespace lloyd::detail;
using numbers = std::vector<double>;

/// A color_histogram with weights of its own.
template <std::size_t C>
struct sample {
    lloyd::color_histogram<C> colors;
    numbers weights;
    thread_team team{1, 1};
    color_tree tree = build_color_tree(colors.colors(), std::span<const double>(weights), team);
    point_set points{colors.colors(), weights};

    explicit sample(const lloyd::image<u8, C>& photo)
        : colors(photo), weights(colors.counts().begin(), colors.counts().end()) {}
    sample(lloyd::color_histogram<C>&& list, numbers&& given) : colors(std::move(list)), weights(std::move(given)) {}

    lloyd::image<std::int32_t, 1> labels(const numbers& centers) const {
        return label_colors(tree, copy_of<double>(std::span<const double>(centers)), C);
    }

    std::ptrdiff_t farthest(const numbers& centers) const {
        numbers of_clusters(centers.size() / C);
        const auto found = labels(centers);
        for (std::size_t i = 0; i < weights.size(); ++i)
            of_clusters[static_cast<std::size_t>(found.elements()[i])] += weights[i];
        return farthest_color_search<>(tree, centers, C).find(of_clusters);
    }
};

TEST_CASE("the farthest color has the lowest index, and is not alone in its cluster") {
    const auto grays = [](numbers weights) {
        const u8 values[] = {10, 20, 30, 200};
        return sample<1>(lloyd::color_histogram<1>(lloyd::image_view<const u8, 1>(values, 4, 1)), std::move(weights));
    };
    CHECK(grays({1, 1, 1, 1}).farthest({20}) == 3);
    CHECK(grays({1, 1, 1, 1}).farthest({20, 100}) == 0);  // 200 is alone; 10 and 30 are as far
    CHECK(grays({0, 1, 1, 1}).farthest({20, 100}) == 2);
    CHECK(grays({2, 1, 1, 0}).farthest({19.5}) == 2);
    CHECK(grays({0, 1, 0, 0}).farthest({10}) == -1);  // nor is the only one with weight
    CHECK(grays({1, 1, 1, 1}).farthest({10, 20, 30, 200}) == -1);
}

template <std::size_t C>
void compare(dice& random, const sample<C>& on) {
    for (const int k : {1, 2, 3, 7, 20}) {
        CAPTURE(k);
        numbers centers;
        for (int j = 0; j < k; ++j) {
            const auto color = on.colors.colors()(random.below(on.colors.size()), 0);
            for (const double x : color)
                centers.push_back(j % 3 == 0 ? x : std::clamp(x + random.normal(), 0.0, 255.0));
        }
        for (double& x : centers) x = round_to_grid(x);
        CHECK(on.farthest(centers) ==
              farthest_point(on.points, on.labels(centers), copy_of<double>(std::span<const double>(centers))));
    }
}

TEST_CASE("the search over boxes finds what a loop over all colours finds") {
    dice random;
    CAPTURE(random.seed);
    for (int round = 0; round < 4; ++round) {
        compare(random, sample<3>(photo_like<3>(random, 200, 100)));
        compare(random, sample<3>(random_image<3>(random, 100, 40)));
        compare(random, sample<3>(random_image<3>(random, 9, 4, 4)));  // few colours: ties, and some alone
        compare(random, sample<2>(random_image<2>(random, 60, 40)));
        compare(random, sample<1>(random_image<1>(random, 50, 1)));
        lloyd::color_histogram<3> colors(random_image<3>(random, 60, 40));
        numbers weights;
        for (std::ptrdiff_t i = 0; i < colors.size(); ++i) weights.push_back(static_cast<double>(random.below(3)));
        weights[0] = 1;
        compare(random, sample<3>(std::move(colors), std::move(weights)));
    }
}

}  // namespace
