// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 5 of Canny: weak pixels become edges where they touch an edge, over eight neighbours, until nothing changes.
///
/// Pixels are bits, and a word of 64 grows at once, or, where most have weak pixels, all words of a row. One sweep down and
/// one up do nearly all; what they passed too early is kept on a stack of words. Growing only adds, so its end does not
/// depend on the order.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/hysteresis_kernels.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Two bits for each pixel: whether it is at least weak, and whether it is an edge, at first the strong ones.
class edge_map {
    struct stack;

public:
    explicit edge_map(image_view<std::uint8_t, 1> picture)
        : picture_(picture),
          words_(words_for(picture.width())),
          margin_(words_ < propagate_kernel::min_words ? 0 : 1),
          stride_(words_ + 2 * margin_),
          height_(picture.height()),
          groups_((words_ + words_in_group - 1) / words_in_group),
          bits_(static_cast<std::size_t>(2 * stride_ * height_)),
          on_stack_(static_cast<std::size_t>(words_ * height_), 0),
          weak_words_(static_cast<std::size_t>(groups_ * height_), 0),
          unresolved_(static_cast<std::size_t>(groups_ * height_), 0) {}

    pixel_word* weak(std::ptrdiff_t y) const { return bits_.data() + margin_ + y * stride_; }
    pixel_word* edges(std::ptrdiff_t y) const { return weak(y + height_); }

    /// The row of the picture to be fetched while bits of row y are found.
    const std::uint8_t* prefetch_row(std::ptrdiff_t y) const {
        return picture_.row((std::min)(y + 2, height_ - 1)).data();
    }

    /// To be called once words first to last − 1 of row y are written, of which the first begins a group: notes which
    /// have weak pixels, and blanks them all.
    void index_row(std::ptrdiff_t y, std::ptrdiff_t first, std::ptrdiff_t last) {
        const auto begin = first * pixel_word_bits, end = (std::min)(last * pixel_word_bits, picture_.width());
        std::memset(picture_.row(y).data() + begin, 0, static_cast<std::size_t>(end - begin));
        if (margin_ > 0 && last == words_)
            for (pixel_word* row : {weak(y), edges(y)}) row[-1] = row[words_] = 0;
        run_kernel<index_row_kernel>(weak(y), edges(y), first, last, weak_words(y), unresolved(y));
    }

    /// Grows the edges of rows first to last − 1 within these rows.
    void propagate(std::ptrdiff_t first, std::ptrdiff_t last) {
        stack work(first, last);
        if (margin_ > 0 && are_dense(first, last))
            sweep_rows(work);
        else
            sweep_words(work);
        run_stack(work);
    }

    /// Paints row y.
    void write_row(std::ptrdiff_t y) const {
        run_kernel<expand_bits_kernel>(weak_words(y), edges(y), picture_.width(), picture_.row(y).data());
    }

    /// Grows edges across the seams above these rows, and from there wherever they lead.
    void propagate_across(const std::vector<std::ptrdiff_t>& strip_borders) {
        stack work(0, height_);
        for (const auto y : strip_borders)
            for (std::ptrdiff_t i = 0; i < words_; ++i) {
                work.push(*this, y, i, touched_from(y - 1, y - 1, i));
                work.push(*this, y - 1, i, touched_from(y, y, i));
            }
        run_stack(work);
    }

private:
    using word_group = std::uint16_t;

    word_group* weak_words(std::ptrdiff_t y) const { return weak_words_.data() + y * groups_; }
    word_group* unresolved(std::ptrdiff_t y) const { return unresolved_.data() + y * groups_; }

    /// Calls use(i) for each word of row y that has an open pixel, from the left.
    template <class Use>
    void for_each_unresolved(std::ptrdiff_t y, const Use& use) const {
        for (std::ptrdiff_t group = 0; group < groups_; ++group)
            for (unsigned left = unresolved(y)[group]; left != 0; left &= left - 1)
                use(group * words_in_group + std::countr_zero(left));
    }

    /// Words that may grow, each at most once, of rows first to last − 1.
    struct stack {
        stack(std::ptrdiff_t from, std::ptrdiff_t to) : first(from), last(to) {}

        /// Word i of row y, if `touched` are pixels of it next to an edge and one of them is open.
        void push(edge_map& map, std::ptrdiff_t y, std::ptrdiff_t i, pixel_word touched) {
            auto& on_stack = map.on_stack_[static_cast<std::size_t>(y * map.words_ + i)];
            if ((map.unresolved_pixels(y, i) & touched) == 0 || on_stack != 0) return;
            if (words.capacity() == 0) words.reserve(static_cast<std::size_t>((last - first) * map.words_));
            words.push_back(y * map.words_ + i);
            on_stack = 1;
        }
        /// Words around i of row y, next to a row where `grown` is new.
        void push_row(edge_map& map, std::ptrdiff_t y, std::ptrdiff_t i, pixel_word grown) {
            push(map, y, i, grown | grown << 1 | grown >> 1);
            if (i > 0) push(map, y, i - 1, grown << (pixel_word_bits - 1));
            if (i + 1 < map.words_) push(map, y, i + 1, grown >> (pixel_word_bits - 1));
        }

        std::ptrdiff_t first, last;
        std::vector<std::ptrdiff_t> words{};
    };

    /// Weak pixels that are no edges yet.
    pixel_word unresolved_pixels(std::ptrdiff_t y, std::ptrdiff_t i) const { return weak(y)[i] & ~edges(y)[i]; }

