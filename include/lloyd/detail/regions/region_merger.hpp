// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Small regions merged into their neighbours, the smallest first.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/regions/label_runs.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Regions that grow by merging. Only those that are too small need to know their neighbours: each has a list of contacts,
/// a circle, and the circles of regions that become one are joined. What a region has become a part of is found as in
/// union-find. A region is looked at when it is the smallest of all that have a neighbour, and is then at most half of
/// what it becomes a part of: so each contact is looked at once for each doubling of its region, in all
/// O(contacts · log contacts).
template <class = deferred>
class region_merger {
    static constexpr std::ptrdiff_t untouched = -1;
    static constexpr std::size_t own_levels =
        64;  ///< smaller areas have a level each, others one for each power of two

public:
    struct region {
        std::ptrdiff_t area = 0;           ///< 0 once it has become a part of another
        std::ptrdiff_t sides = untouched;  ///< that it shares with the one in question
        std::int32_t label = 0;
        std::int32_t rank = 0;      ///< the lowest number of the regions in it: they are in the order of first pixels
        std::int32_t whole = 0;     ///< what it has become a part of, or itself
        std::uint32_t contact = 0;  ///< one of its contacts; 0: it has none
    };

    template <class Label>
    region_merger(label_runs<>& runs, image_view<const Label> labels) : runs_(runs), height_(labels.height()) {
        regions_.reserve(runs.most_regions());
        runs.number_regions(labels, [&](std::int32_t run, std::ptrdiff_t, std::int32_t label) {
            const auto number = runs[run].region;
            if (number == std::ssize(regions_)) regions_.push_back({.label = label, .rank = number, .whole = number});
            at(number).area += runs[run + 1].start - runs[run].start;
        });
    }

    /// Merges until every region of fewer than min_area pixels has no neighbour. Then the regions of runs are the labels.
    /// Regions may be connected by corners, too.
    void merge_below(std::ptrdiff_t min_area, bool by_corners) {
        min_area_ = min_area;
        for (std::ptrdiff_t y = 0; y < height_; ++y) {
            for (auto i = runs_.first(y) + 1; i < runs_.last(y); ++i) add_contact(i - 1, i, 1);
            if (y > 0) add_contacts(y, by_corners);
        }
        for (std::int32_t number = 0; number < std::ssize(regions_); ++number) queue(number);
        for (auto& level : levels_) {
            if (!std::is_sorted(level.begin(), level.end(), is_before))
                std::sort(level.begin(), level.end(), is_before);
            for (const auto& each : level) {
                if (at(each.number).area != each.area) continue;  // it has grown since, or is a part of another
                find_neighbors(each.number);
                if (const auto host = best_neighbor(); host >= 0) queue(paint(each.number, at(host).label));
            }
        }
        for (std::int32_t i = 0; i < runs_.size(); ++i)
            if (runs_[i].region >= 0) runs_[i].region = at(whole_of(runs_[i].region)).label;
    }

private:
    /// Of a region with another.
    struct contact {
        std::int32_t neighbor;  ///< as it was numbered at first
        std::uint32_t next;     ///< the next contact of the region
        std::int32_t sides;     ///< that they share; 0 where they meet at a corner only
    };
    struct queued {
        std::ptrdiff_t area;
        std::int32_t rank, number;
    };
    static bool is_before(const queued& a, const queued& b) {
        return a.area != b.area ? a.area < b.area : a.rank < b.rank;
    }

    region& at(std::int32_t number) { return regions_[static_cast<std::size_t>(number)]; }

    bool is_small(std::int32_t number) { return at(number).area < min_area_; }

    /// Queues a region that is too small. It becomes at least twice as large when it is merged: its next level is later.
    void queue(std::int32_t number) {
        if (!is_small(number)) return;
        const auto& its = at(number);
        const auto area = static_cast<std::size_t>(its.area);
        const auto level = area < own_levels ? area : own_levels + static_cast<std::size_t>(std::bit_width(area));
        levels_[level].push_back({its.area, its.rank, number});
    }

