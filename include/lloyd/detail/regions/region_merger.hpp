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
#include <lloyd/detail/simd/simd.hpp>
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
    static constexpr std::size_t most_contacts = (std::numeric_limits<std::uint32_t>::max)();
    static constexpr int most_found = 512;  ///< contacts at once
    static constexpr std::size_t own_levels =
        64;  ///< smaller areas have a level each, others one for each power of two

public:
    struct region {
        std::ptrdiff_t area = 0;           ///< 0 once it has become a part of another
        std::ptrdiff_t sides = untouched;  ///< that it shares with the one in question
        std::int32_t label = 0;
        std::int32_t rank = 0;   ///< the lowest number of the regions in it: they are in the order of first pixels
        std::int32_t whole = 0;  ///< what it has become a part of, or itself
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
        find_contacts(by_corners);
        for (auto& level : levels_) {
            if (!std::is_sorted(level.begin(), level.end(), is_before))
                std::sort(level.begin(), level.end(), is_before);
            for (std::size_t i = 0; i < level.size(); ++i) {
                prefetch_ahead(level, i);
                const auto each = level[i];
                if (at(each.number).area != each.area) continue;  // it has grown since, or is a part of another
                find_neighbors(each.number);
                if (const auto host = best_neighbor(); host >= 0) queue(paint(each.number, at(host).label));
            }
        }
        for (std::int32_t i = 0; i < std::ssize(regions_); ++i) at(i).label = at(whole_of(i)).label;
        for (std::int32_t i = 0; i < runs_.size(); ++i)
            if (runs_[i].region >= 0) runs_[i].region = at(runs_[i].region).label;
    }

