// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How long a gradient is, in lanes of even and of odd columns: see split_loads.hpp. dx and dy are lanes of 16 bits;
/// |dx| + |dy| are as well, dx² + dy² take twice as many, of 32 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Lanes of even columns, and of the odd ones behind them.
template <class Lanes>
struct split_lanes {
    Lanes even, odd;
};

template <class Lanes>
[[gnu::always_inline]] inline void make_positive(split_lanes<Lanes>& target) {
    make_positive(target.even);
    make_positive(target.odd);
}

template <class Lanes>
[[gnu::always_inline]] inline void raise_to(split_lanes<Lanes>& target, const split_lanes<Lanes>& value) {
    raise_to(target.even, value.even);
    raise_to(target.odd, value.odd);
}

/// The first and the second half of lanes of 16 bits, widened to 32.
template <class Lanes>
struct wide_lanes {
    vector<std::int32_t, static_cast<int>(sizeof(Lanes))> first, second;
};

template <class Lanes>
[[gnu::always_inline]] inline void raise_to(wide_lanes<Lanes>& target, const wide_lanes<Lanes>& value) {
    raise_to(target.first, value.first);
    raise_to(target.second, value.second);
}

template <class Lanes>
[[gnu::always_inline]] inline void widen(wide_lanes<Lanes>& wide, const Lanes& lanes) {
    vector<std::int16_t, static_cast<int>(sizeof(Lanes) / 2)> first, second;
    part(first, second, lanes);
    convert(wide.first, first);
    convert(wide.second, second);
}

/// The low 16 bits of each lane.
template <class Lanes, class Wide>
[[gnu::always_inline]] inline void narrow(Lanes& lanes, const Wide& first, const Wide& second) {
    vector<std::remove_cvref_t<decltype(lanes[0])>, static_cast<int>(sizeof(Lanes) / 2)> low, high;
    convert(low, first);
    convert(high, second);
    join(lanes, low, high);
}

/// |dx| + |dy|.
struct sum_of_sizes {
    using number = std::int16_t;
    template <class Lanes>
    using magnitude = Lanes;

    template <class Lanes>
    [[gnu::always_inline]] static void measure(Lanes& magnitude, const Lanes& dx, const Lanes& dy) {
        Lanes other = dy;
        magnitude = dx;
        make_positive(magnitude);
        make_positive(other);
        magnitude = magnitude + other;
    }
    template <class Lanes>
    [[gnu::always_inline]] static void store(number* to, const Lanes& magnitude) {
        detail::store(to, magnitude);
    }
    /// The larger magnitude of each column and some other.
    template <class Lanes>
    [[gnu::always_inline]] static void fold(Lanes& most, const split_lanes<Lanes>& magnitude) {
        most = magnitude.even;
        raise_to(most, magnitude.odd);
    }
    /// Calls assign_where for lanes of 16 bits, where one magnitude is less than the other.
    template <class Lanes>
    [[gnu::always_inline]] static void assign_where_less(const Lanes& one, const Lanes& other, Lanes& target,
                                                         const Lanes& value) {
        assign_where(one < other, target, value);
    }
};

/// dx² + dy².
struct sum_of_squares {
    using number = std::int32_t;
    template <class Lanes>
    using magnitude = wide_lanes<Lanes>;

    template <class Lanes>
    [[gnu::always_inline]] static void measure(wide_lanes<Lanes>& magnitude, const Lanes& dx, const Lanes& dy) {
        wide_lanes<Lanes> x, y;
        widen(x, dx);
        widen(y, dy);
        magnitude.first = x.first * x.first + y.first * y.first;
        magnitude.second = x.second * x.second + y.second * y.second;
    }
    template <class Lanes>
    [[gnu::always_inline]] static void store(number* to, const wide_lanes<Lanes>& magnitude) {
        detail::store(to, magnitude.first);
        detail::store(to + lanes_of<decltype(magnitude.first)>, magnitude.second);
    }
    template <class Wide, class Lanes>
    [[gnu::always_inline]] static void fold(Wide& most, const split_lanes<wide_lanes<Lanes>>& magnitude) {
        wide_lanes<Lanes> all = magnitude.even;
        raise_to(all, magnitude.odd);
        most = all.first;
        raise_to(most, all.second);
    }
    template <class Lanes>
    [[gnu::always_inline]] static void assign_where_less(const wide_lanes<Lanes>& one, const wide_lanes<Lanes>& other,
                                                         Lanes& target, const Lanes& value) {
        decltype(one.first) none{}, yes = ~none, first = none, second = none;
        Lanes less;
        assign_where(one.first < other.first, first, yes);
        assign_where(one.second < other.second, second, yes);
        narrow(less, first, second);
        assign_where(less < Lanes{}, target, value);
    }
};

template <class Norm, class Lanes>
using magnitude_of = typename Norm::template magnitude<Lanes>;

template <class Norm, class Magnitude, class Lanes>
[[gnu::always_inline]] inline void measure(split_lanes<Magnitude>& magnitude, const split_lanes<Lanes>& dx,
                                           const split_lanes<Lanes>& dy) {
    Norm::measure(magnitude.even, dx.even, dy.even);
    Norm::measure(magnitude.odd, dx.odd, dy.odd);
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
