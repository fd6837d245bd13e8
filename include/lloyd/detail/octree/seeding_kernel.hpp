// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// k-means++ over the octree of colours: by how much a seed would lower the potential, Σ weight · D². Only boxes that
/// the seed splits are opened: those with colours that are nearer to it than to any seed before, and others that are
/// not.
///
/// Seeds are colours, so all coordinates and squares are integers, exact in the floats and doubles used.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/octree/color_lanes.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/seeding_state.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Returns by how much `seed` would lower the potential, or some smaller number, where that is no more than `best_gain`.
/// With `keep` the seed is added instead, every D² is lowered, and the result has no meaning.
struct seeding_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline double run(const color_tree* tree, seeding_state* state, packed_color seed,
                                                    bool keep, double best_gain) {
        if (!state->levels[0].is_open(0)) open<Bytes>(*tree, *state, 0, 0);
        if (tree->root().is_leaf)
            return lower_leaf<Bytes>(*tree, *state, tree->root(), seed, keep, state->levels[0].seeds[0], 0);
        state->levels[0].split_boxes[0] = 0;
        state->levels[0].split_count = 1;
        state->split_leaf_count = 0;
        const color_point point(seed);
        double gain = 0;
        for (std::size_t level = 0; level < color_tree::depth; ++level) {
            const seeding_level& above = state->levels[level];
            state->levels[level + 1].split_count = 0;
            for (std::uint32_t n = 0; n < above.split_count; ++n)
                gain += lower_children<Bytes>(*tree, *state, level, above.split_boxes[n], seed, point, keep);
        }
        if (!keep) return gain + lower_leaves<Bytes>(*tree, *state, seed, best_gain - gain);
        update_potentials(*tree, *state);
        return gain;
    }

    /// Opens a closed box: sets the seed of its children, or each D² of its colours.
    template <int Bytes>
    [[gnu::always_inline]] static inline void open(const color_tree& tree, const seeding_state& state,
                                                   std::size_t level, std::uint32_t box) {
        const color_box& opened = tree.box(level, box);
        sibling_seeds& seeds = state.levels[level].seeds[box / max_siblings];
        const auto lane = box % max_siblings;
        const packed_color seed = seeds.nearest_seed[lane];
        seeds.nearest_seed[lane] = -1;
        const sibling_bounds& bounds = tree.levels[level].bounds[box / max_siblings];
        bound_distance(bounds.low[lane], bounds.extent[lane], seed, seeds.min_d2[lane], seeds.max_d2[lane]);
        seeds.potential[lane] = opened.sums.potential(color_point(seed));
        if (!opened.is_leaf) {
            sibling_seeds& children = state.levels[level + 1].seeds[opened.first];
            std::fill_n(&children.nearest_seed[0], max_siblings, seed);
            return;
        }
        using lanes = color_lanes<float, Bytes>;
        float point[3];
        from_corner(opened, seed, &point[0]);
        for (std::uint32_t i = opened.first * octet_size; i < (opened.first + opened.count) * octet_size;
             i += lanes::count) {
            typename lanes::numbers distance;
            lanes(tree.octets[i / octet_size], i % octet_size).squared_distance(distance, &point[0]);
            store(state.d2.data() + i, distance);
        }
    }

