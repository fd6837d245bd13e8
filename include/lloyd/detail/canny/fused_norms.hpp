// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How long a gradient is, in lanes of even and of odd columns: see even_odd_loads.hpp. dx and dy are lanes of 16 bits;
/// |dx| + |dy| are as well, dx² + dy² take twice as many, of 32 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/filter/even_odd_loads.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Lanes of even columns, and of the odd ones behind them.
template <class Lanes>
struct even_odd_lanes {
    Lanes even, odd;
};

template <class Lanes>
[[gnu::always_inline]] inline void abs_in_place(even_odd_lanes<Lanes>& target) {
    abs_in_place(target.even);
    abs_in_place(target.odd);
}

template <class Lanes>
[[gnu::always_inline]] inline void max_in_place(even_odd_lanes<Lanes>& target, const even_odd_lanes<Lanes>& value) {
    max_in_place(target.even, value.even);
    max_in_place(target.odd, value.odd);
}

/// Lanes of 16 bits widened to 32 without moving any: the first of every two, and the second.
template <class Lanes>
struct wide_lanes {
    simd<std::int32_t, static_cast<int>(sizeof(Lanes))> first, second;
};

template <class Lanes>
[[gnu::always_inline]] inline void max_in_place(wide_lanes<Lanes>& target, const wide_lanes<Lanes>& value) {
    max_in_place(target.first, value.first);
    max_in_place(target.second, value.second);
}

template <class Lanes>
[[gnu::always_inline]] inline void widen(wide_lanes<Lanes>& wide, const Lanes& lanes) {
    simd<std::int32_t, static_cast<int>(sizeof(Lanes))> pairs;
    std::memcpy(&pairs, &lanes, sizeof pairs);
    wide.first = in_high_half<false> ? pairs >> 16 : (pairs << 16) >> 16;
    wide.second = in_high_half<false> ? (pairs << 16) >> 16 : pairs >> 16;
}

/// The low 16 bits of the first of every two, and of the second.
template <class Lanes, class Wide>
[[gnu::always_inline]] inline void narrow(Lanes& lanes, const Wide& first, const Wide& second) {
    simd<std::uint32_t, static_cast<int>(sizeof(Lanes))> low, high;
    convert(low, in_high_half<false> ? second : first);
    convert(high, in_high_half<false> ? first : second);
    low = (low & std::uint32_t{0xffff}) | (high << 16);
    std::memcpy(&lanes, &low, sizeof lanes);
}

/// |dx| + |dy|.
struct l1_norm {
    using number = std::int16_t;
    static constexpr int phases = 2;  ///< of rows of magnitudes
    template <class Lanes>
    using magnitude = Lanes;

    /// The largest there is, in the unit of box_gradients, if neither difference of boxes is larger than this.
    static constexpr int max_magnitude(int difference) { return difference; }

    template <class Lanes>
    [[gnu::always_inline]] static void measure(Lanes& magnitude, const Lanes& dx, const Lanes& dy) {
        Lanes other = dy;
        magnitude = dx;
        abs_in_place(magnitude);
        abs_in_place(other);
        magnitude = magnitude + other;
    }
    /// Writes the magnitudes from the even column x on.
    template <class Lanes>
    [[gnu::always_inline]] static void store(const phased_row<number, phases>& to, std::ptrdiff_t x,
                                             const even_odd_lanes<Lanes>& magnitude) {
        detail::store(to.phases[0] + x / 2, magnitude.even);
        detail::store(to.phases[1] + x / 2, magnitude.odd);
    }
    /// The largest magnitudes, each of some columns.
    template <class Lanes>
    [[gnu::always_inline]] static void fold_max(Lanes& maxima, const even_odd_lanes<Lanes>& magnitude) {
        maxima = magnitude.even;
        max_in_place(maxima, magnitude.odd);
    }
    /// Calls select for lanes of 16 bits, where one magnitude is less than the other.
    template <class Lanes>
    [[gnu::always_inline]] static void select_where_less(const Lanes& one, const Lanes& other, Lanes& target,
                                                         const Lanes& value) {
        select(one < other, target, value);
    }
};

/// dx² + dy².
struct squared_l2_norm {
    using number = std::int32_t;
    static constexpr int phases = 4;
    template <class Lanes>
    using magnitude = wide_lanes<Lanes>;

    static constexpr int max_magnitude(int difference) { return 2 * difference * difference; }

    template <class Lanes>
    [[gnu::always_inline]] static void measure(wide_lanes<Lanes>& magnitude, const Lanes& dx, const Lanes& dy) {
        wide_lanes<Lanes> x, y;
        widen(x, dx);
        widen(y, dy);
        magnitude.first = x.first * x.first + y.first * y.first;
        magnitude.second = x.second * x.second + y.second * y.second;
    }
    template <class Lanes>
    [[gnu::always_inline]] static void store(const phased_row<number, phases>& to, std::ptrdiff_t x,
                                             const even_odd_lanes<wide_lanes<Lanes>>& magnitude) {
        detail::store(to.phases[0] + x / 4, magnitude.even.first);
        detail::store(to.phases[1] + x / 4, magnitude.odd.first);
        detail::store(to.phases[2] + x / 4, magnitude.even.second);
        detail::store(to.phases[3] + x / 4, magnitude.odd.second);
    }
    template <class Wide, class Lanes>
    [[gnu::always_inline]] static void fold_max(Wide& maxima, const even_odd_lanes<wide_lanes<Lanes>>& magnitude) {
        wide_lanes<Lanes> all = magnitude.even;
        max_in_place(all, magnitude.odd);
        maxima = all.first;
        max_in_place(maxima, all.second);
    }
    template <class Lanes>
    [[gnu::always_inline]] static void select_where_less(const wide_lanes<Lanes>& one, const wide_lanes<Lanes>& other,
                                                         Lanes& target, const Lanes& value) {
        decltype(one.first) none{}, yes = ~none, first = none, second = none;
        Lanes less;
        select(one.first < other.first, first, yes);
        select(one.second < other.second, second, yes);
        narrow(less, first, second);
        select(less < Lanes{}, target, value);
    }
};

template <class Norm>
using magnitude_row = phased_row<typename Norm::number, Norm::phases>;

template <class Norm>
using magnitude_rows = phased_rows<typename Norm::number, Norm::phases>;

template <class Norm, class Lanes>
using magnitude_of = typename Norm::template magnitude<Lanes>;

template <class Norm, class Magnitude, class Lanes>
[[gnu::always_inline]] inline void measure(even_odd_lanes<Magnitude>& magnitude, const even_odd_lanes<Lanes>& dx,
                                           const even_odd_lanes<Lanes>& dy) {
    Norm::measure(magnitude.even, dx.even, dy.even);
    Norm::measure(magnitude.odd, dx.odd, dy.odd);
}

}  // namespace lloyd::inline v0::detail