private:
    /// Of a region with another. The first contact of each region has its number.
    struct contact {
        std::int32_t neighbor;  ///< as it was numbered at first; −1: there is none yet
        std::int32_t sides;     ///< that they share; 0 where they meet at a corner only
        std::uint32_t next;     ///< the next contact of the region
    };
    /// Of two runs that share sides, or a corner.
    struct meeting {
        std::int32_t above, below, sides;
    };
    struct queued {
        std::ptrdiff_t area;
        std::int32_t rank, number;
    };
    static bool is_before(const queued& a, const queued& b) {
        return a.area != b.area ? a.area < b.area : a.rank < b.rank;
    }

    region& at(std::int32_t number) { return regions_[static_cast<std::size_t>(number)]; }

    /// Queues a region that is too small. It becomes at least twice as large when it is merged: its next level is later.
    void queue(std::int32_t number) {
        const auto& its = at(number);
        if (its.area >= min_area_) return;
        const auto area = static_cast<std::size_t>(its.area);
        const auto level = area < own_levels ? area : own_levels + static_cast<std::size_t>(std::bit_width(area));
        levels_[level].push_back({its.area, its.rank, number});
    }

    void find_contacts(bool by_corners) {
        contact_count_ = static_cast<std::uint32_t>(regions_.size());
        contacts_ = buffer<contact>((std::min)(3 * regions_.size() + 1024, most_contacts));
        small_ = buffer<std::uint8_t>(regions_.size() + 1);
        small_[0] = 0;
        for (std::int32_t number = 0; number < std::ssize(regions_); ++number) {
            contacts_[number] = {-1, 0, static_cast<std::uint32_t>(number)};
            small_[number + 1] = at(number).area < min_area_ ? 1 : 0;
            queue(number);
        }
        for (std::ptrdiff_t y = 0; y < height_; ++y) {
            find_in_row(y);
            if (y > 0) find_above(y, by_corners);
        }
    }

    // What matters is first collected without branches, which would be mispredicted often.

    void find_in_row(std::ptrdiff_t y) {
        std::int32_t found[most_found];
        for (auto run = runs_.first(y); run < runs_.last(y);) {
            int count = 0;
            for (const auto end = (std::min)(run + most_found, runs_.last(y)); run < end; ++run) {
                found[count] = run;
                count += is_small(run);
            }
            for (int i = 0; i < count; ++i) {
                const auto left = runs_[found[i] - 1].region, right = runs_[found[i] + 1].region;
                if (left >= 0) append(runs_[found[i]].region, left, left == right ? 2 : 1);
                if (right >= 0 && left != right) append(runs_[found[i]].region, right, 1);
            }
        }
    }

    /// Of the runs of row y with those above.
    void find_above(std::ptrdiff_t y, bool by_corners) {
        meeting found[most_found];
        auto above = runs_.first(y - 1), below = runs_.first(y);
        for (std::int32_t x = 0; below < runs_.last(y);) {
            int count = 0;
            while (count < most_found && below < runs_.last(y)) {
                const auto end_above = runs_[above + 1].start, end_below = runs_[below + 1].start;
                const auto end = (std::min)(end_above, end_below);
                found[count] = {above, below, end - x};
                count += (is_small(above) | is_small(below)) & (runs_[above].region != runs_[below].region);
                x = end;
                above += end_above <= end_below;
                below += end_below <= end_above;
            }
            for (int i = 0; i < count; ++i) add_contacts(found[i]);
        }
        if (by_corners) find_corners(y);
    }

    void find_corners(std::ptrdiff_t y) {
        auto above = runs_.first(y - 1), below = runs_.first(y);
        while (below < runs_.last(y)) {
            const auto end_above = runs_[above + 1].start, end_below = runs_[below + 1].start;
            above += end_above <= end_below;
            below += end_below <= end_above;
            if (end_above != end_below) continue;
            add_contacts({above - 1, below, 0});
            add_contacts({above, below - 1, 0});
        }
    }

    int is_small(std::int32_t run) const { return small_[runs_[run].region + 1]; }

    void add_contacts(const meeting& of) {
        const auto above = runs_[of.above].region, below = runs_[of.below].region;
        if (above == below || above < 0 || below < 0) return;
        if (is_small(of.above)) append(above, below, of.sides);
        if (is_small(of.below)) append(below, above, of.sides);
    }

    /// Most regions have few neighbours. So a contact is added to the first or the last one, if that is with the same
    /// neighbour.
    void append(std::int32_t number, std::int32_t neighbor, std::int32_t sides) {
        constexpr auto most = (std::numeric_limits<std::int32_t>::max)();
        if (contact_count_ == contacts_.size()) make_room();
        auto* const contacts = contacts_.data();
        auto& first = contacts[number];
        const auto last = first.next, count = contact_count_;
        const bool is_first = ((first.neighbor == neighbor) & (first.sides <= most - sides)) | (first.neighbor < 0);
        const bool is_last = (contacts[last].neighbor == neighbor) & (contacts[last].sides <= most - sides);
        const auto old = is_first ? static_cast<std::uint32_t>(number) : last;
        const auto is_new = -static_cast<std::uint32_t>(!(is_first | is_last));
        const auto slot = old ^ ((old ^ count) & is_new);
        contacts[count] = {neighbor, 0, last};
        contacts[slot].neighbor = neighbor;
        contacts[slot].sides += sides;
        first.next = last ^ ((last ^ count) & is_new);
        contact_count_ = count - is_new;
    }

    void make_room() {
        if (contacts_.size() == most_contacts)
            refuse("merge_small_regions: regions below min_area, ", min_area_, ", have more than ", most_contacts,
                   " contacts");
        grow(contacts_, contact_count_, (std::min)(2 * contacts_.size(), most_contacts));
    }

    /// Regions of a level are far apart in memory: without this, most of the time would be spent on waiting for it.
    void prefetch_ahead(const std::vector<queued>& level, std::size_t i) {
        if (i + 16 < level.size()) {
            prefetch(&at(level[i + 16].number));
            prefetch(&contacts_[level[i + 16].number]);
        }
        if (i + 8 < level.size()) {
            const auto& first = contacts_[level[i + 8].number];
            prefetch(&contacts_[first.next]);
            if (first.neighbor >= 0) prefetch(&at(first.neighbor));
        }
    }

    std::int32_t whole_of(std::int32_t number) {
        while (at(number).whole != number) number = at(number).whole = at(at(number).whole).whole;
        return number;
    }

    void find_neighbors(std::int32_t number) {
        for (const auto neighbor : neighbors_) at(neighbor).sides = untouched;
        neighbors_.clear();
        auto i = static_cast<std::uint32_t>(number);
        do {
            const auto [other, sides, next] = contacts_[i];
            i = next;
            if (other < 0) continue;
            const auto neighbor = whole_of(other);
            if (neighbor == number) continue;
            if (at(neighbor).sides == untouched) {
                neighbors_.push_back(neighbor);
                at(neighbor).sides = 0;
            }
            at(neighbor).sides += sides;
        } while (i != static_cast<std::uint32_t>(number));
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
        if (to.area < min_area_) (std::swap)(contacts_[part].next, contacts_[whole].next);
        from.whole = whole;
        to.rank = (std::min)(to.rank, from.rank);
        to.area += std::exchange(from.area, 0);
    }

    label_runs<>& runs_;
    std::ptrdiff_t height_;
    std::ptrdiff_t min_area_ = 0;
    std::vector<region> regions_;
    buffer<std::uint8_t> small_;  ///< 1 for each region that is too small, behind a 0 for pixels of no region
    buffer<contact> contacts_;
    std::uint32_t contact_count_ = 0;
    std::vector<std::int32_t> neighbors_;
    std::array<std::vector<queued>, own_levels + 64> levels_;  ///< of regions that may be too small
};

}  // namespace lloyd::inline v0::detail
