// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Seeds against the same method in plain loops over whole numbers.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "sample_seeds.hpp"

namespace {

using namespace samples;
using lloyd::detail::random_stream;
using lloyd::detail::uint128;
using numbers = std::vector<double>;

class plain_seeder {
public:
    template <class T>
    plain_seeder(const lloyd::image<T>& data, const numbers& weights)
        : nearest_(static_cast<std::size_t>(data.size())) {
        for (std::ptrdiff_t i = 0; i < data.size(); ++i) {
            points_.emplace_back(data(i, 0).begin(), data(i, 0).end());
            weights_.push_back(weights.empty() ? 1 : static_cast<std::uint64_t>(weights[static_cast<std::size_t>(i)]));
        }
    }

    template <class Total>
    numbers draw(int k, how method, random_stream random) {
        const int candidates = method == how::random ? 1 : 2 + static_cast<int>(std::floor(std::log(k)));
        std::ranges::fill(nearest_, 1u);
        const auto first = points_[pick<Total>(random)];
        std::ranges::fill(nearest_, ~std::uint64_t{0} >> 20);
        numbers seeds;
        for (int j = 0; j < k; ++j) {
            auto seed = first;
            if (j > 0 && potential(nearest_) > 0)
                seed = points_[best_of(candidates, method, [&] { return pick<Total>(random); })];
            seeds.insert(seeds.end(), seed.begin(), seed.end());
            nearest_ = lowered(seed, method);
        }
        return seeds;
    }

private:
    using squares = std::vector<std::uint64_t>;

    template <class Pick>
    std::size_t best_of(int candidates, how method, const Pick& pick) {
        std::vector<std::size_t> drawn;
        for (int i = 0; i < candidates; ++i) drawn.push_back(pick());
        return *std::ranges::min_element(drawn, {},
                                         [&](std::size_t i) { return potential(lowered(points_[i], method)); });
    }

    squares lowered(const numbers& seed, how method) const {
        auto result = nearest_;
        for (std::size_t i = 0; i < points_.size(); ++i) {
            double distance = 0;
            for (std::size_t c = 0; c < seed.size(); ++c)
                distance += (points_[i][c] - seed[c]) * (points_[i][c] - seed[c]);
            if (method == how::random) distance = distance > 0;
            result[i] = (std::min)(result[i], static_cast<std::uint64_t>(distance));
        }
        return result;
    }

    std::uint64_t potential(const squares& nearest) const {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < nearest.size(); ++i) sum += weights_[i] * nearest[i];
        return sum;
    }

    template <class Total>
    std::size_t pick(random_stream& random) const {
        auto left = random.below(Total(potential(nearest_)));
        for (std::size_t i = 0;; ++i) {
            const auto part = Total(weights_[i] * nearest_[i]);
            if (left < part) return i;
            left -= part;
        }
    }

    std::vector<numbers> points_;
    squares weights_, nearest_;
};

template <class T, class Total>
void check_like_plain_loops() {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t n : {1, 9, 600, 5000})
        for (const std::ptrdiff_t d : {1, 2, 3, 4, 33})
            for (const int k : {1, 2, 8, 25})
                for (const auto method : {how::random, how::plus_plus}) {
                    if (k > n || n * d * k > 400'000) continue;
                    CAPTURE(n);
                    CAPTURE(d);
                    CAPTURE(k);
                    auto data = noise<T>(random, n, d, 256);
                    for (auto& element : data.elements())
                        element = static_cast<T>(std::floor(static_cast<double>(element)));
                    auto weights = random.below(2) == 0 ? numbers{} : whole_weights(random, n);
                    if (!weights.empty()) weights[0] = 1;
                    const auto seed = random.bits();
                    const auto expected =
                        plain_seeder(data, weights).template draw<Total>(k, method, random_stream(seed, 0));
                    for (const auto level : cpu_levels()) {
                        const cpu_limit limit(level);
                        CHECK(draw(data, weights, k, method, seed) == expected);
                    }
                    CHECK(draw(data, weights, k, method, random_stream(seed, 0), 3) == expected);
                }
}

TEST_CASE("draws as plain loops over integers do") { check_like_plain_loops<u8, uint128>(); }

template <std::size_t C>
void check_colors_like_plain_loops(dice& random) {
    for (const std::ptrdiff_t n : {1, 2, 30, 5000})
        for (const std::ptrdiff_t levels : {6, 50, 256})
            for (const int k : {1, 2, 8, 25, 70})
                for (const auto method : {how::random, how::plus_plus}) {
                    const lloyd::color_histogram<C> colors(random_image<C>(random, n, 1, levels));
                    if (k > colors.size() + 3) continue;
                    CAPTURE(n);
                    CAPTURE(k);
                    const auto seed = random.bits();
                    const numbers counts(colors.counts().begin(), colors.counts().end());
                    const auto expected = plain_seeder(lloyd::image<u8>(colors.colors()), counts)
                                              .template draw<uint128>(k, method, random_stream(seed, 0));
                    for (const auto level : cpu_levels()) {
                        const cpu_limit limit(level);
                        CHECK(draw(colors, k, method, seed) == expected);
                    }
                }
}

TEST_CASE("draws colours box by box as plain loops over them do") {
    dice random;
    CAPTURE(random.seed);
    check_colors_like_plain_loops<1>(random);
    check_colors_like_plain_loops<2>(random);
    check_colors_like_plain_loops<3>(random);
}

TEST_CASE("draws as plain loops do in doubles, where whole numbers leave nothing to round") {
    check_like_plain_loops<float, double>();
    check_like_plain_loops<u16, double>();
}

TEST_CASE("draws the same seeds whether a weight is small or near 2^53") {
    // Potentials then need more than 64 bits; scaled by a power of two, each draw is scaled, too.
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {1, 3, 40})
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const auto data = noise<u8>(random, 700, d, 256);
            const auto weights = whole_weights(random, 700, 3);
            auto heavy = weights;
            for (double& w : heavy) w *= 0x1p40;
            for (const auto method : {how::random, how::plus_plus})
                CHECK(draw(data, heavy, 9, method, seed) == draw(data, weights, 9, method, seed));
        }
}

}  // namespace
