// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The algorithms of std::ranges that the tests call, for emscripten's older libc++, which has only their concepts. The preset
/// `wasm` includes this before each source. Copies return no iterators.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <utility>

#if defined(_LIBCPP_VERSION) && !defined(__cpp_lib_ranges)

namespace std::ranges {  // NOLINT(cert-dcl58-cpp)

template <class A, class B, class Same = std::equal_to<>>
bool equal(const A& a, const B& b, Same same = {}) {
    return std::equal(std::begin(a), std::end(a), std::begin(b), std::end(b), same);
}
template <class From, class Out>
void copy(const From& from, Out to) {
    std::copy(std::begin(from), std::end(from), to);
}
template <class In, class Out>
void copy_n(In from, std::ptrdiff_t count, Out to) {
    std::copy_n(from, count, to);
}
template <class From, class Out>
void reverse_copy(const From& from, Out to) {
    std::reverse_copy(std::begin(from), std::end(from), to);
}
template <class From, class Out, class Function>
void transform(const From& from, Out to, Function function) {
    std::transform(std::begin(from), std::end(from), to, function);
}
template <class A, class B>
void swap_ranges(A&& a, B&& b) {
    std::swap_ranges(std::begin(a), std::end(a), std::begin(b));
}
template <class Range, class Value>
void fill(Range&& range, const Value& value) {
    std::fill(std::begin(range), std::end(range), value);
}
template <class Range, class Less = std::less<>>
void sort(Range&& range, Less less = {}) {
    std::sort(std::begin(range), std::end(range), less);
}
template <class Range, class Less = std::less<>>
bool is_sorted(const Range& range, Less less = {}) {
    return std::is_sorted(std::begin(range), std::end(range), less);
}
template <class Range, class Value>
std::ptrdiff_t count(const Range& range, const Value& value) {
    return std::count(std::begin(range), std::end(range), value);
}
template <class Range, class Holds>
std::ptrdiff_t count_if(const Range& range, Holds holds) {
    return std::count_if(std::begin(range), std::end(range), holds);
}
template <class Range, class Holds>
bool all_of(const Range& range, Holds holds) {
    return std::all_of(std::begin(range), std::end(range), holds);
}
template <class Range, class Holds>
bool none_of(const Range& range, Holds holds) {
    return std::none_of(std::begin(range), std::end(range), holds);
}
template <class Range, class Value>
auto find(Range&& range, const Value& value) {
    return std::find(std::begin(range), std::end(range), value);
}
template <class Range, class Holds>
auto find_if(Range&& range, Holds holds) {
    return std::find_if(std::begin(range), std::end(range), holds);
}
template <class Range, class Same = std::equal_to<>>
auto adjacent_find(Range&& range, Same same = {}) {
    return std::adjacent_find(std::begin(range), std::end(range), same);
}
template <class Range, class Less = std::less<>>
auto max_element(Range&& range, Less less = {}) {
    return std::max_element(std::begin(range), std::end(range), less);
}
template <class Range, class Less = std::less<>>
auto min_element(Range&& range, Less less = {}) {
    return std::min_element(std::begin(range), std::end(range), less);
}
template <class Range, class Less = std::less<>, class Part>
auto min_element(Range&& range, Less less, Part part) {
    return ranges::min_element(range, [&](const auto& a, const auto& b) { return less(part(a), part(b)); });
}
template <class Range>
auto max(const Range& range) {
    return *std::max_element(std::begin(range), std::end(range));
}
template <class Range>
auto min(const Range& range) {
    return *std::min_element(std::begin(range), std::end(range));
}

}  // namespace std::ranges

#endif
