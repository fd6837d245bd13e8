// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// A map of labels as runs, and the regions that these form: run-based labelling with union-find (He, Chao and Suzuki
/// 2008, "A run-based two-scan labeling algorithm").
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/regions/label_edges.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A number of neighbouring pixels of equal labels in a row, as many as there are.
struct label_run {
    std::int32_t start;   ///< its first column
    std::int32_t region;  ///< at first an earlier run that it is connected with, or itself
};

/// The root of runs that are connected is the first of all.
[[gnu::always_inline]] inline std::int32_t root_of(label_run* runs, std::int32_t run) {
    while (runs[run].region != run) run = runs[run].region = runs[runs[run].region].region;
    return run;
}

/// Connects runs of a row with runs above, where bits are set. They are counted by the bits that are set where runs start:
/// `run` and `above` are the last ones before the first bit.
struct connect_kernel {
    static constexpr int max_bytes = 32;

    template <int>
    [[gnu::always_inline]] static void run(label_run* runs, const std::uint64_t* bits, const std::uint64_t* starts,
                                           const std::uint64_t* starts_above, std::ptrdiff_t words, std::int32_t run,
                                           std::int32_t above) {
        for (std::ptrdiff_t i = 0; i < words; ++i) {
            for (auto left = bits[i]; left != 0; left &= left - 1) {
                const auto so_far = left ^ (left - 1);
                connect(runs, run + std::popcount(starts[i] & so_far), above + std::popcount(starts_above[i] & so_far));
            }
            run += std::popcount(starts[i]);
            above += std::popcount(starts_above[i]);
        }
    }

private:
    /// Most runs have no connection before, or the same.
    [[gnu::always_inline]] static void connect(label_run* runs, std::int32_t run, std::int32_t above) {
        auto& its = runs[run].region;
        const auto other = runs[above].region;
        if ((its != run) & (its != other)) {
            const auto a = root_of(runs, run), b = root_of(runs, above);
            runs[(std::max)(a, b)].region = (std::min)(a, b);
        } else {
            its = other;
        }
    }
};

/// Runs are numbered row by row. Run 0 and one behind the last of each row are empty: so run r ends where run r + 1 starts,
/// and has one on either side.
template <class = deferred>
class label_runs {
public:
    /// `who` refuses a map of too many runs.
    label_runs(const char* who, std::ptrdiff_t width, std::ptrdiff_t height)
        : who_(who), width_(width), rows_(static_cast<std::size_t>(height + 1)), runs_(1024) {
        add_empty(0);
        rows_[0] = size_;
    }

    std::int32_t size() const { return size_; }
    label_run& operator[](std::int32_t run) const { return runs_[run]; }

    /// The first run of row y, and the empty one behind its last.
    std::int32_t first(std::ptrdiff_t y) const { return rows_[y]; }
    std::int32_t last(std::ptrdiff_t y) const { return rows_[y + 1] - 1; }

    /// Appends row y, with runs that start where bits are set.
    void add_row(std::ptrdiff_t y, const std::uint64_t* starts) {
        make_room(starts);
        auto* const runs = runs_.data();
        auto run = size_;
        for (std::ptrdiff_t i = 0; i < edge_words_for(width_); ++i)
            for (auto left = starts[i]; left != 0; left &= left - 1, ++run)
                runs[run] = {static_cast<std::int32_t>(i * 64 + std::countr_zero(left)), run};
        size_ = run;
        add_empty(static_cast<std::int32_t>(width_));
        rows_[y + 1] = size_;
    }

    /// Connects runs of the last row, y, with runs above: those that hold the pixels where bits are set, or the runs left
    /// of them by so many. Other bits are set where runs start in these two rows.
    void connect(std::ptrdiff_t y, const std::uint64_t* bits, const std::uint64_t* starts,
                 const std::uint64_t* starts_above, std::int32_t left, std::int32_t left_above) {
        run_kernel<connect_kernel>(runs_.data(), bits, starts, starts_above, edge_words_for(width_),
                                   first(y) - 1 - left, first(y - 1) - 1 - left_above);
    }

    /// At least as many as there are regions, and no more than with those of −1.
    std::size_t most_regions() const {
        std::size_t roots = 0;
        for (std::int32_t run = 0; run < size_; ++run) roots += runs_[run].region == run;
        return roots;
    }

