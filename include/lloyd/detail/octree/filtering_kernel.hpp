// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// One Lloyd step over the octree of colours (the filtering algorithm: Kanungo et al. 2002). Each box keeps its
/// candidates: the centers that can be nearest to one of its colours. A box with one candidate is added to that center;
/// a leaf with several compares its colours with them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/histogram/nearest_candidate.hpp>
#include <lloyd/detail/octree/color_lanes.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/filtering_state.hpp>
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
            if (box.is_leaf)
                assign_leaf<Bytes>(*tree, box, *state, entry, labels);
            else
                top = open_children(*tree, box, *state, entry, top, labels);
        }
    }

private:
    using lanes_type = simd<float, 4 * max_siblings>;
    using octet_type = typename Form::octet;

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
            add_sums(state, center, sums_of(box));
    }

    static inline weight_and_moments sums_of(const color_box& box) {
        return {box.sums.weight, box.sums.moment[0], box.sums.moment[1], box.sums.moment[2]};
    }

    [[gnu::always_inline]] static inline void add_sums(const filtering_state& state, std::int32_t center,
                                                       const weight_and_moments& sums) {
        double* cluster = state.sums.data() + std::ptrdiff_t{4} * center;
#pragma GCC unroll 4
        for (std::size_t q = 0; q < 4; ++q) cluster[q] += sums[q];
    }

    /// Adds the colours of a leaf to their clusters. They are compared with its candidates where labels may differ from
    /// those in its record. Floats serve where every sum of weights is exact beside them and where they decide every
    /// comparison; otherwise the leaf is done again in doubles, which are exact.
    template <int Bytes>
    [[gnu::always_inline]] static inline void assign_leaf(const tree_type& tree, const color_box& leaf,
                                                          filtering_state& state, const open_box& entry,
                                                          std::int32_t* labels) {
        const std::int32_t* candidates = state.candidates.data() + entry.first;
        const auto count = entry.last - entry.first;
        leaf_frame frame;
        load_frame(tree.levels[entry.level], entry.box, frame);
        const double error = set_differences(frame, state, candidates, count);
        if (labels != nullptr)
            return label_leaf<Bytes>(tree, leaf, state, candidates, count, labels + leaf.first_color);
        leaf_record& record = state.records.of_leaf(leaf.first, count);
        candidate_record* found = state.records.candidates_of(record);
        if (record.count != count || !keeps_labels(record, found, state.differences.data(), frame.extent)) {
            for (std::ptrdiff_t t = 0; t < count; ++t) {
                const candidate_difference& exact = state.differences[t];
                found[t] = {exact, {}};
                for (int c = 0; c < 3; ++c) state.float_differences[t].slope[c] = static_cast<float>(exact.slope[c]);
                state.float_differences[t].at_origin = static_cast<float>(exact.at_origin);
            }
            found[0].sums = sums_of(leaf);
            const bool is_light = leaf.sums.weight * (frame.max_coordinate + 1) < Form::lane_limit;
            double margin = is_light ? move_colors<float, Bytes>(tree, leaf, frame, state, found, count, error) : 0;
            if (margin == 0) margin = move_colors<double, Bytes>(tree, leaf, frame, state, found, count, 0);
            record.count = static_cast<std::int32_t>(count);
            record.margin = static_cast<float>(margin) * (1 - 0x1p-20F);  // no more than the margin
        }
        for (std::ptrdiff_t t = 0; t < count; ++t) add_sums(state, candidates[t], found[t].sums);
    }

    /// Sets state.differences for find_nearest_candidate; x counts from the leaf's corner. The differences are exact
    /// in double, since x has few bits and centers are on the grid. Returns how far comparing two in float may err.
    static inline double set_differences(const leaf_frame& frame, const filtering_state& state,
                                         const std::int32_t* candidates, std::ptrdiff_t count) {
        double max_magnitude = 0;
        const double* base = state.centers.data() + std::ptrdiff_t{4} * candidates[0];
        for (std::ptrdiff_t t = 1; t < count; ++t) {
            const double* center = state.centers.data() + std::ptrdiff_t{4} * candidates[t];
            candidate_difference& difference = state.differences[t];
            difference.at_origin = center[3] - base[3];
#pragma GCC unroll 4
            for (int c = 0; c < 3; ++c) {
                difference.slope[c] = 2 * (base[c] - center[c]);
                difference.at_origin += frame.corner[c] * difference.slope[c];
            }
            double magnitude = math::magnitude(difference.at_origin);
#pragma GCC unroll 4
            for (const double slope : difference.slope) magnitude += math::magnitude(slope) * frame.max_coordinate;
            if (magnitude > max_magnitude) max_magnitude = magnitude;
        }
        // Each of two differences has ten roundings of at most 2^-24 of the magnitudes of its terms.
        return max_magnitude * 0x1p-19;
    }

    /// Moves the colours that are not nearest to the first candidate from its sums to those of their own. Returns the
    /// smallest gap between the nearest and the second-nearest candidate of a colour, less `error`, by which comparisons
    /// may err; or 0, having moved nothing, if that leaves a comparison undecided. The first pass over the leaf finds
    /// labels; this and another one for each further candidate add up.
    template <class Number, int Bytes>
    [[gnu::always_inline]] static inline double move_colors(const tree_type& tree, const color_box& leaf,
                                                            const leaf_frame& frame, const filtering_state& state,
                                                            candidate_record* found, std::ptrdiff_t count,
                                                            double error) {
        using lanes = color_lanes<Number, Bytes, octet_type>;
        using numbers = typename lanes::numbers;
        using terms = typename lanes::terms;
        const octet_type* octets = tree.octets.data() + leaf.first;
        const difference_in<Number>* differences = state.differences_in<Number>();
        numbers margin = numbers{} + Number{0x1p100};
        for (std::ptrdiff_t t = 1; t < count; ++t) {
            terms sums[4] = {};
            for (std::uint32_t i = 0; i < leaf.count * octet_size; i += lanes::count) {
                const lanes colors(octets[i / octet_size], i % octet_size);
                simd<float, 4 * static_cast<int>(lanes::count)> label;
                numbers nearest;
                if (t == 1) {
                    find_nearest_candidate(colors.x, differences, count, nearest, margin);
                    convert(label, nearest);
                    store(state.labels.data() + i, label);
                } else {
                    load(label, static_cast<const float*>(state.labels.data()) + i);
                    convert(nearest, label);
                }
                terms weight = {};
                select(nearest == numbers{} + static_cast<Number>(t), weight, colors.weight);
                sums[0] += weight;
#pragma GCC unroll 4
                for (int c = 0; c < 3; ++c) sums[c + 1] += weight * colors.term(c);
            }
            if (std::is_same_v<Number, float> && min_lane(margin) <= error) return 0;
            move_sums(found[0], found[t], frame, sums);
        }
        return min_lane(margin) - error;
    }

    /// `moved` is (weight, three moments about the corner), still to be summed over the lanes.
    template <class Vector>
    [[gnu::always_inline]] static inline void move_sums(candidate_record& from, candidate_record& to,
                                                        const leaf_frame& frame, const Vector (&moved)[4]) {
        sums_of_lanes(&to.sums[0], moved);
#pragma GCC unroll 4
        for (std::size_t c = 0; c < 3; ++c) to.sums[c + 1] += frame.corner[c] * to.sums[0];
#pragma GCC unroll 4
        for (std::size_t q = 0; q < 4; ++q) from.sums[q] -= to.sums[q];
    }

    template <int Bytes>
    [[gnu::always_inline]] static inline void label_leaf(const tree_type& tree, const color_box& leaf,
                                                         const filtering_state& state, const std::int32_t* candidates,
                                                         std::ptrdiff_t count, std::int32_t* labels) {
        using lanes = color_lanes<double, Bytes, octet_type>;
        const octet_type* octets = tree.octets.data() + leaf.first;
        for (std::uint32_t i = 0; i < leaf.color_count; i += lanes::count) {
            const lanes colors(octets[i / octet_size], i % octet_size);
            typename lanes::numbers nearest, margin = {};
            find_nearest_candidate(colors.x, state.differences.data(), count, nearest, margin);
            for (std::uint32_t l = 0; l < (std::min)(lanes::count, leaf.color_count - i); ++l)
                labels[i + l] =
                    candidates[static_cast<std::ptrdiff_t>(static_cast<double>(nearest[static_cast<int>(l)]))];
        }
    }
};

}  // namespace lloyd::inline v0::detail
