// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Lines with fewer corners (Douglas and Peucker 1973, "Algorithms for the reduction of the number of points required to
/// represent a digitized line or its caricature").
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <lloyd/detail/base/uint128.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Corners have coordinates x and y of 0 to 2^31 − 1. Distances are compared in whole numbers, so ties are ties.
template <class Corner>
class line_simplifier {
public:
    /// A tolerance of 2^33 or more is as good as any: no two corners are so far from each other.
    explicit line_simplifier(double tolerance) : tolerance_((std::min)(tolerance, 0x1p33)) {}

    std::vector<Corner> simplify(const std::vector<Corner>& corners, bool closed) {
        if (!closed && corners.size() == 2) return corners;
        line_ = corners;
        if (closed) line_.push_back(corners.front());
        kept_.assign(line_.size(), 0);
        kept_.front() = kept_.back() = 1;
        const bool is_narrow = std::all_of(line_.begin(), line_.end(), [](Corner c) { return (c.x | c.y) < 1 << 15; });
        if (is_narrow)
            keep_corners<std::uint64_t>(closed);
        else
            keep_corners<uint128>(closed);
        std::vector<Corner> simple;
        simple.reserve(static_cast<std::size_t>(std::count(kept_.begin(), kept_.end(), 1)));
        for (std::size_t i = 0; i < corners.size(); ++i)
            if (kept_[i] != 0) simple.push_back(corners[i]);
        return simple;
    }

private:
    /// A corner between two others, and its distance from the line segment between these, squared and multiplied by the
    /// square of the segment's length. Wide holds fourth powers of coordinates, four times.
    template <class Wide>
    struct candidate {
        std::size_t index = 0;
        Wide distance = 0;
        std::uint64_t squared_length = 1;  ///< of the segment; 1 where its ends are the same
    };

    template <class Wide>
    void keep_corners(bool closed) {
        const auto last = line_.size() - 1;
        keep_far_corners<Wide>(last);
        if (!closed || std::count(kept_.begin(), kept_.end(), 1) != 3) return;
        const auto middle = static_cast<std::size_t>(std::find(kept_.begin() + 1, kept_.end(), 1) - kept_.begin());
        const auto before = farthest<Wide>(0, middle), after = farthest<Wide>(middle, last);
        kept_[before.distance < after.distance ? after.index : before.index] = 1;
    }

    template <class Wide>
    void keep_far_corners(std::size_t last) {
        pending_.push_back({0, last});
        while (!pending_.empty()) {
            const auto [begin, end] = pending_.back();
            pending_.pop_back();
            const auto next = farthest<Wide>(begin, end);
            const auto limit = tolerance_ * tolerance_ * static_cast<double>(next.squared_length);
            if (static_cast<double>(next.distance) <= limit) continue;
            kept_[next.index] = 1;
            pending_.push_back({begin, next.index});
            pending_.push_back({next.index, end});
        }
    }

    /// Of the corners between two; of equals the one nearest the middle, then the first. Distance 0 if there is none.
    template <class Wide>
    candidate<Wide> farthest(std::size_t first, std::size_t last) const {
        const Corner a = line_[first], b = line_[last];
        const auto length = dot(a, b, b);
        const auto off_middle = [&](std::size_t i) { return magnitude(difference(2 * i, first + last)); };
        candidate<Wide> best;
        best.squared_length = static_cast<std::uint64_t>((std::max)(length, std::int64_t{1}));
        for (auto i = first + 1; i < last; ++i) {
            const Corner p = line_[i];
            const auto along = dot(a, b, p);
            const auto across = magnitude(cross(a, b, p));
            const auto distance = along <= 0        ? product<Wide>(squared(a, p), best.squared_length)
                                  : along >= length ? product<Wide>(squared(b, p), best.squared_length)
                                                    : product<Wide>(across, across);
            if (distance > best.distance || (distance == best.distance && off_middle(i) < off_middle(best.index))) {
                best.index = i;
                best.distance = distance;
            }
        }
        return best;
    }

    template <class Wide>
    static Wide product(std::uint64_t a, std::uint64_t b) {
        if constexpr (std::is_same_v<Wide, uint128>)
            return multiply(a, b);
        else
            return a * b;
    }

    static std::int64_t difference(std::size_t a, std::size_t b) {
        return static_cast<std::int64_t>(a) - static_cast<std::int64_t>(b);
    }
    static std::uint64_t magnitude(std::int64_t number) {
        return static_cast<std::uint64_t>(number < 0 ? -number : number);
    }

    /// Of the vectors from a to b and from a to p.
    static std::int64_t dot(Corner a, Corner b, Corner p) {
        return (std::int64_t{b.x} - a.x) * (std::int64_t{p.x} - a.x) +
               (std::int64_t{b.y} - a.y) * (std::int64_t{p.y} - a.y);
    }
    static std::int64_t cross(Corner a, Corner b, Corner p) {
        return (std::int64_t{b.x} - a.x) * (std::int64_t{p.y} - a.y) -
               (std::int64_t{b.y} - a.y) * (std::int64_t{p.x} - a.x);
    }
    static std::uint64_t squared(Corner a, Corner b) { return static_cast<std::uint64_t>(dot(a, b, b)); }

    double tolerance_;
    std::vector<Corner> line_;  ///< a closed one has its first corner at the end again
    std::vector<char> kept_;
    std::vector<std::array<std::size_t, 2>> pending_;  ///< parts that are still to be looked at
};

}  // namespace lloyd::inline v0::detail
