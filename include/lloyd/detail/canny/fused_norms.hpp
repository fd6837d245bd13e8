// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The two norms of gradients, in vectors of even and of odd columns (see even_odd_loads.hpp). dx and dy are 16-bit
/// lanes.
/// |dx| + |dy| fits 16 bits too; dx² + dy² takes 32, so two vectors for each of dx.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <lloyd/detail/filter/even_odd_loads.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Lane i of `even` is column x + 2 i, lane i of `odd` column x + 2 i + 1.
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

/// A vector of 16-bit lanes, widened to 32 bits without moving a lane: `first` has lanes 0, 2, 4 …, `second` 1, 3, 5 …
template <class Lanes>
struct wide_lanes {
    simd<std::int32_t, static_cast<int>(sizeof(Lanes))> first, second;
};

template <class Lanes>
[[gnu::always_inline]] inline void max_in_place(wide_lanes<Lanes>& target, const wide_lanes<Lanes>& value) {
    max_in_place(target.first, value.first);
    max_in_place(target.second, value.second);
}

/// Widens a mask of Lanes: lanes of `first` and `second` are set where lanes 0, 2, 4 … and 1, 3, 5 … of `mask` are.
template <class Lanes, class WideMask, class Mask>
[[gnu::always_inline]] inline void widen_mask(WideMask& first, WideMask& second, const Mask& mask) {
    Lanes set{}, all = ~set;
    select(mask, set, all);
    simd<std::int32_t, static_cast<int>(sizeof(Lanes))> pairs, none{};
    std::memcpy(&pairs, &set, sizeof pairs);
    (in_high_half<false> ? first : second) = pairs < none;
    (in_high_half<false> ? second : first) = pairs << 16 < none;
}

/// Narrows two vectors: the low 16 bits of `first` become lanes 0, 2, 4 …, those of `second` lanes 1, 3, 5 …
template <class Lanes, class Wide>
[[gnu::always_inline]] inline void narrow(Lanes& lanes, const Wide& first, const Wide& second) {
    simd<std::uint32_t, static_cast<int>(sizeof(Lanes))> low, high;
    convert(low, in_high_half<false> ? second : first);
    convert(high, in_high_half<false> ? first : second);
    low = (low & std::uint32_t{0xffff}) | (high << 16);
    std::memcpy(&lanes, &low, sizeof lanes);
}

/// |dx| + |dy|.
///
/// A norm has `number`, the type of magnitudes; `phases`, in how many arrays a row of magnitudes is stored (see
/// phased_row); and the functions below.
struct l1_norm {
    using number = std::int16_t;
    static constexpr int phases = 2;
    template <class Lanes>
    using magnitude = Lanes;

    /// The largest magnitude, in the unit of box_gradients, where neither difference of two opposite boxes is larger
    /// than `difference`.
    static constexpr int max_magnitude(int difference) { return difference; }

    template <class Lanes>
    [[gnu::always_inline]] static void measure(Lanes& magnitude, const Lanes& dx, const Lanes& dy) {
        Lanes other = dy;
        magnitude = dx;
        abs_in_place(magnitude);
        abs_in_place(other);
        magnitude = magnitude + other;
    }
    /// Writes the magnitudes of the columns from the even column x on.
    template <class Lanes>
    [[gnu::always_inline]] static void store(const phased_row<number, phases>& to, std::ptrdiff_t x,
                                             const even_odd_lanes<Lanes>& magnitude) {
        detail::store(to.phases[0] + x / 2, magnitude.even);
        detail::store(to.phases[1] + x / 2, magnitude.odd);
    }
    /// maxima = in each lane, the largest of several columns' magnitudes. For "is any above a threshold?".
    template <class Lanes>
    [[gnu::always_inline]] static void fold_max(Lanes& maxima, const even_odd_lanes<Lanes>& magnitude) {
        maxima = magnitude.even;
        max_in_place(maxima, magnitude.odd);
    }
    /// target = value, in the lanes of 16 bits in which one magnitude is less than the other.
    template <class Lanes>
    [[gnu::always_inline]] static void select_where_less(const Lanes& one, const Lanes& other, Lanes& target,
                                                         const Lanes& value) {
        select(one < other, target, value);
    }
};

/// dx² + dy²: see l1_norm.
struct squared_l2_norm {
    using number = std::int32_t;
    static constexpr int phases = 4;  ///< widened vectors have every fourth column
    template <class Lanes>
    using magnitude = wide_lanes<Lanes>;

    static constexpr int max_magnitude(int difference) { return 2 * difference * difference; }

    template <class Lanes>
    [[gnu::always_inline]] static void measure(wide_lanes<Lanes>& magnitude, const Lanes& dx, const Lanes& dy) {
        if constexpr (in_high_half<false>)
            sum_squares(magnitude.second, magnitude.first, dx, dy);
        else
            sum_squares(magnitude.first, magnitude.second, dx, dy);
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

/// A row of magnitudes of any norm, as the bytes of its phases.
struct magnitude_row {
    void* phases[4];

    template <class Norm>
    [[gnu::always_inline]] phased_row<typename Norm::number, Norm::phases> of() const {
        phased_row<typename Norm::number, Norm::phases> row;
        for (int p = 0; p < Norm::phases; ++p) row.phases[p] = static_cast<typename Norm::number*>(phases[p]);
        return row;
    }
};

/// A ring of rows of magnitudes, all 0 at first. A phase takes as many bytes as a row has pixels, in either norm.
class magnitude_rows {
public:
    magnitude_rows(std::ptrdiff_t count, std::ptrdiff_t width, bool squared)
        : phases_(squared ? squared_l2_norm::phases : l1_norm::phases), parts_(phases_ * count, width + 4, 4) {}

    magnitude_row operator()(std::ptrdiff_t i) const {
        magnitude_row row{};
        for (std::ptrdiff_t p = 0; p < phases_; ++p) row.phases[p] = parts_(phases_ * i + p);
        return row;
    }

private:
    std::ptrdiff_t phases_;
    padded_rows<std::uint8_t> parts_;
};

template <class Norm, class Lanes>
using magnitude_of = typename Norm::template magnitude<Lanes>;

template <class Norm, class Magnitude, class Lanes>
[[gnu::always_inline]] inline void measure(even_odd_lanes<Magnitude>& magnitude, const even_odd_lanes<Lanes>& dx,
                                           const even_odd_lanes<Lanes>& dy) {
    Norm::measure(magnitude.even, dx.even, dy.even);
    Norm::measure(magnitude.odd, dx.odd, dy.odd);
}

}  // namespace lloyd::inline v0::detail
