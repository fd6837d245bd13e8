// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What comparing a leaf with its candidates gave. The steps that follow use it until centers have moved too far.
///
/// Let d_t(x) be by how much candidate t is farther from colour x than candidate 0 is (nearest_candidate.hpp): the nearest
/// candidate of each colour follows from these functions alone. The margin of a leaf is the smallest gap between the
/// least and the second-least d_t(x) of a colour. If every d_t has changed by `lowest` to `highest` since then, every gap
/// has changed by at most highest − lowest. While that is below the margin, no label has changed. (A bound as that of
/// Hamerly 2010, for a box instead of a point.)
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/histogram/nearest_candidate.hpp>
#include <lloyd/detail/octree/color_tree.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Σ weight, and Σ weight · x for each coordinate of x.
using weight_and_moments = std::array<double, 4>;

inline weight_and_moments sums_of(const color_box& box) {
    return {box.sums.weight, box.sums.moment[0], box.sums.moment[1], box.sums.moment[2]};
}

/// One candidate of a leaf.
struct alignas(64) candidate_record {
    candidate_difference difference;  ///< from candidate 0
    weight_and_moments sums;          ///< of the leaf's colours that are nearest to it
};

/// One leaf.
struct leaf_record {
    float margin = 0;        ///< rounded down
    std::int32_t count = 0;  ///< of its candidates; 0: nothing is known
    std::int32_t first = 0;  ///< the place of candidate 0 among those of all leaves
    std::int32_t room = 0;   ///< for candidates
};

/// The records of all leaves of a tree that were compared.
class leaf_records {
public:
    leaf_records() = default;
    /// Leaves have up to k candidates.
    template <class Form>
    leaf_records(const basic_color_tree<Form>& tree, std::ptrdiff_t k)
        : capacity_(static_cast<std::int32_t>((std::min)(room_per_leaf(k) * tree.leaves.size(), max_candidates))),
          leaves_(tree.leaves.size(), leaf_record{}),
          candidates_(static_cast<std::size_t>(capacity_ + k)) {}

    /// The record of a leaf, with room for `count` candidates. When all room is taken, the
    /// other leaves share the last k places, and are compared in each step.
    leaf_record& of_leaf(std::size_t leaf_index, std::ptrdiff_t count) {
        leaf_record& record = leaves_[leaf_index];
        if (count <= record.room) return record;
        std::int32_t room = 4;
        while (room < count) room *= 2;
        if (room <= capacity_ - taken_) {
            record = {0, 0, taken_, room};
            taken_ += room;
        } else {
            record = {0, 0, capacity_, 0};
        }
        return record;
    }

    candidate_record* candidates_of(const leaf_record& record) { return candidates_.data() + record.first; }

private:
    static constexpr std::size_t max_candidates = 1 << 17;  ///< 8 MiB

    /// Few centers need little: a first touch of memory costs more than its use.
    static constexpr std::size_t room_per_leaf(std::ptrdiff_t k) {
        return static_cast<std::size_t>((std::min)(4 + k / 16, std::ptrdiff_t{16}));
    }

    std::int32_t capacity_ = 0, taken_ = 0;
    buffer<leaf_record> leaves_;
    buffer<candidate_record> candidates_;
};

/// By how much the differences of a leaf's candidates have changed, and so its gaps.
///
/// `low` and `high` are exact: every sum is the change of d_t at a corner of the leaf, and d_t fits 52 bits there. Only
/// highest − lowest may be rounded, but not to below the margin, which is a float.
struct gap_change {
    double lowest = 0, highest = 0;

    /// Coordinates of colours are 0 to `extent`.
    [[gnu::always_inline]] inline void add(const candidate_difference& before, const candidate_difference& now,
                                           const double (&extent)[3]) {
        double low = now.at_origin - before.at_origin, high = low;
#pragma GCC unroll 4
        for (int c = 0; c < 3; ++c) {
            const double change = (now.slope[c] - before.slope[c]) * extent[c];
            low += (std::min)(change, 0.0);
            high += (std::max)(change, 0.0);
        }
        lowest = (std::min)(lowest, low);
        highest = (std::max)(highest, high);
    }

    /// No gap has changed by more.
    double largest() const { return highest - lowest; }
};

}  // namespace lloyd::inline v0::detail
