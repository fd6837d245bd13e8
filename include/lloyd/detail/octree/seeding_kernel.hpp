// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The hot loop of k-means++ over the tree of colours: how much a seed would lower the potential, Σ weight · D².
///
/// Seeds are colours, so all coordinates and squares are whole numbers, exact in the floats and doubles used.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/octree/color_lanes.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/seeding_state.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// By how much a seed would lower the potential. With `keep` it does so.
struct seeding_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline double run(const color_tree* tree, seeding_state* state, packed_color seed,
                                                    bool keep) {
        if (!state->levels[0].is_open(0)) open<Bytes>(*tree, *state, 0, 0);
        if (tree->root().is_leaf)
            return lower_leaf<Bytes>(*tree, *state, tree->root(), seed, keep, state->levels[0].families[0], 0);
        state->levels[0].crossed.data()[0] = 0;
        state->levels[0].crossed_count = 1;
        const color_point point(seed);
        double gain = 0;
        for (std::size_t level = 0; level < color_tree::depth; ++level) {
            const seeded_level& above = state->levels[level];
            state->levels[level + 1].crossed_count = 0;
            for (std::uint32_t n = 0; n < above.crossed_count; ++n)
                gain += look_into<Bytes>(*tree, *state, level, above.crossed.data()[n], seed, point, keep);
        }
        if (keep) sum_up(*tree, *state);
        return gain;
    }

    /// Sets up what is known of the boxes or colours in a closed box, all nearest to its owner.
    template <int Bytes>
    [[gnu::always_inline]] static inline void open(const color_tree& tree, const seeding_state& state,
                                                   std::size_t level, std::uint32_t box) {
        const color_box& opened = tree.box(level, box);
        seeded_family& family = state.levels[level].families.data()[box / octet];
        const auto lane = box % octet;
        const packed_color owner = family.owner[lane];
        family.owner[lane] = -1;
        const box_family& bounds = tree.levels[level].families.data()[box / octet];
        bound_distance(bounds.low[lane], bounds.extent[lane], owner, family.least[lane], family.most[lane]);
        family.potential[lane] = opened.sums.potential(color_point(owner));
        if (!opened.is_leaf) {
            seeded_family& children = state.levels[level + 1].families.data()[opened.first];
            std::fill_n(&children.owner[0], octet, owner);
            return;
        }
        using lanes = color_lanes<float, Bytes>;
        float point[3];
        from_corner(opened, owner, &point[0]);
        for (std::uint32_t i = opened.first * octet; i < (opened.first + opened.count) * octet; i += lanes::count) {
            typename lanes::numbers distance;
            lanes(tree.octets.data()[i / octet], i % octet).squared_distance(distance, &point[0]);
            store(state.nearest.data() + i, distance);
        }
    }

