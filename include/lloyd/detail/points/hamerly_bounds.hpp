// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How far each point is at most from its center, and at least from all others: kept from step to step, and moved by as
/// much as the centers move. Where both do not meet the label stands, and no distance is taken (Hamerly, *Making k-means
/// even faster*, 2010).
///
/// Bounds are floats that always give way by more than rounding may have taken, so labels are what they would be without
/// them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/detail/points/score_kernel.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// More than a few operations on floats can take from a number or add to it.
inline constexpr float outward = 1 + 0x1p-20F, inward = 1 - 0x1p-20F;

/// What scores say of the distances of a tile's points.
struct bounds_kernel {
    /// `best` and `second` are scores, and become an upper bound of the distance that the first stands for and a lower one
    /// of the second's. `error`, more than 0, is how far squared distances may be from the truth.
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(float* best, float* second, const float* squares, float error) {
        for (std::ptrdiff_t i = 0; i < points_per_tile; i += Bytes / static_cast<std::ptrdiff_t>(sizeof(float))) {
            simd<float, Bytes> square, score, distance, root;
            load(square, squares + i);
            load(score, best + i);
            distance = square + score * 2 + error;
            take_root<Bytes>(root, distance, error);
            store(best + i, root * outward);
            load(score, second + i);
            distance = square + score * 2 - error;
            take_root<Bytes>(root, distance, error);
            store(second + i, distance / root * inward);
        }
    }

private:
    /// root ≥ √max(number, least), and hardly more: two steps of Newton's method, which never end below the root, from
    /// half the exponent.
    template <int Bytes>
    [[gnu::always_inline]] static inline void take_root(simd<float, Bytes>& root, const simd<float, Bytes>& number,
                                                        float least) {
        simd<float, Bytes> raised;
        simd<std::int32_t, Bytes> bits;
        broadcast(raised, least);
        max_in_place(raised, number);
        load(bits, &raised);
        bits = (bits >> 1) + 0x1fbd'1df5;
        load(root, &bits);
        for (int step = 0; step < 2; ++step) root = (root + raised / root) * 0.5F;
    }
};

/// How far centers went in a step.
class center_shifts {
public:
    void measure(const buffer<double>& from, const buffer<double>& to, std::ptrdiff_t channels) {
        const auto k = static_cast<std::ptrdiff_t>(to.size()) / channels;
        if (own_.size() == 0) own_ = buffer<float>(static_cast<std::size_t>(k));
        farthest_ = -1;
        float longest = 0;
        others_ = 0;
        for (std::ptrdiff_t j = 0; j < k; ++j) {
            double square = 0;
            for (std::ptrdiff_t c = j * channels; c < (j + 1) * channels; ++c) {
                const double way = to.data()[c] - from.data()[c];
                square += way * way;
            }
            const float way = static_cast<float>(math::sqrt(square)) * outward;
            own_.data()[j] = way;
            others_ = (std::max)(others_, (std::min)(way, longest));
            if (way > longest) farthest_ = static_cast<std::int32_t>(j);
            longest = (std::max)(longest, way);
        }
        longest_ = longest;
    }

    float own(std::int32_t j) const { return own_.data()[j]; }
    /// Of the farthest but for j.
    float others(std::int32_t j) const { return j == farthest_ ? others_ : longest_; }

private:
    buffer<float> own_;
    std::int32_t farthest_ = -1;
    float longest_ = 0, others_ = 0;
};

/// The bounds of all points, and whether a step takes and tests them.
class distance_bounds {
public:
    distance_bounds(std::ptrdiff_t points, std::ptrdiff_t k, std::ptrdiff_t channels)
        : score_cost_(k * channels),
          wanted_(score_cost_ >= 2 * cost),
          channels_(channels),
          upper_(wanted_ ? static_cast<std::size_t>(points) : 0),
          lower_(upper_.size()) {}

    /// Nothing is known, and first centers go far.
    void forget() {
        known_ = false;
        pause_ = 2;
        next_pause_ = 1;
    }

    /// Before a step. Centers `fit` when their scores can be told in floats.
    void follow(const buffer<double>& centers, bool fit) {
        in_use_ = wanted_ && fit && pause_ == 0;
        if (pause_ > 0) --pause_;
        testing_ = in_use_ && known_;
        known_ = in_use_;
        if (testing_) shifts_.measure(centers_, centers, channels_);
        if (!in_use_) return;
        if (centers_.size() == 0) centers_ = buffer<double>(centers.size());
        std::copy(centers.begin(), centers.end(), centers_.begin());
    }

    /// After a step in which so many points needed a look. Bounds that do not pay are left alone for a while.
    void judge(std::ptrdiff_t looked_at) {
        if (!testing_) return;
        const auto points = static_cast<std::ptrdiff_t>(upper_.size());
        known_ = (points - looked_at) * score_cost_ >= points * cost;
        if (!known_) pause_ = next_pause_;
        next_pause_ = known_ ? 1 : (std::min)(2 * next_pause_, 8);
    }

    bool in_use() const { return in_use_; }

