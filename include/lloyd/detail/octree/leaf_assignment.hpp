// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// One leaf in a Lloyd step: its colours are compared with its candidates, and added to their clusters.
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
#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <class Form>
struct leaf_assignment {
    using tree_type = basic_color_tree<Form>;
    using octet_type = typename Form::octet;

    /// Adds the colours of a leaf to their clusters. They are compared with its candidates where labels may differ from
    /// those in its record. Floats serve where they decide every comparison; otherwise the leaf is done again in doubles,
    /// which are exact.
    template <int Bytes>
    [[gnu::always_inline]] static inline void add_leaf(const tree_type& tree, const color_box& leaf,
                                                       filtering_state& state, const open_box& entry) {
        const std::int32_t* candidates = state.candidates.data() + entry.first;
        const auto count = entry.last - entry.first;
        leaf_frame frame;
        load_frame(tree.levels[entry.level], entry.box, frame);
        leaf_record& record = state.records.of_leaf(leaf.leaf_index, count);
        candidate_record* found = state.records.candidates_of(record);
        const bool is_known = record.count == count;
        const auto changed = set_differences(frame, state, candidates, count, is_known ? found : nullptr);
        if (!is_known || !(changed.gaps < static_cast<double>(record.margin) || changed.gaps == 0)) {
            for (std::ptrdiff_t t = 0; t < count; ++t) found[t].difference = state.differences[t];
            const double error = float_error(changed.magnitude);
            const bool few_move = is_known && keep_labels(count) &&
                                  changed.gaps * 128 < changed.magnitude * static_cast<double>(count - 1);
            double margin = few_move ? move_changed<Bytes>(tree, leaf, frame, state, found, count, error) : 0;
            if (margin == 0) margin = sum_anew<Bytes>(tree, leaf, frame, state, found, count, error);
            record.count = static_cast<std::int32_t>(count);
            record.margin = static_cast<float>(margin) * (1 - 0x1p-20F);  // no more than the margin
        }
        for (std::ptrdiff_t t = 0; t < count; ++t) state.add_sums(candidates[t], found[t].sums);
    }

