// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The baselines: K-Means as a page about it would have it, in plain loops over every colour or pixel. Centers of 8-bit
/// data are on a grid, where doubles are exact, so that the steps timed must give the same answers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/kmeans_common/seeding.hpp>

namespace bench {

inline double squared_distance(const std::uint8_t* color, const double* center) {
    double sum = 0;
    for (int c = 0; c < 3; ++c) sum += (color[c] - center[c]) * (color[c] - center[c]);
    return sum;
}

/// The nearest of k centers, and how far it is.
inline int nearest(const std::uint8_t* color, const double* centers, int k, double& distance) {
    int best = 0;
    distance = std::numeric_limits<double>::max();
    for (int j = 0; j < k; ++j) {
        const double other = squared_distance(color, centers + 3 * j);
        if (other < distance) {
            distance = other;
            best = j;
        }
    }
    return best;
}

/// One Lloyd step over points that weigh weight(i): moves the centers to the means of what they are nearest to.
/// Returns the compactness before the move, and the longest way moved in `shift`.
template <class Weight>
double plain_step(const std::uint8_t* points, std::ptrdiff_t count, const Weight& weight, std::vector<double>& centers,
                  double& shift) {
    const int k = static_cast<int>(centers.size() / 3);
    std::vector<double> sums(centers.size()), weights(static_cast<std::size_t>(k));
    double compactness = 0;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        double distance;
        const auto j = static_cast<std::size_t>(nearest(points + 3 * i, centers.data(), k, distance));
        for (std::size_t c = 0; c < 3; ++c) sums[3 * j + c] += weight(i) * points[3 * i + static_cast<int>(c)];
        weights[j] += weight(i);
        compactness += weight(i) * distance;
    }
    shift = 0;
    for (std::size_t j = 0; j < weights.size(); ++j) {
        double way = 0;
        for (std::size_t c = 0; c < 3 && weights[j] > 0; ++c) {
            const double mean = sums[3 * j + c] / weights[j];
            way += (mean - centers[3 * j + c]) * (mean - centers[3 * j + c]);
            centers[3 * j + c] = mean;
        }
        shift = (std::max)(shift, std::sqrt(way));
    }
    return compactness;
}

/// Weight · D² of every colour, for lloyd::detail::draw_seeds: greedy k-means++ that looks at all of them each time.
class plain_sampler final : public lloyd::detail::d2_sampler {
public:
    plain_sampler(const std::uint8_t* colors, std::span<const double> weights)
        : colors_(colors), weights_(weights), nearest_(weights_.size(), 1) {
        for (const double weight : weights_) total_ += static_cast<std::uint64_t>(weight);
    }

    lloyd::detail::potential total() const override { return {total_, 0}; }

    std::ptrdiff_t draw(lloyd::detail::potential number) override {
        std::size_t i = 0;
        for (auto left = number.integer.low; left >= part(i, nearest_[i]); ++i) left -= part(i, nearest_[i]);
        return static_cast<std::ptrdiff_t>(i);
    }

    void add_seed(const double* seed, bool is_first) override {
        if (is_first) std::ranges::fill(nearest_, std::uint32_t{1} << 20);
        total_ = 0;
        for (std::size_t i = 0; i < nearest_.size(); ++i) {
            nearest_[i] = lowered(i, seed);
            total_ += part(i, nearest_[i]);
        }
    }

    std::ptrdiff_t best_candidate(const double* candidates, std::ptrdiff_t count) override {
        std::vector<std::uint64_t> left(static_cast<std::size_t>(count));
        for (std::size_t t = 0; t < left.size(); ++t)
            for (std::size_t i = 0; i < nearest_.size(); ++i) left[t] += part(i, lowered(i, candidates + 3 * t));
        return std::ranges::min_element(left) - left.begin();
    }

private:
    std::uint64_t part(std::size_t i, std::uint32_t distance) const {
        return static_cast<std::uint64_t>(weights_[i]) * distance;
    }
    std::uint32_t lowered(std::size_t i, const double* seed) const {
        return (std::min)(nearest_[i], static_cast<std::uint32_t>(squared_distance(colors_ + 3 * i, seed)));
    }

    const std::uint8_t* colors_;
    std::span<const double> weights_;
    std::vector<std::uint32_t> nearest_;
    std::uint64_t total_ = 0;
};

/// k-means++ over pixels as in the paper, one candidate a step.
inline std::vector<double> plain_seeds(const std::uint8_t* pixels, std::ptrdiff_t count, int k) {
    lloyd::detail::random_stream random(42, 0);
    std::vector<double> seeds, nearest(static_cast<std::size_t>(count), 1);
    double total = static_cast<double>(count);
    for (int j = 0; j < k; ++j) {
        double left = random.below(total);
        std::size_t drawn = 0;
        for (; drawn + 1 < nearest.size() && left >= nearest[drawn]; ++drawn) left -= nearest[drawn];
        for (std::size_t c = 0; c < 3; ++c) seeds.push_back(pixels[3 * drawn + c]);
        total = 0;
        for (std::size_t i = 0; i < nearest.size(); ++i) {
            const double distance = squared_distance(pixels + 3 * i, seeds.data() + 3 * j);
            nearest[i] = j == 0 ? distance : (std::min)(nearest[i], distance);
            total += nearest[i];
        }
    }
    return seeds;
}

}  // namespace bench
