// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The data of one Lloyd step over the octree of colours: the centers, the sums of their clusters, and the boxes that
/// are still to be opened.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/histogram/nearest_candidate.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/leaf_records.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A box with more than one candidate, a center that can be nearest to one of its colours. Its candidates are first to
/// last − 1 of filtering_state::candidates, in rising order.
struct open_box {
    std::uint32_t level;
    std::uint32_t box;
    std::ptrdiff_t first, last;
};

/// Room for one step with k centers; steps follow each other in the same room.
struct filtering_state {
    /// Room for steps over this tree.
    template <class Form>
    filtering_state(const basic_color_tree<Form>& tree, std::ptrdiff_t centers_count) : filtering_state(centers_count) {
        records = leaf_records(tree, k);
        std::uint32_t most_octets = 0;
        for (const leaf_place& place : tree.leaves)
            most_octets = (std::max)(most_octets, tree.box(place.level, place.box).count);
        labels = buffer<float>((std::size_t{tree.octet_count} + most_octets) * octet_size);
    }

    /// Room to label colours only.
    explicit filtering_state(std::ptrdiff_t centers_count)
        : k(centers_count),
          centers(static_cast<std::size_t>(4 * k)),
          float_centers(static_cast<std::size_t>(4 * k)),
          sums(static_cast<std::size_t>(4 * k)),
          candidates(static_cast<std::size_t>(k) * max_lists),
          open_boxes(max_lists),
          scores(static_cast<std::size_t>(k) * max_siblings),
          is_candidate(static_cast<std::size_t>(k) * max_siblings),
          differences(static_cast<std::size_t>(k), candidate_difference{}),
          float_differences(differences.size()) {}

    /// Reads k × `channels` coordinates, which are on the grid of centers and in the range of the tree's.
    void set_centers(const double* from, std::ptrdiff_t channels) const {
        for (std::ptrdiff_t j = 0; j < k; ++j) {
            double* center = centers.data() + 4 * j;
            std::fill_n(center, 4, 0.0);
            for (std::ptrdiff_t c = 0; c < channels; ++c) {
                center[c] = from[j * channels + c];
                center[3] += center[c] * center[c];
            }
            for (std::ptrdiff_t i = 0; i < 4; ++i) float_centers[4 * j + i] = static_cast<float>(center[i]);
        }
    }

    /// Adds colours to the cluster of a center.
    [[gnu::always_inline]] inline void add_sums(std::int32_t center, const weight_and_moments& colors) const {
        double* cluster = sums.data() + std::ptrdiff_t{4} * center;
#pragma GCC unroll 4
        for (std::size_t q = 0; q < 4; ++q) cluster[q] += colors[q];
    }

    /// The differences as doubles or floats.
    template <class Number>
    const difference_in<Number>* differences_in() const {
        if constexpr (std::is_same_v<Number, float>)
            return float_differences.data();
        else
            return differences.data();
    }

    std::ptrdiff_t k;
    buffer<double> centers;             ///< k × (three coordinates, |c|²)
    buffer<float> float_centers;        ///< the same, rounded: of bytes only |c|², by up to 2^-7
    buffer<double> sums;                ///< k × (weight, three moments) of the cluster
    buffer<std::int32_t> candidates;    ///< the lists of open boxes, one after another
    buffer<open_box> open_boxes;        ///< a stack
    buffer<float> scores;               ///< candidates × siblings: of the boxes compared now
    buffer<std::int32_t> is_candidate;  ///< candidates × siblings: all bits set, or 0 where the candidate is pruned
    buffer<candidate_difference> differences;        ///< of the candidates of one leaf from its first
    buffer<difference_in<float>> float_differences;  ///< the same, rounded
    buffer<float> labels;  ///< indexes of candidates: of each place in the octets; then of one leaf that keeps none
    leaf_records records;

    /// The stack has at most the children of one box of each level, and each level may need the list of one box more.
    static constexpr std::size_t max_lists = (max_siblings + 1) * color_tree::depth + 2;
};

}  // namespace lloyd::inline v0::detail