private:
    using lanes_type = simd<float, 4 * octet>;
    static constexpr std::int32_t untouched = 0, crossed = 1, taken = 2;

    /// Looks at the children of a box, and lists those that the seed has in part.
    template <int Bytes>
    [[gnu::always_inline]] static inline double look_into(const color_tree& tree, seeding_state& state,
                                                          std::size_t above, std::uint32_t box, packed_color seed,
                                                          const color_point& point, bool keep) {
        const color_box& parent = tree.box(above, box);
        seeded_level& seeded = state.levels[above + 1];
        seeded_family& family = seeded.families.data()[parent.first];
        std::int32_t kinds[octet];
        float closest[octet], farthest[octet];
        std::uint32_t touched[octet], touched_count = 0;
        compare_boxes(tree.levels[above + 1].families.data()[parent.first], family, seed, &kinds[0], &closest[0],
                      &farthest[0]);
#pragma GCC unroll 8
        for (std::uint32_t l = 0; l < octet; ++l) {
            touched[touched_count] = l;
            touched_count += (kinds[l] != untouched) & (l < parent.count);
        }
        double gain = 0;
        for (std::uint32_t n = 0; n < touched_count; ++n) {
            const auto l = touched[n];
            const auto child = parent.first * octet + l;
            if (kinds[l] == taken) {
                gain += state.potential(tree, above + 1, child) - tree.box(above + 1, child).sums.potential(point);
                if (keep) family.owner[l] = seed;
                continue;
            }
            if (family.owner[l] >= 0) open<Bytes>(tree, state, above + 1, child);
            if (keep) {
                family.least[l] = (std::min)(family.least[l], closest[l] / 4);
                family.most[l] = (std::min)(family.most[l], farthest[l] / 4);
            }
            const color_box& crossed_box = tree.box(above + 1, child);
            if (crossed_box.is_leaf)
                gain += lower_leaf<Bytes>(tree, state, crossed_box, seed, keep, family, l);
            else
                seeded.crossed.data()[seeded.crossed_count++] = child;
        }
        return gain;
    }

    /// Closed boxes are halved by the plane between the seed and the owner; the difference of the squared distances is
    /// linear, so it stays within Σ extent · |owner − seed| of that at the middle. Open ones are judged by their bounds.
    [[gnu::always_inline]] static inline void compare_boxes(const box_family& boxes, const seeded_family& seeded,
                                                            packed_color seed, std::int32_t* kinds, float* four_closest,
                                                            float* four_farthest) {
        using kinds_type = simd<std::int32_t, 4 * octet>;
        const lanes_type zero = {};
        lanes_type middle[3], extent[3], owner[3], behind = {}, reach = {}, closest = {}, farthest = {}, least, most;
        kinds_type owners, kind = kinds_type{} + crossed;
        float point[3];
        unpack(seed, &point[0]);
        load_bounds(boxes, middle, extent);
        load(owners, &seeded.owner[0]);
        unpack_lanes(owners, owner);
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) {
            lanes_type apart = owner[c] - point[c], way = middle[c] - 2 * point[c];
            behind += apart * (middle[c] - owner[c] - point[c]);
            abs_in_place(apart);
            reach += extent[c] * apart;
            abs_in_place(way);
            farthest += (way + extent[c]) * (way + extent[c]);
            way = way - extent[c];
            select(way < zero, way, zero);
            closest += way * way;
        }
        store(four_closest, closest);
        store(four_farthest, farthest);
        load(least, &seeded.least[0]);
        load(most, &seeded.most[0]);
        const auto is_open = owners < kinds_type{};
        auto is_taken = behind + reach <= zero, is_untouched = reach <= behind;
        select(is_open, is_taken, farthest <= least * 4.0F);
        select(is_open, is_untouched, most * 4.0F <= closest);
        select(is_taken, kind, kinds_type{} + taken);
        select(is_untouched, kind, kinds_type{});
        store(kinds, kind);
    }

    static inline void bound_distance(packed_color low, packed_color extent, packed_color from, float& least,
                                      float& most) {
        float start[3], range[3], point[3];
        unpack(low, &start[0]);
        unpack(extent, &range[0]);
        unpack(from, &point[0]);
        least = most = 0;
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) {
            const float below = start[c] - point[c], above = point[c] - start[c] - range[c];
            const float outside = (std::max)({below, above, 0.0F}), across = (std::max)(-below, -above);
            least += outside * outside;
            most += across * across;
        }
    }

    /// By how much the seed would lower the potential of an open leaf. Floats will do where the potential is small enough
    /// that no sum is rounded.
    template <int Bytes>
    [[gnu::always_inline]] static inline double lower_leaf(const color_tree& tree, const seeding_state& state,
                                                           const color_box& leaf, packed_color seed, bool keep,
                                                           seeded_family& family, std::uint32_t lane) {
        return family.potential[lane] < 0x1p24
                   ? lower_colors<float, Bytes>(tree, state, leaf, seed, keep, family, lane)
                   : lower_colors<double, Bytes>(tree, state, leaf, seed, keep, family, lane);
    }

    /// With `keep` each D² and the bounds are lowered.
    template <class Number, int Bytes>
    [[gnu::always_inline]] static inline double lower_colors(const color_tree& tree, const seeding_state& state,
                                                             const color_box& leaf, packed_color seed, bool keep,
                                                             seeded_family& family, std::uint32_t lane) {
        using lanes = color_lanes<Number, Bytes>;
        using numbers = typename lanes::numbers;
        float point[3];
        from_corner(leaf, seed, &point[0]);
        numbers gain = {}, least = numbers{} + Number{0x1p100}, most = {}, sum = {};
        for (std::uint32_t i = leaf.first * octet; i < (leaf.first + leaf.count) * octet; i += lanes::count) {
            const lanes colors(tree.octets.data()[i / octet], i % octet);
            simd<float, 4 * static_cast<int>(lanes::count)> stored;
            numbers distance, nearest;
            colors.squared_distance(distance, &point[0]);
            load(stored, static_cast<const float*>(state.nearest.data()) + i);
            convert(nearest, stored);
            const auto closer = distance < nearest;
            if (!keep) {
                numbers saved = {};
                select(closer, saved, numbers(nearest - distance));
                gain += colors.weight * saved;
                continue;
            }
            select(closer, nearest, distance);
            convert(stored, nearest);
            store(state.nearest.data() + i, stored);
            sum += colors.weight * nearest;
            select(nearest < least, least, nearest);
            select(most < nearest, most, nearest);
        }
        if (keep) {
            family.least[lane] = static_cast<float>(least_lane(least));
            family.most[lane] = static_cast<float>(most_lane(most));
            family.potential[lane] = sum_of_lanes(sum);
        }
        return sum_of_lanes(gain);
    }

    static inline void from_corner(const color_box& leaf, packed_color color, float* point) {
        float corner[3];
        unpack(leaf.corner, &corner[0]);
        unpack(color, point);
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) point[c] -= corner[c];
    }

    /// After a seed was kept: the potential of an open box is that of what it holds.
    static inline void sum_up(const color_tree& tree, const seeding_state& state) {
        for (auto level = color_tree::depth; level-- > 0;) {
            const seeded_level& boxes = state.levels[level];
            for (std::uint32_t n = 0; n < boxes.crossed_count; ++n) {
                const auto box = boxes.crossed.data()[n];
                const color_box& parent = tree.box(level, box);
                double sum = 0;
                for (std::uint32_t l = 0; l < parent.count; ++l)
                    sum += state.potential(tree, level + 1, parent.first * octet + l);
                boxes.families.data()[box / octet].potential[box % octet] = sum;
            }
        }
    }
};

}  // namespace lloyd::inline v0::detail
