// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The hot loop of k-means++ over the tree of colours: how much a seed would lower the potential, Σ weight · D².
///
/// A box whose colours are all nearest to the same seed is closed: its potential follows from its sums. Only boxes where
/// two seeds meet are opened, and only in open cubes does each colour have a D² of its own. Seeds are colours, so all
/// coordinates and squares are whole numbers, exact in the floats and doubles used.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/color_lanes.hpp>
#include <lloyd/detail/color_tree.hpp>
#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// What is known of the boxes of one level. It is set when the box above is opened.
struct seeded_boxes {
    seeded_boxes() = default;
    explicit seeded_boxes(std::ptrdiff_t boxes)
        : is_open(padded(boxes)),
          least(padded(boxes)),
          most(padded(boxes)),
          potential(padded(boxes)),
          crossed(padded(boxes)) {
        for (auto& plane : owner) plane = buffer<float>(padded(boxes));
    }

    buffer<float> owner[3];         ///< of a closed box: the seed that all of its colours are nearest to
    buffer<std::int32_t> is_open;   ///< −1 or 0
    buffer<float> least, most;      ///< of an open box: bounds of D²
    buffer<double> potential;       ///< Σ weight · D²
    buffer<std::uint32_t> crossed;  ///< the boxes that the seed looked at now has in part
    std::ptrdiff_t crossed_count = 0;

private:
    static std::size_t padded(std::ptrdiff_t boxes) { return static_cast<std::size_t>(boxes + widest_lanes); }
};

struct seeded_tree {
    explicit seeded_tree(const color_tree& tree) : nearest(tree.weights.size()) {
        for (std::size_t level = 0; level < levels.size(); ++level) levels[level] = seeded_boxes(tree.levels[level].count);
    }

    std::array<seeded_boxes, color_tree::depth + 1> levels;
    buffer<float> nearest;  ///< D² of each place in open cubes
};

/// By how much a seed would lower the potential. With `keep` it does so.
struct seed_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline double run(const color_tree* tree, seeded_tree* state, const float* seed,
                                                    bool keep) {
        double gain = 0;
        if (state->levels[0].is_open[0] == 0) open<Bytes>(*tree, *state, 0, 0);
        state->levels[0].crossed.data()[0] = 0;
        state->levels[0].crossed_count = 1;
        for (std::size_t level = 0; level < color_tree::depth; ++level) {
            const seeded_boxes& above = state->levels[level];
            state->levels[level + 1].crossed_count = 0;
            for (std::ptrdiff_t n = 0; n < above.crossed_count; ++n) {
                const std::uint32_t* children = tree->levels[level].child.data() + above.crossed.data()[n];
                for (auto box = children[0]; box < children[1]; box += widest_lanes)
                    gain += look_at<Bytes>(*tree, *state, level + 1, box, (std::min)(children[1] - box, std::uint32_t{widest_lanes}), seed, keep);
            }
        }
        const seeded_boxes& cubes = state->levels[color_tree::depth];
        for (std::ptrdiff_t n = 0; n < cubes.crossed_count; ++n) {
            const auto cube = cubes.crossed.data()[n];
            gain += cubes.potential.data()[cube] < 0x1p24
                        ? lower_places<float, Bytes>(*tree, *state, cube, seed, keep)
                        : lower_places<double, Bytes>(*tree, *state, cube, seed, keep);
        }
        if (keep) sum_up(*tree, *state);
        return gain;
    }

    /// Sets up what is known of the boxes or colours in a closed box, all nearest to its owner.
    template <int Bytes>
    [[gnu::always_inline]] static inline void open(const color_tree& tree, const seeded_tree& state, std::size_t level,
                                                   std::uint32_t box) {
        const seeded_boxes& boxes = state.levels[level];
        const float owner[3] = {boxes.owner[0].data()[box], boxes.owner[1].data()[box], boxes.owner[2].data()[box]};
        float closest = 0, farthest = 0;
        for (int c = 0; c < 3; ++c) {
            const float way = tree.levels[level].middle[c].data()[box] - 2 * owner[c];
            const float distance = way < 0 ? -way : way, extent = tree.levels[level].extent[c].data()[box];
            if (distance > extent) closest += (distance - extent) * (distance - extent);
            farthest += (distance + extent) * (distance + extent);
        }
        boxes.is_open.data()[box] = -1;
        boxes.least.data()[box] = closest / 4;
        boxes.most.data()[box] = farthest / 4;
        const auto begin = tree.levels[level].child.data()[box], end = tree.levels[level].child.data()[box + 1];
        if (level == color_tree::depth) {
            using lanes = color_lanes<float, Bytes>;
            float local[3];
            from_corner(tree, box, &owner[0], &local[0]);
            for (std::ptrdiff_t place = begin; place < end; place += lanes::count) {
                typename lanes::numbers distance;
                lanes(tree, place).squared_distance(distance, &local[0]);
                store(state.nearest.data() + place, distance);
            }
            return;
        }
        for (auto i = begin; i < end; ++i) close(tree.levels[level + 1], state.levels[level + 1], i, &owner[0]);
    }

    /// All colours of the box are nearest to the seed.
    static inline void close(const color_boxes& boxes, const seeded_boxes& seeded, std::uint32_t box,
                             const float* seed) {
        for (int c = 0; c < 3; ++c) seeded.owner[c].data()[box] = seed[c];
        seeded.is_open.data()[box] = 0;
        seeded.potential.data()[box] = boxes.sums.data()[box].potential(seed);
    }

