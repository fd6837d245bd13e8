// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Finds the nearest of a few candidates for many colours at once.
///
/// By how much candidate t is farther from x than candidate 0 is linear in x:
///
///     |x − c_t|² − |x − c_0|² = 2 (c_0 − c_t) · x + |c_t|² − |c_0|²
///
/// So each candidate but the first needs four numbers, and each colour three products for it.
#pragma once

#include <cstddef>
#include <type_traits>

#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A candidate's difference from candidate 0: slope · x + at_origin.
template <class Number>
struct difference_in {
    Number slope[3];
    Number at_origin;
};
using candidate_difference = difference_in<double>;

/// nearest = the number of the candidate nearest to x, lane by lane; the first one on a tie. `margin` is lowered to the
/// gap between the least and the second-least difference. differences[t] are those of candidates 1 to count − 1.
template <class Numbers, class Number>
[[gnu::always_inline]] inline void find_nearest_candidate(const Numbers (&x)[3],
                                                          const difference_in<Number>* differences,
                                                          std::ptrdiff_t count, Numbers& nearest, Numbers& margin) {
    Numbers smallest = {}, second = Numbers{} + Number{0x1p100}, candidate = {};
    nearest = Numbers{};
    for (std::ptrdiff_t t = 1; t < count; ++t) {
        const difference_in<Number>& of = differences[t];
        const Numbers difference = x[0] * of.slope[0] + (x[1] * of.slope[1] + (x[2] * of.slope[2] + of.at_origin));
        candidate = candidate + Number{1};
        select(difference < smallest, nearest, candidate);
        Numbers larger = difference;
        max_in_place(larger, smallest);
        min_in_place(smallest, difference);
        min_in_place(second, larger);
    }
    min_in_place(margin, Numbers(second - smallest));
}

}  // namespace lloyd::inline v0::detail
