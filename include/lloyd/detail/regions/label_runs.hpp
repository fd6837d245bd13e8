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

    /// Appends row y. Bits are set where runs start in this row and in the one above it; where a pixel differs from the
    /// one above; and where a run is connected by a corner to the one above it on the left (`falling`), or the one on
    /// its left to the one above (`rising`).
    void add_row(std::ptrdiff_t y, const std::uint64_t* starts, const std::uint64_t* starts_above,
                 const std::uint64_t* differ, const std::uint64_t* falling, const std::uint64_t* rising) {
        make_room(starts);
        std::int32_t run = size_ - 1, above = y == 0 ? 0 : rows_[y - 1] - 1, root = 0, start = 0;
        for (std::ptrdiff_t i = 0; i < edge_words_for(width_); ++i)
            for (auto events = starts[i] | starts_above[i]; events != 0; events &= events - 1) {
                // Branches on these would be mispredicted often. Instead each is a mask: all bits, or none.
                const int bit = std::countr_zero(events);
                const auto starts_here = mask_of_bit(starts[i], bit), is_same = ~mask_of_bit(differ[i], bit);
                run -= starts_here;
                above -= mask_of_bit(starts_above[i], bit);
                start ^= (start ^ static_cast<std::int32_t>(i * 64 + bit)) & starts_here;
                root ^= (root ^ run) & starts_here;
                auto other = runs_[above].region;
                const auto is_joined = -static_cast<std::int32_t>(root != run);
                if ((is_joined & is_same & (root ^ other)) != 0) other = unite(root, other);  // rare
                root ^= (root ^ other) & is_same;
                runs_[run] = {start, root};
                if (((falling[i] | rising[i]) >> bit & 1) == 0) continue;
                if ((falling[i] >> bit & 1) != 0) unite(run, above - 1);
                if ((rising[i] >> bit & 1) != 0) unite(run - 1, above);
                root = runs_[run].region;
            }
        size_ = run + 1;
        add_empty(static_cast<std::int32_t>(width_));
        rows_[y + 1] = size_;
    }

    /// Numbers the regions in the order of their first pixels; runs of −1, and empty ones, get −1. Returns how many
    /// regions there are. Throws for labels below −1.
    template <class Label>
    std::int32_t number_regions(image_view<const Label> labels) {
        std::int32_t count = 0;
        runs_[0].region = -1;
        for (std::ptrdiff_t y = 0; y < labels.height(); ++y) {
            for (auto run = first(y); run < last(y); ++run) {
                const std::int32_t label = labels.row(y)[static_cast<std::size_t>(runs_[run].start)];
                check_label(who_, label);
                const auto earlier = runs_[run].region, known = runs_[earlier].region;
                const auto is_new = -static_cast<std::int32_t>(earlier == run);  // a mask, as in add_row
                runs_[run].region = known ^ ((known ^ (label < 0 ? -1 : count)) & is_new);
                count -= is_new & ~(label >> 31);
            }
            runs_[last(y)].region = -1;
        }
        return count;
    }

private:
    /// All bits where bit number `bit` is set, otherwise none.
    static std::int32_t mask_of_bit(std::uint64_t bits, int bit) { return -static_cast<std::int32_t>(bits >> bit & 1); }

    void add_empty(std::int32_t start) {
        runs_[size_] = {start, size_};
        ++size_;
    }

    std::int32_t root_of(std::int32_t run) {
        while (runs_[run].region != run) run = runs_[run].region = runs_[runs_[run].region].region;
        return run;
    }

    /// The root of runs that are connected is the first of all.
    std::int32_t unite(std::int32_t a, std::int32_t b) {
        a = root_of(a);
        b = root_of(b);
        return runs_[(std::max)(a, b)].region = (std::min)(a, b);
    }

    /// For the runs of a row, and an empty one.
    void make_room(const std::uint64_t* starts) {
        constexpr std::ptrdiff_t most = (std::numeric_limits<std::int32_t>::max)();
        const auto room = std::ssize(runs_.span());
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
    buffer<std::uint64_t> memory(static_cast<std::size_t>(5 * words), 0);
    std::uint64_t *starts = memory.data(), *starts_above = starts + words, *const differ = starts + 2 * words,
                  *const falling = starts + 3 * words, *const rising = starts + 4 * words;
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y, (std::swap)(starts, starts_above)) {
        const auto* const row = labels.row(y).data();
        const auto* const above = y == 0 ? row : labels.row(y - 1).data();
        mark_changes(row, width, true, starts);
        run_kernel<differ_kernel<Label>>(row, above, width, differ);
        if (by_corners && y > 0) {
            run_kernel<differ_kernel<Label>>(row + 1, above, width - 1, falling);
            run_kernel<differ_kernel<Label>>(row, above + 1, width - 1, rising);
            for (auto* bits : {falling, rising}) {
                shift_up(bits, words, true);
                for (std::ptrdiff_t i = 0; i < words; ++i) bits[i] = ~bits[i] & starts[i] & starts_above[i];
            }
        }
        if (y == 0) std::fill_n(differ, words, ~std::uint64_t{0});
        runs.add_row(y, starts, starts_above, differ, falling, rising);
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
        const auto room = end - row - lanes;
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            std::ptrdiff_t x = runs[i].start;
            const auto next = runs[i + 1].start;
            const auto value = static_cast<T>(runs[i].region);
            simd<T, Bytes> values;
            broadcast(values, value);
            for (; x < next && x <= room; x += lanes) store(row + x, values);
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