    /// Pixels of any word i next to, or upon, an edge of one row or the other.
    pixel_word touched_from(std::ptrdiff_t one, std::ptrdiff_t other, std::ptrdiff_t i) const {
        const pixel_word *a = edges(one) + i, *b = edges(other) + i;
        const pixel_word both = a[0] | b[0];
        pixel_word touched = both | both << 1 | both >> 1;
        if (i > 0) touched |= (a[-1] | b[-1]) >> (pixel_word_bits - 1);
        if (i + 1 < words_) touched |= (a[1] | b[1]) << (pixel_word_bits - 1);
        return touched;
    }

    /// Adds the weak pixels of word i of row y that are connected within the word to an edge next to it, in this row or
    /// in the other; returns what is new.
    pixel_word propagate_word(std::ptrdiff_t y, std::ptrdiff_t i, std::ptrdiff_t other) {
        const pixel_word within = weak(y)[i], before = edges(y)[i], left = within & ~before;
        if (left == 0) return 0;
        pixel_word touched = touched_from(y, other, i);
        if ((touched & left) == 0) return 0;
        fill_runs<pixel_word_bits>(touched, within);
        edges(y)[i] = before | touched;
        if ((left & ~touched) == 0)
            unresolved(y)[i / words_in_group] &= static_cast<word_group>(~(1u << (i % words_in_group)));
        return touched & ~before;
    }

    /// Whether a quarter of the words has weak pixels, by every eighth row.
    bool are_dense(std::ptrdiff_t first, std::ptrdiff_t last) const {
        std::ptrdiff_t found = 0, all = 0;
        for (auto y = first; y < last; y += 8, all += words_)
            for (std::ptrdiff_t group = 0; group < groups_; ++group) found += std::popcount(weak_words(y)[group]);
        return 4 * found > all;
    }

    void sweep_words(stack& work) {
        for (std::ptrdiff_t y = work.first; y < work.last; ++y)
            for_each_unresolved(y, [&](std::ptrdiff_t i) { propagate_word(y, i, y > work.first ? y - 1 : y); });
        for (std::ptrdiff_t y = work.last - 1; y >= work.first; --y)
            for (std::ptrdiff_t group = groups_ - 1; group >= 0; --group)
                for (unsigned left = unresolved(y)[group]; left != 0;) {
                    const auto bit = std::bit_width(left) - 1;
                    left ^= 1u << bit;
                    const auto i = group * words_in_group + bit;
                    const pixel_word grown = propagate_word(y, i, y + 1 < work.last ? y + 1 : y);
                    if (grown == 0) continue;
                    if (y + 1 < work.last) work.push_row(*this, y + 1, i, grown);
                    if (i + 1 < words_) work.push(*this, y, i + 1, grown >> (pixel_word_bits - 1));
                }
    }

    void sweep_rows(stack& work) {
        const auto row = [&](std::ptrdiff_t y, std::ptrdiff_t other) {
            other = std::clamp(other, work.first, work.last - 1);
            return propagated_row{weak(y), edges(y), edges(other), words_, unresolved(y)};
        };
        const buffer<pixel_word> touched(static_cast<std::size_t>(words_));
        const auto push_unresolved = [&](std::ptrdiff_t y) {
            if (run_kernel<unresolved_kernel>(row(y, y - 1), touched.data()))
                for_each_unresolved(y, [&](std::ptrdiff_t i) {
                    if (touched.data()[i] != 0) work.push(*this, y, i, touched.data()[i]);
                });
        };
        for (auto y = work.first; y < work.last; ++y) run_kernel<propagate_kernel>(row(y, y - 1));
        for (auto y = work.last - 1; y >= work.first; --y) {
            run_kernel<propagate_kernel>(row(y, y + 1));
            if (y + 1 < work.last) push_unresolved(y + 1);
        }
        push_unresolved(work.first);
    }

    void run_stack(stack& work) {
        while (!work.words.empty()) {
            const auto top = work.words.back();
            work.words.pop_back();
            on_stack_[static_cast<std::size_t>(top)] = 0;
            const auto y = top / words_, i = top % words_;
            const bool above = y > work.first, below = y + 1 < work.last;
            const pixel_word grown = propagate_word(y, i, above ? y - 1 : y) | propagate_word(y, i, below ? y + 1 : y);
            if (grown == 0) continue;
            if (above) work.push_row(*this, y - 1, i, grown);
            if (below) work.push_row(*this, y + 1, i, grown);
            if (i > 0) work.push(*this, y, i - 1, grown << (pixel_word_bits - 1));
            if (i + 1 < words_) work.push(*this, y, i + 1, grown >> (pixel_word_bits - 1));
        }
    }

    image_view<std::uint8_t, 1> picture_;
    std::ptrdiff_t words_;
    std::ptrdiff_t margin_;  ///< words of no pixel before and behind each row
    std::ptrdiff_t stride_, height_, groups_;
    buffer<pixel_word> bits_;        ///< all weak pixels, then all edges: row by row in turn was slower
    buffer<std::uint8_t> on_stack_;  ///< whether a word is on a stack
    buffer<word_group> weak_words_;  ///< which words have a weak pixel, in a bit for each
    buffer<word_group> unresolved_;  ///< which may have an open one still
};

}  // namespace lloyd::inline v0::detail
