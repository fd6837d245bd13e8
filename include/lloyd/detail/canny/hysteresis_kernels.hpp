// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Kernels of stage 5 of Canny: propagating edges within words of 64 pixels, and within all words of a row at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Extends the seeds to the runs of `within` (set bits in a row) that they lie in: towards higher bits to the end of
/// the run, towards lower bits by at least Down − 1 pixels. Words is a word, or a vector of words, which are separate.
///
///     within   0 1 1 1 1 0 1 1      lowest bit first
///     seeds    0 0 1 0 0 0 0 0
///     result   0 1 1 1 1 0 0 0
template <int Down, class Words>
[[gnu::always_inline]] inline void fill_runs(Words& seeds, const Words& within) {
    Words filled = seeds & within, runs = within;
    filled = filled | (within & ~(within + filled));  // adding a seed clears its run from there on
    for (int step = 1; step < Down; step *= 2) {
        filled = filled | (runs & (filled >> step));
        runs = runs & (runs >> step);
    }
    seeds = filled;
}

/// A row to propagate edges in, with a word of zeros before and behind it.
struct propagated_row {
    const pixel_word* weak;
    pixel_word* edges;
    const pixel_word* other;          ///< edges of the row above or below; its own edges if there is none
    std::ptrdiff_t words;             ///< at least min_words
    const std::uint16_t* unresolved;  ///< not 0 where one of 16 words may have an unresolved pixel: weak but no edge
};

/// Turns weak pixels of a row into edges if they are next to an edge of this row or the other, and with them the weak
/// pixels connected to them within a word. Does so in all words once, without regard to what others become.
struct propagate_kernel {
    static constexpr int max_bytes = 32;
    static constexpr std::ptrdiff_t min_words = 4;  ///< of the longest vector

    /// Pixels to propagate towards lower bits. Longer runs are rare, and their words stay unresolved.
    static constexpr int min_down = 8;

    template <int Bytes>
    [[gnu::always_inline]] static void run(propagated_row row) {
        using words = simd<pixel_word, Bytes>;
        for_each_vector<Bytes>(
            row, [&](std::ptrdiff_t i, words & touched, words & edges) __attribute__((always_inline)) {
                words within, before;
                load(within, row.weak + i);
                load(before, row.edges + i);
                fill_runs<min_down>(touched, within);
                edges = edges | touched;
                touched = touched | before;
                store(row.edges + i, touched);
            });
    }

    /// Calls use(i, touched, edges) for each vector of words i, i + 1 … of the groups with an unresolved pixel.
    /// `touched`: the pixels on or next to an edge of this row or the other. `edges`: the edges of both; use() adds
    /// those it finds. The last vector may overlap the one before: propagating twice changes nothing.
    template <int Bytes, class Use>
    [[gnu::always_inline]] static void for_each_vector(const propagated_row& row, const Use& use) {
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(pixel_word), group = words_in_group;
        constexpr int all_but_one = pixel_word_bits - 1;
        simd<pixel_word, Bytes> here{}, left, right, touched;
        for (std::ptrdiff_t first = 0; first < row.words; first += group) {
            if (row.unresolved[first / group] == 0) {
                if (first + group < row.words) load_both<Bytes>(row, first + group - lanes, here);
                continue;
            }
            for (auto i = first; i < first + group && i < row.words; i += lanes) {
                left = here;
                if (i + lanes <= row.words) {
                    load_both<Bytes>(row, i, here);
                    append(left, here, std::make_integer_sequence<int, static_cast<int>(lanes)>{});
                } else {
                    i = row.words - lanes;
                    load_both<Bytes>(row, i, here);
                    load_both<Bytes>(row, i - 1, left);
                }
                load_both<Bytes>(row, i + 1, right);
                touched = here | here << 1 | here >> 1 | left >> all_but_one | right << all_but_one;
                use(i, touched, here);
            }
        }
    }

private:
    /// left = its last word, and all words of `here` but the last: the words to the left of those of `here`.
    template <class Words, int... Lanes>
    [[gnu::always_inline]] static void append(Words& left, const Words& here, std::integer_sequence<int, Lanes...>) {
        constexpr int last = sizeof...(Lanes) - 1;
        shuffle<(last + Lanes)...>(left, left, here);
    }

    /// The edges of both rows, words i, i + 1 …
    template <int Bytes>
    [[gnu::always_inline]] static void load_both(const propagated_row& row, std::ptrdiff_t i,
                                                 simd<pixel_word, Bytes>& all) {
        simd<pixel_word, Bytes> other;
        load(all, row.edges + i);
        load(other, row.other + i);
        all = all | other;
    }
};

/// Writes, for each group with an unresolved pixel, the unresolved pixels next to an edge of this row or the other.
/// Returns whether there are any.
struct unresolved_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static bool run(propagated_row row, pixel_word* unresolved) {
        using words = simd<pixel_word, Bytes>;
        words any{};
        propagate_kernel::for_each_vector<Bytes>(
            row, [&](std::ptrdiff_t i, words & touched, words&) __attribute__((always_inline)) {
                words within, before;
                load(within, row.weak + i);
                load(before, row.edges + i);
                touched = touched & within & ~before;
                any |= touched;
                store(unresolved + i, touched);
            });
        pixel_word all = 0;
        for (std::size_t i = 0; i < lanes_of<words>; ++i) all |= any[static_cast<std::ptrdiff_t>(i)];
        return all != 0;
    }
};

}  // namespace lloyd::inline v0::detail