private:
    using lanes_type = simd<float, 4 * max_siblings>;

    /// Of a box: the new seed is the nearest one to none, to some or to all of its colours.
    static constexpr std::int32_t unaffected = 0, split = 1, covered = 2;

    /// Lowers the children of a box, but for those that are split: these are listed, or with `keep` only the boxes.
    template <int Bytes>
    [[gnu::always_inline]] static inline double lower_children(const color_tree& tree, seeding_state& state,
                                                               std::size_t above, std::uint32_t box, packed_color seed,
                                                               const color_point& point, bool keep) {
        const color_box& parent = tree.box(above, box);
        seeding_level& level = state.levels[above + 1];
        sibling_seeds& seeds = level.seeds[parent.first];
        std::int32_t kinds[max_siblings];
        float four_min_d2[max_siblings], four_max_d2[max_siblings];
        std::uint32_t affected[max_siblings], affected_count = 0;
        compare_boxes(tree.levels[above + 1].bounds[parent.first], seeds, seed, &kinds[0], &four_min_d2[0],
                      &four_max_d2[0]);
#pragma GCC unroll 8
        for (std::uint32_t l = 0; l < max_siblings; ++l) {
            affected[affected_count] = l;
            affected_count += (kinds[l] != unaffected) & (l < parent.count);
        }
        double gain = 0;
        for (std::uint32_t n = 0; n < affected_count; ++n) {
            const auto l = affected[n];
            const auto child = parent.first * max_siblings + l;
            if (kinds[l] == covered) {
                gain += state.potential(tree, above + 1, child) - tree.box(above + 1, child).sums.potential(point);
                if (keep) seeds.nearest_seed[l] = seed;
                continue;
            }
            if (seeds.nearest_seed[l] >= 0) open<Bytes>(tree, state, above + 1, child);
            if (keep) {
                seeds.min_d2[l] = (std::min)(seeds.min_d2[l], four_min_d2[l] / 4);
                seeds.max_d2[l] = (std::min)(seeds.max_d2[l], four_max_d2[l] / 4);
            }
            const color_box& split_box = tree.box(above + 1, child);
            if (split_box.is_leaf && keep)
                lower_leaf<Bytes>(tree, state, split_box, seed, true, seeds, l);
            else if (split_box.is_leaf)
                state.split_leaves[state.split_leaf_count++] = {
                    static_cast<std::uint32_t>(above + 1), child,
                    max_gain(seeds.potential[l], four_min_d2[l] / (4 * seeds.max_d2[l]))};
            else
                level.split_boxes[level.split_count++] = child;
        }
        return gain;
    }

    /// By how much a seed can lower a potential, if its smallest squared distance is at least `part` of the largest D²: a
    /// D² is lowered by at most max(D² − part · largest, 0), which is no more than D² (1 − part), or 0. The result is a
    /// whole number, so that sums of them are exact.
    static constexpr double max_gain(double potential, float part) {
        const float above = (std::max)(1 - part, 0.0F) + 0x1p-22F;  // the quotient and the difference are rounded
        return static_cast<double>(static_cast<std::int64_t>(potential * static_cast<double>(above))) + 1;
    }

    /// Lowers the split leaves, until it is certain that they are lowered by no more than `best_gain`.
    template <int Bytes>
    [[gnu::always_inline]] static inline double lower_leaves(const color_tree& tree, const seeding_state& state,
                                                             packed_color seed, double best_gain) {
        double gain = 0, rest = 0;
        for (std::size_t n = 0; n < state.split_leaf_count; ++n) rest += state.split_leaves[n].max_gain;
        for (std::size_t n = 0; n < state.split_leaf_count && gain + rest > best_gain; ++n) {
            const split_leaf& leaf = state.split_leaves[n];
            rest -= leaf.max_gain;
            gain += lower_leaf<Bytes>(tree, state, tree.box(leaf.level, leaf.box), seed, false,
                                      state.levels[leaf.level].seeds[leaf.box / max_siblings], leaf.box % max_siblings);
        }
        return gain;
    }

    /// Says of eight siblings how the new seed affects them, and bounds its squared distance to their colours.
    ///
    /// In a closed box with nearest seed s, the new seed p is nearer to x where |x − p|² − |x − s|² < 0. That is linear
    /// in x: within Σ extent · |s − p| of its value at the middle, (s − p) · (2 middle − s − p). An open box is
    /// compared by the bounds of its D².
    [[gnu::always_inline]] static inline void compare_boxes(const sibling_bounds& bounds, const sibling_seeds& seeds,
                                                            packed_color seed, std::int32_t* kinds, float* four_min_d2,
                                                            float* four_max_d2) {
        using kinds_type = simd<std::int32_t, 4 * max_siblings>;
        const lanes_type zero = {};
        lanes_type twice_middle[3], extent[3], old_seed[3], at_middle = {}, max_change = {};
        lanes_type new_min = {}, new_max = {}, old_min, old_max;
        kinds_type old_seeds, kind = kinds_type{} + split;
        float point[3];
        unpack(seed, &point[0]);
        load_bounds(bounds, twice_middle, extent);
        load(old_seeds, &seeds.nearest_seed[0]);
        unpack_lanes(old_seeds, old_seed);
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) {
            lanes_type apart = old_seed[c] - point[c], offset = twice_middle[c] - 2 * point[c];
            at_middle += apart * (twice_middle[c] - old_seed[c] - point[c]);
            abs_in_place(apart);
            max_change += extent[c] * apart;
            abs_in_place(offset);
            new_max += (offset + extent[c]) * (offset + extent[c]);
            offset = offset - extent[c];
            select(offset < zero, offset, zero);
            new_min += offset * offset;
        }
        store(four_min_d2, new_min);
        store(four_max_d2, new_max);
        load(old_min, &seeds.min_d2[0]);
        load(old_max, &seeds.max_d2[0]);
        const auto is_open = old_seeds < kinds_type{};
        auto is_covered = at_middle + max_change <= zero, is_unaffected = max_change <= at_middle;
        select(is_open, is_covered, new_max <= old_min * 4.0F);
        select(is_open, is_unaffected, old_max * 4.0F <= new_min);
        select(is_covered, kind, kinds_type{} + covered);
        select(is_unaffected, kind, kinds_type{});
        store(kinds, kind);
    }

    /// The smallest and the largest squared distance from a colour to the points of a box.
    static inline void bound_distance(packed_color low, packed_color extent, packed_color from, float& min_d2,
                                      float& max_d2) {
        float start[3], range[3], point[3];
        unpack(low, &start[0]);
        unpack(extent, &range[0]);
        unpack(from, &point[0]);
        min_d2 = max_d2 = 0;
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) {
            const float below = start[c] - point[c], above = point[c] - start[c] - range[c];
            const float nearest = (std::max)({below, above, 0.0F}), longest = (std::max)(-below, -above);
            min_d2 += nearest * nearest;
            max_d2 += longest * longest;
        }
    }

    /// By how much the seed would lower the potential of an open leaf. Floats serve where the potential is so small
    /// that they hold every sum exactly.
    template <int Bytes>
    [[gnu::always_inline]] static inline double lower_leaf(const color_tree& tree, const seeding_state& state,
                                                           const color_box& leaf, packed_color seed, bool keep,
                                                           sibling_seeds& seeds, std::uint32_t lane) {
        return seeds.potential[lane] < 0x1p24 ? lower_colors<float, Bytes>(tree, state, leaf, seed, keep, seeds, lane)
                                              : lower_colors<double, Bytes>(tree, state, leaf, seed, keep, seeds, lane);
    }

    /// The same in Numbers. With `keep` each D², their bounds and the potential are lowered.
    template <class Number, int Bytes>
    [[gnu::always_inline]] static inline double lower_colors(const color_tree& tree, const seeding_state& state,
                                                             const color_box& leaf, packed_color seed, bool keep,
                                                             sibling_seeds& seeds, std::uint32_t lane) {
        using lanes = color_lanes<Number, Bytes>;
        using numbers = typename lanes::numbers;
        float point[3];
        from_corner(leaf, seed, &point[0]);
        numbers gain = {}, smallest = numbers{} + Number{0x1p100}, largest = {}, sum = {};
        for (std::uint32_t i = leaf.first * octet_size; i < (leaf.first + leaf.count) * octet_size; i += lanes::count) {
            const lanes colors(tree.octets[i / octet_size], i % octet_size);
            simd<float, 4 * static_cast<int>(lanes::count)> stored;
            numbers distance, nearest;
            colors.squared_distance(distance, &point[0]);
            load(stored, static_cast<const float*>(state.d2.data()) + i);
            convert(nearest, stored);
            const auto is_nearer = distance < nearest;
            if (!keep) {
                numbers saved = {};
                select(is_nearer, saved, numbers(nearest - distance));
                gain += colors.weight * saved;
                continue;
            }
            select(is_nearer, nearest, distance);
            convert(stored, nearest);
            store(state.d2.data() + i, stored);
            sum += colors.weight * nearest;
            select(nearest < smallest, smallest, nearest);
            select(largest < nearest, largest, nearest);
        }
        if (keep) {
            seeds.min_d2[lane] = static_cast<float>(min_lane(smallest));
            seeds.max_d2[lane] = static_cast<float>(max_lane(largest));
            seeds.potential[lane] = sum_of_lanes(sum);
        }
        return sum_of_lanes(gain);
    }

    /// point = the colour, counted from the leaf's corner.
    static inline void from_corner(const color_box& leaf, packed_color color, float* point) {
        float corner[3];
        unpack(leaf.corner, &corner[0]);
        unpack(color, point);
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) point[c] -= corner[c];
    }

    /// After a seed was added: the potential of a split box becomes the sum of its children's.
    static inline void update_potentials(const color_tree& tree, const seeding_state& state) {
        for (auto level = color_tree::depth; level-- > 0;) {
            const seeding_level& boxes = state.levels[level];
            for (std::uint32_t n = 0; n < boxes.split_count; ++n) {
                const auto box = boxes.split_boxes[n];
                const color_box& parent = tree.box(level, box);
                double sum = 0;
                for (std::uint32_t l = 0; l < parent.count; ++l)
                    sum += state.potential(tree, level + 1, parent.first * max_siblings + l);
                boxes.seeds[box / max_siblings].potential[box % max_siblings] = sum;
            }
        }
    }
};

}  // namespace lloyd::inline v0::detail
