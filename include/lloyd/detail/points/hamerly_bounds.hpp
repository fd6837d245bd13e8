// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// An upper bound of each point's distance to its own center, and a lower bound of its distance to every other. Both
/// are kept from step to step and loosened by how far centers moved; while upper < lower the label cannot have changed,
/// and no distance is computed (Hamerly, *Making k-means even faster*, 2010).
///
/// Bounds are floats, rounded outwards by more than their arithmetic can err, so labels are the same as without them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Factors that round up (outward) or down (inward) by more than the few float operations below can err.
inline constexpr float outward = 1 + 0x1p-20F, inward = 1 - 0x1p-20F;

/// Turns the two best scores of a tile's points into bounds of distances.
struct bounds_kernel {
    static constexpr int max_bytes = 32;

    /// In: scores. Out: `best` is an upper bound of the distance to the nearest center, `second` a lower bound of the
    /// distance to the second-nearest. `squares` are |x|². `error` > 0 bounds the error of a squared distance.
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(float* best, float* second, const float* squares, float error) {
        for (std::ptrdiff_t i = 0; i < points_per_tile; i += Bytes / static_cast<std::ptrdiff_t>(sizeof(float))) {
            simd<float, Bytes> square, score, distance, root;
            load(square, squares + i);
            load(score, best + i);
            distance = square + score * 2 + error;
            root_above<Bytes>(root, distance, error);
            store(best + i, root * outward);
            load(score, second + i);
            distance = square + score * 2 - error;
            root_above<Bytes>(root, distance, error);
            store(second + i, distance / root * inward);  // ≤ √distance
        }
    }

private:
    /// root ≥ √max(number, floor), and hardly more. Two steps of Newton's method, which never end below the root, from
    /// an estimate with half the exponent.
    template <int Bytes>
    [[gnu::always_inline]] static inline void root_above(simd<float, Bytes>& root, const simd<float, Bytes>& number,
                                                         float floor) {
        simd<float, Bytes> raised;
        simd<std::int32_t, Bytes> bits;
        broadcast(raised, floor);
        max_in_place(raised, number);
        load(bits, &raised);
        bits = (bits >> 1) + 0x1fbd'1df5;
        load(root, &bits);
        for (int step = 0; step < 2; ++step) root = (root + raised / root) * 0.5F;
    }
};

/// How far each center moved in a step, rounded up.
class center_shifts {
public:
    void measure(const buffer<double>& from, const buffer<double>& to, std::ptrdiff_t channels) {
        const auto k = static_cast<std::ptrdiff_t>(to.size()) / channels;
        if (shifts_.size() == 0) shifts_ = buffer<float>(static_cast<std::size_t>(k));
        max_index_ = -1;
        float max_shift = 0;
        second_max_ = 0;
        for (std::ptrdiff_t j = 0; j < k; ++j) {
            double square = 0;
            for (std::ptrdiff_t c = j * channels; c < (j + 1) * channels; ++c) {
                const double difference = to[c] - from[c];
                square += difference * difference;
            }
            const float shift = static_cast<float>(math::sqrt(square)) * outward;
            shifts_[j] = shift;
            second_max_ = (std::max)(second_max_, (std::min)(shift, max_shift));
            if (shift > max_shift) max_index_ = static_cast<std::int32_t>(j);
            max_shift = (std::max)(max_shift, shift);
        }
        max_ = max_shift;
    }

    float of(std::int32_t j) const { return shifts_[j]; }
    /// The largest shift of a center other than j.
    float max_of_others(std::int32_t j) const { return j == max_index_ ? second_max_ : max_; }

private:
    buffer<float> shifts_;
    std::int32_t max_index_ = -1;
    float max_ = 0, second_max_ = 0;
};

/// The bounds of all points, and whether a step keeps and tests them. One step is begin_step, then for all points
/// collect_undecided and set, then end_step.
class distance_bounds {
public:
    distance_bounds(std::ptrdiff_t points, std::ptrdiff_t k, std::ptrdiff_t channels)
        : score_cost_(k * channels),
          can_pay_(score_cost_ >= 2 * bounds_cost),
          channels_(channels),
          upper_(can_pay_ ? static_cast<std::size_t>(points) : 0),
          lower_(upper_.size()) {}

    /// Before an attempt: no bounds are known. The first two steps run without them, because centers move far in these.
    void reset() {
        known_ = false;
        pause_ = 2;
        next_pause_ = 1;
    }

    /// Loosens the bounds by how far centers moved. Without scores in float (`fit_float`) the step runs without bounds.
    void begin_step(const buffer<double>& centers, bool fit_float) {
        in_use_ = can_pay_ && fit_float && pause_ == 0;
        if (pause_ > 0) --pause_;
        testing_ = in_use_ && known_;
        known_ = in_use_;
        if (testing_) shifts_.measure(centers_, centers, channels_);
        if (!in_use_) return;
        if (centers_.size() == 0) centers_ = buffer<double>(centers.size());
        std::copy(centers.begin(), centers.end(), centers_.begin());
    }

    /// After a step in which the bounds left `undecided` points undecided. Bounds that cost more than they save pause
    /// for 1, 2, 4, then 8 steps.
    void end_step(std::ptrdiff_t undecided) {
        if (!testing_) return;
        const auto points = static_cast<std::ptrdiff_t>(upper_.size());
        known_ = (points - undecided) * score_cost_ >= points * bounds_cost;
        if (!known_) pause_ = next_pause_;
        next_pause_ = known_ ? 1 : (std::min)(2 * next_pause_, 8);
    }

    bool in_use() const { return in_use_; }

    /// Writes which of points first, first + 1 …, at most a tile, may have another nearest center than labels[i], as
    /// indices from 0. Returns how many.
    std::ptrdiff_t collect_undecided(std::ptrdiff_t first, std::ptrdiff_t count, const std::int32_t* labels,
                                     std::int32_t* undecided) {
        std::ptrdiff_t found = 0;
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            undecided[found] = static_cast<std::int32_t>(i);
            found += !testing_ || !loosen(first + i, labels[i]);
        }
        return found;
    }

    void set(std::ptrdiff_t point, float upper, float lower) {
        upper_[point] = upper;
        lower_[point] = lower;
    }

private:
    /// The cost of keeping bounds, for each point and step, in multiply-adds.
    static constexpr std::ptrdiff_t bounds_cost = 512;

    /// Loosens a point's bounds by how far centers moved. Returns whether they still decide its label.
    bool loosen(std::ptrdiff_t point, std::int32_t label) {
        const float upper = (upper_[point] + shifts_.of(label)) * outward;
        const float lower = (lower_[point] - shifts_.max_of_others(label)) * inward;
        upper_[point] = upper;
        lower_[point] = lower;
        return upper < lower;
    }

    std::ptrdiff_t score_cost_;  ///< of one point, in multiply-adds
    bool can_pay_;
    std::ptrdiff_t channels_;
    buffer<float> upper_, lower_;  ///< of each point
    buffer<double> centers_;       ///< those that the bounds are distances to
    center_shifts shifts_;
    bool known_ = false, in_use_ = false, testing_ = false;
    int pause_ = 0, next_pause_ = 1;  ///< in steps
};

}  // namespace lloyd::inline v0::detail
