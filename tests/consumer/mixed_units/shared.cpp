// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Functions of one name in both units that are not lloyd's (see docs/start.md): those of the standard library, and the special
// members that aggregates have by themselves. Compiled like the plain unit, but without optimization, so that all of them
// stand here, and linked first.

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <utility>
#include <vector>

#include "handed.hpp"

template class std::vector<double>;
template class std::vector<char>;
template class std::vector<std::array<unsigned long, 2>>;
template class std::vector<std::int32_t>;
template class std::vector<std::uint8_t>;
template class std::vector<std::array<std::uint8_t, 3>>;
template class std::vector<lloyd::region>;
template class std::vector<lloyd::corner>;
template class std::vector<std::vector<lloyd::corner>>;
template class std::vector<lloyd::border>;
template class std::vector<lloyd::outline>;
template class std::vector<lloyd::elbow_point>;
template class std::vector<lloyd::image<double>>;
template class std::vector<lloyd::image<double, 3>>;

void use_special_members(handed&);

void use_special_members(handed& all) {
    handed copy(all), moved(std::move(all));
    all = copy;
    all = std::move(moved);
    lloyd::elbow_result<> any, other(any);  // elbow_sweep has one for a moment
    any = std::move(other);
    std::vector<std::pair<unsigned long, unsigned long>> pairs(99);  // what regions and outlines sort
    std::vector<int> numbers(99);
    std::sort(pairs.begin(), pairs.end());
    std::sort(numbers.begin(), numbers.end());
    std::array<double, 7> rank{}, rank_after{};  // of segments
    if (rank < rank_after) std::swap(rank, rank_after);
}
