// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A lower bound of each point's gap: how much farther every other center is than its own. A step shrinks it by at most the
/// shift of its center and the largest shift of another; while that leaves more than 0 the label cannot have changed, and
/// no distance is computed (Hamerly, *Making k-means even faster*, 2010). His two bounds are joined to one: what shrinks
/// a gap depends on the label alone, so it is summed for each center, and a point that keeps its label is only read.
///
/// Bounds are floats, rounded by more than their arithmetic can err, so labels are the same as without them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/cpu_level.hpp>
#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Factors that round up (outward) or down (inward) by more than the few float operations below can err.
inline constexpr float outward = 1 + 0x1p-20F, inward = 1 - 0x1p-20F;

/// Turns the two best scores of a tile's points into their gaps.
struct gap_kernel {
    static constexpr int max_bytes = 32;

    /// gaps[i] ≤ the distance to the second-nearest center − that to the nearest. `squares` are |x|². `error` > 0 bounds
    /// the error of a squared distance.
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const float* best, const float* second, const float* squares,
                                                  float error, float* gaps) {
        for (std::ptrdiff_t i = 0; i < points_per_tile; i += Bytes / static_cast<std::ptrdiff_t>(sizeof(float))) {
            simd<float, Bytes> square, score, distance, root, upper;
            load(square, squares + i);
            load(score, best + i);
            distance = square + score * 2 + error;
            root_above<Bytes>(upper, distance, error);
            load(score, second + i);
            distance = square + score * 2 - error;
            root_above<Bytes>(root, distance, error);
            store(gaps + i, distance / root * inward - upper * outward);  // distance / root ≤ √distance
        }
    }

private:
    /// root ≥ √max(number, floor), by less than a thousandth. A step of Newton's method, which never ends below the root,
    /// from an estimate with half the exponent.
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
        root = (root + raised / root) * 0.5F;
    }
};

/// Lists the points whose gap is at most `limit`: their indices, in order, in `places`. Returns how many. `gaps` have
/// room for full tiles.
struct undecided_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(const float* gaps, std::ptrdiff_t count, float limit,
                                                            std::int32_t* places) {
        constexpr int lanes = Bytes / static_cast<int>(sizeof(float));
        simd<std::int32_t, Bytes> bit_of_lane;
        for (int l = 0; l < lanes; ++l) bit_of_lane[l] = 1 << l;
        simd<float, Bytes> most;
        broadcast(most, limit);
        std::ptrdiff_t found = 0;
        for (std::ptrdiff_t t = 0; t < count; t += points_per_tile) {
            simd<std::int32_t, Bytes> bits = {};
#pragma GCC unroll 8
            for (auto i = points_per_tile - lanes; i >= 0; i -= lanes) {
                simd<float, Bytes> gap;
                load(gap, gaps + t + i);
                bits = bits << lanes | (bit_of_lane & (gap <= most));
            }
            std::uint32_t undecided;
            reduce_or(undecided, bits);
            for (; undecided != 0; undecided &= undecided - 1)
                places[found++] = static_cast<std::int32_t>(t + std::countr_zero(undecided));
        }
        while (found > 0 && places[found - 1] >= count) --found;
        return found;
    }
};

/// How much steps may have shrunk the gaps of each center's points so far, rounded up.
class shrinkages {
public:
    void clear(std::ptrdiff_t k) {
        sums_.assign(static_cast<std::size_t>(k), 0.0);
        largest_ = 0;
    }

    /// After a step in which centers moved.
    void add(const buffer<double>& from, const buffer<double>& to, std::ptrdiff_t channels) {
        double max_shift = 0, second_max = 0;
        std::size_t max_index = 0;
        std::vector<double> shifts;
        for (std::size_t j = 0; j < sums_.size(); ++j) {
            const auto at = static_cast<std::ptrdiff_t>(j) * channels;
            const double shift = distance(from.data() + at, to.data() + at, channels);
            shifts.push_back(shift);
            second_max = (std::max)(second_max, (std::min)(shift, max_shift));
            if (shift > max_shift) max_index = j;
            max_shift = (std::max)(max_shift, shift);
        }
        for (std::size_t j = 0; j < sums_.size(); ++j) {
            sums_[j] += shifts[j] + (j == max_index ? second_max : max_shift);
            largest_ = (std::max)(largest_, of(static_cast<std::int32_t>(j)));
        }
    }