private:
    using lanes_type = vector<float, 4 * widest_lanes>;
    static constexpr std::int32_t untouched = 0, crossed = 1, taken = 2;

    /// Looks at `count` boxes side by side, and lists those that the seed has in part.
    template <int Bytes>
    [[gnu::always_inline]] static inline double look_at(const color_tree& tree, seeded_tree& state, std::size_t level,
                                                        std::uint32_t box, std::uint32_t count, const float* seed,
                                                        bool keep) {
        const color_boxes& boxes = tree.levels[level];
        seeded_boxes& seeded = state.levels[level];
        std::int32_t kinds[widest_lanes];
        float closest[widest_lanes], farthest[widest_lanes];
        compare_boxes(boxes, seeded, box, seed, &kinds[0], &closest[0], &farthest[0]);
        double gain = 0;
        for (std::uint32_t l = 0; l < count; ++l) {
            const auto i = box + l;
            if (kinds[l] == untouched) continue;
            if (kinds[l] == taken) {
                gain += seeded.potential.data()[i] - boxes.sums.data()[i].potential(seed);
                if (keep) close(boxes, seeded, i, seed);
                continue;
            }
            if (seeded.is_open.data()[i] == 0) open<Bytes>(tree, state, level, i);
            if (keep) {
                seeded.least.data()[i] = (std::min)(seeded.least.data()[i], closest[l] / 4);
                seeded.most.data()[i] = (std::min)(seeded.most.data()[i], farthest[l] / 4);
            }
            seeded.crossed.data()[seeded.crossed_count++] = i;
        }
        return gain;
    }

    /// Closed boxes are halved by the plane between the seed and the owner; the difference of the squared distances is
    /// linear, so it stays within Σ extent · |owner − seed| of that at the middle. Open ones are judged by their bounds.
    [[gnu::always_inline]] static inline void compare_boxes(const color_boxes& boxes, const seeded_boxes& seeded,
                                                            std::ptrdiff_t box, const float* seed, std::int32_t* kinds,
                                                            float* four_closest, float* four_farthest) {
        const lanes_type zero = {};
        lanes_type behind = {}, reach = {}, closest = {}, farthest = {}, least, most;
        for (int c = 0; c < 3; ++c) {
            lanes_type middle, extent, owner;
            load(middle, static_cast<const float*>(boxes.middle[c].data()) + box);
            load(extent, static_cast<const float*>(boxes.extent[c].data()) + box);
            load(owner, static_cast<const float*>(seeded.owner[c].data()) + box);
            lanes_type apart = owner - seed[c];
            behind += apart * (middle - owner - seed[c]);
            make_positive(apart);
            reach += extent * apart;
            lanes_type way = middle - 2 * seed[c];
            make_positive(way);
            farthest += (way + extent) * (way + extent);
            way = way - extent;
            assign_where(way < zero, way, zero);
            closest += way * way;
        }
        store(four_closest, closest);
        store(four_farthest, farthest);

        using kinds_type = vector<std::int32_t, 4 * widest_lanes>;
        kinds_type is_open, kind = kinds_type{} + crossed;
        load(is_open, static_cast<const std::int32_t*>(seeded.is_open.data()) + box);
        load(least, static_cast<const float*>(seeded.least.data()) + box);
        load(most, static_cast<const float*>(seeded.most.data()) + box);
        auto is_taken = behind + reach <= zero, is_untouched = reach <= behind;
        assign_where(is_open, is_taken, farthest <= 4 * least);
        assign_where(is_open, is_untouched, 4 * most <= closest);
        assign_where(is_taken, kind, kinds_type{} + taken);
        assign_where(is_untouched, kind, kinds_type{});
        store(kinds, kind);
    }

    /// By how much the seed would lower the potential of an open cube; with `keep` each D² and the bounds are lowered.
    /// Floats will do where the potential is small enough that no sum is rounded.
    template <class Number, int Bytes>
    [[gnu::always_inline]] static inline double lower_places(const color_tree& tree, const seeded_tree& state,
                                                             std::uint32_t cube, const float* seed, bool keep) {
        using lanes = color_lanes<Number, Bytes>;
        using numbers = typename lanes::numbers;
        float local[3];
        from_corner(tree, cube, seed, &local[0]);
        numbers gain = {}, least = numbers{} + Number{0x1p100}, most = {}, sum = {};
        const std::ptrdiff_t end = tree.cubes().child.data()[cube + 1];
        for (std::ptrdiff_t place = tree.cubes().child.data()[cube]; place < end; place += lanes::count) {
            const lanes colors(tree, place);
            vector<float, 4 * static_cast<int>(lanes::count)> stored;
            numbers distance, nearest;
            colors.squared_distance(distance, &local[0]);
            load(stored, static_cast<const float*>(state.nearest.data()) + place);
            convert(nearest, stored);
            const auto closer = distance < nearest;
            if (!keep) {
                numbers saved = {};
                assign_where(closer, saved, numbers(nearest - distance));
                gain += colors.weight * saved;
                continue;
            }
            assign_where(closer, nearest, distance);
            convert(stored, nearest);
            store(state.nearest.data() + place, stored);
            sum += colors.weight * nearest;
            assign_where(nearest < least, least, nearest);
            assign_where(most < nearest, most, nearest);
        }
        if (keep) {
            const seeded_boxes& cubes = state.levels[color_tree::depth];
            cubes.least.data()[cube] = static_cast<float>(least_lane(least));
            cubes.most.data()[cube] = static_cast<float>(-least_lane(numbers(numbers{} - most)));
            cubes.potential.data()[cube] = sum_of_lanes(sum);
        }
        return sum_of_lanes(gain);
    }

    static inline void from_corner(const color_tree& tree, std::uint32_t cube, const float* point, float* local) {
        tree.corner(cube, local);
        for (int c = 0; c < 3; ++c) local[c] = point[c] - local[c];
    }

    /// After a seed was kept: the potential of an open box is that of what it holds.
    static inline void sum_up(const color_tree& tree, const seeded_tree& state) {
        for (auto level = color_tree::depth; level-- > 0;) {
            const seeded_boxes& boxes = state.levels[level];
            for (std::ptrdiff_t n = 0; n < boxes.crossed_count; ++n) {
                const auto box = boxes.crossed.data()[n];
                const std::uint32_t* children = tree.levels[level].child.data() + box;
                double sum = 0;
                for (auto i = children[0]; i < children[1]; ++i) sum += state.levels[level + 1].potential.data()[i];
                boxes.potential.data()[box] = sum;
            }
        }
    }
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
