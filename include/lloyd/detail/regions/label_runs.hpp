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

/// A run is a number of neighbouring pixels of equal labels in a row, as many as there are. Runs are numbered row by row.
/// Run 0 and one behind the last of each row are empty ones: so run r ends where run r + 1 starts, and has one on
/// either side.
template <class = deferred>
class label_runs {
public:
    /// `who` refuses a map of too many runs.
    label_runs(const char* who, std::ptrdiff_t width, std::ptrdiff_t height)
        : who_(who), width_(width), rows_(static_cast<std::size_t>(height + 1)) {
        make_room(1024);
        add_empty(0);
        rows_[0] = size_;
    }

    /// The first run of row y, and the empty one behind its last.
    std::int32_t first(std::ptrdiff_t y) const { return rows_[y]; }
    std::int32_t last(std::ptrdiff_t y) const { return rows_[y + 1] - 1; }
    std::int32_t size() const { return size_; }

    std::int32_t start(std::int32_t run) const { return starts_[run]; }
    const std::int32_t* starts() const { return starts_.data(); }

    /// The last run of the row above that lies over a run, and the last one below it; 0 if there is no such row.
    std::int32_t above(std::int32_t run) const { return above_[run]; }
    std::int32_t below(std::int32_t run) const { return below_[run]; }

    /// Once number_regions has been called: which region the run belongs to, or −1.
    std::int32_t region(std::int32_t run) const { return regions_[run]; }
    const std::int32_t* regions() const { return regions_.data(); }

    /// Appends row y. Bits are set where runs start in this row and in the one above it; where a pixel differs from the
    /// one above; and where a run is connected by a corner to the one above it on the left (`falling`), or the one on
    /// its left to the one above (`rising`).
    void add_row(std::ptrdiff_t y, const std::uint64_t* starts, const std::uint64_t* starts_above,
                 const std::uint64_t* differ, const std::uint64_t* falling, const std::uint64_t* rising) {
        make_room(count_bits(starts) + 1);
        std::int32_t run = size_ - 1, above = y == 0 ? 0 : rows_[y - 1] - 1, root = 0, start = 0;
        for (std::ptrdiff_t i = 0; i < edge_words_for(width_); ++i)
            for (auto events = starts[i] | starts_above[i]; events != 0; events &= events - 1) {
                const auto event = events & (~events + 1);
                const bool starts_here = (starts[i] & event) != 0, is_same = (differ[i] & event) == 0;
                run += starts_here;
                above += (starts_above[i] & event) != 0;
                start = starts_here ? static_cast<std::int32_t>(i * 64 + std::countr_zero(events)) : start;
                root = starts_here ? run : root;
                auto other = regions_[above];
                if (is_same && root != run && root != other) other = root = unite(root, other);
                root = is_same ? other : root;
                starts_[run] = start;
                regions_[run] = root;
                above_[run] = above;
                below_[run] = 0;
                below_[above] = run;
                if (((falling[i] | rising[i]) & event) == 0) continue;
                if ((falling[i] & event) != 0) unite(run, above - 1);
                if ((rising[i] & event) != 0) unite(run - 1, above);
                root = regions_[run];
            }
        size_ = run + 1;
        add_empty(static_cast<std::int32_t>(width_));
        rows_[y + 1] = size_;
    }

    /// Numbers regions in the order of their first pixels, but not those of pixels for which is_nothing(x, y) is true.
    /// Returns how many there are.
    template <class IsNothing>
    std::int32_t number_regions(const IsNothing& is_nothing) {
        std::int32_t count = 0;
        regions_[0] = -1;
        for (std::ptrdiff_t y = 0; y + 1 < std::ssize(rows_.span()); ++y) {
            for (auto run = first(y); run < last(y); ++run)
                regions_[run] = regions_[run] != run          ? regions_[regions_[run]]  // of a run before
                                : is_nothing(starts_[run], y) ? -1
                                                              : count++;
            regions_[last(y)] = -1;
        }
        return count;
    }

private:
    std::int32_t count_bits(const std::uint64_t* bits) const {
        int count = 0;
        for (std::ptrdiff_t i = 0; i < edge_words_for(width_); ++i) count += std::popcount(bits[i]);
        return count;
    }

    void add_empty(std::int32_t start) {
        starts_[size_] = start;
        regions_[size_] = size_;
        above_[size_] = below_[size_] = 0;
        ++size_;
    }

    std::int32_t root_of(std::int32_t run) {
        while (regions_[run] != run) run = regions_[run] = regions_[regions_[run]];
        return run;
    }

    /// The root of the runs that two runs are connected with is the first of all.
    std::int32_t unite(std::int32_t a, std::int32_t b) {
        a = root_of(a);
        b = root_of(b);
        return regions_[(std::max)(a, b)] = (std::min)(a, b);
    }

    void make_room(std::int32_t runs) {
        constexpr std::ptrdiff_t most = (std::numeric_limits<std::int32_t>::max)();
        const auto needed = std::ptrdiff_t{size_} + runs, room = std::ssize(starts_.span());
        if (needed > most) refuse(who_, ": labels has more than ", most, " runs of equal labels in rows");
        if (needed <= room) return;
        for (auto* array : {&starts_, &regions_, &above_, &below_}) {
            buffer<std::int32_t> larger(static_cast<std::size_t>((std::max)(needed, 2 * room)));
            std::copy_n(array->data(), size_, larger.data());
            *array = std::move(larger);
        }
    }

    const char* who_;
    std::ptrdiff_t width_;
    std::int32_t size_ = 0;
    buffer<std::int32_t> rows_;  ///< the first run of each row, and how many runs there are
    buffer<std::int32_t> starts_, above_, below_;
    buffer<std::int32_t> regions_;  ///< at first, an earlier run that a run is connected with, or itself
};

/// The runs of a map that is not empty, joined to regions by sides, or by corners too.
template <class Label>
label_runs<> find_runs(const char* who, image_view<const Label> labels, bool by_corners) {
    const auto width = labels.width(), words = edge_words_for(width);
    label_runs<> runs(who, width, labels.height());
    buffer<std::uint64_t> memory(static_cast<std::size_t>(5 * words), 0);
    std::uint64_t *starts = memory.data(), *starts_above = starts + words, *const differ = starts + 2 * words,
                  *const falling = starts + 3 * words, *const rising = starts + 4 * words;
    for (std::ptrdiff_t y = 0; y < labels.height(); ++y, std::swap(starts, starts_above)) {
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

/// Paints the runs of a row. The elements between the end of the row and `end` may be overwritten.
template <class T>
struct paint_runs_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::int32_t* starts, const T* values, std::ptrdiff_t runs, T* row,
                                           const T* end) {
        constexpr std::ptrdiff_t lanes = Bytes / static_cast<int>(sizeof(T));
        const auto room = end - row - lanes;
        for (std::ptrdiff_t i = 0; i < runs; ++i) {
            std::ptrdiff_t x = starts[i];
            simd<T, Bytes> value;
            broadcast(value, values[i]);
            for (; x < starts[i + 1] && x <= room; x += lanes) store(row + x, value);
            for (; x < starts[i + 1]; ++x) row[x] = values[i];
        }
    }
};

}  // namespace lloyd::inline v0::detail
