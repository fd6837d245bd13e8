// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stage 5 of Canny, hysteresis: weak pixels become edges if they are connected to an edge over weak pixels, in any of
/// eight directions.
///
/// Edges propagate through 64 pixels at once, the bits of a word, or through all words of a row at once where many have
/// weak pixels. A sweep down and one up find nearly all edges; words that must be visited again go on a stack. Edges
/// are only ever added, so the order does not matter.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/canny/edge_bits.hpp>
#include <lloyd/detail/canny/hysteresis_kernels.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Propagates edges through the bits of an image.
template <class = deferred>
class edge_propagation {
public:
    explicit edge_propagation(edge_bits<>& bits)
        : bits_(bits),
          weak_(bits.weak(0)),
          edges_(bits.edges(0)),
          stride_(bits.stride()),
          words_(bits.words()),
          on_stack_(static_cast<std::size_t>(words_ * bits.height()), 0) {}

    /// Propagates the edges of rows first to last − 1 within these rows. Different threads may work on different
    /// rows.
    void propagate(std::ptrdiff_t first, std::ptrdiff_t last) {
        word_stack stack(first, last);
        if (bits_.has_margins() && many_are_weak(first, last))
            sweep_rows(stack);
        else
            sweep_words(stack);
        run_stack(stack);
    }

    /// Propagates edges across the borders above these rows, and from there through the whole image.
    void propagate_across(const std::vector<std::ptrdiff_t>& strip_borders) {
        word_stack stack(0, bits_.height());
        for (const auto y : strip_borders)
            for (std::ptrdiff_t i = 0; i < words_; ++i) {
                push(stack, y, i, touched_from(y - 1, y - 1, i));
                push(stack, y - 1, i, touched_from(y, y, i));
            }
        run_stack(stack);
    }

private:
    /// Words to visit, each at most once, in rows first to last − 1. Word i of row y has the number y · words_ + i.
    struct word_stack {
        word_stack(std::ptrdiff_t from, std::ptrdiff_t to) : first(from), last(to) {}

        std::ptrdiff_t first, last;
        std::vector<std::ptrdiff_t> numbers{};
    };

    /// Pushes word i of row y if an unresolved pixel of it is among `touched`, its pixels next to an edge.
    void push(word_stack& stack, std::ptrdiff_t y, std::ptrdiff_t i, pixel_word touched) {
        auto& on_stack = on_stack_[y * words_ + i];
        if ((unresolved_pixels(y, i) & touched) == 0 || on_stack != 0) return;
        if (stack.numbers.capacity() == 0)
            stack.numbers.reserve(static_cast<std::size_t>((stack.last - stack.first) * words_));
        stack.numbers.push_back(y * words_ + i);
        on_stack = 1;
    }

    /// Pushes words i − 1, i and i + 1 of row y as far as they are next to `new_edges`, those of word i of the row
    /// above or below.
    void push_three(word_stack& stack, std::ptrdiff_t y, std::ptrdiff_t i, pixel_word new_edges) {
        push(stack, y, i, new_edges | new_edges << 1 | new_edges >> 1);
        if (i > 0) push(stack, y, i - 1, new_edges << (pixel_word_bits - 1));
        if (i + 1 < words_) push(stack, y, i + 1, new_edges >> (pixel_word_bits - 1));
    }

    /// Calls use(i) for each word of row y that may have an unresolved pixel, from left to right.
    template <class Use>
    void for_each_unresolved(std::ptrdiff_t y, const Use& use) const {
        for (std::ptrdiff_t group = 0; group < bits_.groups(); ++group)
            for (unsigned words = bits_.unresolved_words(y)[group]; words != 0; words &= words - 1)
                use(group * words_in_group + std::countr_zero(words));
    }

    pixel_word* weak(std::ptrdiff_t y) const { return weak_ + y * stride_; }
    pixel_word* edges(std::ptrdiff_t y) const { return edges_ + y * stride_; }

    pixel_word unresolved_pixels(std::ptrdiff_t y, std::ptrdiff_t i) const { return weak(y)[i] & ~edges(y)[i]; }

    /// The pixels of any word i that lie on or next to an edge, where only the edges of these two rows count.
    pixel_word touched_from(std::ptrdiff_t one, std::ptrdiff_t other, std::ptrdiff_t i) const {
        const pixel_word *a = edges(one) + i, *b = edges(other) + i;
        const pixel_word both = a[0] | b[0];
        pixel_word touched = both | both << 1 | both >> 1;
        if (i > 0) touched |= (a[-1] | b[-1]) >> (pixel_word_bits - 1);
        if (i + 1 < words_) touched |= (a[1] | b[1]) << (pixel_word_bits - 1);
        return touched;
    }

