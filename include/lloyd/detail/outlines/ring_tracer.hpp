// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Borders joined to the closed rings around each label.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <lloyd/detail/base/checks.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Each border has two sides: side 2 i is border i as it runs, with its left label on the left, and side 2 i + 1 is the
/// same border walked backwards, with its right label on the left.
template <class Outline, class Border>
class ring_tracer {
public:
    explicit ring_tracer(std::span<const Border> borders)
        : borders_(borders), starts_(2 * borders.size()), first_at_(2 * borders.size()), taken_(2 * borders.size()) {
        for (std::size_t side = 0; side < starts_.size(); ++side) {
            starts_[side] = {place_of(at(side, 0)), side};
            taken_[side] = borders[side / 2].corners.size() == 1;
        }
        std::sort(starts_.begin(), starts_.end());
        for (std::size_t i = 0, first = 0; i < starts_.size(); ++i) {
            if (starts_[i].first != starts_[first].first) first = i;
            const auto [x, y] = at(starts_[i].second, 0);
            if (i - first == 4) refuse("outlines: more than 4 borders end at (", x, ", ", y, "), as in no map");
            first_at_[starts_[i].second] = first;
        }
    }

    std::vector<Outline> trace() {
        std::vector<Outline> outlines = empty_outlines();
        for (std::size_t side = 0; side < taken_.size(); ++side) {
            if (taken_[side] != 0 || label_of(side) < 0) continue;
            auto ring = ring_from(side);
            if (ring.size() < 3) continue;
            const auto found = std::lower_bound(outlines.begin(), outlines.end(), label_of(side),
                                                [](const auto& one, auto label) { return one.label < label; });
            found->rings.push_back(std::move(ring));
        }
        return outlines;
    }

private:
    using ring_type = typename decltype(Outline::rings)::value_type;
    using corner_type = typename ring_type::value_type;

    std::int32_t label_of(std::size_t side) const {
        const auto& border = borders_[side / 2];
        return side % 2 == 0 ? border.left : border.right;
    }

    /// The last corner of a side; a closed one ends where it starts.
    std::size_t last_of(std::size_t side) const {
        const auto& border = borders_[side / 2];
        return border.corners.size() - (border.closed ? 0 : 1);
    }
    corner_type at(std::size_t side, std::size_t i) const {
        const auto& corners = borders_[side / 2].corners;
        if (side % 2 == 1) i = last_of(side) - i;
        return corners[i == corners.size() ? 0 : i];
    }

    /// Orders corners row by row.
    static std::uint64_t place_of(corner_type corner) {
        return std::uint64_t{static_cast<std::uint32_t>(corner.y)} << 32 | static_cast<std::uint32_t>(corner.x);
    }

    std::vector<Outline> empty_outlines() const {
        std::vector<std::int32_t> labels;
        for (std::size_t side = 0; side < taken_.size(); ++side)
            if (label_of(side) >= 0) labels.push_back(label_of(side));
        std::sort(labels.begin(), labels.end());
        labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
        std::vector<Outline> outlines(labels.size());
        for (std::size_t i = 0; i < labels.size(); ++i) outlines[i].label = labels[i];
        return outlines;
    }

    ring_type ring_from(std::size_t first) {
        ring_type ring;
        auto side = first;
        do {
            for (std::size_t i = 0; i < last_of(side); ++i) ring.push_back(at(side, i));
            side = side_after(side);
            taken_[side] = 1;
        } while (side != first);
        return ring;
    }

    /// Where a ring goes on from the end of a side: as far to the left as it can.
    std::size_t side_after(std::size_t side) const {
        const auto end = last_of(side), none = taken_.size();
        const auto here = at(side, end);
        const auto on = between(at(side, end - 1), here);
        auto best = none;
        for (auto i = first_at_[side ^ 1]; i < starts_.size() && starts_[i].first == place_of(here); ++i) {
            const auto other = starts_[i].second;
            if (label_of(other) != label_of(side) || taken_[other] != 0) continue;
            if (best == none || turns_more(on, between(here, at(other, 1)), between(here, at(best, 1)))) best = other;
        }
        if (best == none)
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
    std::vector<std::pair<std::uint64_t, std::size_t>> starts_;  ///< where each side starts, row by row
    std::vector<std::size_t> first_at_;  ///< of each side, the first in starts_ that starts at the same corner
    std::vector<char> taken_;            ///< sides that are in a ring already, and those that are a single corner
};

}  // namespace lloyd::inline v0::detail
