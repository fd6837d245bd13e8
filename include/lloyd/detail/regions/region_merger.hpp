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

#include <lloyd/detail/base/open_detail.inc>

/// Regions that grow by merging. Of regions that became one, the lowest number stands for all: their order is still that
/// of the first pixels.
///
/// No list of neighbours is kept: those of a region are found along its runs. A region is looked at when it is the
/// smallest of all that have a neighbour, and is then at most half of what it becomes a part of; so each run is looked at
/// once for each doubling of its region, and all of it takes O(runs · log min_area).
template <class = deferred>
class region_merger {
    static constexpr std::ptrdiff_t untouched = -1;

public:
    struct region {
        std::ptrdiff_t area = 0;
        std::ptrdiff_t sides = untouched;  ///< that it shares with the one in question
        std::int32_t label = 0;
        std::int32_t root = 0;      ///< itself, or a lower region that it became a part of
        std::int32_t some_run = 0;  ///< one of its runs; the others follow in a circle of `next`
    };

    /// label_at(x, y) is the label of a pixel.
    template <class LabelAt>
    region_merger(label_runs<true>& runs, std::ptrdiff_t height, std::int32_t count, bool by_corners,
                  const LabelAt& label_at)
        : runs_(runs), by_corners_(by_corners), regions_(static_cast<std::size_t>(count)) {
        std::int32_t known = 0;
        for (std::ptrdiff_t y = 0; y < height; ++y)
            for (auto i = runs.first(y); i < runs.last(y); ++i) {
                auto& run = runs[i];
                if (run.region < 0) continue;
                if (run.region == known)
                    at(known) = {.label = label_at(run.start, y), .root = known, .some_run = i}, ++known;
                else
                    std::swap(run.next, runs[at(run.region).some_run].next);
                at(run.region).area += runs[i + 1].start - run.start;
            }
    }

    /// Merges until every region of fewer than min_area pixels has no neighbour.
    void merge_below(std::ptrdiff_t min_area) {
        for (const auto& each : regions_)
            if (each.area < min_area) queue(each.root);
        for (auto& level : levels_) {
            std::sort(level.begin(), level.end(), is_before);
            for (const auto& [area, number] : level) {
                if (at(number).root != number || at(number).area != area) continue;  // it has grown since
                find_neighbors(number);
                const auto host = best_neighbor();
                if (host < 0) continue;
                const auto merged = paint(number, at(host).label);
                if (at(merged).area < min_area) queue(merged);
            }
        }
    }

    /// The label of a region of the beginning.
    std::int32_t label_of(std::int32_t number) { return at(root_of(number)).label; }

private:
    struct queued {
        std::ptrdiff_t area;
        std::int32_t number;
    };
    static bool is_before(const queued& a, const queued& b) {
        return a.area != b.area ? a.area < b.area : a.number < b.number;
    }

    /// A region becomes at least twice as large when it is merged: its next level is a later one.
    void queue(std::int32_t number) {
        const auto area = at(number).area;
        levels_[static_cast<std::size_t>(std::bit_width(static_cast<std::size_t>(area)) - 1)].push_back({area, number});
    }

    region& at(std::int32_t number) { return regions_[static_cast<std::size_t>(number)]; }

    std::int32_t root_of(std::int32_t number) {
        while (at(number).root != number) number = at(number).root = at(at(number).root).root;
        return number;
    }

    void find_neighbors(std::int32_t number) {
        for (const auto neighbor : neighbors_) at(neighbor).sides = untouched;
        neighbors_.clear();
        const auto first = at(number).some_run;
        auto i = first;
        do {
            touch(number, i - 1, 1);
            touch(number, i + 1, 1);
            touch_row(number, i, runs_[i].above);
            touch_row(number, i, runs_[i].below);
            i = runs_[i].next;
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
        if (runs_[i].region < 0) return;
        const auto neighbor = root_of(runs_[i].region);
        if (neighbor == number) return;
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
        if (at(a).sides != at(b).sides) return at(a).sides > at(b).sides;
        return is_before({at(b).area, a}, {at(a).area, b});
    }

    /// Gives a region a label, and joins it to all neighbours that have it. Returns what stands for them now.
    std::int32_t paint(std::int32_t number, std::int32_t label) {
        at(number).label = label;
        for (const auto neighbor : neighbors_) {
            if (at(neighbor).label != label) continue;
            const auto low = (std::min)(number, neighbor), high = (std::max)(number, neighbor);
            at(low).area += at(high).area;
            at(high).root = low;
            std::swap(runs_[at(low).some_run].next, runs_[at(high).some_run].next);
            number = low;
        }
        return number;
    }

    label_runs<true>& runs_;
    bool by_corners_;  ///< whether regions are connected by corners too
    std::vector<region> regions_;
    std::vector<std::int32_t> neighbors_;
    std::array<std::vector<queued>, 63> levels_;  ///< those of 2^i to 2^(i + 1) − 1 pixels that may be too small
};

}  // namespace lloyd::inline v0::detail
