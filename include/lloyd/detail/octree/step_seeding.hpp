// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Draws seeds from an octree of steps. From equal random numbers point_d2_sampler draws equal seeds; this one reads
/// only leaves in which a seed may be nearer to some colour than all seeds before.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/d2_sampler.hpp>
#include <lloyd/detail/octree/color_lanes.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The squared distance D² of each colour to its nearest seed, and what is known of the leaves, in the order of colours.
/// Without `by_distance`, D² is 0 at the value of a seed and 1 elsewhere.
struct step_seeding_state {
    step_seeding_state(const step_tree& of, bool is_by_distance)
        : tree(of),
          by_distance(is_by_distance),
          planes((of.leaves.size() + max_siblings - 1) / max_siblings * max_siblings),
          low(3 * planes, 0.0F),
          high(3 * planes, 0.0F),
          max_d2(planes, 0.0F),
          d2(std::size_t{of.octet_count} * octet_size),
          potentials(of.leaves.size()) {
        if (!by_distance) d2.fill(1);
        for (std::size_t i = 0; i < of.leaves.size(); ++i) {
            leaf_frame frame;
            load_frame(of.levels[of.leaves[i].level], of.leaves[i].box, frame);
            const auto& bounds = of.levels[of.leaves[i].level].bounds[of.leaves[i].box / max_siblings];
            for (std::size_t c = 0; c < 3; ++c) {
                low[c * planes + i] = static_cast<float>(frame.corner[c]);
                high[c * planes + i] = low[c * planes + i] + bounds.extent[c][of.leaves[i].box % max_siblings];
            }
            max_d2[i] = 1;
            potentials[i] = static_cast<std::uint64_t>(leaf(i).sums.weight);
            total += potentials[i];
        }
    }

    const color_box& leaf(std::size_t i) const { return tree.box(tree.leaves[i].level, tree.leaves[i].box); }

    const step_tree& tree;
    bool by_distance;
    bool has_d2 = !by_distance;       ///< false: before the first seed, every D² counts as 1
    std::size_t planes;               ///< the number of leaves, or up to seven more
    buffer<float> low, high;          ///< 3 × planes: the bounds of each leaf
    buffer<float> max_d2;             ///< of each leaf; rounded
    buffer<double> d2;                ///< of each place in the octets; set by the first seed
    std::vector<uint128> potentials;  ///< of each leaf: Σ weight · D²
    uint128 total{};
};

/// Returns by how much `seed` would lower the potential. With `keep` the seed is added instead: every D² is lowered, and
/// the result has no meaning.
struct step_seeding_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline uint128 run(step_seeding_state* state, const double* seed, bool keep) {
        uint128 gain;
        for (std::size_t first = 0; first < state->planes; first += max_siblings) {
            std::int32_t is_affected[max_siblings];
            find_affected(*state, first, seed, is_affected);
            for (std::size_t l = 0; l < max_siblings; ++l)
                if (is_affected[l] != 0) gain += lower_leaf<Bytes>(*state, first + l, seed, keep);
        }
        return gain;
    }

