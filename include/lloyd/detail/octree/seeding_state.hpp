// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What k-means++ knows of the tree of colours, given the seeds so far.
///
/// A box whose colours are all nearest to the same seed is closed: its potential, Σ weight · D², follows from its sums.
/// Only boxes where two seeds meet are opened, and only in open leaves does each colour have a D² of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/octree/color_tree.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// What seeding knows of a family of boxes. It is set when their parent is opened.
struct alignas(64) seeded_family {
    packed_color
        owner[octet];    ///< of a closed box: the seed that all of its colours are nearest to; of an open one: −1
    float least[octet];  ///< of an open box: bounds of D²
    float most[octet];
    double potential[octet];  ///< of an open box: Σ weight · D²
};

struct seeded_level {
    buffer<seeded_family> families;
    buffer<std::uint32_t> crossed;  ///< the boxes that the seed looked at now has in part
    std::uint32_t crossed_count = 0;

    packed_color& owner(std::uint32_t box) const { return families.data()[box / octet].owner[box % octet]; }
    bool is_open(std::uint32_t box) const { return owner(box) < 0; }
};

struct seeding_state {
    explicit seeding_state(const color_tree& tree) : nearest(std::size_t{tree.octet_count} * octet) {
        for (std::size_t level = 0; level < levels.size(); ++level) {
            const std::size_t families = tree.levels[level].count;
            levels[level] = {buffer<seeded_family>(families), buffer<std::uint32_t>(families * octet)};
        }
    }

    std::array<seeded_level, color_tree::depth + 1> levels;
    buffer<float> nearest;  ///< D² of each lane of the octets of open leaves

    double potential(const color_tree& tree, std::size_t level, std::uint32_t box) const {
        const packed_color owner = levels[level].owner(box);
        if (owner < 0) return levels[level].families.data()[box / octet].potential[box % octet];
        return tree.box(level, box).sums.potential(color_point(owner));
    }
};

}  // namespace lloyd::inline v0::detail