    float of(std::int32_t j) const { return static_cast<float>(sums_[static_cast<std::size_t>(j)]) * outward; }
    float largest() const { return largest_; }

private:
    static double distance(const double* a, const double* b, std::ptrdiff_t channels) {
        double square = 0;
        for (std::ptrdiff_t c = 0; c < channels; ++c) square += (a[c] - b[c]) * (a[c] - b[c]);
        return math::sqrt(square);
    }

    std::vector<double> sums_{};  ///< of each center
    float largest_ = 0;
};

/// The gaps of all points, and whether a step keeps and tests them. One step is begin_step, then for all points
/// list_undecided and set, then end_step.
class distance_bounds {
public:
    distance_bounds(std::ptrdiff_t points, std::ptrdiff_t k, std::ptrdiff_t channels)
        : points_(points),
          k_(k),
          channels_(channels),
          can_pay_(k * channels >= least_products()),
          gaps_(can_pay_ ? static_cast<std::size_t>(divide_up(points, points_per_tile) * points_per_tile) : 0) {}

    /// Before an attempt: no gaps are known. The first two steps run without them, because centers move far in these.
    void reset() {
        known_ = false;
        pause_ = 2;
        next_pause_ = 1;
    }

    /// Notes how far centers moved. Without scores in float (`fit_float`) the step runs without bounds.
    void begin_step(const buffer<double>& centers, bool fit_float) {
        in_use_ = can_pay_ && fit_float && pause_ == 0;
        if (pause_ > 0) --pause_;
        testing_ = in_use_ && known_;
        known_ = in_use_;
        if (!in_use_) return;
        if (testing_)
            shrunk_.add(centers_, centers, channels_);
        else
            shrunk_.clear(k_);
        centers_ = copy_of<double>(centers.span());
    }

    /// After a step in which the bounds left `undecided` points undecided. Bounds that cost more than they save pause
    /// for 1, 2, 4, then 8 steps.
    void end_step(std::ptrdiff_t undecided) {
        if (!testing_) return;
        known_ = (points_ - undecided) * k_ * channels_ >= points_ * bounds_cost;
        if (!known_) pause_ = next_pause_;
        next_pause_ = known_ ? 1 : (std::min)(2 * next_pause_, 8);
    }

    bool in_use() const { return in_use_; }

    /// Lists which of `count` points from `first` on, a multiple of points_per_tile, may have another nearest center than
    /// labels[i], as indices from 0. Returns how many. `places` has room for full tiles.
    template <class = deferred>
    std::ptrdiff_t list_undecided(std::ptrdiff_t first, std::ptrdiff_t count, const std::int32_t* labels,
                                  std::int32_t* places) const {
        if (!testing_) {
            for (std::int32_t i = 0; i < count; ++i) places[i] = i;
            return count;
        }
        const auto some = run_kernel<undecided_kernel>(gaps_.data() + first, count, shrunk_.largest(), places);
        std::ptrdiff_t found = 0;
        for (std::ptrdiff_t m = 0; m < some; ++m) {
            const auto i = places[m];
            places[found] = i;
            found += gaps_[first + i] <= shrunk_.of(labels[i]);
        }
        return found;
    }

    /// Notes the gap of a point that was scored, and its label. One whose label is uncertain (< 0) has none: the second
    /// center may turn out to be the nearest.
    void set(std::ptrdiff_t point, float gap, std::int32_t label) {
        gaps_[point] = label < 0 ? -1 : (gap + shrunk_.of(label) * inward) * inward;
    }

private:
    /// The cost of keeping bounds, for each point and step, in multiply-adds.
    static constexpr std::ptrdiff_t bounds_cost = 256;

    /// The fewest multiply-adds a point and step with which bounds can pay. Wide vectors make scores cheaper, but not the
    /// reading of the points that are left.
    static std::ptrdiff_t least_products() { return (active_cpu_level() == cpu_level::avx512 ? 5 : 2) * bounds_cost; }

    std::ptrdiff_t points_, k_, channels_;
    bool can_pay_;
    buffer<float> gaps_;      ///< of each point, plus what had shrunk those of its label when it was scored
    buffer<double> centers_;  ///< those of the last step with bounds
    shrinkages shrunk_;
    bool known_ = false, in_use_ = false, testing_ = false;
    int pause_ = 0, next_pause_ = 1;  ///< in steps
};

}  // namespace lloyd::inline v0::detail
