// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// One Lloyd step over the octree of colours (the filtering algorithm: Kanungo et al. 2002). Each box keeps its
/// candidates: the centers that can be nearest to one of its colours. A box with one candidate is added to that center;
/// a leaf with several compares its colours with them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/octree/color_lanes.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/filtering_state.hpp>
#include <lloyd/detail/octree/leaf_assignment.hpp>
#include <lloyd/detail/octree/leaf_records.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Adds the colours of each cluster to state->sums; or, where `labels` is not null, writes the label of every colour.
template <class Form>
struct filtering_kernel {
    using tree_type = basic_color_tree<Form>;
    static constexpr int max_bytes = Form::max_bytes;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const tree_type* tree, filtering_state* state, std::int32_t* labels) {
        for (std::ptrdiff_t j = 0; j < state->k; ++j) state->candidates[j] = static_cast<std::int32_t>(j);
        open_box* top = state->open_boxes.data();
        *top++ = {0, 0, 0, state->k};
        while (top != state->open_boxes.data()) {
            const open_box entry = *--top;
            const color_box& box = tree->box(entry.level, entry.box);
            if (!box.is_leaf)
                top = open_children(*tree, box, *state, entry, top, labels);
            else if (labels != nullptr)
                leaves::template label_leaf<Bytes>(*tree, box, *state, entry, labels + box.first_color);
            else
                leaves::template add_leaf<Bytes>(*tree, box, *state, entry);
        }
    }

private:
    using lanes_type = simd<float, 4 * max_siblings>;
    using leaves = leaf_assignment<Form>;

    /// Finds the candidates of each child. Assigns the children that have one, and puts the others on the stack.
    /// Returns the new top of the stack.
    [[gnu::always_inline]] static inline open_box* open_children(const tree_type& tree, const color_box& parent,
                                                                 const filtering_state& state, const open_box& entry,
                                                                 open_box* top, std::int32_t* labels) {
        const auto& children = tree.levels[entry.level + 1];
        prune_candidates(children.bounds[parent.first], state, entry);
        auto free = entry.last;
        std::uint32_t decided[max_siblings], decided_count = 0;
        std::int32_t nearest[max_siblings];
        for (std::uint32_t l = 0; l < parent.count; ++l) {
            const auto first = free;
            const std::int32_t* is_candidate = state.is_candidate.data() + l;
            for (auto t = entry.first; t < entry.last; ++t, is_candidate += max_siblings) {
                state.candidates[free] = state.candidates[t];
                free += *is_candidate & 1;
            }
            // The child is written to both lists and counted in one: a branch would be mispredicted half of the time.
            const bool is_open = free - first > 1;
            *top = {entry.level + 1, parent.first * max_siblings + l, first, free};
            nearest[decided_count] = state.candidates[first];
            decided[decided_count] = l;
            top += is_open;
            decided_count += !is_open;
            free = is_open ? free : first;
        }
        for (std::uint32_t n = 0; n < decided_count; ++n)
            assign_box(children.boxes[parent.first * max_siblings + decided[n]], state, nearest[n], labels);
        return top;
    }

    /// Sets state.is_candidate for eight siblings. Let a be the center nearest to the middle of a box. Center b is
    /// pruned where |x − b|² − |x − a|² > 0 for every x of the box. That difference is linear in x, so its minimum is
    /// its value at the middle, score(b) − score(a), minus Σ extent · |a − b|.
    [[gnu::always_inline]] static inline void prune_candidates(const typename Form::bounds& bounds,
                                                               const filtering_state& state, const open_box& entry) {
        lanes_type twice_middle[3], extent[3], nearest[3] = {}, min_score = lanes_type{} + 0x1p100F;
        load_bounds(bounds, twice_middle, extent);
        float* scores = state.scores.data();
        for (auto t = entry.first; t < entry.last; ++t, scores += max_siblings) {
            const float* center = state.float_centers.data() + std::ptrdiff_t{4} * state.candidates[t];
            const lanes_type score =
                center[3] - (twice_middle[0] * center[0] + twice_middle[1] * center[1] + twice_middle[2] * center[2]);
            store(scores, score);
            const auto is_nearer = score < min_score;
            select(is_nearer, min_score, score);
#pragma GCC unroll 4
            for (int c = 0; c < 3; ++c) select(is_nearer, nearest[c], lanes_type{} + center[c]);
        }
        scores = state.scores.data();
        std::int32_t* is_candidate = state.is_candidate.data();
        for (auto t = entry.first; t < entry.last; ++t, scores += max_siblings, is_candidate += max_siblings) {
            const float* center = state.float_centers.data() + std::ptrdiff_t{4} * state.candidates[t];
            lanes_type score, max_change = {};
            load(score, static_cast<const float*>(scores));
#pragma GCC unroll 4
            for (int c = 0; c < 3; ++c) {
                lanes_type difference = nearest[c] - center[c];
                abs_in_place(difference);
                max_change += extent[c] * difference;
            }
            store(is_candidate, score - min_score - max_change <= lanes_type{} + Form::score_error);
        }
    }

    /// Labels the colours of a box, or adds them to their cluster.
    static inline void assign_box(const color_box& box, const filtering_state& state, std::int32_t center,
                                  std::int32_t* labels) {
        if (labels != nullptr)
            std::fill_n(labels + box.first_color, box.color_count, center);
        else
            state.add_sums(center, sums_of(box));
    }
};

}  // namespace lloyd::inline v0::detail
