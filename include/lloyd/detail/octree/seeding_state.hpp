// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The squared distances D² of colours to their nearest seed, as k-means++ over the octree stores them.
///
/// A box whose colours all have the same nearest seed is closed: its potential, Σ weight · D², follows from its sums.
/// Only boxes in which the colours of two seeds meet are open, and only in open leaves has each colour a D² of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/octree/color_tree.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The seeds of a group of siblings. Set when their parent is opened.
struct alignas(64) sibling_seeds {
    packed_color nearest_seed[max_siblings];  ///< of a closed box: of all its colours; of an open box: −1
    float min_d2[max_siblings];               ///< of an open box: no D² is smaller
    float max_d2[max_siblings];               ///< of an open box: no D² is larger
    double potential[max_siblings];           ///< of an open box: Σ weight · D²
};

struct seeding_level {
    buffer<sibling_seeds> seeds;        ///< of each group of siblings
    buffer<std::uint32_t> split_boxes;  ///< boxes in which only some colours are nearer to the current candidate
    std::uint32_t split_count = 0;

    packed_color& nearest_seed(std::uint32_t box) const {
        return seeds[box / max_siblings].nearest_seed[box % max_siblings];
    }
    bool is_open(std::uint32_t box) const { return nearest_seed(box) < 0; }
};

/// A leaf in which only some colours are nearer to the current candidate.
struct split_leaf {
    std::uint32_t level, box;
    double max_gain;  ///< a whole number; the candidate cannot lower the potential of the leaf by more
};

struct seeding_state {
    explicit seeding_state(const color_tree& tree)
        : split_leaves(tree.leaves.size()), d2(std::size_t{tree.octet_count} * octet_size) {
        for (std::size_t level = 0; level < levels.size(); ++level) {
            const std::size_t groups = tree.levels[level].group_count;
            levels[level] = {buffer<sibling_seeds>(groups), buffer<std::uint32_t>(groups * max_siblings)};
        }
    }

    std::array<seeding_level, color_tree::depth + 1> levels;
    buffer<split_leaf> split_leaves;
    std::size_t split_leaf_count = 0;
    buffer<float> d2;  ///< of each place in the octets; set for open leaves

    /// Σ weight · D² of a box.
    double potential(const color_tree& tree, std::size_t level, std::uint32_t box) const {
        const packed_color seed = levels[level].nearest_seed(box);
        if (seed < 0) return levels[level].seeds[box / max_siblings].potential[box % max_siblings];
        return tree.box(level, box).sums.potential(color_point(seed));
    }
};

}  // namespace lloyd::inline v0::detail