    /// Turns weak pixels of word i of row y into edges if they are connected, within the word, to a pixel next to an
    /// edge of this row or of `other`, the row above or below. Returns the new edges.
    pixel_word propagate_word(std::ptrdiff_t y, std::ptrdiff_t i, std::ptrdiff_t other) {
        const pixel_word within = weak(y)[i], before = edges(y)[i], unresolved = within & ~before;
        if (unresolved == 0) return 0;
        pixel_word touched = touched_from(y, other, i);
        if ((touched & unresolved) == 0) return 0;
        fill_runs<pixel_word_bits>(touched, within);
        edges(y)[i] = before | touched;
        if ((unresolved & ~touched) == 0)
            bits_.unresolved_words(y)[i / words_in_group] &= static_cast<std::uint16_t>(~(1u << (i % words_in_group)));
        return touched & ~before;
    }

    /// Whether more than a quarter of the words have weak pixels, estimated from every eighth row.
    bool many_are_weak(std::ptrdiff_t first, std::ptrdiff_t last) const {
        std::ptrdiff_t weak = 0, all = 0;
        for (auto y = first; y < last; y += 8, all += words_)
            for (std::ptrdiff_t group = 0; group < bits_.groups(); ++group)
                weak += std::popcount(bits_.weak_words(y)[group]);
        return 4 * weak > all;
    }

    /// Both sweeps, word by word. The sweep up pushes words that a new edge touches and that it has passed already.
    void sweep_words(word_stack& stack) {
        for (std::ptrdiff_t y = stack.first; y < stack.last; ++y)
            for_each_unresolved(y, [&](std::ptrdiff_t i) { propagate_word(y, i, y > stack.first ? y - 1 : y); });
        for (std::ptrdiff_t y = stack.last - 1; y >= stack.first; --y)
            for (std::ptrdiff_t group = bits_.groups() - 1; group >= 0; --group)
                for (unsigned words = bits_.unresolved_words(y)[group]; words != 0;) {
                    const int bit = 31 - std::countl_zero(words);
                    words ^= 1u << bit;
                    const auto i = group * words_in_group + bit;
                    const pixel_word new_edges = propagate_word(y, i, y + 1 < stack.last ? y + 1 : y);
                    if (new_edges == 0) continue;
                    if (y + 1 < stack.last) push_three(stack, y + 1, i, new_edges);
                    if (i + 1 < words_) push(stack, y, i + 1, new_edges >> (pixel_word_bits - 1));
                }
    }

    /// Both sweeps, all words of a row at once. A row's words with unresolved pixels next to an edge are pushed after
    /// the sweep up has passed it and the row above.
    void sweep_rows(word_stack& stack) {
        const auto row = [&](std::ptrdiff_t y, std::ptrdiff_t other) {
            other = std::clamp(other, stack.first, stack.last - 1);
            return propagated_row{weak(y), edges(y), edges(other), words_, bits_.unresolved_words(y)};
        };
        const buffer<pixel_word> touched(static_cast<std::size_t>(words_));
        const auto push_unresolved = [&](std::ptrdiff_t y) {
            if (run_kernel<unresolved_kernel>(row(y, y - 1), touched.data()))
                for_each_unresolved(y, [&](std::ptrdiff_t i) {
                    if (touched[i] != 0) push(stack, y, i, touched[i]);
                });
        };
        for (auto y = stack.first; y < stack.last; ++y) run_kernel<propagate_kernel>(row(y, y - 1));
        for (auto y = stack.last - 1; y >= stack.first; --y) {
            run_kernel<propagate_kernel>(row(y, y + 1));
            if (y + 1 < stack.last) push_unresolved(y + 1);
        }
        push_unresolved(stack.first);
    }

    /// Visits the words of the stack, and those that new edges touch, until none is left.
    void run_stack(word_stack& stack) {
        while (!stack.numbers.empty()) {
            const auto top = stack.numbers.back();
            stack.numbers.pop_back();
            on_stack_[top] = 0;
            const auto y = top / words_, i = top % words_;
            const bool above = y > stack.first, below = y + 1 < stack.last;
            const pixel_word new_edges =
                propagate_word(y, i, above ? y - 1 : y) | propagate_word(y, i, below ? y + 1 : y);
            if (new_edges == 0) continue;
            if (above) push_three(stack, y - 1, i, new_edges);
            if (below) push_three(stack, y + 1, i, new_edges);
            if (i > 0) push(stack, y, i - 1, new_edges << (pixel_word_bits - 1));
            if (i + 1 < words_) push(stack, y, i + 1, new_edges >> (pixel_word_bits - 1));
        }
    }

    edge_bits<>& bits_;
    pixel_word *weak_, *edges_;  ///< row 0 of bits_, copied: one load less in all loops
    std::ptrdiff_t stride_;
    std::ptrdiff_t words_;           ///< of a row
    buffer<std::uint8_t> on_stack_;  ///< whether a word is on a stack
};

}  // namespace lloyd::inline v0::detail