private:
    /// Finds which of eight leaves may have a colour that is nearer to the seed than its D². Floats err by less than
    /// 2^-21 of a distance.
    [[gnu::always_inline]] static inline void find_affected(const step_seeding_state& state, std::size_t first,
                                                            const double* seed, std::int32_t* is_affected) {
        simd<float, 4 * max_siblings> low, high, max_d2, min_d2 = {};
#pragma GCC unroll 4
        for (std::size_t c = 0; c < 3; ++c) {
            load(low, state.low.data() + c * state.planes + first);
            load(high, state.high.data() + c * state.planes + first);
            low = low - static_cast<float>(seed[c]);
            high = static_cast<float>(seed[c]) - high;
            max_in_place(low, high);
            max_in_place(low, decltype(low){});
            min_d2 += low * low;
        }
        load(max_d2, state.max_d2.data() + first);
        store(is_affected, min_d2 * (1 - 0x1p-18F) < max_d2);
    }

    template <int Bytes>
    [[gnu::always_inline]] static inline uint128 lower_leaf(step_seeding_state& state, std::size_t i,
                                                            const double* seed, bool keep) {
        const color_box& leaf = state.leaf(i);
        double point[3], max_d2 = 0;
        for (std::size_t c = 0; c < 3; ++c) point[c] = seed[c] - static_cast<double>(state.low[c * state.planes + i]);
        // All D² are below 2^36. Where the potential may not fit a double, the leaf is summed in 128 bits.
        const double bound = (std::min)(static_cast<double>(state.max_d2[i]) * (1 + 0x1p-20), 0x1p36);
        const uint128 sum = leaf.sums.weight * bound < 0x1p53 ? lower_colors<Bytes>(state, leaf, point, keep, max_d2)
                                                              : lower_one_by_one(state, leaf, point, keep, max_d2);
        if (!keep) return sum;
        state.total -= state.potentials[i];
        state.total += sum;
        state.potentials[i] = sum;
        state.max_d2[i] = static_cast<float>(max_d2);
        return {};
    }

    /// By how much the seed, counted from the corner of the leaf, would lower its potential; with `keep` the lowered
    /// potential, and the largest D².
    template <int Bytes>
    [[gnu::always_inline]] static inline std::uint64_t lower_colors(step_seeding_state& state, const color_box& leaf,
                                                                    const double* point, bool keep, double& max_d2) {
        using lanes = color_lanes<double, Bytes, step_octet>;
        using numbers = typename lanes::numbers;
        numbers sum = {}, largest = {};
        for (std::uint32_t i = leaf.first * octet_size; i < (leaf.first + leaf.count) * octet_size; i += lanes::count) {
            const lanes colors(state.tree.octets[i / octet_size], i % octet_size);
            numbers distance = {}, before;
#pragma GCC unroll 4
            for (int c = 0; c < 3; ++c) distance += (colors.x[c] - point[c]) * (colors.x[c] - point[c]);
            if (!state.by_distance) select(numbers{} < distance, distance, numbers{} + 1.0);
            load(before, static_cast<const double*>(state.d2.data()) + i);
            min_in_place(distance, before);
            if (keep) {
                store(state.d2.data() + i, distance);
                max_in_place(largest, distance);
                sum += colors.weight * distance;
            } else {
                sum += colors.weight * (before - distance);
            }
        }
        max_d2 = max_lane(largest);
        return static_cast<std::uint64_t>(sum_of_lanes(sum));
    }

    [[gnu::noinline]] static uint128 lower_one_by_one(step_seeding_state& state, const color_box& leaf,
                                                      const double* point, bool keep, double& max_d2) {
        uint128 sum;
        for (std::uint32_t i = leaf.first * octet_size; i < (leaf.first + leaf.count) * octet_size; ++i) {
            const step_octet& octet = state.tree.octets[i / octet_size];
            double distance = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                const double difference = octet.coordinates[c][i % octet_size] - point[c];
                distance += difference * difference;
            }
            if (!state.by_distance) distance = distance > 0 ? 1 : 0;
            const double after = (std::min)(state.d2[i], distance);
            sum += multiply(static_cast<std::uint64_t>(octet.weights[i % octet_size]),
                            static_cast<std::uint64_t>(keep ? after : state.d2[i] - after));
            if (!keep) continue;
            state.d2[i] = after;
            max_d2 = (std::max)(max_d2, after);
        }
        return sum;
    }
};

/// Draws colours by weight · D², the first one by its weight. All numbers are integers.
template <class = deferred>
class step_d2_sampler final : public d2_sampler {
public:
    step_d2_sampler(const step_tree& tree, bool by_distance) : state_(tree, by_distance) {}

    potential total() const override { return {state_.total, 0}; }

    void add_seed(const double* seed, bool) override {
        if (!state_.has_d2) {
            state_.has_d2 = true;
            state_.d2.fill((std::numeric_limits<double>::max)());
            std::fill_n(state_.max_d2.begin(), state_.potentials.size(), 0x1p100F);
        }
        run_kernel<step_seeding_kernel>(&state_, seed, true);
    }

    std::ptrdiff_t best_candidate(const double* candidates, std::ptrdiff_t count) override {
        std::ptrdiff_t best = 0;
        uint128 max_gain;
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            const auto gain = run_kernel<step_seeding_kernel>(&state_, candidates + 3 * i, false);
            if (!(max_gain < gain)) continue;
            max_gain = gain;
            best = i;
        }
        return best;
    }

    std::ptrdiff_t draw(potential number) override {
        std::size_t i = 0;
        for (; state_.potentials[i] <= number.integer; ++i) number.integer -= state_.potentials[i];
        const color_box& leaf = state_.leaf(i);
        for (std::uint32_t place = leaf.first * octet_size;; ++place) {
            const auto weight = state_.tree.octets[place / octet_size].weights[place % octet_size];
            const double d2 = state_.has_d2 ? state_.d2[place] : 1;
            const auto part = multiply(static_cast<std::uint64_t>(weight), static_cast<std::uint64_t>(d2));
            if (number.integer < part) return leaf.color_at(place);
            number.integer -= part;
        }
    }

private:
    step_seeding_state state_;
};

}  // namespace lloyd::inline v0::detail
