// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Hysteresis within words of 64 pixels, and within all words of a row at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <lloyd/detail/canny/bit_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The runs of `within` that hold one of the seeds: from the seeds on upwards to their ends, and at least `Down` − 1 pixels
/// downwards. Words is a word, or a vector of them.
template <int Down, class Words>
[[gnu::always_inline]] inline void fill_runs(Words& seeds, const Words& within) {
    Words filled = seeds & within, runs = within;
    filled = filled | (within & ~(within + filled));  // upwards: the carry of each seed runs to the end of its run
    for (int step = 1; step < Down; step *= 2) {
        filled = filled | (runs & (filled >> step));
        runs = runs & (runs >> step);
    }
    seeds = filled;
}

/// A row of words, with one of no pixel before and behind.
struct propagated_row {
    const pixel_word* weak;
    pixel_word* edges;
    const pixel_word* other;  ///< edges of the row above or below that it grows from; its own, where there is none
    std::ptrdiff_t words;     ///< at least as many as a vector has
    const std::uint16_t* unresolved;  ///< not 0 where one of 16 words may have an open pixel
};

/// Grows the edges of a row within each word, side by side.
struct propagate_kernel {
    static constexpr std::ptrdiff_t min_words = 8;
    static constexpr int min_down = 8;  ///< longer runs are rare, and left to the words that stay open

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

    /// Calls use(i, touched, edges) for the words i, i + 1 … of each vector of a group with an open pixel: those upon an
    /// edge of this row or the other, and these edges, to which it adds what it finds. The last one of a row may be as
    /// many words as it lacks further left: to grow twice changes nothing.
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
    template <class Words, int... Lanes>
    [[gnu::always_inline]] static void append(Words& left, const Words& here, std::integer_sequence<int, Lanes...>) {
        constexpr int last = sizeof...(Lanes) - 1;
        shuffle<(last + Lanes)...>(left, left, here);
    }

    template <int Bytes>
    [[gnu::always_inline]] static void load_both(const propagated_row& row, std::ptrdiff_t i,
                                                 simd<pixel_word, Bytes>& all) {
        simd<pixel_word, Bytes> other;
        load(all, row.edges + i);
        load(other, row.other + i);
        all = all | other;
    }
};

/// The pixels of a row that are weak, no edges, and next to one. Returns whether there are any.
struct unresolved_kernel {
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
