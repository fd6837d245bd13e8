// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Lines with fewer corners (Douglas and Peucker 1973, "Algorithms for the reduction of the number of points required to
/// represent a digitized line or its caricature").
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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
        line_ = corners;
        if (closed) line_.push_back(corners.front());
        kept_.assign(line_.size(), 0);
        kept_.front() = kept_.back() = 1;
        const auto last = line_.size() - 1;
        keep_far_corners(0, last);
        if (closed && std::count(kept_.begin(), kept_.end(), 1) == 3) {
            const auto middle = static_cast<std::size_t>(std::find(kept_.begin() + 1, kept_.end(), 1) - kept_.begin());
            const auto before = farthest(0, middle), after = farthest(middle, last);
            const auto& next = before.distance < after.distance ? after : before;
            kept_[next.index] = 1;
        }
        std::vector<Corner> simple;
        for (std::size_t i = 0; i < corners.size(); ++i)
            if (kept_[i] != 0) simple.push_back(corners[i]);
        return simple;
    }

private:
    /// A corner between two others, and its distance from the line segment between these, squared and multiplied by the
    /// square of the segment's length.
    struct candidate {
        std::size_t index = 0;
        uint128 distance;
        std::uint64_t squared_length = 1;  ///< of the segment; 1 where its ends are the same
    };

    void keep_far_corners(std::size_t first, std::size_t last) {
        pending_.push_back({first, last});
        while (!pending_.empty()) {
            const auto [begin, end] = pending_.back();
            pending_.pop_back();
            const auto next = farthest(begin, end);
            if (!is_beyond_tolerance(next)) continue;
            kept_[next.index] = 1;
            pending_.push_back({begin, next.index});
            pending_.push_back({next.index, end});
        }
    }

    bool is_beyond_tolerance(const candidate& one) const {
        return static_cast<double>(one.distance) > tolerance_ * tolerance_ * static_cast<double>(one.squared_length);
    }

    /// Of the corners between two; of equals the one nearest the middle, then the first. Distance 0 if there is none.
    candidate farthest(std::size_t first, std::size_t last) const {
        const Corner a = line_[first], b = line_[last];
        const auto length = dot(a, b, b);
        candidate best;
        best.squared_length = static_cast<std::uint64_t>((std::max)(length, std::int64_t{1}));
        for (auto i = first + 1; i < last; ++i) {
            const Corner p = line_[i];
            const auto along = dot(a, b, p), across = cross(a, b, p);
            const auto distance = along <= 0        ? multiply(squared(a, p), best.squared_length)
                                  : along >= length ? multiply(squared(b, p), best.squared_length)
                                                    : multiply(magnitude(across), magnitude(across));
            const auto off_middle = [&](std::size_t k) { return magnitude(difference(2 * k, first + last)); };
            if (distance > best.distance || (distance == best.distance && off_middle(i) < off_middle(best.index))) {
                best.index = i;
                best.distance = distance;
            }
        }
        return best;
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
