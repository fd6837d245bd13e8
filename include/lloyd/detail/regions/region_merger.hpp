// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Small regions merged into their neighbours, the smallest first.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/regions/label_runs.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Regions that grow by merging. No list of neighbours is kept: those of a region are found along its runs. A region is
/// looked at when it is the smallest of all that have a neighbour, and is then at most half of what it becomes a part of.
/// The runs of all but the largest of the regions that become one are given that one's number. So each run is looked at,
/// and renumbered, once for each doubling of its region: in all O(runs · log runs).
template <class = deferred>
class region_merger {
    static constexpr std::ptrdiff_t untouched = -1;

public:
    struct region {
        std::ptrdiff_t area = 0;           ///< 0 once it has become a part of another
        std::ptrdiff_t sides = untouched;  ///< that it shares with the one in question
        std::int32_t label = 0;
        std::int32_t rank = 0;      ///< the lowest number of the regions in it: they are in the order of first pixels
        std::int32_t some_run = 0;  ///< one of its runs; the others follow in a circle of `next`
    };

    /// Of so many regions.
    template <class Label>
    region_merger(label_runs<true>& runs, std::int32_t count, image_view<const Label> labels, bool by_corners)
        : runs_(runs), by_corners_(by_corners), regions_(static_cast<std::size_t>(count)) {
        std::int32_t known = 0;
        for (std::ptrdiff_t y = 0; y < labels.height(); ++y)
            for (auto i = runs.first(y); i < runs.last(y); ++i) {
                const auto run = runs[i];
                if (run.region < 0) continue;
                if (run.region == known)
                    at(run.region) = {
                        .label = labels.row(y)[static_cast<std::size_t>(run.start)], .rank = known++, .some_run = i};
                else
                    (std::swap)(runs.links(i).next, runs.links(at(run.region).some_run).next);
                at(run.region).area += runs[i + 1].start - run.start;
            }
    }

    /// Merges until every region of fewer than min_area pixels has no neighbour. Then the regions of runs are the labels.
    void merge_below(std::ptrdiff_t min_area) {
        for (std::int32_t number = 0; number < std::ssize(regions_); ++number) queue(number, min_area);
        for (auto& level : levels_) {
            std::sort(level.begin(), level.end(), is_before);
            for (const auto& each : level) {
                if (at(each.number).area != each.area) continue;  // it has grown since, or is a part of another
                find_neighbors(each.number);
                if (const auto host = best_neighbor(); host >= 0) queue(paint(each.number, at(host).label), min_area);
            }
        }
        for (std::int32_t i = 0; i < runs_.size(); ++i)
            if (runs_[i].region >= 0) runs_[i].region = at(runs_[i].region).label;
    }

private:
    struct queued {
        std::ptrdiff_t area;
        std::int32_t rank, number;
    };
    static bool is_before(const queued& a, const queued& b) {
        return a.area != b.area ? a.area < b.area : a.rank < b.rank;
    }

    /// Queues a region that is too small. It becomes at least twice as large when it is merged: its next level is later.
    void queue(std::int32_t number, std::ptrdiff_t min_area) {
        const auto& its = at(number);
        if (its.area >= min_area) return;
        const auto level = std::bit_width(static_cast<std::size_t>(its.area)) - 1;
        levels_[static_cast<std::size_t>(level)].push_back({its.area, its.rank, number});
    }

    region& at(std::int32_t number) { return regions_[static_cast<std::size_t>(number)]; }

    void find_neighbors(std::int32_t number) {
        for (const auto neighbor : neighbors_) at(neighbor).sides = untouched;
        neighbors_.clear();
        const auto first = at(number).some_run;
        auto i = first;
        do {
            touch(number, i - 1, 1);
            touch(number, i + 1, 1);
            touch_row(number, i, runs_.links(i).above);
            touch_row(number, i, runs_.links(i).below);
            i = runs_.links(i).next;
        } while (i != first);
    }

    /// `other` is the last of the runs above or below run i that share a side with it.
    void touch_row(std::int32_t number, std::int32_t i, std::int32_t other) {
        const auto start = runs_[i].start, end = runs_[i + 1].start;
        if (by_corners_ && runs_[other + 1].start == end) touch(number, other + 1, 0);
        for (; other > 0; --other) {
            const auto from = runs_[other].start, to = runs_[other + 1].start;
            touch(number, other, (std::min)(end, to) - (std::max)(start, from));
            if (from <= start) break;
        }
        if (by_corners_ && other > 0 && runs_[other].start == start) touch(number, other - 1, 0);
    }

    /// Run i shares so many sides with a region; 0 where they meet at a corner only.
    void touch(std::int32_t number, std::int32_t i, std::ptrdiff_t sides) {
        const auto neighbor = runs_[i].region;
        if (neighbor < 0 || neighbor == number) return;
        if (at(neighbor).sides == untouched) {
            neighbors_.push_back(neighbor);
            at(neighbor).sides = 0;
        }
        at(neighbor).sides += sides;
    }

    /// The neighbour that shares most sides, then the largest, then the first; −1 if none shares a side.
    std::int32_t best_neighbor() {
        std::int32_t best = -1;
        for (const auto one : neighbors_)
            if (at(one).sides > 0 && (best < 0 || is_better(one, best))) best = one;
        return best;
    }

    bool is_better(std::int32_t a, std::int32_t b) {
        const auto &one = at(a), &other = at(b);
        if (one.sides != other.sides) return one.sides > other.sides;
        return one.area != other.area ? one.area > other.area : one.rank < other.rank;
    }

    /// Gives a region a label, and joins it to all neighbours that have it. Returns what it is a part of now.
    std::int32_t paint(std::int32_t number, std::int32_t label) {
        at(number).label = label;
        for (const auto neighbor : neighbors_) {
            if (at(neighbor).label != label) continue;
            const bool is_larger = at(neighbor).area > at(number).area;
            if (is_larger)
                join(number, neighbor), number = neighbor;
            else
                join(neighbor, number);
        }
        return number;
    }

    void join(std::int32_t part, std::int32_t whole) {
        auto &from = at(part), &to = at(whole);
        auto i = from.some_run;
        do {
            runs_[i].region = whole;
            i = runs_.links(i).next;
        } while (i != from.some_run);
        (std::swap)(runs_.links(i).next, runs_.links(to.some_run).next);
        to.rank = (std::min)(to.rank, from.rank);
        to.area += std::exchange(from.area, 0);
    }

    label_runs<true>& runs_;
    bool by_corners_;  ///< whether regions are connected by corners too
    std::vector<region> regions_;
    std::vector<std::int32_t> neighbors_;
    std::array<std::vector<queued>, 63> levels_;  ///< those of 2^i to 2^(i + 1) − 1 pixels that may be too small
};

}  // namespace lloyd::inline v0::detail
