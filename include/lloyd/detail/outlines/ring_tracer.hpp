// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Borders joined to the closed rings around each label.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/digit_sort.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Each border has two sides: side 2 i is border i as it runs, with its left label on the left, and side 2 i + 1 is the
/// same border walked backwards, with its right label on the left.
template <class Outline, class Border>
class ring_tracer {
public:
    explicit ring_tracer(std::span<const Border> borders)
        : borders_(borders), next_(2 * borders.size()), taken_(2 * borders.size()) {
        buffer<side_type> sides(taken_.size());
        for (side_type side = 0; side < sides.size(); ++side) {
            sides[side] = side;
            taken_[side] = borders[side / 2].corners.size() == 1;
        }
        const auto row_of = [&](side_type side) { return static_cast<std::uint64_t>(at(side, 0).y); };
        sort_by_digits(sides, sides.size(), row_of);
        buffer<start> row;
        for (std::size_t i = 0, end = 0; i < sides.size(); i = end) {
            for (end = i + 1; end < sides.size() && row_of(sides[end]) == row_of(sides[i]);) ++end;
            link_row(sides.span().subspan(i, end - i), row);
        }
    }

    std::vector<Outline> trace() {
        std::vector<Outline> outlines = empty_outlines();
        for (side_type side = 0; side < taken_.size(); ++side) {
            if (taken_[side] != 0 || label_of(side) < 0) continue;
            find_ring(side);
            if (ring_.size() >= 3) outline_of(label_of(side), outlines).rings.push_back(ring_);
        }
        return outlines;
    }

private:
    using ring_type = typename decltype(Outline::rings)::value_type;
    using corner_type = typename ring_type::value_type;
    using side_type = std::uint32_t;

    struct start {
        std::int32_t x;
        side_type side;
    };

    /// Links sides that start at the same corner of a row. `row` is memory to sort them in.
    void link_row(std::span<const side_type> sides, buffer<start>& row) {
        if (row.size() < sides.size()) row = buffer<start>(2 * sides.size());
        for (std::size_t i = 0; i < sides.size(); ++i) row[i] = {at(sides[i], 0).x, sides[i]};
        sort_by_digits(row, sides.size(), [](const start& one) { return static_cast<std::uint64_t>(one.x); });
        for (std::size_t i = 0, first = 0; i < sides.size(); ++i) {
            if (row[i].x != row[first].x) first = i;
            if (i - first == 4)
                refuse("outlines: more than 4 borders end at (", row[i].x, ", ", at(row[i].side, 0).y,
                       "), as in no map");
            next_[row[i].side] = row[first].side;
            if (i > first) next_[row[i - 1].side] = row[i].side;
        }
    }

    std::int32_t label_of(side_type side) const {
        const auto& border = borders_[side / 2];
        return side % 2 == 0 ? border.left : border.right;
    }

    /// The last corner of a side; a closed one ends where it starts.
    std::size_t last_of(side_type side) const {
        const auto& border = borders_[side / 2];
        return border.corners.size() - (border.closed ? 0 : 1);
    }
    corner_type at(side_type side, std::size_t i) const {
        const auto& corners = borders_[side / 2].corners;
        if (side % 2 == 1) i = last_of(side) - i;
        return corners[i == corners.size() ? 0 : i];
    }

    /// One for each label, in rising order. Most repetitions of labels are not sorted, but found in a small table.
    std::vector<Outline> empty_outlines() const {
        buffer<std::int32_t> labels(taken_.size());
        std::array<std::int32_t, 256> recent;
        recent.fill(-1);
        std::size_t count = 0;
        for (side_type side = 0; side < taken_.size(); ++side) {
            const auto label = label_of(side);
            if (label < 0 || recent[static_cast<std::size_t>(label % 256)] == label) continue;
            labels[count++] = recent[static_cast<std::size_t>(label % 256)] = label;
        }
        sort_by_digits(labels, count, [](std::int32_t label) { return static_cast<std::uint64_t>(label); });
        const auto end = std::unique(labels.begin(), labels.begin() + count);
        std::vector<Outline> outlines(static_cast<std::size_t>(end - labels.begin()));
        for (std::size_t i = 0; i < outlines.size(); ++i) outlines[i].label = labels[i];
        return outlines;
    }

    static Outline& outline_of(std::int32_t label, std::vector<Outline>& outlines) {
        const auto i = static_cast<std::size_t>(label);
        if (i < outlines.size() && outlines[i].label == label) return outlines[i];  // labels are 0, 1, 2 …
        return *std::lower_bound(outlines.begin(), outlines.end(), label,
                                 [](const auto& one, auto wanted) { return one.label < wanted; });
    }

    void find_ring(side_type first) {
        ring_.clear();
        auto side = first;
        do {
            for (std::size_t i = 0; i < last_of(side); ++i) ring_.push_back(at(side, i));
            side = side_after(side);
            taken_[side] = 1;
        } while (side != first);
    }

    /// Where a ring goes on from the end of a side: as far to the left as it can; of equals, the lowest.
    side_type side_after(side_type side) const {
        const auto end = last_of(side);
        const auto here = at(side, end);
        const auto on = between(at(side, end - 1), here);
        auto last = side ^ 1;  // becomes the highest of those that start here
        while (next_[last] > last) last = next_[last];
        bool found = false;
        side_type best = 0, other = last;
        do {
            other = next_[other];
            if (label_of(other) != label_of(side) || taken_[other] != 0) continue;
            if (!found || turns_more(on, between(here, at(other, 1)), between(here, at(best, 1)))) best = other;
            found = true;
        } while (other != last);
        if (!found)
            refuse("outlines: the ring around label ", label_of(side), " does not go on at (", here.x, ", ", here.y,
                   "): a border is missing");
        return best;
    }

    struct direction {
        std::int64_t x, y;
    };
    static direction between(corner_type from, corner_type to) {
        return {std::int64_t{to.x} - from.x, std::int64_t{to.y} - from.y};
    }
    /// Positive where b is to the left of a, on a screen whose y grows downwards.
    static std::int64_t left_turn(direction a, direction b) { return a.y * b.x - a.x * b.y; }

    /// Whether a turns farther to the left than b does, from the direction `on`; back is the farthest.
    static bool turns_more(direction on, direction a, direction b) {
        const auto half = [&](direction to) {  // 1: left or back, 0: straight on, -1: right
            const auto turn = left_turn(on, to);
            return turn > 0 || (turn == 0 && on.x * to.x + on.y * to.y < 0) ? 1 : turn < 0 ? -1 : 0;
        };
        return half(a) != half(b) ? half(a) > half(b) : left_turn(b, a) > 0;
    }

    std::span<const Border> borders_;
    buffer<side_type> next_;   ///< of each side, the next that starts at the same corner; behind the last, the first
    std::vector<char> taken_;  ///< sides that are in a ring already, and those that are a single corner
    ring_type ring_;           ///< the one being followed
};

}  // namespace lloyd::inline v0::detail