    /// Which of some points, at most a tile from `first` on, need a look; returns how many.
    std::ptrdiff_t collect_undecided(std::ptrdiff_t first, std::ptrdiff_t count, const std::int32_t* labels,
                                     std::int32_t* meeting) {
        std::ptrdiff_t found = 0;
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            meeting[found] = static_cast<std::int32_t>(i);
            found += !testing_ || !label_is_certain(first + i, labels[i]);
        }
        return found;
    }

    void note(std::ptrdiff_t point, float upper, float lower) {
        upper_.data()[point] = upper;
        lower_.data()[point] = lower;
    }

private:
    /// Of bounds, for each point and step, in multiply-adds.
    static constexpr std::ptrdiff_t cost = 512;

    bool label_is_certain(std::ptrdiff_t point, std::int32_t label) {
        const float upper = (upper_.data()[point] + shifts_.own(label)) * outward;
        const float lower = (lower_.data()[point] - shifts_.others(label)) * inward;
        upper_.data()[point] = upper;
        lower_.data()[point] = lower;
        return upper < lower;
    }

    std::ptrdiff_t score_cost_;
    bool wanted_;
    std::ptrdiff_t channels_;
    buffer<float> upper_, lower_;
    buffer<double> centers_;  ///< that the bounds are about
    center_shifts shifts_;
    bool known_ = false, in_use_ = false, testing_ = false;
    int pause_ = 0, next_pause_ = 1;
};

/// Labels points by their scores where their bounds meet, in tiles of their own where these are few.
template <class = deferred>
class hamerly_assignment {
public:
    hamerly_assignment(const point_tiles& tiles, const grouped_centers& centers, distance_bounds& bounds,
                       const std::int32_t* labels)
        : tiles_(tiles),
          centers_(centers),
          bounds_(bounds),
          labels_(labels),
          channels_(tiles.channels()),
          gathered_(static_cast<std::size_t>(points_per_tile * channels_), 0.0F) {}

    /// Labels `count` points from `first` on, a multiple of points_per_tile. Returns whether a label is in doubt, and then
    /// negative.
    bool label(std::ptrdiff_t first, std::ptrdiff_t count, std::int32_t* labels) {
        doubt_ = false;
        std::copy_n(labels_ + first, count, labels);
        for (std::ptrdiff_t i = 0; i < count; i += points_per_tile) {
            std::int32_t meeting[points_per_tile];
            const auto n = (std::min)(points_per_tile, count - i);
            const auto found = bounds_.collect_undecided(first + i, n, labels + i, meeting);
            looked_at_ += found;
            if (found > most_gathered()) {
                score(tiles_.at(first + i, n).planes);
                for (std::ptrdiff_t m = 0; m < n; ++m) settle(m, first, i + m, labels);
            } else {
                for (std::ptrdiff_t m = 0; m < found; ++m) gather(first, i + meeting[m], labels);
            }
        }
        if (waiting_ > 0) score_gathered(first, labels);
        return doubt_;
    }

    std::ptrdiff_t looked_at() const { return looked_at_; }

private:
    /// To gather a coordinate takes as long as some 24 multiply-adds.
    std::ptrdiff_t most_gathered() const {
        const auto k = centers_.groups * centers_per_group;
        return points_per_tile * k / (k + 24);
    }

    void gather(std::ptrdiff_t first, std::ptrdiff_t i, std::int32_t* labels) {
        const float* from = tiles_.at(first + i / points_per_tile * points_per_tile, 1).planes + i % points_per_tile;
        for (std::ptrdiff_t c = 0; c < channels_; ++c)
            gathered_.data()[c * points_per_tile + waiting_] = from[c * points_per_tile];
        places_[waiting_] = i;
        if (++waiting_ == points_per_tile) score_gathered(first, labels);
    }

    void score_gathered(std::ptrdiff_t first, std::int32_t* labels) {
        score(gathered_.data());
        for (std::ptrdiff_t m = 0; m < waiting_; ++m) settle(m, first, places_[m], labels);
        waiting_ = 0;
    }

    void score(const float* planes) {
        const float reach = run_kernel<squares_kernel>(planes, channels_, squares_);
        const bool doubt = run_kernel<score_kernel>(tiled_points{planes, &reach, 1, channels_}, centers_,
                                                    scored_points{told_, upper_, lower_});
        const float error = 2 * score_rounding(channels_ + 8) * (centers_.reach + 2 * reach);
        run_kernel<bounds_kernel>(upper_, lower_, squares_, error);
        for (std::ptrdiff_t i = 0; doubt && i < points_per_tile; ++i)
            if (told_[i] < 0) lower_[i] = 0;  // no other center is told from this one
        doubt_ = doubt_ || doubt;
    }

    void settle(std::ptrdiff_t m, std::ptrdiff_t first, std::ptrdiff_t i, std::int32_t* labels) {
        labels[i] = told_[m];
        bounds_.note(first + i, upper_[m], lower_[m]);
    }

    const point_tiles& tiles_;
    grouped_centers centers_;
    distance_bounds& bounds_;
    const std::int32_t* labels_;  ///< of all points, in the step before
    std::ptrdiff_t channels_;
    buffer<float> gathered_;  ///< a tile of points that wait
    std::ptrdiff_t places_[points_per_tile];
    std::ptrdiff_t waiting_ = 0;
    std::int32_t told_[points_per_tile];
    float upper_[points_per_tile], lower_[points_per_tile], squares_[points_per_tile];
    bool doubt_ = false;
    std::ptrdiff_t looked_at_ = 0;
};

}  // namespace lloyd::inline v0::detail
