// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What seeding.hpp draws seeds from.
#pragma once

#include <cstddef>

#include <lloyd/detail/base/uint128.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Σ weight · D² of some points: an integer where every term is one, otherwise real. The other number is 0.
struct potential {
    uint128 integer{};
    double real = 0;

    friend bool operator==(const potential&, const potential&) = default;
    friend bool operator<(const potential& a, const potential& b) {
        return a.integer < b.integer || (a.integer == b.integer && a.real < b.real);
    }
    potential& operator+=(const potential& other) {
        integer += other.integer;
        real += other.real;
        return *this;
    }
    potential& operator-=(const potential& other) {
        integer -= other.integer;
        real -= other.real;
        return *this;
    }
};

/// Draws points by their part in the potential: the weight before the first seed, weight · D² after it.
class d2_sampler {
public:
    /// The sum over all points, and 0 once no point differs from all seeds.
    virtual potential total() const = 0;
    /// The index of the point whose part holds `number`, 0 ≤ number < total(), when all parts lie end to end.
    virtual std::ptrdiff_t draw(potential number) = 0;
    /// The index of the one of `count` points, each of `channels` coordinates, that would leave the least potential as
    /// a seed; the first on a tie.
    virtual std::ptrdiff_t best_candidate(const double* candidates, std::ptrdiff_t count) = 0;
    /// Lowers every D² to a new seed: after a call of best_candidate, to the point that it chose.
    virtual void add_seed(const double* seed, bool is_first) = 0;
    /// The same for a seed that was not drawn.
    virtual void add_fixed_seed(const double* seed, bool is_first) { add_seed(seed, is_first); }

protected:
    d2_sampler() = default;
    ~d2_sampler() = default;
};

}  // namespace lloyd::inline v0::detail
