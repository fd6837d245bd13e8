// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The hot loop of a Lloyd step over the tree of colours: from the root down, which centers may win in a box; where only
/// one may, it wins the box whole; in a contested leaf, which one wins each colour.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/histogram/nearest_candidate.hpp>
#include <lloyd/detail/octree/color_lanes.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/filtering_state.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Sums up clusters in `sums`, or, where `labels` is not null, writes the label of every colour.
struct filtering_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const color_tree* tree, filtering_state* state,
                                                  std::int32_t* labels) {
        for (std::ptrdiff_t j = 0; j < state->k; ++j) state->candidates.data()[j] = static_cast<std::int32_t>(j);
        contested_box* top = state->boxes.data();
        *top++ = {0, 0, 0, state->k};
        while (top != state->boxes.data()) {
            const contested_box entry = *--top;
            const color_box& box = tree->box(entry.level, entry.box);
            if (box.is_leaf)
                settle<Bytes>(*tree, box, *state, entry, labels);
            else
                top = look_into(*tree, box, *state, entry, top, labels);
        }
    }

private:
    using lanes_type = simd<float, 4 * octet>;

    // Floats err by less than this. Of boxes: scores stay below 2^19, and two are compared, each the sum of four terms.
    static constexpr float box_doubt = 1;

    /// Finds the candidates of each child; returns the new top of the stack.
    [[gnu::always_inline]] static inline contested_box* look_into(const color_tree& tree, const color_box& parent,
                                                                  const filtering_state& state,
                                                                  const contested_box& entry, contested_box* top,
                                                                  std::int32_t* labels) {
        const color_level& children = tree.levels[entry.level + 1];
        compare_boxes(children.families.data()[parent.first], state, entry);
        auto free = entry.last;
        std::uint32_t given[octet], given_count = 0;
        std::int32_t winners[octet];
        for (std::uint32_t l = 0; l < parent.count; ++l) {
            const auto first = free;
            const std::int32_t* may_win = state.may_win.data() + l;
            for (auto t = entry.first; t < entry.last; ++t, may_win += octet) {
                state.candidates.data()[free] = state.candidates.data()[t];
                free += *may_win & 1;
            }
            // Written to both lists, kept in one: which one it is, no branch could foretell.
            const bool is_contested = free - first > 1;
            *top = {entry.level + 1, parent.first * octet + l, first, free};
            winners[given_count] = state.candidates.data()[first];
            given[given_count] = l;
            top += is_contested;
            given_count += !is_contested;
            free = is_contested ? free : first;
        }
        for (std::uint32_t n = 0; n < given_count; ++n)
            give(children.boxes.data()[parent.first * octet + given[n]], state, winners[n], labels);
        return top;
    }

    /// a is the center nearest to the middle of a box. Center b cannot win where |x − b|² − |x − a|² > 0 on the whole box;
    /// the difference is linear in x, so its least value is that at the middle less Σ extent · |a − b|.
    [[gnu::always_inline]] static inline void compare_boxes(const box_family& family, const filtering_state& state,
                                                            const contested_box& entry) {
        lanes_type middle[3], extent[3], nearest[3] = {}, least = lanes_type{} + 0x1p100F;
        load_bounds(family, middle, extent);
        float* score_row = state.scores.data();
        for (auto t = entry.first; t < entry.last; ++t, score_row += octet) {
            const float* center = state.rounded.data() + std::ptrdiff_t{4} * state.candidates.data()[t];
            const lanes_type score =
                center[3] - (middle[0] * center[0] + middle[1] * center[1] + middle[2] * center[2]);
            store(score_row, score);
            const auto closer = score < least;
            select(closer, least, score);
#pragma GCC unroll 4
            for (int c = 0; c < 3; ++c) select(closer, nearest[c], lanes_type{} + center[c]);
        }
        score_row = state.scores.data();
        std::int32_t* may_win_row = state.may_win.data();
        for (auto t = entry.first; t < entry.last; ++t, score_row += octet, may_win_row += octet) {
            const float* center = state.rounded.data() + std::ptrdiff_t{4} * state.candidates.data()[t];
            lanes_type score, reach = {};
            load(score, static_cast<const float*>(score_row));
#pragma GCC unroll 4
            for (int c = 0; c < 3; ++c) {
                lanes_type difference = nearest[c] - center[c];
                abs_in_place(difference);
                reach += extent[c] * difference;
            }
            store(may_win_row, score - least - reach <= lanes_type{} + box_doubt);
        }
    }

    static inline void give(const color_box& box, const filtering_state& state, std::int32_t center,
                            std::int32_t* labels) {
        if (labels != nullptr)
            std::fill_n(labels + box.color, box.colors, center);
        else
            hold(state, center, box.sums);
    }

    [[gnu::always_inline]] static inline void hold(const filtering_state& state, std::int32_t center,
                                                   const box_sums& sums) {
        double* won = state.sums.data() + std::ptrdiff_t{4} * center;
        won[0] += sums.weight;
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) won[c + 1] += sums.moment[c];
    }

    /// Compares the colours of a leaf with the few centers that may win. Floats will do where no sum of weights can be
    /// rounded and no colour is in doubt; otherwise the leaf is looked at again in doubles, which are exact.
    template <int Bytes>
    [[gnu::always_inline]] static inline void settle(const color_tree& tree, const color_box& leaf,
                                                     const filtering_state& state, const contested_box& entry,
                                                     std::int32_t* labels) {
        const std::int32_t* candidates = state.candidates.data() + entry.first;
        const auto count = entry.last - entry.first;
        set_rivals(leaf, state, candidates, count);
        if (labels != nullptr) return label_colors<Bytes>(tree, leaf, state, candidates, count, labels + leaf.color);
        hold(state, candidates[0], leaf.sums);
        const bool is_light = leaf.sums.weight * (leaf.widest + 1) < 0x1p24;
        if (!is_light || !sum_colors<float, Bytes>(tree, leaf, state, candidates, count))
            sum_colors<double, Bytes>(tree, leaf, state, candidates, count);
    }

    /// The score of a rival is by how much it is farther from a colour than the first candidate, |x − c|² − |x − c₀|²:
    /// linear in x, and exact in double, since x has 8 bits and centers lie on the grid. x counts from the corner.
    static inline void set_rivals(const color_box& leaf, const filtering_state& state, const std::int32_t* candidates,
                                  std::ptrdiff_t count) {
        double corner[3];
        unpack(leaf.corner, &corner[0]);
        const double* base = state.centers.data() + std::ptrdiff_t{4} * candidates[0];
        for (std::ptrdiff_t t = 1; t < count; ++t) {
            const double* center = state.centers.data() + std::ptrdiff_t{4} * candidates[t];
            double* rival = state.rivals.data() + 4 * t;
            rival[3] = center[3] - base[3];
#pragma GCC unroll 4
            for (int c = 0; c < 3; ++c) {
                rival[c] = 2 * (base[c] - center[c]);
                rival[3] += corner[c] * rival[c];
            }
        }
    }

    /// Gives what the rivals win to them and takes it from the first candidate. Returns false, and does nothing, if a
    /// float could have erred about a winner. Mostly there is one rival, so one pass for each is little waste.
    template <class Number, int Bytes>
    [[gnu::always_inline]] static inline bool sum_colors(const color_tree& tree, const color_box& leaf,
                                                         const filtering_state& state, const std::int32_t* candidates,
                                                         std::ptrdiff_t count) {
        using lanes = color_lanes<Number, Bytes>;
        using numbers = typename lanes::numbers;
        const color_octet* octets = tree.octets.data() + leaf.first;
        for (std::ptrdiff_t t = 1; t < count; ++t) {
            numbers won[4] = {}, lead = numbers{} + Number{0x1p100};
            for (std::uint32_t i = 0; i < leaf.count * octet; i += lanes::count) {
                const lanes colors(octets[i / octet], i % octet);
                numbers winner, weight = {};
                find_nearest_candidate(colors.x, state.rivals.data(), count, winner, lead);
                select(winner == numbers{} + static_cast<Number>(t), weight, colors.weight);
                won[0] += weight;
#pragma GCC unroll 4
                for (int c = 0; c < 3; ++c) won[c + 1] += weight * colors.x[c];
            }
            if (std::is_same_v<Number, float> && least_lane(lead) < double{difference_error}) return false;
            hand_over(state, candidates[0], candidates[t], leaf.corner, won);
        }
        return true;
    }

    template <class Vector>
    [[gnu::always_inline]] static inline void hand_over(const filtering_state& state, std::int32_t from,
                                                        std::int32_t to, packed_color corner, const Vector (&won)[4]) {
        double* loser = state.sums.data() + std::ptrdiff_t{4} * from;
        double* winner = state.sums.data() + std::ptrdiff_t{4} * to;
        double total[4], start[3];
        sums_of_lanes(&total[0], won);
        unpack(corner, &start[0]);
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) total[c + 1] += start[c] * total[0];
#pragma GCC unroll 4
        for (int q = 0; q < 4; ++q) {
            winner[q] += total[q];
            loser[q] -= total[q];
        }
    }

    template <int Bytes>
    [[gnu::always_inline]] static inline void label_colors(const color_tree& tree, const color_box& leaf,
                                                           const filtering_state& state, const std::int32_t* candidates,
                                                           std::ptrdiff_t count, std::int32_t* labels) {
        using lanes = color_lanes<double, Bytes>;
        const color_octet* octets = tree.octets.data() + leaf.first;
        for (std::uint32_t i = 0; i < leaf.colors; i += lanes::count) {
            typename lanes::numbers winner, lead = {};
            find_nearest_candidate(lanes(octets[i / octet], i % octet).x, state.rivals.data(), count, winner, lead);
            for (std::uint32_t l = 0; l < (std::min)(lanes::count, leaf.colors - i); ++l)
                labels[i + l] =
                    candidates[static_cast<std::ptrdiff_t>(static_cast<double>(winner[static_cast<int>(l)]))];
        }
    }
};

}  // namespace lloyd::inline v0::detail