    /// Of the runs of row y with those above.
    void add_contacts(std::ptrdiff_t y, bool by_corners) {
        auto above = runs_.first(y - 1), below = runs_.first(y);
        const auto last = runs_.last(y);
        for (std::int32_t x = 0; below < last;) {
            const auto end_above = runs_[above + 1].start, end_below = runs_[below + 1].start;
            const auto end = (std::min)(end_above, end_below);
            add_contact(above, below, end - x);
            if (by_corners && end_above == end_below) {
                add_contact(above, below + 1, 0);
                add_contact(above + 1, below, 0);
            }
            x = end;
            above += end_above == end;
            below += end_below == end;
        }
    }

    void add_contact(std::int32_t one_run, std::int32_t other_run, std::int32_t sides) {
        const auto one = runs_[one_run].region, other = runs_[other_run].region;
        if (one == other || one < 0 || other < 0) return;
        if (is_small(one)) append({other, 0, sides}, at(one));
        if (is_small(other)) append({one, 0, sides}, at(other));
    }

    /// Adds to a contact if it is one with the same neighbour.
    static bool add(const contact& added, contact& to) {
        constexpr auto most = (std::numeric_limits<std::int32_t>::max)();
        const bool fits = to.neighbor == added.neighbor && to.sides <= most - added.sides;
        if (fits) to.sides += added.sides;
        return fits;
    }

    /// Most regions have few neighbours. So the last contact and the first are tried before another one is made.
    void append(contact added, region& to) {
        if (to.contact != 0) {
            auto& last = contacts_[to.contact];
            if (add(added, last) || add(added, contacts_[last.next])) return;
        }
        constexpr auto most = (std::numeric_limits<std::uint32_t>::max)();
        if (contact_count_ == most)
            refuse("merge_small_regions: regions below min_area, ", min_area_, ", have more than ", most - 1,
                   " contacts");
        if (contact_count_ == contacts_.size()) grow(contacts_, contact_count_, 4 * contacts_.size());
        const auto number = contact_count_++;
        added.next = number;
        contacts_[number] = added;
        if (to.contact != 0) (std::swap)(contacts_[number].next, contacts_[to.contact].next);
        to.contact = number;
    }

    std::int32_t whole_of(std::int32_t number) {
        while (at(number).whole != number) number = at(number).whole = at(at(number).whole).whole;
        return number;
    }

    void find_neighbors(std::int32_t number) {
        for (const auto neighbor : neighbors_) at(neighbor).sides = untouched;
        neighbors_.clear();
        const auto first = at(number).contact;
        if (first == 0) return;
        auto i = first;
        do {
            const auto [other, next, sides] = contacts_[i];
            i = next;
            const auto neighbor = whole_of(other);
            if (neighbor == number) continue;
            if (at(neighbor).sides == untouched) {
                neighbors_.push_back(neighbor);
                at(neighbor).sides = 0;
            }
            at(neighbor).sides += sides;
        } while (i != first);
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

    /// Contacts of a whole that is not small are not needed any more.
    void join(std::int32_t part, std::int32_t whole) {
        auto &from = at(part), &to = at(whole);
        if (to.area < min_area_) (std::swap)(contacts_[from.contact].next, contacts_[to.contact].next);
        from.whole = whole;
        to.rank = (std::min)(to.rank, from.rank);
        to.area += std::exchange(from.area, 0);
    }

    label_runs<>& runs_;
    std::ptrdiff_t height_;
    std::ptrdiff_t min_area_ = 0;
    std::vector<region> regions_;
    buffer<contact> contacts_{1024};
    std::uint32_t contact_count_ = 1;  ///< number 0 is none
    std::vector<std::int32_t> neighbors_;
    std::array<std::vector<queued>, own_levels + 64> levels_;  ///< of regions that may be too small
};

}  // namespace lloyd::inline v0::detail