    /// Writes the label of each colour of a leaf.
    template <int Bytes>
    [[gnu::always_inline]] static inline void label_leaf(const tree_type& tree, const color_box& leaf,
                                                         const filtering_state& state, const open_box& entry,
                                                         std::int32_t* labels) {
        using lanes = color_lanes<double, Bytes, octet_type>;
        const std::int32_t* candidates = state.candidates.data() + entry.first;
        const auto count = entry.last - entry.first;
        leaf_frame frame;
        load_frame(tree.levels[entry.level], entry.box, frame);
        set_differences(frame, state, candidates, count, nullptr);
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

private:
    /// What set_differences finds.
    struct differences_found {
        double magnitude = 0;  ///< no difference of a colour is larger, nor the terms that it sums
        double gaps = 0;       ///< no gap has changed by more
    };

    /// Comparing two differences in float errs by less than this: each has ten roundings of at most 2^-24 of the
    /// magnitudes of its terms.
    static constexpr double float_error(double magnitude) { return magnitude * 0x1p-19; }

    /// Whether a leaf with so many candidates keeps the label of each colour. With few, all colours are summed again in
    /// the time that it takes to keep labels.
    static constexpr bool keep_labels(std::ptrdiff_t count) { return count >= 4; }

    /// Sets state.differences and state.float_differences for find_nearest_candidate; x counts from the leaf's corner.
    /// The doubles are exact, since x has few bits and centers are on the grid. `before` are the same candidates in the
    /// leaf's record, or null. (One loop, because leaving a loop is mispredicted for about each leaf.)
    [[gnu::always_inline]] static inline differences_found set_differences(const leaf_frame& frame,
                                                                           const filtering_state& state,
                                                                           const std::int32_t* candidates,
                                                                           std::ptrdiff_t count,
                                                                           const candidate_record* before) {
        differences_found found;
        gap_change change;
        const double* base = state.centers.data() + std::ptrdiff_t{4} * candidates[0];
        for (std::ptrdiff_t t = 1; t < count; ++t) {
            const double* center = state.centers.data() + std::ptrdiff_t{4} * candidates[t];
            candidate_difference& difference = state.differences[t];
            difference_in<float>& rounded = state.float_differences[t];
            double at_origin = center[3] - base[3], magnitude = 0;
#pragma GCC unroll 4
            for (int c = 0; c < 3; ++c) {
                difference.slope[c] = 2 * (base[c] - center[c]);
                rounded.slope[c] = static_cast<float>(difference.slope[c]);
                at_origin += frame.corner[c] * difference.slope[c];
                magnitude += math::magnitude(difference.slope[c]) * frame.max_coordinate;
            }
            difference.at_origin = at_origin;
            rounded.at_origin = static_cast<float>(at_origin);
            found.magnitude = (std::max)(found.magnitude, magnitude + math::magnitude(at_origin));
            if (before != nullptr) change.add(before[t].difference, difference, frame.extent);
        }
        found.gaps = change.largest();
        return found;
    }

    /// Finds the labels of a leaf that keeps them, in floats, and moves each colour whose label has changed to the sums
    /// of its new candidate. Returns as find_all; where it returns 0, sums are still those of the labels.
    template <int Bytes>
    [[gnu::always_inline]] static inline double move_changed(const tree_type& tree, const color_box& leaf,
                                                             const leaf_frame& frame, const filtering_state& state,
                                                             candidate_record* found, std::ptrdiff_t count,
                                                             double error) {
        using lanes = color_lanes<float, Bytes, octet_type>;
        using numbers = typename lanes::numbers;
        float* labels = state.labels.data() + std::size_t{leaf.first} * octet_size;
        numbers margin = numbers{} + 0x1p100F;
        for (std::uint32_t i = 0; i < leaf.count * octet_size; i += lanes::count) {
            const octet_type& octet = tree.octets[leaf.first + i / octet_size];
            const lanes colors(octet, i % octet_size);
            numbers nearest, before;
            find_nearest_candidate(colors.x, state.float_differences.data(), count, nearest, margin);
            load(before, static_cast<const float*>(labels) + i);
            std::uint16_t any_changed;
            reduce_or(any_changed, ~(before == nearest));
            if (any_changed == 0) continue;
            for (std::uint32_t l = 0; l < lanes::count; ++l) {
                const float label = nearest[static_cast<int>(l)];
                if (labels[i + l] == label) continue;
                move_color(octet, i % octet_size + l, frame, found[static_cast<std::ptrdiff_t>(labels[i + l])],
                           found[static_cast<std::ptrdiff_t>(label)]);
            }
            store(labels + i, nearest);
        }
        return margin_of(margin, error);
    }

    static inline void move_color(const octet_type& octet, std::uint32_t lane, const leaf_frame& frame,
                                  candidate_record& from, candidate_record& to) {
        const double weight = octet.weights[lane];
        from.sums[0] -= weight;
        to.sums[0] += weight;
#pragma GCC unroll 4
        for (std::size_t c = 0; c < 3; ++c) {
            const double moment = weight * (frame.corner[c] + coordinate(octet, lane, c));
            from.sums[c + 1] -= moment;
            to.sums[c + 1] += moment;
        }
    }

    /// Finds all labels and sums of a leaf. Floats serve where they hold every sum of weights exactly.
    template <int Bytes>
    [[gnu::always_inline]] static inline double sum_anew(const tree_type& tree, const color_box& leaf,
                                                         const leaf_frame& frame, const filtering_state& state,
                                                         candidate_record* found, std::ptrdiff_t count, double error) {
        found[0].sums = sums_of(leaf);
        const bool is_light = leaf.sums.weight * (frame.max_coordinate + 1) < Form::lane_limit;
        const double margin = !is_light    ? 0
                              : count == 2 ? divide<Bytes>(tree, leaf, frame, state, found, error)
                                           : find_all<float, Bytes>(tree, leaf, frame, state, found, count, error);
        return margin > 0 ? margin : find_all<double, Bytes>(tree, leaf, frame, state, found, count, 0);
    }

    /// What find_all does with two candidates, most leaves that are compared, in half the time. They keep no labels.
    template <int Bytes>
    [[gnu::always_inline]] static inline double divide(const tree_type& tree, const color_box& leaf,
                                                       const leaf_frame& frame, const filtering_state& state,
                                                       candidate_record* found, double error) {
        using lanes = color_lanes<float, Bytes, octet_type>;
        const octet_type* octets = tree.octets.data() + leaf.first;
        const difference_in<float> of = state.float_differences[1];
        typename lanes::numbers margin = typename lanes::numbers{} + 0x1p100F;
        typename lanes::terms sums[4] = {};
        for (std::uint32_t i = 0; i < leaf.count * octet_size; i += lanes::count) {
            const lanes colors(octets[i / octet_size], i % octet_size);
            const auto& x = colors.x;
            typename lanes::numbers difference =
                x[0] * of.slope[0] + (x[1] * of.slope[1] + (x[2] * of.slope[2] + of.at_origin));
            typename lanes::terms weight = {};
            select(difference < typename lanes::numbers{}, weight, colors.weight);
            abs_in_place(difference);
            min_in_place(margin, difference);
            sums[0] += weight;
#pragma GCC unroll 4
            for (int c = 0; c < 3; ++c) sums[c + 1] += weight * colors.term(c);
        }
        const double gap = margin_of(margin, error);
        if (gap > 0) set_sums(found[0], found[1], frame, sums);
        return gap;
    }

    /// Moves the colours that are not nearest to the first candidate from its sums to those of their own. Returns the
    /// smallest gap between the nearest and the second-nearest candidate of a colour, less `error`, by which comparisons
    /// may err; or 0, having moved nothing, if that leaves a comparison undecided. The first pass over the leaf finds
    /// labels; this and another one for each further candidate add up.
    template <class Number, int Bytes>
    [[gnu::always_inline]] static inline double find_all(const tree_type& tree, const color_box& leaf,
                                                         const leaf_frame& frame, const filtering_state& state,
                                                         candidate_record* found, std::ptrdiff_t count, double error) {
        using lanes = color_lanes<Number, Bytes, octet_type>;
        using numbers = typename lanes::numbers;
        using terms = typename lanes::terms;
        const octet_type* octets = tree.octets.data() + leaf.first;
        const difference_in<Number>* differences = state.differences_in<Number>();
        float* labels =
            state.labels.data() + std::size_t{keep_labels(count) ? leaf.first : tree.octet_count} * octet_size;
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
                    store(labels + i, label);
                } else {
                    load(label, static_cast<const float*>(labels) + i);
                    convert(nearest, label);
                }
                terms weight = {};
                select(nearest == numbers{} + static_cast<Number>(t), weight, colors.weight);
                sums[0] += weight;
#pragma GCC unroll 4
                for (int c = 0; c < 3; ++c) sums[c + 1] += weight * colors.term(c);
            }
            if (std::is_same_v<Number, float> && margin_of(margin, error) == 0) return 0;
            set_sums(found[0], found[t], frame, sums);
        }
        return margin_of(margin, error);
    }

    template <class Numbers>
    [[gnu::always_inline]] static inline double margin_of(const Numbers& gaps, double error) {
        return (std::max)(min_lane(gaps) - error, 0.0);
    }

    /// Moves colours from the sums of one candidate to those of another, which had none. `moved` is (weight, three
    /// moments about the corner), still to be summed over the lanes.
    template <class Vector>
    [[gnu::always_inline]] static inline void set_sums(candidate_record& from, candidate_record& to,
                                                       const leaf_frame& frame, const Vector (&moved)[4]) {
        sums_of_lanes(&to.sums[0], moved);
#pragma GCC unroll 4
        for (std::size_t c = 0; c < 3; ++c) to.sums[c + 1] += frame.corner[c] * to.sums[0];
#pragma GCC unroll 4
        for (std::size_t q = 0; q < 4; ++q) from.sums[q] -= to.sums[q];
    }
};

}  // namespace lloyd::inline v0::detail
