// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Small regions merged into their neighbours, the smallest first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/regions/label_runs.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Regions that grow by merging. Of regions that became one, the lowest number stands for all: it is the number that
/// find_regions would rank by, that of the first pixel.
///
/// No list of neighbours is kept: those of a region are found along its runs. A region is looked at when it is the
/// smallest of all that have a neighbour, and is then at most half of what it becomes a part of; so each run is looked at
/// once for each doubling of its region, and all of it takes O(runs · log min_area).
template <class = deferred>
class region_merger {
public:
    struct region {
        std::ptrdiff_t area = 0;
        std::int32_t label = 0;
        std::int32_t root = 0;      ///< itself, or a lower region that it became a part of
        std::int32_t some_run = 0;  ///< one of its runs; the others follow in a circle
    };

    /// label_at(x, y) is the label of a pixel.
    template <class LabelAt>
    region_merger(const label_runs<>& runs, std::ptrdiff_t height, std::int32_t count, bool by_corners,
                  const LabelAt& label_at)
        : runs_(runs),
          by_corners_(by_corners),
          regions_(static_cast<std::size_t>(count)),
          next_(static_cast<std::size_t>(runs.size())),
          sides_(static_cast<std::size_t>(count), untouched) {
        std::int32_t known = 0;
        for (std::ptrdiff_t y = 0; y < height; ++y)
            for (auto run = runs.first(y); run < runs.last(y); ++run) {
                const auto number = runs.region(run);
                if (number < 0) continue;
                auto& its = regions_[static_cast<std::size_t>(number)];
                next_[run] = run;
                if (number == known)
                    its = {.label = label_at(runs.start(run), y), .root = known++, .some_run = run};
                else
                    std::swap(next_[run], next_[its.some_run]);
                its.area += runs.start(run + 1) - runs.start(run);
            }
    }

    /// Merges until every region of fewer than min_area pixels has no neighbour.
    void merge_below(std::ptrdiff_t min_area) {
        for (const auto& each : regions_)
            if (each.area < min_area) queue_.push_back({each.area, each.root});
        std::make_heap(queue_.begin(), queue_.end(), is_later);
        while (!queue_.empty()) {
            const auto [area, number] = queue_.front();
            std::pop_heap(queue_.begin(), queue_.end(), is_later);
            queue_.pop_back();
            if (at(number).root != number || at(number).area != area) continue;  // it has grown since
            find_neighbors(number);
            if (const auto host = best_neighbor(); host >= 0) {
                const auto merged = paint(number, at(host).label);
                if (at(merged).area < min_area) {
                    queue_.push_back({at(merged).area, merged});
                    std::push_heap(queue_.begin(), queue_.end(), is_later);
                }
            }
        }
    }

    /// The label of a run that is in a region.
    std::int32_t label_of(std::int32_t run) { return at(root_of(runs_.region(run))).label; }

private:
    struct queued {
        std::ptrdiff_t area;
        std::int32_t number;
    };
    static bool is_later(const queued& a, const queued& b) {
        return a.area != b.area ? a.area > b.area : a.number > b.number;
    }

    static constexpr std::ptrdiff_t untouched = -1;

    region& at(std::int32_t number) { return regions_[static_cast<std::size_t>(number)]; }

    std::int32_t root_of(std::int32_t number) {
        while (at(number).root != number) number = at(number).root = at(at(number).root).root;
        return number;
    }

    void find_neighbors(std::int32_t number) {
        for (const auto neighbor : neighbors_) sides_[neighbor] = untouched;
        neighbors_.clear();
        const auto first = at(number).some_run;
        auto run = first;
        do {
            touch(number, run - 1, 1);
            touch(number, run + 1, 1);
            touch_row(number, run, runs_.above(run));
            touch_row(number, run, runs_.below(run));
            run = next_[run];
        } while (run != first);
    }

    /// `other` is the last of the runs above or below a run that share a side with it.
    void touch_row(std::int32_t number, std::int32_t run, std::int32_t other) {
        const auto start = runs_.start(run), end = runs_.start(run + 1);
        if (by_corners_ && runs_.start(other + 1) == end) touch(number, other + 1, 0);
        for (; other > 0; --other) {
            const auto from = runs_.start(other), to = runs_.start(other + 1);
            touch(number, other, (std::min)(end, to) - (std::max)(start, from));
            if (from <= start) break;
        }
        if (by_corners_ && other > 0 && runs_.start(other) == start) touch(number, other - 1, 0);
    }

    /// A run shares so many sides with a region; 0 where they meet at a corner only.
    void touch(std::int32_t number, std::int32_t run, std::ptrdiff_t sides) {
        if (runs_.region(run) < 0) return;
        const auto neighbor = root_of(runs_.region(run));
        if (neighbor == number) return;
        if (sides_[neighbor] == untouched) {
            neighbors_.push_back(neighbor);
            sides_[neighbor] = 0;
        }
        sides_[neighbor] += sides;
    }

    /// The neighbour that shares most sides, then the largest, then the first; −1 if none shares a side.
    std::int32_t best_neighbor() {
        std::int32_t best = -1;
        for (const auto one : neighbors_)
            if (sides_[one] > 0 && (best < 0 || is_better(one, best))) best = one;
        return best;
    }

    bool is_better(std::int32_t a, std::int32_t b) {
        if (sides_[a] != sides_[b]) return sides_[a] > sides_[b];
        return is_later({at(a).area, b}, {at(b).area, a});
    }

    /// Gives a region a label, and joins it to all neighbours that have it. Returns what stands for them now.
    std::int32_t paint(std::int32_t number, std::int32_t label) {
        at(number).label = label;
        for (const auto neighbor : neighbors_) {
            if (at(neighbor).label != label) continue;
            const auto low = (std::min)(number, neighbor), high = (std::max)(number, neighbor);
            at(low).area += at(high).area;
            at(high).root = low;
            std::swap(next_[at(low).some_run], next_[at(high).some_run]);
            number = low;
        }
        return number;
    }

    const label_runs<>& runs_;
    bool by_corners_;  ///< whether regions are connected by corners too
    std::vector<region> regions_;
    buffer<std::int32_t> next_;     ///< of each run, another one of its region
    buffer<std::ptrdiff_t> sides_;  ///< that each region shares with the one in question
    std::vector<std::int32_t> neighbors_;
    std::vector<queued> queue_;
};

}  // namespace lloyd::inline v0::detail