    /// Numbers the regions in the order of their first pixels; runs of −1, and empty ones, get −1. Visits each run of a
    /// region with its number, its row and its label. Throws for labels below −1.
    template <class Label, class Visit>
    void number_regions(image_view<const Label> labels, Visit visit) {
        std::int32_t count = 0;
        runs_[0].region = -1;
        for (std::ptrdiff_t y = 0; y < labels.height(); ++y) {
            const auto* const row = labels.row(y).data();
            for (auto run = first(y); run < last(y); ++run) {
                const std::int32_t label = row[runs_[run].start];
                check_label(who_, label);
                const auto earlier = runs_[run].region, known = runs_[earlier].region;
                // A branch on this would be mispredicted often. Instead it is a mask: all bits, or none.
                const auto is_new = -static_cast<std::int32_t>(earlier == run);
                runs_[run].region = known ^ ((known ^ (label < 0 ? -1 : count)) & is_new);
                count -= is_new & ~(label >> 31);
                if (label >= 0) visit(run, y, label);
            }
            runs_[last(y)].region = -1;
        }
    }

private:
    void add_empty(std::int32_t start) {
        runs_[size_] = {start, size_};
        ++size_;
    }

    /// For the runs of a row, and an empty one.
    void make_room(const std::uint64_t* starts) {
        constexpr std::ptrdiff_t most = (std::numeric_limits<std::int32_t>::max)();
        const auto room = std::ssize(runs_.span());
        if (size_ + width_ < room) return;
        auto needed = std::ptrdiff_t{size_} + 1;
        for (std::ptrdiff_t i = 0; i < edge_words_for(width_); ++i) needed += std::popcount(starts[i]);
        if (needed > most) refuse(who_, ": labels has more than ", most, " runs of equal labels in rows");
        if (needed <= room) return;
        grow(runs_, size_, static_cast<std::size_t>((std::max)(needed, 4 * room)));
    }

    const char* who_;
    std::ptrdiff_t width_;
    std::int32_t size_ = 0;
    buffer<std::int32_t> rows_;  ///< the first run of each row, and how many runs there are
    buffer<label_run> runs_;
};

/// The runs of a map that is not empty, joined to regions by sides, or by corners too.
template <class Label>
label_runs<> find_runs(const char* who, image_view<const Label> labels, bool by_corners) {
    const auto width = labels.width(), words = edge_words_for(width);
    label_runs<> runs(who, width, labels.height());
    buffer<std::uint64_t> memory(static_cast<std::size_t>(3 * words), 0);
    std::uint64_t *starts = memory.data(), *starts_above = starts + words, *const bits = starts + 2 * words;
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y, (std::swap)(starts, starts_above)) {
        const auto* const row = labels.row(y).data();
        mark_changes(row, width, true, starts);
        runs.add_row(y, starts);
        if (y == 0) continue;
        const auto* const above = labels.row(y - 1).data();
        run_kernel<differ_kernel<Label>>(row, above, width, bits);
        for (std::ptrdiff_t i = 0; i < words; ++i) bits[i] = ~bits[i] & (starts[i] | starts_above[i]);
        runs.connect(y, bits, starts, starts_above, 0, 0);
        if (!by_corners) continue;
        for (const int left : {0, 1}) {
            run_kernel<differ_kernel<Label>>(row + 1 - left, above + left, width - 1, bits);
            shift_up(bits, words, true);
            for (std::ptrdiff_t i = 0; i < words; ++i) bits[i] = ~bits[i] & starts[i] & starts_above[i];
            runs.connect(y, bits, starts, starts_above, left, 1 - left);
        }
    }
    return runs;
}

/// Paints the runs of a row with their regions, or what they have instead. The elements between the end of the row and
/// `end` may be overwritten.
template <class T>
struct paint_runs_kernel {
    static constexpr int max_bytes = sizeof(T) == 1 ? 16 : 32;  // most runs are shorter: wider stores take longer

    template <int Bytes>
    [[gnu::always_inline]] static void run(const label_run* runs, std::ptrdiff_t count, T* row, const T* end) {
        constexpr std::ptrdiff_t lanes = Bytes / static_cast<int>(sizeof(T));
        const auto room = end - row - 2 * lanes;
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            std::ptrdiff_t x = runs[i].start;
            const auto next = runs[i + 1].start;
            const auto value = static_cast<T>(runs[i].region);
            simd<T, Bytes> values;
            broadcast(values, value);
            for (; x < next && x <= room; x += 2 * lanes) {
                store(row + x, values);
                store(row + x + lanes, values);
            }
            for (; x < next; ++x) row[x] = value;
        }
    }
};

/// Paints a map of runs.
template <class T>
void paint_runs(const label_runs<>& runs, image_view<T, 1> to) {
    const T* const end = to.data() + to.size();
    for (std::ptrdiff_t y = 0; y < to.height(); ++y)
        run_kernel<paint_runs_kernel<T>>(&runs[runs.first(y)], runs.last(y) - runs.first(y), to.row(y).data(), end);
}

}  // namespace lloyd::inline v0::detail
